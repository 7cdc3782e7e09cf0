//! Starts the Facebook flow for the identity of the browser's session.

use lambda_http::lambda_runtime;
use shared::{
    Code, Detail, Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    flow::Flow,
    lambda::{self, Function, Routes},
    next::NextStep,
    providers::{
        facebook::{self, Dialog},
        shopify::ShopDomain,
    },
    reply::{
        Reply,
        cookie::{Name, Presented, Token},
    },
    request::{Query, Request},
    store::{
        Sessions,
        sessions::{self, Session, SessionKey},
    },
};

const ROUTE: &str = "/facebook/login";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<FacebookLogin>().await
}

struct FacebookLogin {
    app: facebook::App,
    flow: Flow,
    sessions: Sessions,
}

impl Function for FacebookLogin {
    const NAME: &'static str = "facebook-login";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let app = facebook::App::from_vars(vars)?;
        facebook::versions::warn_about(&app.version, clock.now());
        Ok(Self {
            flow: Flow::from_vars(vars, app.redirect_uri.is_secure(), clock.clone())?,
            sessions: Sessions::from_vars(vars, clients, clock)?,
            app,
        })
    }

    async fn warm_up(&self) {
        self.sessions.warm_up().await;
    }
}

impl Routes for FacebookLogin {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let query = request.query()?;
        let (key, session) = self.session(request, &query).await.map_err(|error| match way_on(&query) {
            Some(next) => error.leading_to(next),
            None => error,
        })?;
        self.sessions.count_attempt(&key, &session).await.map_err(|error| error.leading_to(NextStep::store_login(&session.shop)))?;
        let extra = facebook::Purpose { user_uuid: session.user_uuid, generation: session.generation, moving: query.is_on("move") };
        let begun = self.flow.begin(facebook::PLATFORM, request, extra.to_bytes())?;
        let dialog = Dialog { state: &begun.state, code_challenge: &begun.code_challenge, rerequest: query.is_on("rerequest") };
        Ok(Reply::redirect(self.app.dialog_url(dialog)).with_cookie(begun.cookie))
    }
}

impl FacebookLogin {
    /// The live session of this browser, which must be the one of the store that the page spoke of.
    async fn session(&self, request: &Request, query: &Query) -> Result<(SessionKey, Session), Error> {
        let shop = query.get("shop").map(str::to_ascii_lowercase);
        let key = match Token::presented(&request.cookies, Name::Session, self.flow.https) {
            Presented::Token(token) => SessionKey::of(&token),
            Presented::Unusable => return Err(sessions::invalid()),
            Presented::Missing => {
                return Err(Error::new(Code::MissingSession, Detail::StoreFirst));
            }
        };
        let session = self.sessions.load(&key).await?.ok_or_else(sessions::invalid)?;
        if shop.is_some_and(|shop| shop != session.shop) {
            return Err(sessions::invalid());
        }
        Ok((key, session))
    }
}

/// The login of the store that the page spoke of: it only leads to Shopify, whoever named the store.
fn way_on(query: &Query) -> Option<NextStep> {
    ShopDomain::parse(query.get("shop")?).ok().map(|shop| NextStep::store_login(shop.as_str()))
}
