//! Persons' grants and the Pages that rest on them: what is asked, what is exchanged, what is marked, and what never is.

mod crashes;
mod deaths;
mod ending;
mod exchange;
mod interval;
mod keys;
mod many;
mod meanwhile;
mod messages;
mod mistakes;
mod permissions;
mod recovered;
mod trouble;
mod unused;

use e2e::database::StoredItem;
use e2e::facebook::Consent;
use e2e::outbox::Event;
use e2e::world::{World, WorldBuilder};
use serde_json::{Value, json};
use shared::providers::facebook;
use shared::store::flows::flow_key;

use crate::support::{linked_pages, linked_shop, page_of, page_token};

const DAY: u64 = 24 * 3600;

/// A store with Pages of one person.
struct Linked {
    world: World,
    uuid: String,
    person: String,
    pages: Vec<String>,
}

impl Linked {
    async fn with_pages(count: usize) -> Self {
        Self::in_world(World::builder(), count).await
    }

    async fn in_world(builder: WorldBuilder, count: usize) -> Self {
        let world = builder.start().await;
        let person = world.facebook.add_person("Jo Doe");
        let pages = (0..count).map(|n| world.facebook.add_page(&person, &format!("Page {n}"))).collect();
        let browser = world.browser();
        let uuid = linked_shop(&world, &browser, "acme").await;
        linked_pages(&world, &browser, &Consent::of(&person)).await;
        world.facebook.clear_requests();
        Self { world, uuid, person, pages }
    }

    fn person_key(&self) -> String {
        format!("person#{}", self.person)
    }

    /// The person's item.
    fn grant(&self) -> StoredItem {
        self.world.item(&format!("uuid#{}", self.uuid), &self.person_key()).expect("the grant is there")
    }

    fn page(&self, page: &str) -> StoredItem {
        page_of(&self.world, &self.uuid, page).expect("the Page is there")
    }

    fn page_token(&self, page: &str) -> String {
        page_token(&self.world, &self.uuid, page)
    }

    fn user_token(&self) -> String {
        self.world.opened(&self.uuid, &self.person_key(), "access_token")
    }

    async fn set_of_person(&self, attribute: &str, value: u64) {
        self.world.set_number(&format!("uuid#{}", self.uuid), &self.person_key(), attribute, value).await;
    }

    async fn set_of_page(&self, page: &str, attribute: &str, value: u64) {
        self.world.set_number(&format!("uuid#{}", self.uuid), &format!("page#{page}"), attribute, value).await;
    }

    async fn make_due(&self) {
        self.world.make_due(&self.uuid, &self.person_key()).await;
    }

    /// More than two thirds of the token's life are over, going by what is stored.
    async fn age(&self) {
        self.set_of_person("issued_at", 1).await;
    }

    /// One run of the keeper.
    async fn run(&self) -> Value {
        super::without_lag(self.world.invoke("token-keeper", json!({})).await)
    }

    /// One run that finds the person due.
    async fn visit(&self) -> Value {
        self.make_due().await;
        self.run().await
    }

    fn calls(&self, call: &str) -> usize {
        self.world.facebook.requests_of(call).len()
    }

    /// The events that tell of deaths.
    fn deaths(&self) -> Vec<Event> {
        self.world.events().into_iter().filter(|event| event.detail_type == "reconnect_needed").collect()
    }

    /// A dead lease holder's lease has run out.
    async fn end_lease(&self) {
        self.world.set_number(&flow_key(&facebook::PLATFORM, &self.uuid), "", "lease_until", 1).await;
    }

    /// Demands that the grant and all Pages are as after a link: active, with tokens that work.
    #[track_caller]
    fn assert_lives(&self) {
        assert_eq!(self.grant().text("status"), Some("active"));
        assert!(self.world.facebook.accepts(&self.user_token()), "the person's token is dead");
        for page in &self.pages {
            assert_eq!(self.page(page).text("status"), Some("active"));
            assert!(self.world.facebook.accepts(&self.page_token(page)), "the Page's token is dead");
        }
        assert_eq!(self.deaths(), []);
    }
}

/// A number of an item.
fn number(item: &StoredItem, attribute: &str) -> u64 {
    item.text(attribute).unwrap_or_else(|| panic!("no {attribute}: {item:?}")).parse().unwrap()
}

fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

/// `due` is always one here.
fn report(refreshed: u64, checked: u64, reconnect_needed: u64, failed: u64) -> Value {
    json!({ "due": 1, "refreshed": refreshed, "checked": checked, "reconnect_needed": reconnect_needed, "failed": failed, "remaining": 0 })
}
