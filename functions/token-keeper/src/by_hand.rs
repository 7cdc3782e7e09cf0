//! What an operator asks for in the payload, in place of a run: that a store is forgotten, whatever
//! Shopify says of it, or who gave a grant, without a word of its platform.

use serde_json::{Value, json};
use shared::{
    Error,
    error::Code,
    platform::{GrantId, GrantKind, Subject},
    providers::shopify::ShopDomain,
    random,
    store::{
        erasing::Erased,
        leave::{
            requests::{Asked, NewRequest},
            uninstall::{Cause, Left},
        },
    },
};
use tokio::time::{Instant, timeout_at};

use crate::keeper::TokenKeeper;

/// Tries while others change the link beneath.
const TRIES: u32 = 5;

/// Erases a store, its accounts and its identity, as `shop/redact` does.
///
/// # Errors
/// `invalid_request` when the payload names no store, `storage_unavailable`.
pub(crate) async fn erase(keeper: &TokenKeeper, shop: &Value, deadline: Instant) -> Result<Value, Error> {
    let shop = shop.as_str().and_then(|shop| ShopDomain::parse_or_handle(shop).ok());
    let shop = shop.ok_or_else(|| Error::of(Code::InvalidRequest).caused_by("erase: not a store's domain"))?;
    let tables = &keeper.tables;
    for _ in 0..TRIES {
        let Some(store) = tables.shop_of_domain(shop.as_str()).await? else { return Ok(json!({ "erased": "nothing" })) };
        let cause = Cause { what: "operator", request: None, noted: false };
        if tables.begin_erasing(&store, &cause).await? == Left::Written {
            let whole = tables.erase(store.user_uuid, Some(deadline)).await? == Erased::Whole;
            return Ok(json!({ "erased": if whole { "whole" } else { "partly" } }));
        }
    }
    Err(Error::storage_unavailable("erase: the link changes all the time"))
}

/// Deletes what is kept because of who gave a grant, as a data deletion of this moment does. The
/// code leads to the page that tells them.
///
/// # Errors
/// `invalid_request` when the payload names none, `storage_unavailable`.
pub(crate) async fn forget(keeper: &TokenKeeper, id: &Value, platform: Option<&Value>, deadline: Instant) -> Result<Value, Error> {
    let is_meant = |kind: &&GrantKind| platform.is_none_or(|name| *name == kind.platform.name);
    let kind = keeper.tables.platforms().grants().find(is_meant);
    let grant = kind.zip(id.as_str()).and_then(|(kind, id)| GrantId::parse(kind, id));
    let grant = grant.ok_or_else(|| Error::of(Code::InvalidRequest).caused_by("forget: not the id of a grant"))?;
    let (platform, subject) = (grant.kind().platform, Subject::Grant(grant));
    let tables = &keeper.tables;
    let new = NewRequest { code: random::uuid()?, platform, asked: Asked::Deletion, subject, issued_at: keeper.clock.now() };
    let taken = tables.record_request(&new, &[]).await?;
    // What is not done by then is due, like every request that was taken down.
    timeout_at(deadline, tables.carry_out(&taken)).await.unwrap_or(Ok(()))?;
    let done = tables.privacy_request(new.code).await?.filter(|known| known.done_at.is_some());
    Ok(json!({
        "forgotten": if done.is_some() { "whole" } else { "partly" },
        "records": done.map(|known| known.records),
        "confirmation_code": new.code.simple().to_string(),
    }))
}
