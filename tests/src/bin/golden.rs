//! Records golden items with the binaries of `E2E_PROFILE`: `golden write [SCENE…]` writes `tests/golden`.
#![allow(clippy::print_stdout, reason = "this is a command, and that is its output")]

use std::process::ExitCode;

use e2e::golden::{all, record};
use e2e::lambda::profile;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(("write", wanted)) = arguments.split_first().map(|(command, wanted)| (command.as_str(), wanted)) else {
        println!("golden write [SCENE…] records golden items with the binaries of E2E_PROFILE");
        return ExitCode::FAILURE;
    };
    for scene in all().iter().filter(|scene| wanted.is_empty() || wanted.iter().any(|name| name == scene.name)) {
        let golden = record(scene, &profile()).await;
        golden.save(scene.name);
        println!("{}: {} items, {} readings", scene.name, golden.items().count(), golden.readings.len());
    }
    ExitCode::SUCCESS
}
