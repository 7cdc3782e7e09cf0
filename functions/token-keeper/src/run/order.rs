//! A payload's options for a run.

use std::ops::RangeInclusive;

use serde_json::Value;
use shared::{Error, error::Code, store::schedule::PARTS};

/// Any payload is accepted, unless its part of the index is invalid.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    brake_is_off: bool,
    parts: RangeInclusive<u8>,
}

impl Order {
    /// Parses a payload: `{"brake": "off"}` is an operator's confirmation that the many deaths that
    /// stopped an earlier run are real; `{"shards": [FROM, TO]}` limits the run to that part of the
    /// index.
    ///
    /// # Errors
    /// `invalid_request` if `shards` is no such pair.
    pub(crate) fn read(payload: &Value) -> Result<Self, Error> {
        let parts = match payload.get("shards") {
            None => 0..=PARTS - 1,
            Some(shards) => {
                read_parts(shards).ok_or_else(|| Error::of(Code::InvalidRequest).caused_by("shards: not two numbers from 0 to 63"))?
            }
        };
        Ok(Self { brake_is_off: payload.get("brake").and_then(Value::as_str) == Some("off"), parts })
    }

    pub(super) const fn brake_is_off(&self) -> bool {
        self.brake_is_off
    }

    pub(super) fn parts(&self) -> RangeInclusive<u8> {
        self.parts.clone()
    }

    /// Of several runs that share the index, one has its first part, and with it the work that
    /// exists only once.
    pub(super) fn has_first_part(&self) -> bool {
        self.parts.contains(&0)
    }
}

fn read_parts(shards: &Value) -> Option<RangeInclusive<u8>> {
    let [from, to] = shards.as_array()?.as_slice() else { return None };
    let part = |number: &Value| u8::try_from(number.as_u64()?).ok().filter(|part| *part < PARTS);
    let (from, to) = (part(from)?, part(to)?);
    (from <= to).then_some(from..=to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_a_valid_pair_of_parts_limits_a_run() {
        let parts = |payload: Value| Order::read(&payload).map(|order| order.parts()).ok();
        for everything in [json!({}), json!(null), json!([1]), json!("shards"), json!({ "shard": [1] })] {
            assert_eq!(parts(everything.clone()), Some(0..=63), "{everything}");
        }
        for (from, to) in [(0, 63), (0, 0), (63, 63), (8, 15)] {
            assert_eq!(parts(json!({ "shards": [from, to] })), Some(from..=to));
        }
        let wrong = [
            json!(null),
            json!([]),
            json!([1]),
            json!([1, 2, 3]),
            json!([2, 1]),
            json!([0, 64]),
            json!([-1, 3]),
            json!([0, 256]),
            json!([0.5, 3]),
            json!(["0", "3"]),
            json!({ "0": 1 }),
            json!("0-3"),
            json!(7),
        ];
        for wrong in wrong {
            assert_eq!(parts(json!({ "shards": wrong })), None, "{wrong}");
        }
    }

    #[test]
    fn only_the_exact_word_turns_the_brake_off() {
        let is_off = |payload: Value| Order::read(&payload).is_ok_and(|order| order.brake_is_off());
        assert!(is_off(json!({ "brake": "off" })) && is_off(json!({ "brake": "off", "shards": [1, 2] })));
        assert!(!is_off(json!({})) && !is_off(json!({ "brake": true })) && !is_off(json!({ "brake": "OFF" })));
    }
}
