//! What Meta refuses for good: the message is dropped, and does not come again.

use std::time::Duration;

use e2e::facebook::{Delivery, Happening, Update};
use e2e::faults::{Fault, Times};
use serde_json::json;

use crate::answers::{Asked, Stage};

/// The bot gets a message that can't be answered: it is done with it, at once and for good.
async fn is_dropped(stage: &Stage, asked: &Asked, word: &str) {
    let before = stage.bot.written();
    stage.answers(asked).await;
    let calls = stage.calls_for(&asked.customer).len();
    stage.assert_wrote(&before, &format!("{word}\n")).await;
    stage.answers(asked).await;
    assert_eq!(stage.calls_for(&asked.customer).len(), calls, "{word}: nothing more is tried");
    assert!(stage.sent_to(&asked.customer).is_empty(), "{word}");
}

/// For a Page and for its Instagram account alike.
async fn asked_at_both(stage: &Stage) -> [Asked; 2] {
    [stage.writes(&stage.page, "Do you have mugs?").await, stage.writes(&stage.instagram, "Do you have mugs?").await]
}

#[tokio::test(flavor = "multi_thread")]
async fn error_10_a_day_after_the_customer_s_last_message() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = asked_at_both(&stage).await;
    stage.world.facebook.advance_clock(Duration::from_secs(24 * 60 * 60 + 60));
    for asked in &asked {
        is_dropped(&stage, asked, "may_not_answer").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn error_10_while_another_app_has_the_conversation() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.writes(&stage.page, "Do you have mugs?").await;
    stage.world.facebook.hold_conversations(&stage.page);
    is_dropped(&stage, &asked, "may_not_answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn error_100_for_a_customer_who_is_none_of_the_page_s() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let facebook = &stage.world.facebook;
    let customer = facebook.add_customer();
    let update = Update::of("page", &stage.page, &customer, &Happening::Text("Do you have mugs?".to_owned()), facebook.now_millis());
    let delivery: Delivery = facebook.webhook([update]);
    let event = stage.delivers(&delivery).await.remove(0);
    is_dropped(&stage, &Asked { customer, event }, "not_accepted").await;
}

/// It dies at Meta after this service last looked: until the daily check nobody here knows.
#[tokio::test(flavor = "multi_thread")]
async fn error_190_with_a_token_that_died_meanwhile() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = asked_at_both(&stage).await;
    let token = crate::support::page_token(&stage.world, &stage.uuid, &stage.page);
    stage.world.facebook.kill_token(&token, Some(460));
    for asked in &asked {
        is_dropped(&stage, asked, "token_refused").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn error_200_without_the_permission() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = asked_at_both(&stage).await;
    for (asked, permission) in asked.iter().zip(["pages_messaging", "instagram_manage_messages"]) {
        stage.world.facebook.take_back(&stage.person, permission);
        is_dropped(&stage, asked, "no_permission").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn error_551_for_a_customer_who_blocked_the_page() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = asked_at_both(&stage).await;
    for (asked, account) in asked.iter().zip([&stage.page, &stage.instagram]) {
        stage.world.facebook.block(account, &asked.customer);
        is_dropped(&stage, asked, "not_available").await;
    }
}

/// Meta is known to send errors with status 200.
#[tokio::test(flavor = "multi_thread")]
async fn the_number_counts_whatever_the_status_is() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let words = [(10, "may_not_answer"), (100, "not_accepted"), (190, "token_refused"), (200, "no_permission"), (551, "not_available")];
    for status in [200, 400, 403] {
        for (code, word) in words {
            let error = json!({ "error": { "message": "No.", "type": "OAuthException", "code": code } });
            stage.world.facebook.switch_on("send", Fault::json(status, &error), Times::Exactly(2));
            let asked = stage.writes(&stage.page, "Do you have mugs?").await;
            is_dropped(&stage, &asked, word).await;
        }
    }
}
