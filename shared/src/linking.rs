//! The end of a flow that links accounts, as far as it is the same for each platform: verify the
//! callback, use its state once, find the session it is for, and report the outcome.
//!
//! [`login`] begins one.

mod consent;
pub mod login;
mod messages;
mod outcome;
mod purpose;

pub use consent::Consent;
pub use messages::switching_ends;
pub use outcome::{LeftOutEntry, LinkOutcome};
pub use purpose::Purpose;

use std::cell::LazyCell;

use futures_util::future::{join, try_join_all};

use crate::clients::Clients;
use crate::error::FirstUse;
use crate::facts::NextStep;
use crate::flow::{Flow, Returned};
use crate::moving::MoveList;
use crate::platform::{AccountId, AccountKind};
use crate::providers::offered;
use crate::reply::cookie::{self, Name, Presented, Token};
use crate::request::Request;
use crate::signing::csrf;
use crate::store::flows::{Claim, ClaimError, Outcome};
use crate::store::link::accounts::AccountsLinked;
use crate::store::records::Status;
use crate::store::sessions::{self, Session, SessionKey};
use crate::store::{Sessions, Tables};
use crate::{Clock, Code, Detail, Error, Vars, starting};

/// What a callback that links accounts of one kind needs.
#[derive(Debug)]
pub struct Linking {
    /// The kind.
    pub kind: &'static AccountKind,
    /// The other enabled kinds.
    others: Vec<&'static AccountKind>,
    /// Where merchants return after linking accounts, if configured.
    return_url: Option<String>,
    flow: Flow,
    /// The sessions table.
    pub sessions: Sessions,
    /// Both tables.
    pub tables: Tables,
}

/// The content of a verified callback.
#[derive(Debug)]
pub struct Callback {
    /// The state.
    pub state: Returned,
    /// Who the flow is for.
    pub purpose: Purpose,
    /// What the merchant decided.
    pub consent: Consent,
}

/// The browser's session, from its cookie.
#[derive(Debug)]
pub struct Held {
    /// Its key.
    pub key: SessionKey,
    /// Links that move accounts are derived from it.
    token: Token,
}

/// A flow whose state has been used now, and only now.
#[derive(Debug)]
pub struct Begun {
    /// The state.
    pub claim: Claim,
    /// The session that the flow is for, or why there is none.
    pub session: Result<(Held, Session), Error>,
    way_back: Option<NextStep>,
}

