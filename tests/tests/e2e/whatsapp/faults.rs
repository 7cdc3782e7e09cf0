//! Whatever fails on the way: nothing is half-linked, no code goes out twice, and the link that stands is told.

use e2e::faults::{Fault, Times};

use crate::support::{case, linked::killed_at};
use crate::whatsapp::support::Shop;

#[tokio::test]
async fn a_call_that_fails_before_the_link_leaves_nothing() {
    for (call, is_repeated) in [("whatsapp_exchange", false), ("whatsapp_debug_token", true), ("whatsapp_phone_numbers", true)] {
        for (name, fault) in Fault::matrix() {
            case((call, name));
            let shop = Shop::open().await;
            let callback = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
            shop.world.facebook.switch_on(call, fault, Times::UntilCleared);
            let reply = shop.browser.get(&callback).await;
            let is_refused = matches!(reply.code().as_deref(), Some("provider_error" | "provider_timeout" | "token_exchange_failed"));
            assert!(is_refused, "{}", reply.text());
            assert!(shop.grant().is_none() && shop.stored(&shop.number).is_none() && shop.pins().is_empty());
            if !is_repeated {
                assert!(shop.asked(call) <= 1, "a code goes out once");
            }
            shop.world.facebook.clear_faults();
            assert_eq!(shop.links().await.status(), 200, "the session is still good");
        }
    }
}

#[tokio::test]
async fn a_call_that_fails_after_the_link_is_told_and_the_keepers() {
    for call in ["whatsapp_subscribe", "whatsapp_subscribed_apps", "whatsapp_register"] {
        for (name, fault) in Fault::matrix() {
            case((call, name));
            let shop = Shop::open().await;
            shop.world.facebook.switch_on(call, fault, Times::UntilCleared);
            let reply = shop.links().await;
            assert_eq!(reply.status(), 200, "{}", reply.text());
            // Only what was read back is promised.
            let is_ready = reply.json()["phone_numbers"]["data"][0]["messaging_ready"] == true;
            assert!(!is_ready || call == "whatsapp_subscribe" && shop.world.facebook.is_subscribed(&shop.waba), "{}", reply.text());
            shop.world.facebook.clear_faults();
            shop.kept().await;
            assert!(shop.is_ready(&shop.number), "{:?}", shop.reason(&shop.number));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_is_killed_anywhere_leaves_whole_links() {
    for at in 0.. {
        case(at);
        let shop = Shop::open().await;
        let callback = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
        let answer = killed_at(&shop.world, "whatsapp-callback", at, shop.browser.get(&callback)).await;
        if answer.is_some_and(|answer| answer.status() == 200) {
            assert!(at > 5, "{at}");
            return;
        }
        let is_linked = shop.stored(&shop.number).is_some();
        assert_eq!((shop.grant().is_some(), shop.tokens(&shop.number).await.get("error").is_none()), (is_linked, is_linked));
        shop.signs_in().await;
        assert_eq!(shop.links().await.status(), 200, "the merchant tries again");
        assert!(shop.is_ready(&shop.number));
    }
}
