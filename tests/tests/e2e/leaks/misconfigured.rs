//! A value that can't be used is not shown: not in the reply, and in the log only by its variable's name.

use e2e::world::World;
use serde_json::Value;

use crate::leaks::trace::MARKER;

#[tokio::test(flavor = "multi_thread")]
async fn an_unusable_value_stands_neither_in_reply_nor_log() {
    for (name, value) in [
        ("STATE_TOKEN_SECRET", MARKER.to_owned()),
        ("STATE_TOKEN_SECRET", format!("placeholder-{MARKER}-0123456789abcdef0123456789")),
        ("STATE_TOKEN_SECRET_PREVIOUS", MARKER.to_owned()),
        ("TOKEN_ENCRYPTION_KEYS", format!("k1:{MARKER}")),
        ("TOKEN_ENCRYPTION_KEYS", MARKER.to_owned()),
        ("SHOPIFY_API_KEY", format!("{MARKER} \u{e9}")),
        ("SHOPIFY_API_SECRET", format!("changeme-{MARKER}")),
        ("SHOPIFY_SCOPES", format!("{MARKER}!")),
        ("SHOPIFY_API_VERSION", MARKER.to_owned()),
        ("SHOPIFY_REDIRECT_URI", format!("http://{MARKER}.example/shopify/callback")),
        ("SHOPIFY_ENDPOINT_URL", format!("https://{MARKER}.example")),
        ("FACEBOOK_APP_ID", MARKER.to_owned()),
        ("FACEBOOK_APP_SECRET", format!("changeme-{MARKER}")),
        ("FACEBOOK_SCOPES", format!("{MARKER}!")),
        ("FACEBOOK_API_VERSION", MARKER.to_owned()),
        ("FACEBOOK_CONFIG_ID", MARKER.to_owned()),
        ("FACEBOOK_REDIRECT_URI", format!("http://{MARKER}.example/facebook/callback")),
        ("BRAND_NAME", format!("{MARKER}\u{200b}")),
        ("SUPPORT_URL", format!("http://{MARKER}.example")),
        ("PRIVACY_URL", format!("mailto:{MARKER}@a.example")),
        ("RETURN_URL", format!("https://{MARKER}.example/?status=1")),
        ("FACEBOOK_GRAPH_ENDPOINT_URL", format!("http://{MARKER}.example")),
        ("FACEBOOK_DIALOG_ENDPOINT_URL", format!("http://{MARKER}.example")),
    ] {
        let world = World::builder().env(name, &value).start().await;
        let browser = world.browser();
        let mut refused = 0;
        for path in ["/shopify/acme/login", "/shopify/callback", "/facebook/login", "/facebook/callback"] {
            let reply = browser.get(path).await;
            assert!(!reply.text().contains(MARKER) && !reply.text().contains(name), "{name}: {}", reply.text());
            assert!(!format!("{:?}", reply.reply().headers).contains(MARKER), "{name}: {:?}", reply.reply().headers);
            refused += usize::from(reply.code().as_deref() == Some("misconfigured"));
        }
        assert!(refused > 0, "no function refused {name}={value}");
        let logs = world.logs();
        assert!(!logs.contains(MARKER), "{name}: {logs}");
        let causes: Vec<Value> = logs.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let named = causes.iter().filter(|line| line["cause"].as_str().is_some_and(|cause| cause.contains(name))).count();
        assert!(named >= refused, "the log names {name} {named} times for {refused} refusals");
    }
}
