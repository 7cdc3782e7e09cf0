//! The core is neutral: a platform that only these tests know is linked, kept alive, moved, disconnected, deleted on request and erased by the code that
//! does so for every platform. The whole of it is in `platform.rs`; `service.rs` runs the code over it.

#[expect(dead_code, reason = "its main is the copy's")]
mod callback;
#[expect(dead_code, reason = "its main is the copy's")]
mod login;
mod platform;
mod service;

use platform::{GIVER, REGISTRATION, STUB};
use serde_json::json;
use service::{Merchant, Service, box_id};
use shared::Code;
use shared::clock::Clock;
use shared::config::Vars;
use shared::facts::{Permission, Unsubscribed};
use shared::platform::{GrantId, Subject};
use shared::store::leave::requests::{Asked, NewRequest};
use uuid::Uuid;

const OWN: [&str; 1] = ["OWN"];

fn ids(list: &[shared::platform::AccountId]) -> Vec<&str> {
    list.iter().map(shared::platform::AccountId::as_str).collect()
}

/// A store with two boxes of one giver.
async fn linked() -> (Service, Merchant) {
    let service = Service::start().await;
    let merchant = service.merchant("acme.myshopify.com").await;
    let boxes = [service.granted("1", &OWN), service.granted("2", &OWN)];
    let linked = service.links(&merchant, "7", &boxes, &[]).await;
    assert_eq!(ids(&linked.linked), ["1", "2"]);
    (service, merchant)
}

#[tokio::test]
async fn it_is_linked_and_found_by_its_account() {
    let (service, merchant) = linked().await;
    let uuid = &merchant.uuid;
    let expected = ["box#1 owner", "box#2 owner"].map(str::to_owned);
    let under = ["box#1", "box#2", "giver#7"].map(|sk| format!("uuid#{uuid} {sk}"));
    assert_eq!(service.places(), expected.into_iter().chain(under).collect::<Vec<_>>());
    assert_eq!(service.events(), ["linked stub 1", "linked stub 2"]);
    let found = service.tables.identity_of_account(&box_id("2")).await.unwrap().unwrap();
    assert_eq!(
        (found.shop.shop.as_str(), ids(&found.accounts.iter().map(|account| account.id.clone()).collect::<Vec<_>>())),
        ("acme.myshopify.com", vec!["2"])
    );
    assert_eq!(service.stub.works_for(found.accounts[0].access_token.as_ref().unwrap()).as_deref(), Some("box 2"));
}

#[tokio::test]
async fn its_own_functions_link_it() {
    let service = Service::start().await;
    let merchant = service.merchant("acme.myshopify.com").await;
    let refused = service.signs_in_at_stub(&merchant, "nobody").await.unwrap_err();
    assert_eq!(refused.code, Code::TokenExchangeFailed);
    let reply = service.signs_in_at_stub(&merchant, "7").await.unwrap();
    assert_eq!(reply.status(), 200);
    assert_eq!(service.events(), ["linked stub 1", "linked stub 2"]);
    assert!(service.item(&merchant, "giver#7").is_some());
}

#[test]
fn it_is_on_where_its_app_is_known() {
    let vars = |app: &[(&'static str, &'static str)]| Vars::from_pairs(app.iter().copied());
    assert!(!(REGISTRATION.is_on)(&vars(&[])).unwrap());
    let vars = vars(&[("STUB_APP_ID", "stub-app")]);
    assert!((REGISTRATION.is_on)(&vars).unwrap());
    let (grantor, revoker) =
        ((REGISTRATION.grantor)(&vars, Clock::system()).unwrap(), (REGISTRATION.revoker)(&vars, Clock::system()).unwrap());
    let (app, credentials) = (revoker.app_id(), (REGISTRATION.credentials)(&vars).unwrap());
    assert_eq!((grantor.platform(), grantor.app_id(), app, credentials.id.as_str()), (&STUB, "stub-app", "stub-app", "stub-app"));
}

