//! What items of a kind look like, whatever their values: which attributes they have, of which
//! types, and what in them is neither chance nor a moment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::known::{sealed, without_chance};
use super::moments::{self, Item};

/// The shapes of items by their kind.
pub type Shapes = BTreeMap<String, BTreeSet<String>>;

/// The shapes of these items.
pub fn shapes<'a>(items: impl IntoIterator<Item = (&'static str, &'a Item)>) -> Shapes {
    let mut shapes = Shapes::new();
    for (table, item) in items {
        let key = |name: &str| {
            let key = item.get(name).and_then(|key| key["S"].as_str()).unwrap_or_default();
            key.split_once('#').map_or(key, |(kind, _)| kind)
        };
        let kind = format!("{table} {} {}", key("pk"), key("sk")).trim_end().to_owned();
        shapes.entry(kind).or_default().insert(of_map(None, item));
    }
    shapes
}

fn of_map(within: Option<&str>, item: &Item) -> String {
    let attribute = |(name, value): (&String, &Value)| {
        let value = of(within, name, value);
        match within {
            // Of a walk it is chance which parts are left.
            Some("parts") => format!("PART: {value}"),
            _ => format!("{}: {value}", without_chance(name)),
        }
    };
    // Where names are chance, so is their order.
    let attributes: BTreeSet<String> = item.iter().map(attribute).collect();
    format!("{{{}}}", attributes.into_iter().collect::<Vec<_>>().join(", "))
}

fn of(within: Option<&str>, name: &str, value: &Value) -> String {
    match moments::typed(value) {
        // Which one follows from an id.
        ("S", Value::String(shard)) if name == "due_shard" => {
            format!("S {}", shard.trim_end_matches(|c: char| c.is_ascii_digit()))
        }
        ("S", Value::String(text)) if name == "at" => format!("S of {} letters", text.len()),
        ("S", Value::String(text)) => format!("S {}", without_chance(text)),
        ("N", Value::String(number)) => match moments::moment(within, name, number) {
            Some(moment) if moments::is_in_milliseconds(moment) => "N milliseconds".to_owned(),
            Some(_) => "N seconds".to_owned(),
            None => format!("N {number}"),
        },
        ("B", Value::String(bytes)) => format!("B {}", sealed(bytes)),
        ("M", Value::Object(inner)) => of_map(Some(name), inner),
        ("L", Value::Array(inner)) => {
            let inner: Vec<String> = inner.iter().map(|value| of(within, name, value)).collect();
            format!("[{}]", inner.join(", "))
        }
        (kind, content) => format!("{kind} {content}"),
    }
}
