//! The list of what is connected, and what disconnecting does.

use aws_sdk_dynamodb::types::AttributeValue;
use shared::Code;

use super::{Merchant, Scene, Way, error, success};
use crate::faults::{Fault, Times};

/// The form that disconnects the store.
pub const STORE: &str = "details:has(input[name=platform][value=shopify])";

pub(super) const SCENES: &[Scene] = &[
    success("list-at-launch", Way::Facebook),
    success("list", Way::Facebook),
    success("list-without-pages", Way::Facebook),
    success("list-with-trouble", Way::Facebook),
    success("list-of-one-name", Way::Facebook),
    success("list-store-lost", Way::Done),
    success("disconnect-page-asks", Way::Facebook),
    success("disconnect-store-asks", Way::Facebook),
    success("page-disconnected", Way::Facebook),
    success("page-disconnected-later", Way::Facebook),
    success("store-disconnected", Way::Done),
    success("store-uninstalled", Way::Done),
    success("store-not-uninstalled", Way::Done),
    success("signed-out", Way::Done),
    success("welcome", Way::Done),
    error("forbidden", Code::Forbidden, Way::List),
    error("list-missing-session", Code::MissingSession, Way::Admin),
    error("list-invalid-session", Code::InvalidSession, Way::Admin),
];

/// The button that ends the session.
pub const SIGN_OUT: &str = "form[action='/connections/sign-out'] button";

/// The form that disconnects a Page.
#[must_use]
pub fn form_of(page: &str) -> String {
    format!("details:has(input[name=account][value=\"{page}\"])")
}

impl Merchant<'_> {
    /// Connects store and Pages, comes back from the admin, and opens the list.
    pub async fn opens_list(&self) {
        self.connects_pages().await;
        self.launches().await;
        self.opens("/connections").await;
        assert_eq!(self.tab.status(), 200, "{}", self.tab.text().await);
    }

    /// Opens the app from Shopify's admin. Shopify asks again only for what it has not been granted.
    pub async fn launches(&self) {
        self.tab.open(&self.world.shopify.launch_url(&self.domain())).await;
    }

    /// Opens a form on the list and sends it.
    pub async fn disconnects(&self, form: &str) {
        self.asks(form).await;
        self.tab.follow(&format!("{form} button")).await;
    }

    /// Opens a form on the list.
    pub async fn asks(&self, form: &str) {
        self.tab.click(&format!("{form} summary")).await;
        let opened =
            format!("(async () => {{ while (!document.querySelector('{form}').open) await new Promise(requestAnimationFrame); }})()");
        self.tab.evaluate(&opened).await;
    }

    /// Writes into an item of this store's identity what only weeks of waiting or a provider's whim would write.
    async fn finds(&self, sk: &str, attributes: &[(&str, AttributeValue)]) {
        let owner = format!("shop#{}", self.domain());
        let items = self.world.database.scan("connections");
        let uuid =
            items.iter().find(|item| item.text("pk") == Some(&owner)).and_then(|item| item.text("uuid")).expect("the store is linked");
        for (name, value) in attributes {
            let update = self.world.database.client().update_item().table_name("connections");
            let update = update.key("pk", AttributeValue::S(format!("uuid#{uuid}"))).key("sk", AttributeValue::S(sk.to_owned()));
            let update = update.update_expression("SET #a = :v").expression_attribute_names("#a", *name);
            update.expression_attribute_values(":v", value.clone()).send().await.expect("the item is there");
        }
    }
}

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

pub(super) async fn reach(merchant: &Merchant<'_>, name: &str) {
    let Merchant { world, tab, person, pages, .. } = merchant;
    match name {
        "list-at-launch" => {
            merchant.connects_pages().await;
            merchant.launches().await;
        }
        "list" => merchant.opens_list().await,
        "list-without-pages" => {
            merchant.connects_store().await;
            merchant.opens("/connections").await;
        }
        "list-with-trouble" => {
            // One Page needs to be connected again, one has gone to another store, one gets no messages, one gets some of them, and one is well.
            let shared = world.facebook.add_page(person, "Acme Home");
            world.facebook.set_thread_routing(&shared, Some(true));
            world.facebook.add_page(person, "Acme Wholesale");
            let silent = world.facebook.add_page(person, "Acme Kids");
            merchant.opens_list().await;
            let dead = [("status", text("reconnect_needed")), ("reason", text("token_refused"))];
            merchant.finds(&format!("page#{}", pages[0]), &dead).await;
            merchant.finds(&format!("page#{}", pages[1]), &[("status", text("moved"))]).await;
            let silence = [("messaging_ready", AttributeValue::Bool(false)), ("messaging_reason", text("page_not_subscribed"))];
            merchant.finds(&format!("page#{silent}"), &silence).await;
            tab.reload().await;
        }
        "list-of-one-name" => {
            pages.iter().for_each(|page| world.facebook.edit_page(page, |page| "Acme".clone_into(&mut page.name)));
            merchant.opens_list().await;
        }
        "list-store-lost" => {
            merchant.opens_list().await;
            merchant.finds("store", &[("status", text("reconnect_needed")), ("reason", text("token_refused"))]).await;
            tab.reload().await;
        }
        "disconnect-page-asks" => {
            merchant.opens_list().await;
            merchant.asks(&form_of(&pages[0])).await;
        }
        "disconnect-store-asks" => {
            merchant.opens_list().await;
            merchant.asks(STORE).await;
        }
        "page-disconnected" => {
            merchant.opens_list().await;
            merchant.disconnects(&form_of(&pages[0])).await;
        }
        "page-disconnected-later" => {
            merchant.opens_list().await;
            world.facebook.switch_on("unsubscribe", Fault::ServerError500, Times::UntilCleared);
            merchant.disconnects(&form_of(&pages[0])).await;
        }
        "store-disconnected" => {
            merchant.opens_list().await;
            merchant.disconnects(STORE).await;
        }
        "store-uninstalled" => uninstalls(merchant).await,
        "store-not-uninstalled" => {
            merchant.opens_list().await;
            world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
            uninstalls_here(merchant).await;
        }
        "forbidden" => {
            merchant.opens_list().await;
            tab.evaluate("document.querySelectorAll('input[name=csrf_token]').forEach((one) => { one.value = 'guessed'; })").await;
            merchant.disconnects(STORE).await;
        }
        "signed-out" => {
            merchant.opens_list().await;
            tab.follow(SIGN_OUT).await;
        }
        "welcome" => merchant.opens("/").await,
        "list-missing-session" => merchant.opens("/connections").await,
        "list-invalid-session" => {
            tab.plant_cookie(&merchant.origin, "session_id", &crate::random::token()).await;
            merchant.opens("/connections").await;
        }
        _ => panic!("no scene {name}"),
    }
}

async fn uninstalls(merchant: &Merchant<'_>) {
    merchant.opens_list().await;
    uninstalls_here(merchant).await;
}

async fn uninstalls_here(merchant: &Merchant<'_>) {
    merchant.asks(STORE).await;
    merchant.tab.click(&format!("{STORE} input[name=uninstall]")).await;
    merchant.tab.follow(&format!("{STORE} button")).await;
}
