//! Removing this app from a shop at the merchant's wish. Shopify then ends every token that it issued for the shop.

use serde_json::{Map, Value, json};

use crate::{Secret, http::Outbound};

use super::{super::Refusal, App, GraphqlReply, ShopDomain, ask, error_codes};

const NAME: &str = "shopify.uninstall";
const MUTATION: &str = include_str!("../uninstall.graphql");

/// Uninstalls the app that the token belongs to.
///
/// # Errors
/// [`Refusal`]: it is not known to be uninstalled.
pub async fn uninstall(app: &App, version: &str, outbound: &Outbound, shop: &ShopDomain, access_token: &Secret) -> Result<(), Refusal> {
    let answer = ask(NAME, app, version, outbound, shop, access_token, &json!({ "query": MUTATION })).await.map_err(Refusal::of_call)?;
    if !answer.is_success() {
        return Err(Refusal::of_admin(&answer));
    }
    let reply: GraphqlReply = answer.json().ok_or(Refusal::Passing("provider_error"))?;
    let codes = error_codes(&reply.errors);
    if codes.is_empty() && reply.data.as_ref().is_some_and(is_done) {
        Ok(())
    } else {
        Err(Refusal::Passing(if codes.contains(&"THROTTLED") { "throttled" } else { "provider_error" }))
    }
}

/// Only an answer that lists no errors says so.
fn is_done(data: &Map<String, Value>) -> bool {
    data.get("appUninstall").and_then(|done| done.get("userErrors")?.as_array()).is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_answer_without_errors_is_a_success() {
        let done = |data: Value| data.as_object().is_some_and(is_done);
        assert!(done(json!({"appUninstall": {"userErrors": []}})));
        for other in [
            json!({}),
            json!({"appUninstall": null}),
            json!({"appUninstall": {}}),
            json!({"appUninstall": {"userErrors": null}}),
            json!({"appUninstall": {"userErrors": [{"field": null, "message": "Insufficient permissions"}]}}),
        ] {
            assert!(!done(other.clone()), "{other}");
        }
    }
}
