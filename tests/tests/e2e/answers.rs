//! The sample bot as its own process, with everything around it that it meets: customers' messages
//! by `meta-webhooks` and the bus, tokens by `connection-tokens`, products of the local store, answers
//! by the local Send API.
#![expect(clippy::duplicate_mod, reason = "what is expected of the sample holds in each of its languages")]

/// The sample in Python.
#[path = "answers"]
mod python {
    const LANGUAGE: super::Language = super::Language::Python;

    mod again;
    mod answered;
    mod dropped;
    mod leaks;
    mod linked;
    mod products;
    mod silent;
    mod whatsapp;
}
/// The sample for Node.js, of which the same is expected.
#[path = "answers"]
mod node {
    const LANGUAGE: super::Language = super::Language::Node;

    mod again;
    mod answered;
    mod dropped;
    mod leaks;
    mod linked;
    mod products;
    mod silent;
    mod whatsapp;
}

use std::collections::BTreeMap;
use std::sync::Arc;

use e2e::browser::Browser;
use e2e::facebook::{Consent, Delivery, Happening, Sent};
use e2e::gate::until;
use e2e::sample::{Language, Sample};
use e2e::world::{World, WorldBuilder};
use serde_json::{Value, json};

use crate::support;

pub(crate) const SHOP: &str = "acme.myshopify.com";
const SCOPES: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

/// What the sample says, as it stands in its `words`.
pub(crate) const BUSY: &str = "I'm an automated assistant and can't search the store right now. Please try again later.";
pub(crate) const GREETING: &str = "Hi! I'm the store's automated assistant. What are you looking for?";
pub(crate) const NOTHING: &str = "I'm an automated assistant and found nothing like that. Could you put it another way?";

/// A store with a Page and its Instagram account, and the sample that answers for them.
pub(crate) struct Stage {
    pub(crate) world: Arc<World>,
    pub(crate) bot: Sample,
    pub(crate) browser: Browser,
    pub(crate) uuid: String,
    pub(crate) person: String,
    pub(crate) page: String,
    pub(crate) instagram: String,
}

/// A message of a customer, on the bus.
pub(crate) struct Asked {
    pub(crate) customer: String,
    pub(crate) event: Value,
}

impl Stage {
    /// None where nothing can run the sample.
    pub(crate) async fn set(language: Language) -> Option<Self> {
        Self::set_in(World::builder(), language).await
    }

    /// The same in a world that has something more.
    pub(crate) async fn set_in(world: WorldBuilder, language: Language) -> Option<Self> {
        let world = Arc::new(world.setting("FACEBOOK_SCOPES", SCOPES).start().await);
        let bot = Sample::start(&world, language).await?;
        let person = world.facebook.add_person("Jo Doe");
        let page = world.facebook.add_page(&person, "Acme Store");
        let instagram = world.facebook.link_instagram(&page, "acme.mugs");
        let browser = world.browser();
        let uuid = support::linked_shop(&world, &browser, "acme").await;
        support::linked_pages(&world, &browser, &Consent::of(&person)).await;
        world.facebook.clear_requests();
        Some(Self { world, bot, browser, uuid, person, page, instagram })
    }

    /// Delivers to `meta-webhooks`, again as Meta does where a busy machine was too slow; returns what
    /// is on the bus for it, each event once, as a rule hands it over.
    pub(crate) async fn delivers(&self, delivery: &Delivery) -> Vec<Value> {
        let mut tries = 5;
        loop {
            let reply = self.world.gateway().send(&delivery.request()).await;
            if reply.status == 200 {
                break;
            }
            tries -= 1;
            assert!(tries > 0, "{}\n{}", reply.text(), self.world.function("meta-webhooks").logs());
        }
        let puts = self.world.bus.take_puts().into_iter();
        let events: BTreeMap<String, Value> = puts.map(|put| (put.detail["event_id"].to_string(), put.event())).collect();
        events.into_values().collect()
    }

    /// A new customer does something at an account.
    pub(crate) async fn does(&self, account: &str, happening: &Happening) -> Asked {
        let customer = self.world.facebook.add_customer();
        let update = self.world.facebook.update(account, &customer, happening);
        let mut events = self.delivers(&self.world.facebook.webhook([update])).await;
        assert_eq!(events.len(), 1, "{events:?}");
        Asked { customer, event: events.remove(0) }
    }

    /// A new customer writes to an account.
    pub(crate) async fn writes(&self, account: &str, text: &str) -> Asked {
        self.does(account, &Happening::Text(text.to_owned())).await
    }

    /// The bot gets a message, and is done with it.
    pub(crate) async fn answers(&self, asked: &Asked) {
        assert_eq!(self.bot.take(&asked.event).await, 200, "{}", self.told());
    }

    /// A new customer writes to the Page, the bot gets it and is done with it.
    pub(crate) async fn hears(&self, text: &str) -> Asked {
        let asked = self.writes(&self.page, text).await;
        self.answers(&asked).await;
        asked
    }

    /// What a customer was sent, as the local Facebook took it: a sentence, or the titles of cards,
    /// one a line.
    pub(crate) fn sent_to(&self, customer: &str) -> Vec<String> {
        let sent = self.world.facebook.sent().into_iter().filter(|sent| sent.recipient == customer);
        let texts = sent.map(|Sent { page, text, .. }| {
            assert_eq!(page, self.page, "in the name of the Page");
            text
        });
        texts.collect()
    }

    /// What the Send API was asked for, whatever it said.
    pub(crate) fn calls_for(&self, customer: &str) -> Vec<Value> {
        let requests = self.world.facebook.requests_of("send").into_iter();
        let bodies = requests.map(|request| serde_json::from_slice(&request.body).unwrap());
        bodies.filter(|body: &Value| body["recipient"]["id"] == customer).collect()
    }

    /// The cards of the last message that the Send API was asked for.
    pub(crate) fn cards_for(&self, customer: &str) -> Value {
        let last = self.calls_for(customer).pop().expect("something was sent");
        last["message"]["attachment"]["payload"]["elements"].clone()
    }

    /// The address of the store, or of something in it.
    pub(crate) fn store(&self, path: &str) -> String {
        format!("{}/{SHOP}{path}", self.world.shopify.url())
    }

    /// The bot has written this since, and nothing else. It comes through a pipe, maybe after the
    /// answer.
    pub(crate) async fn assert_wrote(&self, since: &str, expected: &str) {
        until(&format!("the bot writes {expected:?}"), || self.bot.written().len() >= since.len() + expected.len()).await;
        assert_eq!(self.bot.written().strip_prefix(since), Some(expected), "{}", self.told());
    }

    /// What the bot and the functions wrote, for who looks for a reason.
    pub(crate) fn told(&self) -> String {
        format!("{}\n{}", self.bot.written(), self.world.function("connection-tokens").logs())
    }
}

/// A batch of the stack's queue, as Lambda hands it over.
pub(crate) fn batch<'a>(asked: impl IntoIterator<Item = &'a Asked>) -> Value {
    let record = |(number, asked): (usize, &Asked)| {
        json!({
            "messageId": format!("message-{number}"), "receiptHandle": "handle", "body": asked.event.to_string(),
            "attributes": { "ApproximateReceiveCount": "1" }, "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:messages", "awsRegion": "us-east-1",
        })
    };
    json!({ "Records": asked.into_iter().enumerate().map(record).collect::<Vec<_>>() })
}
