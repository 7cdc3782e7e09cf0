//! What is linked and works.

use serde_json::json;

use super::super::reading::{Act, Reading};
use super::super::stage::{Merchant, keeper, pages, people, read_leave};
use crate::browser::Accept;
use crate::facebook::{Consent, Quirk};
use crate::faults::{Fault, Times};
use crate::world::World;

/// As a page of ours names it.
const OWN_LOGIN: &str = "/facebook/login?shop=acme.myshopify.com";

/// Longer ago than any link, in seconds.
const BEFORE: u32 = 5000;

/// Three Pages: one whose messages arrive, one whose do not, one of which Facebook does not tell
/// who shares its conversations.
pub(super) async fn linked(world: &World) -> Vec<Reading> {
    let jo = world.facebook.add_person("Jo Doe");
    let names = ["Acme Store", "Acme Outlet", "Acme Archive", "Acme Wholesale"];
    let [ready, shared, silent, later] = pages(world, &jo, names);
    world.facebook.set_thread_routing(&shared, Some(true));
    world.facebook.set_thread_routing(&silent, None);
    world.facebook.set_quirks([Quirk::SubscriptionNotKept(shared.clone())]);
    let acme = Merchant::with_pages(world, "acme", &jo, &[&ready, &shared, &silent]).await;
    acme.links_again().await;
    let other = Merchant::links(world, "other").await;
    let kim = world.facebook.add_person("Kim Roe");
    let kims = world.facebook.add_page(&kim, "Kim's");
    let leaver = Merchant::with_pages(world, "leaver", &kim, &[&kims]).await;
    leaver.links_again().await;

    // Each platform fails once, so that a state is noted as failed.
    world.facebook.switch_on("code_exchange", Fault::ServerError500, Times::Once);
    let failed = world.link_pages(&other.browser, &Consent::of(&jo)).await;
    assert_eq!(failed.status(), 502, "{}", failed.text());
    world.shopify.switch_on("token", Fault::ServerError500, Times::Once);
    let failed = world.link_shop(&world.browser(), "other").await;
    assert_eq!(failed.status(), 502, "{}", failed.text());

    vec![
        Reading::tokens(json!({ "page_id": ready })),
        Reading::tokens(json!({ "page_id": shared })),
        Reading::tokens(json!({ "page_id": later })),
        acme.read_tokens(),
        Reading::tokens(json!({ "user_uuid": acme.uuid })),
        other.read_tokens(),
        acme.read_list(),
        other.read_list(),
        acme.read_disconnect("facebook", &shared).await,
        acme.read_list(),
        Reading::open("a login from elsewhere", "/facebook/login?move=1", &other.cookies()),
        acme.relinks_pages(OWN_LOGIN, &jo, &[&ready, &shared, &silent, &later]),
        acme.read_list(),
        acme.relinks(),
        other.relinks(),
        Reading::keeper(),
        acme.read_tokens(),
        leaver.read_webhook("app/uninstalled", BEFORE),
        leaver.read_disconnect("shopify", &leaver.shop()).await,
        leaver.read_list(),
        leaver.read_webhook("app/uninstalled", 0),
        leaver.read_tokens(),
        read_leave("/facebook/data-deletion", &kim, BEFORE),
        read_leave("/facebook/data-deletion", &kim, 0),
        leaver.read_webhook("shop/redact", BEFORE),
        leaver.read_webhook("shop/redact", 0),
        other.read_sign_out().await,
        other.read_list(),
        Reading::keeper(),
    ]
}

