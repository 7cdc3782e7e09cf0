//! Proves that a Graph API caller knows the app's secret, for a token that someone else will use
//! (`facebook-login/security`).

use crate::Secret;
use crate::signing::{hex, hmac_sha256};

/// The proof without a time, valid as long as its token and the secret. With both the token and the
/// proof a caller needs no secret, and an app that requires proofs accepts the calls.
#[must_use]
pub fn appsecret_proof(app_secret: &Secret, token: &Secret) -> String {
    hex(&hmac_sha256(app_secret.expose().as_bytes(), &[token.expose().as_bytes()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_untimed_proof_is_the_documented_one() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../../vectors/facebook.json")).unwrap();
        let untimed = vectors["appsecret_proof"].as_array().unwrap().iter().filter(|case| case["appsecret_time"].is_null());
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let cases: Vec<[String; 3]> =
            untimed.map(|case| ["app_secret", "access_token", "appsecret_proof"].map(|name| text(&case[name]))).collect();
        assert!(!cases.is_empty());
        for [secret, token, proof] in cases {
            assert_eq!(appsecret_proof(&Secret::new(secret), &Secret::new(token)), proof);
        }
    }
}