#[tokio::test]
async fn it_is_kept_alive() {
    let (service, merchant) = linked().await;
    let partition = format!("uuid#{}", merchant.uuid);
    // Its giver's token has less than a third of its life left.
    service.world.set_number(&partition, "giver#7", "issued_at", 1).await;
    service.world.set_number(&partition, "giver#7", "expires_at", Clock::system().now() + 60).await;
    service.world.set_number(&partition, "giver#7", "due_at", 1).await;
    let run = service.keeper(json!({})).await;
    assert_eq!((&run["due"], &run["refreshed"], &run["checked"], &run["failed"]), (&json!(1), &json!(1), &json!(2), &json!(0)), "{run}");
    let asked = service.stub.state().asked.clone();
    assert_eq!(asked[..3], ["check", "renew", "derive"], "{asked:?}");
    assert_eq!(service.stub.state().delivering.len(), 2);
    // What is stored is what works now.
    let stored = service.tables.identity_of_account(&box_id("1")).await.unwrap().unwrap();
    assert_eq!(service.stub.works_for(stored.accounts[0].access_token.as_ref().unwrap()).as_deref(), Some("box 1"));
    assert!(stored.accounts[0].messaging_ready);
    assert_eq!(service.keeper(json!({})).await["due"], json!(0));
}

#[tokio::test]
async fn what_is_dead_is_marked_and_told() {
    let (service, merchant) = linked().await;
    service.stub.state().ended.insert("box 2".to_owned());
    service.world.set_number(&format!("uuid#{}", merchant.uuid), "giver#7", "due_at", 1).await;
    let run = service.keeper(json!({})).await;
    assert_eq!((&run["reconnect_needed"], &run["checked"]), (&json!(1), &json!(2)), "{run}");
    let dead = service.item(&merchant, "box#2").unwrap();
    assert_eq!((dead.text("status"), dead.text("reason")), (Some("reconnect_needed"), Some("thrown_out")));
    assert!(service.events().contains(&"reconnect_needed stub 2".to_owned()));
}

#[tokio::test]
async fn a_platform_that_is_down_costs_nothing() {
    let (service, merchant) = linked().await;
    service.stub.state().is_down = true;
    service.world.set_number(&format!("uuid#{}", merchant.uuid), "giver#7", "due_at", 1).await;
    let run = service.keeper(json!({})).await;
    assert_eq!((&run["failed"], &run["reconnect_needed"]), (&json!(1), &json!(0)), "{run}");
    service.stub.state().is_down = false;
    assert_eq!(service.world.end_pauses().await, 1);
    assert_eq!(service.keeper(json!({})).await["checked"], json!(3));
}

#[tokio::test]
async fn it_moves_where_its_giver_may_move_it() {
    let (service, merchant) = linked().await;
    let other = service.merchant("other.myshopify.com").await;
    let theirs = [service.granted("1", &[]), service.granted("2", &OWN), service.granted("3", &OWN)];
    let linked = service.links(&other, "8", &theirs, &["1", "2"]).await;
    assert_eq!((ids(&linked.linked), ids(&linked.moved), ids(&linked.held_elsewhere)), (vec!["2", "3"], vec!["2"], vec!["1"]));
    assert_eq!(service.item(&merchant, "box#2").unwrap().text("status"), Some("moved"));
    assert_eq!(service.world.owner("box#2").as_deref(), Some(other.uuid.as_str()));
    assert_eq!(service.world.owner("box#1").as_deref(), Some(merchant.uuid.as_str()));
    assert!(service.events().contains(&"moved stub 2".to_owned()));
}

