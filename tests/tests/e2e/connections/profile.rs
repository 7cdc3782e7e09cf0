//! The bot's agent profile, for Shopify's catalog: the same for everybody, and nothing is read for it.

use e2e::browser::Accept;
use e2e::world::World;
use serde_json::json;

const PROFILE: &str = "/.well-known/ucp-profile.json";

#[tokio::test]
async fn anybody_reads_the_same_profile_and_no_table_is_asked() {
    let world = World::start().await;
    let browser = world.browser();
    world.database.reset_usage();
    let read = browser.get(PROFILE).await;
    assert_eq!((read.status(), read.header("content-type")), (200, Some("application/json")), "{}", read.text());
    assert_eq!(read.header("cache-control"), Some("no-store"));
    assert!(read.set_cookies().is_empty() && read.header("vary").is_none());
    let ucp = &read.json()["ucp"];
    assert_eq!(ucp["version"], "2026-04-08");
    for name in ["search", "lookup"] {
        assert_eq!(ucp["capabilities"][format!("dev.ucp.shopping.catalog.{name}")][0]["version"], json!("2026-04-08"));
    }
    // It is a document for programs, whoever looks at it and with whatever session.
    for accept in [Accept::Html, Accept::Json] {
        let again = browser.copied().accepting(accept).get(&format!("{PROFILE}?shop=acme")).await;
        assert_eq!((again.status(), again.text(), again.header("content-type")), (200, read.text(), Some("application/json")));
    }
    assert_eq!(world.database.usage().total().calls, 0);
    assert!(world.shopify.requests().is_empty() && world.facebook.requests().is_empty());
}
