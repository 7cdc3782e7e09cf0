//! At the local Shopify: as it is, and with one belief broken at a time.

use super::*;
use crate::faults::{Fault, Times};
use crate::settings::{fresh_credentials, redirect_uris, variables};
use crate::shopify::{Approval, LocalShopify, Misbehaviour, ShopifyApp};
use crate::template::project_dir;

const SHOP: &str = "acme.myshopify.com";

fn shopify() -> (LocalShopify, Variables) {
    let mut settings = fresh_credentials();
    settings.extend(redirect_uris("http://localhost:9000"));
    let of = |name: &str| settings[name].clone();
    let app = ShopifyApp::new(&of("SHOPIFY_API_KEY"), &of("SHOPIFY_API_SECRET"), &of("SHOPIFY_REDIRECT_URI"));
    let shopify = LocalShopify::start(app);
    settings.extend(variables([("SHOPIFY_ENDPOINT_URL", shopify.url())]));
    (shopify, settings)
}

async fn walked(shopify: &LocalShopify, settings: &Variables, approval: &Approval) -> Report {
    let clock = Clock::system();
    let approve = async |url: String| {
        let callback = shopify.approve_with(&url, approval)?;
        Ok(callback.split_once('?').unwrap().1.to_owned())
    };
    walk(settings, SHOP, &clock, approve).await.unwrap()
}

#[tokio::test]
async fn the_local_shopify_is_as_we_believe_and_the_report_holds_no_secret() {
    let (shopify, settings) = shopify();
    let report = walked(&shopify, &settings, &Approval::default()).await;
    let text = report.text();
    assert_eq!(report.differing(), [""; 0], "{text}");
    assert!(BELIEFS.iter().all(|belief| report.mentions(belief)), "{text}");
    let secrets = shopify.issued_secrets();
    assert!(secrets.len() > 4 && secrets.iter().all(|secret| !text.contains(secret.as_str())), "{text}");
    assert!(!text.contains(&settings["SHOPIFY_API_SECRET"]) && !text.contains(SHOP), "{text}");
}

/// After so many calls as they should be.
fn later(shopify: &LocalShopify, call: &str, calls: u32, fault: Fault) {
    if calls > 0 {
        shopify.switch_on(call, Fault::edit(|_| {}), Times::Exactly(calls));
    }
    shopify.switch_on(call, fault, Times::Once);
}

#[tokio::test]
async fn each_belief_that_is_broken_is_told_and_no_other() {
    let edit = |edit: fn(&mut Value)| Fault::edit(edit);
    let refused = || Fault::json(401, &json!({ "error": "invalid_request" }));
    let pair = || Fault::json(200, &json!({ "access_token": "a", "refresh_token": "r", "expires_in": 3600, "scope": "" }));
    let cases: [(&str, &str, u32, Fault); 10] = [
        ("lifetimes", "token", 0, edit(|reply| reply["expires_in"] = json!(7200))),
        ("access-token", "token", 0, edit(|reply| reply["associated_user"] = json!({ "id": 1 }))),
        ("scopes", "token", 0, edit(|reply| reply["scope"] = json!("read_products"))),
        ("identity", "graphql", 0, edit(|reply| reply["data"]["shop"]["id"] = json!(7))),
        ("refresh", "refresh", 0, edit(|reply| reply["refresh_token"] = Value::Null)),
        ("refresh-again", "refresh", 1, refused()),
        ("refresh-spent", "refresh", 3, pair()),
        ("refresh-spent", "refresh", 3, Fault::json(400, &json!({ "error": "invalid_grant" }))),
        ("code-once", "token", 1, pair()),
        ("code-once", "token", 1, Fault::ServerError500),
    ];
    for (belief, call, calls, fault) in cases {
        let (shopify, settings) = shopify();
        later(&shopify, call, calls, fault);
        let report = walked(&shopify, &settings, &Approval::default()).await;
        assert_eq!(report.differing(), [belief], "{}", report.text());
    }
    for (belief, misbehaviour) in [("callback-form", Misbehaviour::TamperedHmac), ("callback-time", Misbehaviour::StaleTimestamp)] {
        let (shopify, settings) = shopify();
        let approval = Approval { misbehaviour: Some(misbehaviour), ..Approval::default() };
        assert_eq!(walked(&shopify, &settings, &approval).await.differing(), [belief]);
    }
}

#[tokio::test]
async fn another_version_and_another_parameter_are_told() {
    // One that has ended is served by the oldest that lives.
    let (shopify, mut settings) = shopify();
    settings.extend(variables([("SHOPIFY_API_VERSION", "2020-01".to_owned())]));
    assert_eq!(walked(&shopify, &settings, &Approval::default()).await.differing(), ["version"]);

    let (shopify, settings) = self::shopify();
    let approve = async |url: String| {
        let callback = shopify.approve(&url);
        let query = callback.split_once('?').unwrap().1;
        let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let others = pairs.iter().filter(|(name, _)| name != "hmac").map(|(name, value)| (name.as_str(), value.as_str()));
        Ok(shopify.sign_query(&others.chain([("locale", "en")]).collect::<Vec<_>>()))
    };
    let report = walk(&settings, SHOP, &Clock::system(), approve).await.unwrap();
    assert_eq!(report.differing(), ["callback-parameters"], "{}", report.text());
}

#[tokio::test]
async fn without_a_pair_there_is_nothing_to_refresh() {
    let (shopify, settings) = shopify();
    let bare =
        Fault::edit(|reply| ["refresh_token", "expires_in", "refresh_token_expires_in"].iter().for_each(|name| reply[*name] = Value::Null));
    shopify.switch_on("token", bare, Times::Once);
    let report = walked(&shopify, &settings, &Approval::default()).await;
    assert_eq!(report.differing(), ["expiring-pair", "lifetimes"]);
    assert_eq!(report.text().matches("not seen").count(), 4, "{}", report.text());
}

#[tokio::test]
async fn each_form_of_the_signed_text_is_named() {
    for (canonical, name) in FORMS {
        let (shopify, settings) = shopify();
        let report = walked(&shopify, &settings, &Approval { canonical, ..Approval::default() }).await;
        assert!(report.text().contains(name), "{}", report.text());
    }
}

#[tokio::test]
async fn a_callback_of_another_run_ends_the_walk() {
    let (_shopify, settings) = shopify();
    let walk = walk(&settings, SHOP, &Clock::system(), async |_| Ok("code=x&state=y".to_owned())).await;
    assert_eq!(walk.unwrap_err(), "This callback belongs to another run.");
}

/// Whoever reads the open questions finds all of them here, and the other way round.
#[test]
fn the_beliefs_are_the_open_questions_of_the_documentation() {
    let text = std::fs::read_to_string(project_dir().join("docs/counterparts.md")).unwrap();
    let (_, section) = text.split_once("\n## Open questions\n").unwrap();
    let (_, section) = section.split_once("\n**Shopify**\n").unwrap();
    let told: Vec<&str> = section.lines().skip(1).map_while(|line| line.strip_prefix("- ")).collect();
    assert_eq!(told, BELIEFS.iter().map(|belief| belief.text).collect::<Vec<_>>());
}
