//! What an operator asks for in the payload, in place of a run: that a store is forgotten, whatever Shopify says of it.

use serde_json::{Value, json};
use shared::{
    Error,
    error::Code,
    providers::shopify::ShopDomain,
    store::{
        erase::{Cause, Erased},
        leaving::Left,
    },
};
use tokio::time::Instant;

use crate::TokenKeeper;

/// Tries while others change the link beneath.
const TRIES: u32 = 5;

/// Erases a store, its Pages and its identity, as `shop/redact` does.
///
/// # Errors
/// `invalid_request` when the payload names no store, `storage_unavailable`.
pub(crate) async fn erase(keeper: &TokenKeeper, shop: &Value, deadline: Instant) -> Result<Value, Error> {
    let shop = shop.as_str().and_then(|shop| ShopDomain::parse_or_handle(shop).ok());
    let shop = shop.ok_or_else(|| Error::of(Code::InvalidRequest).caused_by("erase: not a store's domain"))?;
    let connections = &keeper.connections;
    for _ in 0..TRIES {
        let Some(leaver) = connections.leaver_of(shop.as_str()).await? else { return Ok(json!({ "erased": "nothing" })) };
        let cause = Cause { what: "operator", request: None, noted: false };
        if connections.begin_erasing(&leaver, &cause).await? == Left::Written {
            let whole = connections.erase(leaver.user_uuid, Some(deadline)).await? == Erased::Whole;
            return Ok(json!({ "erased": if whole { "whole" } else { "partly" } }));
        }
    }
    Err(Error::storage_unavailable("erase: the link changes all the time"))
}
