//! Ends the Shopify flow: verifies, exchanges the code, stores, sets the session cookie.

mod reply;

use futures_util::future::join;
use lambda_http::lambda_runtime;
use reply::Linked;
use shared::{
    Code, Detail, Error,
    calls::count,
    clients::Clients,
    clock::Clock,
    config::Vars,
    error::FirstUse,
    facts::NextStep,
    flow::{Flow, Returned},
    http::{CALL_TIMEOUT, Http},
    lambda::{self, Function, Routes},
    metrics,
    platform::AccountKind,
    providers::{
        NEXT, offered,
        shopify::{self, ShopDomain, admin::Admin, token},
    },
    reply::{
        Reply,
        cookie::{Name, Token},
    },
    request::Request,
    store::{
        Sessions, Tables,
        flows::{Claim, ClaimError, Outcome},
        link::shops::{Confirmation, NewLink},
        records::Identity,
        sessions::SessionKey,
    },
};
use tokio::time::Instant;
use uuid::Uuid;

const ROUTE: &str = "/shopify/callback";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<ShopifyCallback>().await
}

struct ShopifyCallback {
    app: shopify::App,
    api_version: String,
    /// What can be connected to a store.
    offered: Vec<&'static AccountKind>,
    flow: Flow,
    sessions: Sessions,
    tables: Tables,
    http: Http,
    clock: Clock,
}

/// The content of a verified callback.
struct Callback {
    shop: ShopDomain,
    state: Returned,
    /// None if Shopify reports an error instead.
    code: Option<String>,
}

impl Function for ShopifyCallback {
    const NAME: &'static str = "shopify-callback";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let app = shopify::App::from_vars(vars)?;
        Ok(Self {
            api_version: shopify::api_version(vars)?,
            offered: offered(vars)?,
            flow: Flow::from_vars(vars, app.redirect_uri.is_secure(), clock.clone())?,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            tables: Tables::from_vars(vars, clients, clock.clone())?.with_audits(vars)?,
            http: clients.http()?,
            app,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.tables.warm_up().await;
    }
}

impl Routes for ShopifyCallback {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let deadline = lambda::work_deadline();
        let callback = self.verify(request)?;
        let shop = &callback.shop;
        let claimed = self.sessions.claim_with_lease(&shopify::PLATFORM, shop.as_str(), &callback.state).await;
        let claim = claimed.map_err(|error| used(error, shop))?;
        match lambda::until(deadline, self.link(request, &callback, &claim, deadline)).await {
            Ok(reply) => Ok(reply),
            Err(error) => {
                self.sessions.fail(&claim).await;
                Err(error.leading_to(NextStep::store_login(shop.as_str())))
            }
        }
    }
}

impl ShopifyCallback {
    /// Everything that can be refused without the database, in the order of the error table.
    fn verify(&self, request: &Request) -> Result<Callback, Error> {
        let query = request.query()?;
        query.required("hmac")?;
        let (shop, state) = (query.required("shop")?, query.required("state")?);
        let timestamp = query.required("timestamp")?;
        let failed = query.get("error").is_some();
        let code = if failed { None } else { Some(query.required("code")?) };

        let shop = ShopDomain::parse(shop)?;
        let timestamp = shopify::parse_timestamp(timestamp)?;
        if code.is_some_and(|code| code.len() > 512 || !code.bytes().all(|b| b.is_ascii_graphic())) {
            return Err(Error::malformed_parameter("code"));
        }
        shopify::verify_query(&query, &self.app.secrets)?;
        // From here on we know that the shop is the one Shopify means.
        let again = |error: Error| error.leading_to(NextStep::store_login(shop.as_str()));
        shopify::check_timestamp(timestamp, self.clock.now()).map_err(again)?;
        let state = self.flow.verify(&shopify::PLATFORM, request, state, |extra| shopify::is_state_of(extra, &shop)).map_err(again)?;
        state.check_age().map_err(again)?;
        Ok(Callback { code: code.map(str::to_owned), state, shop })
    }

