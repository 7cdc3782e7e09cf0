//! Very many persons, due now, each under an identity of their own and with one Page.

use std::collections::HashMap;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use e2e::facebook::Consent;
use e2e::stored::domain;
use e2e::world::World;
use shared::config::Vars;
use shared::encryption::{KeyRing, Place};
use shared::secret::Secret;

/// One person and Page, whose tokens all of the crowd have.
pub(crate) struct Crowd {
    person: String,
    page: String,
    tokens: [Secret; 2],
}

impl Crowd {
    /// Links the one.
    pub(crate) async fn begin(world: &World) -> Self {
        let browser = world.browser();
        let person = world.facebook.add_person("Jo Doe");
        let page = world.facebook.add_page(&person, "Page");
        assert_eq!(world.link_shop(&browser, "first").await.status(), 200);
        assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
        let uuid = world.identities_of(&domain("first")).pop_first().expect("the store was linked");
        let opened = |sk: String| Secret::new(world.opened(&uuid, &sk, "access_token"));
        let tokens = [opened(format!("person#{person}")), opened(format!("page#{page}"))];
        Self { person, page, tokens }
    }

    /// Puts so many into the tables, or makes them due once more.
    pub(crate) async fn come(&self, world: &World, count: u64) {
        let keys = KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", world.setting("TOKEN_ENCRYPTION_KEYS"))]));
        let keys = keys.expect("the world's keys are keys");
        let mut items = Vec::new();
        for index in 0..count {
            items.extend(self.one(world, &keys, index));
        }
        for part in items.chunks(25) {
            let put = |item: &HashMap<String, AttributeValue>| {
                let put = PutRequest::builder().set_item(Some(item.clone())).build().expect("an item");
                WriteRequest::builder().put_request(put).build()
            };
            let write = world.database.client().batch_write_item().request_items("connections", part.iter().map(put).collect());
            assert!(write.send().await.expect("the local engine takes it").unprocessed_items.unwrap_or_default().is_empty());
        }
    }

    fn one(&self, world: &World, keys: &KeyRing, index: u64) -> [HashMap<String, AttributeValue>; 3] {
        let uuid = format!("{:02x}000000-0000-4000-8000-{index:012}", index % 64);
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let number = |number: u64| AttributeValue::N(number.to_string());
        let sealed = |account: &str, attribute: &'static str, token: &Secret| {
            let place = Place { user_uuid: uuid.parse().expect("a UUID"), platform: "facebook", account, attribute };
            AttributeValue::B(Blob::new(keys.seal(place, token).expect("the system has randomness")))
        };
        let item = |attributes: Vec<(&str, AttributeValue)>| {
            let with_key = attributes.into_iter().chain([("pk", text(&format!("uuid#{uuid}"))), ("status", text("active"))]);
            with_key.map(|(name, value)| (name.to_owned(), value)).collect()
        };
        let app = || text(world.setting("FACEBOOK_APP_ID"));
        let [token, page_token] = &self.tokens;
        [
            item(vec![("sk", text("store")), ("shop", text(&format!("crowd{index}.myshopify.com"))), ("generation", number(1))]),
            item(vec![
                ("sk", text(&format!("page#{}", self.page))),
                ("granted_by", text(&self.person)),
                ("app_id", app()),
                ("messaging_ready", AttributeValue::Bool(true)),
                ("thread_routing", AttributeValue::Bool(false)),
                ("access_token", sealed(&self.page, "page_token", page_token)),
            ]),
            item(vec![
                ("sk", text(&format!("person#{}", self.person))),
                ("app_id", app()),
                ("issued_at", number(super::keeper::now())),
                ("access_token", sealed(&self.person, "user_token", token)),
                ("due_shard", text(&format!("{:02}", index % 64))),
                ("due_at", number(index + 1)),
            ]),
        ]
    }
}
