//! `shopify-webhooks` through its binary: stores that leave, and what is left of them.

mod buttons;
mod by_hand;
mod doubts;
mod jobs;
mod kills;
mod redact;
mod replays;
mod scopes;
mod signature;
mod uninstalled;

use std::time::{Duration, Instant};

use e2e::database::StoredItem;
use e2e::lambda::Reply;
use e2e::shopify::Webhook;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{self, linked};

pub(crate) const SHOP: &str = "acme.myshopify.com";
pub(crate) const FUNCTION: &str = "shopify-webhooks";
pub(crate) const UNINSTALLED: &str = "app/uninstalled";
pub(crate) const REDACT: &str = "shop/redact";
pub(crate) const SCOPES: &str = "app/scopes_update";
pub(crate) const DAY: u64 = 24 * 3600;

/// The mark of these tests' own `Linked`.
pub(crate) enum Webhooks {}
pub(crate) type Linked = linked::Linked<Webhooks>;

impl Linked {
    /// Linked a minute ago.
    pub(crate) async fn with_pages(count: usize) -> Self {
        Self::in_world(World::start().await, count).await
    }

    pub(crate) async fn in_world(world: World, count: usize) -> Self {
        let linked = Self::begun(world, count).await;
        linked.clear_requests();
        linked.linked_before(60).await;
        linked
    }

    /// The merchant links the store and the Pages, at this moment.
    pub(crate) async fn link_again(&mut self) {
        self.uuid = self.links().await;
        self.clear_requests();
    }

    /// As if the store had been linked so many seconds ago.
    pub(crate) async fn linked_before(&self, seconds: u64) {
        self.set("linked_at", now() - seconds).await;
    }

    pub(crate) async fn set(&self, attribute: &str, value: u64) {
        self.world.set_number(&self.partition(), "store", attribute, value).await;
    }

    pub(crate) fn root(&self) -> StoredItem {
        self.world.item(&self.partition(), "store").expect("the store is there")
    }

    pub(crate) fn status(&self) -> Option<String> {
        self.world.item(&self.partition(), "store")?.text("status").map(str::to_owned)
    }

    pub(crate) fn webhook(&self, topic: &str) -> Webhook {
        self.world.shopify.webhook(topic, SHOP)
    }

    /// Delivers, which must be taken, within a second.
    pub(crate) async fn deliver(&self, webhook: &Webhook) {
        let started = Instant::now();
        let reply = self.world.gateway().send(&webhook.request()).await;
        assert_eq!(reply.status, 200, "{}\n{}", reply.text(), self.world.function(FUNCTION).logs());
        assert!(started.elapsed() < Duration::from_secs(2), "answered after {:?}", started.elapsed());
    }

    /// The keeper comes when what failed before is due again.
    pub(crate) async fn keeper_runs(&self) -> Value {
        self.world.end_pauses().await;
        self.world.invoke("token-keeper", json!({})).await
    }

    /// Demands that store and Pages are linked with tokens that are there.
    #[track_caller]
    pub(crate) fn assert_linked(&self) {
        let root = self.root();
        assert_eq!(root.text("status"), Some("active"));
        assert!(root.attributes.contains_key("access_token") && root.attributes.contains_key("refresh_token"));
        assert_eq!(self.world.owner(&format!("shop#{SHOP}")).as_deref(), Some(self.uuid.as_str()));
        for page in &self.pages {
            assert_eq!(support::holder(&self.world, page).as_deref(), Some(self.uuid.as_str()));
        }
    }

    /// Demands that the store's tokens are gone, and that its Pages are still there.
    #[track_caller]
    pub(crate) fn assert_uninstalled(&self) {
        let root = self.root();
        assert_eq!(root.text("status"), Some("uninstalled"));
        for gone in ["access_token", "refresh_token", "access_expires_at", "refresh_expires_at", "issued_at"] {
            assert!(!root.attributes.contains_key(gone), "{gone} is still there");
        }
        assert_eq!(support::sessions(&self.world).len(), 0, "the sessions are over");
        for page in &self.pages {
            assert_eq!(support::holder(&self.world, page).as_deref(), Some(self.uuid.as_str()));
        }
    }

    /// Demands that nothing in any table names what was erased, that one record tells of it, and that no more than the jobs are left.
    #[track_caller]
    pub(crate) fn assert_erased(&self, jobs: usize) {
        let mut secrets = e2e::search::Secrets::default();
        secrets.add_all("a token", self.world.secrets().iter().filter(|secret| secret.len() >= 16));
        let store = self.world.shopify.shop(SHOP);
        let names = [self.uuid.clone(), self.uuid.replace('-', ""), SHOP.to_owned(), store.name, store.id.to_string(), self.person.clone()];
        let pages = self.pages.iter().cloned().chain(["of Jo".to_owned(), "Jo Doe".to_owned()]);
        let names: Vec<String> = names.into_iter().chain(pages).collect();
        let (mut left, mut audits) = (0, 0);
        for item in self.world.database.dump() {
            secrets.assert_not_stored(&item);
            for name in &names {
                assert!(!item.contains(name), "{name} in {item:?}");
            }
            match item.text("pk").unwrap().split('#').next() {
                Some("job") => left += 1,
                Some("audit") => audits += 1,
                // That something was received, that states were used, how far the keeper has come: naming nobody.
                Some("delivery" | "body" | "flow" | "keeper") => {}
                _ => panic!("what is this? {item:?}"),
            }
        }
        assert_eq!(left, jobs, "jobs");
        assert_eq!(audits, 1, "audit records");
    }

    /// The types of the events that were written for the store and are still there.
    pub(crate) fn events(&self) -> Vec<String> {
        let of_store = self.world.events().into_iter().filter(|event| event.platform == "shopify");
        of_store.map(|event| event.detail_type).collect()
    }
}

pub(crate) async fn send(world: &World, webhook: &Webhook) -> Reply {
    world.gateway().send(&webhook.request()).await
}

pub(crate) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

/// The items of the connections table whose key begins so.
pub(crate) fn items(world: &World, beginning: &str) -> Vec<StoredItem> {
    let items = world.database.scan("connections").into_iter();
    items.filter(|item| item.text("pk").is_some_and(|pk| pk.starts_with(beginning))).collect()
}
