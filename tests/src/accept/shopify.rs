//! One link of a development store, step by step.

mod beliefs;
mod refreshes;

pub use beliefs::BELIEFS;

use serde_json::{Value, json};
use shared::calls::Call;
use shared::clients::Clients;
use shared::clock::Clock;
use shared::config::Vars;
use shared::http::{Answer, Outbound, send};
use shared::providers::shopify::{self, App, ShopDomain, missing_scopes};

use super::report::{Report, Seen};
use crate::provider::first;
use crate::random;
use crate::settings::Variables;
use crate::shopify::{Canonical, sign};
use beliefs::{
    ACCESS_TOKEN, CALLBACK_FORM, CALLBACK_PARAMETERS, CALLBACK_TIME, CODE_ONCE, EXPIRING_PAIR, IDENTITY, LIFETIMES, SCOPES, VERSION,
    WEBHOOKS,
};

const FORMS: [(Canonical, &str); 5] = [
    (Canonical::LegacyEscape, "the older documentation's"),
    (Canonical::Decoded, "decoded"),
    (Canonical::FormWithSpaces, "the JavaScript library's"),
    (Canonical::PercentEncoded, "encodeURIComponent's"),
    (Canonical::FormEncoded, "the Ruby library's"),
];

/// A walk in progress.
struct Walk<'a> {
    app: App,
    secret: &'a str,
    shop: ShopDomain,
    version: String,
    outbound: Outbound,
    report: Report,
}

