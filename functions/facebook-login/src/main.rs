//! Starts the Facebook flow for the identity of the browser's session, where one of our own pages
//! began it; asks first otherwise.

use lambda_http::lambda_runtime;
use shared::{
    Code, Detail, Error, calls,
    clients::Clients,
    clock::Clock,
    config::Vars,
    facts::NextStep,
    flow::Flow,
    lambda::{self, Function, Routes},
    metrics,
    providers::{
        facebook::{self, Dialog, PAGE, PLATFORM},
        meta::versions,
        shopify::ShopDomain,
    },
    reply::{
        Reply,
        cookie::{Name, Presented, Token},
    },
    request::{Query, Request, Site},
    signing::csrf,
    starting::Wish,
    store::{
        Sessions,
        sessions::{self, SessionKey},
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
        versions::warn_about(&app.version, clock.now());
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
        let wish = Wish::read(&query)?;
        self.begin(request, &query, &wish).await.map_err(|error| match way_on(&query) {
            Some(next) => error.leading_to(next),
            None => error,
        })
    }
}

impl FacebookLogin {
    /// Starts the flow, or asks first whoever comes from elsewhere: then nothing is counted.
    async fn begin(&self, request: &Request, query: &Query, wish: &Wish) -> Result<Reply, Error> {
        let cookie = self.cookie(request)?;
        let (key, hash) = (SessionKey::of(&cookie), cookie.hash(Name::Session));
        let may_move = csrf::MOVING.verify(&self.flow.secrets, &hash, query.get("csrf_token").unwrap_or_default());
        let Some(moving) = wish.starts(request.site(), may_move) else {
            let session = self.sessions.load_of(&key, wish.shop.as_deref()).await?;
            return wish.ask(request, &PAGE, &session, &csrf::MOVING.token(&self.flow.secrets, &hash));
        };
        let session = self.sessions.count_attempt(&key, wish.shop.as_deref()).await.map_err(too_many)?;
        if request.site() == Site::Unsaid {
            calls::count(metrics::STARTS_WITHOUT_FETCH_METADATA, 1);
        }
        let purpose = facebook::Purpose { user_uuid: session.user_uuid, generation: session.generation, moving };
        let begun = self.flow.begin(&PLATFORM, request, purpose.to_bytes())?;
        let dialog = Dialog { state: &begun.state, code_challenge: &begun.code_challenge, rerequest: wish.rerequest };
        Ok(Reply::redirect(self.app.dialog_url(dialog)).with_cookie(begun.cookie))
    }

    /// The session's cookie.
    fn cookie(&self, request: &Request) -> Result<Token, Error> {
        match Token::presented(&request.cookies, Name::Session, self.flow.https) {
            Presented::Token(token) => Ok(token),
            Presented::Unusable => Err(sessions::invalid()),
            Presented::Missing => Err(Error::new(Code::MissingSession, Detail::StoreFirst(&PAGE))),
        }
    }
}

/// The session does not know what was begun from it.
fn too_many(mut error: Error) -> Error {
    if error.code == Code::TooManyAttempts {
        error.detail = Detail::TooManyAttempts(&PAGE);
    }
    error
}

/// The login of the store that the page spoke of: it only leads to Shopify, whoever named the
/// store.
fn way_on(query: &Query) -> Option<NextStep> {
    ShopDomain::parse(query.get("shop")?).ok().map(|shop| NextStep::store_login(shop.as_str()))
}
