//! Without a configuration for WhatsApp there is none of it.

use e2e::browser::Accept;
use e2e::world::World;

use crate::support::{assert_error, linked_shop};

#[tokio::test]
async fn nothing_speaks_of_whatsapp_until_it_is_switched_on() {
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    for path in ["/whatsapp/login", "/whatsapp/callback?code=a&state=b"] {
        let reply = browser.get(path).await;
        assert_error(&reply, 404, "not_found");
    }
    let list = browser.get("/connections").await;
    assert!(list.json().get("phone_numbers").is_none());
    let people = browser.copied().accepting(Accept::Html);
    for page in [people.get("/connections").await, world.link_shop(&people, "acme").await] {
        assert_eq!(page.status(), 200);
        assert!(!page.text().contains("WhatsApp"), "{}", page.text());
    }
}

#[tokio::test]
async fn the_bot_gets_an_empty_list() {
    let world = World::start().await;
    let uuid = linked_shop(&world, &world.browser(), "acme").await;
    let reply = world.invoke("connection-tokens", serde_json::json!({ "user_uuid": uuid })).await;
    assert_eq!(reply["phone_numbers"], serde_json::json!([]));
    let reply = world.invoke("connection-tokens", serde_json::json!({ "phone_number_id": "12" })).await;
    assert_eq!(reply["error"]["code"], "not_found");
}
