//! A merchant with a store and a portfolio that has WhatsApp numbers.

use e2e::browser::{Browser, Page};
use e2e::database::StoredItem;
use e2e::facebook::WhatsAppConsent;
use e2e::gateway::Request;
use e2e::world::{World, WorldBuilder};
use serde_json::{Value, json};

use crate::support::{self, item, linked_shop, set};

/// A linked store, and a portfolio with one account of one number.
pub(crate) struct Shop {
    pub(crate) world: World,
    pub(crate) browser: Browser,
    pub(crate) uuid: String,
    pub(crate) person: String,
    pub(crate) business: String,
    pub(crate) waba: String,
    pub(crate) number: String,
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::of(World::builder().whatsapp()).await
    }

    pub(crate) async fn of(world: WorldBuilder) -> Self {
        let world = world.start().await;
        let person = world.facebook.add_person("Jo Doe");
        let business = world.facebook.add_business(&person, "Acme Inc.");
        let waba = world.facebook.add_account(&business, "Acme");
        let number = world.facebook.add_number(&waba, "+1 631-555-0101");
        let browser = world.browser();
        let uuid = linked_shop(&world, &browser, "acme").await;
        Self { world, browser, uuid, person, business, waba, number }
    }

    /// The same with its number linked, and the providers' records cleared.
    pub(crate) async fn linked() -> Self {
        Self::linked_in(World::builder().whatsapp()).await
    }

    pub(crate) async fn linked_in(world: WorldBuilder) -> Self {
        let shop = Self::of(world).await;
        let reply = shop.links().await;
        assert_eq!(reply.status(), 200, "{}", reply.text());
        shop.clear_requests();
        shop
    }

    /// Everything of the portfolio.
    pub(crate) fn consent(&self) -> WhatsAppConsent {
        WhatsAppConsent::of(&self.business)
    }

    pub(crate) async fn links(&self) -> Page {
        self.world.link_numbers(&self.browser, &self.consent()).await
    }

    /// Another number of the same account.
    pub(crate) fn adds_number(&self) -> String {
        self.world.facebook.add_number(&self.waba, "+1 631-555-0199")
    }

    /// Another store, in a browser of its own.
    pub(crate) async fn other_store(&self) -> (Browser, String) {
        let browser = self.world.browser();
        let uuid = linked_shop(&self.world, &browser, "other").await;
        (browser, uuid)
    }

    pub(crate) fn clear_requests(&self) {
        self.world.shopify.clear_requests();
        self.world.facebook.clear_requests();
    }

    /// How often a call of WhatsApp's was made.
    pub(crate) fn asked(&self, call: &str) -> usize {
        self.world.facebook.requests_of(call).len()
    }

    /// An item of the identity.
    pub(crate) fn item(&self, sk: &str) -> Option<StoredItem> {
        item(&self.world, &format!("uuid#{}", self.uuid), sk)
    }

    /// A number as it stands under the identity.
    pub(crate) fn stored(&self, number: &str) -> Option<StoredItem> {
        self.item(&format!("phone#{number}"))
    }

    pub(crate) fn reason(&self, number: &str) -> Option<String> {
        self.stored(number)?.text("messaging_reason").map(str::to_owned)
    }

    pub(crate) fn is_ready(&self, number: &str) -> bool {
        self.stored(number).is_some_and(|stored| stored.attributes["messaging_ready"] == json!({ "BOOL": true }))
    }

    /// The grant's item; there is one at most.
    pub(crate) fn grant(&self) -> Option<StoredItem> {
        let partition = format!("uuid#{}", self.uuid);
        let is_grant =
            |item: &StoredItem| item.text("pk") == Some(&partition) && item.text("sk").is_some_and(|sk| sk.starts_with("business#"));
        self.world.database.scan("connections").into_iter().find(is_grant)
    }

    /// The PIN items.
    pub(crate) fn pins(&self) -> Vec<StoredItem> {
        self.world.database.scan("connections").into_iter().filter(|item| item.text("sk") == Some("pin")).collect()
    }

    /// What is left to do at the platform.
    pub(crate) fn jobs(&self) -> Vec<String> {
        let items = self.world.database.scan("connections").into_iter();
        items
            .filter(|item| item.text("pk").is_some_and(|pk| pk.starts_with("job#")))
            .filter_map(|item| item.text("sk").map(str::to_owned))
            .collect()
    }

    /// The keeper comes once what is left is due.
    pub(crate) async fn kept_later(&self) -> Value {
        for item in self.world.database.scan("connections") {
            let (pk, sk) = (item.text("pk").unwrap_or_default(), item.text("sk"));
            if pk.starts_with("job#") {
                set(&self.world, "connections", pk, sk, "due_at", support::number(1)).await;
            }
        }
        self.kept().await
    }

    /// What the bot is told.
    pub(crate) async fn tokens(&self, id: &str) -> Value {
        self.world.invoke("connection-tokens", json!({ "phone_number_id": id })).await
    }

    /// A run of the keeper for which the grant is due, where there is one.
    pub(crate) async fn kept(&self) -> Value {
        if let Some(sk) = self.grant().and_then(|grant| grant.text("sk").map(str::to_owned)) {
            set(&self.world, "connections", &format!("uuid#{}", self.uuid), Some(&sk), "due_at", support::number(1)).await;
        }
        self.world.invoke("token-keeper", json!({})).await
    }

    /// Sets a number of the grant.
    pub(crate) async fn set_of_grant(&self, attribute: &str, value: u64) {
        let sk = self.grant().unwrap().text("sk").unwrap().to_owned();
        set(&self.world, "connections", &format!("uuid#{}", self.uuid), Some(&sk), attribute, support::number(value)).await;
    }

    /// What was told of the numbers, without how they were linked.
    pub(crate) fn events(&self) -> Vec<(String, String, Option<String>)> {
        let told = self.world.events().into_iter().filter(|event| event.platform == "whatsapp");
        let mut events: Vec<_> = told.map(|event| (event.detail_type, event.account, event.reason)).collect();
        events.retain(|(what, ..)| what != "linked");
        events.sort();
        events
    }

    /// The list, as programs see it.
    pub(crate) async fn list(&self) -> Value {
        let page = self.browser.get("/connections").await;
        assert_eq!(page.status(), 200, "{}", page.text());
        page.json()
    }

    /// Sends a form of the list.
    pub(crate) async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.list().await["csrf_token"].as_str().unwrap().to_owned();
        let fields = [("csrf_token", token.as_str()), ("platform", "whatsapp")].into_iter().chain(fields.iter().copied());
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::get(path).with_method("POST").with_body("application/x-www-form-urlencoded", body);
        self.browser.send(request).await
    }

    pub(crate) async fn disconnects(&self, number: &str) -> Value {
        let reply = self.sends("/connections/disconnect", &[("account", number)]).await;
        assert_eq!((reply.status(), reply.header("location")), (303, Some("/connections")), "{}", reply.text());
        self.list().await["notice"].clone()
    }

    /// Signs in at the store again.
    pub(crate) async fn signs_in(&self) {
        assert_eq!(linked_shop(&self.world, &self.browser, "acme").await, self.uuid);
    }
}

/// The warnings of a success reply: code, and the id that it is about.
pub(crate) fn warnings(page: &Page) -> Vec<(String, String)> {
    let page = page.json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let about =
        |warning: &Value| if warning["waba_id"].is_string() { text(&warning["waba_id"]) } else { text(&warning["phone_number_id"]) };
    page["warnings"].as_array().unwrap().iter().map(|warning| (text(&warning["code"]), about(warning))).collect()
}

/// The ids of the numbers in a success reply.
pub(crate) fn ids(page: &Page) -> Vec<String> {
    let page = page.json();
    let numbers = page["phone_numbers"]["data"].as_array().unwrap_or_else(|| panic!("{page}"));
    numbers.iter().map(|number| number["id"].as_str().unwrap().to_owned()).collect()
}
