//! What messages have in common, whatever object they are delivered of.

use serde_json::Value;

use crate::message::Message;

/// What is older has been repeated for as long as Meta repeats anything, and is answered no more.
const TOO_OLD: u64 = 7 * 24 * 3600 * 1000;
/// How far Meta's clock may be ahead of this one.
const AHEAD: u64 = 90 * 1000;
/// What is below is in seconds: in milliseconds it would lie before 1974.
const SECONDS_BELOW: u64 = 100_000_000_000;
/// Longer than any id of Meta's.
const MAX_ID: usize = 1024;

/// What a delivery holds.
#[derive(Default)]
pub struct Received {
    /// The messages, in the order in which they came.
    pub messages: Vec<Message>,
    /// Those whose own time is over, or not yet there.
    pub out_of_time: u64,
}

impl Received {
    /// Takes a message that is read at this moment, in Unix milliseconds, if its time fits.
    pub fn take(&mut self, message: Message, now: u64) {
        if message.at.saturating_add(TOO_OLD) < now || message.at > now.saturating_add(AHEAD) {
            self.out_of_time += 1;
        } else {
            self.messages.push(message);
        }
    }
}

/// An id of somebody or of a message, as text or number.
#[must_use]
pub fn id(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (1..=MAX_ID).contains(&id.len()).then_some(id)
}

/// A moment in Unix milliseconds, from seconds or milliseconds as text or number.
#[must_use]
pub fn millis(value: &Value) -> Option<u64> {
    let time = value.as_str().map_or_else(|| value.as_u64(), |text| text.parse().ok())?;
    Some(if time < SECONDS_BELOW { time.saturating_mul(1000) } else { time })
}
