//! Rehearsals: of a deployment, a newcomer's first minutes, and a contributor's first platform.

use crate::{
    arguments::{self, Arguments},
    environment::Environment,
    failure::Failure,
    process::{replace, run},
    progress::Steps,
    release::{Here, of_here},
    run::build_functions,
    tools::{self, REHEARSAL},
};

/// Deploys what `./dev build` made for this machine's architecture to a local AWS, from a folder as
/// `./dev release` makes it, and plays the whole flow against it. No account, no network.
pub(crate) fn rehearse(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    let [is_debug, _] = arguments::options(["debug", "keep"], arguments.clone())?;
    tools::aws(environment)?;
    REHEARSAL.install(environment)?;
    let mut steps = Steps::of(3);
    steps.step("building what stands around it", "some minutes the first time", || build_functions(environment))?;
    let here = if is_debug { Here::Debug } else { Here::Release };
    steps.step("making .local/dist", "some seconds", || of_here(environment, here, ".local/dist"))?;
    // Behind the path, where only what the other tools lack is found: the AWS command line.
    environment.put_behind_path(tools::whole(".local/rehearsal/bin")?);
    steps.hand_over("the rehearsal, which tells its time", "some minutes");
    let mut python = environment.command(REHEARSAL.program("python"));
    Err(replace(python.args(["-B", "tests/rehearsal/rehearse.py"]).args(arguments)))
}

/// Runs the project in an empty folder, as the README says.
pub(crate) fn newcomer(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    run(environment.command("python3").arg("tests/rehearsal/newcomer.py").args(arguments))
}

/// Adds a platform in an empty folder, as CONTRIBUTING.md says.
pub(crate) fn contributor(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    run(environment.command("python3").arg("tests/rehearsal/contributor.py").args(arguments))
}
