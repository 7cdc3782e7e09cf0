//! A token's permissions, and the accounts they cover.

use std::collections::HashSet;

use crate::platform::{AccountId, CompanionId};

/// What a token may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permissions {
    /// All of them by name.
    pub scopes: Vec<String>,
    /// Those that cover only certain accounts, with these; an empty list covers none.
    pub targets: Vec<(String, Vec<AccountId>)>,
    /// The same for companions.
    pub companions: Vec<(String, Vec<CompanionId>)>,
}

/// Whether a permission covers an account. For several permissions the lowest applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Granted {
    /// It is gone, or covers other accounts.
    No,
    /// It is there, but covers no account at all.
    ForNone,
    /// It does.
    Yes,
}

impl Permissions {
    /// Whether a permission is gone. An answer that lists no permissions says nothing about them.
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

    /// Whether each permission that a companion requires covers it.
    #[must_use]
    pub fn granted_to(&self, companion: &CompanionId) -> Granted {
        let holds = |&scope: &&str| if self.lack(scope) { Granted::No } else { holds_for(&self.companions, scope, companion) };
        companion.kind().scopes.iter().map(holds).min().unwrap_or(Granted::Yes)
    }

    /// The accounts that are named, each once, in order.
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
