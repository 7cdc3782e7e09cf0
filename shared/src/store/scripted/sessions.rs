//! A session at the moment it ends, and changes by another in between.

use serde_json::{Value, json};

use super::{NOW, Scripted, UUID, condition_failed, echo, found, value_of};
use crate::{
    error::Code,
    reply::cookie::Token,
    store::{
        sessions::{Session, SessionKey},
        table::Key,
    },
};

fn key() -> SessionKey {
    SessionKey::of(&Token::generate().unwrap())
}

fn item(end: u64) -> Value {
    json!({ "Item": {
        "uuid": { "S": UUID.to_string() }, "shop": { "S": "acme.myshopify.com" }, "generation": { "N": "1" }, "expires_at": { "N": end.to_string() },
    } })
}

#[tokio::test]
async fn a_session_is_over_in_the_second_it_ends() {
    let table = Scripted::new(vec![found(item(NOW)), found(item(NOW + 1))]);
    assert!(table.sessions().load(&key()).await.unwrap().is_none());
    assert!(table.sessions().load(&key()).await.unwrap().is_some());
}

/// A session with one attempt left, as read.
pub(in crate::store) async fn session() -> Session {
    let mut read = item(NOW + 1);
    read["Item"]["attempts"] = json!({ "N": "19" });
    Scripted::new(vec![found(read)]).sessions().load(&key()).await.unwrap().unwrap()
}

/// The session as a failed condition returns it.
fn found_there(attempts: u64, more: Value) -> Value {
    let mut found = item(NOW + 1)["Item"].clone();
    found["attempts"] = json!({ "N": attempts.to_string() });
    found["last_attempt"] = json!({ "S": "another" });
    found.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    found
}

#[tokio::test]
async fn an_attempt_is_refused_based_on_the_current_session() {
    for (found, code) in [
        (found_there(20, json!({})), Code::TooManyAttempts),
        (found_there(19, json!({})), Code::InvalidSession),
        (found_there(20, json!({ "expires_at": { "N": NOW.to_string() } })), Code::InvalidSession),
        (found_there(20, json!({ "list_only": { "BOOL": true } })), Code::InvalidSession),
        (found_there(20, json!({ "shop": { "S": "other.myshopify.com" } })), Code::InvalidSession),
        (Value::Null, Code::InvalidSession),
    ] {
        let table = Scripted::new(vec![condition_failed(found.clone())]);
        let error = table.sessions().count_attempt(&key(), Some("acme.myshopify.com")).await.unwrap_err();
        assert_eq!(error.code, code, "{found}");
        let way = error.next.map(|next| next.href);
        assert_eq!(way.as_deref(), (code == Code::TooManyAttempts).then_some("/shopify/acme.myshopify.com/login"), "{found}");
    }
}

#[tokio::test]
async fn an_attempt_whose_answer_was_lost_counts_once() {
    let own = echo(|asked| {
        let set = json!({ "UpdateExpression": asked["UpdateExpression"], "ExpressionAttributeValues": asked["ExpressionAttributeValues"] });
        let this = value_of(&set, "last_attempt").clone();
        json!({ "__type": "ConditionalCheckFailedException", "Item": found_there(20, json!({ "last_attempt": this })) })
    });
    let table = Scripted::new(vec![(400, own.1)]);
    let session = table.sessions().count_attempt(&key(), None).await.unwrap();
    assert_eq!((session.user_uuid, session.shop.as_str()), (UUID, "acme.myshopify.com"));
}

#[test]
fn a_session_is_listed_under_the_hash_it_is_stored_under() {
    let key = SessionKey::of(&Token::generate().unwrap());
    assert_eq!(key.key(), Key::session(key.as_str()));
    assert_eq!(Key::session("hash").pk(), "session#hash");
}
