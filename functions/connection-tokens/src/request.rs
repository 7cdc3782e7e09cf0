//! The bot's request.

use serde_json::Value;
use shared::{
    Code, Error,
    platform::{AccountId, CompanionId, Platforms},
    providers::shopify::ShopDomain,
};
use uuid::Uuid;

/// One of the ids that identify an identity.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The account, and the store it sells for.
    Account(AccountId),
    /// The account that this companion belongs to, and the store it sells for.
    Companion(CompanionId),
    /// The store, and its accounts.
    Shop(ShopDomain),
    /// The store and all accounts.
    Identity(Uuid),
}

impl Wanted {
    /// Parses a payload with exactly one id.
    ///
    /// # Errors
    /// `invalid_request`, which says what is expected.
    pub(crate) fn read(payload: &Value, platforms: Platforms) -> Result<Self, Error> {
        let only = payload.as_object().filter(|object| object.len() == 1).and_then(|object| object.iter().next());
        let read = only.and_then(|(name, value)| {
            let value = value.as_str()?;
            if let Some(kind) = platforms.accounts().find(|kind| kind.id == name) {
                return AccountId::parse(kind, value).map(Self::Account);
            }
            if let Some(kind) = platforms.companions().find(|kind| kind.id == Some(name)) {
                return CompanionId::parse(kind, value).map(Self::Companion);
            }
            match name.as_str() {
                "shop" => ShopDomain::parse(value).ok().map(Self::Shop),
                "user_uuid" => value.parse().ok().map(Self::Identity),
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
mod tests;