impl Linking {
    /// Reads the variables, for accounts of this kind; `https` decides the kind of cookies.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients, clock: &Clock, kind: &'static AccountKind, https: bool) -> Result<Self, Error> {
        let others = offered(vars)?.into_iter().filter(|other| *other != kind).collect();
        Ok(Self {
            kind,
            others,
            return_url: vars.return_url()?,
            flow: Flow::from_vars(vars, https, clock.clone())?,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            tables: Tables::from_vars(vars, clients, clock.clone())?,
        })
    }

    /// Everything that can be refused without the database, in the order of the error table.
    ///
    /// # Errors
    /// A row of that table.
    pub fn verify(&self, request: &Request) -> Result<Callback, Error> {
        let platform = self.kind.platform;
        let query = request.query()?;
        let state = query.required("state")?;
        let consent = Consent::read(&query)?;
        let state = self.flow.verify(platform, request, state, |extra| Purpose::read(extra).is_some()).map_err(|error| {
            if error.code == Code::MalformedState && self.has_session(request) {
                error.leading_to(NextStep::confirm(self.kind))
            } else {
                error
            }
        })?;
        state.check_age()?;
        let purpose = Purpose::read(&state.extra).ok_or_else(|| Error::new(Code::InvalidState, Detail::BegunElsewhere(platform)))?;
        Ok(Callback { state, purpose, consent })
    }

    /// Uses the state and reads the session concurrently.
    ///
    /// # Errors
    /// `used_state`, `storage_unavailable`.
    pub async fn begin(&self, request: &Request, callback: &Callback) -> Result<Begun, Error> {
        let account = callback.purpose.user_uuid.to_string();
        let claim = self.sessions.claim(self.kind.platform, &account, &callback.state);
        let (claim, session) = join(claim, self.session(request, &callback.purpose)).await;
        let way_back = session.as_ref().ok().map(|(_, session)| NextStep::try_again(self.kind, &session.shop));
        match claim {
            Ok(claim) => Ok(Begun { claim, session, way_back }),
            Err(error) => Err(self.used(error, way_back, &callback.purpose).await),
        }
    }

    /// Notes that a state produced no link, and says where to go on.
    pub async fn failed(&self, claim: &Claim, way_back: Option<NextStep>, error: Error) -> Error {
        self.sessions.fail(claim).await;
        match way_back {
            Some(next) => error.leading_to(next),
            None => error,
        }
    }

    /// The live session of this browser. It must belong to the identity that the state names:
    /// otherwise one person's consent could put their accounts under another's identity.
    async fn session(&self, request: &Request, purpose: &Purpose) -> Result<(Held, Session), Error> {
        let held = match Token::presented(&request.cookies, Name::Session, self.flow.https) {
            Presented::Token(token) => Held { key: SessionKey::of(&token), token },
            Presented::Unusable => return Err(sessions::invalid()),
            Presented::Missing => return Err(Error::of(Code::MissingSession)),
        };
        let session = self.sessions.load(&held.key).await?.ok_or_else(sessions::invalid)?;
        if session.user_uuid != purpose.user_uuid || session.generation != purpose.generation {
            return Err(sessions::invalid());
        }
        Ok((held, session))
    }

    /// Whether the browser has a session cookie; reads nothing from the tables.
    fn has_session(&self, request: &Request) -> bool {
        matches!(Token::presented(&request.cookies, Name::Session, self.flow.https), Presented::Token(_))
    }

    /// The other enabled kinds of which the session's identity has nothing linked: the session goes
    /// on after this flow for those.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn open(&self, session: &Session) -> Result<Vec<&'static AccountKind>, Error> {
        let reading = self.others.iter().map(|kind| self.tables.load_accounts(session.user_uuid, kind));
        let known = try_join_all(reading).await?;
        let is_open = |accounts: &Vec<_>| !accounts.iter().any(|account: &crate::store::records::Account| account.status != Status::Moved);
        Ok(self.others.iter().zip(&known).filter(|(_, accounts)| is_open(accounts)).map(|(kind, _)| *kind).collect())
    }

    /// The `Set-Cookie` that ends the browser's session.
    #[must_use]
    pub fn clear_session(&self) -> String {
        cookie::clear(Name::Session, self.flow.https)
    }

    /// The ways to move accounts here. Few links leave any elsewhere, so the token that they carry
    /// is made with the first.
    pub fn ways_to_move<'a>(&'a self, session: &'a Session, held: &'a Held) -> impl Fn(&MoveList) -> NextStep + 'a {
        let token = LazyCell::new(|| csrf::MOVING.token(&self.flow.secrets, &held.token.hash(Name::Session)));
        move |accounts| NextStep::move_here(self.kind, &session.shop, false, accounts, &token)
    }

    /// Back to where the merchant came from.
    #[must_use]
    pub fn back(&self, shop: &str) -> NextStep {
        NextStep::back(self.return_url.as_deref(), shop)
    }

    /// A state that was used before leads to where its first use led, and back if that linked
    /// accounts. If it has ended the session, only the list knows the store.
    async fn used(&self, error: ClaimError, way_back: Option<NextStep>, purpose: &Purpose) -> Error {
        let used = |first_use| Error::new(Code::UsedState, Detail::Used(self.kind.platform, first_use));
        let (error, way_on) = match error {
            ClaimError::Failed(error) => (error, way_back),
            ClaimError::Used(Outcome::Linked) => match self.tables.listing(purpose.user_uuid).await.ok().flatten() {
                Some(listing) if listing.holds_accounts() => {
                    let shop = &listing.shop.shop;
                    (used(FirstUse::Linked).leading_back(self.back(shop)), Some(NextStep::store_manage(shop)))
                }
                listing => (used(FirstUse::Linked), listing.map(|listing| NextStep::store_manage(&listing.shop.shop))),
            },
            ClaimError::Used(Outcome::InFlight) => (used(FirstUse::InFlight), way_back),
            ClaimError::Used(Outcome::Failed) => (used(FirstUse::Failed), way_back),
        };
        match way_on {
            Some(next) => error.leading_to(next),
            None => error,
        }
    }

    /// The accounts that were to be moved but that the platform does not mention.
    pub fn not_granted(&self, moving: &MoveList, is_mentioned: impl Fn(&AccountId) -> bool) -> Vec<AccountId> {
        moving.ids().filter_map(|id| AccountId::parse(self.kind, &id)).filter(|id| !is_mentioned(id)).collect()
    }

    /// The refusal if other identities hold every account. The session keeps their names, so that
    /// the merchant can move them.
    pub async fn held_elsewhere(&self, session: &Session, held: &Held, linked: &AccountsLinked) -> Error {
        self.sessions.keep_left_behind(&held.key, session, self.kind, &linked.left_behind).await;
        let to_move = self.ways_to_move(session, held);
        let ids = linked.held_elsewhere.iter().map(AccountId::as_str);
        let offers = starting::offers(linked.offered(), &linked.left_behind, &to_move);
        Error::new(Code::HeldElsewhere, Detail::HeldElsewhere(self.kind, offers)).leading_to(to_move(&MoveList::first_of(ids)))
    }
}

impl Begun {
    /// Its parts: the state, the session or why there is none, and where to go on after a failure.
    pub fn into_parts(self) -> (Claim, Result<(Held, Session), Error>, Option<NextStep>) {
        (self.claim, self.session, self.way_back)
    }
}
