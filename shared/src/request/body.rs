//! The body of a request.

use base64::Engine as _;
use serde_json::Value;

/// The bytes that were sent. An invalid base64 body reads as empty, and the checks that follow deal
/// with it.
pub(super) fn read(event: &Value) -> Vec<u8> {
    let body = event.get("body").and_then(Value::as_str).unwrap_or_default();
    if event.get("isBase64Encoded").and_then(Value::as_bool).unwrap_or_default() {
        base64::prelude::BASE64_STANDARD.decode(body).unwrap_or_default()
    } else {
        body.as_bytes().to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_bytes_are_those_sent() {
        assert_eq!(read(&json!({"body": "{\"a\":1}"})), b"{\"a\":1}");
        assert_eq!(read(&json!({"body": "/wA=", "isBase64Encoded": true})), [0xff, 0]);
        assert_eq!(read(&json!({"body": "/wA=", "isBase64Encoded": false})), b"/wA=");
        for nothing in [json!({}), json!(null), json!({"body": 7}), json!({"body": "?", "isBase64Encoded": true})] {
            assert!(read(&nothing).is_empty());
        }
    }
}
