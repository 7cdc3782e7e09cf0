//! Words come in any order, twice and days late.

use e2e::facebook::{AccountEvent, Change};

use crate::updates::{ASKED, Told, gone};
use crate::whatsapp::support::Shop;

const DAY: i64 = 24 * 3600;

#[tokio::test]
async fn what_is_said_twice_has_one_effect() {
    let shop = Shop::linked_before().await;
    let delivery = shop.world.facebook.account_event(&shop.waba, &AccountEvent::Removed);
    for _ in 0..3 {
        shop.deliver(&delivery).await;
    }
    shop.assert_gone("app_removed").await;
    assert_eq!(shop.asked(ASKED), 1);
}

#[tokio::test]
async fn what_was_linked_in_that_second_or_after_it_is_not_meant() {
    let shop = Shop::linked_before().await;
    // It would be refused: nobody is even asked.
    shop.world.facebook.edit_account(&shop.waba, |account| account.error = Some(100));
    let linked_at: i64 = shop.stored(&shop.number).unwrap().text("linked_at").unwrap().parse().unwrap();
    let said = |event: &AccountEvent, second: i64| {
        let change = shop.world.facebook.account_update(&shop.waba, event);
        shop.world.facebook.whatsapp_webhook([Change { time: Some(second), ..change }])
    };
    for before in [7 * DAY, 3600, 1, 0] {
        shop.deliver(&said(&AccountEvent::Removed, linked_at - before)).await;
        shop.deliver(&said(&super::INACTIVE, linked_at - before)).await;
    }
    shop.assert_untouched().await;
    assert_eq!(shop.asked(ASKED), 0);
    shop.deliver(&said(&AccountEvent::Removed, linked_at + 1)).await;
    shop.assert_gone("app_removed").await;
}

#[tokio::test]
async fn a_word_that_is_days_late_still_counts() {
    let shop = Shop::linked_before().await;
    shop.was_linked_before(8 * 24 * 3600).await;
    shop.world.facebook.edit_account(&shop.waba, |account| account.error = Some(100));
    shop.deliver(&shop.said_at(&AccountEvent::Removed, -7 * DAY)).await;
    shop.assert_gone("app_removed").await;
}

#[tokio::test]
async fn a_time_that_is_missing_or_to_come_is_this_moment() {
    for time in [None, Some(DAY), Some(3_000_000_000)] {
        let shop = Shop::linked_before().await;
        let mut change = shop.world.facebook.account_update(&shop.waba, &AccountEvent::Removed);
        change.time = time.map(|later| change.time.unwrap() + later);
        shop.world.facebook.edit_account(&shop.waba, |account| account.error = Some(100));
        shop.deliver(&shop.world.facebook.whatsapp_webhook([change.clone()])).await;
        shop.assert_gone("app_removed").await;
        // What is linked after it was delivered is newer than that, and what comes then is not.
        shop.world.facebook.edit_account(&shop.waba, |account| account.error = None);
        shop.signs_in().await;
        assert_eq!(shop.links().await.status(), 200);
        shop.deliver(&shop.world.facebook.whatsapp_webhook([change])).await;
        assert_eq!(shop.entry(&shop.number).await["status"], "active");
    }
}

#[tokio::test]
async fn what_was_linked_again_outlives_a_late_word() {
    let shop = Shop::linked_before().await;
    let delivery = shop.world.facebook.account_event(&shop.waba, &AccountEvent::Removed);
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    shop.deliver(&delivery).await;
    assert_eq!(shop.entry(&shop.number).await["status"], "active");
    assert_eq!(shop.events(), Vec::<Told>::new());
}

#[tokio::test]
async fn an_end_and_its_reason_come_in_either_order() {
    let shop = Shop::linked_before().await;
    let disconnected = shop.world.facebook.account_event(&shop.waba, &super::INACTIVE);
    shop.is_said(&AccountEvent::Removed).await;
    shop.deliver(&disconnected).await;
    assert_eq!(shop.events(), [gone(&shop.number, "app_removed")], "what is gone needs no link");
}
