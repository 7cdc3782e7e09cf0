//! The local run, which `./dev run` starts: the whole service on this machine until Ctrl-C.
#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match e2e::local::run(std::env::args().skip(1)).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\n{problem}");
            ExitCode::FAILURE
        }
    }
}
