//! What Meta delivers to the app of Pages and their Instagram accounts: one body for many updates,
//! signed over its bytes (Graph API, Webhooks; Messenger Platform, webhooks).

mod deliver;
mod fires;
mod inbox;
mod update;

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::LocalFacebook;
use crate::event_bus::Journal;
use crate::gateway::Request;
use crate::provider::{encode, hex, hmac_sha256, lock};

pub(super) use deliver::{Log, ask, deliver, unsent};
pub(super) use fires::permission;
pub(super) use inbox::{PATH as INBOX, name};
pub(super) use update::new_mid;
pub use update::{Happening, Update};

/// The route that the app names for both objects.
pub const META_ROUTE: &str = "/meta/webhooks";
/// So many updates at most come in one delivery.
pub const MOST_UPDATES: usize = 1000;

/// A delivery. Tests change its parts; the signature is made of the body as it is then.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The body.
    pub body: Vec<u8>,
    /// What the body is signed with.
    pub secret: String,
}

impl Delivery {
    /// A delivery of any payload, in Meta's spelling of JSON.
    #[must_use]
    pub fn of(payload: &Value, secret: &str) -> Self {
        Self { body: escaped(payload), secret: secret.to_owned() }
    }

    /// The value of `X-Hub-Signature-256`.
    #[must_use]
    pub fn signature(&self) -> String {
        format!("sha256={}", hex(&hmac_sha256(self.secret.as_bytes(), &self.body)))
    }

    /// The request, rightly signed.
    #[must_use]
    pub fn request(&self) -> Request {
        self.signed(Some(&self.signature()))
    }

    /// The request with any signature.
    #[must_use]
    pub fn signed(&self, signature: Option<&str>) -> Request {
        let request = Request::get(META_ROUTE).with_method("POST").with_body("application/json", self.body.clone());
        let request = request.with_header("user-agent", "facebookexternalua");
        match signature {
            Some(signature) => request.with_header("x-hub-signature-256", signature),
            None => request,
        }
    }
}

/// Meta's question whether an address belongs to who entered it.
#[must_use]
pub fn handshake(verify_token: &str, challenge: &str) -> Request {
    let query = encode([("hub.mode", "subscribe"), ("hub.challenge", challenge), ("hub.verify_token", verify_token)]);
    Request::get(format!("{META_ROUTE}?{query}"))
}

impl LocalFacebook {
    /// A customer, by the id that they have for one account alone.
    #[must_use]
    pub fn add_customer(&self) -> String {
        lock(&self.facebook.state).next_customer()
    }

    /// A customer who has just written to an account, which may answer; returns the id.
    ///
    /// # Panics
    /// When there is no such account.
    #[must_use]
    pub fn add_writer(&self, account: &str) -> String {
        let customer = self.add_customer();
        let _told = self.update(account, &customer, &Happening::Text("Hello".to_owned()));
        customer
    }

    /// Lets a customer block an account, which can't write to them any more.
    pub fn block(&self, account: &str, customer: &str) {
        lock(&self.facebook.state).thread(account, customer).is_blocked = true;
    }

    /// What happens now between a customer and a Page or an Instagram account, which may answer it.
    ///
    /// # Panics
    /// When there is no such account; for others there is [`Update::of`].
    #[must_use]
    pub fn update(&self, account: &str, customer: &str, happening: &Happening) -> Update {
        let (now, mut state) = (self.now_millis(), lock(&self.facebook.state));
        let object = state.account(account).map(|(object, _)| object);
        state.note(account, customer, happening, now);
        drop(state);
        Update::of(object.unwrap_or_else(|| panic!("there is no account {account}")), account, customer, happening, now)
    }

    /// A delivery of these updates, all of one object, in their order. Neighbours of one account
    /// share an entry. Whether the app is subscribed to them is not asked.
    ///
    /// # Panics
    /// When they are none, too many, or of several objects.
    #[must_use]
    pub fn webhook(&self, updates: impl IntoIterator<Item = Update>) -> Delivery {
        let updates: Vec<Update> = updates.into_iter().collect();
        assert!((1..=MOST_UPDATES).contains(&updates.len()), "{} updates in one delivery", updates.len());
        let object = updates[0].object;
        assert!(updates.iter().all(|update| update.object == object), "a delivery is of one object");
        Delivery::of(&payload(object, &updates, self.now_millis()), &self.facebook.app.app_secret)
    }

    /// A delivery of what happens now between a new customer and an account.
    ///
    /// # Panics
    /// When there is no such account.
    #[must_use]
    pub fn webhook_about(&self, account: &str, happening: &Happening) -> Delivery {
        self.webhook([self.update(account, &self.add_customer(), happening)])
    }

    /// Shows on a page of its own what is put on a bus.
    pub fn show_bus(&self, journal: Journal) {
        lock(&self.facebook.state).bus = Some(journal);
    }

    /// Whether nothing that was delivered by a button still waits for its answer.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let log = lock(&self.facebook.state).told.clone();
        lock(&log).iter().all(|told| told.is_over)
    }

    /// Why Meta would not deliver an update now; none where it would.
    #[must_use]
    pub fn why_silent(&self, update: &Update) -> Option<String> {
        lock(&self.facebook.state).why_silent(update)
    }
}

/// The body of a delivery sent at that time, in milliseconds.
pub(super) fn payload(object: &str, updates: &[Update], time: i64) -> Value {
    let of_one_entry = updates.chunk_by(|one, next| (&one.account, one.list()) == (&next.account, next.list()));
    let entries: Vec<Value> = of_one_entry
        .filter_map(|updates| {
            let first = updates.first()?;
            let elements: Vec<&Value> = updates.iter().map(|update| &update.element).collect();
            Some(json!({ "id": first.account, "time": time, first.list(): elements }))
        })
        .collect();
    json!({ "object": object, "entry": entries })
}

/// JSON as Meta writes and signs it: what is not ASCII in lower-case escapes (Graph API, Webhooks,
/// validating payloads), `/` as `\/`, and three others as an older page of the Messenger Platform
/// says. All of them stand in texts alone.
fn escaped(payload: &Value) -> Vec<u8> {
    let text = payload.to_string();
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '/' => escaped.push_str("\\/"),
            '<' => escaped.push_str("\\u003C"),
            '%' => escaped.push_str("\\u0025"),
            '@' => escaped.push_str("\\u0040"),
            ascii if ascii.is_ascii() => escaped.push(ascii),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    // Writing to a text does not fail.
                    let _ = write!(escaped, "\\u{unit:04x}");
                }
            }
        }
    }
    escaped.into_bytes()
}
