//! Nothing that a customer wrote, nobody's id and no token is in what the bot writes, whatever
//! becomes of a message.

use e2e::facebook::Happening;
use e2e::faults::{Fault, Times};
use e2e::gate::until;
use e2e::search::Secrets;
use e2e::shopify::Throttling;
use serde_json::json;

use crate::answers::{SHOP, Stage, batch};

/// In every message, and nowhere else.
const WORDS: &str = "MARKEDWORDS7";

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_writes_no_words_no_sender_and_no_token() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let (facebook, shopify) = (&stage.world.facebook, &stage.world.shopify);
    let mut secrets = Secrets::default();
    secrets.add("words", WORDS);
    secrets.add_all("secret", stage.world.secrets());
    let happenings = [
        Happening::Text(format!("Do you have a {WORDS} mug?")),
        Happening::Postback { title: WORDS.to_owned(), payload: WORDS.to_owned() },
        Happening::QuickReply { text: WORDS.to_owned(), payload: WORDS.to_owned() },
        Happening::Link { reference: WORDS.to_owned() },
        Happening::Picture(format!("https://example.com/{WORDS}.jpg")),
        Happening::Echo { text: WORDS.to_owned(), app_id: None },
    ];
    let refused = json!({ "error": { "message": format!("(#100) {WORDS} is no {WORDS}"), "code": 100 } });
    let broken = json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": -32000, "message": WORDS } });
    for account in [&stage.page, &stage.instagram] {
        for happening in &happenings {
            let asked = stage.does(account, happening).await;
            secrets.add("customer", &asked.customer);
            let mut elsewhere = asked.event.clone();
            elsewhere["detail"]["account"] = "100000000009999".into();
            elsewhere["detail"]["event_id"] = "another".into();
            stage.bot.take(&elsewhere).await;
            for fault in [Fault::ServerError500, Fault::HtmlBody, Fault::Reset] {
                facebook.switch_on("send", fault, Times::Exactly(2));
                stage.bot.take(&asked.event).await;
                facebook.clear_faults();
            }
            shopify.throttle_catalog(SHOP, Throttling::Error, 1);
            shopify.switch_on("graphql", Fault::json(200, &broken), Times::Once);
            stage.answers(&asked).await;
            shopify.clear_faults();
            let refusing = stage.does(account, happening).await;
            secrets.add("customer", &refusing.customer);
            facebook.switch_on("send", Fault::json(400, &refused), Times::Exactly(2));
            assert_eq!(stage.bot.take(&batch([&refusing])).await, 200);
            facebook.clear_faults();
        }
    }
    // What is no event, or half of one.
    for event in [json!([WORDS]), json!({ WORDS: WORDS }), json!({ "Records": [{ "messageId": "1", "body": WORDS }] })] {
        stage.bot.take(&event).await;
    }
    let half = json!({ "detail": { "platform": "facebook", "kind": "text", "text": WORDS, "event_id": "half", "account": WORDS } });
    stage.bot.take(&half).await;
    // With its last word everything has come through the pipe.
    until("the bot has said all", || stage.bot.written().ends_with("invalid_request\n")).await;
    let written = stage.bot.written();
    assert!(["answered", "meta_1", "meta_0", "not_found", "not_accepted"].iter().all(|word| written.contains(word)), "{written}");
    secrets.assert_not_in("what the bot writes", &written);
    secrets.assert_not_in("what the functions write", stage.world.logs());
    for item in stage.world.database.dump() {
        assert!(!item.contains(WORDS), "{item:?}");
    }
}
