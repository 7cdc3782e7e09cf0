//! What an operator does from a checkout. In a release, which has no sources, `dev` does it without
//! this program.

use std::path::Path;

use crate::{
    arguments::{self, Arguments},
    environment::Environment,
    failure::Failure,
    files, needs,
    process::{replace, run},
    progress::{say, step},
    run::built,
};

const SECRETS: &str = ".local/secrets.json";

/// Makes and changes what the stack's secret is filled with.
pub(crate) fn secrets(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    Err(replace(environment.command("python3").args(["-B", "operations/change_secrets.py"]).args(arguments)))
}

/// Builds what docs/operator.md is about. It runs for seconds and mostly waits, so optimising it
/// would cost more than that brings. By its binary: by its package alone, dependencies had other
/// features, and were built twice.
pub(crate) fn operator(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    arguments::none(arguments)?;
    files::make(".local/tools/bin")?;
    step("building the program for operators", "some minutes the first time", || {
        run(&mut environment.cargo(["build", "--bin", "operator"]))
    })?;
    let built = environment.target().join("debug/operator");
    // One that runs can't be written over.
    let to = Path::new(".local/tools/bin/operator");
    let new = to.with_extension("new");
    files::copy(&built, &new)?;
    std::fs::rename(&new, to).map_err(|error| files::in_file(to, &error))?;
    say("built .local/tools/bin/operator; docs/operations.md, \"Before anything else\", puts it on the path");
    Ok(())
}

/// Asks a real provider, with a person at the browser; or AWS.
pub(crate) fn accept(environment: &mut Environment, mut arguments: Arguments) -> Result<(), Failure> {
    if arguments.first().is_some_and(|of| of == "aws") {
        arguments.remove(0);
        return accept_aws(environment, arguments);
    }
    step("building", "some minutes the first time", || run(&mut environment.cargo(["build", "--bin", "accept"])))?;
    Err(replace(built(environment, "accept").args(arguments)))
}

/// Tries on a real account what no check on this machine can know.
fn accept_aws(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    if arguments.is_empty() {
        return Err("usage: ./dev accept aws STACK [ARGUMENTS]".into());
    }
    needs::boto3(environment)?;
    let python = environment.get("E2E_PYTHON").unwrap_or_default().to_owned();
    Err(replace(environment.command(python).args(["-B", "operations/accept.py"]).args(arguments)))
}

/// Tells by which marks the log knows accounts. Shows no secret.
pub(crate) fn marks(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    if arguments.is_empty() {
        return Err("usage: ./dev marks ACCOUNT..., each a store's domain or a Page's id".into());
    }
    if !Path::new(SECRETS).exists() {
        return Err(format!("there is no {SECRETS}; docs/operations.md says how to get it").into());
    }
    run(&mut environment.cargo(["build", "--quiet", "-p", "connection-tokens", "--examples"]))?;
    Err(replace(built(environment, "examples/marks").arg(SECRETS).args(arguments)))
}
