//! What is not for the bot, and what is no longer.

use e2e::facebook::Happening;
use serde_json::Value;

use crate::answers::Stage;

fn text(text: &str) -> Happening {
    Happening::Text(text.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_s_words_and_another_app_s_conversation_are_left_alone() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.hears("Do you have mugs?").await;
    let reaction =
        Happening::Reaction { mid: "m_1".to_owned(), name: "love".to_owned(), emoji: "\u{2764}".to_owned(), is_taken_back: false };
    let happenings = [
        Happening::Echo { text: "We have mugs!".to_owned(), app_id: None },
        Happening::Echo { text: "Another bot's mugs".to_owned(), app_id: Some(4711) },
        Happening::Standby(Box::new(text("Do you have mugs?"))),
        reaction,
    ];
    for account in [&stage.page, &stage.instagram] {
        let mut kinds = Vec::new();
        for happening in &happenings {
            let update = stage.world.facebook.update(account, &asked.customer, happening);
            for event in stage.delivers(&stage.world.facebook.webhook([update])).await {
                assert_eq!(stage.bot.take(&event).await, 200, "{happening:?}");
                kinds.push(event["detail"]["kind"].as_str().unwrap().to_owned());
            }
        }
        assert_eq!(kinds, ["echo", "echo", "standby", "reaction"], "the bot hears of all of it");
    }
    assert_eq!((stage.calls_for(&asked.customer).len(), stage.world.facebook.requests_of("send").len()), (2, 2));
    stage.assert_wrote("", "answered\n").await;
}

/// The app's own message comes back as an echo where it listens to that: nobody is told of it.
#[tokio::test(flavor = "multi_thread")]
async fn its_own_answer_is_no_question() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.hears("Do you have mugs?").await;
    let app_id = stage.world.setting("FACEBOOK_APP_ID").parse().ok();
    let echo = Happening::Echo { text: "Stoneware mug".to_owned(), app_id };
    let update = stage.world.facebook.update(&stage.page, &asked.customer, &echo);
    let events = stage.delivers(&stage.world.facebook.webhook([update])).await;
    assert_eq!((events.len(), stage.sent_to(&asked.customer).len()), (0, 1), "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_event_of_the_bus_is_refused_and_the_next_one_answered() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    for (event, status) in [
        (Value::Null, 400),
        (serde_json::json!({}), 500),
        (serde_json::json!({ "detail": {} }), 200),
        (serde_json::json!({ "detail": { "platform": "facebook", "kind": "text" } }), 500),
        (serde_json::json!({ "detail": { "platform": "carrier pigeon", "kind": "text" } }), 200),
        (serde_json::json!({ "Records": [{ "messageId": "1", "body": "no JSON" }] }), 500),
        (serde_json::json!({ "Records": [] }), 200),
    ] {
        assert_eq!(stage.bot.take(&event).await, status, "{event}");
    }
    let asked = stage.hears("Do you have mugs?").await;
    assert_eq!(stage.sent_to(&asked.customer).len(), 1);
}
