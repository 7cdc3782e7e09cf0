//! Lists records that the keeper can't finish.

use serde_json::{Value, json};
use shared::{
    Clock, UnixSeconds,
    clock::rfc3339,
    store::{
        Directory,
        keep::{agenda::Waiting, due::DueKey},
        overview::Noted,
        records::Status,
    },
};

use crate::{arguments::List, failure::Failure, output::Output, times, walk::walk};

/// A record due for this long should have been processed: there is a run every five minutes.
const OVERDUE: u64 = 3600;

/// Walks the whole index, and prints what failed or has waited too long.
pub(crate) async fn list(directory: &Directory, wanted: &List, output: &mut Output) -> Result<(), Failure> {
    let (now, mut failing, mut seen) = (Clock::system().now(), Vec::new(), 0_usize);
    let next = walk(
        directory,
        wanted.next.as_deref(),
        |_| true,
        async |records| {
            let Some(last) = records.last().map(|(_, place)| place.clone()) else { return Ok(None) };
            let keys: Vec<DueKey> = records.into_iter().map(|(record, _)| record.key).collect();
            seen += keys.len();
            failing.extend(directory.waiting(&keys, |noted| fails(noted, now)).await?);
            output.progress(format!("{seen} records seen, {} of them fail …", failing.len()));
            Ok((failing.len() >= wanted.limit as usize).then_some(last))
        },
    )
    .await?;
    let next = next.map(|place| place.to_string());
    if output.is_json() {
        let lines: Vec<Value> = failing.iter().map(as_json).collect();
        output.json(&json!({ "lines": lines, "next": next }));
        return Ok(());
    }
    if failing.is_empty() {
        output.line(format!("None of {seen} records fails."));
    } else {
        output.table(["RECORD", "STORE", "WHAT", "FAILED", "DUE"], failing.iter().map(|record| as_line(record, now)));
    }
    if let Some(next) = next {
        output.line(format!("There may be more: --next '{next}'"));
    }
    Ok(())
}

fn fails(noted: &Noted, now: UnixSeconds) -> bool {
    noted.failures > 0 || noted.dead_seen_at.is_some() || noted.due_at.is_some_and(|due_at| due_at.saturating_add(OVERDUE) < now)
}

/// What it is, in a word or two.
fn what(record: &Waiting) -> String {
    match (&record.key, record.status) {
        (DueKey::Shop(_), Some(Status::Erasing)) => "erasing".to_owned(),
        (DueKey::Shop(_), _) => "store".to_owned(),
        (DueKey::Doubt(_), _) => "doubt".to_owned(),
        (DueKey::Grant(_, grant), _) => format!("{} {grant}", grant.kind().key),
        (DueKey::Job(_, kind), _) => kind.clone(),
        (DueKey::Request(_), _) => "request to leave".to_owned(),
    }
}

fn as_line(record: &Waiting, now: UnixSeconds) -> [String; 5] {
    let noted = &record.noted;
    let failed = match (noted.failures, noted.dead_seen_at) {
        (0, None) => "waits for too long".to_owned(),
        (0, Some(seen)) => format!("found dead {} ago, not believed yet", times::told(now.saturating_sub(seen))),
        (1, _) => "once".to_owned(),
        (failures, _) => format!("{failures} times"),
    };
    let due = noted.due_at.map(|due_at| times::at(due_at, now)).unwrap_or_default();
    [noted.name.clone(), record.shop.clone().unwrap_or_default(), what(record), failed, due]
}

fn as_json(record: &Waiting) -> Value {
    let noted = &record.noted;
    json!({
        "record": noted.name, "shop": record.shop, "what": what(record), "failures": noted.failures,
        "found_dead": noted.dead_seen_at.map(rfc3339), "due_at": noted.due_at.map(rfc3339),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_failing_after_a_failure_or_an_hour_overdue() {
        let now = 100_000;
        let noted = |failures, dead_seen_at, due_at| Noted { failures, dead_seen_at, due_at: Some(due_at), ..Noted::default() };
        for failing in [noted(1, None, now + 600), noted(0, Some(1), now + 600), noted(0, None, now - OVERDUE - 1)] {
            assert!(fails(&failing, now), "{failing:?}");
        }
        assert!(!fails(&noted(0, None, now - OVERDUE), now) && !fails(&noted(0, None, now + 600), now));
    }
}
