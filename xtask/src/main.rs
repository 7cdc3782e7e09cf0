//! What is behind `./dev`: every command that runs, tests, measures, builds or releases the
//! project. `./dev help` lists them.

mod arguments;
mod asked;
mod build;
mod check;
mod commands;
mod environment;
mod failure;
mod files;
mod help;
mod interrupt;
mod measure;
mod needs;
mod operate;
mod platform;
mod process;
mod progress;
mod rehearse;
mod release;
mod run;
mod stamp;
mod test;
mod tools;

use std::{env, path::Path, process::ExitCode};

use asked::Asked;
use environment::Environment;
use failure::Failure;
use progress::{print, say};

fn main() -> ExitCode {
    match start() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Told(text)) => {
            say(text);
            ExitCode::FAILURE
        }
        Err(Failure::Ended(code)) => ExitCode::from(code),
    }
}

fn start() -> Result<(), Failure> {
    // `./dev` is there already; `cargo xtask` may be called in any folder of the project.
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    env::set_current_dir(project).map_err(|error| format!("{}: {error}", project.display()))?;
    match Asked::read(env::args_os().skip(1))? {
        Asked::Overview => print(help::overview()),
        Asked::Detail(command) => print(help::detail(command)),
        Asked::Done(command, arguments) => (command.run)(&mut Environment::of_caller(), arguments)?,
    }
    Ok(())
}
