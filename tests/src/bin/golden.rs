//! Records golden items with the binaries of `E2E_PROFILE`: `golden write [SCENE…]` writes
//! `tests/golden`.
#![allow(clippy::print_stdout, reason = "this is a command, and that is its output")]

use std::process::ExitCode;

use e2e::golden::{all, record};
use e2e::lambda::profile;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let command = arguments.split_first().filter(|(command, _)| *command == "write");
    let Some((_, wanted)) = command else {
        println!("golden write [SCENE…] records golden items with the binaries of E2E_PROFILE");
        return ExitCode::FAILURE;
    };
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    for scene in all().iter().filter(|scene| is_wanted(scene.name)) {
        let golden = record(scene, &profile()).await;
        golden.save(scene.name);
        let (items, readings) = (golden.items().count(), golden.readings.len());
        println!("{}: {items} items, {readings} readings", scene.name);
    }
    ExitCode::SUCCESS
}
