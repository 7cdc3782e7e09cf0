//! A story as it happens: the real functions, with a clock that says ten seconds between two steps.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::browser::Browser;
use e2e::database::StoredItem;
use e2e::facebook::{Consent, delivery};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::json;

use crate::stories::model::{Kept, Model, Pages, Step, Store};
use crate::support::{linked_pages, linked_shop};

/// Pages of the one person.
const PAGES: usize = 2;

/// A store and a person of their own, in tables of their own.
pub(crate) struct Play<'a> {
    world: &'a World,
    browser: Browser,
    handle: String,
    person: String,
    pages: Vec<String>,
    /// UUIDs in order of first sight.
    identities: Vec<String>,
    sent: Vec<Request>,
    /// The moment of the first step.
    begin: u64,
}

impl<'a> Play<'a> {
    pub(crate) fn begin(world: &'a World) -> Self {
        let person = world.facebook.add_person("Jo Doe");
        let pages = (0..PAGES).map(|n| world.facebook.add_page(&person, &format!("Page {n} of Jo"))).collect();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let handle = format!("shop-{person}");
        Self { world, browser: world.browser(), handle, person, pages, identities: Vec::new(), sent: Vec::new(), begin: now - 100 }
    }

    /// After each step, and after every delivery so far has come once more, just that is left which the model says.
    pub(crate) async fn tell(mut self, story: &[Step]) {
        let mut model = Model::default();
        for (number, step) in story.iter().enumerate() {
            let told = &story[..=number];
            model.take(*step);
            self.take(*step, self.begin + 10 * u64::try_from(number).unwrap()).await;
            assert_eq!(self.kept(), model.kept, "after {told:?}");
            for request in self.sent.clone() {
                self.deliver(&request, told).await;
                assert_eq!(self.kept(), model.kept, "after {told:?} and again {}", String::from_utf8_lossy(&request.body));
            }
            self.assert_nothing_else_is_kept(told);
        }
        self.world.invoke("token-keeper", json!({})).await;
        assert_eq!(self.kept(), model.kept, "after {story:?} and the keeper");
        self.clear().await;
    }

    async fn take(&mut self, step: Step, at: u64) {
        let (world, shop) = (self.world, self.shop());
        match step {
            Step::Link => {
                linked_shop(world, &self.browser, &self.handle).await;
                linked_pages(world, &self.browser, &Consent::of(&self.person)).await;
                return self.date(at).await;
            }
            Step::DisconnectStore | Step::DisconnectPages if world.owner(&format!("shop#{shop}")).is_none() => return,
            Step::DisconnectStore | Step::DisconnectPages => {
                let uuid = linked_shop(world, &self.browser, &self.handle).await;
                for (name, value) in [("linked_at", at), ("linked_ms", at * 1000)] {
                    world.set_number(&format!("uuid#{uuid}"), "store", name, value).await;
                }
                let accounts = if step == Step::DisconnectStore {
                    vec![("shopify", shop)]
                } else {
                    self.pages.iter().map(|page| ("facebook", page.clone())).collect()
                };
                for (platform, account) in accounts {
                    self.disconnect(platform, &account).await;
                }
                return;
            }
            Step::Vanish => return world.shopify.uninstall(&shop),
            Step::Uninstall => {
                world.shopify.uninstall(&shop);
                self.sent.push(world.shopify.webhook("app/uninstalled", &shop).triggered(at).request());
            }
            Step::Redact => self.sent.push(world.shopify.webhook("shop/redact", &shop).triggered(at).request()),
            Step::Deauthorize | Step::Delete => {
                let route = if step == Step::Delete { "/facebook/data-deletion" } else { "/facebook/deauthorize" };
                world.facebook.remove_app(&self.person);
                self.sent.push(delivery(route, &world.facebook.signed_leave_at(&self.person, i64::try_from(at).unwrap())));
            }
        }
        let request = self.sent.last().cloned().unwrap();
        self.deliver(&request, &[step]).await;
    }

