//! What is left of what was erased: that it happened, when, at which request, and how much it was.
//! Never of whom.

use crate::{Error, random};

use super::{
    Tables,
    deliveries::RequestId,
    records::attributes::*,
    table::{Key, Row, Write},
};

/// The record of a request that was carried out: `what` it asked for and how many `records` went.
/// Without a request, time alone asked.
pub(super) fn record(tables: &Tables, what: &str, request: Option<&RequestId>, records: u64) -> Result<Write, Error> {
    let now = tables.clock.now();
    let row = Row::default()
        .with(&WHAT, what)
        .with(&AUDITED_AT, now)
        .with(&RECORDS, records)
        .with(&TTL, now.saturating_add(tables.audit_retention))
        .with_some(&REQUEST, request.map(RequestId::as_str));
    Ok(Write::put(Key::audit(random::uuid()?), row))
}
