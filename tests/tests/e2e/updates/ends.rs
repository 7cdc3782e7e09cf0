//! Words that end a link, and are so at Meta.

use e2e::facebook::{AccountEvent, Delivery};
use e2e::world::World;
use serde_json::json;

use crate::updates::{ASKED, ENDS, INACTIVE, gone, needs_link};
use crate::whatsapp::support::Shop;

#[tokio::test]
async fn what_a_merchant_took_back_or_deleted_is_gone_at_once() {
    for (event, reason) in ENDS {
        let shop = Shop::linked_before().await;
        let token = shop.entry(&shop.number).await["access_token"].as_str().unwrap().to_owned();
        shop.befalls(&event).await;
        shop.assert_gone(reason).await;
        assert_eq!(shop.asked(ASKED), 1, "{event:?}");
        assert_eq!(shop.jobs(), Vec::<String>::new(), "the token was dead");
        assert!(!shop.world.logs().contains(&token));
    }
}

#[tokio::test]
async fn what_is_not_so_at_meta_ends_nothing() {
    let shop = Shop::linked_before().await;
    for event in ENDS.map(|(event, _)| event).into_iter().chain([INACTIVE]) {
        shop.is_said(&event).await;
        shop.assert_untouched().await;
    }
    assert_eq!((shop.asked(ASKED), shop.jobs()), (4, Vec::new()));
}

#[tokio::test]
async fn each_refusal_of_the_account_itself_is_the_end() {
    for code in [10, 33, 100, 200] {
        let shop = Shop::linked_before().await;
        shop.world.facebook.edit_account(&shop.waba, |account| account.error = Some(code));
        shop.is_said(&AccountEvent::Removed).await;
        shop.assert_gone("app_removed").await;
        assert_eq!(shop.jobs(), ["whatsapp/revoke"], "{code}: the token may open something else");
    }
}

#[tokio::test]
async fn a_grant_that_still_opens_something_is_taken_back_once_nothing_rests_on_it() {
    let shop = Shop::of(World::builder().whatsapp_apart()).await;
    shop.world.facebook.add_account(&shop.business, "Without a number");
    assert_eq!(shop.links().await.status(), 200);
    shop.was_linked_before(60).await;
    let token = shop.entry(&shop.number).await["access_token"].as_str().unwrap().to_owned();
    shop.befalls(&AccountEvent::Removed).await;
    shop.assert_gone("app_removed").await;
    assert_eq!(shop.jobs(), ["whatsapp/revoke"]);
    assert!(shop.world.facebook.accepts(&token));
}

#[tokio::test]
async fn a_number_that_left_the_app_needs_a_link_for_metas_reason() {
    for (reason, initiated_by) in [
        ("ACCOUNT_DISCONNECTED", "USER"),
        ("BUSINESS_DOWNGRADE", "USER"),
        ("CHANGE_NUMBER", "USER"),
        ("COMPANION_INACTIVITY", "SYSTEM"),
        ("PRIMARY_INACTIVITY", "SYSTEM"),
        ("USER_RE_REGISTERED", "USER"),
    ] {
        let shop = Shop::linked_before().await;
        shop.befalls(&AccountEvent::Disconnected { reason, initiated_by }).await;
        let word = reason.to_lowercase();
        let entry = shop.entry(&shop.number).await;
        assert_eq!((&entry["status"], &entry["reason"], &entry["access_token"]), (&json!("reconnect_needed"), &json!(word), &json!(null)));
        assert_eq!(shop.events(), [needs_link(&shop.number, &word)]);
        assert!(shop.pins()[0].text("ttl").is_none(), "it is held still");
        shop.is_said(&AccountEvent::Disconnected { reason, initiated_by }).await;
        assert_eq!(shop.events().len(), 1, "told once");
    }
}

#[tokio::test]
async fn a_number_that_needs_a_link_is_linked_again_or_ends() {
    let shop = Shop::linked_before().await;
    shop.befalls(&INACTIVE).await;
    assert_eq!(shop.kept().await["failed"], 0);
    assert_eq!(shop.entry(&shop.number).await["reason"], "primary_inactivity", "the keeper leaves it so");
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    assert_eq!(shop.entry(&shop.number).await["status"], "active");

    let shop = Shop::linked_before().await;
    shop.befalls(&INACTIVE).await;
    shop.is_said(&AccountEvent::Removed).await;
    assert_eq!(shop.tokens(&shop.number).await["error"]["code"], "not_found");
    assert_eq!(shop.events(), [gone(&shop.number, "app_removed"), needs_link(&shop.number, "primary_inactivity")]);
}

#[tokio::test]
async fn what_another_app_lost_or_another_apps_secret_signed_is_no_word_for_us() {
    let shop = Shop::linked_before().await;
    shop.world.facebook.edit_account(&shop.waba, |account| account.error = Some(100));
    shop.is_said(&AccountEvent::OtherAppUninstalled { app_id: "869361281603019" }).await;
    shop.is_said(&AccountEvent::Added).await;
    shop.is_said(&AccountEvent::AppInstalled).await;
    let secret = shop.world.setting("FACEBOOK_APP_SECRET").to_owned();
    shop.deliver(&Delivery { secret, ..shop.said_at(&AccountEvent::Removed, 0) }).await;
    shop.assert_untouched().await;
    assert_eq!(shop.asked(ASKED), 0);
}

#[tokio::test]
async fn under_one_app_it_is_the_same() {
    let shop = Shop::linked_in(World::builder().whatsapp()).await;
    shop.was_linked_before(60).await;
    shop.befalls(&AccountEvent::AppUninstalled).await;
    shop.assert_gone("app_removed").await;
}

#[tokio::test]
async fn numbers_of_nobody_s_cost_one_reading() {
    let shop = Shop::of(World::builder().whatsapp_apart()).await;
    shop.world.database.reset_usage();
    shop.befalls(&AccountEvent::Removed).await;
    let usage = shop.world.database.usage();
    assert_eq!((usage.calls("Query"), usage.calls("TransactWriteItems"), shop.asked(ASKED)), (1, 0, 0), "{usage:?}");
}
