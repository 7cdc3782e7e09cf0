//! Instructions per warm request, which unlike times hardly differ from run to run: a gate that a busy machine can't
//! trip. The binaries of `E2E_PROFILE` run under `valgrind --tool=callgrind`, whose total each writes when it is ended.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use e2e::world::World;
use rustix::process::{Pid, Signal, kill_process};

use super::flow::{handlers, live};

/// Links in the first world and in the second; only what the second has more counts.
const LINKS: [usize; 2] = [3, 13];
/// A count may be that much above its limit, in percent.
const SLACK: u64 = 4;

/// Compares the counts with the limits in a file of lines `FUNCTION COUNT`.
pub(crate) async fn check(file: &str) -> ExitCode {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let limits: BTreeMap<&str, u64> =
        lines.filter_map(|line| line.split_once(' ')).map(|(name, count)| (name, count.parse().unwrap())).collect();
    let [few, many] = [totals(LINKS[0]).await, totals(LINKS[1]).await];
    let mut passed = true;
    for handler in handlers() {
        let count = many[handler].saturating_sub(few[handler]) / (LINKS[1] - LINKS[0]) as u64;
        let limit = limits.get(handler).copied().unwrap_or(0);
        let verdict = if count * 100 > limit * (100 + SLACK) {
            passed = false;
            "TOO MANY"
        } else if count * 100 < limit * (100 - SLACK) {
            "fewer than the limit says: lower it"
        } else {
            "as expected"
        };
        println!("{handler}: {count} instructions per warm request, limit {limit}: {verdict}");
    }
    if passed {
        return ExitCode::SUCCESS;
    }
    eprintln!("instructions: more than {SLACK} % above a limit in {file}. Find out why; where it is worth it, raise the limit.");
    ExitCode::FAILURE
}

/// Instructions of each function in the whole life of a world in which that many requests of each handler were answered.
async fn totals(links: usize) -> BTreeMap<&'static str, u64> {
    let world = World::start().await;
    live(&world, links).await;
    // A function that has answered still has to ask for the next event.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut totals = BTreeMap::new();
    for handler in handlers() {
        let function = world.function(handler);
        let pid = i32::try_from(function.instances()[0].pid).ok().and_then(Pid::from_raw).expect("a process id");
        kill_process(pid, Signal::TERM).expect("the function runs");
        totals.insert(handler, collected(|| function.logs()).await);
    }
    totals
}

/// The total that callgrind writes at the end.
async fn collected(logs: impl Fn() -> String) -> u64 {
    for _ in 0..100 {
        let logs = logs();
        let total = logs.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
        if let Some(total) = total {
            return total;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no count from callgrind:\n{}", logs());
}
