//! Whether an account's messages reach the app: as determined at the platform, stored, and
//! reported.

use crate::words::words;

words! {
    /// Why messages are not known to arrive.
    enum Unready {
        /// The platform could not be asked, or not in time.
        NotChecked = "not_checked",
        /// The platform throttles us.
        RateLimited = "rate_limited",
        /// The person who granted it lacks the task that a subscription needs.
        MissingTask = "missing_task",
        /// The permission for it is missing.
        MissingPermission = "missing_permission",
        /// The account's token is refused.
        TokenRefused = "token_refused",
        /// The request itself is refused: the configured fields, or our credentials.
        Misconfigured = "misconfigured",
        /// The platform accepted the subscription but does not show it.
        NotSubscribed = "page_not_subscribed",
        /// The app as a whole is not subscribed.
        AppNotSubscribed = "app_not_subscribed",
        /// The account's companion does not show the subscription.
        AccountNotSubscribed = "not_subscribed",
        /// It must be registered, with another PIN than ours.
        PinRequired = "pin_required",
        /// The platform restricts it because of how it was used.
        AccountRestricted = "account_restricted",
        /// Its owner must first verify it at the platform.
        NotVerified = "not_verified",
        /// It is not registered.
        NotRegistered = "not_registered",
    }
}

/// Whether messages of an account will reach the app.
pub type Messaging = Result<(), Unready>;

/// Reads it from a record. An unknown reason means that nobody has checked.
///
/// # Errors
/// Why messages are not known to arrive.
pub fn noted(ready: bool, reason: Option<&str>) -> Messaging {
    if ready { Ok(()) } else { Err(reason.and_then(Unready::parse).unwrap_or(Unready::NotChecked)) }
}

/// Whether several apps share the account's conversations, so that some may never reach this one;
/// none if the platform did not say.
pub type ThreadRouting = Option<bool>;

impl Unready {
    /// Whether it says nothing about the account: what was known before still holds.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::NotChecked | Self::RateLimited)
    }

    /// Whether the merchant can fix it: by connecting the account again, or at the platform.
    #[must_use]
    pub const fn needs_merchant(self) -> bool {
        matches!(
            self,
            Self::MissingTask
                | Self::MissingPermission
                | Self::TokenRefused
                | Self::NotSubscribed
                | Self::PinRequired
                | Self::AccountRestricted
                | Self::NotVerified
        )
    }
}

/// Whether an account's messages arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Messages {
    /// They do.
    Ready,
    /// Only those that the platform routes to this app: others share the conversations.
    Shared,
    /// They don't, or nobody knows yet.
    NotReady(Unready),
}

impl Messages {
    /// From what was found, or stored, about an account.
    #[must_use]
    pub fn of(messaging: Messaging, thread_routing: ThreadRouting) -> Self {
        match messaging {
            Ok(()) if thread_routing == Some(true) => Self::Shared,
            Ok(()) => Self::Ready,
            Err(unready) => Self::NotReady(unready),
        }
    }

    /// Whether the subscription works.
    #[must_use]
    pub fn are_ready(self) -> bool {
        matches!(self, Self::Ready | Self::Shared)
    }
}
