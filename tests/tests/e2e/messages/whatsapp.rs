//! What customers write to phone numbers.

use std::collections::BTreeSet;

use e2e::event_bus::PUT_EVENTS;
use e2e::facebook::{Change, Contact, Delivery, Meaning, Said, WhatsAppConsent, whatsapp_payload};
use e2e::world::{World, WorldBuilder};
use serde_json::{Value, json};

use crate::messages::{Linked, SHOP, measured, text};

/// A merchant with one Page and one number.
struct Numbers {
    linked: Linked,
    account: String,
    number: String,
}

impl Numbers {
    async fn in_world(world: WorldBuilder) -> Self {
        let linked = Linked::begun(world.start().await, 1).await;
        let facebook = &linked.world.facebook;
        let business = facebook.add_business(&linked.person, "Acme Inc.");
        let account = facebook.add_account(&business, "Acme");
        let number = facebook.add_number(&account, "+1 631-555-0101");
        let page = linked.world.link_numbers(&linked.browser, &WhatsAppConsent::of(&business)).await;
        assert_eq!(page.status(), 200, "{}", page.text());
        Self { linked, account, number }
    }

    async fn start() -> Self {
        Self::in_world(World::builder().whatsapp_apart()).await
    }

    fn update(&self, contact: &Contact, said: &Said) -> Change {
        self.linked.world.facebook.number_update(&self.number, contact, said)
    }

    async fn told(&self, said: &Said) -> Vec<Value> {
        self.linked.deliver(&self.linked.world.facebook.whatsapp_webhook_about(&self.number, said)).await
    }
}

fn failed(message_id: &str) -> Said {
    Said::Status { message_id: message_id.to_owned(), status: "failed", error: Some(131_026) }
}

#[tokio::test]
async fn each_kind_of_message_to_a_number_becomes_an_event() {
    let numbers = Numbers::start().await;
    let answer = |id: &str, title: &str| Said::ButtonReply { id: id.to_owned(), title: title.to_owned() };
    let (id, title) = ("blue".to_owned(), "Blue".to_owned());
    for (said, kind, words) in [
        (Said::Text("Habt ihr Töpfe? 🌵".to_owned()), "text", Some("Habt ihr Töpfe? 🌵")),
        (answer("yes", "Yes"), "quick_reply", Some("Yes")),
        (Said::ListReply { id, title, description: None }, "quick_reply", Some("Blue")),
        (Said::TemplateButton { text: "Stop".to_owned(), payload: "STOP".to_owned() }, "quick_reply", Some("Stop")),
        (Said::Image { media_id: "7".to_owned(), caption: None }, "attachment", None),
        (Said::Image { media_id: "7".to_owned(), caption: Some("This one".to_owned()) }, "attachment", Some("This one")),
        (Said::Ad { text: "More info?".to_owned(), source_id: "1".to_owned() }, "text", Some("More info?")),
        (Said::Reaction { message_id: "wamid.X".to_owned(), emoji: Some("❤".to_owned()) }, "reaction", None),
        (Said::Other(json!({ "type": "unsupported", "errors": [{ "code": 131_051 }] })), "other", None),
        (failed("wamid.S"), "failed", None),
    ] {
        for contact in [numbers.linked.world.facebook.add_contact(), numbers.linked.world.facebook.add_hidden_contact()] {
            let update = numbers.update(&contact, &said);
            let told = numbers.linked.deliver(&numbers.linked.world.facebook.whatsapp_webhook([update.clone()])).await;
            let [told] = told.as_slice() else { panic!("{kind}: {told:?}") };
            assert_eq!((&told["platform"], &told["account"], &told["kind"]), (&json!("whatsapp"), &json!(numbers.number), &json!(kind)));
            assert_eq!((&told["user_uuid"], &told["shop"]), (&json!(numbers.linked.uuid), &json!(SHOP)));
            let list = if kind == "failed" { "statuses" } else { "messages" };
            let element = &update.value[list][0];
            assert_eq!((told["text"].as_str(), &told["raw"], &told["message_id"]), (words, element, &element["id"]), "{told}");
            assert_eq!(told["sender"], contact.wa_id.unwrap_or(contact.user_id));
            assert_eq!(told["event_id"].as_str().unwrap().len(), 64);
            assert_eq!(measured(&numbers.linked.world, "MessagesPut"), Some(1));
        }
    }
}

