//! Webhooks as Meta's documentation shows them and as others met them, for an account and a number
//! of one's own.

use serde_json::{Value, json};

use super::business::Number;
use super::webhook::{Change, payload};
use super::{LocalFacebook, OBJECT};
use crate::facebook::webhook::Delivery;
use crate::provider::lock;

/// What a sample should come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A message of a customer.
    Message,
    /// A message that could not be delivered.
    Failure,
    /// The end of the account's link.
    End,
    /// Something about how well the account works.
    State,
    /// Nothing for who has the account linked.
    Nothing,
}

impl LocalFacebook {
    /// Deliveries by name, with what they should come to, for a number's account.
    ///
    /// # Panics
    /// When there is no such number, or WhatsApp is off.
    #[must_use]
    pub fn whatsapp_samples(&self, number: &str) -> Vec<(&'static str, Meaning, Delivery)> {
        let (number, now) = (self.number(number), self.now());
        let app = self.facebook.app.whatsapp.as_ref().expect("WhatsApp is on");
        let owner = lock(&self.facebook.state).whatsapp.lasting.accounts.get(&number.account).map(|account| account.owner.clone());
        let of_messages = messages(now).into_iter().map(|(name, meaning, value)| {
            let change = Change::of(&number.account, "messages", with_number(value, &number));
            (name, meaning, payload(&[change]))
        });
        let updates = updates(&number.account, &owner.unwrap_or_default(), &app.app_id, now).into_iter();
        let of_accounts = updates.map(|(name, meaning, entry, field, value)| {
            let entry = if entry.is_empty() { app.business_id.clone() } else { entry };
            (name, meaning, payload(&[Change { time: Some(now), ..Change::of(&entry, field, value) }]))
        });
        let odd = odd(&number, now).into_iter();
        let all = of_messages.chain(of_accounts).chain(odd);
        all.map(|(name, meaning, body)| (name, meaning, Delivery::of(&body, &app.app_secret))).collect()
    }
}

fn with_number(mut value: Value, number: &Number) -> Value {
    let digits: String = number.display_phone_number.chars().filter(char::is_ascii_digit).collect();
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "display_phone_number": digits, "phone_number_id": number.id });
    value
}

/// Values of the field `messages`.
fn messages(now: i64) -> Vec<(&'static str, Meaning, Value)> {
    let at = now.to_string();
    let contact = json!({ "profile": { "name": "Sheena Nelson" }, "wa_id": "16505551234" });
    let named = json!({ "profile": { "name": "Sheena Nelson", "username": "@sheena" }, "user_id": "US.13491208655302741918" });
    let message = |id: &str, members: Value| {
        let mut message = json!({ "from": "16505551234", "id": id, "timestamp": at });
        members.as_object().into_iter().flatten().for_each(|(name, value)| message[name] = value.clone());
        json!({ "contacts": [contact], "messages": [message] })
    };
    let text = |body: &str| json!({ "type": "text", "text": { "body": body } });
    let unnamed = json!({
        "from_user_id": "US.13491208655302741918", "id": "wamid.SAMPLE02", "timestamp": at, "type": "text", "text": { "body": "Hi" },
    });
    let status = |id: &str, members: Value| {
        let mut status = json!({ "id": id, "timestamp": at, "recipient_id": "16505551234" });
        members.as_object().into_iter().flatten().for_each(|(name, value)| status[name] = value.clone());
        json!({ "statuses": [status] })
    };
    let referral = json!({
        "source_url": "https://fb.me/3cr4Wqqkv", "source_id": "120226305854810726", "source_type": "ad", "body": "Chat with us",
        "headline": "Succulents", "media_type": "image", "image_url": "https://cdn.example/v/1.jpg", "ctwa_clid": "AffCLID",
        "welcome_message": { "text": "Hi there! What can we help you with?" },
    });
    let unsupported = json!([{ "code": 131_051, "title": "Message type unknown", "error_data": { "details": "Not supported." } }]);
    let undeliverable = json!([{
        "code": 131_026, "title": "Message undeliverable", "message": "Message undeliverable",
        "error_data": { "details": "Message undeliverable." },
    }]);
    let interactive = |reply: Value| json!({ "type": "interactive", "interactive": reply, "context": { "id": "wamid.SAMPLE00" } });
    let list = json!({ "type": "list_reply", "list_reply": { "id": "priority", "title": "Priority", "description": "Next day" } });
    let button = json!({ "type": "button_reply", "button_reply": { "id": "cancel", "title": "Cancel" } });
    vec![
        ("a text", Meaning::Message, message("wamid.SAMPLE01", text("Does it come in another color?"))),
        ("a text without a number", Meaning::Message, json!({ "contacts": [named], "messages": [unnamed] })),
        ("a text without contacts", Meaning::Message, json!({ "messages": message("wamid.SAMPLE03", text("Hi"))["messages"] })),
        ("an answer from a list", Meaning::Message, message("wamid.SAMPLE04", interactive(list))),
        ("an answer by a button", Meaning::Message, message("wamid.SAMPLE05", interactive(button))),
        (
            "a template's button",
            Meaning::Message,
            message("wamid.SAMPLE06", json!({ "type": "button", "button": { "payload": "Unsubscribe", "text": "Unsubscribe" } })),
        ),
        (
            "a picture",
            Meaning::Message,
            message("wamid.SAMPLE07", json!({ "type": "image", "image": { "id": "100338", "mime_type": "image/jpeg", "sha256": "x" } })),
        ),
        (
            "a text from an ad",
            Meaning::Message,
            message("wamid.SAMPLE08", json!({ "type": "text", "text": { "body": "Can I get more info?" }, "referral": referral })),
        ),
        (
            "a reaction",
            Meaning::Message,
            message("wamid.SAMPLE09", json!({ "type": "reaction", "reaction": { "message_id": "wamid.SAMPLE00", "emoji": "\u{1f44d}" } })),
        ),
        ("what is not supported", Meaning::Message, message("wamid.SAMPLE10", json!({ "type": "unsupported", "errors": unsupported }))),
        ("delivered", Meaning::Nothing, status("wamid.SAMPLE11", json!({ "status": "delivered" }))),
        ("read", Meaning::Nothing, status("wamid.SAMPLE11", json!({ "status": "read" }))),
        ("failed", Meaning::Failure, status("wamid.SAMPLE12", json!({ "status": "failed", "errors": undeliverable }))),
    ]
}

