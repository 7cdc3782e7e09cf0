//! `./dev fuzz [SECONDS] [SEED]`: fuzzes every target for so long, together.
#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use e2e::fuzz::{Limit, TARGETS, fuzz, save};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>());
    let (Ok(seconds), Ok(seed)) = (arguments.next().unwrap_or(Ok(60)), arguments.next().unwrap_or_else(|| Ok(by_chance()))) else {
        eprintln!("fuzz [SECONDS] [SEED]: both are numbers");
        return ExitCode::FAILURE;
    };
    let each = Duration::from_secs(seconds) / u32::try_from(TARGETS.len()).unwrap_or(1);
    eprintln!("seed {seed}, {} s for each of {} targets", each.as_secs_f32(), TARGETS.len());
    let mut failed = false;
    for target in &TARGETS {
        match fuzz(target, seed, Limit::Time(each)) {
            Ok(figures) => eprintln!("{}: {} inputs, {} kinds of answers, nothing wrong", target.name, figures.runs, figures.answers.len()),
            Err(failure) => {
                failed = true;
                let place = save(target, &failure).map_or_else(|error| error.to_string(), |path| path.display().to_string());
                eprintln!(
                    "{}: FAILED: {}\n  {:?}\n  saved in {place}",
                    target.name,
                    failure.message,
                    String::from_utf8_lossy(&failure.input)
                );
            }
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn by_chance() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
