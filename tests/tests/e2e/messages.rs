//! `meta-webhooks` through its binary: customers' messages, from Meta to the bus.

mod content;
mod leaks;
mod read_back;
mod recipients;
mod signature;
mod trouble;
mod whatsapp;

use std::time::{Duration, Instant};

use e2e::event_bus::Put;
use e2e::facebook::{Delivery, Happening};
use e2e::lambda::Reply;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::linked;

pub(crate) const FUNCTION: &str = "meta-webhooks";
pub(crate) const SHOP: &str = "acme.myshopify.com";
pub(crate) const SCOPES: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

/// The mark of these tests' own `Linked`.
pub(crate) enum Messages {}
pub(crate) type Linked = linked::Linked<Messages>;

impl Linked {
    pub(crate) async fn with_pages(count: usize) -> Self {
        Self::begun(World::start().await, count).await
    }

    /// One Page, and its Instagram account.
    pub(crate) async fn with_instagram() -> (Self, String) {
        let world = World::builder().setting("FACEBOOK_SCOPES", SCOPES).start().await;
        let mut linked = Self::begun(world, 1).await;
        let instagram = linked.world.facebook.link_instagram(&linked.pages[0], "acme.mugs");
        linked.uuid = linked.links().await;
        (linked, instagram)
    }

    /// What the service answers, within a second and a bit, as the tests' machine is slow.
    pub(crate) async fn answer(&self, delivery: &Delivery) -> Reply {
        let started = Instant::now();
        let reply = self.world.gateway().send(&delivery.request()).await;
        assert!(started.elapsed() < Duration::from_secs(2), "answered after {:?}", started.elapsed());
        reply
    }

    /// Delivers, which must be taken; returns what is on the bus for it.
    pub(crate) async fn deliver(&self, delivery: &Delivery) -> Vec<Value> {
        let reply = self.answer(delivery).await;
        assert_eq!((reply.status, reply.json()), (200, json!({})), "{}\n{}", reply.text(), self.world.function(FUNCTION).logs());
        let puts = self.world.bus.take_puts();
        assert!(puts.iter().all(|put| put.source == "messenger-link.messages" && put.detail_type == "message"));
        puts.into_iter().map(|put: Put| put.detail).collect()
    }

    /// The event that tells of what happens now between a new customer and an account.
    pub(crate) async fn told(&self, account: &str, happening: &Happening) -> Option<Value> {
        let mut told = self.deliver(&self.world.facebook.webhook_about(account, happening)).await;
        assert!(told.len() < 2, "{told:?}");
        told.pop()
    }

    /// A text to a Page is told to its identity, or to nobody.
    #[track_caller]
    pub(crate) fn assert_hears(&self, told: Option<&Value>, account: &str) {
        let told = told.expect("it is told");
        assert_eq!((&told["user_uuid"], &told["account"]), (&json!(self.uuid), &json!(account)), "{told}");
    }
}

pub(crate) fn text(text: &str) -> Happening {
    Happening::Text(text.to_owned())
}

/// A metric of the last request.
pub(crate) fn measured(world: &World, name: &str) -> Option<u64> {
    let logs = world.function(FUNCTION).logs();
    let last = logs.lines().rev().find(|line| line.contains("\"message\":\"request\"")).expect("a request was told");
    serde_json::from_str::<Value>(last).unwrap()[name].as_u64()
}
