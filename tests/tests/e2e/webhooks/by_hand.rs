//! A store that an operator has forgotten by hand.

use serde_json::{Value, json};

use crate::webhooks::{Linked, SHOP, items};

async fn erase(linked: &Linked, shop: Value) -> Value {
    linked.world.invoke("token-keeper", json!({ "erase": shop })).await
}

#[tokio::test]
async fn nothing_is_left_of_an_active_store_and_its_pages_are_unsubscribed() {
    let linked = Linked::with_pages(2).await;
    assert_eq!(erase(&linked, json!("ACME")).await, json!({ "erased": "whole" }));
    linked.assert_erased(2);
    assert_eq!(items(&linked.world, "audit#")[0].text("what"), Some("operator"));
    assert_eq!(erase(&linked, json!(SHOP)).await, json!({ "erased": "nothing" }));
    linked.keeper_runs().await;
    linked.assert_erased(0);
    for page in &linked.pages {
        assert_eq!(linked.world.facebook.subscribed_fields(page), Vec::<String>::new());
    }
}

#[tokio::test]
async fn what_names_no_store_erases_nothing() {
    let linked = Linked::with_pages(1).await;
    for shop in [json!(""), json!("acme.example.com"), json!(null), json!([SHOP]), json!(format!("{SHOP}/"))] {
        assert_eq!(erase(&linked, shop).await["error"]["code"], "invalid_request");
    }
    assert_eq!(erase(&linked, json!("other.myshopify.com")).await, json!({ "erased": "nothing" }));
    linked.assert_linked();
}
