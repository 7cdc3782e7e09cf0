//! Moments at which something ends, and what was changed by another meanwhile.

use serde_json::json;

use super::{NOW, Scripted, UUID, condition_failed, refused};
use crate::{
    error::Code,
    store::{
        deliveries::RequestId,
        doubts::{About, Doubt},
    },
};

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
