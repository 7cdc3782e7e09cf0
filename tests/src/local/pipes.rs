//! Carries what happens to links from the table to the local bus, as the stack's pipes do.

use std::collections::HashSet;

use crate::database::Database;
use crate::event_bus::{EventBus, LINK_BUS, Put};
use crate::outbox::{Delivered, delivered};

/// Puts every event on the bus that is written from now on. Does not end.
pub(super) async fn carry(database: &Database, bus: &EventBus) {
    let mut known: HashSet<String> = delivered(database).iter().map(id).collect();
    loop {
        database.written().await;
        for event in delivered(database) {
            if known.insert(id(&event)) {
                let Delivered { source, detail_type, detail } = event;
                bus.take(Put { source, detail_type, detail, bus: LINK_BUS.to_owned() });
            }
        }
    }
}

fn id(event: &Delivered) -> String {
    event.detail["event_id"].to_string()
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::Client;
    use aws_sdk_dynamodb::types::AttributeValue;
    use serde_json::{Value, json};

    use super::*;
    use crate::database::StoredItem;
    use crate::gate::until;

    fn event(id: &str) -> StoredItem {
        let mut attributes = json!({ "pk": { "S": "uuid#u" }, "sk": { "S": format!("event#{id}") } });
        for (name, value) in [
            ("event_type", "linked"),
            ("event_id", id),
            ("user_uuid", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"),
            ("platform", "shopify"),
            ("account", "acme.myshopify.com"),
            ("at", "2026-12-01T10:00:00Z"),
        ] {
            attributes[name] = json!({ "S": value });
        }
        StoredItem { table: "connections".to_owned(), attributes: attributes.as_object().cloned().unwrap() }
    }

    /// Stores it as a function does: by the proxy, which sees it.
    async fn write(database: &Database, item: &StoredItem) {
        let by_proxy = database.client().config().to_builder().endpoint_url(database.endpoint()).build();
        let text = |value: &Value| AttributeValue::S(value["S"].as_str().unwrap().to_owned());
        let attributes = item.attributes.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        Client::from_conf(by_proxy).put_item().table_name(&item.table).set_item(Some(attributes)).send().await.unwrap();
    }

    #[tokio::test]
    async fn what_is_written_from_now_on_is_put_once_on_the_bus_of_links() {
        let database = Database::start().await;
        database.put(&event("9f0b2c3d-0000-4000-8000-000000000001"));
        let bus = EventBus::start(&[LINK_BUS]);
        let puts = |bus: &EventBus| -> Vec<Value> { bus.puts().iter().map(|put| put.detail["event_id"].clone()).collect() };
        let writing = async {
            write(&database, &event("9f0b2c3d-0000-4000-8000-000000000002")).await;
            until("the first", || puts(&bus).len() == 1).await;
            write(&database, &event("9f0b2c3d-0000-4000-8000-000000000003")).await;
            until("the second", || puts(&bus).len() == 2).await;
        };
        tokio::select! {
            biased;
            () = carry(&database, &bus) => {}
            () = writing => {}
        }
        let expected = ["9f0b2c3d-0000-4000-8000-000000000002", "9f0b2c3d-0000-4000-8000-000000000003"].map(Value::from);
        assert_eq!(puts(&bus), expected);
        let put = bus.puts().swap_remove(0);
        assert_eq!((&*put.source, &*put.detail_type, &*put.bus), ("messenger-link", "linked", LINK_BUS));
    }
}
