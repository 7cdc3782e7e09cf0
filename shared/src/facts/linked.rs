//! The state of what is linked, and of what was not linked.

use super::delivery::Messages;

/// The state of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreState {
    /// It works.
    Active,
    /// Its access is over.
    ReconnectNeeded,
    /// The app was removed from it, or it was disconnected.
    Disconnected,
}

/// The state of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountState {
    /// It is connected.
    Active(Messages),
    /// Its access is over.
    ReconnectNeeded,
    /// Another store has it.
    Moved,
    /// It is connected, but its store is not.
    Paused,
}

impl AccountState {
    /// Whether the merchant must do something about it.
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
    /// The person who granted it has too few permissions on it.
    InsufficientTasks,
    /// These permissions were granted for other accounts only.
    MissingPermissions(Vec<String>),
    /// The platform did not show it.
    Unreadable,
    /// The platform knows no such account.
    Gone,
    /// The platform throttles us.
    RateLimited,
    /// Another store holds it.
    HeldElsewhere,
    /// It exceeds what one flow links.
    TooMany,
}

/// What a store can contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// What it sells.
    Products,
    /// Where its stock is.
    Locations,
    /// What it sells for less.
    Discounts,
}
