//! What is there under a condition, and who refers to it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What a resource or an output refers to, parts of texts too.
pub(super) fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("Ref", Value::String(id)) => _ = found.insert(id.trim_end_matches(".Alias").to_owned()),
                    ("Fn::GetAtt", Value::Array(of)) => _ = found.insert(of[0].as_str().unwrap().to_owned()),
                    ("Fn::Sub", Value::String(text)) => found.extend(of_text(text)),
                    ("Fn::Sub", Value::Array(of)) => {
                        found.extend(of_text(of[0].as_str().unwrap()));
                        references(&of[1], found);
                    }
                    _ => references(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

fn of_text(text: &str) -> impl Iterator<Item = String> {
    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    names.map(|name| name.split('.').next().unwrap_or_default().to_owned())
}

/// A value as it is where none of these conditions holds.
pub(super) fn least(value: &Value, conditions: &[&str]) -> Value {
    match value {
        Value::Object(members) => match members.get("Fn::If") {
            Some(either) if conditions.iter().any(|condition| either[0] == *condition) => least(&either[2], conditions),
            _ => members.iter().map(|(key, value)| (key.clone(), least(value, conditions))).collect::<Map<_, _>>().into(),
        },
        Value::Array(items) => items.iter().map(|item| least(item, conditions)).collect(),
        other => other.clone(),
    }
}
