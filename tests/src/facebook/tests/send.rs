use super::*;
use crate::facebook::tests::inbox::start_with_service;
use crate::faults::{Fault, Times};

const WITH_INSTAGRAM: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

/// A Page that may send, with its Instagram account, and a customer of each.
pub(super) struct Sender {
    pub(super) world: World,
    pub(super) page: String,
    pub(super) instagram: String,
    token: String,
    customer: String,
    follower: String,
}

impl Sender {
    pub(super) async fn start_in(world: World, scope: &str) -> Self {
        let page = world.facebook.add_page(&world.jo, "Acme");
        let instagram = world.facebook.link_instagram(&page, "acme.store");
        let callback = world.facebook.approve(&world.dialog_url(&[("scope", scope)]), &Consent::of(&world.jo));
        let short = world.exchange(&parameter(&callback, "code").unwrap()).await.1["access_token"].as_str().unwrap().to_owned();
        let long = world.extend(&short).await.1["access_token"].as_str().unwrap().to_owned();
        let (_, accounts) = world.get("me/accounts?fields=id,access_token", &long).await;
        let token = accounts["data"][0]["access_token"].as_str().unwrap().to_owned();
        let (customer, follower) = (world.facebook.add_writer(&page), world.facebook.add_writer(&instagram));
        Self { world, page, instagram, token, customer, follower }
    }

    async fn start() -> Self {
        Self::start_in(start(), WITH_INSTAGRAM).await
    }