/// Asks for one approval, by `approve`, which is given the address to open and returns the callback's query; then looks at everything that can be seen with it.
///
/// # Errors
///
/// Where the walk can't go on: the settings, the store's name, no approval, or no answer.
pub async fn walk(
    variables: &Variables,
    shop: &str,
    clock: &Clock,
    approve: impl AsyncFnOnce(String) -> Result<String, String>,
) -> Result<Report, String> {
    let vars = Vars::from_pairs(variables.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let unusable = |error: shared::Error| error.cause.unwrap_or_else(|| error.code.as_str().to_owned());
    let shop = ShopDomain::parse_or_handle(shop).map_err(|_| "This is no name of a store.".to_owned())?;
    let version = shopify::api_version(&vars).map_err(unusable)?;
    let mut report = Report::of(format!("Shopify, Admin API {version}, Unix time {}", clock.now()));
    let secret = variables.get("SHOPIFY_API_SECRET").ok_or("SHOPIFY_API_SECRET is missing.")?;
    report.conceal(secret);
    report.conceal(shop.as_str());
    let outbound = Clients::default().http().and_then(|http| http.outbound()).map_err(unusable)?;
    let mut walk = Walk { app: App::from_vars(&vars).map_err(unusable)?, secret, shop, version, outbound, report };

    let state = random::token();
    let query = approve(walk.app.authorize_url(&walk.shop, &state)).await?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if first(&pairs, "state") != Some(&state) {
        return Err("This callback belongs to another run.".to_owned());
    }
    walk.look_at_the_callback(&pairs, clock.now());
    let code = first(&pairs, "code").ok_or("Shopify sent no code: it was not approved.")?;
    walk.report.conceal(code);
    let tokens = walk.exchange(code).await?;
    walk.look_at_the_admin_api(&tokens).await?;
    walk.look_at_refreshes(&tokens).await?;
    walk.spend_the_code_again(code).await?;
    walk.report.note(
        &WEBHOOKS,
        Seen::Nothing("no webhook reaches this machine; see what the deployed function counts as RefusedSignatures".to_owned()),
    );
    Ok(walk.report)
}

impl Walk<'_> {
    fn look_at_the_callback(&mut self, pairs: &[(String, String)], now: u64) {
        let given = first(pairs, "hmac").unwrap_or_default();
        let fitting: Vec<&str> = FORMS.iter().filter(|(form, _)| sign(pairs, self.secret, *form) == given).map(|(_, name)| *name).collect();
        let seen = if fitting.is_empty() { "none of ours".to_owned() } else { fitting.join(", ") };
        self.report.note(&CALLBACK_FORM, Seen::whether(!fitting.is_empty(), seen));

        let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "host").collect();
        names.sort_unstable();
        self.report.note(&CALLBACK_PARAMETERS, Seen::whether(names == ["code", "hmac", "shop", "state", "timestamp"], names.join(", ")));

        let timestamp = first(pairs, "timestamp").and_then(|text| shopify::parse_timestamp(text).ok());
        let seen = match timestamp {
            Some(at) if at > now => format!("{} s ahead of this clock", at - now),
            Some(at) => format!("{} s old", now - at),
            None => "no seconds".to_owned(),
        };
        let is_near = timestamp.is_some_and(|at| shopify::check_timestamp(at, now).is_ok());
        self.report.note(&CALLBACK_TIME, Seen::whether(is_near, seen));
    }

    /// Exchanges the code, and looks at what comes.
    async fn exchange(&mut self, code: &str) -> Result<Value, String> {
        let answer = self.ask_for_tokens(&[("code", code), ("expiring", "1")]).await?;
        let reply: Value =
            answer.json().filter(|_| answer.is_success()).ok_or_else(|| format!("The code was not taken: {}", refusal(&answer)))?;
        self.conceal_tokens(&reply);
        let is_text = |name: &str| reply[name].as_str().is_some_and(|text| !text.is_empty());
        let is_pair = is_text("access_token") && is_text("refresh_token") && reply["expires_in"].is_u64();
        self.report.note(&EXPIRING_PAIR, Seen::whether(is_pair, fields(&reply)));
        let lifetimes = ["expires_in", "refresh_token_expires_in"].map(|name| reply[name].as_u64());
        let seen = lifetimes.map(|seconds| seconds.map_or_else(|| "nothing".to_owned(), |seconds| format!("{seconds} s")));
        self.report.note(&LIFETIMES, Seen::whether(lifetimes == [Some(3600), Some(7_776_000)], seen.join(" and ")));
        self.report.note(&ACCESS_TOKEN, Seen::whether(reply.get("associated_user").is_none(), fields(&reply)));
        let granted: Vec<String> = reply["scope"].as_str().unwrap_or_default().split(',').map(|scope| scope.trim().to_owned()).collect();
        let missing = missing_scopes(&self.app.scopes, &granted);
        let seen = if missing.is_empty() { granted.join(", ") } else { format!("without {}", missing.join(", ")) };
        self.report.note(&SCOPES, Seen::whether(missing.is_empty(), seen));
        Ok(reply)
    }

    async fn look_at_the_admin_api(&mut self, tokens: &Value) -> Result<(), String> {
        let url = format!("{}/admin/api/{}/graphql.json", self.app.base_url(&self.shop), self.version);
        let request = self
            .outbound
            .post(&url)
            .header("x-shopify-access-token", tokens["access_token"].as_str().unwrap_or_default())
            .header("content-type", "application/json")
            .body(json!({ "query": "{ shop { id myshopifyDomain } }" }).to_string());
        let answer = send(Call::to(&shopify::PLATFORM, "graphql"), request)
            .await
            .map_err(|error| format!("The Admin API does not answer: {error:?}"))?;
        let served = answer.header("x-shopify-api-version").unwrap_or("no version").to_owned();
        self.report.note(&VERSION, Seen::whether(served == self.version, served));
        let shop = answer.json().map_or(Value::Null, |reply: Value| reply["data"]["shop"].clone());
        let number = shop["id"].as_str().and_then(|id| id.strip_prefix("gid://shopify/Shop/"));
        let is_number = number.is_some_and(|number| number.parse::<u64>().is_ok());
        let is_same = shop["myshopifyDomain"] == self.shop.as_str();
        let word = |is_right| if is_right { "as assumed" } else { "of another form" };
        self.report.note(&IDENTITY, Seen::whether(is_number && is_same, format!("id {}, domain {}", word(is_number), word(is_same))));
        Ok(())
    }

    /// At the end: it may take tokens with it.
    async fn spend_the_code_again(&mut self, code: &str) -> Result<(), String> {
        let answer = self.ask_for_tokens(&[("code", code), ("expiring", "1")]).await?;
        if let Some(reply) = answer.json() {
            self.conceal_tokens(&reply);
        }
        self.report.note(&CODE_ONCE, Seen::whether((400..500).contains(&answer.status), refusal(&answer)));
        Ok(())
    }

    /// The token endpoint, with our credentials.
    async fn ask_for_tokens(&self, form: &[(&str, &str)]) -> Result<Answer, String> {
        let url = format!("{}/admin/oauth/access_token", self.app.base_url(&self.shop));
        let form: Vec<(&str, &str)> =
            [("client_id", self.app.api_key.as_str()), ("client_secret", self.secret)].into_iter().chain(form.iter().copied()).collect();
        let request = self.outbound.post(&url).header("accept", "application/json").form(&form);
        send(Call::to(&shopify::PLATFORM, "token"), request)
            .await
            .map_err(|error| format!("Shopify's token endpoint does not answer: {error:?}"))
    }

    fn conceal_tokens(&mut self, reply: &Value) {
        for name in ["access_token", "refresh_token"] {
            self.report.conceal(reply[name].as_str().unwrap_or_default());
        }
    }
}

/// The names of a reply's fields.
fn fields(reply: &Value) -> String {
    reply.as_object().map(|reply| reply.keys().map(String::as_str).collect::<Vec<_>>().join(", ")).unwrap_or_default()
}

/// Status and short code word of an answer.
fn refusal(answer: &Answer) -> String {
    let body = answer.json().unwrap_or(Value::Null);
    let is_word = |text: &&str| text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    format!("status {} {}", answer.status, body["error"].as_str().filter(is_word).unwrap_or("without a code word"))
}

#[cfg(test)]
mod tests;
