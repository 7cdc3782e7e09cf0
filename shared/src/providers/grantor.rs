//! A platform whose accounts rest on a grant: what the neutral code asks of it. Each such platform
//! answers in its own folder, and stands on the lists of [`crate::providers`].
//!
//! Nothing follows for a token from what is no clear answer ([`Trouble`]).

use futures_util::{future::BoxFuture, lock::Mutex};

pub use crate::facts::{Messaging, ThreadRouting};
use crate::http::Outbound;
use crate::platform::{AccountId, CompanionId, Platform};
use crate::{Secret, UnixSeconds};

use super::load::Load;
use super::permissions::Permissions;

/// An answer under way.
pub type Pending<'a, T> = BoxFuture<'a, T>;

/// What the calls of one run, or of one request, share.
#[derive(Debug)]
pub struct CallContext {
    /// The way out.
    pub outbound: Outbound,
    /// How near the platform's limits they have come.
    pub load: Load,
    /// What the app as a whole hears, once it was asked for; none when the platform did not tell.
    pub heard: Mutex<Option<Option<Vec<String>>>>,
}

/// What a platform says of a stored token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Valid(Facts),
    /// It will never work again, for this reason.
    Dead(&'static str),
    /// Another app's: it was never ours to judge.
    OfAnotherApp,
}

/// What is known of a token that works.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// When it was issued.
    pub issued_at: Option<UnixSeconds>,
    /// When it ends; none where it does not, or nothing is said.
    pub expires_at: Option<UnixSeconds>,
    /// When access to the data of who granted it ends, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// What it may do.
    pub permissions: Permissions,
}

/// Why there is no answer to rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What to do about it.
    pub kind: TroubleKind,
    /// For the log: names and numbers.
    pub cause: String,
}

/// Whose trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// It may pass: asking again later is all there is to do.
    Passing,
    /// This very request is refused, and would be again.
    Refused,
    /// The app as a whole has to wait: every further call would only prolong it.
    Throttled,
    /// The platform refuses our own credentials: so it would for every token.
    Credentials,
}

/// A grant's token and its end.
#[derive(Debug)]
pub struct GrantToken {
    /// For calls in the name of who granted it.
    pub access_token: Secret,
    /// Its end; none when it does not expire.
    pub expires_at: Option<UnixSeconds>,
}

/// An account with what the delivery of its messages needs of it.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<'a> {
    /// Its id.
    pub id: &'a AccountId,
    /// What comes with it.
    pub companion: Option<&'a CompanionId>,
    /// The token for it.
    pub token: &'a Secret,
    /// What the one who granted it may do on it.
    pub tasks: &'a [String],
}

/// What is known of an account's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Whether they arrive.
    pub messaging: Messaging,
    /// Whether several apps share the conversations.
    pub thread_routing: ThreadRouting,
}

/// What came of ending something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It is over.
    Done,
    /// This token can do nothing about it any more.
    Impossible,
    /// Nothing is known; it is worth another try.
    Later,
    /// The same, and other calls would meet the same.
    Throttled,
    /// The request is refused as it is: there is no such thing any more, or our credentials are
    /// wrong.
    Refused,
}

/// Whether a token opens something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It does.
    Open,
    /// It never will again: the token is dead, or is not for that.
    Closed {
        /// The token opens nothing any more.
        is_dead: bool,
    },
    /// The platform did not say.
    Unknown,
}

/// A platform at which what was given can be ended: all that a merchant's disconnect needs of it.
pub trait Revoker: Send + Sync {
    /// Which one.
    fn platform(&self) -> &'static Platform;

    /// Our app there. What was given to another is left alone.
    fn app_id(&self) -> &str;

    /// Ends the delivery of an account's messages, with the account's token.
    fn end_delivery<'a>(&'a self, outbound: &'a Outbound, account: Receiver<'a>) -> Pending<'a, Ended>;

    /// Registers an account with its PIN, so that its messages arrive. Asked of kinds that have
    /// one.
    fn register<'a>(&'a self, _outbound: &'a Outbound, _account: Receiver<'a>, _pin: &'a Secret) -> Pending<'a, Messaging> {
        Box::pin(async { Ok(()) })
    }

    /// Asks once whether a token still opens what accounts come with. Asked of kinds of which the
    /// platform says by itself that it does not.
    fn reach<'a>(&'a self, _outbound: &'a Outbound, _companion: &'a CompanionId, _token: &'a Secret) -> Pending<'a, Reach> {
        Box::pin(async { Reach::Unknown })
    }

    /// Takes a grant back as a whole, with its own token: every token that rests on it is dead
    /// after this.
    fn revoke<'a>(&'a self, outbound: &'a Outbound, token: &'a Secret) -> Pending<'a, Ended>;
}

/// Who looks after accounts, and ends things by way of what does nothing else.
pub trait Revoking: Send + Sync {
    /// What ends them.
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

/// A platform whose accounts rest on a grant, and are looked after.
pub trait Grantor: Revoker {
    /// The permissions that are needed.
    fn scopes(&self) -> &[String];

    /// Asks what a stored token is worth.
    fn check<'a>(&'a self, context: &'a CallContext, token: &'a Secret) -> Pending<'a, Result<Standing, Trouble>>;

    /// Whether a token that is dead for this reason may work again by itself: its owner can put
    /// right at the platform what ended it.
    fn may_pass(&self, _reason: &str) -> bool {
        false
    }

    /// Whether access to the data of who gave a grant of this kind ends some day, for what was
    /// granted of what this service asks for.
    fn has_ending_access(&self, _kind: &str, _granted: &[String]) -> bool {
        false
    }

    /// Exchanges a grant's token before it ends. Asked for one that has an end.
    fn renew<'a>(&'a self, context: &'a CallContext, token: &'a Secret, now: UnixSeconds) -> Pending<'a, Result<GrantToken, Trouble>>;

    /// The accounts' own tokens, as a grant's new one gives them, as far as they are to be had.
    fn derive<'a>(
        &'a self,
        context: &'a CallContext,
        token: &'a Secret,
        held: &'a [AccountId],
    ) -> Pending<'a, Result<Vec<(AccountId, Secret)>, Trouble>>;

    /// Finds out what holds for the messages of all accounts; once for each context.
    fn listen<'a>(&'a self, context: &'a CallContext) -> Pending<'a, ()>;

    /// Looks whether an account's messages arrive, and repairs what can be repaired. After
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