#[tokio::test]
async fn its_merchant_disconnects_it_and_the_grant_goes_with_the_last() {
    let (service, merchant) = linked().await;
    service.signs_in(&merchant, "acme.myshopify.com").await;
    service.stub.state().delivering.extend(["1", "2"].map(str::to_owned));
    assert_eq!(service.disconnects(&merchant, &box_id("1")).await, (Unsubscribed::Done, Permission::Kept));
    assert_eq!(service.disconnects(&merchant, &box_id("2")).await, (Unsubscribed::Done, Permission::Revoked));
    assert_eq!(service.stub.state().asked, ["end_delivery", "end_delivery", "revoke"]);
    assert!(service.stub.state().delivering.is_empty());
    assert_eq!(service.places(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_left_to_do_at_it_is_done_by_the_keeper() {
    let (service, merchant) = linked().await;
    service.signs_in(&merchant, "acme.myshopify.com").await;
    service.stub.state().is_down = true;
    service.disconnects(&merchant, &box_id("1")).await;
    assert_eq!(service.disconnects(&merchant, &box_id("2")).await, (Unsubscribed::Later, Permission::Later));
    let jobs = service.places();
    let of = |kind: &str| jobs.iter().filter(|place| place.ends_with(kind)).count();
    assert_eq!((of("stub/unsubscribe"), of("stub/revoke")), (2, 1), "{jobs:?}");
    service.stub.state().is_down = false;
    service.keeper(json!({})).await;
    // The grant is taken back once every flow that was under way has ended.
    for place in service.places() {
        let (pk, sk) = place.split_once(' ').unwrap();
        service.world.set_number(pk, sk, "due_at", 1).await;
    }
    service.keeper(json!({})).await;
    assert_eq!(service.places(), Vec::<String>::new());
    assert!(service.stub.state().ended.contains("giver 7"), "the grant was taken back");
}

#[tokio::test]
async fn its_giver_asks_to_be_forgotten() {
    let (service, merchant) = linked().await;
    let subject = Subject::Grant(GrantId::parse(&GIVER, "7").unwrap());
    let (code, issued_at) = (Uuid::from_u128(9), Clock::system().now() + 1);
    let request = NewRequest { code, platform: &STUB, asked: Asked::Deletion, subject, issued_at };
    let taken = service.tables.record_request(&request, &[]).await.unwrap();
    service.tables.carry_out(&taken).await.unwrap();
    let left = service.places();
    assert!(left.iter().all(|place| place.starts_with("job#")) && left.len() == 2, "{left:?}");
    assert_eq!(service.item(&merchant, "store").unwrap().text("status"), Some("active"), "the store is not its giver's");
    service.keeper(json!({})).await;
    assert_eq!(service.places(), Vec::<String>::new());
    assert_eq!(service.stub.state().asked, ["end_delivery", "end_delivery"]);
    let done = service.tables.privacy_request(code).await.unwrap().unwrap();
    assert_eq!((done.records, done.platform.name), (3, "stub"));
    assert_eq!(service.world.item(&format!("deletion#{}", code.simple()), "status").unwrap().text("asked"), Some("stub/data-deletion"));
}

#[tokio::test]
async fn an_operator_has_it_forgotten_by_hand() {
    let (service, _merchant) = linked().await;
    let told = service.keeper(json!({ "forget": "7", "platform": "stub" })).await;
    assert_eq!((&told["forgotten"], &told["records"]), (&json!("whole"), &json!(3)));
    assert!(service.places().iter().all(|place| place.starts_with("job#")));
}

#[tokio::test]
async fn it_is_erased_with_its_store() {
    let (service, merchant) = linked().await;
    assert_eq!(service.keeper(json!({ "erase": "acme.myshopify.com" })).await, json!({ "erased": "whole" }));
    assert!(service.item(&merchant, "store").is_none());
    service.keeper(json!({})).await;
    assert_eq!(service.places(), Vec::<String>::new());
    assert_eq!(service.stub.state().asked, ["end_delivery", "end_delivery"]);
    assert!(service.world.database.dump().iter().all(|item| !item.contains(&merchant.uuid)));
}
