//! `facebook-lifecycle` through its binary: the removal of the app, the wish to have one's data deleted, and the page that tells what came of it.

mod by_hand;
mod deauthorize;
mod deletion;
mod findable;
mod kills;
mod replays;
mod signature;
mod status;

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::facebook::delivery;
use e2e::lambda::Reply;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{self, linked};

pub(crate) const DEAUTHORIZE: &str = "/facebook/deauthorize";
pub(crate) const DELETION: &str = "/facebook/data-deletion";

/// The mark of these tests' own `Linked`.
pub(crate) enum Lifecycle {}
pub(crate) type Linked = linked::Linked<Lifecycle>;

impl Linked {
    pub(crate) async fn with_pages(count: usize) -> Self {
        Self::begun(World::start().await, count).await
    }

    /// The person's leave as it is signed now.
    pub(crate) fn leave(&self) -> String {
        self.world.facebook.signed_leave(&self.person)
    }

    pub(crate) async fn send(&self, route: &str, signed_request: &str) -> Reply {
        send(&self.world, route, signed_request).await
    }

    /// As if the link had been made so many seconds earlier.
    pub(crate) async fn age(&self, by: u64) {
        let partition = format!("uuid#{}", self.uuid);
        let records = self.pages.iter().map(|page| format!("page#{page}")).chain([format!("person#{}", self.person)]);
        for sk in records {
            let Some(found) = self.world.item(&partition, &sk) else { continue };
            for (name, by) in [("linked_at", by), ("linked_ms", by * 1000)] {
                let then: u64 = found.text(name).unwrap().parse().unwrap();
                self.world.set_number(&partition, &sk, name, then - by).await;
            }
        }
    }

    pub(crate) fn status_of(&self, page: &str) -> Option<String> {
        support::page_of(&self.world, &self.uuid, page)?.text("status").map(str::to_owned)
    }

    pub(crate) fn has_token(&self, page: &str) -> bool {
        support::page_of(&self.world, &self.uuid, page).is_some_and(|page| page.attributes.contains_key("access_token"))
    }

    /// Demands that everything is linked with tokens that are there.
    #[track_caller]
    pub(crate) fn assert_linked(&self) {
        for page in &self.pages {
            assert_eq!((self.status_of(page).as_deref(), self.has_token(page)), (Some("active"), true));
            assert_eq!(support::holder(&self.world, page).as_deref(), Some(self.uuid.as_str()));
        }
        assert!(self.grant_is_there());
    }

    pub(crate) fn grant_is_there(&self) -> bool {
        self.world.item(&format!("uuid#{}", self.uuid), &format!("person#{}", self.person)).is_some()
    }

    /// Accounts and reasons of the events that tell of a Page's end, in order.
    pub(crate) fn disconnected(&self) -> Vec<(String, String)> {
        let events = self.world.events().into_iter().filter(|event| event.detail_type == "disconnected");
        let mut found: Vec<_> = events.map(|event| (event.account, event.reason.unwrap_or_default())).collect();
        found.sort();
        found
    }

    /// The status page of a request, as JSON.
    pub(crate) async fn status(&self, told: &Reply) -> Value {
        let page = self.browser.get(json_of(told)["url"].as_str().unwrap()).await;
        assert_eq!(page.status(), 200, "{}", page.text());
        page.json()
    }

    /// The note of a Page that moved to another store, as it has always been written.
    pub(crate) async fn moves_away(&self, page: &str) {
        let other = "00000000-0000-4000-8000-000000000001";
        for (pk, sk, update) in [
            (self.partition(), format!("page#{page}"), "SET #name = :value REMOVE access_token, messaging_ready, messaging_reason"),
            (format!("page#{page}"), "owner".to_owned(), "SET #name = :value"),
        ] {
            let (name, value) = if sk == "owner" { ("uuid", other) } else { ("status", "moved") };
            let write = self.world.database.client().update_item().table_name("connections");
            let write = write.key("pk", AttributeValue::S(pk)).key("sk", AttributeValue::S(sk)).update_expression(update);
            let write = write.expression_attribute_names("#name", name);
            write.expression_attribute_values(":value", AttributeValue::S(value.to_owned())).send().await.unwrap();
        }
    }

    /// As it stands some time after an update: what earlier versions left has been looked through.
    pub(crate) async fn everything_is_marked(&self) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let note = self.world.database.client().put_item().table_name("connections").item("pk", text("keeper"));
        note.item("sk", text("persons")).item("done_at", AttributeValue::N("1".to_owned())).send().await.unwrap();
    }

    /// Every request to leave is due now; one run of the keeper.
    pub(crate) async fn keeper_runs(&self) -> Value {
        for pk in keys(&self.world, "deletion#") {
            if self.world.item(&pk, "status").is_some_and(|item| item.text("due_at").is_some()) {
                self.world.set_number(&pk, "status", "due_at", 1).await;
            }
        }
        self.world.invoke("token-keeper", json!({})).await
    }
}

pub(crate) async fn send(world: &World, route: &str, signed_request: &str) -> Reply {
    world.gateway().send(&delivery(route, signed_request)).await
}

/// The partitions of the connections table that begin so.
pub(crate) fn keys(world: &World, beginning: &str) -> Vec<String> {
    let items = world.database.scan("connections").into_iter();
    let found: BTreeSet<String> =
        items.filter_map(|item| item.text("pk").filter(|pk| pk.starts_with(beginning)).map(str::to_owned)).collect();
    found.into_iter().collect()
}

pub(crate) fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.body).unwrap_or_else(|_| panic!("no JSON: {}", reply.text()))
}

#[track_caller]
pub(crate) fn assert_refused(reply: &Reply, status: u16, code: &str) {
    assert_eq!((reply.status, json_of(reply)["code"].as_str()), (status, Some(code)), "{}", reply.text());
}
