use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_http_client::Builder;

use super::*;

/// A client as the functions have it: through the proxy, with retries.
fn client(database: &Database) -> Client {
    let config = database.client().config().to_builder().endpoint_url(database.endpoint());
    Client::from_conf(config.http_client(Builder::new().build_http()).build())
}

async fn put(client: &Client, pk: &str) -> bool {
    let item = client.put_item().table_name("sessions").item("pk", AttributeValue::S(pk.to_owned()));
    item.send().await.is_ok()
}

#[tokio::test]
async fn keeps_items_and_counts_what_they_cost() {
    let database = Database::start().await;
    let client = client(&database);
    assert!(put(&client, "a").await);
    let key = AttributeValue::S("a".to_owned());
    let found = client.get_item().table_name("sessions").key("pk", key).consistent_read(true).send().await.unwrap();
    assert!(found.item.is_some());
    assert_eq!(database.usage().calls("PutItem"), 1);
    assert_eq!(database.usage().total(), Capacity { calls: 2, read: 1.0, write: 1.0 });
    let items = database.dump();
    assert_eq!(items.len(), 1);
    assert_eq!((items[0].table.as_str(), items[0].text("pk")), ("sessions", Some("a")));
}

#[tokio::test]
async fn a_lost_answer_was_carried_out_and_is_sent_again() {
    let database = Database::start().await;
    database.fail_operation("PutItem", DatabaseFault::AnswerLost, 1);
    assert!(put(&client(&database), "a").await);
    assert_eq!(database.usage().calls("PutItem"), 2);
    assert_eq!(database.dump().len(), 1);
}

#[tokio::test]
async fn refusals_reach_the_client_as_dynamodb_words_them() {
    let database = Database::start().await;
    let client = client(&database);
    database.fail(DatabaseFault::Throttled, 1);
    assert!(put(&client, "a").await, "throttling is retried");
    database.fail_operation("PutItem", DatabaseFault::InternalError, 10);
    assert!(!put(&client, "b").await);
    database.clear_faults();
    assert!(put(&client, "b").await);
}

/// What the single use of a state and every guarded write rest on.
#[tokio::test]
async fn a_condition_counts_on_a_missing_item_too() {
    let database = Database::start().await;
    let update = database.client().update_item().table_name("sessions").key("pk", AttributeValue::S("a".to_owned()));
    let update = update.update_expression("SET n = :n").expression_attribute_values(":n", AttributeValue::N("1".to_owned()));
    let refused = update.clone().condition_expression("attribute_exists(pk)").send().await.unwrap_err();
    assert!(refused.into_service_error().is_conditional_check_failed_exception());
    assert!(database.dump().is_empty());
    assert!(update.condition_expression("attribute_not_exists(pk)").send().await.is_ok());
}

#[tokio::test]
async fn stopped_it_refuses_and_resumed_it_still_knows() {
    let database = Database::start().await;
    let client = client(&database);
    assert!(put(&client, "a").await);
    database.stop().await;
    assert!(!put(&client, "b").await);
    database.resume().await;
    assert!(put(&client, "c").await);
    assert_eq!(database.dump().len(), 2);
}

#[tokio::test]
async fn a_file_keeps_items_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("links.db");
    let file = file.to_str().unwrap();
    let database = Database::open(file, 0).await.unwrap();
    assert!(put(&client(&database), "a").await);
    drop(database);
    let database = Database::open(file, 0).await.unwrap();
    assert_eq!(database.dump().len(), 1);
}

#[test]
fn needles_are_found_in_texts_and_bytes() {
    let attributes = json!({ "pk": { "S": "x" }, "m": { "M": { "k": { "B": "bmVlZGxl" } } } });
    let item = StoredItem { table: "t".to_owned(), attributes: attributes.as_object().unwrap().clone() };
    assert!(item.contains("needle"));
    assert!(!item.contains("thread"));
}
