//! The local Messenger: a customer writes, the service hears of it, and what is sent in the Page's name appears by itself.

use e2e::chromium::{Setup, Tab};
use e2e::gate::until;
use e2e::sample::{Language, Sample};
use e2e::scenes::Merchant;
use serde_json::{Value, json};

use crate::chromium::Stage;

/// How often the page may load anew until it shows something.
const LOADS: usize = 20;

/// Waits for a page that loads anew by itself to show something.
pub(crate) async fn shows(tab: &Tab, selector: &str) {
    for _ in 0..LOADS {
        if tab.has(selector).await {
            return;
        }
        tab.loading(async {}).await;
    }
    assert!(tab.has(selector).await, "{selector} does not appear: {}", tab.text().await);
}

/// Sends what a bot would send, with the token that the service gives it.
async fn sends(merchant: &Merchant<'_>, page: &str, body: Value) {
    let tokens = merchant.world.invoke("connection-tokens", json!({ "page_id": page })).await;
    let of_page = |name: &str| tokens.pointer(&format!("/pages/0/{name}")).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (status, answer) = merchant.world.facebook.send_as(page, &of_page("access_token"), &of_page("appsecret_proof"), &body).await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_writes_and_is_answered_with_pictures_and_buttons() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.connects_pages().await;
    let (world, page) = (&merchant.world, merchant.pages[0].as_str());
    // Without echoes nothing is awaited once the answer is there, and the page stays as it is.
    world.facebook.set_app_fields(Some(&["messages", "messaging_postbacks"]));
    let inspector = stage.inspector();

    tab.open(&format!("{}/messenger", world.facebook.url())).await;
    inspector.inspect_stand_in(&tab, "the list of conversations").await;
    tab.follow(&format!("#to-{page}")).await;
    assert_eq!(tab.heading().await, "Acme Store");
    tab.click("#text").await;
    tab.write("Do you have a <b>blue</b> mug?").await;
    tab.loading(tab.press_enter()).await;
    shows(&tab, "#conversation > li.own").await;
    assert!(tab.text().await.contains("Do you have a <b>blue</b> mug?"));
    until("the service has told the bot", || world.bus.puts().len() == 1 && world.facebook.is_idle()).await;
    let told = world.bus.take_puts().remove(0).detail;
    assert_eq!((&told["account"], &told["text"]), (&json!(page), &json!("Do you have a <b>blue</b> mug?")));

    let recipient = json!({ "id": told["sender"] });
    sends(&merchant, page, json!({ "recipient": recipient, "sender_action": "typing_on" })).await;
    shows(&tab, "#typing").await;
    let store = world.shopify.url();
    let buttons = json!([
        { "type": "web_url", "title": "View", "url": format!("{store}/acme.myshopify.com/products/mug") },
        { "type": "postback", "title": "Similar", "payload": "SIMILAR" },
    ]);
    let card = |title: &str| json!({ "title": title, "subtitle": "12.00 €", "image_url": format!("{store}/mug.jpg"), "buttons": buttons });
    let payload = json!({ "template_type": "generic", "elements": [card("Blue mug"), card("Light blue mug")] });
    let answers = json!([{ "content_type": "text", "title": "More", "payload": "MORE" }]);
    let message = json!({ "attachment": { "type": "template", "payload": payload }, "quick_replies": answers });
    sends(&merchant, page, json!({ "recipient": recipient, "messaging_type": "RESPONSE", "message": message })).await;
    shows(&tab, "ul.cards").await;
    let text = tab.text().await;
    assert!(text.contains("Blue mug") && text.contains("12.00 €") && !text.contains("is typing"), "{text}");
    assert_eq!(tab.attribute("ul.cards img", "alt").await, "Picture of Blue mug");
    assert!(tab.attribute("#open-1-0-0", "href").await.ends_with("/products/mug"));
    inspector.inspect_stand_in(&tab, "a conversation").await;

    tab.follow("#press-1-1-1").await;
    until("the service has told the bot", || world.bus.puts().len() == 1).await;
    let told = world.bus.take_puts().remove(0).detail;
    assert_eq!((&told["kind"], &told["raw"]["postback"]["payload"]), (&json!("postback"), &json!("SIMILAR")));
    let problems = inspector.found().await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// From a question to the cards by the sample bot itself, and from a card to the product.
#[tokio::test(flavor = "multi_thread")]
async fn the_sample_bot_answers_who_asks_for_mugs() {
    let Some(stage) = Stage::set().await else { return };
    let Some(bot) = Sample::start(&stage.front.world, Language::Python).await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.connects_pages().await;
    let (world, page) = (&merchant.world, merchant.pages[0].as_str());

    tab.open(&format!("{}/messenger/{page}", world.facebook.url())).await;
    tab.click("#text").await;
    tab.write("Do you have mugs?").await;
    tab.follow("#send").await;
    until("the bus has the question", || world.bus.puts().len() == 1).await;
    let asked = world.bus.take_puts().remove(0).event();
    assert_eq!(bot.take(&asked).await, 200, "{}", bot.written());
    shows(&tab, "ul.cards").await;
    let text = tab.text().await;
    for part in ["Do you have mugs?", "Stoneware mug", "14.50 EUR", "Enamel mug", "12.90 EUR", "View in store"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let picture = tab.evaluate("document.querySelector('ul.cards img').naturalWidth").await;
    assert_eq!(picture, 120, "it is there to be seen");
    let product = tab.attribute("#open-1-0-0", "href").await;
    tab.open(&product).await;
    assert_eq!(tab.heading().await, "Stoneware mug");
    assert_eq!(world.shopify.catalog_questions(&merchant.domain()).len(), 1);
}
