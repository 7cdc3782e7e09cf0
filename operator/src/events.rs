//! Replays link events from the archive.

use std::time::Duration;

use aws_sdk_eventbridge::{
    Client,
    primitives::DateTime,
    types::{ReplayDestination, ReplayState},
};
use serde_json::{Value, json};
use shared::{Clock, UnixSeconds, clock::rfc3339};

use crate::{arguments::Events, aws::not_done, failure::Failure, output::Output, stack::Stack};

/// Between progress checks: short at first, since a replay of few events is short.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Starts a replay and shows its progress.
pub(crate) async fn replay(events: &Client, stack: &Stack, wanted: &Events, output: &mut Output) -> Result<(), Failure> {
    let now = Clock::system().now();
    let (since, until) = (wanted.since.seen_from(now), wanted.until.map_or(now, |until| until.seen_from(now)));
    if since >= until {
        return Err(Failure::broken("the replay would end before it begins"));
    }
    let (archive, bus) = (stack.event_archive()?, stack.event_bus()?);
    let destination = ReplayDestination::builder().arn(bus).build().map_err(|error| Failure::broken(error.to_string()))?;
    let name = format!("operator-{now}");
    let start = events.start_replay().replay_name(&name).event_source_arn(archive).destination(destination);
    let start = start.event_start_time(moment(since)).event_end_time(moment(until));
    start.send().await.map_err(|error| not_done("events:StartReplay", &error))?;
    let between = format!("from {} to {}", rfc3339(since), rfc3339(until));
    if wanted.no_wait {
        told(output, &name, "STARTING", None, &format!("{name} has begun: the events {between}, to all rules on the bus."));
        return Ok(());
    }
    let mut pause = FIRST_PAUSE;
    loop {
        let replay = events.describe_replay().replay_name(&name).send().await;
        let replay = replay.map_err(|error| not_done("events:DescribeReplay", &error))?;
        let last = replay.event_last_replayed_time().map(|time| u64::try_from(time.secs()).unwrap_or_default());
        let state = replay.state().map_or("unknown", ReplayState::as_str);
        match replay.state() {
            Some(ReplayState::Completed) => {
                told(output, &name, state, last, &format!("{name} is done: the events {between} are on the bus again."));
                return Ok(());
            }
            Some(ReplayState::Starting | ReplayState::Running) => {
                let so_far = last.map_or_else(String::new, |last| format!(", {} % of the time", percent(since, until, last)));
                output.progress(format!("{name}: {}{so_far} …", state.to_ascii_lowercase()));
            }
            _ => {
                let why = replay.state_reason().unwrap_or("no more is known");
                return Err(Failure::broken(format!("{name} ended as {state}: {why}")));
            }
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

fn told(output: &mut Output, name: &str, state: &str, last: Option<UnixSeconds>, text: &str) {
    if output.is_json() {
        let last: Value = last.map(rfc3339).into();
        output.json(&json!({ "replay": name, "state": state, "last_replayed": last }));
    } else {
        output.line(text);
    }
}

fn moment(at: UnixSeconds) -> DateTime {
    DateTime::from_secs(i64::try_from(at).unwrap_or(i64::MAX))
}

fn percent(since: UnixSeconds, until: UnixSeconds, last: UnixSeconds) -> u64 {
    (last.clamp(since, until) - since) * 100 / (until - since).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replay_progress_is_clamped_to_its_range() {
        let far = [(100, 0), (99, 0), (150, 50), (200, 100), (900, 100)];
        for (last, percents) in far {
            assert_eq!(percent(100, 200, last), percents);
        }
        assert_eq!(percent(100, 100, 100), 0);
    }
}
