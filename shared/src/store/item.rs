//! Attributes to and from Rust, total over what a table may hold.

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use uuid::Uuid;

use super::Item;

/// A text.
pub(super) fn s(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A number.
pub(super) fn n(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

/// Bytes.
pub(super) fn b(bytes: Vec<u8>) -> AttributeValue {
    AttributeValue::B(Blob::new(bytes))
}

/// A list of texts.
pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a String>) -> AttributeValue {
    AttributeValue::L(texts.into_iter().map(s).collect())
}

/// A map.
pub(super) fn map<const N: usize>(entries: [(&str, AttributeValue); N]) -> AttributeValue {
    AttributeValue::M(item(entries))
}

/// An item.
pub(super) fn item<const N: usize>(entries: [(&str, AttributeValue); N]) -> Item {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(super) fn text<'a>(item: &'a Item, name: &str) -> Option<&'a str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}

pub(super) fn number(item: &Item, name: &str) -> Option<u64> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

pub(super) fn flag(item: &Item, name: &str) -> Option<bool> {
    item.get(name)?.as_bool().ok().copied()
}

pub(super) fn bytes<'a>(item: &'a Item, name: &str) -> Option<&'a [u8]> {
    item.get(name)?.as_b().ok().map(AsRef::as_ref)
}

pub(super) fn uuid(item: &Item, name: &str) -> Option<Uuid> {
    text(item, name)?.parse().ok()
}

pub(super) fn texts(item: &Item, name: &str) -> Vec<String> {
    item.get(name)
        .and_then(|value| value.as_l().ok())
        .map(|list| list.iter().filter_map(|v| v.as_s().ok().cloned()).collect())
        .unwrap_or_default()
}

/// The partition of an identity.
pub(super) fn identity_key(user_uuid: Uuid) -> String {
    format!("uuid#{user_uuid}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_from_a_list_of_them() {
        let found =
            item([("scopes", list(&["a".to_owned(), "b".to_owned()])), ("text", s("a")), ("mixed", AttributeValue::L(vec![s("a"), n(1)]))]);
        assert_eq!(texts(&found, "scopes"), ["a", "b"]);
        assert_eq!(texts(&found, "mixed"), ["a"]);
        assert!(texts(&found, "text").is_empty() && texts(&found, "none").is_empty());
    }
}
