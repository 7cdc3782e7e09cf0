//! Webhooks: how Meta verifies an address and signs its deliveries.
//! <https://developers.facebook.com/docs/graph-api/webhooks/getting-started>
//!
//! After an hour of failures at the address, Meta unsubscribes the app from Pages
//! (<https://developers.facebook.com/docs/messenger-platform/webhooks>).

use std::borrow::Borrow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::platform::Platform;
use crate::providers::grantor::Revoker;
use crate::providers::news::Updates;
use crate::signing::{SecretPair, equal};
use crate::{Code, Error, Secret, Vars, request::Request};

use super::messages::Received;

/// Far above any delivery, which has at most a thousand updates.
const MAX_BODY: usize = 4 * 1024 * 1024;
/// A challenge is echoed, so it has to be printable and short.
const MAX_CHALLENGE: usize = 256;

/// The shortest token that can't be guessed.
const MIN_VERIFY_TOKEN: usize = 16;

/// Reads `META_VERIFY_TOKEN`; without it nothing is accepted.
///
/// # Errors
/// `misconfigured` for a placeholder, or one that is shorter than 16 characters.
pub fn verify_token(vars: &Vars) -> Result<Option<Secret>, Error> {
    const NAME: &str = "META_VERIFY_TOKEN";
    let token = vars.optional_secret(NAME)?;
    match token.as_ref().is_some_and(|token| token.expose().chars().count() < MIN_VERIFY_TOKEN) {
        true => Err(Error::misconfigured(format!("{NAME} is shorter than {MIN_VERIFY_TOKEN} characters"))),
        false => Ok(token),
    }
}

/// An app that Meta delivers to, and its platform: one app may serve several.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The platform it serves.
    pub platform: &'static Platform,
    /// Its id.
    pub app_id: String,
    /// Its secrets.
    pub secrets: SecretPair,
}

/// What a platform reads from a delivery.
#[derive(Debug)]
pub struct Inbox {
    /// Its app.
    pub recipient: Recipient,
    /// Reads its messages, for the app of this id, at this moment in Unix milliseconds.
    pub messages: fn(&Delivery<'_>, &str, u64) -> Received,
}

/// A platform about whose accounts Meta sends reports.
pub struct Reported {
    /// Looks into a report.
    pub revoker: Box<dyn Revoker>,
    /// Reads the reports, for the app of this id, at this moment in Unix milliseconds.
    pub updates: fn(&Delivery<'_>, &str, u64) -> Updates,
}

impl Borrow<Recipient> for Inbox {
    fn borrow(&self) -> &Recipient {
        &self.recipient
    }
}

/// The parts of a delivery that all objects have.
#[derive(Deserialize)]
pub struct Delivery<'a> {
    #[serde(borrow, default)]
    object: Option<&'a RawValue>,
    #[serde(borrow, default)]
    entry: Option<&'a RawValue>,
    /// The platforms of the app whose secret signed it.
    #[serde(skip)]
    platforms: Vec<&'static Platform>,
}

/// What happened to one account.
#[derive(Deserialize)]
pub struct Entry<'a> {
    /// The account.
    #[serde(borrow, default)]
    pub id: Option<&'a RawValue>,
    /// When Meta wrote it: in seconds or milliseconds, depending on the object.
    #[serde(borrow, default)]
    pub time: Option<&'a RawValue>,
    #[serde(borrow, default)]
    messaging: Option<&'a RawValue>,
    #[serde(borrow, default)]
    standby: Option<&'a RawValue>,
    #[serde(borrow, default)]
    changes: Option<&'a RawValue>,
}

/// A change to an account, for objects that report by field.
#[derive(Deserialize)]
struct Change<'a> {
    #[serde(borrow, default)]
    field: Option<&'a RawValue>,
    #[serde(borrow, default)]
    value: Option<&'a RawValue>,
}

