//! Ends the Facebook flow: verifies, exchanges, stores every Page under the identity, ends the session.

mod reply;

use futures_util::future::join;
use lambda_http::lambda_runtime;
use shared::{
    Code, Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    flow::{Flow, Returned},
    http::Http,
    lambda::{self, Function, Routes},
    next::NextStep,
    providers::facebook::{self, Graph, Purpose, pages, token},
    reply::{
        Reply,
        cookie::{self, Name, Presented, Token},
    },
    request::Request,
    store::{
        Connections, Sessions,
        flows::{Claim, ClaimError, Outcome},
        pages::{PagesLink, Person},
        sessions::{self, Session, SessionKey},
    },
};

const ROUTE: &str = "/facebook/callback";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<FacebookCallback>().await
}

struct FacebookCallback {
    app: facebook::App,
    graph: Graph,
    flow: Flow,
    sessions: Sessions,
    connections: Connections,
    http: Http,
    clock: Clock,
}

/// What a verified callback says.
struct Callback {
    state: Returned,
    purpose: Purpose,
    answer: Answer,
}

/// What Facebook sent the merchant back with.
enum Answer {
    Code(String),
    Declined,
    /// Its `error_code` or `error`, as far as it is a short word.
    Failed(String),
}

impl Function for FacebookCallback {
    const NAME: &'static str = "facebook-callback";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let app = facebook::App::from_vars(vars)?;
        Ok(Self {
            graph: Graph::from_vars(vars, &app, clock.clone())?,
            flow: Flow::from_vars(vars, app.redirect_uri.is_secure(), clock.clone())?,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            connections: Connections::from_vars(vars, clients, clock.clone())?,
            http: clients.http()?,
            app,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.sessions.warm_up().await;
    }
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
            join(self.sessions.claim(facebook::PLATFORM, &account, &callback.state), self.session(request, &callback.purpose)).await;
        let way_back = session.as_ref().ok().map(|(_, session)| NextStep::facebook_login(&session.shop));
        let claim = claimed.map_err(|error| used(error, way_back.clone()))?;
        let linked = match session {
            Ok((key, session)) => lambda::until(deadline, self.link(request, &callback, &claim, &key, &session)).await,
            Err(error) => Err(error),
        };
        match linked {
            Ok(reply) => Ok(reply),
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
        // An error wins over a code that may stand beside it; some errors come with a number alone.
        let answer = match (query.get("error"), query.get("error_code")) {
            (Some("access_denied"), _) => Answer::Declined,
            (Some(error), _) | (None, Some(error)) => {
                Answer::Failed(error.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect())
            }
            (None, None) if query.get("error_reason").or(query.get("error_message")).is_some() => Answer::Failed("unnamed".to_owned()),
            (None, None) => Answer::Code(query.required("code")?.to_owned()),
        };
        if let Answer::Code(code) = &answer
            && (code.len() > 4096 || !code.bytes().all(|b| b.is_ascii_graphic()))
        {
            return Err(Error::malformed_parameter("code"));
        }
        let state = self.flow.verify(facebook::PLATFORM, request, state, |extra| Purpose::read(extra).is_some())?;
        state.check_age()?;
        let purpose = Purpose::read(&state.extra).ok_or_else(|| Error::new(Code::InvalidState, "Please start again."))?;
        Ok(Callback { state, purpose, answer })
    }

    /// The live session of this browser. It must hold the identity that the state names: otherwise one person's consent could put
    /// their Pages under another's identity.
    async fn session(&self, request: &Request, purpose: &Purpose) -> Result<(SessionKey, Session), Error> {
        let key = match Token::presented(&request.cookies, Name::Session, self.flow.https) {
            Presented::Token(token) => SessionKey::of(&token),
            Presented::Unusable => return Err(sessions::invalid()),
            Presented::Missing => {
                return Err(Error::new(Code::MissingSession, "Your sign-in from the store has ended. Please start again from your store."));
            }
        };
        let session = self.sessions.load(&key).await?.ok_or_else(sessions::invalid)?;
        if session.user_uuid != purpose.user_uuid || session.generation != purpose.generation {
            return Err(sessions::invalid());
        }
        Ok((key, session))
    }

    /// Makes the link, under a claim that is ours alone.
    async fn link(
        &self,
        request: &Request,
        callback: &Callback,
        claim: &Claim,
        key: &SessionKey,
        session: &Session,
    ) -> Result<Reply, Error> {
        let code = match &callback.answer {
            Answer::Code(code) => code,
            Answer::Declined => {
                let detail =
                    "Facebook reports that the connection was not approved. Nothing was changed; you can try again whenever you like.";
                return Err(Error::new(Code::AccessDenied, detail).leading_to(NextStep::facebook_rerequest(&session.shop)));
            }
            Answer::Failed(error) => {
                let detail = "Facebook could not complete the sign-in. Nothing was changed; please try again.";
                return Err(Error::new(Code::ProviderError, detail).caused_by(format!("dialog: {error}")));
            }
        };
        let provider = self.http.connections()?;
        let now = self.clock.now();
        let (exchanged, known) = join(
            token::exchange_code(&self.app, &self.graph, &provider, code, &callback.state.code_verifier, now),
            self.connections.load_pages(session.user_uuid),
        )
        .await;
        let (mut user, known) = (exchanged?, known?);
        if user.expires_at.is_some() {
            user = token::extend(&self.app, &self.graph, &provider, &user.access_token, now).await?;
        }
        let (inspected, found) = join(
            token::inspect(&self.app, &self.graph, &provider, &user.access_token),
            pages::list(&self.graph, &provider, &user.access_token),
        )
        .await;
        let inspection = inspected?;
        self.check_permissions(&inspection.scopes, session)?;
        let mut found = found?;
        pages::fetch_missing(&self.graph, &provider, &user.access_token, &inspection.page_ids, &mut found).await;

        let linkable: Vec<_> = found.found.iter().filter(|page| page.access_token.is_some()).collect();
        if linkable.is_empty() {
            let detail =
                "Facebook showed us no Page that we can connect. Please try again, choose a Page, and make sure that you may manage it.";
            return Err(Error::new(Code::NoPage, detail).leading_to(NextStep::facebook_rerequest(&session.shop)));
        }
        let link = PagesLink {
            session,
            session_key: key,
            claim,
            app_id: &self.app.app_id,
            person: Person {
                user_id: &inspection.user_id,
                kind: &inspection.kind,
                access_token: &user.access_token,
                expires_at: user.expires_at,
                data_access_expires_at: inspection.data_access_expires_at,
                scopes: &inspection.scopes,
            },
            pages: linkable,
            moving: callback.purpose.moving,
        };
        let linked = self.connections.link_pages(&link, known).await.map_err(|error| match error.code {
            Code::HeldElsewhere => error.leading_to(NextStep::facebook_move(&session.shop)),
            _ => error,
        })?;
        Ok(reply::linked(request, session, &found, &linked).with_cookie(cookie::clear(Name::Session, self.flow.https)))
    }

    /// All configured permissions are needed: with one missing the bot could not do its work.
    fn check_permissions(&self, granted: &[String], session: &Session) -> Result<(), Error> {
        let missing: Vec<&str> = self.app.scopes.iter().filter(|scope| !granted.contains(scope)).map(String::as_str).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let reasons: Vec<String> = missing.iter().map(|scope| facebook::why_needed(scope)).collect();
        let detail = format!(
            "The assistant can't work without these permissions, and they were not granted: {}. Facebook asks for them again when you try once more.",
            reasons.join("; ")
        );
        Err(Error::new(Code::MissingPermission, detail).leading_to(NextStep::facebook_rerequest(&session.shop)))
    }
}

/// A state that was used before leads on to where its first use did.
fn used(error: ClaimError, way_back: Option<NextStep>) -> Error {
    let detail = match error {
        ClaimError::Failed(error) => {
            return match way_back {
                Some(next) => error.leading_to(next),
                None => error,
            };
        }
        ClaimError::Used(Outcome::Linked) => "Your Pages are connected already; there is nothing more to do here.",
        ClaimError::Used(Outcome::InFlight) => {
            "Your Pages are being connected at this moment. If nothing happens within a minute, please start again."
        }
        ClaimError::Used(Outcome::Failed) => "This sign-in was used before and did not succeed. Please start again.",
    };
    let error = Error::new(Code::UsedState, detail);
    match way_back {
        Some(next) => error.leading_to(next),
        None => error.leading_to(NextStep::shopify_admin()),
    }
}
