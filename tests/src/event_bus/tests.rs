use serde_json::{Value, json};

use super::*;
use crate::faults::Fault;

async fn call(bus: &EventBus, body: &Value) -> (u16, Value) {
    try_call(bus, body).await.expect("an answer")
}

async fn try_call(bus: &EventBus, body: &Value) -> reqwest::Result<(u16, Value)> {
    let request = crate::provider::tests::client()
        .post(bus.url())
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", "AWSEvents.PutEvents")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=meta-webhooks/20261130/us-east-1/events/aws4_request, Signature=ab");
    let answer = request.body(body.to_string()).send().await?;
    Ok((answer.status().as_u16(), answer.json().await?))
}

fn entry(detail: &str) -> Value {
    json!({ "Source": "s", "DetailType": "message", "Detail": detail, "EventBusName": MESSAGE_BUS })
}

fn with(name: &str, value: Value) -> Value {
    let mut entry = entry("{}");
    entry[name] = value;
    entry
}

#[tokio::test]
async fn what_is_put_is_kept_in_its_order() {
    let bus = EventBus::start(&[MESSAGE_BUS]);
    let heard = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&heard);
    bus.on_put(move |_| *lock(&counted) += 1);
    let arn = format!("arn:aws:events:us-east-1:123456789012:event-bus/{MESSAGE_BUS}");
    let entries =
        json!({ "Entries": [entry(r#"{"n":1}"#), with("EventBusName", json!(arn)), { "Source": "s", "DetailType": "t", "Detail": "{}" }] });
    let (status, answer) = call(&bus, &entries).await;
    assert_eq!((status, &answer["FailedEntryCount"], answer["Entries"].as_array().unwrap().len()), (200, &json!(0), 3));
    assert!(answer["Entries"].as_array().unwrap().iter().all(|entry| entry["EventId"].is_string()), "{answer}");
    let first = Put { source: "s".into(), detail_type: "message".into(), detail: json!({"n": 1}), bus: MESSAGE_BUS.into() };
    assert_eq!(bus.puts()[0], first);
    assert_eq!(bus.puts().iter().map(|put| &*put.bus).collect::<Vec<_>>(), [MESSAGE_BUS, MESSAGE_BUS, "default"]);
    assert_eq!((*lock(&heard), bus.take_puts().len(), bus.journal().puts().len()), (3, 3, 0));
    assert!(bus.was_called_by("meta-webhooks") && !bus.was_called_by("connections"));
}

#[tokio::test]
async fn an_entry_is_refused_for_what_is_wrong_with_it_and_the_others_are_taken() {
    let bus = EventBus::start(&[MESSAGE_BUS]);
    let cases = [
        (with("Source", json!("")), "InvalidArgument"),
        (with("DetailType", json!("")), "InvalidArgument"),
        (with("Detail", json!("")), "InvalidArgument"),
        (with("Detail", json!("{")), "MalformedDetail"),
        (with("Detail", json!("[]")), "MalformedDetail"),
        (with("Detail", json!("\"text\"")), "MalformedDetail"),
        (with("EventBusName", json!("nowhere")), "ResourceNotFound"),
    ];
    for (wrong, code) in cases {
        let (status, answer) = call(&bus, &json!({ "Entries": [wrong, entry("{}")] })).await;
        assert_eq!((status, &answer["FailedEntryCount"], &answer["Entries"][0]["ErrorCode"]), (200, &json!(1), &json!(code)), "{wrong}");
        assert!(answer["Entries"][1]["EventId"].is_string());
        assert_eq!(bus.take_puts().len(), 1);
    }
}

#[tokio::test]
async fn a_call_over_a_limit_is_refused_whole() {
    let bus = EventBus::start(&[MESSAGE_BUS]);
    let refused = async |entries: Vec<Value>| {
        let (status, answer) = call(&bus, &json!({ "Entries": entries })).await;
        status == 400 && answer["__type"] == "ValidationException"
    };
    assert!(refused(vec![]).await && refused(vec![entry("{}"); 11]).await);
    // The text counts in bytes, and so do source, type, resources and a time.
    let fixed = "s".len() + "message".len();
    let detail = |bytes: usize| format!("{{\"t\":\"{}\"}}", "ä".repeat((bytes - 8) / 2));
    let rest = LARGEST_CALL - fixed;
    assert_eq!(detail(rest).len(), rest);
    assert!(!refused(vec![entry(&detail(rest))]).await);
    assert!(refused(vec![entry(&detail(rest + 2))]).await);
    let mut timed = entry(&detail(rest - 14));
    timed["Time"] = json!(1_790_000_000);
    assert!(!refused(vec![timed.clone()]).await);
    timed["Resources"] = json!(["r"]);
    assert!(refused(vec![timed]).await);
    assert!(refused(vec![entry(&detail(rest / 2)), entry(&detail(rest / 2 + 16))]).await);
    assert_eq!(bus.puts().len(), 2);
}

#[tokio::test]
async fn only_a_signed_put_events_is_understood() {
    let bus = EventBus::start(&[MESSAGE_BUS]);
    let body = json!({ "Entries": [entry("{}")] }).to_string();
    let kinds = [("AWSEvents.PutRule", "application/x-amz-json-1.1"), ("AWSEvents.PutEvents", "application/json")];
    for (target, content_type) in kinds {
        let request = crate::provider::tests::client().post(bus.url()).header("content-type", content_type).header("x-amz-target", target);
        assert_eq!(request.body(body.clone()).send().await.unwrap().status(), 400);
    }
    assert_eq!(call(&bus, &json!({ "Entries": "none" })).await.1["__type"], "SerializationException");
    assert!(bus.puts().is_empty());
}

#[tokio::test]
async fn it_fails_as_it_is_told_to() {
    let bus = EventBus::start(&[MESSAGE_BUS]);
    let one = json!({ "Entries": [entry("{}")] });
    bus.switch_on(PUT_EVENTS, Fault::Throttled429, Times::Once);
    bus.switch_on(PUT_EVENTS, Fault::ServerError500, Times::Once);
    let (status, answer) = call(&bus, &one).await;
    assert_eq!((status, &answer["__type"]), (400, &json!("ThrottlingException")));
    assert_eq!(call(&bus, &one).await.0, 500);
    assert!(bus.puts().is_empty());
    bus.switch_on(PUT_EVENTS, Fault::LostReply, Times::Once);
    assert!(try_call(&bus, &one).await.is_err());
    assert_eq!(bus.take_puts().len(), 1, "taken, though nobody heard of it");
    bus.switch_on(PUT_EVENTS, Fault::Hang, Times::Once);
    assert!(try_call(&bus, &one).await.is_err_and(|error| error.is_timeout()));

    bus.refuse("ThrottlingException", Times::Exactly(2));
    bus.refuse_where("InternalFailure", Times::UntilCleared, |put| put.detail["n"] == 3);
    let three = json!({ "Entries": [entry(r#"{"n":1}"#), entry(r#"{"n":2}"#), entry(r#"{"n":3}"#)] });
    let (_, answer) = call(&bus, &three).await;
    let codes: Vec<&str> = answer["Entries"].as_array().unwrap().iter().filter_map(|entry| entry["ErrorCode"].as_str()).collect();
    assert_eq!((codes, bus.puts().len()), (vec!["ThrottlingException", "ThrottlingException", "InternalFailure"], 0));
    assert_eq!(call(&bus, &three).await.1["FailedEntryCount"], 1);
    bus.clear_refusals();
    assert_eq!(call(&bus, &three).await.1["FailedEntryCount"], 0);
}
