use super::inbox::{body, start_with_service};
use super::send::Sender;
use super::*;
use crate::facebook::tests::inbox::Service;

const SCOPE_WITH_INSTAGRAM: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

/// What a customer does at the local Messenger, and what they see then.
struct Customer {
    sender: Sender,
    service: Service,
}

impl Customer {
    async fn start() -> Self {
        let (world, service) = start_with_service().await;
        let sender = Sender::start_in(world, SCOPE_WITH_INSTAGRAM).await;
        sender.world.facebook.set_subscribed_fields(&sender.page, &["messages", "messaging_postbacks"]);
        Self { sender, service }
    }

    fn facebook(&self) -> &LocalFacebook {
        &self.sender.world.facebook
    }

    /// Sends the page's form with these fields, and waits until it was delivered.
    async fn does(&self, account: &str, field: &str, value: &str) {
        let url = format!("{}/messenger/{account}", self.facebook().url());
        let answer = self.sender.world.client.post(url).form(&[(field, value)]).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (303, &*format!("/messenger/{account}")));
        until("it is delivered", || self.facebook().is_idle()).await;
    }

    async fn sees(&self, account: &str) -> (String, bool) {
        let url = format!("{}/messenger/{account}", self.facebook().url());
        let answer = self.sender.world.client.get(url).send().await.unwrap();
        let is_awaited = answer.headers().contains_key("refresh");
        (answer.text().await.unwrap(), is_awaited)
    }

    fn last_element(&self) -> Value {
        body(self.service.received().last().unwrap())["entry"][0]["messaging"][0].clone()
    }

    fn id(&self, account: &str) -> String {
        lock(&self.facebook().facebook.state).customer_of(account)
    }

    /// What the Page answers in its own name, or in that of its Instagram account.
    async fn hears(&self, account: &str, message: Value) {
        let (status, answer) = self.sender.says(&self.id(account), message).await;
        assert_eq!(status, 200, "{answer}");
        until("the echo is delivered", || self.facebook().is_idle()).await;
    }

    async fn is_shown(&self, account: &str, action: &str) {
        let id = self.id(account);
        assert_eq!(self.sender.send(&json!({ "recipient": { "id": id }, "sender_action": action })).await.0, 200);
    }
}

#[tokio::test]
async fn a_customer_writes_and_sees_what_is_answered() {
    let customer = Customer::start().await;
    for account in [customer.sender.page.clone(), customer.sender.instagram.clone()] {
        assert!(!customer.sees(&account).await.1, "nothing is awaited");
        customer.does(&account, "text", " A <b>blue</b> mug? ").await;
        let element = customer.last_element();
        assert_eq!((&element["message"]["text"], &element["recipient"]["id"]), (&json!("A <b>blue</b> mug?"), &json!(account)));
        let (html, is_awaited) = customer.sees(&account).await;
        assert!(html.contains("A &lt;b&gt;blue&lt;/b&gt; mug?") && is_awaited, "{html}");
        let delivered = customer.service.received().len();
        customer.does(&account, "text", "  ").await;
        assert_eq!(customer.service.received().len(), delivered, "nothing was written");

        customer.is_shown(&account, "mark_seen").await;
        customer.is_shown(&account, "typing_on").await;
        let (html, is_awaited) = customer.sees(&account).await;
        assert!(html.contains("id=\"seen\"") && html.contains("id=\"typing\"") && is_awaited, "{html}");
        customer.is_shown(&account, "typing_off").await;
        assert!(!customer.sees(&account).await.0.contains("id=\"typing\""));
        customer.is_shown(&account, "typing_on").await;
        customer.hears(&account, json!({ "text": "Yes: <i>two</i>" })).await;
        let (html, is_awaited) = customer.sees(&account).await;
        assert!(html.contains("Yes: &lt;i&gt;two&lt;/i&gt;") && !html.contains("id=\"typing\"") && !is_awaited, "{html}");
    }
    customer.is_shown(&customer.sender.instagram, "typing_on").await;
    customer.facebook().advance_clock(Duration::from_secs(21));
    assert!(!customer.sees(&customer.sender.instagram).await.1, "nobody types for longer");
}

