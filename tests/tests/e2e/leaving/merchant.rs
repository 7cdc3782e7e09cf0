//! A merchant with a store, a person and a Page, who goes through an order of steps.

use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::browser::Browser;
use e2e::database::StoredItem;
use e2e::facebook::{Consent, delivery};
use e2e::gateway::Request;
use e2e::world::World;

use crate::leaving::model::{Left, Step};

/// Between two steps, so that each is later than the one before; all of them are past.
const PACE: u64 = 10;
/// An answer within less than this has done all there was to do; the limits are 0.7 s and 0.75 s.
const NEARLY_ALL: Duration = Duration::from_millis(650);

type Item = HashMap<String, AttributeValue>;

pub(crate) struct Merchant<'a> {
    world: &'a World,
    handle: String,
    person: String,
    page: String,
    browser: Browser,
    /// When the next step happens.
    now: u64,
    left: Left,
    steps: Vec<Step>,
    /// All that was delivered so far and may come again.
    delivered: Vec<Request>,
    uuids: Vec<String>,
}

fn text(item: &Item, name: &str) -> Option<String> {
    item.get(name)?.as_s().ok().cloned()
}

impl<'a> Merchant<'a> {
    pub(crate) fn new(world: &'a World, number: usize) -> Self {
        let person = world.facebook.add_person("Jo Doe");
        let page = world.facebook.add_page(&person, "Acme Store");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() - 100;
        Self {
            world,
            handle: format!("store{number}"),
            person,
            page,
            browser: world.browser(),
            now,
            left: Left::default(),
            steps: Vec::new(),
            delivered: Vec::new(),
            uuids: Vec::new(),
        }
    }

    fn shop(&self) -> String {
        format!("{}.myshopify.com", self.handle)
    }

    pub(crate) async fn takes(&mut self, step: Step) {
        self.now += PACE;
        self.steps.push(step);
        let issued_at = i64::try_from(self.now).unwrap();
        let before = self.left.clone();
        self.left.after(step);
        let request = match step {
            Step::Link => {
                self.link().await;
                None
            }
            Step::Uninstall => {
                self.world.shopify.uninstall(&self.shop());
                Some(self.world.shopify.webhook("app/uninstalled", &self.shop()).triggered(self.now).request())
            }
            Step::Redact => Some(self.world.shopify.webhook("shop/redact", &self.shop()).triggered(self.now).request()),
            Step::Deauthorize => Some(delivery("/facebook/deauthorize", &self.world.facebook.signed_leave_at(&self.person, issued_at))),
            Step::Delete => Some(delivery("/facebook/data-deletion", &self.world.facebook.signed_leave_at(&self.person, issued_at))),
        };
        if let Some(request) = request {
            self.send(&request).await;
            // One that was not believed may be believed later; that is no repetition.
            if step != Step::Redact || before != self.left {
                self.delivered.push(request);
            }
        }
    }

    pub(crate) async fn is_as_the_model_says(&self) {
        self.assert_left("").await;
        for request in &self.delivered {
            self.send(request).await;
        }
        self.assert_left(", after all deliveries came again").await;
    }

    /// On a slow machine the answer may be that it took too long, and the sender tries again. One that took about all the time that it may take leaves the rest to the
    /// keeper, or to the same delivery when it comes again.
    async fn send(&self, request: &Request) {
        let mut reply = None;
        for _ in 0..12 {
            let begun = Instant::now();
            let answer = self.world.gateway().send(request).await;
            let is_done = answer.status != 503 && begun.elapsed() < NEARLY_ALL;
            reply = Some(answer);
            if is_done {
                break;
            }
        }
        let reply = reply.expect("it was sent");
        assert_eq!(reply.status, 200, "{:?}: {}", self.steps, reply.text());
    }

    /// Links store and Page, as of the time of this step.
    async fn link(&mut self) {
        let linked = self.world.link_shop(&self.browser, &self.handle).await;
        assert_eq!(linked.status(), 200, "{:?}: {}", self.steps, linked.text());
        let pages = self.world.link_pages(&self.browser, &Consent::of(&self.person)).await;
        assert_eq!(pages.status(), 200, "{:?}: {}", self.steps, pages.text());
        let uuid = linked.json()["user_uuid"].as_str().unwrap().to_owned();
        for sk in ["store".to_owned(), format!("page#{}", self.page), format!("person#{}", self.person)] {
            self.world.set_number(&format!("uuid#{uuid}"), &sk, "linked_at", self.now).await;
            if sk != "store" {
                self.world.set_number(&format!("uuid#{uuid}"), &sk, "linked_ms", self.now * 1000).await;
            }
        }
        if !self.uuids.contains(&uuid) {
            self.uuids.push(uuid);
        }
    }

    async fn get(&self, pk: &str, sk: &str) -> Option<Item> {
        let key = |text: &str| AttributeValue::S(text.to_owned());
        let read = self.world.database.client().get_item().table_name("connections").key("pk", key(pk)).key("sk", key(sk));
        read.consistent_read(true).send().await.unwrap().item
    }

    /// What is left, as it is stored.
    async fn found(&self) -> Left {
        let store = self.get(&format!("shop#{}", self.shop()), "owner").await.and_then(|owner| text(&owner, "uuid"));
        let holder = self.get(&format!("page#{}", self.page), "owner").await.and_then(|owner| text(&owner, "uuid"));
        let Some(uuid) = store else {
            assert_eq!(holder, None, "{:?}: a Page without a store", self.steps);
            return Left::default();
        };
        let partition = format!("uuid#{uuid}");
        let page = self.get(&partition, &format!("page#{}", self.page)).await;
        assert_eq!(holder, page.is_some().then(|| uuid.clone()), "{:?}", self.steps);
        Left {
            store: self.get(&partition, "store").await.and_then(|store| text(&store, "status")),
            page: page.and_then(|page| Some((text(&page, "status")?, page.contains_key("access_token")))),
            grant: self.get(&partition, &format!("person#{}", self.person)).await.is_some(),
        }
    }

    async fn assert_left(&self, when: &str) {
        assert_eq!(self.found().await, self.left, "{:?}{when}", self.steps);
    }

    /// No item of any table holds anything of what was erased. Events are under way, and say what happened to whom.
    pub(crate) fn assert_forgotten(&self, stored: &[StoredItem]) {
        let mut gone: Vec<String> = Vec::new();
        if self.left.store.is_none() {
            gone.push(self.shop());
            gone.extend(self.uuids.clone());
        }
        if self.left.page.is_none() && !self.left.grant {
            gone.extend([self.person.clone(), self.page.clone()]);
        }
        let lasting = |item: &&StoredItem| !item.text("sk").is_some_and(|sk| sk.starts_with("event#"));
        for item in stored.iter().filter(lasting) {
            let written = serde_json::to_string(&item.attributes).unwrap();
            for text in &gone {
                assert!(!names(&written, text), "{:?}: {text} in {item:?}", self.steps);
            }
        }
    }
}

/// Whether a text stands there by itself: the ids of the local Facebook are numbers in a row, and one may be part of another.
fn names(written: &str, text: &str) -> bool {
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut found = written.match_indices(text);
    found.any(|(at, _)| !is_part(written[..at].chars().next_back()) && !is_part(written[at + text.len()..].chars().next()))
}
