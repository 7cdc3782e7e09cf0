//! Reads and changes what the functions stored, for tests.

use std::collections::BTreeSet;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::config::Vars;
use shared::encryption::{KeyRing, Place};
use shared::providers::shopify;
use shared::store::flows::flow_key;

use crate::database::StoredItem;
use crate::world::World;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970").as_secs()
}

/// A domain that [`World::link_shop`] was given the handle of.
#[must_use]
pub fn domain(handle: &str) -> String {
    format!("{handle}.myshopify.com")
}

impl World {
    /// The item under a key, if it is there. `sk` is empty for the sessions table.
    pub fn item(&self, pk: &str, sk: &str) -> Option<StoredItem> {
        let is_it = |item: &StoredItem| item.text("pk") == Some(pk) && item.text("sk").unwrap_or_default() == sk;
        self.database.dump().into_iter().find(is_it)
    }

    /// The UUIDs under which a store is linked: one, unless something is wrong.
    pub fn identities_of(&self, shop: &str) -> BTreeSet<String> {
        let stores = self.database.scan("connections").into_iter().filter(|item| item.text("sk") == Some("store"));
        let of_shop = stores.filter(|item| item.text("shop") == Some(shop));
        of_shop.filter_map(|item| item.text("pk")?.strip_prefix("uuid#").map(str::to_owned)).collect()
    }

    /// The UUIDs under which a Page is active.
    pub fn holders_of(&self, page: &str) -> BTreeSet<String> {
        let key = format!("page#{page}");
        let pages = self.database.scan("connections").into_iter().filter(|item| item.text("sk") == Some(key.as_str()));
        let active = pages.filter(|item| item.text("status") == Some("active"));
        active.filter_map(|item| item.text("pk")?.strip_prefix("uuid#").map(str::to_owned)).collect()
    }

    /// The UUID that a pointer (`shop#DOMAIN`, `page#ID`) leads to.
    pub fn owner(&self, pointer: &str) -> Option<String> {
        self.item(pointer, "owner")?.text("uuid").map(str::to_owned)
    }

    /// Records that failed, and wait for another try, are due again as they were before; returns how many.
    ///
    /// # Panics
    ///
    /// When one waits for less than a little under five minutes, or for more than six hours.
    pub async fn end_pauses(&self) -> usize {
        let items = self.database.scan("connections").into_iter();
        let failed: Vec<StoredItem> = items.filter(|item| item.text("failures").is_some()).collect();
        for item in &failed {
            let wait = item.text("due_at").and_then(|due| due.parse::<u64>().ok()).unwrap_or_default().saturating_sub(now());
            assert!((255..=6 * 3600).contains(&wait), "{item:?} waits for {wait} s");
            let (pk, sk) = (item.text("pk").unwrap_or_default(), item.text("sk").unwrap_or_default());
            let update = self.database.client().update_item().table_name("connections");
            let update = update.key("pk", AttributeValue::S(pk.to_owned())).key("sk", AttributeValue::S(sk.to_owned()));
            let update = update.update_expression("SET due_at = :due REMOVE failures");
            let update = update.expression_attribute_values(":due", AttributeValue::N("1".to_owned()));
            update.send().await.expect("the item is there");
        }
        failed.len()
    }

    /// A stored secret of an identity, opened with this world's keys; `sk` and attribute say which.
    ///
    /// # Panics
    ///
    /// When it is not there, or does not open.
    pub fn opened(&self, user_uuid: &str, sk: &str, attribute: &str) -> String {
        let item = self.item(&format!("uuid#{user_uuid}"), sk).unwrap_or_else(|| panic!("no {sk} of {user_uuid}"));
        let sealed = item.attributes.get(attribute).and_then(|value| value["B"].as_str());
        let sealed = STANDARD.decode(sealed.unwrap_or_else(|| panic!("{sk} has no {attribute}"))).expect("bytes in base64");
        let keys = Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", self.setting("TOKEN_ENCRYPTION_KEYS"))]);
        let keys = KeyRing::from_vars(&keys).expect("this world's keys");
        let (platform, account, name) = match sk.split_once('#') {
            Some(("page", id)) => ("facebook", id, "page_token"),
            Some((_, id)) => ("facebook", id, "user_token"),
            None => ("shopify", item.text("shop").unwrap_or_default(), attribute),
        };
        let place = Place { user_uuid: user_uuid.parse().expect("a UUID"), platform, account, attribute: name };
        keys.open(place, &sealed).expect("what this world's keys sealed").expose().to_owned()
    }

