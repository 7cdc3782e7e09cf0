//! Whether an account's messages reach the app, as it is found out at the platform, stored, and
//! told.

use crate::words::words;

words! {
    /// Why messages are not known to arrive.
    enum Unready {
        /// The platform could not be asked, or not in time.
        NotChecked = "not_checked",
        /// The platform asks to wait.
        RateLimited = "rate_limited",
        /// Who granted it lacks the task that a subscription needs.
        MissingTask = "missing_task",
        /// The permission for it is missing.
        MissingPermission = "missing_permission",
        /// The account's token is refused.
        TokenRefused = "token_refused",
        /// The request itself is refused: the configured fields, or our credentials.
        Misconfigured = "misconfigured",
        /// The platform took the subscription, but does not show it.
        NotSubscribed = "page_not_subscribed",
        /// The app as a whole does not listen.
        AppNotSubscribed = "app_not_subscribed",
        /// What the account belongs to does not show the subscription.
        AccountNotSubscribed = "not_subscribed",
        /// It has to be registered, and another PIN than ours is needed for that.
        PinRequired = "pin_required",
        /// The platform restricts it for what was done with it.
        AccountRestricted = "account_restricted",
        /// Its owner has to verify it at the platform first.
        NotVerified = "not_verified",
        /// It is not registered.
        NotRegistered = "not_registered",
    }
}

/// Whether messages of an account will reach the app.
pub type Messaging = Result<(), Unready>;

/// What a record says of it. A reason that this version does not know says that nobody knows.
///
/// # Errors
/// Why messages are not known to arrive.
pub fn noted(ready: bool, reason: Option<&str>) -> Messaging {
    if ready { Ok(()) } else { Err(reason.and_then(Unready::parse).unwrap_or(Unready::NotChecked)) }
}

/// Whether several apps share the conversations of an account, so that some may never reach this
/// one; none where the platform did not tell.
pub type ThreadRouting = Option<bool>;

impl Unready {
    /// Whether it says nothing about the account: what was known of it before still holds.
    #[must_use]
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::NotChecked | Self::RateLimited)
    }

    /// Whether the merchant can mend it: by connecting the account once more, or at the platform.
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
    /// Those do that the platform passes to this app: others share the conversations.
    Shared,
    /// They don't, or nobody knows yet.
    NotReady(Unready),
}

impl Messages {
    /// What was found out, or noted, about an account.
    #[must_use]
    pub fn of(messaging: Messaging, thread_routing: ThreadRouting) -> Self {
        match messaging {
            Ok(()) if thread_routing == Some(true) => Self::Shared,
            Ok(()) => Self::Ready,
            Err(unready) => Self::NotReady(unready),
        }
    }

    /// Whether the subscription stands.
    #[must_use]
    pub fn are_ready(self) -> bool {
        matches!(self, Self::Ready | Self::Shared)
    }
}
