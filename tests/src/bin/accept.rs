//! `./dev accept`: what a real provider does, beside what this project believes of it.
#![expect(clippy::print_stderr, reason = "a program for a terminal")]

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match e2e::accept::run(std::env::args().skip(1)).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}
