//! An operator's commands in the payload, in place of a run: erase a store regardless of what
//! Shopify says, or a grantor without the platform's request; end all sessions of a store; retry,
//! postpone or drop a failing record.

use serde_json::{Value, json};
use shared::{
    Error, UnixSeconds,
    error::Code,
    platform::{GrantId, GrantKind, Subject},
    providers::shopify::ShopDomain,
    random,
    store::{
        erasing::Erased,
        keep::{by_hand::ByHand, due::DueKey},
        leave::{
            requests::{Asked, NewRequest},
            sign_out::SignedOut,
            uninstall::{Cause, Left},
        },
    },
};
use tokio::time::{Instant, timeout_at};

use crate::keeper::TokenKeeper;

/// Attempts while others change the link.
const TRIES: u32 = 5;
const DAY: u64 = 24 * 3600;
/// The longest postponement: a store is checked this often.
const LONGEST_DAYS: u64 = 7;

/// Erases a store, its accounts and its identity, as `shop/redact` does.
///
/// # Errors
/// `invalid_request` when the payload names no store, `storage_unavailable`.
pub(crate) async fn erase(keeper: &TokenKeeper, shop: &Value, deadline: Instant) -> Result<Value, Error> {
    let shop = read_shop(shop)?;
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

/// Deletes what is kept because of a grantor, as a data deletion at this moment would. The code
/// leads to the page that tells them.
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
    // What is not done by then is due, like every recorded request.
    timeout_at(deadline, tables.carry_out(&taken)).await.unwrap_or(Ok(()))?;
    let done = tables.privacy_request(new.code).await?.filter(|known| known.done_at.is_some());
    Ok(json!({
        "forgotten": if done.is_some() { "whole" } else { "partly" },
        "records": done.map(|known| known.records),
        "confirmation_code": new.code.simple().to_string(),
    }))
}

/// Ends all sessions of a store. The links stay.
///
/// # Errors
/// `invalid_request` when the payload names no store, `storage_unavailable`.
pub(crate) async fn sign_out(keeper: &TokenKeeper, shop: &Value) -> Result<Value, Error> {
    let (shop, tables, mut ended) = (read_shop(shop)?, &keeper.tables, 0);
    for _ in 0..TRIES {
        let Some(store) = tables.shop_of_domain(shop.as_str()).await? else { return Ok(json!({ "signed_out": "nothing" })) };
        match tables.sign_out(&store).await? {
            SignedOut::Whole(more) => return Ok(json!({ "signed_out": "whole", "sessions": ended + more })),
            SignedOut::Changed(more) => ended += more,
        }
    }
    Err(Error::storage_unavailable("sign_out: the link changes all the time"))
}

/// Schedules a record for the next run.
///
/// # Errors
/// `invalid_request` when the payload names none, `storage_unavailable`.
pub(crate) async fn retry(keeper: &TokenKeeper, name: &Value) -> Result<Value, Error> {
    let key = read_record(keeper, name)?;
    for _ in 0..TRIES {
        if let Some(told) = told("retried", &key, keeper.tables.retry_by_hand(&key).await?)? {
            return Ok(told);
        }
    }
    Err(changing())
}

/// Postpones a record until a time, or by this many days; at most a week.
///
/// # Errors
/// `invalid_request` when the payload names no record, no such moment, or a record that must not
/// wait; `storage_unavailable`.
pub(crate) async fn put_off(keeper: &TokenKeeper, name: &Value, payload: &Value) -> Result<Value, Error> {
    let (key, until) = (read_record(keeper, name)?, read_until(payload, keeper.clock.now())?);
    for _ in 0..TRIES {
        if let Some(mut told) = told("put_off", &key, keeper.tables.put_off_by_hand(&key, until).await?)? {
            if let Some(told) = told.as_object_mut() {
                told.insert("until".to_owned(), until.into());
            }
            return Ok(told);
        }
    }
    Err(changing())
}

