//! A customer asks, and the answer arrives: from the signed webhook to the conversation.

use e2e::facebook::Happening;
use e2e::gateway::Request;
use serde_json::{Value, json};

use crate::answers::{GREETING, NOTHING, Stage, batch};

/// The two mugs that every local store sells, as cards.
fn mugs(stage: &Stage) -> Value {
    let card = |title: &str, price: &str, handle: &str| {
        let button = json!({ "type": "web_url", "url": stage.store(&format!("/products/{handle}")), "title": "View in store" });
        let image = stage.store(&format!("/cdn/{handle}.png"));
        json!({ "title": title, "subtitle": price, "image_url": image, "buttons": [button] })
    };
    json!([card("Stoneware mug", "14.50 EUR", "stoneware-mug"), card("Enamel mug", "12.90 EUR", "enamel-mug")])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_with_cards_in_messenger_and_on_instagram() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    for account in [&stage.page, &stage.instagram] {
        let asked = stage.writes(account, "Do you have mugs?").await;
        stage.answers(&asked).await;
        assert_eq!(stage.sent_to(&asked.customer), ["Stoneware mug\nEnamel mug"], "{}", stage.told());
        assert_eq!(stage.cards_for(&asked.customer), mugs(&stage));
        let calls = stage.calls_for(&asked.customer);
        assert_eq!((calls.len(), &calls[0]["sender_action"]), (2, &json!("typing_on")));
        assert_eq!(calls[1]["messaging_type"], "RESPONSE");
    }
    // The token goes in a header, where no log of addresses has it.
    let token = crate::support::page_token(&stage.world, &stage.uuid, &stage.page);
    for request in stage.world.facebook.requests_of("send") {
        assert_eq!(request.header("authorization"), Some(&*format!("Bearer {token}")));
        assert!(!request.path_and_query.contains(&token));
    }
    stage.assert_wrote("", "answered\nanswered\n").await;
}

/// The catalog answers nobody who does not say who they are.
#[tokio::test(flavor = "multi_thread")]
async fn the_catalog_is_told_the_profile_that_this_service_serves() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    stage.hears("Do you have mugs?").await;
    let questions = stage.world.shopify.catalog_questions(crate::answers::SHOP);
    let [question] = &questions[..] else { panic!("{questions:?}") };
    let arguments = &question["params"]["arguments"];
    assert_eq!(arguments["catalog"], json!({ "query": "mugs" }), "no other word of the customer's goes there");
    let profile = arguments["meta"]["ucp-agent"]["profile"].as_str().unwrap();
    let path = profile.strip_prefix(stage.world.gateway().origin()).unwrap();
    let served = stage.world.gateway().send(&Request::get(path)).await;
    assert_eq!((served.status, served.header("content-type")), (200, Some("application/json")), "{}", served.text());
    assert_eq!(stage.world.shopify.requests_of("graphql").iter().filter(|request| is_for_products(&request.body)).count(), 0);
}

fn is_for_products(body: &[u8]) -> bool {
    String::from_utf8_lossy(body).contains("query Products")
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_else_a_customer_does_is_answered_with_a_sentence() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let postback = |title: &str| Happening::Postback { title: title.to_owned(), payload: "PRESSED".to_owned() };
    let cases = [
        (Happening::Text("Good morning!".to_owned()), GREETING),
        (Happening::Text("Grüß Gott".to_owned()), GREETING),
        (postback("Get Started"), GREETING),
        (Happening::Link { reference: "newsletter".to_owned() }, GREETING),
        (Happening::Text("Do you have any submarines?".to_owned()), NOTHING),
        (Happening::Text("???".to_owned()), "I'm the store's automated assistant, and I can search it for you. What are you looking for?"),
        (
            Happening::Picture("https://example.com/mine.jpg".to_owned()),
            "I'm an automated assistant and can't look at files. Could you tell me in a few words?",
        ),
        (postback("Rain jackets"), "Rain jacket"),
        (Happening::QuickReply { text: "Candles".to_owned(), payload: "CANDLES".to_owned() }, "Beeswax candle"),
    ];
    for account in [&stage.page, &stage.instagram] {
        for (happening, answer) in &cases {
            let asked = stage.does(account, happening).await;
            stage.answers(&asked).await;
            assert_eq!(stage.sent_to(&asked.customer), [*answer], "{happening:?} {}", stage.told());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_comes_twice_is_answered_once() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.hears("Do you have mugs?").await;
    stage.answers(&asked).await;
    assert_eq!(stage.bot.take(&batch([&asked, &asked])).await, 200);
    assert_eq!((stage.sent_to(&asked.customer).len(), stage.calls_for(&asked.customer).len()), (1, 2));
    // Meta delivers again what it was not sure of: the same event, and not a new one.
    let customer = stage.world.facebook.add_customer();
    let update = stage.world.facebook.update(&stage.page, &customer, &Happening::Text("A candle, please".to_owned()));
    let delivery = stage.world.facebook.webhook([update]);
    for _ in 0..2 {
        for event in stage.delivers(&delivery).await {
            assert_eq!(stage.bot.take(&event).await, 200);
        }
    }
    assert_eq!(stage.sent_to(&customer), ["Beeswax candle"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_of_the_queue_is_answered_message_by_message() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = [
        stage.writes(&stage.page, "Do you have mugs?").await,
        stage.writes(&stage.instagram, "hello").await,
        stage.writes(&stage.page, "A rain jacket?").await,
    ];
    assert_eq!(stage.bot.take(&batch(&asked)).await, 200, "{}", stage.told());
    let sent = asked.each_ref().map(|asked| stage.sent_to(&asked.customer));
    assert_eq!(sent, [["Stoneware mug\nEnamel mug"], [GREETING], ["Rain jacket"]]);
}

/// Prices in a currency without minor units, a title that is too long for a card, and more products
/// than cards.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_store_sells_becomes_cards_that_meta_takes() {
    use e2e::shopify::Product;
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    stage.world.shopify.edit_shop(crate::answers::SHOP, |shop| shop.currency = "JPY".to_owned());
    let long = format!("Hat {}", "ä".repeat(120));
    let mut products = vec![Product::new(&long, "Clothing", "Long.", 1250), Product::new("Hat", "Clothing", "Unseen.", 1).draft()];
    products.extend((1..=12).map(|number| Product::new(&format!("Hat no. {number}"), "Clothing", "One of many.", 1_234_000)));
    stage.world.shopify.set_products(crate::answers::SHOP, &products);
    let asked = stage.hears("I need a hat").await;
    assert_eq!(stage.sent_to(&asked.customer).len(), 1, "{}", stage.told());
    let cards = stage.cards_for(&asked.customer);
    assert_eq!(cards.as_array().map(Vec::len), Some(10));
    assert_eq!((cards[0]["title"].as_str().unwrap().chars().count(), &cards[0]["subtitle"]), (80, &json!("1,250 JPY")));
    assert_eq!(cards[1]["subtitle"], "1,234,000 JPY");
}
