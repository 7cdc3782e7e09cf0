//! Customers who write to a phone number.

use std::time::Duration;

use e2e::facebook::{Contact, Said, SentByNumber, WhatsAppConsent, WhatsAppQuirk};
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use crate::answers::{Asked, GREETING, NOTHING, Stage, batch};

const FILES: &str = "I'm an automated assistant and can't look at files. Could you tell me in a few words?";
const FOUND: &str = "I'm an automated assistant, and this is what I found. Which one would you like to see?";

/// A stage whose store has a number as well.
struct Numbers {
    stage: Stage,
    number: String,
}

impl Numbers {
    async fn set(language: crate::answers::Language) -> Option<Self> {
        let stage = Stage::set_in(World::builder().whatsapp_apart(), language).await?;
        let facebook = &stage.world.facebook;
        let business = facebook.add_business(&stage.person, "Acme Inc.");
        let number = facebook.add_number(&facebook.add_account(&business, "Acme"), "+1 631-555-0101");
        let page = stage.world.link_numbers(&stage.browser, &WhatsAppConsent::of(&business)).await;
        assert_eq!(page.status(), 200, "{}", page.text());
        facebook.clear_requests();
        Some(Self { stage, number })
    }

    /// A customer does something, and it becomes one event.
    async fn does(&self, contact: &Contact, said: &Said) -> Asked {
        let facebook = &self.stage.world.facebook;
        let update = facebook.number_update(&self.number, contact, said);
        let mut events = self.stage.delivers(&facebook.whatsapp_webhook([update])).await;
        assert_eq!(events.len(), 1, "{events:?}");
        Asked { customer: contact.user_id.clone(), event: events.remove(0) }
    }

    async fn writes(&self, contact: &Contact, text: &str) -> Asked {
        self.does(contact, &Said::Text(text.to_owned())).await
    }

    /// What a customer was sent, as the local WhatsApp took it.
    fn sent_to(&self, contact: &Contact) -> Vec<SentByNumber> {
        let sent = self.stage.world.facebook.sent_by_numbers().into_iter();
        sent.filter(|sent| sent.user_id == contact.user_id).collect()
    }

    fn texts_to(&self, contact: &Contact) -> Vec<String> {
        self.sent_to(contact).into_iter().map(|sent| sent.text).collect()
    }

    /// What was asked of the local WhatsApp, whatever it said.
    fn calls(&self) -> Vec<Value> {
        let requests = self.stage.world.facebook.requests_of("whatsapp_send").into_iter();
        requests.map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
    }

    /// The bot gets an event that can't be answered, and is done with it at once and for good.
    async fn is_dropped(&self, contact: &Contact, word: &str) {
        let asked = self.writes(contact, "Do you have mugs?").await;
        self.stage.world.facebook.clear_requests();
        self.gets_nothing(contact, &asked, word).await;
    }