    async fn call(&self, path: &str, token: &str, proof: Option<String>, body: &Value) -> (u16, Value) {
        let url = format!("{}/v26.0/{path}/messages", self.world.facebook.url());
        let proof: Vec<_> = proof.into_iter().map(|proof| ("appsecret_proof", proof)).collect();
        let response = self.world.client.post(url).query(&proof).bearer_auth(token).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    /// The Page's token with its proof.
    pub(super) async fn send(&self, body: &Value) -> (u16, Value) {
        self.call(&self.page, &self.token, Some(appsecret_proof(&self.token, "secret", None)), body).await
    }

    pub(super) async fn says(&self, customer: &str, message: Value) -> (u16, Value) {
        self.send(&json!({ "recipient": { "id": customer }, "messaging_type": "RESPONSE", "message": message })).await
    }

    /// Code and subcode with which a message is refused; none where it is sent.
    async fn refused(&self, message: Value) -> Option<(u64, Option<u64>)> {
        let (status, answer) = self.says(&self.customer, message).await;
        let error = &answer["error"];
        assert_eq!(status == 200, error.is_null(), "{answer}");
        Some((error["code"].as_u64()?, error["error_subcode"].as_u64()))
    }
}

fn cards(cards: Value) -> Value {
    json!({ "attachment": { "type": "template", "payload": { "template_type": "generic", "elements": cards } } })
}

fn card(members: Value) -> Value {
    let mut card = json!({ "title": "Blue mug", "subtitle": "12.00 €" });
    card.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    cards(json!([card]))
}

fn button(button: Value) -> Value {
    card(json!({ "buttons": [button] }))
}

#[tokio::test]
async fn a_page_answers_a_customer_with_its_own_token_and_proof() {
    let sender = Sender::start().await;
    let Sender { world, page, token, customer, .. } = &sender;
    let other = world.facebook.add_page(&world.jo, "Outlet");
    let hello = json!({ "recipient": { "id": customer }, "messaging_type": "RESPONSE", "message": { "text": "Hello" } });
    let proof = |token: &str| Some(appsecret_proof(token, "secret", None));
    for path in [page.as_str(), "me"] {
        let (status, answer) = sender.call(path, token, proof(token), &hello).await;
        assert_eq!((status, &answer["recipient_id"]), (200, &json!(customer)), "{answer}");
        assert!(answer["message_id"].as_str().unwrap().starts_with("m_"));
    }
    let sent = Sent { page: page.clone(), recipient: customer.clone(), text: "Hello".to_owned() };
    assert_eq!(world.facebook.sent(), [sent.clone(), sent]);

    let user = world.long_lived(&Consent::of(&world.jo)).await;
    let code = |answer: (u16, Value)| answer.1["error"]["code"].as_u64();
    assert_eq!(code(sender.call(page, token, None, &hello).await), Some(100), "the app requires proofs");
    assert_eq!(code(sender.call(page, token, proof(&user), &hello).await), Some(100));
    assert_eq!(code(sender.call(page, &user, proof(&user), &hello).await), Some(190), "no Page's token");
    assert_eq!(code(sender.call(page, "EAAnonsense", proof("EAAnonsense"), &hello).await), Some(190));
    assert_eq!(code(sender.call(&other, token, proof(token), &hello).await), Some(200), "another Page's token");
    let url = format!("{}/v26.0/me/messages", world.facebook.url());
    assert_eq!(world.client.get(url).bearer_auth(token).send().await.unwrap().status(), 400);
    world.facebook.kill_token(token, Some(460));
    assert_eq!(code(sender.send(&hello).await), Some(190));
    assert_eq!(world.facebook.sent().len(), 2);
}

#[tokio::test]
async fn only_who_has_written_to_the_account_is_sent_to_and_for_a_day() {
    let sender = Sender::start().await;
    let Sender { world, page, customer, follower, instagram, .. } = &sender;
    let text = || json!({ "text": "Hello" });
    let silent = world.facebook.add_customer();
    let outlet = world.facebook.add_page(&world.jo, "Outlet");
    let of_another = world.facebook.add_writer(&outlet);
    let reader = world.facebook.add_customer();
    let _read = world.facebook.update(page, &reader, &Happening::Read);
    for nobody in ["4711", "", "x", &*silent, &*of_another, &*reader] {
        assert!(is_error(&sender.says(nobody, text()).await, 400, 100, Some(2_018_001)), "{nobody}");
    }
    let day = Duration::from_secs(24 * 60 * 60);
    world.facebook.advance_clock(day - Duration::from_secs(60));
    assert_eq!((sender.says(customer, text()).await.0, sender.says(follower, text()).await.0), (200, 200));
    world.facebook.advance_clock(Duration::from_secs(120));
    let typing = json!({ "recipient": { "id": customer }, "sender_action": "typing_on" });
    for answer in [sender.says(customer, text()).await, sender.says(follower, text()).await, sender.send(&typing).await] {
        assert!(is_error(&answer, 400, 10, Some(2_018_278)), "{answer:?}");
    }
    let _pressed = world.facebook.update(page, customer, &Happening::Postback { title: "More".into(), payload: "p".into() });
    let _read = world.facebook.update(instagram, follower, &Happening::Read);
    assert_eq!((sender.says(customer, text()).await.0, sender.says(follower, text()).await.0), (200, 400));
}

#[tokio::test]
async fn permissions_other_apps_and_the_customers_own_wish_come_first() {
    let sender = Sender::start_in(start(), SCOPE).await;
    let Sender { world, customer, follower, .. } = &sender;
    let text = || json!({ "text": "Hello" });
    assert!(is_error(&sender.says(follower, text()).await, 403, 200, None), "instagram_manage_messages was not asked for");
    assert_eq!(sender.says(customer, text()).await.0, 200);
    world.facebook.take_back(&world.jo, "pages_messaging");
    assert!(is_error(&sender.says(customer, text()).await, 403, 200, None));

    let sender = Sender::start().await;
    sender.world.facebook.hold_conversations(&sender.page);
    assert!(is_error(&sender.says(&sender.customer, text()).await, 400, 10, Some(2_018_300)));
    assert_eq!(sender.says(&sender.follower, text()).await.0, 200, "Instagram is routed for itself");

    let sender = Sender::start().await;
    sender.world.facebook.switch_on("send", Fault::Throttled429, Times::Once);
    assert_eq!(sender.refused(text()).await, Some((4, None)));
    assert_eq!(sender.refused(text()).await, None);
    let blocked = async |decision: &str| {
        let customer = lock(&sender.world.facebook.facebook.state).customer_of(&sender.page);
        let url = format!("{}/messenger/{}", sender.world.facebook.url(), sender.page);
        let _told = sender.world.facebook.update(&sender.page, &customer, &Happening::Text("Hello".to_owned()));
        sender.world.client.post(url).form(&[("decision", decision)]).send().await.unwrap();
        sender.says(&customer, text()).await
    };
    assert!(is_error(&blocked("block").await, 400, 551, Some(1_545_041)));
    assert_eq!(blocked("unblock").await.0, 200);
}

#[tokio::test]
async fn a_text_fits_messenger_in_characters_and_instagram_in_bytes() {
    let sender = Sender::start().await;
    let text = |character: &str, count| json!({ "text": character.repeat(count) });
    assert_eq!((sender.refused(text("ä", 2000)).await, sender.refused(text("ä", 2001)).await), (None, Some((100, None))));
    assert_eq!(sender.says(&sender.follower, text("ä", 500)).await.0, 200);
    assert!(is_error(&sender.says(&sender.follower, text("ä", 501)).await, 400, 100, None));
    for empty in [json!({}), json!({ "text": "" }), Value::Null, json!([]), json!({ "quick_replies": [] })] {
        assert_eq!(sender.refused(empty.clone()).await, Some((100, Some(2_018_034))), "{empty}");
    }
    let recipient = json!({ "id": sender.customer });
    for kind in [Value::Null, json!("REPLY")] {
        let body = json!({ "recipient": recipient, "messaging_type": kind, "message": { "text": "x" } });
        assert!(is_error(&sender.send(&body).await, 400, 100, None), "{kind}");
    }
    let without = |customer: &str| json!({ "recipient": { "id": customer }, "message": { "text": "x" } });
    assert!(is_error(&sender.send(&without(&sender.customer)).await, 400, 100, None));
    assert_eq!(sender.send(&without(&sender.follower)).await.0, 200, "Instagram asks for no type");
}

#[tokio::test]
async fn cards_are_checked_whole() {
    let sender = Sender::start().await;
    let url = "https://acme.example/products/mug?a=1&b=2";
    let web = |url: &str| json!({ "type": "web_url", "title": "Open", "url": url });
    let postback = |payload: &str| json!({ "type": "postback", "title": "More", "payload": payload });
    let one = json!({ "title": "x", "subtitle": "y" });
    let good = [
        cards(json!(vec![one.clone(); 10])),
        card(json!({ "title": "ä".repeat(80), "subtitle": "ä".repeat(80) })),
        card(
            json!({ "image_url": url, "default_action": { "type": "web_url", "url": url }, "buttons": [web(url), postback("p"), web(url)] }),
        ),
        button(web("http://localhost:9001/acme.myshopify.com/products/mug")),
        button(web("http://127.0.0.1:9001/")),
        button(postback(&"p".repeat(1000))),
    ];
    for message in good {
        assert_eq!(sender.refused(message.clone()).await, None, "{message}");
    }
    let bad = [
        (cards(json!([])), 100),
        (cards(json!(vec![one; 11])), 105),
        (cards(json!([{ "title": "x" }])), 100),
        (cards(json!([{ "subtitle": "x" }])), 100),
        (card(json!({ "title": " " })), 100),
        (card(json!({ "title": "ä".repeat(81) })), 100),
        (card(json!({ "subtitle": "ä".repeat(81) })), 100),
        (card(json!({ "price": "12" })), 100),
        (card(json!({ "image_url": "ftp://acme.example/mug.jpg" })), 100),
        (card(json!({ "default_action": { "type": "postback", "url": url } })), 100),
        (card(json!({ "default_action": { "type": "web_url", "url": "mug" } })), 100),
        (card(json!({ "buttons": vec![postback("p"); 4] })), 105),
        (button(web("http://acme.example/")), 100),
        (button(web("javascript:alert(1)")), 100),
        (button(web("/products/mug")), 100),
        (button(postback("")), 100),
        (button(postback(&"p".repeat(1001))), 100),
        (button(json!({ "type": "postback", "title": "More" })), 100),
        (button(json!({ "type": "web_url", "title": "Open", "payload": "p" })), 100),
        (button(json!({ "type": "web_url", "title": "Longer than fits on it", "url": url })), 100),
        (button(json!({ "type": "phone_number", "title": "Call", "payload": "+1" })), 100),
        (json!({ "attachment": { "type": "image", "payload": { "url": url } } }), 100),
        (json!({ "attachment": { "type": "template", "payload": { "template_type": "receipt", "elements": [] } } }), 100),
        (json!({ "text": "x", "attachment": card(json!({}))["attachment"] }), 100),
        (json!({ "text": "x", "emphasis": true }), 100),
    ];
    for (message, code) in bad {
        assert_eq!(sender.refused(message.clone()).await, Some((code, None)), "{message}");
    }
}

#[tokio::test]
async fn answers_to_choose_from_are_checked_too() {
    let sender = Sender::start().await;
    let answer = |title: &str, payload: &str| json!({ "content_type": "text", "title": title, "payload": payload });
    let with = |answers: Value| json!({ "text": "In which colour?", "quick_replies": answers });
    assert_eq!(sender.refused(with(json!(vec![answer("Blue", "blue"); 13]))).await, None);
    assert_eq!(sender.refused(with(json!(vec![answer("Blue", "blue"); 14]))).await, Some((105, None)));
    let number = json!({ "content_type": "user_phone_number", "title": "x", "payload": "y" });
    for wrong in [answer("", "p"), answer(&"x".repeat(21), "p"), answer("Blue", ""), answer("Blue", &"p".repeat(1001)), number] {
        assert_eq!(sender.refused(with(json!([wrong.clone()]))).await, Some((100, None)), "{wrong}");
    }
}

#[tokio::test]
async fn signs_of_life_need_a_recipient_alone() {
    let sender = Sender::start().await;
    let recipient = json!({ "id": sender.customer });
    for action in ["mark_seen", "typing_on", "typing_off"] {
        let answer = sender.send(&json!({ "recipient": recipient, "sender_action": action })).await;
        assert_eq!(answer, (200, json!({ "recipient_id": sender.customer })), "{action}");
    }
    for wrong in [json!({ "sender_action": "sleep" }), json!({ "sender_action": "typing_on", "message": { "text": "x" } })] {
        let mut body = wrong.clone();
        body["recipient"] = recipient.clone();
        assert!(is_error(&sender.send(&body).await, 400, 100, None), "{wrong}");
    }
    assert!(is_error(&sender.send(&json!({ "sender_action": "typing_on" })).await, 400, 100, Some(2_018_001)));
    assert!(sender.world.facebook.sent().is_empty());
}

#[tokio::test]
async fn the_app_hears_of_its_own_message_where_it_listens() {
    let (world, service) = start_with_service().await;
    let sender = Sender::start_in(world, WITH_INSTAGRAM).await;
    let facebook = &sender.world.facebook;
    facebook.set_app_fields(Some(&["messages"]));
    facebook.set_subscribed_fields(&sender.page, &APP_FIELDS);
    assert_eq!(sender.refused(json!({ "text": "unheard" })).await, None);
    facebook.set_app_fields(Some(&APP_FIELDS));
    let (_, answer) = sender.says(&sender.customer, card(json!({}))).await;
    let (_, of_instagram) = sender.says(&sender.follower, json!({ "text": "Zoë?" })).await;
    until("both echoes are there", || service.received().len() == 2).await;
    let echo = |object: &str| {
        let bodies = service.received().into_iter().map(|received| serde_json::from_slice::<Value>(&received.body).unwrap());
        bodies.filter(|body| body["object"] == object).map(|body| body["entry"][0]["messaging"][0].clone()).next().unwrap()
    };
    let element = echo("page");
    let message = &element["message"];
    assert_eq!((&element["sender"]["id"], &element["recipient"]["id"]), (&json!(sender.page), &json!(sender.customer)));
    assert_eq!((&message["mid"], &message["is_echo"]), (&answer["message_id"], &json!(true)));
    assert_eq!(message["app_id"].as_u64().unwrap().to_string(), APP);
    assert_eq!(message["attachments"][0]["payload"]["elements"][0]["title"], "Blue mug");
    let message = &echo("instagram")["message"];
    assert_eq!((&message["mid"], &message["text"]), (&of_instagram["message_id"], &json!("Zoë?")));
}
