//! A platform whose accounts rest on a grant: the interface for the platform-neutral code. Each
//! such platform implements it in its own folder, and is listed in [`crate::providers`].
//!
//! An inconclusive answer ([`Trouble`]) says nothing about the token.

use futures_util::{future::BoxFuture, lock::Mutex};

pub use crate::facts::{Messaging, ThreadRouting};
use crate::http::Outbound;
use crate::platform::{AccountId, CompanionId, Platform};
use crate::{Secret, UnixSeconds};

use super::load::Load;
use super::permissions::Permissions;

/// A pending answer.
pub type Pending<'a, T> = BoxFuture<'a, T>;

/// What the calls of one run or request share.
#[derive(Debug)]
pub struct CallContext {
    /// The way out.
    pub outbound: Outbound,
    /// How close they have come to the platform's limits.
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
    /// It belongs to another app: not ours to judge.
    OfAnotherApp,
}

/// What is known about a working token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// When it was issued.
    pub issued_at: Option<UnixSeconds>,
    /// When it ends; none if it does not, or that is unknown.
    pub expires_at: Option<UnixSeconds>,
    /// When access to the grantor's data ends, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// Its permissions.
    pub permissions: Permissions,
}

/// Why there is no conclusive answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What to do about it.
    pub kind: TroubleKind,
    /// For the log: names and numbers.
    pub cause: String,
}

/// Where the trouble lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// It may pass: ask again later.
    Passing,
    /// This very request is refused, and would be again.
    Refused,
    /// The app as a whole has to wait: each further call would prolong that.
    Throttled,
    /// The platform rejects our own credentials, and would for every token.
    Credentials,
}

/// A grant's token and its end.
#[derive(Debug)]
pub struct GrantToken {
    /// For calls on the grantor's behalf.
    pub access_token: Secret,
    /// When it ends; none if it does not expire.
    pub expires_at: Option<UnixSeconds>,
}

/// An account with what its message delivery depends on.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<'a> {
    /// Its id.
    pub id: &'a AccountId,
    /// Its companion.
    pub companion: Option<&'a CompanionId>,
    /// The token for it.
    pub token: &'a Secret,
    /// What the grantor may do with it.
    pub tasks: &'a [String],
}

/// What is known about an account's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Whether they arrive.
    pub messaging: Messaging,
    /// Whether several apps share its conversations.
    pub thread_routing: ThreadRouting,
}

/// The outcome of ending something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is over.
    Done,
    /// This token can no longer do it.
    Impossible,
    /// Unknown; worth a retry.
    Later,
    /// The same, and other calls would fail the same way.
    Throttled,
    /// The request is refused: the object no longer exists, or our credentials are wrong.
    Refused,
}

/// Whether a token gives access to something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It does.
    Open,
    /// It never will again: the token is dead, or not meant for that.
    Closed {
        /// Whether the token gives access to nothing any more.
        is_dead: bool,
    },
    /// The platform did not say.
    Unknown,
}

/// A platform at which grants can be ended: all that a merchant's disconnect needs.
pub trait Revoker: Send + Sync {
    /// Which one.
    fn platform(&self) -> &'static Platform;

    /// Our app there. Another app's grants are left alone.
    fn app_id(&self) -> &str;

    /// Ends delivery of an account's messages, with the account's token.
    fn end_delivery<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>) -> Pending<'a, Ended>;

    /// Registers an account with its PIN, so that its messages arrive. Only for kinds that have a
    /// PIN.
    fn register<'a>(&'a self, _outbound: &'a Outbound, _account: Receiver<'a>, _pin: &'a Secret) -> Pending<'a, Messaging> {
        Box::pin(async { Ok(()) })
    }

    /// Asks once whether a token still gives access to a companion. Only for kinds whose platform
    /// reports that it does not.
    fn reach<'a>(&'a self, _outbound: &'a Outbound, _companion: &'a CompanionId, _token: &'a Secret) -> Pending<'a, Reach> {
        Box::pin(async { Reach::Unknown })
    }

    /// Revokes a whole grant, with its own token. Every token that rests on it is dead after this.
    fn revoke<'a>(&'a self, outbound: &'a Outbound, token: &'a Secret) -> Pending<'a, Ended>;
}

/// Maintains accounts, and leaves ending things to a [`Revoker`] that does nothing else.
pub trait Revoking: Send + Sync {
    /// That revoker.
    fn revocation(&self) -> &dyn Revoker;
}

impl<T: Revoking> Revoker for T {
    fn platform(&self) -> &'static Platform {
        self.revocation().platform()
    }

    fn app_id(&self) -> &str {
        self.revocation().app_id()
    }

    fn end_delivery<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>) -> Pending<'a, Ended> {
        self.revocation().end_delivery(outbound, account)
    }

    fn register<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>, pin: &'a Secret) -> Pending<'a, Messaging> {
        self.revocation().register(outbound, account, pin)
    }

    fn reach<'a>(&'a self, outbound: &'a Outbound, companion: &'a CompanionId, token: &'a Secret) -> Pending<'a, Reach> {
        self.revocation().reach(outbound, companion, token)
    }

    fn revoke<'a>(&'a self, outbound: &'a Outbound, token: &'a Secret) -> Pending<'a, Ended> {
        self.revocation().revoke(outbound, token)
    }
}

/// A platform whose accounts rest on a grant and are maintained by the keeper.
pub trait Grantor: Revoker {
    /// The required permissions.
    fn scopes(&self) -> &[String];

    /// Asks about a stored token.
    fn check<'a>(&'a self, context: &'a CallContext, token: &'a Secret) -> Pending<'a, Result<Standing, Trouble>>;

    /// Whether a token that is dead for this reason may recover: its owner can fix the cause at the
    /// platform.
    fn may_pass(&self, _reason: &str) -> bool {
        false
    }

    /// Whether access to the grantor's data eventually ends for a grant of this kind, given the
    /// permissions granted of those that we request.
    fn has_ending_access(&self, _kind: &str, _granted: &[String]) -> bool {
        false
    }

    /// Exchanges a grant's token before it ends. Only for one that does.
    fn renew<'a>(&'a self, context: &'a CallContext, token: &'a Secret, now: UnixSeconds) -> Pending<'a, Result<GrantToken, Trouble>>;

    /// The accounts' own tokens, derived from a grant's new one, as far as they are available.
    fn derive<'a>(
        &'a self,
        context: &'a CallContext,
        token: &'a Secret,
        held: &'a [AccountId],
    ) -> Pending<'a, Result<Vec<(AccountId, Secret)>, Trouble>>;

    /// Checks what applies to the messages of all accounts; once per context.
    fn listen<'a>(&'a self, context: &'a CallContext) -> Pending<'a, ()>;

    /// Checks whether an account's messages arrive, and repairs what it can. Call after
    /// [`Grantor::listen`].
    fn ensure_delivery<'a>(&'a self, context: &'a CallContext, account: Receiver<'a>) -> Pending<'a, Delivery>;
}

impl CallContext {
    /// A context for calls over these connections.
    #[must_use]
    pub fn new(outbound: Outbound) -> Self {
        Self { outbound, load: Load::default(), heard: Mutex::default() }
    }
}
