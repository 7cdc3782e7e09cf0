//! A short run of each fuzz target, always the same one, with whatever was saved of earlier failures; `./dev fuzz` goes on for longer.

use e2e::fuzz::{Limit, TARGETS, fuzz};

/// Some seconds in a debug build.
const RUNS: u64 = 6000;

#[track_caller]
fn run(name: &str, kinds: usize) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target of that name");
    match fuzz(target, 1, Limit::Runs(RUNS)) {
        // Fewer would mean that the changes no longer reach far.
        Ok(figures) => assert!(figures.answers.len() >= kinds, "{:?}", figures.answers),
        Err(failure) => panic!("{}: {:?}", failure.message, String::from_utf8_lossy(&failure.input)),
    }
}

#[test]
fn signed_requests() {
    run("signed_request", 8);
}

#[test]
fn webhooks() {
    run("webhook", 8);
}

#[test]
fn states() {
    run("state", 3);
}

#[test]
fn cookies() {
    run("cookies", 5);
}

#[test]
fn callbacks() {
    run("callback", 4);
}
