//! What the bot asks for.

use serde_json::Value;
use shared::{
    Code, Error,
    providers::{facebook::pages::PageId, shopify::ShopDomain},
};
use uuid::Uuid;

/// One of the ids by which an identity is found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The Page, and the store it sells for.
    Page(PageId),
    /// The store, and its Pages.
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
    pub(crate) fn read(payload: &Value) -> Result<Self, Error> {
        let only = payload.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
        let read = only.and_then(|(name, value)| {
            let value = value.as_str()?;
            match name.as_str() {
                "page_id" => PageId::parse(value).map(Self::Page),
                "shop" => ShopDomain::parse(value).ok().map(Self::Shop),
                "user_uuid" => value.parse().ok().map(Self::Identity),
                "instagram_id" | "phone_number_id" => PageId::parse(value).map(|_| Self::Unlinked),
                _ => None,
            }
        });
        read.ok_or_else(|| {
            let detail = "Send exactly one of page_id, instagram_id, phone_number_id (digits), shop (its myshopify.com domain) and user_uuid, as a string.";
            Error::new(Code::InvalidRequest, detail)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn exactly_one_id_is_wanted() {
        assert_eq!(Wanted::read(&json!({"page_id": "12"})).unwrap(), Wanted::Page(PageId::parse("12").unwrap()));
        let acme = ShopDomain::parse("acme.myshopify.com").unwrap();
        assert_eq!(Wanted::read(&json!({"shop": "ACME.myshopify.com"})).unwrap(), Wanted::Shop(acme));
        let uuid = "0a6f9dc8-5a84-4e6a-8f3e-3a2b6a2d7f10";
        assert_eq!(Wanted::read(&json!({"user_uuid": uuid})).unwrap(), Wanted::Identity(uuid.parse().unwrap()));
        assert_eq!(Wanted::read(&json!({"instagram_id": "12"})).unwrap(), Wanted::Unlinked);
        assert_eq!(Wanted::read(&json!({"phone_number_id": "12"})).unwrap(), Wanted::Unlinked);
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
            assert_eq!(Wanted::read(&payload).unwrap_err().code, Code::InvalidRequest, "{payload}");
        }
    }
}
