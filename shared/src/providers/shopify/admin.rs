//! Reads the Admin API once after a link: which shop it is and what it sells.
//! <https://shopify.dev/docs/api/admin-graphql>

mod uninstall;

use reqwest::RequestBuilder;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::http::{Answer, CALL_TIMEOUT, Outbound, send, send_again};
use crate::{Secret, calls::Call};

use super::{App, PLATFORM, Refusal, ShopDomain, versions};

const GRAPHQL: Call = Call::to(&PLATFORM, "graphql");
const QUERY: &str = include_str!("link.graphql");
const IDENTITY_QUERY: &str = include_str!("identity.graphql");
const SCOPES_QUERY: &str = include_str!("scopes.graphql");
/// One query may cost at most 1000 points. This one requests about 500, and is halved once if
/// Shopify still finds it too expensive.
const FIRST_SIZE: (u32, u32) = (20, 10);
const SECOND_SIZE: (u32, u32) = (10, 5);

/// What the shop says about itself.
#[derive(Debug)]
pub struct ShopData {
    /// The numeric id (from `gid://shopify/Shop/…`), which identifies a shop even if its domain
    /// changes hands.
    pub shop_id: Option<String>,
    /// The name to greet the merchant with.
    pub name: Option<String>,
    /// All of it: `shop`, `products`, `locations`, `discounts`.
    pub json: Value,
    /// Whether Shopify refused parts of the data.
    pub partial: bool,
    /// Lists of which the shop has more than the beginning that was requested.
    pub longer: Vec<&'static str>,
}

/// Why there are no data: numbers for the log. The link is valid without them.
#[derive(Debug)]
pub struct FetchError(pub String);

/// The Admin API of one shop, accessed with one of its tokens.
#[derive(Clone, Copy, Debug)]
pub struct Admin<'a> {
    /// The app that the token belongs to.
    pub app: &'a App,
    /// The requested version.
    pub version: &'a str,
    /// The way out.
    pub outbound: &'a Outbound,
    /// The shop.
    pub shop: &'a ShopDomain,
    /// The token.
    pub access_token: &'a Secret,
}

#[derive(Deserialize)]
struct GraphqlReply {
    data: Option<Map<String, Value>>,
    #[serde(default)]
    errors: Value,
}

impl GraphqlReply {
    /// What missing data in the answer mean.
    fn refusal(&self) -> Refusal {
        Refusal::Passing(if error_codes(&self.errors).contains(&"THROTTLED") { "throttled" } else { "provider_error" })
    }
}

/// Which shop a token belongs to.
#[derive(Debug)]
pub struct Identity {
    /// The numeric id.
    pub shop_id: String,
    /// The name.
    pub name: Option<String>,
}

impl Admin<'_> {
    /// Fetches shop, products, locations and discounts in one request.
    ///
    /// # Errors
    /// [`FetchError`] for everything that prevents reading the shop's own data.
    pub async fn fetch_shop_data(self) -> Result<ShopData, FetchError> {
        // One limit for both sizes: the merchant is waiting for the page, and the link is valid
        // without these data.
        let fetched = tokio::time::timeout(CALL_TIMEOUT, self.fetch());
        fetched.await.unwrap_or_else(|_elapsed| Err(FetchError("Timeout".to_owned())))
    }

    async fn fetch(self) -> Result<ShopData, FetchError> {
        let mut size = FIRST_SIZE;
        loop {
            let request = self.post(&json!({ "query": QUERY, "variables": { "products": size.0, "variants": size.1 } }));
            let answer = send_again(self.outbound, GRAPHQL, request, is_passing).await.map_err(|e| FetchError(format!("{e:?}")))?;
            versions::tell(GRAPHQL, self.version, &answer);
            if !answer.is_success() {
                return Err(FetchError(format!("status {}", answer.status)));
            }
            let reply: GraphqlReply = answer.json().ok_or_else(|| FetchError("unreadable answer".to_owned()))?;
            let codes = error_codes(&reply.errors);
            if size == FIRST_SIZE && codes.contains(&"MAX_COST_EXCEEDED") {
                size = SECOND_SIZE;
                continue;
            }
            return read(reply.data.unwrap_or_default(), self.shop, !codes.is_empty())
                .ok_or_else(|| FetchError(format!("no shop in the answer, errors {codes:?}")));
        }
    }

    /// Asks which shop a token belongs to, which also shows whether it still works.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn identify(self) -> Result<Identity, Refusal> {
        let mut reply = self.ask(GRAPHQL, IDENTITY_QUERY).await?;
        let data = reply.data.take().and_then(|data| read(data, self.shop, true));
        data.and_then(|data| Some(Identity { shop_id: data.shop_id?, name: data.name })).ok_or_else(|| reply.refusal())
    }

    /// Asks for a token's current scopes, which the merchant can change without a login.
    ///
    /// # Errors
    /// [`Refusal`].
    pub async fn granted_scopes(self) -> Result<Vec<String>, Refusal> {
        let reply = self.ask(GRAPHQL, SCOPES_QUERY).await?;
        reply.data.as_ref().and_then(read_scopes).ok_or_else(|| reply.refusal())
    }

    fn post(self, body: &Value) -> RequestBuilder {
        self.outbound
            .post(&format!("{}/admin/api/{}/graphql.json", self.app.base_url(self.shop), self.version))
            .header("x-shopify-access-token", self.access_token.expose())
            .header("content-type", "application/json")
            .body(body.to_string())
    }

    /// Sends a query once.
    async fn ask(self, call: Call, query: &str) -> Result<GraphqlReply, Refusal> {
        let answer = send(call, self.post(&json!({ "query": query }))).await.map_err(Refusal::of_call)?;
        versions::tell(call, self.version, &answer);
        if !answer.is_success() {
            return Err(Refusal::of_admin(&answer));
        }
        answer.json().ok_or(Refusal::Passing("provider_error"))
    }
}

