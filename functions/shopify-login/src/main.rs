//! Starts the Shopify flow: from a link that names the store, or from a launch, which Shopify makes
//! and signs itself. Needs no database.

use lambda_http::lambda_runtime;
use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    facts::NextStep,
    flow::Flow,
    lambda::{self, Function, Routes},
    providers::shopify::{self, ShopDomain},
    reply::Reply,
    request::Request,
};

const LINK: &str = "/shopify/{shop_name}/login";
const LAUNCH: &str = "/shopify/login";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<ShopifyLogin>().await
}

struct ShopifyLogin {
    app: shopify::App,
    flow: Flow,
    clock: Clock,
}

impl Function for ShopifyLogin {
    const NAME: &'static str = "shopify-login";

    fn configure(vars: &Vars, _clients: &Clients) -> Result<Self, Error> {
        let app = shopify::App::from_vars(vars)?;
        let flow = Flow::from_vars(vars, app.redirect_uri.is_secure(), Clock::system())?;
        Ok(Self { app, flow, clock: Clock::system() })
    }
}

impl Routes for ShopifyLogin {
    fn route(path: &str) -> Option<&'static str> {
        match path {
            LAUNCH => Some(LAUNCH),
            _ => shop_name(path).map(|_| LINK),
        }
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let shop = match shop_name(&request.path) {
            // Nothing in a domain needs escaping, so a valid one contains no escape.
            Some(name) => ShopDomain::parse_or_handle(name)?,
            None => self.launched_shop(request)?,
        };
        let begun = self.flow.begin(&shopify::PLATFORM, request, shopify::state_extra(&shop))?;
        Ok(Reply::redirect(self.app.authorize_url(&shop, &begun.state)).with_cookie(begun.cookie))
    }
}

impl ShopifyLogin {
    /// The store of a launch, once its signature is verified. Nothing else in the query has any
    /// effect.
    fn launched_shop(&self, request: &Request) -> Result<ShopDomain, Error> {
        let query = request.query()?;
        query.required("hmac")?;
        let shop = query.required("shop")?;
        let timestamp = shopify::parse_timestamp(query.required("timestamp")?)?;
        let shop = ShopDomain::parse(shop)?;
        shopify::verify_query(&query, &self.app.secrets)?;
        shopify::check_timestamp(timestamp, self.clock.now()).map_err(|error| error.leading_to(NextStep::store_login(shop.as_str())))?;
        Ok(shop)
    }
}

/// The segment between `/shopify/` and `/login`, still percent-encoded.
fn shop_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix("/shopify/")?.strip_suffix("/login")?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}
