//! Ends the Facebook flow: verifies, exchanges, stores every Page under the identity, ends the
//! session, and lets the Pages' messages arrive.

mod callback;
mod consent;
mod messages;
mod reply;

use std::{cell::LazyCell, collections::HashMap};

use futures_util::future::join;
use lambda_http::lambda_runtime;
use shared::{
    Code, Detail, Error,
    calls::count,
    error::FirstUse,
    facts::NextStep,
    flow::Returned,
    http,
    lambda::{self, Routes},
    metrics,
    moving::MoveList,
    platform::{AccountId, Companion, GrantId, GrantedAccount},
    providers::{
        facebook::{
            INSTAGRAM, PAGE, PLATFORM, Purpose, needed,
            pages::{self, Pages},
        },
        meta::{
            debug_token::{self, Inspection},
            exchange,
        },
        permissions::Granted,
    },
    reply::{
        Reply,
        cookie::{self, Name, Presented, Token},
    },
    request::Request,
    signing::csrf,
    starting,
    store::{
        flows::{Claim, ClaimError, Outcome},
        link::accounts::{AccountsLink, AccountsLinked, NewGrant},
        sessions::{self, Session, SessionKey},
    },
};

use callback::FacebookCallback;
use consent::Consent;
use reply::PagesOutcome;

const ROUTE: &str = "/facebook/callback";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<FacebookCallback>().await
}

/// What a verified callback says.
struct Callback {
    state: Returned,
    purpose: Purpose,
    consent: Consent,
}

/// The browser's session, as its cookie gives it.
struct Held {
    key: SessionKey,
    /// Its links to move Pages follow from it.
    token: Token,
}

/// A link that stands.
struct Linked {
    /// Whose grant it is.
    grant: GrantId,
    found: Pages,
    /// Pages that permissions were not granted for, and which.
    lacking: Vec<(AccountId, Vec<String>)>,
    linked: AccountsLinked,
}

impl Routes for FacebookCallback {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let deadline = lambda::work_deadline();
        let callback = self.verify(request)?;
        let account = callback.purpose.user_uuid.to_string();
        let (claimed, session) =
            join(self.sessions.claim(&PLATFORM, &account, &callback.state), self.session(request, &callback.purpose)).await;
        let way_back = session.as_ref().ok().map(|(_, session)| NextStep::try_again(&PAGE, &session.shop));
        let claim = match claimed {
            Ok(claim) => claim,
            Err(error) => return Err(self.used(error, way_back, &callback.purpose).await),
        };
        let linked = async {
            let (held, session) = session?;
            let outbound = self.http.outbound()?.asking_again_until(deadline);
            let linked = lambda::until(deadline, self.link(&outbound, &callback, &claim, &held, &session)).await?;
            Ok::<_, Error>((outbound, held, session, linked))
        };
        match linked.await {
            Ok((outbound, held, session, linked)) => {
                count(metrics::LINKS_FINISHED, 1);
                let Linked { grant, found, lacking, linked } = linked;
                let seen = self.switch_messages_on(&outbound, &session, &grant, &found, &linked, deadline).await;
                let is_over = linked.held_elsewhere.is_empty();
                let to_move = self.ways_to_move(&session, &held);
                let back = self.back(&session.shop);
                let outcome = PagesOutcome { session: &session, to_move: &to_move, back, found: &found, lacking, linked, seen };
                let reply = outcome.reply(request);
                Ok(if is_over { reply.with_cookie(cookie::clear(Name::Session, self.flow.https)) } else { reply })
            }
            Err(error) => {
                self.sessions.fail(&claim).await;
                Err(match way_back {
                    Some(next) => error.leading_to(next),
                    None => error,
                })
            }
        }
    }
}

