//! What the bot and the schedule bring about.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::facebook::delivery;
use e2e::faults::{Fault, Times};
use serde_json::{Value, json};

use crate::privileges::{ACME, Linked, Play};

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bots_questions_take_is_allowed_and_no_more() {
    const FUNCTION: &str = "connection-tokens";
    let play = Play::begin().await;
    let world = &play.world;
    let Linked { uuid, page, .. } = play.link("acme").await;
    for id in [json!({ "page_id": page }), json!({ "shop": ACME }), json!({ "user_uuid": uuid })] {
        assert_eq!(world.invoke(FUNCTION, id).await["shops"][0]["status"], "active");
    }
    // A token to renew: first in vain, then with success, then with the answer that it is dead.
    let ask = || world.invoke(FUNCTION, json!({ "page_id": page }));
    world.expire_access_token(ACME).await;
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    let told = ask().await;
    assert_eq!((&told["shops"][0]["status"], &told["shops"][0]["access_token"]), (&json!("active"), &Value::Null));
    world.shopify.clear_faults();
    let told = ask().await;
    assert!(told["shops"][0]["access_token"].is_string(), "{told}");
    world.shopify.uninstall(ACME);
    world.expire_access_token(ACME).await;
    assert_eq!(ask().await["shops"][0]["status"], "reconnect_needed");
    assert_eq!(world.events().iter().filter(|event| event.detail_type == "reconnect_needed").count(), 1);
    play.needed_all_that_is_allowed(FUNCTION);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_keeper_does_is_allowed_and_no_more() {
    const FUNCTION: &str = "token-keeper";
    let play = Play::begin().await;
    let world = &play.world;
    let Linked { uuid: acme, person, .. } = play.link("acme").await;
    let Linked { uuid: gone, .. } = play.link("gone").await;
    let person_key = format!("person#{person}");
    for (uuid, sk) in [(&acme, "store"), (&acme, person_key.as_str())] {
        world.set_number(&format!("uuid#{uuid}"), sk, "issued_at", 1).await;
        world.make_due(uuid, sk).await;
    }
    // What was left of an identity that is being erased.
    let update = world.database.client().update_item().table_name("connections").update_expression("SET #s = :s, erase_request = :s");
    let update = update.key("pk", AttributeValue::S(format!("uuid#{gone}"))).key("sk", AttributeValue::S("store".to_owned()));
    let update = update.expression_attribute_names("#s", "status");
    update.expression_attribute_values(":s", AttributeValue::S("erasing".to_owned())).send().await.unwrap();
    world.make_due(&gone, "store").await;
    let told = world.invoke(FUNCTION, json!({})).await;
    assert_eq!((&told["due"], &told["failed"]), (&json!(3), &json!(0)), "{told}\n{}", world.function(FUNCTION).logs());
    assert!(world.item(&format!("uuid#{gone}"), "store").is_none(), "erased");

    // Somebody left, and what the index had not shown yet is looked for once more.
    let leaver = play.link("left").await.person;
    assert_eq!(world.gateway().send(&delivery("/facebook/data-deletion", &world.facebook.signed_leave(&leaver))).await.status, 200);
    let requests = world.database.scan("connections").into_iter();
    let request = requests.filter_map(|item| item.text("pk").filter(|pk| pk.starts_with("deletion#")).map(str::to_owned)).next();
    world.set_number(&request.expect("it was taken down"), "status", "due_at", 1).await;
    assert_eq!(world.invoke(FUNCTION, json!({})).await["failed"], 0);

    // What versions before this one left without a mark is looked for once.
    world.set_number("keeper", "persons", "begin_at", 1).await;
    assert_eq!(world.invoke(FUNCTION, json!({})).await["failed"], 0);
    assert!(world.item("keeper", "persons").unwrap().text("done_at").is_some());

    // Both are dead at their providers; before that one is asked in vain.
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    for round in 0..2 {
        for sk in ["store", &person_key] {
            world.set_number(&format!("uuid#{acme}"), sk, "issued_at", 1).await;
            world.make_due(&acme, sk).await;
        }
        let told = world.invoke(FUNCTION, json!({})).await;
        assert_eq!(told["failed"], json!(1 - round), "{told}\n{}", world.function(FUNCTION).logs());
        world.shopify.clear_faults();
        world.shopify.uninstall(ACME);
        world.facebook.change_password(&person);
    }
    let dead: BTreeSet<String> = world.events().into_iter().filter(|event| event.reason.is_some()).map(|event| event.platform).collect();
    assert_eq!(dead, ["facebook".to_owned(), "shopify".to_owned()].into());
    play.needed_all_that_is_allowed(FUNCTION);
}
