//! Webhooks: what Shopify delivers, and how much of it can be trusted.
//! <https://shopify.dev/docs/apps/build/webhooks>,
//! <https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance>
//!
//! The signature covers only the body. The same client secret also signs other things (launches,
//! session tokens, app proxy queries), which anyone who installs the app can read; none of them is
//! a JSON object. So the body is what counts: it has to be an object in the shape of its topic, and
//! it names the shop.

use base64::Engine as _;
use serde_json::{Map, Value};

use crate::signing::{SecretPair, labelled_sha256};
use crate::{Code, Error, clock::read_rfc3339, request::Request};

use super::ShopDomain;

/// Far above any body of the known topics.
const MAX_BODY: usize = 1024 * 1024;
/// Separates fingerprints from other hashes.
const FINGERPRINT: &str = "messenger-link/shopify-body/v1";

/// What a delivery says, as far as its body confirms it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// The app was uninstalled.
    Uninstalled(Sender),
    /// The shop's data have to be erased, 48 hours after an uninstall.
    ShopRedact(Sender),
    /// A customer asks what is stored about them; the word is the topic.
    Customers(&'static str),
    /// The app's scopes changed. The body names no shop, so this only leads to a question.
    ScopesUpdate(ShopDomain),
    /// An unknown topic, or a body that does not fit its topic.
    Nothing,
}

/// The shop named in a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Its domain.
    pub shop: ShopDomain,
    /// Its numeric id, if the body has it.
    pub shop_id: Option<String>,
}

/// A delivery with a valid signature.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// What it says.
    pub message: Message,
    /// Its id, the same for each retry. Not signed.
    pub id: String,
    /// When it was triggered, if readable. Not signed.
    pub triggered_at: Option<Triggered>,
    /// Identifies its body: a hash of the signature, which nobody can make without the secret, so
    /// that it reveals nothing about the shop.
    pub fingerprint: [u8; 32],
}

/// When a webhook was triggered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triggered {
    /// In Unix milliseconds.
    pub millis: u64,
    /// Whether it is more precise than a second; otherwise it may be any moment within it.
    pub exact: bool,
}

impl Delivery {
    /// Reads a delivery, in the order of the contract: size, signature, body, topic and id, shop.
    ///
    /// # Errors
    /// `payload_too_large`, `invalid_signature`, `malformed_parameter`, `missing_parameter`.
    pub fn read(request: &Request, secrets: &SecretPair) -> Result<Self, Error> {
        if request.body.len() > MAX_BODY {
            return Err(Error::new(Code::PayloadTooLarge, "The body is larger than anything Shopify sends here."));
        }
        let signature = verify(request, secrets)?;
        let body = object(&request.body).ok_or_else(|| Error::malformed_parameter("body"))?;
        let topic = required(request, "topic")?;
        let id = required(request, "webhook-id")?;
        let message = message(topic, &body, named_shop(request, &body)?);
        let triggered_at = header(request, "triggered-at").and_then(parse_time);
        Ok(Self { message, id: id.to_owned(), triggered_at, fingerprint: labelled_sha256(FINGERPRINT, &signature) })
    }
}

/// A header of either family; if both are present they agree, and the older one is read.
fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = |prefix: &str| request.header(&format!("{prefix}shopify-{name}")).map(str::trim).filter(|value| !value.is_empty());
    found("x-").or_else(|| found(""))
}

fn required<'a>(request: &'a Request, name: &str) -> Result<&'a str, Error> {
    header(request, name).ok_or_else(|| Error::missing_parameter(name))
}

/// The signature of the body. If the request carries it in both families, they agree.
///
/// # Errors
/// `invalid_signature`.
fn verify(request: &Request, secrets: &SecretPair) -> Result<Vec<u8>, Error> {
    let given = ["x-shopify-hmac-sha256", "shopify-hmac-sha256"].into_iter().filter_map(|name| request.header(name));
    let mut signed = given.map(|given| signature(&request.body, given, secrets));
    let first = signed.next().flatten();
    let are_same = signed.all(|other| other == first);
    first.filter(|_| are_same).ok_or_else(|| Error::new(Code::InvalidSignature, "This delivery is not signed by Shopify."))
}

