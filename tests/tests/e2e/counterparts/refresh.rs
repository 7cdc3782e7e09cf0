//! The replies of the token endpoint that the library's own tests are made of, read by the library and by us.
//!
//! The package does not carry those tests; their replies, to a refresh, are written down here with values of our own.

use e2e::faults::{Fault, Times};
use e2e::stored::domain;
use e2e::world::World;
use serde_json::{Value, json};
use shared::clock::rfc3339;
use shared::providers::shopify::DEFAULT_SCOPES;

use crate::counterparts::run::{Counterparts, app};
use crate::support::linked_shop;

/// What the library and what we make of one reply.
async fn read_by_both(counterparts: &Counterparts, status: u16, reply: &Value) -> (World, String, Value, Value) {
    let world = World::start().await;
    let uuid = linked_shop(&world, &world.browser(), "acme").await;
    let shop = domain("acme");
    world.shopify.switch_on("refresh", Fault::json(status, reply), Times::UntilCleared);
    let task = json!({ "task": "refresh", "app": app(&world), "base": world.shopify.url(), "shop": shop, "refreshToken": "shprt_1" });
    let theirs = counterparts.node("shopify.mjs", task).await;
    world.expire_access_token(&shop).await;
    let ours = world.invoke("connection-tokens", json!({ "shop": shop })).await["shops"][0].clone();
    (world, uuid, theirs, ours)
}

/// Whether two ends are the same, as far as the time between the two readings allows.
fn about(rfc: &Value, millis: &Value) -> bool {
    let seconds = millis.as_u64().unwrap() / 1000;
    (seconds - 2..seconds + 20).any(|at| *rfc == rfc3339(at))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pair_is_the_same_pair_to_both() {
    let Some(counterparts) = Counterparts::find() else { return };
    let reply = json!({
        "access_token": "new_access_token", "scope": DEFAULT_SCOPES, "expires_in": 525_600,
        "refresh_token": "new_refresh_token", "refresh_token_expires_in": 2_592_000,
    });
    let (world, uuid, theirs, ours) = read_by_both(&counterparts, 200, &reply).await;
    assert_eq!((&theirs["accessToken"], &ours["access_token"]), (&reply["access_token"], &reply["access_token"]), "{theirs} {ours}");
    assert_eq!(ours["status"], "active");
    assert!(about(&ours["expires_at"], &theirs["expires"]), "{theirs} {ours}");
    assert_eq!(theirs["refreshToken"], world.opened(&uuid, "store", "refresh_token"));
    let store = world.item(&format!("uuid#{uuid}"), "store").unwrap();
    let end: u64 = store.text("refresh_expires_at").unwrap().parse().unwrap();
    assert!(about(&json!(rfc3339(end)), &theirs["refreshTokenExpires"]), "{end} {theirs}");
    let sorted = |scopes: Vec<&str>| {
        let mut scopes: Vec<String> = scopes.into_iter().map(str::to_owned).collect();
        scopes.sort();
        scopes
    };
    let scopes = ours["scope"].as_array().unwrap().iter().map(|scope| scope.as_str().unwrap()).collect();
    assert_eq!(sorted(scopes), sorted(theirs["scope"].as_str().unwrap().split(',').collect()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_a_refusal_to_both() {
    let Some(counterparts) = Counterparts::find() else { return };
    let reply = json!({ "error": "invalid_grant", "error_description": "The refresh token is invalid or expired" });
    let (_world, _, theirs, ours) = read_by_both(&counterparts, 400, &reply).await;
    assert_eq!(theirs, json!({ "error": "HttpResponseError", "status": 400 }));
    assert_eq!((&ours["status"], &ours["reason"]), (&json!("reconnect_needed"), &json!("token_refused")), "{ours}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_whose_end_is_not_told_lasts_for_the_library_and_ends_soon_here() {
    let Some(counterparts) = Counterparts::find() else { return };
    let reply = json!({ "access_token": "new_access_token", "scope": DEFAULT_SCOPES });
    let (world, _, theirs, ours) = read_by_both(&counterparts, 200, &reply).await;
    assert_eq!((&theirs["accessToken"], &theirs["expires"]), (&reply["access_token"], &Value::Null));
    assert_eq!(ours["access_token"], reply["access_token"], "{ours}");
    let soon = u64::try_from(world.shopify.now()).unwrap() * 1000 + 600_000;
    assert!(about(&ours["expires_at"], &json!(soon - 10_000)), "{ours}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_a_person_is_taken_by_the_library_and_refused_here() {
    let Some(counterparts) = Counterparts::find() else { return };
    let reply = json!({
        "access_token": "new_access_token", "scope": DEFAULT_SCOPES, "expires_in": 525_600, "associated_user_scope": "read_products",
        "associated_user": {
            "id": 8_675_309, "first_name": "Jo", "last_name": "Doe", "email": "jo@example.com", "email_verified": true,
            "account_owner": true, "locale": "en", "collaborator": true,
        },
    });
    let (_world, _, theirs, ours) = read_by_both(&counterparts, 200, &reply).await;
    assert_eq!((&theirs["accessToken"], &theirs["isOnline"]), (&reply["access_token"], &json!(true)));
    assert_eq!(
        (&ours["status"], &ours["access_token"], &ours["reason"]),
        (&json!("active"), &Value::Null, &json!("provider_error")),
        "{ours}"
    );
}
