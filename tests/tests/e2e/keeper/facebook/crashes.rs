//! Killed at any point, a run loses nothing: the next one does it again.

use e2e::database::DatabaseFault;
use e2e::faults::{Fault, Times};
use e2e::gate::until;

use super::{Linked, report};
use crate::support::connections;

/// Kills the keeper as soon as `holds` does; then its lease is still there.
pub(super) async fn killed_when(linked: &Linked, what: &str, holds: impl Fn() -> bool) {
    let keeper = linked.world.function("token-keeper");
    keeper.scale(1).await;
    let run = async {
        let lost = keeper.invoke_directly(serde_json::json!({})).await;
        assert!(lost.is_err(), "it was killed over it");
    };
    let kill = async {
        until(what, holds).await;
        keeper.kill().await;
    };
    tokio::join!(run, kill);
    keeper.scale(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_exchange_and_before_any_write_the_next_run_does_it_again() {
    let linked = Linked::with_pages(1).await;
    linked.age().await;
    linked.make_due().await;
    let before = connections(&linked.world);
    linked.world.facebook.switch_on("accounts", Fault::Hang, Times::Once);
    killed_when(&linked, "the exchange is over", || linked.calls("accounts") == 1).await;
    assert_eq!(connections(&linked.world), before);
    linked.assert_lives();

    assert_eq!(linked.run().await, report(0, 1, 0, 0), "the dead one's lease is still there: nothing is exchanged, and it stays due");
    linked.end_lease().await;
    assert_eq!(linked.run().await, report(1, 1, 0, 0));
    linked.assert_lives();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_while_it_writes_the_next_run_does_it_again() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.kill_token(&linked.page_token(&linked.pages[0]), None);
    linked.age().await;
    linked.make_due().await;
    let before = connections(&linked.world);
    linked.world.database.reset_usage();
    linked.world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    killed_when(&linked, "the write is on its way", || linked.world.database.usage().calls("TransactWriteItems") == 1).await;
    assert_eq!(connections(&linked.world), before);

    linked.end_lease().await;
    assert_eq!(linked.run().await, report(1, 1, 0, 0));
    linked.assert_lives();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_the_new_token_and_the_checks_it_stays_due() {
    let linked = Linked::with_pages(1).await;
    linked.age().await;
    linked.make_due().await;
    let before = linked.user_token();
    // The second question is about the Page, after the new token was stored.
    linked.world.facebook.switch_on("debug_token", Fault::Delay(std::time::Duration::ZERO), Times::Once);
    linked.world.facebook.switch_on("debug_token", Fault::Hang, Times::Once);
    killed_when(&linked, "the Page is asked about", || linked.calls("debug_token") == 2).await;
    assert_ne!(linked.user_token(), before);
    linked.assert_lives();
    assert_eq!(linked.grant().text("due_at"), Some("1"));

    linked.end_lease().await;
    assert_eq!(linked.run().await, report(0, 2, 0, 0));
    assert_eq!(linked.calls("long_lived_exchange"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_deaths_are_marked_the_next_run_marks_them() {
    let linked = Linked::with_pages(1).await;
    linked.world.facebook.change_password(&linked.person);
    linked.make_due().await;
    linked.world.database.reset_usage();
    linked.world.database.fail_operation("TransactWriteItems", DatabaseFault::Hang, 1);
    killed_when(&linked, "the first mark is on its way", || linked.world.database.usage().calls("TransactWriteItems") == 1).await;
    assert_eq!((linked.deaths(), linked.grant().text("status")), (Vec::new(), Some("active")));
    linked.end_lease().await;
    assert_eq!(linked.run().await, report(0, 0, 2, 0));
    assert_eq!(linked.deaths().len(), 1);
}
