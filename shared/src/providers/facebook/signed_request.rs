//! `signed_request`: what Facebook sends when somebody removes the app or asks for their data to be deleted.
//!
//! Form: `base64url(HMAC-SHA256(app secret, PAYLOAD)) "." PAYLOAD`, where `PAYLOAD` is the base64url of a JSON object as it was sent, padding included
//! (<https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback>). Nothing in it says which of the two it was sent for,
//! and there is no nonce: what tells one from another is the payload's own bytes.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use crate::{Code, Error, UnixSeconds, signing::SecretPair};

use super::pages::PageId;

/// The one algorithm that Facebook uses; a payload that names another, or none, does not count whatever its signature.
const ALGORITHM: &str = "HMAC-SHA256";
/// How far Facebook's clock may be ahead of this one.
const AHEAD: u64 = 90;
/// Facebook writes both halves without padding, and older libraries with it.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&base64::alphabet::URL_SAFE, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// A request that Facebook signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRequest {
    /// Whom it is about.
    pub subject: Subject,
    /// When Facebook signed it.
    pub issued_at: UnixSeconds,
    /// The signed text. However the rest is written, the same request has the same text.
    pub payload: String,
}

/// Whom a signed request is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person, by the id in this app.
    Person(String),
    /// A Page that removed the app.
    Page(PageId),
    /// User id 0 without a Page: nobody.
    Nobody,
}

impl SignedRequest {
    /// Reads a request that is signed with the current secret or the one before.
    ///
    /// # Errors
    /// `invalid_signature` for anything else, and for one that names nobody or no time, or was issued in the future.
    pub fn verify(text: &str, secrets: &SecretPair, now: UnixSeconds) -> Result<Self, Error> {
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
        Ok(Self { subject: Subject::read(&json).ok_or_else(|| refused("no user_id"))?, issued_at, payload: payload.to_owned() })
    }
}

impl Subject {
    /// A person by the id in this app; none for what is no id.
    #[must_use]
    pub fn person(id: &str) -> Option<Self> {
        PageId::parse(id).filter(|id| !is_zero(id)).map(|id| Self::Person(id.as_str().to_owned()))
    }

    fn read(json: &Map<String, Value>) -> Option<Self> {
        let user = match json.get("user_id") {
            None | Some(Value::Null) => None,
            Some(value) => Some(PageId::read(value.clone())?),
        };
        let page = json.get("profile_id").cloned().and_then(PageId::read).filter(|page| !is_zero(page));
        match (user, page) {
            (Some(user), _) if !is_zero(&user) => Some(Self::Person(user.as_str().to_owned())),
            // When it is a Page that removes the app, the user is 0, who is nobody (<https://www.yiiframework.com/wiki/379>).
            (_, Some(page)) => Some(Self::Page(page)),
            (user, None) => user.map(|_zero| Self::Nobody),
        }
    }
}

fn is_zero(id: &PageId) -> bool {
    id.as_str().bytes().all(|digit| digit == b'0')
}

fn number(value: Option<&Value>) -> Option<u64> {
    match value? {
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        value => value.as_u64(),
    }
}

fn refused(cause: &'static str) -> Error {
    Error::new(Code::InvalidSignature, "The request is not signed by Facebook.").caused_by(format!("signed_request: {cause}"))
}

#[cfg(test)]
mod tests;
