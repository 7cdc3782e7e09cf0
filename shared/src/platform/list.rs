//! Lists of platforms.

use std::fmt;

use crate::metrics::Metric;

use super::id::{AccountId, GrantId};
use super::kind::{AccountKind, CompanionKind, GrantKind, Platform};

/// A list of platforms.
#[derive(Clone, Copy)]
pub struct Platforms(pub &'static [&'static Platform]);

impl Platforms {
    /// The platform with this name.
    #[must_use]
    pub fn named(self, name: &str) -> Option<&'static Platform> {
        self.0.iter().copied().find(|platform| platform.name == name)
    }

    /// All kinds of accounts.
    pub fn accounts(self) -> impl Iterator<Item = &'static AccountKind> {
        self.0.iter().filter_map(|platform| platform.account)
    }

    /// All kinds of companions.
    pub fn companions(self) -> impl Iterator<Item = &'static CompanionKind> {
        self.accounts().filter_map(|kind| kind.companion)
    }

    /// All kinds of grants.
    pub fn grants(self) -> impl Iterator<Item = &'static GrantKind> {
        self.0.iter().filter_map(|platform| platform.grant)
    }

    /// All metrics.
    pub fn metrics(self) -> impl Iterator<Item = Metric> {
        self.0.iter().flat_map(|platform| platform.metrics.all())
    }

    /// The account with this key: `KEY#ID`.
    #[must_use]
    pub fn account_at(self, place: &str) -> Option<AccountId> {
        let (key, id) = place.split_once('#')?;
        AccountId::parse(self.accounts().find(|kind| kind.key == key)?, id)
    }

    /// The grant with this key: `KEY#ID`.
    #[must_use]
    pub fn grant_at(self, place: &str) -> Option<GrantId> {
        let (key, id) = place.split_once('#')?;
        GrantId::parse(self.grants().find(|kind| kind.key == key)?, id)
    }
}

impl fmt::Debug for Platforms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
