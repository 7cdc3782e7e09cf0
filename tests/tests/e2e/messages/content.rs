//! What an event says.

use std::collections::BTreeSet;

use e2e::facebook::{Delivery, Happening, Update};
use serde_json::{Value, json};

use crate::messages::{Linked, SHOP, measured, text};

fn reaction(is_taken_back: bool) -> Happening {
    Happening::Reaction { mid: "m_1".to_owned(), name: "love".to_owned(), emoji: "❤".to_owned(), is_taken_back }
}

#[tokio::test]
async fn each_kind_of_message_becomes_an_event_with_all_that_was_delivered() {
    let (linked, instagram) = Linked::with_instagram().await;
    let page = linked.pages[0].clone();
    for (account, platform) in [(&page, "facebook"), (&instagram, "instagram")] {
        for (happening, kind, words) in [
            (text("Habt ihr Töpfe? 🌵"), "text", Some("Habt ihr Töpfe? 🌵")),
            (Happening::Postback { title: "Start".to_owned(), payload: "START".to_owned() }, "postback", None),
            (Happening::QuickReply { text: "Red".to_owned(), payload: "RED".to_owned() }, "quick_reply", Some("Red")),
            (reaction(false), "reaction", None),
            (Happening::Link { reference: "summer".to_owned() }, "referral", None),
            (Happening::Ad { reference: "ad".to_owned(), ad_id: "7".to_owned() }, "referral", None),
            (Happening::Picture("https://example.com/a.jpg".to_owned()), "attachment", None),
            (Happening::Echo { text: "Hello".to_owned(), app_id: Some(1_234_567_890_123_456) }, "echo", Some("Hello")),
            (Happening::Standby(Box::new(text("Hi"))), "standby", Some("Hi")),
        ] {
            let customer = linked.world.facebook.add_customer();
            let update = linked.world.facebook.update(account, &customer, &happening);
            let told = linked.deliver(&linked.world.facebook.webhook([update.clone()])).await;
            let [told] = told.as_slice() else { panic!("{kind}: {told:?}") };
            assert_eq!((&told["platform"], &told["account"], &told["kind"]), (&json!(platform), &json!(account), &json!(kind)));
            assert_eq!((&told["user_uuid"], &told["shop"]), (&json!(linked.uuid), &json!(SHOP)));
            assert_eq!((told["text"].as_str(), &told["raw"]), (words, &update.element), "{told}");
            assert_eq!(told["sender"], update.element["sender"]["id"]);
            assert_eq!(told["event_id"].as_str().unwrap().len(), 64);
            assert!(told["at"].as_str().unwrap().ends_with('Z') && told.get("message_id").is_some());
            assert!(told.get("store_status").is_none() && told.get("truncated").is_none());
            assert_eq!(measured(&linked.world, "MessagesPut"), Some(1));
        }
    }
}

#[tokio::test]
async fn what_we_wrote_ourselves_and_what_says_nothing_is_left_out() {
    let linked = Linked::with_pages(1).await;
    let ours: u64 = linked.world.setting("FACEBOOK_APP_ID").parse().unwrap();
    for happening in
        [Happening::Echo { text: "Hello".to_owned(), app_id: Some(ours) }, Happening::Read, Happening::Delivered { mid: "m_1".to_owned() }]
    {
        assert_eq!(linked.told(&linked.pages[0], &happening).await, None);
    }
    let bus = &linked.world.bus;
    assert!(bus.requests_of(e2e::event_bus::PUT_EVENTS).is_empty(), "the bus is not even asked");
}

