//! What Meta delivers: whatever is signed is read without harm, and nothing comes of what is not.

use serde_json::{Value, json};
use shared::message::{Holder, Message, MessageKind};
use shared::providers::meta::webhook::{Delivery, Recipient};
use shared::providers::{facebook, whatsapp};
use shared::request::Request;

use super::{CURRENT, NOW, secrets};
use crate::facebook::{Delivery as Signed, Happening, Update};
use crate::fuzz::Target;
use crate::provider::{hex, hmac_sha256};

/// The app of the fuzzed service.
const OURS: &str = "123456789012345";

/// A delivery of WhatsApp's.
fn of_number() -> Value {
    let at = NOW.to_string();
    let message = json!({ "from": "16505551234", "id": "wamid.M", "timestamp": at, "type": "text", "text": { "body": "caf\u{e9}" } });
    let status = json!({ "id": "wamid.S", "status": "failed", "timestamp": at, "recipient_id": "16505551234" });
    let value = json!({ "metadata": { "phone_number_id": "106" }, "messages": [message], "statuses": [status] });
    let ended =
        json!({ "event": "PARTNER_REMOVED", "waba_info": { "waba_id": "102" }, "disconnection_info": { "reason": "CHANGE_NUMBER" } });
    let banned = json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": "DISABLE" } });
    let changes = [("messages", value), ("account_update", ended), ("account_update", banned)];
    let changes = changes.map(|(field, value)| json!({ "field": field, "value": value }));
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "102", "time": NOW, "changes": changes }] })
}

/// A delivery of messages, as Meta signs it.
pub(super) const DELIVERY: Target = Target {
    name: "messages",
    seeds: || {
        let happenings = [
            Happening::Text("caf\u{e9} \u{1f335}".to_owned()),
            Happening::Postback { title: "Start".to_owned(), payload: "START".to_owned() },
            Happening::Picture("https://example.com/a.jpg".to_owned()),
            Happening::Standby(Box::new(Happening::Text("Hi".to_owned()))),
            Happening::Echo { text: "Hello".to_owned(), app_id: OURS.parse().ok() },
        ];
        let at = i64::try_from(NOW).unwrap_or_default() * 1000;
        let body = |(object, happening): (&'static str, &Happening)| {
            let update = Update::of(object, "1", "7", happening, at);
            let list = if matches!(happening, Happening::Standby(_)) { "standby" } else { "messaging" };
            let payload = json!({ "object": object, "entry": [{ "id": "1", "time": at, list: [update.element] }] });
            Signed::of(&payload, CURRENT).body
        };
        let of_pages = ["page", "instagram"].into_iter().flat_map(|object| happenings.iter().map(move |happening| (object, happening)));
        of_pages.map(body).chain([Signed::of(&of_number(), CURRENT).body]).collect()
    },
    words: &[
        "\"messaging\":",
        "\"standby\":",
        "\"is_echo\":true",
        "\"mid\":",
        "\"timestamp\":",
        "\\ud83d",
        "\"object\":\"page\"",
        "null",
        "\"changes\":",
        "\"messages\":",
        "\"statuses\":",
        "\"phone_number_id\":",
        "\"event\":",
        "\"waba_info\":",
        "\"reason\":",
    ],
    run: |input| {
        let signature = format!("sha256={}", hex(&hmac_sha256(CURRENT.as_bytes(), input)));
        let request = |signature: &str| {
            let mut request = Request::from_event(&json!({ "headers": { "x-hub-signature-256": signature } }));
            request.body = input.to_vec();
            request
        };
        // One app for both platforms.
        let recipients = [&facebook::PLATFORM, &whatsapp::PLATFORM];
        let recipients = recipients.map(|platform| Recipient { platform, app_id: OURS.to_owned(), secrets: secrets() });
        assert!(Delivery::read(&request(&signature[..70]), &recipients).is_err(), "half of a signature");
        let request = request(&signature);
        let Ok(delivery) = Delivery::read(&request, &recipients) else { return "refused".to_owned() };
        let (of_pages, of_numbers) =
            (facebook::messages::read(&delivery, OURS, NOW * 1000), whatsapp::messages::read(&delivery, NOW * 1000));
        assert!(of_pages.messages.is_empty() || of_numbers.messages.is_empty(), "a delivery has one object");
        let holder = Holder { user_uuid: uuid::Uuid::nil(), shop: "acme.myshopify.com".to_owned(), store_status: None };
        let messages: Vec<&Message> = of_pages.messages.iter().chain(&of_numbers.messages).collect();
        for message in &messages {
            let truncated: Value = serde_json::from_str(&message.truncated(&holder)).expect("an event is JSON");
            assert!(truncated["truncated"] == true && truncated.get("raw").is_none());
            let whole = message.whole(&holder);
            assert!(whole.contains(message.raw.get()), "what was delivered stands in it as it was");
            assert!(!message.sender.is_empty() && MessageKind::ALL.contains(&message.kind));
        }
        let updates = whatsapp::updates::read(&delivery, OURS, NOW * 1000);
        for removal in &updates.removals {
            let is_word = removal.reason.bytes().all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_');
            assert!(is_word && !removal.reason.is_empty() && removal.at <= NOW, "{removal:?}");
        }
        assert!(updates.news.iter().all(|news| news.at <= NOW));
        let kinds: Vec<&str> = messages.iter().take(3).map(|message| message.kind.as_str()).collect();
        let (said, out_of_time) = (updates.removals.len() + updates.news.len(), of_pages.out_of_time + of_numbers.out_of_time);
        format!("{} {out_of_time} {}", kinds.join(" "), said.min(3))
    },
};