/// A failure at Shopify, or an answer that is not JSON. A throttle outlasts the merchant's
/// patience.
fn is_passing(answer: &Answer) -> bool {
    answer.status >= 500 || (answer.is_success() && answer.json::<Value>().is_none())
}

/// None unless every entry is readable: an overlooked scope would look like one that was taken
/// away.
fn read_scopes(data: &Map<String, Value>) -> Option<Vec<String>> {
    let list = data.get("currentAppInstallation")?.get("accessScopes")?.as_array()?;
    list.iter().map(|scope| scope.get("handle").and_then(Value::as_str).map(str::to_owned)).collect()
}

/// The codes of GraphQL errors, without the messages, which may quote anything.
fn error_codes(errors: &Value) -> Vec<&str> {
    match errors {
        Value::Null => Vec::new(),
        Value::Array(list) => list
            .iter()
            .map(|error| error.pointer("/extensions/code").and_then(Value::as_str))
            .map(|code| code.filter(|c| c.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')).unwrap_or("UNKNOWN"))
            .collect(),
        _ => vec!["UNKNOWN"],
    }
}

fn read(mut data: Map<String, Value>, shop: &ShopDomain, partial: bool) -> Option<ShopData> {
    let about = data.remove("shop").filter(Value::is_object)?;
    if ["id", "myshopifyDomain"].iter().any(|field| about.get(field).is_some_and(|value| !value.is_string())) {
        return None;
    }
    // A token of one shop that answers for another would be the worst kind of mix-up.
    if about.get("myshopifyDomain").and_then(Value::as_str).is_some_and(|domain| !domain.eq_ignore_ascii_case(shop.as_str())) {
        return None;
    }
    let digits = |id: &&str| (1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit());
    let shop_id =
        about.get("id").and_then(Value::as_str).and_then(|id| id.strip_prefix("gid://shopify/Shop/")).filter(digits).map(str::to_owned);
    let name = about.get("name").and_then(Value::as_str).map(|name| name.chars().take(255).collect());
    let mut longer = Vec::new();
    let mut list = |key: &'static str| {
        data.remove(key)
            .and_then(|mut connection| {
                if connection.pointer("/pageInfo/hasNextPage") == Some(&Value::Bool(true)) {
                    longer.push(key);
                }
                connection.get_mut("nodes").map(Value::take)
            })
            .filter(Value::is_array)
            .unwrap_or(Value::Null)
    };
    let (products, locations, discounts) = (list("products"), list("locations"), list("discountNodes"));
    let partial = partial || products.is_null() || locations.is_null() || discounts.is_null();
    let json = json!({ "shop": about, "products": products, "locations": locations, "discounts": discounts });
    Some(ShopData { shop_id, name, json, partial, longer })
}

#[cfg(test)]
mod tests;