#[tokio::test]
async fn what_meta_repeats_has_the_same_id_and_nothing_else_has() {
    let linked = Linked::with_pages(2).await;
    let facebook = &linked.world.facebook;
    let [one, other] = [&linked.pages[0], &linked.pages[1]];
    let customer = facebook.add_customer();
    let update = facebook.update(one, &customer, &text("Hi"));
    let mut standby = facebook.update(one, &customer, &Happening::Standby(Box::new(text("Hi"))));
    standby.element["message"]["mid"] = update.element["message"]["mid"].clone();
    let first = linked.deliver(&facebook.webhook([update.clone()])).await;
    let again = linked.deliver(&facebook.webhook([update.clone()])).await;
    assert_eq!(first, again);
    let as_standby = linked.deliver(&facebook.webhook([standby])).await;
    assert_eq!((&as_standby[0]["kind"], &as_standby[0]["event_id"]), (&json!("standby"), &first[0]["event_id"]));
    let mut different = vec![first[0]["event_id"].clone()];
    let reacted = facebook.update(one, &customer, &reaction(false));
    let mut later = reacted.clone();
    later.element["timestamp"] = json!(later.element["timestamp"].as_u64().unwrap() - 1);
    let elsewhere = Update { account: other.clone(), ..update.clone() };
    for update in [reacted.clone(), later, facebook.update(one, &customer, &reaction(true)), elsewhere] {
        different.push(linked.deliver(&facebook.webhook([update])).await[0]["event_id"].clone());
    }
    let distinct: BTreeSet<String> = different.iter().map(Value::to_string).collect();
    assert_eq!(distinct.len(), different.len());
    assert_eq!(linked.deliver(&facebook.webhook([reacted])).await[0]["event_id"], different[1]);
}

#[tokio::test]
async fn what_is_too_large_for_the_bus_goes_without_what_was_delivered() {
    let linked = Linked::with_pages(1).await;
    let facebook = &linked.world.facebook;
    let customer = facebook.add_customer();
    let of = |length: usize| facebook.update(&linked.pages[0], &customer, &text(&"ä".repeat(length)));
    let told = linked.deliver(&facebook.webhook([of(1000)])).await;
    assert!(told[0].get("truncated").is_none());
    // Six bytes for each letter as Meta writes it, and two as text.
    let told = linked.deliver(&facebook.webhook([of(45_000), of(10), of(100_000)])).await;
    let lengths: Vec<usize> = told.iter().map(|told| told["text"].as_str().unwrap().chars().count()).collect();
    assert!(lengths[0] < 45_000 && lengths[1] == 10 && lengths[2] == lengths[0], "{lengths:?}");
    let truncated: Vec<bool> = told.iter().map(|told| told.get("raw").is_none() && told["truncated"] == true).collect();
    assert_eq!(truncated, [true, false, true]);
}

#[tokio::test]
async fn a_thousand_updates_of_a_week_are_split_and_what_is_older_is_dropped() {
    let linked = Linked::with_pages(3).await;
    let facebook = &linked.world.facebook;
    let updates = (0..1000).map(|n| facebook.update(&linked.pages[n % 3], &format!("{n}"), &text(&format!("message {n}"))));
    let told = linked.deliver(&facebook.webhook(updates)).await;
    let ids: BTreeSet<String> = told.iter().map(|told| told["event_id"].to_string()).collect();
    assert_eq!((told.len(), ids.len(), measured(&linked.world, "MessagesPut")), (1000, 1000, Some(1000)));
    assert_eq!(linked.world.bus.requests_of(e2e::event_bus::PUT_EVENTS).len(), 100);

    let at = |seconds: i64| {
        let mut update = facebook.update(&linked.pages[0], "7", &text("Hi"));
        update.element["timestamp"] = json!(update.element["timestamp"].as_i64().unwrap() + seconds * 1000);
        update
    };
    let week = 7 * 24 * 3600;
    let told = linked.deliver(&facebook.webhook([at(-week - 60), at(60 - week), at(0), at(60), at(120)])).await;
    assert_eq!((told.len(), measured(&linked.world, "MessagesDropped")), (3, Some(2)));
}

#[tokio::test]
async fn half_of_a_pair_of_surrogates_stops_nothing() {
    let linked = Linked::with_pages(1).await;
    let delivery = linked.world.facebook.webhook_about(&linked.pages[0], &text("half"));
    let body = String::from_utf8(delivery.body).unwrap().replace("half", "h\\ud83d");
    let told = linked.deliver(&Delivery { body: body.into_bytes(), secret: delivery.secret }).await;
    assert_eq!(told[0]["text"], "h\u{fffd}");
}