/// Decodes a base64 signature, if it is valid for these bytes under the current or the previous
/// client secret; compares in constant time.
fn signature(body: &[u8], given: &str, secrets: &SecretPair) -> Option<Vec<u8>> {
    let given = base64::prelude::BASE64_STANDARD.decode(given.trim()).ok()?;
    secrets.signed(body, &given).then_some(given)
}

fn object(body: &[u8]) -> Option<Map<String, Value>> {
    if body.first() == Some(&b'{') { serde_json::from_slice(body).ok() } else { None }
}

/// The shop in the header, and in the body if that names one.
///
/// # Errors
/// `malformed_parameter` if they disagree.
fn named_shop(request: &Request, body: &Map<String, Value>) -> Result<Option<ShopDomain>, Error> {
    let in_header = header(request, "shop-domain").and_then(|shop| ShopDomain::parse(shop).ok());
    for name in ["shop_domain", "myshopify_domain"] {
        let Some(named) = body.get(name) else { continue };
        let named = named.as_str().and_then(|named| ShopDomain::parse(named).ok());
        if named.is_none() || named != in_header {
            return Err(Error::malformed_parameter("shop-domain"));
        }
    }
    Ok(in_header)
}

/// What a body says under a topic. The shapes exclude each other, so that a body signed for one
/// topic says nothing under another.
fn message(topic: &str, body: &Map<String, Value>, shop: Option<ShopDomain>) -> Message {
    let Some(shop) = shop else { return Message::Nothing };
    let is_object = |name: &str| body.get(name).is_some_and(Value::is_object);
    let is_list = |name: &str| body.get(name).is_some_and(Value::is_array);
    let sender = |shop_id: &str| Some(Sender { shop: shop.clone(), shop_id: Some(number(body.get(shop_id)?)?) });
    let of_customers = body.contains_key("shop_domain") && is_object("customer");
    match topic {
        // A shop in the Admin API's form.
        // https://shopify.dev/docs/api/webhooks?reference=toml#list-of-topics-app/uninstalled
        "app/uninstalled" if body.contains_key("myshopify_domain") && !body.contains_key("shop_domain") => {
            sender("id").map_or(Message::Nothing, Message::Uninstalled)
        }
        "shop/redact" if body.contains_key("shop_domain") && CUSTOMERS.iter().all(|name| !body.contains_key(*name)) => {
            sender("shop_id").map_or(Message::Nothing, Message::ShopRedact)
        }
        "customers/data_request" if of_customers && !body.contains_key("orders_to_redact") => Message::Customers("customers/data_request"),
        "customers/redact" if of_customers && !body.contains_key("data_request") && !body.contains_key("orders_requested") => {
            Message::Customers("customers/redact")
        }
        "app/scopes_update" if is_list("current") && is_list("previous") => Message::ScopesUpdate(shop),
        _ => Message::Nothing,
    }
}

/// Fields of the bodies about customers that the one about a shop does not have.
const CUSTOMERS: [&str; 5] = ["customer", "orders_requested", "orders_to_redact", "data_request", "myshopify_domain"];

/// A numeric id, as a number or a string.
fn number(value: &Value) -> Option<String> {
    let text = value.as_str().map(str::to_owned).or_else(|| Some(value.as_u64()?.to_string()))?;
    ((1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())).then_some(text)
}

/// A moment in RFC 3339, cut to milliseconds; none for anything else.
fn parse_time(text: &str) -> Option<Triggered> {
    let exact = text.contains('.');
    let millis = read_rfc3339(text)?;
    // Only a leap second has a fraction without being written with one: it is the first of the next
    // minute.
    Some(Triggered { millis: if exact { millis } else { millis.div_ceil(1000) * 1000 }, exact })
}

#[cfg(test)]
mod tests;
