//! What messages of all objects have in common.

use serde_json::Value;

use crate::message::Message;

/// Older messages have been retried for as long as Meta retries, and are no longer answered.
const TOO_OLD: u64 = 7 * 24 * 3600 * 1000;
/// How far Meta's clock may be ahead of ours.
const AHEAD: u64 = 90 * 1000;
/// Values below this are in seconds: as milliseconds they would be before 1974.
const SECONDS_BELOW: u64 = 100_000_000_000;
/// Longer than any of Meta's ids.
const MAX_ID: usize = 1024;

/// The contents of a delivery.
#[derive(Default)]
pub struct Received {
    /// The messages, in order of arrival.
    pub messages: Vec<Message>,
    /// How many messages were too old or from the future.
    pub out_of_time: u64,
}

impl Received {
    /// Adds a message read at this moment, in Unix milliseconds, if its time is acceptable.
    pub fn take(&mut self, message: Message, now: u64) {
        if message.at.saturating_add(TOO_OLD) < now || message.at > now.saturating_add(AHEAD) {
            self.out_of_time += 1;
        } else {
            self.messages.push(message);
        }
    }
}

/// The id of a person or message, from a string or number.
#[must_use]
pub fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (1..=MAX_ID).contains(&id.len()).then_some(id)
}

/// A moment in Unix milliseconds, from seconds or milliseconds as a string or number.
#[must_use]
pub fn millis(value: &Value) -> Option<u64> {
    let time = value.as_str().map_or_else(|| value.as_u64(), |text| text.parse().ok())?;
    Some(if time < SECONDS_BELOW { time.saturating_mul(1000) } else { time })
}
