//! Whether an account's messages reach the app: as checked at the platform, stored and reported.

use crate::words::words;

words! {
    /// Why messages are not known to arrive.
    enum Unready {
        /// The platform could not be asked, or not in time.
        NotChecked = "not_checked",
        /// The platform asked us to wait.
        RateLimited = "rate_limited",
        /// The grantor lacks the task that a subscription requires.
        MissingTask = "missing_task",
        /// The permission for it is missing.
        MissingPermission = "missing_permission",
        /// The account's token is refused.
        TokenRefused = "token_refused",
        /// The request itself is refused: the configured fields, or our credentials.
        Misconfigured = "misconfigured",
        /// The platform accepted the subscription, but does not list it.
        NotSubscribed = "page_not_subscribed",
        /// The app itself is not subscribed.
        AppNotSubscribed = "app_not_subscribed",
        /// The account's parent does not list the subscription.
        AccountNotSubscribed = "not_subscribed",
        /// It has to be registered, with a PIN other than ours.
        PinRequired = "pin_required",
        /// The platform restricts it because of what was done with it.
        AccountRestricted = "account_restricted",
        /// Its owner has to verify it at the platform first.
        NotVerified = "not_verified",
        /// It is not registered.
        NotRegistered = "not_registered",
    }
}

/// Whether messages of an account will reach the app.
pub type Messaging = Result<(), Unready>;

/// What a record says about it. An unknown reason means that nobody knows.
///
/// # Errors
/// Why messages are not known to arrive.
pub fn noted(ready: bool, reason: Option<&str>) -> Messaging {
    if ready { Ok(()) } else { Err(reason.and_then(Unready::parse).unwrap_or(Unready::NotChecked)) }
}

/// Whether several apps share an account's conversations, so that some may never reach this app;
/// none if the platform did not say.
pub type ThreadRouting = Option<bool>;

impl Unready {
    /// Whether it says nothing about the account, so that earlier findings still hold.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::NotChecked | Self::RateLimited)
    }

    /// Whether the merchant can fix it: by reconnecting the account, or at the platform.
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
    /// Those that the platform routes to this app do: others share the conversations.
    Shared,
    /// They do not, or nobody knows yet.
    NotReady(Unready),
}

impl Messages {
    /// From findings or notes about an account.
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