impl FacebookCallback {
    /// Everything that can be refused without the database, in the order of the table of errors.
    fn verify(&self, request: &Request) -> Result<Callback, Error> {
        let query = request.query()?;
        let state = query.required("state")?;
        let consent = Consent::read(&query)?;
        let state = self.flow.verify(&PLATFORM, request, state, |extra| Purpose::read(extra).is_some()).map_err(|error| {
            if error.code == Code::MalformedState && self.has_session(request) { error.leading_to(NextStep::confirm(&PAGE)) } else { error }
        })?;
        state.check_age()?;
        let purpose = Purpose::read(&state.extra).ok_or_else(|| Error::new(Code::InvalidState, Detail::BegunElsewhere(&PLATFORM)))?;
        Ok(Callback { state, purpose, consent })
    }

    /// The live session of this browser. It must hold the identity that the state names: otherwise
    /// one person's consent could put their Pages under another's identity.
    async fn session(&self, request: &Request, purpose: &Purpose) -> Result<(Held, Session), Error> {
        let held = match Token::presented(&request.cookies, Name::Session, self.flow.https) {
            Presented::Token(token) => Held { key: SessionKey::of(&token), token },
            Presented::Unusable => return Err(sessions::invalid()),
            Presented::Missing => {
                return Err(Error::of(Code::MissingSession));
            }
        };
        let session = self.sessions.load(&held.key).await?.ok_or_else(sessions::invalid)?;
        if session.user_uuid != purpose.user_uuid || session.generation != purpose.generation {
            return Err(sessions::invalid());
        }
        Ok((held, session))
    }

    /// Whether the browser has a session's cookie; nothing is read for it.
    fn has_session(&self, request: &Request) -> bool {
        matches!(Token::presented(&request.cookies, Name::Session, self.flow.https), Presented::Token(_))
    }

    /// Makes the link, under a claim that is ours alone.
    async fn link(
        &self,
        outbound: &http::Outbound,
        callback: &Callback,
        claim: &Claim,
        held: &Held,
        session: &Session,
    ) -> Result<Linked, Error> {
        let code = callback.consent.code(&session.shop)?;
        let now = self.clock.now();
        let (exchanged, known) = join(
            exchange::exchange_code(&self.graph, outbound, self.app.redirect_uri.as_str(), code, &callback.state.code_verifier, now),
            self.tables.load_accounts(session.user_uuid, &PAGE),
        )
        .await;
        let (mut user, known) = (exchanged?, known?);
        let companions: HashMap<AccountId, Option<Companion>> =
            known.iter().map(|page| (page.id.clone(), page.companion.clone())).collect();
        if user.expires_at.is_some() {
            user = exchange::extend(&self.graph, outbound, &user.access_token, now).await?;
        }
        let (inspected, found) = join(
            debug_token::inspect(&self.graph, outbound, &user.access_token),
            pages::list(&self.graph, outbound, &user.access_token, &self.app.scopes),
        )
        .await;
        let inspection = inspected?;
        self.check_permissions(&inspection.permissions.scopes, session)?;
        let mut found = found?;
        // What hangs on Pages is not asked for where it is known to be refused.
        let scopes: &[String] = if INSTAGRAM.is_on(&inspection.permissions.scopes) { &self.app.scopes } else { &[] };
        let granted = inspection.permissions.accounts();
        pages::fetch_missing(&self.graph, outbound, &user.access_token, scopes, &granted, &mut found).await;
        for page in &mut found.found {
            page.companion.take_if(|companion| inspection.permissions.granted_to(&companion.id) != Granted::Yes);
        }

        let lacking = self.lacking(&found, &inspection);
        let is_granted = |page: &&GrantedAccount| !lacking.iter().any(|(id, _)| *id == page.id);
        let linkable: Vec<&GrantedAccount> = found.found.iter().filter(|page| page.access_token.is_some()).filter(is_granted).collect();
        if linkable.is_empty() {
            return Err(nothing_to_link(&lacking).leading_to(NextStep::ask_again(&PAGE, &session.shop)));
        }
        let link = AccountsLink {
            session,
            session_key: &held.key,
            claim,
            app_id: &self.app.app_id,
            kind: &PAGE,
            grant: NewGrant {
                id: &inspection.grant,
                kind: inspection.kind,
                access_token: &user.access_token,
                expires_at: user.expires_at,
                data_access_expires_at: inspection.data_access_expires_at,
                scopes: &inspection.permissions.scopes,
            },
            accounts: linkable,
            moving: &callback.purpose.moving,
            not_granted: not_granted(&callback.purpose.moving, &found),
        };
        let linked = self.tables.link_accounts(&link, known).await?;
        if linked.linked.is_empty() {
            self.sessions.keep_left_behind(&held.key, session, &PAGE, &linked.left_behind).await;
            return Err(held_elsewhere(&linked, self.ways_to_move(session, held)));
        }
        // A Page that keeps its grant keeps what hangs on it.
        for page in found.found.iter_mut().filter(|page| linked.kept.contains(&page.id)) {
            page.companion = companions.get(&page.id).cloned().flatten();
        }
        Ok(Linked { grant: inspection.grant, found, lacking, linked })
    }