    /// Sets a number of an item that is there. `sk` is empty for the sessions table.
    ///
    /// # Panics
    ///
    /// When there is no such item.
    pub async fn set_number(&self, pk: &str, sk: &str, attribute: &str, value: u64) {
        let update = self.database.client().update_item();
        let update = if sk.is_empty() {
            update.table_name("sessions")
        } else {
            update.table_name("connections").key("sk", AttributeValue::S(sk.to_owned()))
        };
        let update = update.key("pk", AttributeValue::S(pk.to_owned())).update_expression("SET #attribute = :value");
        let update = update.condition_expression("attribute_exists(pk)").expression_attribute_names("#attribute", attribute);
        let update = update.expression_attribute_values(":value", AttributeValue::N(value.to_string()));
        update.send().await.unwrap_or_else(|error| panic!("{attribute} of {pk} {sk}: {error:?}"));
    }

    /// Makes a store (`store`) or a person (`person#ID`) of an identity due for the keeper.
    ///
    /// # Panics
    ///
    /// When it is not there.
    pub async fn make_due(&self, user_uuid: &str, sk: &str) {
        self.set_number(&format!("uuid#{user_uuid}"), sk, "due_at", 1).await;
    }

    /// Makes what is stored say that a store's access token ended a moment ago. The local Shopify still takes it.
    ///
    /// # Panics
    ///
    /// When the store is not linked once.
    pub async fn expire_access_token(&self, shop: &str) {
        let uuids = self.identities_of(shop);
        assert_eq!(uuids.len(), 1, "one UUID for {shop}: {uuids:?}");
        for uuid in uuids {
            self.set_number(&format!("uuid#{uuid}"), "store", "access_expires_at", now() - 1).await;
        }
    }

    /// Lets the lease on a store run out, as if its holder had taken too long.
    pub async fn end_lease(&self, shop: &str) {
        let update = self.database.client().update_item().table_name("sessions");
        let update = update.key("pk", AttributeValue::S(flow_key(&shopify::PLATFORM, shop))).update_expression("SET lease_until = :past");
        let update = update.condition_expression("attribute_exists(lease_owner)");
        update.expression_attribute_values(":past", AttributeValue::N("1".to_owned())).send().await.expect("somebody holds the lease");
    }

    /// As [`Self::end_lease`], if anybody holds it.
    pub async fn free_lease(&self, shop: &str) {
        let flows = self.item(&flow_key(&shopify::PLATFORM, shop), "");
        if flows.is_some_and(|flows| flows.text("lease_owner").is_some()) {
            self.end_lease(shop).await;
        }
    }

    /// Whether Shopify would refresh with this token now; it is used up by that.
    pub async fn refreshes(&self, shop: &str, refresh_token: &str) -> bool {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", self.setting("SHOPIFY_API_KEY"))
            .append_pair("client_secret", self.setting("SHOPIFY_API_SECRET"))
            .append_pair("grant_type", "refresh_token")
            .append_pair("refresh_token", refresh_token)
            .finish();
        let url = format!("{}/{shop}/admin/oauth/access_token", self.shopify.url());
        let request = hyper::Request::post(url).header("content-type", "application/x-www-form-urlencoded");
        let request = request.body(http_body_util::Full::new(hyper::body::Bytes::from(form))).expect("a request");
        let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
        client.request(request).await.expect("the local Shopify answers").status().is_success()
    }

    /// Demands that a store is linked once, whole, and with the pair that Shopify issued last.
    ///
    /// # Panics
    ///
    /// When it is not.
    pub async fn assert_newest_pair(&self, shop: &str) -> String {
        let uuids = self.identities_of(shop);
        assert_eq!(uuids.len(), 1, "one UUID for {shop}: {uuids:?}");
        let uuid = uuids.first().cloned().unwrap_or_default();
        assert_eq!(self.owner(&format!("shop#{shop}")), Some(uuid.clone()));
        assert!(self.shopify.accepts(&self.opened(&uuid, "store", "access_token")), "the stored access token is dead");
        let refresh_token = self.opened(&uuid, "store", "refresh_token");
        let issued = self.shopify.issued_secrets();
        let newest = issued.iter().rfind(|secret| secret.starts_with("shprt_"));
        assert_eq!(newest, Some(&refresh_token), "not the pair that Shopify issued last");
        assert!(self.refreshes(shop, &refresh_token).await, "the stored refresh token is dead");
        uuid
    }
}