/// Drops a record.
///
/// # Errors
/// `invalid_request` when the payload names none, or one that must not be dropped;
/// `storage_unavailable`.
pub(crate) async fn drop(keeper: &TokenKeeper, name: &Value) -> Result<Value, Error> {
    let key = read_record(keeper, name)?;
    for _ in 0..TRIES {
        let done = keeper.tables.drop_by_hand(&key).await?;
        if done == ByHand::Done {
            let record = if let DueKey::Job(_, kind) = &key { kind } else { "doubt" };
            tracing::info!(record, "given up by hand");
        }
        if let Some(told) = told("dropped", &key, done)? {
            return Ok(told);
        }
    }
    Err(changing())
}

/// The answer, unless the record changed at that moment.
fn told(done: &str, key: &DueKey, by_hand: ByHand) -> Result<Option<Value>, Error> {
    match by_hand {
        ByHand::Done => Ok(Some(json!({ done: key.name() }))),
        ByHand::Gone => Ok(Some(json!({ done: "nothing" }))),
        ByHand::Changed => Ok(None),
        ByHand::LookedAfter => {
            Err(Error::new(Code::InvalidRequest, "A store or a person has to be looked after: put the record off, or have them forgotten."))
        }
        ByHand::Erasing => {
            Err(Error::new(Code::InvalidRequest, "This has to be erased, and is tried until it is: it can be retried, and nothing else."))
        }
    }
}

fn changing() -> Error {
    Error::storage_unavailable("by hand: the record changes all the time")
}

fn read_shop(shop: &Value) -> Result<ShopDomain, Error> {
    let shop = shop.as_str().and_then(|shop| ShopDomain::parse_or_handle(shop).ok());
    shop.ok_or_else(|| Error::of(Code::InvalidRequest).caused_by("not a store's domain"))
}

fn read_record(keeper: &TokenKeeper, name: &Value) -> Result<DueKey, Error> {
    let key = name.as_str().and_then(|name| DueKey::named(name, keeper.tables.platforms()));
    key.ok_or_else(|| Error::new(Code::InvalidRequest, "There is no record of this name: PARTITION/PLACE, as in uuid#…/store."))
}

/// `"until"` in Unix seconds, or `"days"` from now.
fn read_until(payload: &Value, now: UnixSeconds) -> Result<UnixSeconds, Error> {
    let days = payload.get("days").map(|days| days.as_u64().map(|days| now.saturating_add(days.saturating_mul(DAY))));
    let until = payload.get("until").map(Value::as_u64);
    let until = if let (Some(until), None) | (None, Some(until)) = (until, days) { until } else { None };
    let until = until.filter(|until| (now + 1..=now.saturating_add(LONGEST_DAYS * DAY)).contains(until));
    until.ok_or_else(|| Error::new(Code::InvalidRequest, "\"until\" (Unix seconds) or \"days\": from now on, and a week at most."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_postponed_by_a_week_at_most() {
        let until = |payload: Value| read_until(&payload, 1000).ok();
        assert_eq!(until(json!({ "until": 1001 })), Some(1001));
        assert_eq!(until(json!({ "until": 1000 + 7 * DAY })), Some(1000 + 7 * DAY));
        assert_eq!((until(json!({ "days": 1 })), until(json!({ "days": 7 }))), (Some(1000 + DAY), Some(1000 + 7 * DAY)));
        for wrong in [
            json!({}),
            json!({ "until": 1000 }),
            json!({ "until": 1001 + 7 * DAY }),
            json!({ "until": "tomorrow" }),
            json!({ "until": -1 }),
            json!({ "days": 0 }),
            json!({ "days": 8 }),
            json!({ "days": u64::MAX }),
            json!({ "days": 0.5 }),
            json!({ "days": 1, "until": 2000 }),
        ] {
            assert_eq!(until(wrong.clone()), None, "{wrong}");
        }
    }
}
