//! What remains of erased data: that it was erased, when, at which request, and how many records.
//! Never whose.

use crate::{Error, random};

use super::{
    Tables,
    deliveries::RequestId,
    records::attributes::*,
    table::{Key, Row, Write},
};

/// The record of a completed request: `what` it asked for and how many `records` were deleted.
/// Without a request, a retention period ran out.
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
