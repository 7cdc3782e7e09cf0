//! Reads JSON that can't always be read as text.

use std::borrow::Cow;

use serde_json::{Value, value::RawValue};

/// Reads any JSON. A lone surrogate, which JSON can express and no text can hold (RFC 8259, section
/// 8.2), becomes U+FFFD. Values nested deeper than anything that Lambda or a provider sends become
/// null.
#[must_use]
pub fn read(json: &RawValue) -> Value {
    let read = |text: &str| serde_json::from_str(text).ok();
    read(json.get()).or_else(|| read(&without_halves(json.get()))).unwrap_or_default()
}

fn without_halves(json: &str) -> String {
    let mut whole = String::with_capacity(json.len());
    let mut rest = json;
    while let Some((text, escape)) = rest.find('\\').and_then(|at| rest.split_at_checked(at)) {
        let (kept, length): (Cow<'_, str>, usize) = match (unit(escape), escape.get(6..).and_then(unit)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (escape.chars().take(12).collect::<String>().into(), 12),
            (Some(0xd800..=0xdfff), _) => ("\\ufffd".into(), 6),
            _ => (escape.chars().take(2).collect::<String>().into(), 2),
        };
        whole.push_str(text);
        whole.push_str(&kept);
        rest = escape.get(length..).unwrap_or_default();
    }
    whole + rest
}

/// The code unit of `\uXXXX`.
fn unit(escape: &str) -> Option<u16> {
    u16::from_str_radix(escape.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn value(text: &str) -> Value {
        read(&RawValue::from_string(text.to_owned()).unwrap())
    }

    #[test]
    fn only_lone_surrogates_are_replaced() {
        for (written, text) in [
            (r#""a\udcffb""#, "a\u{fffd}b"),
            (r#""\ud83d\ude00\ud83d""#, "\u{1f600}\u{fffd}"),
            (r#""\ude00\ud83d\ude00\uD83Dx""#, "\u{fffd}\u{1f600}\u{fffd}x"),
            (r#""\\ud800\udfff\n\"ä\\""#, "\\ud800\u{fffd}\n\"ä\\"),
        ] {
            assert_eq!(value(written), json!(text), "{written}");
        }
        assert_eq!(value(r#"{"\udcff":{"x":["\ud800"]}}"#), json!({ "\u{fffd}": { "x": ["\u{fffd}"] } }));
    }

    #[test]
    fn excessive_nesting_becomes_null() {
        assert_eq!(value(&("[".repeat(200) + &"]".repeat(200))), Value::Null);
    }

    proptest! {
        #[test]
        fn readable_json_is_read_unchanged(text in ".*", number: i64) {
            let payload = json!({ "text": text, "numbers": [number] });
            prop_assert_eq!(value(&payload.to_string()), payload);
        }

        #[test]
        fn any_escapes_are_read(units in prop::collection::vec(any::<u16>(), 0..8)) {
            let text = String::from_utf16_lossy(&units);
            let escaped: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            prop_assert_eq!(value(&format!("\"{escaped}\"")), json!(text));
        }
    }
}
