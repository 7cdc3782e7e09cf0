//! What is left of what was erased: that it happened, when, at which request, and how much it was.
//! Never of whom.

use crate::{clock::UnixSeconds, config::Vars, error::Error, random};

use super::{
    deliveries::RequestId,
    records::attributes::{AUDITED_AT, RECORDS, REQUEST, TTL, WHAT},
    table::{Key, Row, Write},
};

const DAY: u64 = 24 * 3600;
const DEFAULT_DAYS: &str = "400";
/// What is configured unless something else is, in seconds.
pub(super) const DEFAULT_RETENTION: u64 = 400 * DAY;

/// Reads `AUDIT_RETENTION_DAYS`, in seconds.
pub(super) fn retention(vars: &Vars) -> Result<u64, Error> {
    let days = |text: &str| text.parse::<u64>().ok().filter(|days| (1..=3653).contains(days));
    let text = vars.checked("AUDIT_RETENTION_DAYS", Some(DEFAULT_DAYS), |text| days(text).is_some())?;
    Ok(days(&text).map_or(DEFAULT_RETENTION, |days| days * DAY))
}

/// The record of a request that was carried out, kept until `ends`: `what` it asked for and how many
/// `records` went. Without a request, time alone asked.
pub(super) fn record(what: &str, request: Option<&RequestId>, records: u64, now: UnixSeconds, retention: u64) -> Result<Write, Error> {
    let row = Row::default()
        .with(&WHAT, what)
        .with(&AUDITED_AT, now)
        .with(&RECORDS, records)
        .with(&TTL, now.saturating_add(retention))
        .with_some(&REQUEST, request.map(RequestId::as_str));
    Ok(Write::put(Key::audit(random::uuid()?), row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_kept_for_as_many_days_as_are_configured() {
        let of = |pairs: &[(&str, &str)]| retention(&Vars::from_pairs(pairs.iter().copied())).ok();
        assert_eq!(of(&[]), Some(DEFAULT_RETENTION));
        assert_eq!(of(&[("AUDIT_RETENTION_DAYS", "30")]), Some(30 * DAY));
        for bad in ["0", "-1", "3654", "x", "1.5"] {
            assert_eq!(of(&[("AUDIT_RETENTION_DAYS", bad)]), None, "{bad}");
        }
    }
}
