//! What Meta says of WhatsApp Business Accounts by itself (`account_update`), through the real
//! binaries: links that end, numbers that need a new one, and restrictions.

mod doubts;
mod ends;
mod faring;
mod several;
mod times;
mod trouble;

use std::time::{Duration, Instant};

use e2e::facebook::{AccountEvent, Delivery};
use e2e::lambda::Reply;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{self, set};
use crate::whatsapp::support::Shop;

pub(crate) const FUNCTION: &str = "meta-webhooks";
/// The call by which it is asked whether an account is still open.
pub(crate) const ASKED: &str = "whatsapp_account";

pub(crate) type Told = (String, String, Option<String>);

impl Shop {
    /// With one number, which was linked a minute ago: what is said from now on is meant for it.
    pub(crate) async fn linked_before() -> Self {
        let shop = Self::linked_in(World::builder().whatsapp_apart()).await;
        shop.was_linked_before(60).await;
        shop
    }

    /// As if all its numbers had been linked, and looked at, so many seconds earlier.
    pub(crate) async fn was_linked_before(&self, seconds: u64) {
        let partition = format!("uuid#{}", self.uuid);
        for stored in self.world.database.scan("connections") {
            let Some(sk) = stored.text("sk").filter(|sk| sk.starts_with("phone#") || sk.starts_with("business#")) else { continue };
            if stored.text("pk") != Some(&partition) {
                continue;
            }
            for (name, by) in [("linked_at", seconds), ("linked_ms", seconds * 1000), ("checked_at", seconds)] {
                if let Some(value) = stored.text(name) {
                    let earlier = value.parse::<u64>().unwrap() - by;
                    set(&self.world, "connections", &partition, Some(sk), name, support::number(earlier)).await;
                }
            }
        }
    }

    /// What the service answers, within a second and a bit, as the tests' machine is slow.
    pub(crate) async fn answer(&self, delivery: &Delivery) -> Reply {
        let started = Instant::now();
        let reply = self.world.gateway().send(&delivery.request()).await;
        assert!(started.elapsed() < Duration::from_secs(2), "answered after {:?}", started.elapsed());
        reply
    }

    /// Delivers, which must be taken.
    pub(crate) async fn deliver(&self, delivery: &Delivery) {
        let reply = self.answer(delivery).await;
        assert_eq!((reply.status, reply.json()), (200, json!({})), "{}\n{}", reply.text(), self.world.function(FUNCTION).logs());
    }

    /// Something becomes of the account, and is told.
    pub(crate) async fn befalls(&self, event: &AccountEvent) {
        self.deliver(&self.world.facebook.account_event(&self.waba, event)).await;
    }

    /// It is told, and is not so.
    pub(crate) async fn is_said(&self, event: &AccountEvent) {
        self.deliver(&self.said_at(event, 0)).await;
    }

    /// The same of so many seconds ago, or to come.
    pub(crate) fn said_at(&self, event: &AccountEvent, seconds: i64) -> Delivery {
        let mut change = self.world.facebook.account_update(&self.waba, event);
        change.time = change.time.map(|time| time + seconds);
        self.world.facebook.whatsapp_webhook([change])
    }

    /// The number is gone: nothing of it is kept but its PIN, and the bot is told so.
    pub(crate) async fn assert_gone(&self, reason: &str) {
        assert_eq!(self.tokens(&self.number).await["error"]["code"], "not_found");
        let left: Vec<String> = support::connections(&self.world)
            .into_iter()
            .filter(|(_, attributes)| !attributes.contains_key("event_type"))
            .filter(|((_, pk, sk), _)| [pk, sk].iter().any(|key| key.contains(&self.number) || key.contains(&self.waba)))
            .map(|((_, pk, sk), _)| format!("{pk}/{sk}"))
            .collect();
        assert_eq!((left, self.grant().is_some()), (Vec::new(), false));
        assert_eq!(self.events(), [gone(&self.number, reason)]);
        let [pin] = &self.pins()[..] else { panic!("one PIN") };
        assert!(pin.text("ttl").is_some(), "it goes in ninety days");
    }

    /// The number works as before, and nothing was told.
    pub(crate) async fn assert_untouched(&self) {
        let tokens = self.tokens(&self.number).await;
        assert_eq!(tokens["phone_numbers"][0]["status"], "active", "{tokens}");
        assert!(tokens["phone_numbers"][0]["access_token"].is_string(), "{tokens}");
        assert_eq!(self.events(), Vec::<Told>::new());
    }

    /// The number's entry for the bot.
    pub(crate) async fn entry(&self, number: &str) -> Value {
        let tokens = self.tokens(number).await;
        tokens["phone_numbers"][0].clone()
    }
}

pub(crate) fn gone(number: &str, reason: &str) -> Told {
    ("disconnected".to_owned(), number.to_owned(), Some(reason.to_owned()))
}

pub(crate) fn needs_link(number: &str, reason: &str) -> Told {
    ("reconnect_needed".to_owned(), number.to_owned(), Some(reason.to_owned()))
}

/// Each event that ends a link for good, with what is told then.
pub(crate) const ENDS: [(AccountEvent, &str); 3] =
    [(AccountEvent::Removed, "app_removed"), (AccountEvent::AppUninstalled, "app_removed"), (AccountEvent::Deleted, "account_deleted")];

pub(crate) const INACTIVE: AccountEvent = AccountEvent::Disconnected { reason: "PRIMARY_INACTIVITY", initiated_by: "SYSTEM" };
