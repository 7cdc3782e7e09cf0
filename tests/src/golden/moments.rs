//! The moments in an item: it is read at another time than it was written at, so all of them move
//! together.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// An item's attributes in DynamoDB's JSON.
pub type Item = Map<String, Value>;

/// Attributes that hold a moment: Unix seconds, or milliseconds where the number is that large.
const MOMENTS: &[&str] = &[
    "access_expires_at",
    "again_at",
    "at",
    "begin_at",
    "checked_at",
    "companion_withheld_since",
    "data_access_expires_at",
    "dead_seen_at",
    "checked_at",
    "dead_since",
    "done_at",
    "due_at",
    "exp",
    "expires_at",
    "expiring_told",
    "failed_at",
    "issued_at",
    "lease_until",
    "linked_at",
    "linked_ms",
    "notice_at",
    "received_ms",
    "refresh_expires_at",
    "ttl",
    "uninstalled_at",
    "withheld_since",
];

/// Maps whose every number is a moment.
const MAPS: &[&str] = &["parts", "sessions", "tries"];

/// The first second that counts as a moment; what is below stands for "long ago".
const FIRST: i64 = 1_000_000_000;

/// Whether a number is in milliseconds.
pub(super) fn is_in_milliseconds(moment: i64) -> bool {
    moment >= FIRST * 1000
}

/// A moment so many seconds later, in its own unit.
pub(super) fn later(moment: i64, seconds: i64) -> i64 {
    match moment {
        ..FIRST => moment,
        _ if is_in_milliseconds(moment) => moment + seconds * 1000,
        _ => moment + seconds,
    }
}

/// The Unix second in which a moment lies.
pub(super) fn second(moment: i64) -> i64 {
    if is_in_milliseconds(moment) { moment.div_euclid(1000) } else { moment }
}

/// An item whose every moment lies so many seconds later.
pub(super) fn moved(item: &Item, seconds: i64) -> Item {
    let mut item = item.clone();
    each(&mut item, &mut |moment| *moment = later(*moment, seconds));
    item
}

/// The moments of an item.
pub(super) fn of(item: &Item) -> BTreeSet<i64> {
    let mut found = BTreeSet::new();
    each(&mut item.clone(), &mut |moment| {
        found.insert(*moment);
    });
    found
}

/// The moment that an attribute's number is, if it is one; `map` is the attribute in which it
/// stands, if any.
pub(super) fn moment(map: Option<&str>, name: &str, number: &str) -> Option<i64> {
    let is_moment = MOMENTS.contains(&name) || map.is_some_and(|map| MAPS.contains(&map));
    let number: i64 = number.parse().ok()?;
    // Until the year 2065.
    let looks_like_one = |unit: i64| (FIRST * unit..3 * FIRST * unit).contains(&number);
    let is_doubtful = !is_moment && (looks_like_one(1) || looks_like_one(1000));
    assert!(!is_doubtful, "{name}: is {number} a moment? Then it belongs into the list of them");
    (is_moment && number >= FIRST).then_some(number)
}

/// An attribute's type and what is of it.
pub(super) fn typed(value: &Value) -> (&str, &Value) {
    let typed = value.as_object().and_then(|value| value.iter().next());
    typed.map(|(kind, content)| (kind.as_str(), content)).expect("an attribute has one type")
}

fn each(item: &mut Item, change: &mut impl FnMut(&mut i64)) {
    each_within(None, item, change);
}

fn each_within(map: Option<&str>, item: &mut Item, change: &mut impl FnMut(&mut i64)) {
    for (name, value) in item {
        if let Some(number) = value.get("N").and_then(Value::as_str)
            && let Some(mut number) = moment(map, name, number)
        {
            change(&mut number);
            value["N"] = number.to_string().into();
        } else if let Some(inner) = value.get_mut("M").and_then(Value::as_object_mut) {
            each_within(Some(name), inner, change);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn moments_move_in_their_own_unit_and_nothing_else_does() {
        let item = |seconds: u64| {
            json!({
                "due_at": { "N": (1_700_000_000 + seconds).to_string() },
                "linked_ms": { "N": (1_700_000_000_123 + seconds * 1000).to_string() },
                "sessions": { "M": { "HASH": { "N": (1_700_000_500 + seconds).to_string() } } },
                "c_NONCE": { "M": { "exp": { "N": (1_700_000_900 + seconds).to_string() } } },
                "issued_at": { "N": "1" },
                "version": { "N": "3" },
                "at": { "S": "2026-01-01T00:00:00Z" },
            })
        };
        assert_eq!(Value::Object(moved(item(0).as_object().unwrap(), 10)), item(10));
    }

    #[test]
    #[should_panic(expected = "is 1700000000 a moment?")]
    fn a_moment_that_nobody_knows_is_asked_about() {
        of(json!({ "new_at": { "N": "1700000000" } }).as_object().unwrap());
    }
}
