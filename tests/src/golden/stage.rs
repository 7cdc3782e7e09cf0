//! Who brings a scene about: merchants with a store and Pages, and whatever happens to them.

use std::future::Future;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use super::play::now;
use super::reading::{Act, Reading};
use crate::browser::{Browser, Page};
use crate::database::StoredItem;
use crate::facebook::Consent;
use crate::gateway::Request;
use crate::shopify::Webhook;
use crate::stored::domain;
use crate::world::World;

pub(super) const DAY: u64 = 24 * 3600;

/// People with an account at Facebook; their ids.
pub(super) fn people<const N: usize>(world: &World, names: [&str; N]) -> [String; N] {
    names.map(|name| world.facebook.add_person(name))
}

/// Pages of a person; their ids.
pub(super) fn pages<const N: usize>(world: &World, person: &str, names: [&str; N]) -> [String; N] {
    names.map(|name| world.facebook.add_page(person, name))
}

/// A merchant whose store is linked, with the browser that linked it.
pub(super) struct Merchant<'a> {
    pub(super) world: &'a World,
    pub(super) browser: Browser,
    /// The store's handle.
    pub(super) handle: &'static str,
    pub(super) uuid: String,
}

impl<'a> Merchant<'a> {
    /// Links a store.
    pub(super) async fn links(world: &'a World, handle: &'static str) -> Self {
        let mut merchant = Self { world, browser: world.browser(), handle, uuid: String::new() };
        merchant.uuid = merchant.links_again().await;
        merchant
    }

    /// The same with these Pages of this person.
    pub(super) async fn with_pages(world: &'a World, handle: &'static str, person: &str, pages: &[&String]) -> Self {
        let merchant = Self::links(world, handle).await;
        merchant.links_pages(person, pages).await;
        merchant
    }

    /// Links the store once more, which begins another session; returns the identity.
    pub(super) async fn links_again(&self) -> String {
        let page = self.world.link_shop(&self.browser, self.handle).await;
        assert_eq!(page.status(), 200, "{}", page.text());
        page.json()["user_uuid"].as_str().expect("an identity").to_owned()
    }

    /// Moves one Page of these, which another store holds.
    pub(super) async fn moves_page(&self, person: &str, page: &String, pages: &[&String]) {
        let consent = Consent::of(person).with_pages(pages);
        let page = self.world.move_pages(&self.browser, [page], &consent).await;
        assert_eq!(page.status(), 200, "{}", page.text());
    }

    /// Links Pages, which ends the session unless some of them are left behind.
    pub(super) async fn links_pages(&self, person: &str, pages: &[&String]) -> Page {
        let consent = Consent::of(person).with_pages(pages);
        let page = self.world.link_pages(&self.browser, &consent).await;
        assert_eq!(page.status(), 200, "{}", page.text());
        page
    }

    /// The browser's cookies, as its header has them.
    pub(super) fn cookies(&self) -> String {
        let origin = self.world.gateway().origin();
        self.browser.with_jar(|jar| jar.header(origin, "/")).unwrap_or_default()
    }

    /// The store's domain.
    pub(super) fn shop(&self) -> String {
        domain(self.handle)
    }

    pub(super) fn partition(&self) -> String {
        format!("uuid#{}", self.uuid)
    }

    /// A figure of one of the identity's items, written by hand.
    pub(super) async fn set(&self, sk: &str, name: &str, value: u64) {
        self.world.set_number(&self.partition(), sk, name, value).await;
    }

    /// The keeper looks at one of the identity's items when it next comes.
    pub(super) async fn is_due(&self, sk: &str) {
        self.world.make_due(&self.uuid, sk).await;
    }

    /// The store's access token has ended, as far as the table says.
    pub(super) async fn token_ends(&self) {
        self.world.expire_access_token(&self.shop()).await;
    }

    /// Two thirds of the refresh token's life are over.
    pub(super) async fn fades(&self) {
        let now = u64::try_from(now()).expect("after 1970");
        self.set("store", "issued_at", now - 61 * DAY).await;
        self.set("store", "refresh_expires_at", now + 29 * DAY).await;
        self.token_ends().await;
        self.is_due("store").await;
    }

    /// What Shopify delivers about the store, triggered now.
    pub(super) fn webhook(&self, topic: &str) -> Webhook {
        self.world.shopify.webhook(topic, &self.shop())
    }

    /// The same at a time that says nothing.
    pub(super) fn timeless(&self, topic: &str) -> Webhook {
        Webhook { triggered_at: None, ..self.webhook(topic) }
    }

    /// A form of the list.
    async fn form(&self, target: &str, fields: &[(&str, &str)]) -> Request {
        let list = self.browser.get("/connections").await;
        assert_eq!(list.status(), 200, "{}", list.text());
        let token = list.json()["csrf_token"].as_str().expect("a form's token").to_owned();
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf_token", &token).extend_pairs(fields);
        let request = Request::get(target).with_method("POST");
        request.with_body("application/x-www-form-urlencoded", form.finish())
    }

    /// The form that disconnects an account.
    async fn disconnecting(&self, platform: &str, account: &str) -> Request {
        self.form("/connections/disconnect", &[("platform", platform), ("account", account)]).await
    }

    /// Disconnects an account.
    pub(super) async fn disconnects(&self, platform: &str, account: &str) {
        let form = self.disconnecting(platform, account).await;
        let page = self.browser.send(form).await;
        assert_eq!(page.status(), 303, "{}", page.text());
    }

    /// The same bytes as another delivery, at a time that says nothing.
    pub(super) fn another(webhook: &Webhook) -> Webhook {
        Webhook { id: Some("golden-another-delivery".to_owned()), ..webhook.clone() }
    }

