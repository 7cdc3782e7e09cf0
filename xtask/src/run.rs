//! The local run, and the other programs of the tests' package.

use std::process::Command;

use crate::{
    arguments::{self, Arguments},
    environment::Environment,
    failure::Failure,
    files::functions,
    needs,
    process::{replace, run as wait_for},
    progress::{say, step},
    tools,
};

/// Builds the functions and all the programs around them. All packages at once, as `cargo lambda
/// watch` does: with fewer, dependencies would have other features, and be built twice.
pub(crate) fn build_local(environment: &Environment) -> Result<(), Failure> {
    step("building the functions", "some minutes the first time", || build_functions(environment))
}

/// The same, without a word.
pub(crate) fn build_functions(environment: &Environment) -> Result<(), Failure> {
    wait_for(&mut environment.cargo(["build", "--bins"]))
}

/// Builds only what a local run starts. Again no package is named: that would choose other features.
fn build_for_run(environment: &Environment) -> Result<(), Failure> {
    let mut cargo = environment.cargo(["build", "--bin", "local"]);
    for name in functions()? {
        cargo.args(["--bin", &name]);
    }
    step("building the functions", "some minutes the first time", || wait_for(&mut cargo))
}

/// A program that was built for debugging.
pub(crate) fn built(environment: &Environment, name: &str) -> Command {
    environment.command(environment.target().join("debug").join(name))
}

/// Runs everything on this machine.
pub(crate) fn run(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    tools::cargo_lambda(environment)?;
    build_for_run(environment)?;
    let has_own_bot = arguments.iter().any(|argument| argument == "--bot" || argument == "--no-bot");
    if !has_own_bot && needs::boto3(environment).is_err() {
        say("the sample bot may not start: there is no Python 3 with boto3");
    }
    Err(replace(built(environment, "local").args(arguments)))
}

/// Takes a picture of every page, for a person to look at.
pub(crate) fn screenshots(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    needs::chromium(environment)?;
    build_local(environment)?;
    step("taking pictures", "two minutes", || wait_for(built(environment, "screenshots").args(arguments)))
}

/// Records what later versions have to read as this one does.
pub(crate) fn golden(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    build_local(environment)?;
    wait_for(built(environment, "golden").arg("write").args(arguments))
}

/// Draws what the templates have.
pub(crate) fn diagram(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    arguments::none(arguments)?;
    build_local(environment)?;
    wait_for(&mut built(environment, "diagram"))
}

/// Fuzzes for as long as one likes; the tests do it for seconds. Optimised, since it is the number
/// of inputs that counts.
pub(crate) fn fuzz(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    harness(environment, "fuzz")?;
    wait_for(environment.command(environment.target().join("harness/fuzz")).args(arguments))
}

/// Builds a program that measures or looks for long.
pub(crate) fn harness(environment: &Environment, name: &str) -> Result<(), Failure> {
    step(&format!("building {name}"), "some minutes the first time", || {
        wait_for(&mut environment.cargo(["build", "--profile", "harness", "-p", "e2e", "--bin", name]))
    })
}

/// Looks at today's date: nobody notices otherwise, since Facebook serves what has ended with
/// another version.
pub(crate) fn versions(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    arguments::none(arguments)?;
    build_local(environment)?;
    step("checking the versions of the providers' interfaces", "", || wait_for(&mut built(environment, "versions")))
}