impl<'a> Delivery<'a> {
    /// Reads a delivery: size, then signature, then body.
    ///
    /// # Errors
    /// `payload_too_large`; `invalid_signature` unless a secret of one of these signed the body as
    /// sent; `malformed_parameter` if it is no JSON object.
    pub fn read(request: &'a Request, recipients: &[impl Borrow<Recipient>]) -> Result<Self, Error> {
        if request.body.len() > MAX_BODY {
            return Err(Error::new(Code::PayloadTooLarge, "The body is larger than anything Meta sends here."));
        }
        let platforms = signature(request).map(|signature| signed_for(&request.body, &signature, recipients)).unwrap_or_default();
        if platforms.is_empty() {
            return Err(Error::new(Code::InvalidSignature, "This delivery is not signed by Meta."));
        }
        let malformed = |_| Error::malformed_parameter("body");
        let body: &RawValue = serde_json::from_slice(&request.body).map_err(malformed)?;
        if !body.get().starts_with('{') {
            return Err(Error::malformed_parameter("body"));
        }
        let delivery: Self = serde_json::from_str(body.get()).map_err(malformed)?;
        Ok(Self { platforms, ..delivery })
    }

    /// Whether it was signed for the app that serves this platform.
    #[must_use]
    pub fn is_for(&self, platform: &Platform) -> bool {
        self.platforms.contains(&platform)
    }

    /// The kind of accounts it is about.
    #[must_use]
    pub fn object(&self) -> Option<String> {
        serde_json::from_str(self.object?.get()).ok()
    }

    /// The entries, one per account. Leaves out malformed ones.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'a>> {
        elements(self.entry).filter_map(|entry| serde_json::from_str(entry.get()).ok())
    }
}

impl<'a> Entry<'a> {
    /// Messages of this app's own conversations.
    pub fn messaging(&self) -> impl Iterator<Item = &'a RawValue> {
        elements(self.messaging)
    }

    /// Messages of conversations that another app answers.
    pub fn standby(&self) -> impl Iterator<Item = &'a RawValue> {
        elements(self.standby)
    }

    /// The new values of a field.
    pub fn changes(&self, field: &str) -> impl Iterator<Item = &'a RawValue> {
        let changes = elements(self.changes).filter_map(|change| serde_json::from_str::<Change<'a>>(change.get()).ok());
        changes.filter(move |change| change.is_of(field)).filter_map(|change| change.value)
    }
}

impl Change<'_> {
    fn is_of(&self, field: &str) -> bool {
        self.field.is_some_and(|name| serde_json::from_str::<String>(name.get()).is_ok_and(|name| name == field))
    }
}

/// The platforms of the app whose secret made this signature. All secrets are tried, so that the
/// timing does not reveal which one it was.
fn signed_for(body: &[u8], signature: &[u8], recipients: &[impl Borrow<Recipient>]) -> Vec<&'static Platform> {
    let recipients = || recipients.iter().map(Borrow::<Recipient>::borrow);
    let signed: Vec<&Recipient> = recipients().filter(|recipient| recipient.secrets.signed(body, signature)).collect();
    let is_same_app = |recipient: &&Recipient| signed.iter().any(|signed| signed.app_id == recipient.app_id);
    recipients().filter(is_same_app).map(|recipient| recipient.platform).collect()
}

/// The elements of a list; none if it is no list.
pub fn elements(list: Option<&RawValue>) -> impl Iterator<Item = &RawValue> {
    let elements: Option<Vec<&RawValue>> = list.and_then(|list| serde_json::from_str(list.get()).ok());
    elements.into_iter().flatten()
}

/// The bytes of `X-Hub-Signature-256: sha256=HEX`.
fn signature(request: &Request) -> Option<Vec<u8>> {
    let digits = request.header("x-hub-signature-256")?.trim().strip_prefix("sha256=")?;
    let pairs = digits.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok(),
        _ => None,
    });
    pairs.collect()
}

/// The challenge that Meta wants echoed when someone enters the address in its dashboard.
///
/// # Errors
/// `forbidden` for another token or another kind of request.
pub fn challenge(request: &Request, verify_token: &Secret) -> Result<String, Error> {
    let refused = || Error::new(Code::Forbidden, "This is not Meta's request with this service's verify token.");
    let query = request.query().map_err(|_| refused())?;
    let value = |name: &str| query.get(name).unwrap_or_default();
    let is_known = equal(value("hub.verify_token").as_bytes(), verify_token.expose().as_bytes());
    let challenge = value("hub.challenge");
    let is_challenge = (1..=MAX_CHALLENGE).contains(&challenge.len()) && challenge.bytes().all(|b| (0x20..=0x7e).contains(&b));
    if is_known && is_challenge && value("hub.mode") == "subscribe" { Ok(challenge.to_owned()) } else { Err(refused()) }
}

#[cfg(test)]
mod tests;
