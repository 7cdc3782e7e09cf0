//! A platform whose accounts rest on a grant, as the neutral code uses it. Each such platform
//! implements this in its own folder, and is in the lists of [`crate::providers`].
//!
//! An answer that is not clear ([`Trouble`]) has no consequence for a token.

use futures_util::{future::BoxFuture, lock::Mutex};

pub use crate::facts::{Messaging, ThreadRouting};
use crate::http::Outbound;
use crate::platform::{AccountId, CompanionId, Platform};
use crate::{Secret, UnixSeconds};

use super::load::Load;
use super::permissions::Permissions;

/// A pending answer.
pub type Pending<'a, T> = BoxFuture<'a, T>;

/// Shared by the calls of one run, or of one request.
#[derive(Debug)]
pub struct CallContext {
    /// The way out.
    pub outbound: Outbound,
    /// How near they have come to the platform's limits.
    pub load: Load,
    /// The app's own subscription, once requested; none if the platform did not say.
    pub heard: Mutex<Option<Option<Vec<String>>>>,
}

/// A platform's verdict on a stored token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Valid(Facts),
    /// It will never work again, for this reason.
    Dead(&'static str),
    /// Another app's, which we can't judge.
    OfAnotherApp,
}

/// Facts about a token that works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// When it was issued.
    pub issued_at: Option<UnixSeconds>,
    /// When it expires; none if never, or not stated.
    pub expires_at: Option<UnixSeconds>,
    /// When access to its giver's data expires, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// What it may do.
    pub permissions: Permissions,
}

/// Why there is no reliable answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What to do about it.
    pub kind: TroubleKind,
    /// For the log: names and numbers.
    pub cause: String,
}

/// The kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// Temporary: ask again later.
    Passing,
    /// This request is refused, and would be again.
    Refused,
    /// The app as a whole must wait: further calls would only prolong it.
    Throttled,
    /// The platform refuses our own credentials, and would for every token.
    Credentials,
}

/// A grant's token and its expiry.
#[derive(Debug)]
pub struct GrantToken {
    /// For calls on behalf of the grant's giver.
    pub access_token: Secret,
    /// Its expiry; none if it does not expire.
    pub expires_at: Option<UnixSeconds>,
}

/// An account, with what the delivery of its messages needs.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<'a> {
    /// Its id.
    pub id: &'a AccountId,
    /// What comes with it.
    pub companion: Option<&'a CompanionId>,
    /// The token for it.
    pub token: &'a Secret,
    /// The tasks of the person who granted it.
    pub tasks: &'a [String],
}

/// What is known about an account's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Whether they arrive.
    pub messaging: Messaging,
    /// Whether several apps share the conversations.
    pub thread_routing: ThreadRouting,
}

/// The outcome of ending something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is over.
    Done,
    /// This token can no longer do it.
    Impossible,
    /// Unknown; worth another try.
    Later,
    /// The same, and other calls would meet it too.
    Throttled,
    /// The request itself is refused: the object no longer exists, or our credentials are wrong.
    Refused,
}

/// Whether a token gives access to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It does.
    Open,
    /// It never will again: the token is dead, or not for that.
    Closed {
        /// The token no longer gives access to anything.
        is_dead: bool,
    },
    /// The platform did not say.
    Unknown,
}

/// A platform where grants and subscriptions can be ended: all that a merchant's disconnect needs.
pub trait Revoker: Send + Sync {
    /// Which one.
    fn platform(&self) -> &'static Platform;

    /// Our app there. What belongs to another app is left alone.
    fn app_id(&self) -> &str;

    /// Ends the delivery of an account's messages, with the account's token.
    fn end_delivery<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>) -> Pending<'a, Ended>;

    /// Registers an account with its PIN, so that its messages arrive. Called only for kinds that
    /// have one.
    fn register<'a>(&'a self, _outbound: &'a Outbound, _account: Receiver<'a>, _pin: &'a Secret) -> Pending<'a, Messaging> {
        Box::pin(async { Ok(()) })
    }

    /// Asks once whether a token still gives access to a companion. Called only for kinds whose end
    /// the platform announces.
    fn reach<'a>(&'a self, _outbound: &'a Outbound, _companion: &'a CompanionId, _token: &'a Secret) -> Pending<'a, Reach> {
        Box::pin(async { Reach::Unknown })
    }

    /// Revokes a grant as a whole, with its own token: after this every token that rests on it is
    /// dead.
    fn revoke<'a>(&'a self, outbound: &'a Outbound, token: &'a Secret) -> Pending<'a, Ended>;
}

/// A platform whose accounts rest on a grant, and are kept alive.
pub trait Grantor: Revoker {
    /// The required permissions.
    fn scopes(&self) -> &[String];

    /// Asks what a stored token is worth.
    fn check<'a>(&'a self, context: &'a CallContext, token: &'a Secret) -> Pending<'a, Result<Standing, Trouble>>;

    /// Whether a token dead for this reason may work again by itself: its owner can fix the cause
    /// at the platform.
    fn may_pass(&self, _reason: &str) -> bool {
        false
    }

    /// Whether access to the giver's data expires for a grant of this kind, with these granted
    /// permissions.
    fn has_ending_access(&self, _kind: &str, _granted: &[String]) -> bool {
        false
    }

    /// Exchanges a grant's token before it expires. Called only for one that does.
    fn renew<'a>(&'a self, context: &'a CallContext, token: &'a Secret, now: UnixSeconds) -> Pending<'a, Result<GrantToken, Trouble>>;

    /// The accounts' own tokens derived from a grant's new one, as far as available.
    fn derive<'a>(
        &'a self,
        context: &'a CallContext,
        token: &'a Secret,
        held: &'a [AccountId],
    ) -> Pending<'a, Result<Vec<(AccountId, Secret)>, Trouble>>;

    /// Finds out what applies to the messages of all accounts; once per context.
    fn listen<'a>(&'a self, context: &'a CallContext) -> Pending<'a, ()>;

    /// Checks whether an account's messages arrive, and repairs what can be repaired. After
    /// [`Grantor::listen`].
    fn ensure_delivery<'a>(&'a self, context: &'a CallContext, account: Receiver<'a>) -> Pending<'a, Delivery>;
}

impl CallContext {
    /// For calls over these connections.
    #[must_use]
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, load: Load::default(), heard: Mutex::default() }
    }
}