    /// Makes the link, under a claim that we alone hold.
    async fn link(&self, request: &Request, callback: &Callback, claim: &Claim, deadline: Instant) -> Result<Reply, Error> {
        let shop = &callback.shop;
        let Some(code) = &callback.code else {
            return Err(Error::new(Code::AccessDenied, Detail::Declined(&shopify::PLATFORM)));
        };
        // Read before the code is sent, so that this link does not revive one that ends in between.
        let known = self.tables.known_shop(shop.as_str()).await?;
        let outbound = self.http.outbound()?.asking_again_until(deadline);
        self.sessions.check_lease(claim, CALL_TIMEOUT)?;
        let tokens = token::exchange_code(&self.app, &outbound, shop, code, self.clock.now()).await?;
        let missing = shopify::missing_scopes(&self.app.scopes, &tokens.scopes);
        if !missing.is_empty() {
            return Err(Error::new(Code::MissingPermission, Detail::MissingPermissions(&shopify::PLATFORM, missing)));
        }

        let session = Token::generate()?;
        let session_key = SessionKey::of(&session);
        let link = NewLink { shop: shop.as_str(), tokens: &tokens, api_key: &self.app.api_key, session: &session_key, claim };
        let stored = async {
            let linked = self.tables.link_shop(&link, known.as_ref()).await?;
            let is_wanted = known.is_some() && request.wants_html;
            let listing = if is_wanted { self.listing(linked.user_uuid).await } else { None };
            Ok::<_, Error>((linked, listing))
        };
        // The tokens are written while the shop's data are fetched: Shopify retired the earlier
        // pair when it issued them.
        let admin = Admin { app: &self.app, version: &self.api_version, outbound: &outbound, shop, access_token: &tokens.access_token };
        let (stored, data) = join(stored, admin.fetch_shop_data()).await;
        let (mut linked, mut listing) = stored?;
        match &data {
            Ok(data) if let Some(shop_id) = &data.shop_id => {
                let identified = self.tables.identify_shop(&link, linked, shop_id, data.name.as_deref()).await?;
                linked = identified.linked;
                listing = match identified.confirmation {
                    Confirmation::Written => {
                        let own = listing.filter(|listing| listing.shop.user_uuid == linked.user_uuid);
                        own.map(|listing| listing.confirmed(data.name.as_deref()))
                    }
                    Confirmation::Outdated if listing.is_some() => self.listing(linked.user_uuid).await,
                    Confirmation::Outdated | Confirmation::Failed => listing,
                };
            }
            // The keeper will ask soon.
            Ok(_) => {}
            Err(error) => tracing::warn!(cause = error.0, "shop data not fetched"),
        }
        count(metrics::LINKS_FINISHED, 1);
        let outcome = Linked {
            user_uuid: linked.user_uuid,
            scope: &tokens.scope,
            data: data.as_ref().ok(),
            listing: listing.as_ref(),
            offered: &self.offered,
        };
        Ok(reply::linked(request, &callback.shop, &self.app, &outcome).with_cookie(session.set(Name::Session, self.flow.https)))
    }

    /// What is already linked. The link is valid even if this is unknown.
    async fn listing(&self, user_uuid: Uuid) -> Option<Identity> {
        let listing = self.tables.listing(user_uuid).await;
        listing.unwrap_or_else(|error| {
            tracing::warn!(cause = error.cause, "connections not listed");
            None
        })
    }
}

/// A state that was used before leads to where its first use led.
fn used(error: ClaimError, shop: &ShopDomain) -> Error {
    let (first_use, next) = match error {
        ClaimError::Failed(error) => return error.leading_to(NextStep::store_login(shop.as_str())),
        ClaimError::Used(Outcome::Linked) => (FirstUse::Linked, NextStep::connect(NEXT, shop.as_str())),
        ClaimError::Used(Outcome::InFlight) => (FirstUse::InFlight, NextStep::store_login(shop.as_str())),
        ClaimError::Used(Outcome::Failed) => (FirstUse::Failed, NextStep::store_login(shop.as_str())),
    };
    Error::new(Code::UsedState, Detail::Used(&shopify::PLATFORM, first_use)).leading_to(next)
}
