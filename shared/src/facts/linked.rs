//! The state of links, and what was not linked.

use super::delivery::Messages;

/// The state of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreState {
    /// It works.
    Active,
    /// Our access has ended.
    ReconnectNeeded,
    /// The app was removed from it, or it was disconnected.
    Disconnected,
}

/// The state of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// It is connected.
    Active(Messages),
    /// Our access has ended.
    ReconnectNeeded,
    /// Another store has it.
    Moved,
    /// It is connected, but its store is not.
    Paused,
}

impl AccountState {
    /// Whether the merchant has to do something about it.
    #[must_use]
    pub const fn needs_merchant(self) -> bool {
        match self {
            Self::ReconnectNeeded => true,
            Self::Active(Messages::NotReady(unready)) => unready.needs_merchant(),
            Self::Active(_) | Self::Moved | Self::Paused => false,
        }
    }
}

/// Why an account was not connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The grantor has too few tasks on it.
    InsufficientTasks,
    /// These permissions were granted, but only for other accounts.
    MissingPermissions(Vec<String>),
    /// The platform did not show it.
    Unreadable,
    /// The platform knows no such account.
    Gone,
    /// The platform asked us to wait.
    RateLimited,
    /// Another store holds it.
    HeldElsewhere,
    /// It is beyond what one flow links.
    TooMany,
}

/// What a store may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// What it sells.
    Products,
    /// Where its stock is.
    Locations,
    /// Its discounts.
    Discounts,
}