/// Entry (empty: the app's own business), field and value.
fn updates(account: &str, owner: &str, app_id: &str, now: i64) -> Vec<(&'static str, Meaning, String, &'static str, Value)> {
    let info = json!({ "waba_id": account, "owner_business_id": owner });
    let of_app = json!({ "waba_id": account, "owner_business_id": owner, "partner_app_id": app_id });
    let of_other = json!({ "waba_id": account, "owner_business_id": owner, "partner_app_id": "869361281603019" });
    let inactive = json!({ "reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM" });
    let field = "account_update";
    let own = |name, meaning, value: Value| (name, meaning, account.to_owned(), field, value);
    let partner = |name, meaning, value: Value| (name, meaning, String::new(), field, value);
    let ban =
        |state: &str| json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": state, "waba_ban_date": "April 17, 2025" } });
    let restriction = json!([{ "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": now + 86_400 }]);
    vec![
        partner("removed", Meaning::End, json!({ "event": "PARTNER_REMOVED", "waba_info": info })),
        partner("inactive", Meaning::End, json!({ "event": "PARTNER_REMOVED", "waba_info": info, "disconnection_info": inactive })),
        partner("uninstalled", Meaning::End, json!({ "event": "PARTNER_APP_UNINSTALLED", "waba_info": of_app })),
        partner("another app uninstalled", Meaning::Nothing, json!({ "event": "PARTNER_APP_UNINSTALLED", "waba_info": of_other })),
        partner("added", Meaning::Nothing, json!({ "event": "PARTNER_ADDED", "waba_info": info })),
        own("deleted", Meaning::End, json!({ "event": "ACCOUNT_DELETED" })),
        own("offboarded", Meaning::Nothing, json!({ "event": "ACCOUNT_OFFBOARDED" })),
        own("reconnected", Meaning::Nothing, json!({ "event": "ACCOUNT_RECONNECTED" })),
        own("banned", Meaning::State, ban("DISABLE")),
        own("a ban announced", Meaning::State, ban("SCHEDULE_FOR_DISABLE")),
        own("reinstated", Meaning::State, ban("REINSTATE")),
        own("restricted", Meaning::State, json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": restriction })),
        own("violation", Meaning::State, json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "ADULT" } })),
        own("country", Meaning::Nothing, json!({ "event": "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", "country": "DE" })),
        (
            "quality",
            Meaning::Nothing,
            account.to_owned(),
            "phone_number_quality_update",
            json!({ "display_phone_number": "16315550101", "event": "UPGRADE", "max_daily_conversations_per_business": "TIER_2K" }),
        ),
    ]
}

/// Bodies that others met and stumbled over (chatwoot/chatwoot, nyaruka/rapidpro: their tests of
/// webhooks).
fn odd(number: &Number, now: i64) -> Vec<(&'static str, Meaning, Value)> {
    let message =
        json!({ "from": "16505551234", "id": "wamid.SAMPLE20", "timestamp": now.to_string(), "type": "text", "text": { "body": "Hi" } });
    let error = json!({ "code": 130_501, "title": "Message type is not currently supported" });
    let body = |entry: Value| json!({ "object": OBJECT, "entry": entry });
    let change = |value: Value| json!([{ "id": number.account, "changes": [{ "field": "messages", "value": value }] }]);
    let other = json!({
        "messaging_product": "whatsapp", "metadata": { "display_phone_number": "1", "phone_number_id": "1" }, "messages": [message],
    });
    vec![
        ("no entries", Meaning::Nothing, body(json!([]))),
        ("no changes", Meaning::Nothing, body(json!([{ "id": number.account, "changes": [] }]))),
        ("neither messages nor statuses", Meaning::Nothing, body(change(with_number(json!({}), number)))),
        ("errors alone", Meaning::Nothing, body(change(with_number(json!({ "errors": [error] }), number)))),
        ("a number of nobody's", Meaning::Nothing, body(change(other))),
        ("no metadata", Meaning::Nothing, body(change(json!({ "messaging_product": "whatsapp", "messages": [message] })))),
    ]
}
