//! Using a state: what is retried, and what is returned if no link results.

use serde_json::{Value, json};

use super::{Answer, NOW, Scripted, condition_failed, found, is_tried_five_times_more, refused};
use crate::{
    Clock,
    config::Vars,
    flow::{Flow, Returned},
    providers::shopify,
    request::Request,
    store::flows::{Claim, ClaimError},
};

/// A state as it returns.
fn returned() -> Returned {
    let vars = Vars::from_pairs([("STATE_TOKEN_SECRET", "0123456789abcdef0123456789abcdef")]);
    let flow = Flow::from_vars(&vars, false, Clock::fixed(NOW)).unwrap();
    let begun = flow.begin(&shopify::PLATFORM, &Request::from_event(&json!({})), Vec::new()).unwrap();
    let cookie = begun.cookie.split(';').next().unwrap();
    flow.verify(&shopify::PLATFORM, &Request::from_event(&json!({ "cookies": [cookie] })), &begun.state, |_| true).unwrap()
}

pub(super) async fn claim(table: &Scripted) -> Result<Claim, ClaimError> {
    table.sessions().claim(&shopify::PLATFORM, "acme.myshopify.com", &returned()).await
}

async fn claim_with_lease(table: &Scripted) -> Claim {
    table.sessions().claim_with_lease(&shopify::PLATFORM, "acme.myshopify.com", &returned()).await.unwrap()
}

#[tokio::test]
async fn a_throttled_claim_is_retried_five_times() {
    is_tried_five_times_more(async |table| claim(table).await, |error| matches!(error, ClaimError::Failed(_))).await;
}

/// The conditions of the writes that note a failure, given this first answer.
async fn conditions_of_a_failure(first: Answer) -> Vec<String> {
    let table = Scripted::new(vec![found(json!({})), first, found(json!({}))]);
    let claim = claim_with_lease(&table).await;
    table.sessions().fail(&claim).await;
    table.asked()[1..].iter().map(|asked| asked["ConditionExpression"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_state_fails_even_if_its_lease_was_lost() {
    let conditions = conditions_of_a_failure(condition_failed(Value::Null)).await;
    assert_eq!(conditions.len(), 2);
    assert!(conditions[0].contains("#lease_owner = :") && !conditions[1].contains("lease_owner"), "{conditions:?}");
}

#[tokio::test]
async fn noting_a_failure_is_not_retried() {
    assert_eq!(conditions_of_a_failure(found(json!({}))).await.len(), 1);
    assert_eq!(conditions_of_a_failure(refused("ResourceNotFoundException")).await.len(), 1);
    // Without a lease none can have been lost.
    let table = Scripted::new(vec![found(json!({})), condition_failed(Value::Null), found(json!({}))]);
    let claim = claim(&table).await.unwrap();
    table.sessions().fail(&claim).await;
    assert_eq!(table.asked().len(), 2);
}

#[tokio::test]
async fn states_that_ended_two_minutes_ago_are_removed_fifty_at_a_time() {
    let state = |end: u64| json!({ "M": { "exp": { "N": end.to_string() }, "by": { "S": "x" }, "out": { "S": "linked" } } });
    let mut item = json!({ "c_lately": state(NOW - 120), "x_ended": state(NOW - 121), "lease_owner": { "S": "x" } });
    item["c_ended"] = state(NOW - 121);
    let removed = |asked: &Value| {
        let update = asked["UpdateExpression"].as_str().unwrap();
        let removed = update.split(" REMOVE ").nth(1).unwrap_or_default().split(", ");
        let names = removed.map(|name| asked["ExpressionAttributeNames"][name].as_str().unwrap().to_owned());
        let mut states: Vec<String> = names.filter(|name| name.starts_with("c_")).collect();
        states.sort();
        states
    };
    let table = Scripted::new(vec![found(json!({ "Attributes": item })), found(json!({}))]);
    let first = claim_with_lease(&table).await;
    table.sessions().fail(&first).await;
    assert_eq!(removed(&table.asked()[1]), ["c_ended"]);
    let update = table.asked()[1]["UpdateExpression"].as_str().unwrap().to_owned();
    assert!(update.starts_with("SET ") && update.contains("REMOVE #lease_owner, #lease_until, #c_ended"), "{update}");

    for n in 0..60 {
        item[format!("c_{n}")] = state(1);
    }
    let table = Scripted::new(vec![found(json!({ "Attributes": item })), found(json!({}))]);
    let many = claim_with_lease(&table).await;
    table.sessions().fail(&many).await;
    assert_eq!(removed(&table.asked()[1]).len(), 50);
}
