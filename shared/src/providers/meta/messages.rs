//! What messages of all webhook objects have in common.

use serde_json::Value;

use crate::message::Message;

/// Meta retries no longer than this, and older messages are not answered any more.
const TOO_OLD: u64 = 7 * 24 * 3600 * 1000;
/// How far Meta's clock may be ahead of this one.
const AHEAD: u64 = 90 * 1000;
/// Smaller values are seconds: in milliseconds they would be before 1974.
const SECONDS_BELOW: u64 = 100_000_000_000;
/// Longer than any id of Meta's.
const MAX_ID: usize = 1024;

/// The content of a delivery.
#[derive(Default)]
pub struct Received {
    /// The messages, in the order they came.
    pub messages: Vec<Message>,
    /// The number of messages that are too old, or from the future.
    pub out_of_time: u64,
}

impl Received {
    /// Adds a message read at `now`, in Unix milliseconds, if its time is acceptable.
    pub fn take(&mut self, message: Message, now: u64) {
        if message.at.saturating_add(TOO_OLD) < now || message.at > now.saturating_add(AHEAD) {
            self.out_of_time += 1;
        } else {
            self.messages.push(message);
        }
    }
}

/// An id of a person or a message, as text or number.
#[must_use]
pub fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (1..=MAX_ID).contains(&id.len()).then_some(id)
}

/// A time in Unix milliseconds, from seconds or milliseconds as text or number.
#[must_use]
pub fn millis(value: &Value) -> Option<u64> {
    let time = value.as_str().map_or_else(|| value.as_u64(), |text| text.parse().ok())?;
    Some(if time < SECONDS_BELOW { time.saturating_mul(1000) } else { time })
}
