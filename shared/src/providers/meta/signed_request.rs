//! `signed_request`: what Meta sends when someone removes the app or asks for their data to be
//! deleted.
//!
//! Form: `base64url(HMAC-SHA256(app secret, PAYLOAD)) "." PAYLOAD`, where `PAYLOAD` is the
//! base64url of a JSON object exactly as sent, padding included
//! (<https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback>).
//! Nothing in it says which of the two it is for, and it has no nonce: only the payload's own bytes
//! distinguish one request from another.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::platform::{AccountKind, GrantId, Subject};
use crate::{Code, Error, UnixSeconds, signing::SecretPair};

use super::id::{account, digits, is_zero};

/// The only algorithm that Meta uses. A payload that names another, or none, is rejected regardless
/// of its signature.
const ALGORITHM: &str = "HMAC-SHA256";
/// How far Meta's clock may be ahead of ours.
const AHEAD: u64 = 90;
/// Meta writes both halves without padding, older libraries with it.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::URL_SAFE, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// A request that Meta signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRequest {
    /// Who it is about.
    pub subject: Subject,
    /// When Meta signed it.
    pub issued_at: UnixSeconds,
    /// The signed text. The same request always has the same text, however the rest is written.
    pub payload: String,
}

impl SignedRequest {
    /// Reads a request about such an account or its grantor, signed with the current or the
    /// previous secret.
    ///
    /// # Errors
    /// `invalid_signature` for anything else, including a request without a subject or time, or
    /// from the future.
    pub fn verify(text: &str, kind: &'static AccountKind, secrets: &SecretPair, now: UnixSeconds) -> Result<Self, Error> {
        let refused = |cause| refused(kind, cause);
        let (signature, payload) = text.split_once('.').ok_or_else(|| refused("no signature"))?;
        let signature = BASE64.decode(signature).map_err(|_| refused("signature in no base64"))?;
        if !secrets.signed(payload.as_bytes(), &signature) {
            return Err(refused("wrong signature"));
        }
        let json = BASE64.decode(payload).map_err(|_| refused("payload in no base64"))?;
        let json: Map<String, Value> = serde_json::from_slice(&json).map_err(|_| refused("payload is no object"))?;
        if json.get("algorithm").and_then(Value::as_str) != Some(ALGORITHM) {
            return Err(refused("another algorithm"));
        }
        let issued_at = number(json.get("issued_at")).ok_or_else(|| refused("no issued_at"))?;
        if issued_at > now.saturating_add(AHEAD) {
            return Err(refused("issued in the future"));
        }
        let subject = subject(&json, kind).ok_or_else(|| refused("no user_id"))?;
        Ok(Self { subject, issued_at, payload: payload.to_owned() })
    }
}

/// Who it is about; none if the id is invalid.
fn subject(json: &Map<String, Value>, kind: &'static AccountKind) -> Option<Subject> {
    let user = match json.get("user_id") {
        None | Some(Value::Null) => None,
        Some(value) => Some(digits(value.clone())?),
    };
    let account = json.get("profile_id").cloned().and_then(|id| account(kind, id)).filter(|id| !is_zero(id.as_str()));
    match (user, account) {
        (Some(user), _) if !is_zero(&user) => GrantId::parse(kind.grant, &user).map(Subject::Grant),
        // If a Page removes the app, the user is 0, which is nobody
        // (<https://www.yiiframework.com/wiki/379>).
        (_, Some(account)) => Some(Subject::Account(account)),
        (user, None) => user.map(|_zero| Subject::Nobody),
    }
}

fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        value => value.as_u64(),
    }
}

fn refused(kind: &AccountKind, cause: &'static str) -> Error {
    let detail = format!("The request is not signed by {}.", kind.platform.label);
    Error::new(Code::InvalidSignature, detail).caused_by(format!("signed_request: {cause}"))
}

#[cfg(test)]
mod tests;