    async fn gets_nothing(&self, contact: &Contact, asked: &Asked, word: &str) {
        let before = (self.stage.bot.written(), self.sent_to(contact).len());
        self.stage.answers(asked).await;
        self.stage.assert_wrote(&before.0, &format!("{word}\n")).await;
        let calls = self.calls().len();
        self.stage.answers(asked).await;
        assert_eq!((self.calls().len(), self.sent_to(contact).len()), (calls, before.1), "{word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_with_a_list_and_a_choice_with_the_product() {
    let Some(numbers) = Numbers::set(super::LANGUAGE).await else { return };
    let facebook = &numbers.stage.world.facebook;
    for contact in [facebook.add_contact(), facebook.add_hidden_contact()] {
        facebook.clear_requests();
        let asked = numbers.writes(&contact, "Do you have mugs?").await;
        numbers.stage.answers(&asked).await;
        let sent = numbers.sent_to(&contact);
        let [list] = &sent[..] else { panic!("{sent:?} {}", numbers.stage.told()) };
        assert_eq!((&list.number, list.text.as_str()), (&numbers.number, FOUND));
        let rows = &list.body["interactive"]["action"]["sections"][0]["rows"];
        let row = |title: &str, price: &str| json!({ "id": title, "title": title, "description": price });
        assert_eq!(rows, &json!([row("Stoneware mug", "14.50 EUR"), row("Enamel mug", "12.90 EUR")]));
        let calls = numbers.calls();
        assert_eq!((calls.len(), &calls[0]["status"], &calls[0]["typing_indicator"]["type"]), (2, &json!("read"), &json!("text")));
        assert_eq!(calls[0]["message_id"], asked.event["detail"]["message_id"]);
        // By their number where that is shown, otherwise by their id for the business.
        let by_number = contact.wa_id.as_ref().map_or(Value::Null, |wa_id| json!(wa_id));
        let by_id = if contact.wa_id.is_some() { Value::Null } else { json!(contact.user_id) };
        assert_eq!((&calls[1]["to"], &calls[1]["recipient"]), (&by_number, &by_id));

        let (id, title) = ("Enamel mug".to_owned(), "Enamel mug".to_owned());
        let chosen = numbers.does(&contact, &Said::ListReply { id, title, description: None }).await;
        numbers.stage.answers(&chosen).await;
        let sent = numbers.sent_to(&contact);
        let link = numbers.stage.store("/products/enamel-mug");
        assert_eq!(sent[1].text, format!("Enamel mug\n12.90 EUR\n{link}"));
        assert_eq!(sent[1].body["image"]["link"], numbers.stage.store("/cdn/enamel-mug.png"));
    }
    let told = numbers.stage.world.invoke("connection-tokens", json!({ "phone_number_id": numbers.number })).await;
    let token = told["phone_numbers"][0]["access_token"].as_str().unwrap();
    for request in facebook.requests_of("whatsapp_send") {
        assert_eq!(request.header("authorization"), Some(&*format!("Bearer {token}")));
        assert!(!request.path_and_query.contains(token));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_else_a_customer_does_is_answered_with_a_message() {
    let Some(numbers) = Numbers::set(super::LANGUAGE).await else { return };
    let jacket = |stage: &Stage| format!("Rain jacket\n129.00 EUR\n{}", stage.store("/products/rain-jacket"));
    let button = |title: &str| Said::ButtonReply { id: "PRESSED".to_owned(), title: title.to_owned() };
    for (said, answer) in [
        (Said::Text("Hello!".to_owned()), GREETING.to_owned()),
        (Said::Text("Do you have any submarines?".to_owned()), NOTHING.to_owned()),
        (Said::Image { media_id: "7".to_owned(), caption: None }, FILES.to_owned()),
        (button("Rain jackets"), jacket(&numbers.stage)),
        (Said::Ad { text: "A rain jacket?".to_owned(), source_id: "1".to_owned() }, jacket(&numbers.stage)),
    ] {
        let contact = numbers.stage.world.facebook.add_contact();
        let asked = numbers.does(&contact, &said).await;
        numbers.stage.answers(&asked).await;
        numbers.stage.answers(&asked).await;
        assert_eq!(numbers.texts_to(&contact), [answer], "{said:?} {}", numbers.stage.told());
    }
    let contact = numbers.stage.world.facebook.add_contact_who_wrote(&numbers.number);
    let heart = numbers.does(&contact, &Said::Reaction { message_id: "wamid.X".to_owned(), emoji: Some("❤".to_owned()) }).await;
    numbers.stage.answers(&heart).await;
    assert!(numbers.sent_to(&contact).is_empty());
}

/// More than a list holds, names that are too long for a row, and two that are the same.
#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_store_sells_becomes_a_list_that_whatsapp_takes() {
    use e2e::shopify::Product;
    let Some(numbers) = Numbers::set(super::LANGUAGE).await else { return };
    let long = format!("Hat {}", "ä".repeat(120));
    let mut products = vec![Product::new(&long, "Clothing", "Long.", 1250)];
    products.extend((1..=12).map(|_| Product::new("Hat", "Clothing", "One of many.", 1_234_000)));
    numbers.stage.world.shopify.set_products(crate::answers::SHOP, &products);
    let contact = numbers.stage.world.facebook.add_contact();
    let asked = numbers.writes(&contact, "I need a hat").await;
    numbers.stage.answers(&asked).await;
    assert_eq!(numbers.texts_to(&contact), [FOUND], "{}", numbers.stage.told());
    let rows = numbers.sent_to(&contact)[0].body["interactive"]["action"]["sections"][0]["rows"].clone();
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!((rows[0]["id"].as_str().unwrap(), rows[0]["title"].as_str().unwrap().chars().count()), (long.as_str(), 24));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_whatsapp_refuses_for_good_is_dropped() {
    let Some(numbers) = Numbers::set(super::LANGUAGE).await else { return };
    let facebook = &numbers.stage.world.facebook;
    let blocked = facebook.add_contact();
    facebook.block_number(&numbers.number, &blocked);
    numbers.is_dropped(&blocked, "not_available").await;

    for (code, word) in [
        (10, "no_permission"),
        (100, "not_accepted"),
        (190, "token_refused"),
        (131_026, "not_available"),
        (131_031, "account_restricted"),
        (131_042, "no_payment"),
        (131_047, "may_not_answer"),
    ] {
        let error = json!({ "error": { "message": "No.", "type": "OAuthException", "code": code } });
        facebook.switch_on("whatsapp_send", Fault::json(400, &error), Times::Exactly(2));
        numbers.is_dropped(&facebook.add_contact(), word).await;
    }

    let late = facebook.add_contact();
    let asked = numbers.writes(&late, "Do you have mugs?").await;
    facebook.advance_clock(Duration::from_secs(24 * 60 * 60 + 60));
    numbers.gets_nothing(&late, &asked, "may_not_answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_delays_an_answer() {
    let Some(numbers) = Numbers::set(super::LANGUAGE).await else { return };
    let facebook = &numbers.stage.world.facebook;
    let error = |code: u32| Fault::json(400, &json!({ "error": { "message": "Later.", "type": "OAuthException", "code": code } }));
    for (fault, word) in [
        (error(131_056), "meta_131056"),
        (error(130_429), "meta_130429"),
        (error(80_007), "meta_80007"),
        (error(4), "meta_4"),
        (Fault::ServerError500, "meta_1"),
        (Fault::Reset, "meta_0"),
    ] {
        let contact = facebook.add_contact();
        let asked = numbers.writes(&contact, "A candle, please").await;
        let before = numbers.stage.bot.written();
        facebook.switch_on("whatsapp_send", fault, Times::Exactly(2));
        assert_eq!(numbers.stage.bot.take(&batch([&asked])).await, 500, "{word}");
        assert!(numbers.sent_to(&contact).is_empty(), "{word}");
        facebook.clear_faults();
        numbers.stage.answers(&asked).await;
        assert_eq!(numbers.sent_to(&contact).len(), 1, "{word} {}", numbers.stage.told());
        numbers.stage.assert_wrote(&before, &format!("{word}\nanswered\n")).await;
    }
}

/// WhatsApp may take a message first, and tell later that it did not arrive.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_delivered_is_a_word_in_the_log_and_no_question() {
    let Some(numbers) = Numbers::set(super::LANGUAGE).await else { return };
    let facebook = &numbers.stage.world.facebook;
    facebook.set_whatsapp_quirks([WhatsAppQuirk::RefusedLater]);
    let contact = facebook.add_contact();
    facebook.block_number(&numbers.number, &contact);
    let asked = numbers.writes(&contact, "Do you have mugs?").await;
    numbers.stage.answers(&asked).await;
    let calls = numbers.calls().len();
    let said = Said::Status { message_id: "wamid.S".to_owned(), status: "failed", error: Some(131_026) };
    let failed = numbers.does(&contact, &said).await;
    assert_eq!(failed.event["detail"]["kind"], "failed");
    numbers.stage.answers(&failed).await;
    numbers.stage.assert_wrote("", "answered\nfailed_131026\n").await;
    assert_eq!((numbers.calls().len(), numbers.sent_to(&contact).len()), (calls, 0));
}