#[tokio::test]
async fn cards_are_shown_and_their_buttons_pressed() {
    let customer = Customer::start().await;
    let page = customer.sender.page.clone();
    customer.does(&page, "text", "A mug?").await;
    let buttons = json!([
        { "type": "web_url", "title": "Open", "url": "https://acme.example/mug?a=1&b=2" },
        { "type": "postback", "title": "More <like> it", "payload": "LIKE_1" },
    ]);
    let card = json!({ "title": "Blue \"mug\"", "subtitle": "12 €", "image_url": "https://acme.example/mug.jpg", "buttons": buttons,
        "default_action": { "type": "web_url", "url": "https://acme.example/mug" } });
    let payload = json!({ "template_type": "generic", "elements": [card] });
    let answers = json!([{ "content_type": "text", "title": "Blue", "payload": "BLUE" }, { "content_type": "text", "title": "Red", "payload": "RED" }]);
    customer.hears(&page, json!({ "attachment": { "type": "template", "payload": payload }, "quick_replies": answers })).await;
    let (html, _) = customer.sees(&page).await;
    for part in [
        "<img src=\"https://acme.example/mug.jpg\" alt=\"Picture of Blue &quot;mug&quot;\"",
        "Blue &quot;mug&quot;</a></h3><p>12 €</p>",
        "href=\"https://acme.example/mug?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer\">Open</a>",
        "id=\"press-1-0-1\" name=\"press\" value=\"1-0-1\">More &lt;like&gt; it</button>",
        "id=\"answer-1\"",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    let delivered = customer.service.received().len();
    for nothing in ["1-0-0", "1-0-2", "0-0-0", "9-0-0", "1-0", "x"] {
        customer.does(&page, "press", nothing).await;
    }
    customer.does(&page, "answer", "2").await;
    assert_eq!(customer.service.received().len(), delivered, "there are no such buttons");

    customer.does(&page, "answer", "1").await;
    let message = &customer.last_element()["message"];
    assert_eq!((&message["text"], &message["quick_reply"]["payload"]), (&json!("Red"), &json!("RED")));
    assert!(!customer.sees(&page).await.0.contains("id=\"answer-1\""), "answered once");
    customer.does(&page, "answer", "1").await;
    assert_eq!(customer.service.received().len(), delivered + 1);
    customer.does(&page, "press", "1-0-1").await;
    let postback = &customer.last_element()["postback"];
    assert_eq!((&postback["title"], &postback["payload"]), (&json!("More <like> it"), &json!("LIKE_1")));
}

#[tokio::test]
async fn the_conversation_holds_what_else_happens() {
    let customer = Customer::start().await;
    let (page, world) = (customer.sender.page.clone(), &customer.sender.world);
    for decision in ["picture", "reaction", "link", "echo"] {
        world.press(&[("account", &page), ("decision", decision), ("text", "from a colleague")]).await;
    }
    let (html, _) = customer.sees(&page).await;
    for part in ["The picture you sent", "reacted with", "came by a link", "from a colleague"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    customer.does(&page, "decision", "block").await;
    let delivered = customer.service.received().len();
    customer.does(&page, "text", "Hello?").await;
    let (html, _) = customer.sees(&page).await;
    assert!(html.contains("id=\"unblock\"") && !html.contains("id=\"text\""), "{html}");
    assert_eq!(customer.service.received().len(), delivered);
    customer.does(&page, "decision", "unblock").await;
    assert!(customer.sees(&page).await.0.contains("id=\"text\""));
}

#[tokio::test]
async fn every_account_has_a_conversation_and_nobody_else() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme <b>");
    let instagram = world.facebook.link_instagram(&page, "acme.store");
    let (list, inbox) = (world.page("/messenger").await, world.page("/inbox").await);
    for account in [&page, &instagram] {
        let way = format!("href=\"/messenger/{account}\"");
        assert!(list.contains(&way) && inbox.contains(&way), "{account}");
        let html = world.page(&format!("/messenger/{account}")).await;
        assert!(html.contains("Messages are not delivered: nobody has granted") && !html.contains("<b>"), "{html}");
    }
    assert!(world.page("/messenger/1").await.contains("There is no Page"));
    let url = format!("{}/messenger/1", world.facebook.url());
    assert_eq!(world.client.post(url).form(&[("text", "x")]).send().await.unwrap().status(), 404);
    assert!(world.facebook.is_idle());
}
