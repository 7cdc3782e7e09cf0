//! Meta's SDKs: the same proof as ours, and the local Facebook as they see it.

use e2e::facebook::{Consent, Delivery, appsecret_proof};
use e2e::world::{World, WorldBuilder};
use serde_json::{Value, json};

use crate::counterparts::run::Counterparts;
use crate::support::{linked_pages, linked_shop};

const PAGES: usize = 5;

/// A store with five Pages of one person, and the person's token.
async fn linked(world: WorldBuilder) -> (World, Vec<String>, String) {
    let world = world.start().await;
    let person = world.facebook.add_person("Jo Doe");
    let pages: Vec<String> = (0..PAGES).map(|n| world.facebook.add_page(&person, &format!("Page {n} of Zoë ✓"))).collect();
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    let token = world.opened(&uuid, &format!("person#{person}"), "access_token");
    (world, pages, token)
}

/// RFC 9700 section 4.9, RFC 9700 section 4.10.
#[tokio::test(flavor = "multi_thread")]
async fn our_proofs_are_theirs() {
    let Some(counterparts) = Counterparts::find() else { return };
    let (world, _, token) = linked(World::builder()).await;
    // What the functions sent: the token in a header, the proof of token and time beside it.
    let sent: Vec<(String, String)> = world
        .facebook
        .requests()
        .iter()
        .filter_map(|request| {
            let token = request.header("authorization")?.strip_prefix("Bearer ")?.to_owned();
            Some((format!("{token}|{}", request.field("appsecret_time")?), request.field("appsecret_proof")?))
        })
        .collect();
    assert!(sent.len() > PAGES, "{sent:?}");
    let secret = world.setting("FACEBOOK_APP_SECRET");
    let mut signed: Vec<&str> = sent.iter().map(|(signed, _)| signed.as_str()).collect();
    signed.push(&token);
    let mut expected: Vec<String> = sent.iter().map(|(_, proof)| proof.clone()).collect();
    expected.push(appsecret_proof(&token, secret, None));
    let task = json!({ "task": "proofs", "secret": secret, "tokens": signed });
    assert_eq!(counterparts.python("meta.py", task.clone()).await, json!(expected));
    assert_eq!(counterparts.node("meta.mjs", task).await, json!({ "sdk": expected, "fb": expected }));
}

/// The escapes are Python's and the HMAC is that of Meta's SDK: no other code of Meta's makes one.
#[tokio::test]
async fn our_webhooks_are_escaped_and_signed_as_by_others() {
    let Some(counterparts) = Counterparts::find() else { return };
    let texts = ["äöå", "Zoë ✓ 😀 日本 \u{2028}", "\"quoted\" \\ \n\t\u{1}", "https://a/b?c=%20&d=<e>@f"];
    let payloads = texts.map(|text| json!({ "object": "page", "entry": [{ "id": "1", "messaging": [{ "message": { "text": text } }] }] }));
    let theirs = counterparts.python("meta.py", json!({ "task": "webhooks", "secret": "a secret", "payloads": payloads })).await;
    let ours = payloads.map(|payload| {
        let delivery = Delivery::of(&payload, "a secret");
        let signature = delivery.signature();
        json!([String::from_utf8(delivery.body).unwrap(), signature.strip_prefix("sha256=").unwrap()])
    });
    assert_eq!(theirs, json!(ours));
}

fn assert_pages(world: &World, pages: &[String], read: &Value) {
    let read = read.as_array().unwrap();
    let mut ids: Vec<&str> = read.iter().map(|page| page["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    let mut expected: Vec<&str> = pages.iter().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(ids, expected);
    for page in read {
        assert!(page["name"].as_str().unwrap().ends_with("Zoë ✓"), "{page}");
        assert!(world.facebook.accepts(page["access_token"].as_str().unwrap()), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sdks_read_the_pages_from_the_local_facebook() {
    let Some(counterparts) = Counterparts::find() else { return };
    let (world, pages, token) = linked(World::builder()).await;
    let (base, app_id, secret) = (world.facebook.url(), world.setting("FACEBOOK_APP_ID"), world.setting("FACEBOOK_APP_SECRET"));
    // Two at a time, so that both have to follow the cursors.
    let task = json!({ "task": "pages", "base": base, "app_id": app_id, "secret": secret, "token": token, "limit": 2 });
    let read = counterparts.python("meta.py", task).await;
    assert_pages(&world, &pages, &read);
    assert!(world.facebook.requests_of("accounts").len() > PAGES.div_ceil(2));
    // The SDK for Node.js makes proofs for server events alone. A list's first call carries the one that it is given.
    let proof = appsecret_proof(&token, secret, None);
    let task = json!({ "task": "pages", "base": base, "token": token, "proof": proof, "limit": 100 });
    assert_pages(&world, &pages, &counterparts.node("meta.mjs", task).await);

    // With a Page's own token, what a bot's author would do.
    let page = read[0]["id"].as_str().unwrap();
    let fields = ["messages", "messaging_postbacks"];
    let task = json!({
        "task": "subscribe", "base": base, "app_id": app_id, "secret": secret, "token": read[0]["access_token"], "page": page,
        "fields": fields,
    });
    let apps = counterparts.python("meta.py", task).await;
    let ours = apps.as_array().unwrap().iter().find(|app| app["id"] == app_id).unwrap_or_else(|| panic!("{apps}"));
    assert_eq!(ours["subscribed_fields"], json!(fields));
    assert_eq!(world.facebook.subscribed_fields(page), fields);
}

/// The next page's address carries no proof, and the SDK adds none (facebook-nodejs-business-sdk, issue 316).
#[tokio::test(flavor = "multi_thread")]
async fn the_sdk_for_node_follows_cursors_where_no_proof_is_required() {
    let Some(counterparts) = Counterparts::find() else { return };
    let (world, pages, token) = linked(World::builder().facebook_app(|app| app.require_proof = false)).await;
    let before = world.facebook.requests_of("accounts").len();
    let proof = appsecret_proof(&token, world.setting("FACEBOOK_APP_SECRET"), None);
    let task = json!({ "task": "pages", "base": world.facebook.url(), "token": token, "proof": proof, "limit": 2 });
    assert_pages(&world, &pages, &counterparts.node("meta.mjs", task).await);
    let asked = world.facebook.requests_of("accounts").split_off(before);
    let proofs: Vec<bool> = asked.iter().map(|request| request.field("appsecret_proof").is_some()).collect();
    assert_eq!(proofs, [true, false, false]);
}