/// One Page moved from one store to another, and another one was left where it is.
pub(super) async fn held(world: &World) -> Vec<Reading> {
    let jo = world.facebook.add_person("Jo Doe");
    let [moved, left, free] = pages(world, &jo, ["Acme Store", "Acme Outlet", "Acme Archive"]);
    let acme = Merchant::with_pages(world, "acme", &jo, &[&moved, &left]).await;
    let second = Merchant::links(world, "second").await;
    second.moves_page(&jo, &moved, &[&moved, &left]).await;
    acme.links_again().await;
    let third = Merchant::links(world, "third").await;
    let page = third.links_pages(&jo, &[&moved, &left, &free]).await;
    assert_eq!(page.json()["warnings"].as_array().map(Vec::len), Some(2), "{}", page.text());
    let way = world.move_login(&third.browser, [&left]).await;
    let asks = format!("/facebook/login?move={left},{moved}");
    let page = third.browser.copied().accepting(Accept::Html).get(&asks).await;
    assert!(page.text().contains("Acme Outlet"), "the session knows its name: {}", page.text());

    let asks = Act::Open { target: asks, cookies: third.cookies(), html: true };
    vec![
        acme.read_list(),
        third.read_list(),
        Reading::tokens(json!({ "page_id": moved })),
        Reading::new("which Pages were left behind", asks),
        third.relinks_pages(&way, &jo, &[&moved, &left, &free]),
        acme.read_list(),
        Reading::tokens(json!({ "page_id": left })),
        acme.read_tokens(),
        read_leave("/facebook/deauthorize", &jo, BEFORE),
        read_leave("/facebook/deauthorize", &jo, 0),
        acme.read_list(),
        Reading::tokens(json!({ "page_id": left })),
        Reading::keeper(),
    ]
}

/// Facebook Login for Business: one portfolio that the keeper has looked after, one that is due.
pub(super) async fn business(world: &World) -> Vec<Reading> {
    let [jo, kim] = people(world, ["Jo Doe", "Kim Roe"]);
    let [first] = pages(world, &jo, ["Acme Store"]);
    let [second] = pages(world, &kim, ["Other Store"]);
    let acme = Merchant::with_pages(world, "acme", &jo, &[&first]).await;
    let other = Merchant::with_pages(world, "other", &kim, &[&second]).await;
    acme.is_due(&format!("person#9{jo}")).await;
    keeper(world).await;
    // The second walk is over as well.
    world.set_number("keeper", "resealing", "again_at", 1).await;
    keeper(world).await;
    other.is_due(&format!("person#9{kim}")).await;
    acme.links_again().await;
    vec![
        acme.read_tokens(),
        other.read_tokens(),
        acme.read_list(),
        Reading::keeper(),
        acme.relinks_pages("/facebook/login", &jo, &[&first]),
        other.read_tokens(),
    ]
}

/// Two Pages with an Instagram account each; one of the permissions is said to hold for no such
/// account.
pub(super) async fn instagram(world: &World) -> Vec<Reading> {
    let jo = world.facebook.add_person("Jo Doe");
    let [first, second] = pages(world, &jo, ["Acme Store", "Acme Outlet"]);
    let account = world.facebook.link_instagram(&first, "acme.store");
    world.facebook.link_instagram(&second, "acme.outlet");
    let acme = Merchant::with_pages(world, "acme", &jo, &[&first, &second]).await;
    let for_none = Fault::edit(|answer| {
        answer["data"]["granular_scopes"] = json!([{ "scope": "instagram_basic", "target_ids": [] }]);
    });
    world.facebook.switch_on("debug_token", for_none, Times::UntilCleared);
    acme.is_due(&format!("person#{jo}")).await;
    keeper(world).await;
    world.facebook.clear_faults();
    acme.is_due(&format!("person#{jo}")).await;
    acme.links_again().await;
    vec![
        Reading::tokens(json!({ "instagram_id": account })),
        acme.read_tokens(),
        acme.read_list(),
        Reading::keeper(),
        acme.relinks_pages("/facebook/login", &jo, &[&first, &second]),
        acme.read_disconnect("facebook", &second).await,
        acme.read_tokens(),
        read_leave("/facebook/data-deletion", &jo, 0),
        Reading::tokens(json!({ "instagram_id": account })),
    ]
}
