//! Tables that fail, functions that die, and the same word at once.

use e2e::database::DatabaseFault;
use e2e::facebook::AccountEvent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{case, linked::killed_at};
use crate::updates::{ASKED, FUNCTION, Told};
use crate::whatsapp::support::Shop;

#[tokio::test]
async fn tables_that_fail_have_meta_come_again() {
    let shop = Shop::linked_before().await;
    let delivery = shop.world.facebook.account_event(&shop.waba, &AccountEvent::Removed);
    for fault in [DatabaseFault::Hang, DatabaseFault::InternalError, DatabaseFault::Throttled] {
        shop.world.database.fail(fault, 1000);
        let reply = shop.answer(&delivery).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (503, Some("storage_unavailable")), "{}", reply.text());
        shop.world.database.clear_faults();
        assert_eq!(shop.events(), Vec::<Told>::new());
    }
    shop.deliver(&delivery).await;
    shop.assert_gone("app_removed").await;
}

#[tokio::test]
async fn a_doubt_that_is_not_written_is_no_answer() {
    let shop = Shop::linked_before().await;
    shop.world.facebook.switch_on(ASKED, Fault::ServerError500, Times::UntilCleared);
    let delivery = shop.world.facebook.account_event(&shop.waba, &AccountEvent::Removed);
    shop.world.database.fail_operation("PutItem", DatabaseFault::InternalError, 1000);
    assert_eq!(shop.answer(&delivery).await.status, 503);
    shop.world.database.clear_faults();
    shop.deliver(&delivery).await;
    assert_eq!(shop.jobs(), ["whatsapp/doubt"]);
}

#[tokio::test]
async fn whoever_dies_at_it_leaves_what_the_next_one_ends() {
    for at in 0..12 {
        case(at);
        let shop = Shop::linked_before().await;
        let delivery = shop.world.facebook.account_event(&shop.waba, &AccountEvent::Removed);
        let done = killed_at(&shop.world, FUNCTION, at, shop.answer(&delivery)).await;
        shop.deliver(&delivery).await;
        shop.assert_gone("app_removed").await;
        if done.is_some_and(|reply| reply.status == 200) {
            return;
        }
    }
    panic!("it never came to its end");
}

#[tokio::test]
async fn a_keeper_that_dies_at_a_doubt_leaves_it_to_the_next() {
    for at in 0..40 {
        case(at);
        let shop = Shop::linked_before().await;
        shop.world.facebook.switch_on(ASKED, Fault::ServerError500, Times::UntilCleared);
        shop.befalls(&AccountEvent::Removed).await;
        shop.world.facebook.clear_faults();
        shop.world.function("token-keeper").scale(1).await;
        let run = shop.world.function("token-keeper").invoke_directly(json!({}));
        drop(killed_at(&shop.world, "token-keeper", at, run).await);
        let is_settled = shop.jobs().is_empty();
        shop.world.invoke("token-keeper", json!({})).await;
        shop.assert_gone("app_removed").await;
        assert_eq!(shop.jobs(), Vec::<String>::new());
        if is_settled {
            return;
        }
    }
    panic!("it never came to its end");
}

#[tokio::test]
async fn the_same_word_at_once_is_taken_by_all_and_told_once() {
    let shop = Shop::linked_in(World::builder().whatsapp_apart().instances(FUNCTION, 4)).await;
    shop.was_linked_before(60).await;
    let delivery = shop.world.facebook.account_event(&shop.waba, &AccountEvent::Removed);
    join_all((0..4).map(|_| shop.deliver(&delivery))).await;
    shop.assert_gone("app_removed").await;
}
