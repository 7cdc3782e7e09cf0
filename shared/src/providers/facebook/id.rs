//! Ids, as Facebook writes them.

use std::fmt;

use serde_json::Value;

/// A Page's id: 1 to 32 digits, so it is safe in a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PageId(String);

impl PageId {
    /// Reads an id; anything but digits is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::read(text.into())
    }

    /// The same of an id in a reply: Facebook writes texts, and takes numbers for ids itself.
    pub(super) fn read(id: Value) -> Option<Self> {
        digits(id).map(Self)
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An id of up to 32 digits, written as a number or as a text.
pub(super) fn digits(id: Value) -> Option<String> {
    let id = match id {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    ((1..=32).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_digit())).then_some(id)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_id_is_up_to_thirty_two_digits() {
        for id in [json!("7"), json!("7".repeat(32)), json!(u64::MAX)] {
            assert_eq!(digits(id.clone()), Some(id.to_string().replace('"', "")));
        }
        for strange in [json!(""), json!("7".repeat(33)), json!("7a"), json!("٧"), json!(-7), json!(7.5), json!(null), json!(["7"])] {
            assert_eq!(digits(strange.clone()), None, "{strange}");
        }
    }
}
