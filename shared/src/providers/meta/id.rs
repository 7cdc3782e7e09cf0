//! Ids in Meta's format.

use serde_json::Value;

use crate::platform::{AccountId, AccountKind};

/// Whether a text is an id: 1 to 32 digits, so that it is safe in a path.
#[must_use]
pub fn is_id(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// The same for a person; 0 is not one.
#[must_use]
pub fn is_person(text: &str) -> bool {
    is_id(text) && !is_zero(text)
}

pub(super) fn is_zero(id: &str) -> bool {
    id.bytes().all(|digit| digit == b'0')
}

/// The id of an account in a reply. Meta writes strings, but accepts numbers for ids itself.
#[must_use]
pub fn account(kind: &'static AccountKind, id: Value) -> Option<AccountId> {
    AccountId::parse(kind, &digits(id)?)
}

/// An id of up to 32 digits, written as a number or a string.
#[must_use]
pub fn digits(id: Value) -> Option<String> {
    let id = match id {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    is_id(&id).then_some(id)
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
