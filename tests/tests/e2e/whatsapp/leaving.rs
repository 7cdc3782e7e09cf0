//! Who leaves takes along what was kept because of them: by Meta's callbacks, and with the store.

use e2e::facebook::{delivery, signed_request};
use e2e::lambda::Reply;
use e2e::world::World;
use serde_json::json;

use crate::support::{dump, holder_of};
use crate::whatsapp::support::Shop;

/// What Meta would sign about the portfolio's system user, by this secret.
async fn leaves(shop: &Shop, route: &str, secret: &str) -> Reply {
    let user = shop.grant().unwrap().text("sk").unwrap().trim_start_matches("business#").to_owned();
    let issued_at = shop.world.facebook.now() + 1;
    let payload = json!({ "algorithm": "HMAC-SHA256", "issued_at": issued_at, "user_id": user });
    let request = delivery(route, &signed_request(shop.world.setting(secret), &payload));
    shop.world.gateway().send(&request).await
}

#[tokio::test]
async fn a_wish_to_be_forgotten_erases_numbers_and_their_pins() {
    for (world, secret) in
        [(World::builder().whatsapp(), "FACEBOOK_APP_SECRET"), (World::builder().whatsapp_apart(), "WHATSAPP_APP_SECRET")]
    {
        let shop = Shop::linked_in(world).await;
        let reply = leaves(&shop, "/facebook/data-deletion", secret).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        assert!(shop.stored(&shop.number).is_none() && shop.grant().is_none() && shop.pins().is_empty());
        assert_eq!(holder_of(&shop.world, "phone", &shop.number), None);
        assert_eq!(shop.events(), [("disconnected".to_owned(), shop.number.clone(), Some("data_deletion".to_owned()))]);
        let left = dump(&shop.world).into_iter().filter(|((_, _, sk), _)| !sk.starts_with("event#"));
        let left = format!("{:?}", left.collect::<Vec<_>>());
        assert!(!left.contains(&shop.number) && !left.contains(&shop.waba), "{left}");
        let mut jobs = shop.jobs();
        jobs.sort();
        assert_eq!(jobs, ["whatsapp/revoke", "whatsapp/unsubscribe"]);
        shop.kept().await;
        assert!(!shop.world.facebook.is_subscribed(&shop.waba));
        assert_eq!(shop.jobs(), ["whatsapp/revoke"], "it waits for ten minutes");
    }
}

#[tokio::test]
async fn the_removal_of_the_app_ends_the_token_and_keeps_the_number_in_the_list() {
    let shop = Shop::linked().await;
    assert_eq!(leaves(&shop, "/facebook/deauthorize", "FACEBOOK_APP_SECRET").await.status, 200);
    assert!(shop.grant().is_none());
    let stored = shop.stored(&shop.number).unwrap();
    assert_eq!((stored.text("status"), stored.text("reason")), (Some("reconnect_needed"), Some("app_removed")));
    let entry = shop.tokens(&shop.number).await["phone_numbers"][0].clone();
    assert_eq!((&entry["status"], entry.get("access_token")), (&json!("reconnect_needed"), None));
}

#[tokio::test]
async fn another_apps_secret_reaches_only_what_was_granted_to_that_app() {
    let shop = Shop::linked_in(World::builder().whatsapp_apart()).await;
    let before = dump(&shop.world).into_iter().filter(|((_, pk, _), _)| pk.starts_with("uuid#")).collect::<Vec<_>>();
    assert_eq!(leaves(&shop, "/facebook/data-deletion", "FACEBOOK_APP_SECRET").await.status, 200);
    let after = dump(&shop.world).into_iter().filter(|((_, pk, _), _)| pk.starts_with("uuid#")).collect::<Vec<_>>();
    assert_eq!(after, before);
    assert!(shop.world.facebook.is_subscribed(&shop.waba));
}

#[tokio::test]
async fn an_erased_store_leaves_a_pin_that_names_nobody() {
    let shop = Shop::linked().await;
    let before = u64::try_from(shop.world.facebook.now()).unwrap() - 60;
    for (name, value) in [("linked_at", before), ("linked_ms", before * 1000)] {
        shop.world.set_number(&format!("uuid#{}", shop.uuid), "store", name, value).await;
    }
    for topic in ["app/uninstalled", "shop/redact"] {
        let webhook = shop.world.shopify.webhook(topic, "acme.myshopify.com");
        assert_eq!(shop.world.gateway().send(&webhook.request()).await.status, 200);
    }
    assert!(shop.stored(&shop.number).is_none() && shop.grant().is_none(), "{}", shop.world.function("shopify-webhooks").logs());
    let [pin] = &shop.pins()[..] else { panic!("the PIN is kept for ninety days") };
    assert!(pin.text("ttl").is_some());
    let left = format!("{:?}", dump(&shop.world));
    for known in [shop.number.as_str(), &shop.waba, &shop.uuid, "631-555"] {
        assert!(!left.contains(known), "{known}: {left}");
    }
    assert_eq!(shop.jobs().len(), 2);
    shop.kept().await;
    assert!(!shop.world.facebook.is_subscribed(&shop.waba));
    assert_eq!(shop.jobs(), ["whatsapp/revoke"], "it waits for ten minutes");
}
