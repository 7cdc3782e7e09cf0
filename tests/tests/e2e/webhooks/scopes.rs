//! Scopes that changed: what was taken away needs the merchant, what was added to the configuration is asked for at the next launch.

use e2e::world::World;

use crate::support::parameter;
use crate::webhooks::{Linked, SCOPES, SHOP};

const ASKED: &str = "read_product_listings,read_inventory,read_discounts,read_locations,read_products";

#[tokio::test]
async fn an_update_makes_the_keeper_look_and_nothing_else() {
    let linked = Linked::with_pages(1).await;
    linked.deliver(&linked.webhook(SCOPES)).await;
    linked.assert_linked();
    assert_eq!(linked.world.shopify.requests().len(), 0);
    let told = linked.keeper_runs().await;
    assert_eq!((&told["due"], &told["checked"], &told["reconnect_needed"]), (&1.into(), &1.into(), &0.into()));
    linked.assert_linked();
    assert_eq!(linked.world.shopify.requests_of("graphql").len(), 1);
    assert_eq!(linked.keeper_runs().await["due"], 0);
}

#[tokio::test]
async fn scopes_that_were_taken_away_need_the_merchant() {
    let linked = Linked::with_pages(1).await;
    linked.world.shopify.set_scopes(SHOP, "read_products");
    linked.deliver(&linked.webhook(SCOPES)).await;
    linked.keeper_runs().await;
    let root = linked.root();
    assert_eq!((root.text("status"), root.text("reason")), (Some("reconnect_needed"), Some("missing_scope")));
    assert_eq!(linked.events(), ["linked", "reconnect_needed"]);
}

#[tokio::test]
async fn scopes_that_are_back_revive_the_store_and_that_is_told_once() {
    for has_ended in [false, true] {
        let linked = Linked::with_pages(1).await;
        linked.world.shopify.set_scopes(SHOP, "read_products");
        linked.deliver(&linked.webhook(SCOPES)).await;
        linked.keeper_runs().await;
        assert_eq!(linked.root().text("reason"), Some("missing_scope"));

        // Not all of them: it still needs its merchant, who was told.
        linked.world.shopify.set_scopes(SHOP, "read_products,read_locations");
        linked.deliver(&linked.webhook(SCOPES)).await;
        linked.keeper_runs().await;
        assert_eq!(linked.events(), ["linked", "reconnect_needed"]);

        linked.world.shopify.set_scopes(SHOP, ASKED);
        if has_ended {
            linked.world.expire_access_token(SHOP).await;
        }
        for _ in 0..2 {
            linked.deliver(&linked.webhook(SCOPES)).await;
            linked.keeper_runs().await;
            let root = linked.root();
            assert_eq!((root.text("status"), root.text("reason"), root.text("dead_since")), (Some("active"), None, None));
            assert_eq!(linked.events(), ["linked", "reconnect_needed", "recovered"]);
        }
        linked.world.assert_newest_pair(SHOP).await;
    }
}

#[tokio::test]
async fn a_forged_shop_header_makes_the_keeper_look_at_most() {
    let linked = Linked::with_pages(1).await;
    let mut webhook = linked.world.shopify.webhook(SCOPES, "other.myshopify.com");
    webhook.shop = Some(SHOP.to_owned());
    linked.deliver(&webhook).await;
    linked.keeper_runs().await;
    linked.assert_linked();
}

#[tokio::test]
async fn a_changed_configuration_leads_to_a_fresh_consent_at_the_next_launch() {
    let more = format!("{ASKED},read_orders");
    let world = World::builder().setting("SHOPIFY_SCOPES", &more).start().await;
    let launch = world.shopify.launch_url(SHOP);
    let target = launch.split_once("/shopify/").map(|(_, rest)| format!("/shopify/{rest}")).unwrap();
    let linked = Linked::in_world(world, 0).await;
    // As if the link had been made before the scope was added.
    let old: Vec<_> = ASKED.split(',').map(|scope| aws_sdk_dynamodb::types::AttributeValue::S(scope.to_owned())).collect();
    let list = aws_sdk_dynamodb::types::AttributeValue::L(old);
    crate::support::set(&linked.world, "connections", &linked.partition(), Some("store"), "scopes", list).await;
    linked.world.shopify.set_scopes(SHOP, ASKED);
    linked.deliver(&linked.webhook(SCOPES)).await;
    linked.keeper_runs().await;
    linked.assert_linked();
    let login = linked.browser.get(&target).await;
    assert_eq!(parameter(login.location(), "scope").as_deref(), Some(more.as_str()));
}
