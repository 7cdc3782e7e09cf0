//! Writes to a pair as it was read.

use serde_json::{Value, json};

use super::{NOW, Scripted, UUID, condition_failed, found, refused};
use crate::error::Code;

#[tokio::test]
async fn postponing_a_store_yields_to_a_newer_record_and_returns_failures() {
    let item = json!({ "Item": { "shop": { "S": "acme.myshopify.com" }, "generation": { "N": "2" }, "version": { "N": "5" }, "due_at": { "N": "9" } } });
    let answers = vec![found(item), found(json!({})), condition_failed(Value::Null), refused("ResourceNotFoundException")];
    let tables = Scripted::new(answers).tables();
    let record = tables.shop(UUID).await.unwrap().unwrap();
    assert_eq!([tables.postpone_shop(&record, NOW).await.unwrap(), tables.postpone_shop(&record, NOW).await.unwrap()], [true, false]);
    assert_eq!(tables.postpone_shop(&record, NOW).await.unwrap_err().code, Code::StorageUnavailable);
}
