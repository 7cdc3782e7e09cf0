//! Says in time that a provider's version asked for by default is about to end, and fails once it has.

use std::process::ExitCode;

use shared::clock::{Clock, UnixSeconds};
use shared::providers::versions::{NOTICE_DAYS, Outlook};
use shared::providers::{meta::versions as facebook, shopify::versions as shopify};

#[expect(clippy::print_stdout, reason = "this is a command, and that is its output")]
fn main() -> ExitCode {
    let now = Clock::system().now();
    let verdicts =
        [("graph api", facebook::DEFAULT, graph(facebook::DEFAULT, now)), ("admin api", shopify::DEFAULT, admin(shopify::DEFAULT, now))];
    for (name, version, (text, _)) in &verdicts {
        println!("{name} {version}: {text}");
    }
    if verdicts.iter().all(|(_, _, (_, ends_well))| *ends_well) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn graph(version: &str, now: UnixSeconds) -> (String, bool) {
    verdict(facebook::outlook(version, now), "enter it in the table in shared/src/providers/facebook/versions.rs")
}

fn admin(version: &str, now: UnixSeconds) -> (String, bool) {
    verdict(shopify::outlook(version, now), "a version is a quarter, such as 2026-10")
}

/// What is to be done about it, and whether that can wait.
fn verdict(outlook: Outlook, about_unknown: &str) -> (String, bool) {
    match outlook {
        Outlook::Lives => (format!("lives for more than {NOTICE_DAYS} days"), true),
        Outlook::EndsIn(days) => (format!("WARNING: ends in {days} days; read the changelogs up to the newest version and move on"), true),
        Outlook::LookItUp => (format!("WARNING: its end may be announced by now; look it up and {about_unknown}"), true),
        Outlook::Ended => ("ENDED: another version answers in its place, with other meanings".to_owned(), false),
        Outlook::NotReleased => ("NOT RELEASED: it may still change, and stores do not have it".to_owned(), false),
        Outlook::Unknown => (format!("UNKNOWN: {about_unknown}"), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Midnight of 2027-10-01, when 2026-10 ends at Shopify; a week later v23.0 ends at Facebook.
    const OCTOBER: u64 = 1_822_348_800;
    const DAY: u64 = 86_400;

    #[test]
    fn what_ends_is_a_warning_and_what_has_ended_fails() {
        let (text, ends_well) = admin("2026-10", OCTOBER - 90 * DAY);
        assert!(text.starts_with("WARNING: ends in 90 days") && ends_well, "{text}");
        assert!(admin("2026-10", OCTOBER - 91 * DAY).0.starts_with("lives"));
        assert!(!admin("2026-10", OCTOBER).1 && !admin("2028-01", OCTOBER).1 && !admin("latest", OCTOBER).1);

        let end = OCTOBER + 7 * DAY;
        let (text, ends_well) = graph("v23.0", end - 90 * DAY);
        assert!(text.starts_with("WARNING: ends in 90 days") && ends_well, "{text}");
        assert!(graph("v26.0", OCTOBER).1 && !graph("v23.0", end).1 && !graph("latest", end).1);
    }
}
