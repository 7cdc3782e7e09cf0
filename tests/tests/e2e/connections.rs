//! `connections` through its binary: the list of what is linked, the disconnect of a Page or the store, and the end of the session.

mod forms;
mod kills;
mod language;
mod launch;
mod list;
mod page;
mod profile;
mod races;
mod revoke;
mod sign_out;
mod store;
mod trouble;

use e2e::browser::{Browser, Page};
use e2e::facebook::Consent;
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{linked, linked_pages, linked_shop};

pub(crate) const LIST: &str = "/connections";
pub(crate) const DISCONNECT: &str = "/connections/disconnect";
pub(crate) const FUNCTION: &str = "connections";
pub(crate) const ACME: &str = "acme.myshopify.com";

/// The mark of these tests' own `Linked`.
pub(crate) enum Connections {}
pub(crate) type Linked = linked::Linked<Connections>;

impl Linked {
    /// Whose browser holds a live session.
    pub(crate) async fn with_pages(count: usize) -> Self {
        Self::in_world(World::start().await, count).await
    }

    pub(crate) async fn in_world(world: World, count: usize) -> Self {
        let linked = Self::begun(world, count).await;
        if count > 0 {
            // A link of Pages ends the session; the store's own admin begins the next one.
            linked.signs_in().await;
        }
        linked.clear_requests();
        linked
    }

    pub(crate) async fn signs_in(&self) {
        assert_eq!(linked_shop(&self.world, &self.browser, "acme").await, self.uuid);
    }

    /// The same Pages once more.
    pub(crate) async fn links_pages(&self) {
        linked_pages(&self.world, &self.browser, &Consent::of(&self.person)).await;
        self.signs_in().await;
    }

    /// Another store, to which the same person connects a Page of their own.
    pub(crate) async fn other_store_of_the_person(&self) -> (Browser, String, String) {
        let page = self.world.facebook.add_page(&self.person, "Elsewhere");
        let browser = self.world.browser();
        let uuid = linked_shop(&self.world, &browser, "other").await;
        linked_pages(&self.world, &browser, &Consent::of(&self.person).with_pages(self.pages.iter().chain([&page]))).await;
        (browser, uuid, page)
    }

    pub(crate) async fn list(&self) -> Value {
        list(&self.browser).await
    }

    pub(crate) async fn disconnects(&self, platform: &str, account: &str) -> Page {
        disconnects(&self.browser, platform, account, &[]).await
    }

    pub(crate) async fn disconnects_page(&self, page: &str) {
        assert_back(&self.disconnects("facebook", page).await);
    }

    /// What the list says of the last disconnect.
    pub(crate) async fn notice(&self) -> Value {
        self.list().await["notice"].clone()
    }

    pub(crate) fn page_item(&self, page: &str) -> Option<e2e::database::StoredItem> {
        self.item(&format!("page#{page}"))
    }

    pub(crate) fn grant(&self) -> Option<e2e::database::StoredItem> {
        self.item(&format!("person#{}", self.person))
    }

    pub(crate) fn store(&self) -> e2e::database::StoredItem {
        self.item("store").expect("the store is there")
    }

    /// The kinds of the jobs there are.
    pub(crate) fn jobs(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.job_keys().into_iter().map(|(_, kind)| kind).collect();
        kinds.sort();
        kinds
    }

    fn job_keys(&self) -> Vec<(String, String)> {
        let items = self.world.database.scan("connections").into_iter();
        let jobs = items.filter(|item| item.text("pk").is_some_and(|pk| pk.starts_with("job#")));
        jobs.map(|item| (item.text("pk").unwrap().to_owned(), item.text("sk").unwrap().to_owned())).collect()
    }

    /// The keeper comes when all jobs are due, and once more for what waits for one of them.
    pub(crate) async fn keeper_runs(&self) -> Value {
        self.keeper_runs_once().await;
        self.keeper_runs_once().await
    }

    pub(crate) async fn keeper_runs_once(&self) -> Value {
        for (pk, sk) in self.job_keys() {
            self.world.set_number(&pk, &sk, "due_at", 1).await;
        }
        self.world.invoke("token-keeper", json!({})).await
    }

    /// Accounts of the events that tell of a disconnect, in order.
    pub(crate) fn disconnected(&self) -> Vec<(String, String)> {
        let events = self.world.events().into_iter().filter(|event| event.detail_type == "disconnected");
        let mut found: Vec<_> = events.map(|event| (event.platform, event.account)).collect();
        found.sort();
        found
    }

    /// Whether Facebook would still take a token that rests on the person's grant.
    pub(crate) fn grant_works(&self) -> bool {
        let issued = self.world.facebook.issued_secrets();
        issued.iter().any(|token| self.world.facebook.accepts(token))
    }

    /// Calls of Facebook that end something: Pages that were unsubscribed, and how often a grant was taken back.
    pub(crate) fn ended(&self) -> (usize, usize) {
        let facebook = &self.world.facebook;
        let revoked = facebook.requests_of("permissions").into_iter().filter(|request| request.method == "DELETE").count();
        (facebook.requests_of("unsubscribe").len(), revoked)
    }

    /// What the bot is told of this store.
    pub(crate) async fn tokens(&self) -> Value {
        self.world.invoke("connection-tokens", json!({ "user_uuid": self.uuid })).await
    }
}

pub(crate) async fn list(browser: &Browser) -> Value {
    let page = browser.get(LIST).await;
    assert_eq!(page.status(), 200, "{}", page.text());
    page.json()
}

/// The form as a page of this browser's session sends it.
pub(crate) async fn disconnects(browser: &Browser, platform: &str, account: &str, more: &[(&str, &str)]) -> Page {
    let token = list(browser).await["csrf_token"].as_str().unwrap().to_owned();
    let fields = [("csrf_token", token.as_str()), ("platform", platform), ("account", account)];
    let fields: Vec<_> = fields.into_iter().chain(more.iter().copied()).collect();
    browser.send(form(&fields)).await
}

/// A form as browsers send it.
pub(crate) fn form(fields: &[(&str, &str)]) -> Request {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    Request::get(DISCONNECT).with_method("POST").with_body("application/x-www-form-urlencoded", body)
}

/// Demands that a form was answered by leading back to the list.
#[track_caller]
pub(crate) fn assert_back(page: &Page) {
    assert_eq!((page.status(), page.header("location")), (303, Some(LIST)), "{}", page.text());
    assert!(page.set_cookies().is_empty(), "{:?}", page.set_cookies());
}
