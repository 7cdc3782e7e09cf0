//! The bot's agent profile: what it can do in the Universal Commerce Protocol (UCP).
//!
//! Shopify's catalog requires the URL of such a document with every request
//! (`meta.ucp-agent.profile`). It reads the document and offers what both sides support.
//!
//! Certain, from <https://shopify.dev/docs/agents/get-started/profile>: the version, and that
//! `capabilities` maps a name to a list of objects with a `version`. Certain, from UCP 2026-04-08
//! (`source/schemas/ucp.json`, `platform_schema`;
//! <https://ucp.dev/2026-04-08/specification/catalog/>): both names, `spec` and `schema` of each,
//! and that `services` and `payment_handlers` are required; the bot has neither. Not tried on a
//! live store: UCP also wants a profile to be cacheable for a minute, while every reply of this
//! service, including this one, says `no-store`.

use serde_json::{Value, json};

/// The version that Shopify's catalog has used since 2026-04.
const VERSION: &str = "2026-04-08";
/// Finding products, and looking up those found.
const CAPABILITIES: [&str; 2] = ["search", "lookup"];

/// The same for all callers.
pub(crate) fn document() -> Value {
    let capabilities = CAPABILITIES.map(|name| {
        let capability = json!({
            "version": VERSION,
            "spec": format!("https://ucp.dev/{VERSION}/specification/catalog/{name}"),
            "schema": format!("https://ucp.dev/{VERSION}/schemas/shopping/catalog_{name}.json"),
        });
        (format!("dev.ucp.shopping.catalog.{name}"), json!([capability]))
    });
    let capabilities = Value::Object(capabilities.into_iter().collect());
    json!({ "ucp": { "version": VERSION, "services": {}, "capabilities": capabilities, "payment_handlers": {} } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_names_both_catalog_capabilities_in_one_version() {
        let ucp = &document()["ucp"];
        assert_eq!(ucp["version"], "2026-04-08");
        assert_eq!((&ucp["services"], &ucp["payment_handlers"]), (&json!({}), &json!({})));
        for (name, schema) in [("search", "catalog_search"), ("lookup", "catalog_lookup")] {
            let capability = &ucp["capabilities"][format!("dev.ucp.shopping.catalog.{name}")];
            let expected = json!([{
                "version": "2026-04-08",
                "spec": format!("https://ucp.dev/2026-04-08/specification/catalog/{name}"),
                "schema": format!("https://ucp.dev/2026-04-08/schemas/shopping/{schema}.json"),
            }]);
            assert_eq!(capability, &expected);
        }
        assert_eq!(ucp["capabilities"].as_object().map(serde_json::Map::len), Some(2));
    }
}