    /// Pages that some of the configured permissions were not granted for, with these: Facebook
    /// lets people choose the Pages of each permission.
    fn lacking(&self, found: &Pages, inspection: &Inspection) -> Vec<(AccountId, Vec<String>)> {
        let usable = found.found.iter().filter(|page| page.access_token.is_some());
        let lacking = usable
            .map(|page| (&page.id, inspection.lacking(&page.id, &self.app.scopes, &self.graph.app)))
            .filter(|(_, scopes)| !scopes.is_empty());
        lacking.map(|(id, scopes)| (id.clone(), scopes.into_iter().map(str::to_owned).collect())).collect()
    }

    /// All configured permissions are needed, but those of Instagram: with one missing the bot
    /// could not do its work.
    fn check_permissions(&self, granted: &[String], session: &Session) -> Result<(), Error> {
        let missing: Vec<String> = needed(&self.app.scopes).filter(|scope| !granted.contains(scope)).cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let detail = Detail::MissingPermissions(&PLATFORM, missing);
        Err(Error::new(Code::MissingPermission, detail).leading_to(NextStep::ask_again(&PAGE, &session.shop)))
    }

    /// The ways to move Pages here. Few links leave any elsewhere, so the token that they carry is
    /// made with the first.
    fn ways_to_move<'a>(&'a self, session: &'a Session, held: &'a Held) -> impl Fn(&MoveList) -> NextStep + 'a {
        let token = LazyCell::new(|| csrf::MOVING.token(&self.flow.secrets, &held.token.hash(Name::Session)));
        move |pages| NextStep::move_here(&PAGE, &session.shop, false, pages, &token)
    }

    /// Back to where the merchant came from.
    fn back(&self, shop: &str) -> NextStep {
        NextStep::back(self.return_url.as_deref(), shop)
    }

    /// A state that was used before leads on to where its first use did, and back if that linked
    /// Pages. When it has ended the session, only the list knows the store.
    async fn used(&self, error: ClaimError, way_back: Option<NextStep>, purpose: &Purpose) -> Error {
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
}

fn used(first_use: FirstUse) -> Error {
    Error::new(Code::UsedState, Detail::Used(&PLATFORM, first_use))
}

/// The Pages that were to move and that Facebook says nothing of.
fn not_granted(moving: &MoveList, found: &Pages) -> Vec<AccountId> {
    moving.ids().filter_map(|id| AccountId::parse(&PAGE, &id)).filter(|id| !found.mention(id)).collect()
}

/// The refusal when no Page is left.
fn nothing_to_link(lacking: &[(AccountId, Vec<String>)]) -> Error {
    match lacking.first() {
        Some((_, scopes)) => Error::new(Code::MissingPermission, Detail::MissingForAccounts(&PAGE, scopes.clone())),
        None => Error::new(Code::NoPage, Detail::NoAccount(&PAGE)),
    }
}

/// The refusal when other identities hold every Page.
fn held_elsewhere(linked: &AccountsLinked, to_move: impl Fn(&MoveList) -> NextStep) -> Error {
    let ids = linked.held_elsewhere.iter().map(AccountId::as_str);
    let offers = starting::offers(linked.offered(), &linked.left_behind, &to_move);
    Error::new(Code::HeldElsewhere, Detail::HeldElsewhere(&PAGE, offers)).leading_to(to_move(&MoveList::first_of(ids)))
}