#[tokio::test]
async fn other_statuses_and_numbers_of_nobody_s_bring_nothing() {
    let numbers = Numbers::start().await;
    for status in ["sent", "delivered", "read"] {
        let status = Said::Status { message_id: "wamid.S".to_owned(), status, error: None };
        assert_eq!(numbers.told(&status).await, Vec::<Value>::new());
    }
    assert!(numbers.linked.world.bus.requests_of(PUT_EVENTS).is_empty(), "the bus is not even asked");
    let facebook = &numbers.linked.world.facebook;
    let other = facebook.add_number(&numbers.account, "+1 631-555-0199");
    let told = numbers.linked.deliver(&facebook.whatsapp_webhook_about(&other, &Said::Text("Hi".to_owned()))).await;
    assert_eq!((told.len(), measured(&numbers.linked.world, "MessagesDropped")), (0, Some(1)), "not linked: it came later");
}

#[tokio::test]
async fn what_meta_documents_and_others_met_comes_to_what_it_should() {
    let numbers = Numbers::start().await;
    for (name, meaning, delivery) in numbers.linked.world.facebook.whatsapp_samples(&numbers.number) {
        let kinds: Vec<String> =
            numbers.linked.deliver(&delivery).await.iter().map(|told| told["kind"].as_str().unwrap().to_owned()).collect();
        match meaning {
            Meaning::Message => assert!(kinds.len() == 1 && kinds[0] != "failed", "{name}: {kinds:?}"),
            Meaning::Failure => assert_eq!(kinds, ["failed"], "{name}"),
            // None of these is so at Meta, and no message.
            Meaning::End | Meaning::State | Meaning::Nothing => assert!(kinds.is_empty(), "{name}: {kinds:?}"),
        }
    }
    assert_eq!(numbers.told(&Said::Text("Hi".to_owned())).await.len(), 1, "what is not so has ended nothing");
}

#[tokio::test]
async fn what_is_repeated_has_the_same_id_and_what_is_old_is_dropped() {
    let numbers = Numbers::start().await;
    let facebook = &numbers.linked.world.facebook;
    let contact = facebook.add_contact();
    let update = numbers.update(&contact, &Said::Text("Hi".to_owned()));
    let first = numbers.linked.deliver(&facebook.whatsapp_webhook([update.clone()])).await;
    assert_eq!(first, numbers.linked.deliver(&facebook.whatsapp_webhook([update])).await);
    let failure = numbers.update(&contact, &failed(first[0]["message_id"].as_str().unwrap()));
    let failures = [failure.clone(), failure].map(|failure| facebook.whatsapp_webhook([failure]));
    let mut ids = BTreeSet::from([first[0]["event_id"].to_string()]);
    for failure in &failures {
        ids.insert(numbers.linked.deliver(failure).await[0]["event_id"].to_string());
    }
    assert_eq!(ids.len(), 2, "a failure is another event than the message that it is about");
    let at = |seconds: i64| facebook.number_update_at(&numbers.number, &contact, &Said::Text("Hi".to_owned()), facebook.now() + seconds);
    let week = 7 * 24 * 3600;
    let told = numbers.linked.deliver(&facebook.whatsapp_webhook([at(-week - 60), at(60 - week), at(0), at(60), at(120)])).await;
    assert_eq!((told.len(), measured(&numbers.linked.world, "MessagesDropped")), (3, Some(2)));
}

#[tokio::test]
async fn each_apps_signature_counts_for_what_is_its_own() {
    let numbers = Numbers::start().await;
    let world = &numbers.linked.world;
    let (page, other) = (world.setting("FACEBOOK_APP_SECRET").to_owned(), world.setting("WHATSAPP_APP_SECRET").to_owned());
    let to_number = || world.facebook.whatsapp_webhook_about(&numbers.number, &Said::Text("Hi".to_owned()));
    let to_page = || world.facebook.webhook_about(&numbers.linked.pages[0], &text("Hi"));
    assert_eq!((numbers.linked.deliver(&to_number()).await.len(), numbers.linked.deliver(&to_page()).await.len()), (1, 1));
    for delivery in [Delivery { secret: page, ..to_number() }, Delivery { secret: other, ..to_page() }] {
        assert_eq!(numbers.linked.deliver(&delivery).await, Vec::<Value>::new());
    }
}

#[tokio::test]
async fn one_app_signs_for_both_and_what_is_off_signs_nothing() {
    let numbers = Numbers::in_world(World::builder().whatsapp()).await;
    assert_eq!(numbers.told(&Said::Text("Hi".to_owned())).await.len(), 1);
    let world = &numbers.linked.world;
    let to_page = world.facebook.webhook_about(&numbers.linked.pages[0], &text("Hi"));
    assert_eq!(numbers.linked.deliver(&to_page).await.len(), 1);

    let linked = Linked::begun(World::builder().env_of(super::FUNCTION, "WHATSAPP_APP_SECRET", "of nobody's").start().await, 1).await;
    let delivery = Delivery::of(&whatsapp_payload(&[]), "of nobody's");
    assert_eq!(linked.answer(&delivery).await.status, 401);
}
