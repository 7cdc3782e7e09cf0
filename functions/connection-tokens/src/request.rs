//! What the bot asks for.

use serde_json::Value;
use shared::{
    Code, Error,
    platform::{AccountId, Platforms},
    providers::shopify::ShopDomain,
};
use uuid::Uuid;

/// Ids of accounts that are not linked yet.
const TO_COME: [&str; 2] = ["instagram_id", "phone_number_id"];

/// One of the ids by which an identity is found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The account, and the store it sells for.
    Account(AccountId),
    /// The store, and its accounts.
    Shop(ShopDomain),
    /// Both sides, whole.
    Identity(Uuid),
    /// An account of a kind of which none is linked.
    Unlinked,
}

impl Wanted {
    /// Reads a payload that holds exactly one id.
    ///
    /// # Errors
    /// `invalid_request`, which says what is wanted.
    pub(crate) fn read(payload: &Value, platforms: Platforms) -> Result<Self, Error> {
        let only = payload.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
        let read = only.and_then(|(name, value)| {
            let value = value.as_str()?;
            if let Some(kind) = platforms.accounts().find(|kind| kind.id == name) {
                return AccountId::parse(kind, value).map(Self::Account);
            }
            match name.as_str() {
                "shop" => ShopDomain::parse(value).ok().map(Self::Shop),
                "user_uuid" => value.parse().ok().map(Self::Identity),
                other if TO_COME.contains(&other) => is_number(value).then_some(Self::Unlinked),
                _ => None,
            }
        });
        read.ok_or_else(|| {
            let detail = "Send exactly one of page_id, instagram_id, phone_number_id (digits), shop (its myshopify.com domain) and user_uuid, as a string.";
            Error::new(Code::InvalidRequest, detail)
        })
    }
}

fn is_number(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::providers::{PLATFORMS, facebook::PAGE};

    fn read(payload: &Value) -> Result<Wanted, Error> {
        Wanted::read(payload, PLATFORMS)
    }

    #[test]
    fn exactly_one_id_is_wanted() {
        assert_eq!(read(&json!({"page_id": "12"})).unwrap(), Wanted::Account(AccountId::parse(&PAGE, "12").unwrap()));
        let acme = ShopDomain::parse("acme.myshopify.com").unwrap();
        assert_eq!(read(&json!({"shop": "ACME.myshopify.com"})).unwrap(), Wanted::Shop(acme));
        let uuid = "0a6f9dc8-5a84-4e6a-8f3e-3a2b6a2d7f10";
        assert_eq!(read(&json!({"user_uuid": uuid})).unwrap(), Wanted::Identity(uuid.parse().unwrap()));
        assert_eq!(read(&json!({"instagram_id": "12"})).unwrap(), Wanted::Unlinked);
        assert_eq!(read(&json!({"phone_number_id": "12"})).unwrap(), Wanted::Unlinked);
        for payload in [
            json!({"instagram_id": "a"}),
            json!({"phone_number_id": 12}),
            json!({"page_id": "12", "instagram_id": "12"}),
            json!(null),
            json!([]),
            json!("12"),
            json!({}),
            json!({"page_id": 12}),
            json!({"page_id": ""}),
            json!({"page_id": "12a"}),
            json!({"page_id": "12", "shop": "acme.myshopify.com"}),
            json!({"page_id": "12", "else": 1}),
            json!({"shop": "acme"}),
            json!({"shop": "acme.myshopify.com.evil.example"}),
            json!({"user_uuid": "acme"}),
            json!({"user": "acme"}),
        ] {
            assert_eq!(read(&payload).unwrap_err().code, Code::InvalidRequest, "{payload}");
        }
    }
}
