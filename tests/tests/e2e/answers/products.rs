//! Where the products come from: the catalog, the Admin API where that does not answer, and a
//! sentence where neither does.

use e2e::faults::{Fault, Times};
use e2e::shopify::{Throttling, graphql_throttled};
use serde_json::{Value, json};

use crate::answers::{BUSY, NOTHING, SHOP, Stage};

/// Makes a catalog fail.
type Way = Box<dyn Fn(&Stage)>;

/// How often the Admin API was asked for products.
fn searches(stage: &Stage) -> usize {
    let requests = stage.world.shopify.requests_of("graphql").into_iter();
    requests.filter(|request| String::from_utf8_lossy(&request.body).contains("query Products")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_api_answers_for_a_catalog_that_does_not_and_its_cards_are_the_same() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.hears("Do you sell a mug?").await;
    let cards = stage.cards_for(&asked.customer);
    assert_eq!((cards.as_array().map(Vec::len), searches(&stage)), (Some(2), 0));

    let shopify = &stage.world.shopify;
    let dead = |fault: Fault| move |stage: &Stage| stage.world.shopify.switch_on("catalog", fault.clone(), Times::Once);
    let error = json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32001, "message": "UCP discovery failed" } });
    let is_error = json!({ "jsonrpc": "2.0", "id": 1, "result": { "isError": true, "structuredContent": { "products": [] } } });
    let ways: [(&str, Way); 12] = [
        ("throttled by status", Box::new(|stage| stage.world.shopify.throttle_catalog(SHOP, Throttling::Status, 1))),
        ("throttled by error", Box::new(|stage| stage.world.shopify.throttle_catalog(SHOP, Throttling::Error, 1))),
        ("behind a password", Box::new(|stage| stage.world.shopify.protect(SHOP, true))),
        ("500", Box::new(dead(Fault::ServerError500))),
        ("a page", Box::new(dead(Fault::HtmlBody))),
        ("reset", Box::new(dead(Fault::Reset))),
        ("cut", Box::new(dead(Fault::TruncatedJson))),
        ("wrong types", Box::new(dead(Fault::WrongTypes))),
        ("too much", Box::new(dead(Fault::HugeBody))),
        ("elsewhere", Box::new(dead(Fault::Redirect))),
        ("an error", Box::new(dead(Fault::json(200, &error)))),
        ("an error of the tool", Box::new(dead(Fault::json(200, &is_error)))),
    ];
    for (number, (name, way)) in ways.iter().enumerate() {
        way(&stage);
        let asked = stage.hears("Do you sell a mug?").await;
        assert_eq!((stage.sent_to(&asked.customer).len(), stage.cards_for(&asked.customer)), (1, cards.clone()), "{name} {}", stage.told());
        assert_eq!(searches(&stage), number + 1, "{name}");
        shopify.protect(SHOP, false);
    }
    assert!(shopify.requests_of("redirected").is_empty(), "no token is taken elsewhere");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalog_that_hangs_is_given_up_in_time() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    stage.world.shopify.switch_on("catalog", Fault::Hang, Times::Once);
    let asked = stage.hears("Do you sell a mug?").await;
    assert_eq!(stage.sent_to(&asked.customer), ["Stoneware mug\nEnamel mug"], "{}", stage.told());
}

/// What is not for customers yet, and what no customer can open.
#[tokio::test(flavor = "multi_thread")]
async fn the_admin_api_shows_no_more_than_the_store_does() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    stage.world.shopify.edit_shop(SHOP, |shop| {
        for product in &mut shop.products {
            if product["title"] == "Enamel mug" {
                product["onlineStoreUrl"] = Value::Null;
            }
        }
    });
    stage.world.shopify.protect(SHOP, true);
    for (text, answer) in
        [("A mug?", "Stoneware mug"), ("Anything that is not for sale yet", NOTHING), ("status:draft OR vendor:*", NOTHING)]
    {
        let asked = stage.hears(text).await;
        assert_eq!(stage.sent_to(&asked.customer), [answer], "{text} {}", stage.told());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_neither_answers_the_customer_hears_that_and_the_message_does_not_come_again() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let denied = json!({ "data": { "products": null }, "errors": [{ "message": "Access denied for products field." }] });
    let faults = [Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody, graphql_throttled(), Fault::json(200, &denied)];
    for throttling in [Throttling::Status, Throttling::Error] {
        for fault in &faults {
            stage.world.shopify.throttle_catalog(SHOP, throttling, 1);
            stage.world.shopify.switch_on("graphql", fault.clone(), Times::Once);
            let asked = stage.hears("Do you sell a mug?").await;
            assert_eq!(stage.sent_to(&asked.customer), [BUSY], "{fault:?} {}", stage.told());
            stage.answers(&asked).await;
            assert_eq!(stage.sent_to(&asked.customer).len(), 1);
        }
    }
    stage.world.shopify.stop();
    let asked = stage.hears("Do you sell a mug?").await;
    assert_eq!(stage.sent_to(&asked.customer), [BUSY], "{}", stage.told());
}
