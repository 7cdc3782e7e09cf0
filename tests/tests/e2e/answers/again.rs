//! What fails for a moment: the bot says so, the message comes again, and is answered then.

use std::time::Duration;

use e2e::faults::{Fault, Times};
use serde_json::json;

use crate::answers::{Asked, Stage, batch};

/// The bot fails with a message, says only why, and answers it when it comes again.
async fn is_answered_later(stage: &Stage, asked: &Asked, word: &str) {
    let before = stage.bot.written();
    assert_eq!(stage.bot.take(&asked.event).await, 500, "{word} {}", stage.told());
    stage.assert_wrote(&before, &format!("{word}\n")).await;
    assert!(stage.sent_to(&asked.customer).is_empty(), "{word}");
    stage.world.facebook.clear_faults();
    stage.answers(asked).await;
    assert_eq!(stage.sent_to(&asked.customer), ["Stoneware mug\nEnamel mug"], "{word} {}", stage.told());
    stage.assert_wrote(&before, &format!("{word}\nanswered\n")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_s_trouble_at_meta_delays_an_answer() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let error = |status: u16, code: u32| {
        Fault::json(status, &json!({ "error": { "message": "Later.", "type": "OAuthException", "code": code, "is_transient": true } }))
    };
    let faults = [
        (error(400, 4), "meta_4"),
        (error(400, 613), "meta_613"),
        (error(200, 613), "meta_613"),
        (error(400, 2), "meta_2"),
        // A number of those that are dropped counts for nothing where Meta is broken.
        (error(500, 190), "meta_190"),
        (Fault::Throttled429, "meta_4"),
        (Fault::ServerError500, "meta_1"),
        (Fault::json(503, &json!({})), "meta_503"),
        (Fault::json(429, &json!({ "error": "Too many requests" })), "meta_429"),
        (Fault::HtmlBody, "meta_0"),
        (Fault::Reset, "meta_0"),
        (Fault::ConnectionRefused, "meta_0"),
        // Who followed it would take the token along.
        (Fault::Redirect, "meta_0"),
    ];
    for account in [&stage.page, &stage.instagram] {
        for (fault, word) in &faults {
            let asked = stage.writes(account, "Do you have mugs?").await;
            // The sign that somebody is at work fails as well.
            stage.world.facebook.switch_on("send", fault.clone(), Times::Exactly(2));
            is_answered_later(&stage, &asked, word).await;
        }
    }
    assert!(stage.world.facebook.requests_of("redirected").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meta_that_hangs_is_given_up_within_the_time_that_a_function_has() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.writes(&stage.page, "Do you have mugs?").await;
    stage.world.facebook.switch_on("send", Fault::Hang, Times::Exactly(2));
    let started = tokio::time::Instant::now();
    is_answered_later(&stage, &asked, "meta_0").await;
    assert!(started.elapsed() < Duration::from_secs(25), "{:?}", started.elapsed());
}

/// Whoever hangs, hang all at once: Lambda gives the bot 30 seconds, and its queue counts on that.
#[tokio::test(flavor = "multi_thread")]
async fn everything_that_hangs_together_is_given_up_in_time_as_well() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.writes(&stage.page, "Do you have mugs?").await;
    stage.world.facebook.switch_on("send", Fault::Hang, Times::Exactly(2));
    stage.world.shopify.switch_on("catalog", Fault::Hang, Times::Once);
    stage.world.shopify.switch_on("graphql", Fault::Hang, Times::Once);
    let started = tokio::time::Instant::now();
    is_answered_later(&stage, &asked, "meta_0").await;
    assert!(started.elapsed() < Duration::from_secs(28), "{:?}", started.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sign_that_somebody_is_at_work_may_fail() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    for fault in [Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody] {
        stage.world.facebook.switch_on("send", fault, Times::Once);
        let asked = stage.hears("Do you have mugs?").await;
        assert_eq!((stage.sent_to(&asked.customer).len(), stage.calls_for(&asked.customer).len()), (1, 2));
    }
}

/// What the page for bots says remains: Meta took the message, and its answer was lost.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_arrived_unseen_is_sent_again() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = stage.writes(&stage.page, "Do you have mugs?").await;
    stage.world.facebook.switch_on("send", Fault::LostReply, Times::Exactly(2));
    assert_eq!(stage.bot.take(&asked.event).await, 500);
    assert_eq!(stage.sent_to(&asked.customer).len(), 1);
    stage.answers(&asked).await;
    stage.answers(&asked).await;
    assert_eq!(stage.sent_to(&asked.customer).len(), 2);
}

/// Of a batch the one that failed comes again; the others were answered, and are not answered twice.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_batch_only_what_failed_is_answered_again() {
    let Some(stage) = Stage::set(super::LANGUAGE).await else { return };
    let asked = [stage.writes(&stage.page, "Do you have mugs?").await, stage.writes(&stage.instagram, "Candles?").await];
    stage.world.facebook.switch_on("send", Fault::ServerError500, Times::Exactly(2));
    assert_eq!(stage.bot.take(&batch(&asked)).await, 500);
    let sent = || asked.each_ref().map(|asked| stage.sent_to(&asked.customer).len());
    assert_eq!(sent(), [0, 1], "{}", stage.told());
    assert_eq!(stage.bot.take(&batch(&asked)).await, 200);
    assert_eq!(sent(), [1, 1], "{}", stage.told());
    stage.assert_wrote("", "meta_1\nanswered\nanswered\n").await;
}
