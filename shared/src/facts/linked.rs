//! How what is linked is, and what was not linked.

use super::delivery::Messages;

/// How the store is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreState {
    /// It works.
    Active,
    /// Its access is over.
    ReconnectNeeded,
    /// The app was removed from it, or it was disconnected.
    Disconnected,
}

/// How a Page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageState {
    /// It is connected.
    Active(Messages),
    /// Its access is over.
    ReconnectNeeded,
    /// Another store has it.
    Moved,
    /// It is connected, but its store is not.
    Paused,
}

/// Why a Page was not connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// The person may do too little on it.
    InsufficientTasks,
    /// These permissions were granted for other Pages only.
    MissingPermissions(Vec<String>),
    /// Facebook did not show it.
    Unreadable,
    /// Facebook knows no such Page.
    Gone,
    /// Facebook asks to wait.
    RateLimited,
    /// Another store holds it.
    HeldElsewhere,
}

/// What a store can be full of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// What it sells.
    Products,
    /// Where its stock is.
    Locations,
    /// What it sells for less.
    Discounts,
}
