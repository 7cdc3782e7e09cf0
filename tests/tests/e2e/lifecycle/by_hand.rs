//! A person whom an operator has forgotten by hand: after a restore, or because they asked for it in another way.

use e2e::database::DatabaseFault;
use serde_json::{Value, json};

use crate::lifecycle::{DELETION, Linked, keys};
use crate::support::holder;

async fn forget(linked: &Linked, person: Value) -> Value {
    linked.world.invoke("token-keeper", json!({ "forget": person })).await
}

#[tokio::test]
async fn everything_that_was_kept_because_of_a_person_goes_as_with_their_own_wish() {
    let linked = Linked::with_pages(2).await;
    linked.everything_is_marked().await;
    let told = forget(&linked, json!(linked.person)).await;
    let code = told["confirmation_code"].as_str().unwrap();
    assert_eq!((&told["forgotten"], &told["records"]), (&json!("whole"), &json!(3)), "{told}");
    for page in &linked.pages {
        assert!(linked.status_of(page).is_none() && holder(&linked.world, page).is_none());
    }
    assert!(!linked.grant_is_there());
    let status = linked.browser.get(&format!("{DELETION}/{code}")).await;
    assert_eq!((&status.json()["status"], &status.json()["records"]), (&json!("complete"), &json!(3)), "{}", status.text());
    let [audit] = &keys(&linked.world, "audit#")[..] else { panic!("one record") };
    let audit = linked.world.item(audit, "audit").unwrap();
    assert_eq!((audit.text("what"), audit.text("records")), (Some("facebook/data-deletion"), Some("3")));
    linked.keeper_runs().await;
    for page in &linked.pages {
        assert_eq!(linked.world.facebook.subscribed_fields(page), Vec::<String>::new());
    }
    assert!(!linked.world.function("token-keeper").logs().contains(&linked.person));
    // Once more does no harm, and what is linked later stays.
    assert_eq!(forget(&linked, json!(linked.person)).await["records"], 0);
    linked.links().await;
    linked.keeper_runs().await;
    linked.assert_linked();
}

#[tokio::test]
async fn what_names_no_person_deletes_nothing() {
    let linked = Linked::with_pages(1).await;
    for person in [json!(""), json!("0"), json!("jo"), json!(null), json!([linked.person]), json!(format!("{} ", linked.person)), json!(7)]
    {
        assert_eq!(forget(&linked, person).await["error"]["code"], "invalid_request");
    }
    assert_eq!(forget(&linked, json!("99999999999999")).await["records"], 0);
    linked.assert_linked();
}

#[tokio::test]
async fn what_could_not_be_done_at_once_is_done_by_the_next_run() {
    let linked = Linked::with_pages(1).await;
    linked.world.database.fail_operation("TransactWriteItems", DatabaseFault::InternalError, 1000);
    assert_eq!(forget(&linked, json!(linked.person)).await["error"]["code"], "storage_unavailable");
    linked.world.database.clear_faults();
    linked.assert_linked();
    linked.keeper_runs().await;
    assert!(linked.status_of(&linked.pages[0]).is_none() && !linked.grant_is_there());
}
