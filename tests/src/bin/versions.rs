//! Says in time that the provider's version asked for by default is about to end, and fails once it has.

use std::process::ExitCode;

use shared::{
    clock::Clock,
    providers::facebook::versions::{DEFAULT, NOTICE_DAYS, Outlook, outlook},
};

#[expect(clippy::print_stdout, reason = "this is a command, and that is its output")]
fn main() -> ExitCode {
    let (text, ends_well) = verdict(outlook(DEFAULT, Clock::system().now()));
    println!("graph api {DEFAULT}: {text}");
    if ends_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn verdict(outlook: Outlook) -> (String, bool) {
    const WHERE: &str = "the table in shared/src/providers/facebook/versions.rs";
    match outlook {
        Outlook::Lives => (format!("lives for more than {NOTICE_DAYS} days"), true),
        Outlook::EndsIn(days) => (format!("WARNING: ends in {days} days; read the changelogs up to the newest version and move on"), true),
        Outlook::LookItUp => (format!("WARNING: its end may be announced by now; look it up and enter it in {WHERE}"), true),
        Outlook::Ended => ("ENDED: another version answers in its place, with other meanings".to_owned(), false),
        Outlook::Unknown => (format!("UNKNOWN: enter it in {WHERE}"), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_is_a_warning_and_what_has_ended_fails() {
        assert!(verdict(Outlook::EndsIn(90)).0.starts_with("WARNING: ends in 90 days") && verdict(Outlook::EndsIn(90)).1);
        assert!(verdict(Outlook::LookItUp).0.starts_with("WARNING") && verdict(Outlook::LookItUp).1);
        assert!(verdict(Outlook::Lives).1 && !verdict(Outlook::Ended).1 && !verdict(Outlook::Unknown).1);
    }
}
