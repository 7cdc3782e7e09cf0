//! What another store holds, as a page offers it to be moved: one by one.

use super::{link::Link, name::or_else};
use crate::{facts::Offer, platform::AccountKind, texts::Words};

/// An entry in a list of offers.
pub(super) struct OfferEntry {
    pub(super) name: String,
    /// What is to be said of one that only its number is known of.
    pub(super) about: Option<&'static str>,
    pub(super) way: Link,
}

impl OfferEntry {
    /// Each of these accounts.
    pub(super) fn all(words: &Words, kind: &AccountKind, offers: &[Offer]) -> Vec<Self> {
        let unknown = words.of(kind).starting.unknown;
        let entry = |offer: &Offer| Self {
            name: or_else(offer.name.as_deref(), &offer.id),
            about: offer.name.is_none().then_some(unknown),
            way: Link::new(words, offer.next.clone()),
        };
        offers.iter().map(entry).collect()
    }
}
