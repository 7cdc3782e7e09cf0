//! Moments at which something ends, and what was changed by another meanwhile.

use serde_json::json;

use super::{NOW, Scripted, UUID, condition_failed, echo, found, refused};
use crate::{
    config::Vars,
    error::Code,
    reply::cookie::Token,
    store::{
        deliveries::RequestId,
        doubts::{About, Doubt},
        sessions::{Session, SessionKey},
    },
};

fn key() -> SessionKey {
    SessionKey::of(&Token::generate().unwrap())
}

fn item(end: u64) -> serde_json::Value {
    json!({ "Item": {
        "uuid": { "S": UUID.to_string() }, "shop": { "S": "acme.myshopify.com" }, "generation": { "N": "1" }, "expires_at": { "N": end.to_string() },
    } })
}

#[tokio::test]
async fn a_session_is_over_in_the_second_in_which_it_ends() {
    let table = Scripted::new(vec![found(item(NOW)), found(item(NOW + 1))]);
    assert!(table.sessions().load(&key()).await.unwrap().is_none());
    assert!(table.sessions().load(&key()).await.unwrap().is_some());
}

/// A session with one attempt left, as it was read.
pub(in crate::store) async fn session() -> Session {
    let mut read = item(NOW + 1);
    read["Item"]["attempts"] = json!({ "N": "19" });
    Scripted::new(vec![found(read)]).sessions().load(&key()).await.unwrap().unwrap()
}

/// The session as a refused write finds it.
fn found_there(attempts: u64, more: serde_json::Value) -> serde_json::Value {
    let mut found = item(NOW + 1)["Item"].clone();
    found["attempts"] = json!({ "N": attempts.to_string() });
    found["last_attempt"] = json!({ "S": "another" });
    found.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    found
}

#[tokio::test]
async fn an_attempt_is_refused_for_what_the_session_is_at_that_moment() {
    for (found, code) in [
        (found_there(20, json!({})), Code::TooManyAttempts),
        (found_there(19, json!({})), Code::InvalidSession),
        (found_there(20, json!({ "expires_at": { "N": NOW.to_string() } })), Code::InvalidSession),
        (found_there(20, json!({ "list_only": { "BOOL": true } })), Code::InvalidSession),
        (found_there(20, json!({ "shop": { "S": "other.myshopify.com" } })), Code::InvalidSession),
        (serde_json::Value::Null, Code::InvalidSession),
    ] {
        let table = Scripted::new(vec![condition_failed(found.clone())]);
        let error = table.sessions().count_attempt(&key(), Some("acme.myshopify.com")).await.unwrap_err();
        assert_eq!(error.code, code, "{found}");
        let way = error.next.map(|next| next.href);
        assert_eq!(way.as_deref(), (code == Code::TooManyAttempts).then_some("/shopify/acme.myshopify.com/login"), "{found}");
    }
}

#[tokio::test]
async fn an_attempt_that_was_counted_before_its_answer_was_lost_counts_once() {
    let own = echo(|asked| {
        let this = asked["ExpressionAttributeValues"][":this"].clone();
        json!({ "__type": "ConditionalCheckFailedException", "Item": found_there(20, json!({ "last_attempt": this })) })
    });
    let table = Scripted::new(vec![(400, own.1)]);
    let session = table.sessions().count_attempt(&key(), None).await.unwrap();
    assert_eq!((session.user_uuid, session.shop.as_str()), (UUID, "acme.myshopify.com"));
}

#[tokio::test]
async fn an_audit_record_is_kept_for_as_many_days_as_are_configured() {
    let connections = Scripted::new(Vec::new()).connections();
    let configured = connections.clone().with_audits(&Vars::from_pairs([("AUDIT_RETENTION_DAYS", "30")])).unwrap();
    for (connections, days) in [(connections, 400), (configured, 30)] {
        let record = connections.put_audit("redact", None, 1).unwrap().put.unwrap();
        assert_eq!(record.item()["ttl"].as_n().unwrap(), &(NOW + days * 86_400).to_string());
    }
}

#[tokio::test]
async fn a_doubt_that_another_replaced_is_left_to_them_and_a_failure_is_told() {
    let doubt = Doubt {
        user_uuid: UUID,
        about: About::Redact,
        linked_at: NOW,
        due_at: NOW,
        request: Some(RequestId::of("test", b"1")),
        is_replayed: false,
        joined: None,
    };
    let table = Scripted::new(vec![
        condition_failed(serde_json::Value::Null),
        refused("ResourceNotFoundException"),
        condition_failed(serde_json::Value::Null),
        refused("ResourceNotFoundException"),
    ]);
    let connections = table.connections();
    connections.end_doubt(&doubt).await.unwrap();
    assert_eq!(connections.end_doubt(&doubt).await.unwrap_err().code, Code::StorageUnavailable);
    connections.postpone_doubt(&doubt, NOW + 60).await.unwrap();
    assert_eq!(connections.postpone_doubt(&doubt, NOW + 60).await.unwrap_err().code, Code::StorageUnavailable);
    let asked = table.asked();
    assert_eq!(asked.len(), 4);
    for asked in asked {
        assert_eq!(asked["ExpressionAttributeValues"][":request"]["S"], doubt.request.as_ref().unwrap().as_str());
        assert!(asked["ConditionExpression"].as_str().unwrap().contains("#request = :request"));
    }
}
