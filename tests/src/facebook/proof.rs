//! `appsecret_proof`: that a call comes from somebody who knows the app secret (Facebook Login, security).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::error::GraphError;
use crate::provider::{RecordedRequest, hex, hmac_sha256};

/// How long a timed proof is valid.
const WINDOW_SECONDS: i64 = 300;

/// The proof for a token; with a time it is the timed form, and the time has to be sent along as `appsecret_time`.
#[must_use]
pub fn appsecret_proof(access_token: &str, app_secret: &str, time: Option<i64>) -> String {
    let message = time.map_or_else(|| access_token.to_owned(), |time| format!("{access_token}|{time}"));
    hex(&hmac_sha256(app_secret.as_bytes(), message.as_bytes()))
}

/// Whether a proof fits; `time` is what was sent as `appsecret_time`.
pub(super) fn holds(proof: &str, token: &str, secret: &str, time: Option<&str>, now: i64) -> bool {
    let Some(time) = time else {
        return proof == appsecret_proof(token, secret, None);
    };
    time.parse::<i64>().is_ok_and(|time| (now - time).abs() <= WINDOW_SECONDS && proof == appsecret_proof(token, secret, Some(time)))
}

/// A call with this token has to carry its proof where the app requires that, and never a wrong one.
pub(super) fn check(request: &RecordedRequest, token: &str, secret: &str, is_required: bool, now: i64) -> Result<(), GraphError> {
    match request.field("appsecret_proof") {
        Some(proof) if holds(&proof, token, secret, request.field("appsecret_time").as_deref(), now) => Ok(()),
        Some(_) => Err(GraphError::new(100, "Invalid appsecret_proof provided in the API argument")),
        None if is_required => Err(GraphError::new(100, "API calls from the server require an appsecret_proof argument")),
        None => Ok(()),
    }
}

/// Whether a PKCE verifier belongs to a challenge (RFC 7636, 4.6).
pub(super) fn verifier_fits(verifier: &str, challenge: &str, method: &str) -> bool {
    match method {
        "S256" => URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) == challenge,
        "plain" => verifier == challenge,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values printed in the test suite of Facebook's archived PHP SDK and, for the timed form, computed by the
    /// documented formula.
    #[test]
    fn proofs_are_the_published_ones() {
        let plain = "df4256903ba4e23636cc142117aa632133d75c642bd2a68955be1443bd14deb9";
        let timed = "bede78a20261b27cda622082e187dcd0cc1de86883359a12c760c4d8605dea2c";
        assert_eq!(appsecret_proof("foo_token", "foo_secret", None), plain);
        assert_eq!(appsecret_proof("foo_token", "foo_secret", Some(1_790_000_000)), timed);
        let holds_at = |now| holds(timed, "foo_token", "foo_secret", Some("1790000000"), now);
        assert!(holds_at(1_790_000_300) && !holds_at(1_790_000_301));
        assert!(!holds(timed, "foo_token", "foo_secret", Some("x"), 1_790_000_000));
        assert!(!holds(timed, "foo_token", "foo_secret", None, 1_790_000_000));
    }

    /// RFC 7636, appendix B.
    #[test]
    fn a_verifier_fits_its_challenge_only() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert!(verifier_fits(verifier, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "S256"));
        assert!(!verifier_fits(verifier, verifier, "S256") && verifier_fits(verifier, verifier, "plain"));
        assert!(!verifier_fits("", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "S256"));
    }
}
