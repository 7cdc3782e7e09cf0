//! `shopify.app.toml` says to Shopify what the template deploys.

use std::collections::BTreeSet;

use e2e::template::{Template, project_dir};
use e2e::world::HTTPS;

fn texts(value: &toml::Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

#[test]
fn the_apps_settings_are_those_of_the_template() {
    let text = std::fs::read_to_string(project_dir().join("shopify.app.toml")).unwrap();
    let app: toml::Value = toml::from_str(&text).unwrap();
    let template = Template::load();
    let parameters = &template.value()["Parameters"];
    assert_eq!(app["access_scopes"]["scopes"].as_str(), parameters["ShopifyScopes"]["Default"].as_str());
    assert_eq!(app["webhooks"]["api_version"].as_str(), parameters["ShopifyApiVersion"]["Default"].as_str());
    // Scopes stand in the authorize URL, and the app has a page of its own.
    assert_eq!((app["access_scopes"]["use_legacy_install_flow"].as_bool(), app["embedded"].as_bool()), (Some(true), Some(false)));

    let routes = template.routes();
    let leads_to = |method: &str, url: &str, function: &str| {
        let path = url.strip_prefix(HTTPS).unwrap_or_else(|| panic!("{url} is of another host"));
        let found = routes.iter().find(|route| route.method == method && route.pattern == path);
        assert_eq!(found.map(|route| route.function.as_str()), Some(function), "{method} {url}");
    };
    leads_to("GET", app["application_url"].as_str().unwrap(), "shopify-login");
    let redirects = texts(&app["auth"]["redirect_urls"]);
    assert_eq!(redirects.len(), 1);
    redirects.iter().for_each(|url| leads_to("GET", url, "shopify-callback"));
    let (mut topics, mut compliance) = (BTreeSet::new(), BTreeSet::new());
    for subscription in app["webhooks"]["subscriptions"].as_array().unwrap() {
        leads_to("POST", subscription["uri"].as_str().unwrap(), "shopify-webhooks");
        topics.extend(subscription.get("topics").map(texts).unwrap_or_default());
        compliance.extend(subscription.get("compliance_topics").map(texts).unwrap_or_default());
    }
    assert_eq!(topics, ["app/scopes_update", "app/uninstalled"].map(str::to_owned).into());
    assert_eq!(compliance, ["customers/data_request", "customers/redact", "shop/redact"].map(str::to_owned).into());
}