    /// The bot asks for the store.
    pub(super) fn read_tokens(&self) -> Reading {
        Reading::tokens(json!({ "shop": self.shop() }))
    }

    /// The merchant looks at the list.
    pub(super) fn read_list(&self) -> Reading {
        Reading::list(self.handle, &self.cookies())
    }

    /// The merchant disconnects an account.
    pub(super) async fn read_disconnect(&self, platform: &str, account: &str) -> Reading {
        let form = self.disconnecting(platform, account).await;
        Reading::send_with(&format!("{} disconnects {account}", self.handle), &form, self.cookies())
    }

    /// The merchant ends the session.
    pub(super) async fn read_sign_out(&self) -> Reading {
        let form = self.form("/connections/sign-out", &[]).await;
        Reading::send_with(&format!("{} signs out", self.handle), &form, self.cookies())
    }

    /// Shopify delivers a webhook about the store, triggered so many seconds before that is read.
    pub(super) fn read_webhook(&self, topic: &str, ago: u32) -> Reading {
        let what = format!("{topic} of {ago} s ago is delivered about {}", self.handle);
        Reading::new(what, Act::Webhook { topic: topic.to_owned(), shop: self.shop(), ago })
    }

    /// The merchant links the store.
    pub(super) fn relinks(&self) -> Reading {
        let act = Act::Store { handle: self.handle.to_owned(), cookies: self.cookies() };
        Reading::new(format!("{} links the store", self.handle), act)
    }

    /// The merchant links Pages, beginning at this login.
    pub(super) fn relinks_pages(&self, login: &str, person: &str, pages: &[&String]) -> Reading {
        let pages = pages.iter().map(|page| (*page).clone()).collect();
        let (from, _) = login.split_once('?').unwrap_or((login, ""));
        let what = format!("{} links Pages from {from}", self.handle);
        let (login, person, cookies) = (login.to_owned(), person.to_owned(), self.cookies());
        Reading::new(what, Act::Pages { login, cookies, person, pages })
    }
}

/// Facebook says that a person left so many seconds before that is read.
pub(super) fn read_leave(route: &str, person: &str, ago: u32) -> Reading {
    let act = Act::Leave { route: route.to_owned(), person: person.to_owned(), ago };
    Reading::new(format!("{route} is told of a person who left {ago} s ago"), act)
}

/// Delivers, which must be taken.
pub(super) async fn deliver(world: &World, request: &Request) -> Value {
    let reply = world.gateway().send(request).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    serde_json::from_slice(&reply.body).unwrap_or_default()
}

/// One run of the keeper.
pub(super) async fn keeper(world: &World) -> Value {
    world.invoke("token-keeper", json!({})).await
}

/// An update by hand.
fn update(world: &World, [pk, sk]: [&str; 2]) -> UpdateItemFluentBuilder {
    let update = world.database.client().update_item().table_name("connections");
    update.key("pk", AttributeValue::S(pk.to_owned())).key("sk", AttributeValue::S(sk.to_owned()))
}

/// A text, written by hand.
pub(super) async fn set_text(world: &World, key: [&str; 2], name: &str, text: &str) {
    let update = update(world, key).update_expression("SET #name = :text");
    let update = update.condition_expression("attribute_exists(pk)");
    let update = update.expression_attribute_names("#name", name);
    let text = AttributeValue::S(text.to_owned());
    update.expression_attribute_values(":text", text).send().await.expect("the item is there");
}

/// Attributes taken away by hand.
pub(super) async fn remove(world: &World, key: [&str; 2], names: &[&str]) {
    let mut update = update(world, key);
    let mut removed = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let alias = format!("#name{index}");
        update = update.expression_attribute_names(&alias, *name);
        removed.push(alias);
    }
    let update = update.update_expression(format!("REMOVE {}", removed.join(", ")));
    update.send().await.expect("the item is there");
}

/// The keeper sees to all jobs of a kind when it next comes.
pub(super) async fn jobs_are_due(world: &World, kind: &str) {
    for item in world.database.scan("connections") {
        let key = |name: &str| item.text(name).unwrap_or_default();
        if key("pk").starts_with("job#") && key("sk") == kind {
            world.set_number(key("pk"), key("sk"), "due_at", 1).await;
        }
    }
}

/// The note of the keeper that is taken away by hand.
pub(super) async fn forget_note(world: &World, sk: &str) {
    let key = |text: &str| AttributeValue::S(text.to_owned());
    let delete = world.database.client().delete_item().table_name("connections");
    let delete = delete.key("pk", key("keeper")).key("sk", key(sk));
    delete.send().await.expect("the note is there");
}

/// A note of the keeper, written by hand.
pub(super) fn note(world: &World, sk: &str, attributes: &Value) {
    let mut note = json!({ "pk": { "S": "keeper" }, "sk": { "S": sk } });
    for (name, value) in attributes.as_object().expect("attributes") {
        note[name.as_str()] = value.clone();
    }
    let Value::Object(attributes) = note else { unreachable!("it is an object") };
    world.database.put(&StoredItem { table: "connections".to_owned(), attributes });
}

/// Kills a function over what was sent, as soon as something has come about.
pub(super) async fn dies_when<M, S>(world: &World, function: &str, moment: M, sent: S)
where
    M: Future<Output = ()>,
    S: Future,
{
    tokio::select! {
        _ = sent => panic!("{function} ended before its time"),
        () = moment => {}
    }
    world.function(function).kill().await;
    world.function(function).scale(1).await;
}
