//! The permissions of a token, and the accounts they cover.

use std::collections::HashSet;

use crate::platform::{AccountId, CompanionId};

/// What a token may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// All permissions by name.
    pub scopes: Vec<String>,
    /// Permissions limited to certain accounts, with these; without any they cover none.
    pub targets: Vec<(String, Vec<AccountId>)>,
    /// The same for companions.
    pub companions: Vec<(String, Vec<CompanionId>)>,
}

/// Whether a permission holds for an account.
///
/// The minimum of several applies to all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Granted {
    /// It is gone, or covers other accounts.
    No,
    /// It exists, but covers no account at all.
    ForNone,
    /// It does.
    Yes,
}

impl Permissions {
    /// Whether a permission is gone. An answer without any permissions is inconclusive.
    #[must_use]
    pub fn lack(&self, scope: &str) -> bool {
        !self.scopes.is_empty() && !self.scopes.iter().any(|granted| granted == scope)
    }

    /// Whether a permission covers an account.
    #[must_use]
    pub fn granted(&self, scope: &str, account: &AccountId) -> Granted {
        if self.lack(scope) {
            return Granted::No;
        }
        holds_for(&self.targets, scope, account)
    }

    /// Whether every permission it needs covers a companion.
    #[must_use]
    pub fn granted_to(&self, companion: &CompanionId) -> Granted {
        let holds = |&scope: &&str| if self.lack(scope) { Granted::No } else { holds_for(&self.companions, scope, companion) };
        companion.kind().scopes.iter().map(holds).min().unwrap_or(Granted::Yes)
    }

    /// The named accounts, each once, in order.
    #[must_use]
    pub fn accounts(&self) -> Vec<AccountId> {
        let mut seen = HashSet::new();
        let named = self.targets.iter().flat_map(|(_, accounts)| accounts);
        named.filter(|id| seen.insert(*id)).cloned().collect()
    }
}

fn holds_for<T: PartialEq>(limited: &[(String, Vec<T>)], scope: &str, id: &T) -> Granted {
    match limited.iter().find(|(limited, _)| limited == scope).map(|(_, ids)| ids.as_slice()) {
        None => Granted::Yes,
        Some([]) => Granted::ForNone,
        Some(ids) if ids.contains(id) => Granted::Yes,
        Some(_) => Granted::No,
    }
}