    async fn disconnect(&self, platform: &str, account: &str) {
        let list = self.browser.get("/connections").await.json();
        let token = list["csrf_token"].as_str().unwrap_or_else(|| panic!("{list}"));
        let fields = [("csrf_token", token), ("platform", platform), ("account", account)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = Request::get("/connections/disconnect").with_method("POST").with_body("application/x-www-form-urlencoded", body);
        assert_eq!(self.browser.send(form).await.status(), 303);
    }

    async fn deliver(&self, request: &Request, told: &[Step]) {
        let reply = self.world.gateway().send(request).await;
        assert_eq!(reply.status, 200, "{told:?}: {}\n{}", reply.text(), self.world.logs());
    }

    /// What was just linked was linked at this moment.
    async fn date(&self, at: u64) {
        for item in self.items() {
            let (pk, sk) = (item.text("pk").unwrap(), item.text("sk").unwrap());
            for (name, value) in [("linked_at", at), ("linked_ms", at * 1000)] {
                if item.attributes.contains_key(name) {
                    self.world.set_number(pk, sk, name, value).await;
                }
            }
        }
    }

    fn shop(&self) -> String {
        format!("{}.myshopify.com", self.handle)
    }

    fn items(&self) -> Vec<StoredItem> {
        self.world.database.scan("connections")
    }

    fn kept(&mut self) -> Kept {
        let (world, shop) = (self.world, self.shop());
        let Some(uuid) = world.owner(&format!("shop#{shop}")) else {
            return Kept { identity: u32::try_from(self.identities.len()).unwrap(), ..Kept::default() };
        };
        if !self.identities.contains(&uuid) {
            self.identities.push(uuid.clone());
        }
        assert_eq!(self.identities.last(), Some(&uuid), "an identity came back");
        let partition = format!("uuid#{uuid}");
        let has_token = |item: &StoredItem| item.attributes.contains_key("access_token");
        let root = world.item(&partition, "store").expect("an owner leads to a store");
        let store = match (root.text("status"), has_token(&root)) {
            (Some("active"), true) => Store::Active,
            (Some("uninstalled"), false) => Store::Uninstalled,
            other => panic!("a store that is {other:?}"),
        };
        let pages: Vec<Pages> = self.pages.iter().map(|page| self.page(&partition, page)).collect();
        assert!(pages.iter().all(|page| *page == pages[0]), "{pages:?}");
        let person = world.item(&partition, &format!("person#{}", self.person));
        assert!(person.as_ref().is_none_or(has_token));
        Kept { store, pages: pages[0], person: person.is_some(), identity: u32::try_from(self.identities.len()).unwrap() }
    }

    fn page(&self, partition: &str, page: &str) -> Pages {
        let owner = self.world.owner(&format!("page#{page}"));
        let Some(item) = self.world.item(partition, &format!("page#{page}")) else {
            assert_eq!(owner, None, "a holder without a Page");
            return Pages::None;
        };
        assert_eq!(owner.map(|uuid| format!("uuid#{uuid}")).as_deref(), Some(partition));
        match (item.text("status"), item.attributes.contains_key("access_token")) {
            (Some("active"), true) => Pages::WithToken,
            (Some("reconnect_needed"), false) => Pages::WithoutToken,
            other => panic!("a Page that is {other:?}"),
        }
    }

    /// An erased identity, and a person whose data were deleted, stand nowhere.
    fn assert_nothing_else_is_kept(&mut self, told: &[Step]) {
        let kept = self.kept();
        let mut gone: Vec<&str> = Vec::new();
        let living = usize::from(kept.store != Store::None);
        gone.extend(self.identities[..self.identities.len() - living].iter().map(String::as_str));
        let shop = self.shop();
        if kept.store == Store::None {
            gone.push(&shop);
        }
        if kept.pages == Pages::None {
            gone.extend(self.pages.iter().map(String::as_str));
            gone.extend([self.person.as_str(), "of Jo"]);
        }
        for item in self.world.database.dump() {
            // An event names a Page until it is delivered; the store's name is made of the person's id here.
            if item.text("sk").is_some_and(|sk| sk.starts_with("event#")) && kept.store != Store::None {
                continue;
            }
            for name in &gone {
                let is_handle = *name == self.person && item.contains(&self.handle) && kept.store != Store::None;
                assert!(is_handle || !item.contains(name), "after {told:?}: {name} in {item:?}");
            }
        }
    }

    /// Empties the tables.
    async fn clear(self) {
        let client = self.world.database.client();
        for item in self.world.database.dump() {
            let key = |name: &str| AttributeValue::S(item.text(name).unwrap().to_owned());
            let delete = client.delete_item().table_name(&item.table).key("pk", key("pk"));
            let delete = if item.table == "connections" { delete.key("sk", key("sk")) } else { delete };
            delete.send().await.unwrap();
        }
    }
}
