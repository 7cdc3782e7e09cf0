//! What the functions cost, as they are deployed.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use crate::{
    arguments::{self, Arguments},
    build::{Architecture, deployable, folder},
    environment::Environment,
    failure::Failure,
    files::{self, functions},
    needs,
    process::run,
    progress::step,
    run::{build_local, built, harness},
    tools,
};

/// Measures the release build, beside a function that does nothing, in one run.
pub(crate) fn bench(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    release_build(environment, &["--bins", "--examples"])?;
    harness(environment, "bench")?;
    run(environment.command(environment.target().join("harness/bench")).env("E2E_PROFILE", "release").args(arguments))
}

/// Drives the functions with more and more at once, until that brings no more.
pub(crate) fn load(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    match arguments::word(arguments)?.as_deref() {
        None | Some("release") => {
            release_build(environment, &["--bins"])?;
            harness(environment, "load")?;
            run(environment.command(environment.target().join("harness/load")).env("E2E_PROFILE", "release"))
        }
        Some("debug") => {
            build_local(environment)?;
            run(built(environment, "load").env("E2E_PROFILE", "debug"))
        }
        Some(other) => Err(format!("./dev load knows release and debug, not {other}").into()),
    }
}

/// The functions, as Cargo builds them for release.
fn release_build(environment: &Environment, what: &[&str]) -> Result<(), Failure> {
    step("building the functions for release", "several minutes the first time", || {
        let mut cargo = environment.cargo(["build", "--release"]);
        cargo.args(what);
        for name in functions()? {
            cargo.args(["-p", &name]);
        }
        run(&mut cargo)
    })
}

/// Counts the instructions of a warm request of each function, as it is deployed on x86_64.
pub(crate) fn instructions(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    arguments::none(arguments)?;
    let why = if Architecture::here() != Some(Architecture::X86) {
        Some("the limits are for x86_64")
    } else if !needs::valgrind(environment) {
        Some("there is no valgrind")
    } else {
        None
    };
    if let Some(why) = why {
        return needs::left_out(environment, &[format!("The INSTRUCTION COUNT is LEFT OUT: {why}.")]);
    }
    deployable(environment, Architecture::X86)?;
    build_local(environment)?;
    let wrappers = tools::whole(".local/instructions")?;
    files::make(&wrappers)?;
    for name in functions()? {
        let binary = folder(environment).join(&name).join("bootstrap");
        let binary = fs::canonicalize(&binary).map_err(|error| files::in_file(&binary, &error))?;
        let wrapper = wrappers.join(&name);
        files::write(&wrapper, counted(&binary))?;
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
    }
    step("counting instructions", "half a minute", || {
        run(built(environment, "bench").env("E2E_PROFILE", &wrappers).args(["instructions", ".ci/instructions"]))
    })
}

/// A program that takes a function's place, and has its instructions counted.
fn counted(binary: &Path) -> String {
    let quoted = binary.display().to_string().replace('\'', r"'\''");
    format!("#!/bin/sh\nexec valgrind --tool=callgrind --callgrind-out-file=/dev/null '{quoted}'\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_with_any_path_is_counted() {
        let expected = r"'/it'\''s mine/bootstrap'";
        assert!(counted(Path::new("/it's mine/bootstrap")).contains(expected));
    }
}
