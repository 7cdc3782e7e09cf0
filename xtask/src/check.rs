//! What is checked without running the project: its templates, and what it depends on.

use std::fs::File;

use crate::{
    arguments::{self, Arguments},
    environment::Environment,
    failure::Failure,
    files,
    process::{run, shown},
    progress::{Steps, say, step},
    tools::{self, CHECKOV, REHEARSAL},
};

/// The sample bot's.
const SAMPLE: &str = "examples/bot/template.yaml";
/// Prints the template as SAM reads it.
const RESOLVED: &str = "from samcli.yamlhelper import *; print(yaml_dump(yaml_parse(open('template.yaml').read())))";

/// Checks the templates, without AWS credentials and without the network.
pub(crate) fn template(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    arguments::none(arguments)?;
    tools::aws(environment)?;
    CHECKOV.install(environment)?;
    REHEARSAL.install(environment)?;
    let mut steps = Steps::of(4);
    steps.step("SAM and cfn-lint on the templates", "half a minute", || lint(environment))?;
    steps.step("checkov on the templates", "some seconds", || look_for_mistakes(environment))?;
    let script = |name: &str| run(environment.command(REHEARSAL.program("python")).args(["-B", &format!("tests/rehearsal/{name}.py")]));
    steps.step("the commands of the pages for operators, the support desk and the author of a bot", "a minute", || script("commands"))?;
    steps.step("the costs", "", || script("cost"))
}

fn lint(environment: &Environment) -> Result<(), Failure> {
    run(environment.command("sam").args(["validate", "--lint"]))?;
    run(environment.command("sam").args(["validate", "--lint", "--template-file", SAMPLE]))?;
    // With what is only advice.
    run(environment.command("cfn-lint").args(["--include-checks", "I", "--", "template.yaml", "adopt.yaml", "front.yaml", SAMPLE]))
}

/// checkov gets what CloudFormation would, without anchors and merge keys, and calls it a success
/// when it can't read a template.
fn look_for_mistakes(environment: &Environment) -> Result<(), Failure> {
    let resolved = CHECKOV.file("template.yaml");
    let file = File::create(&resolved).map_err(|error| files::in_file(&resolved, &error))?;
    run(environment.command(tools::python()).args(["-c", RESOLVED]).stdout(file))?;
    let mut checkov = environment.command(CHECKOV.program("checkov"));
    checkov.args(["--config-file", ".checkov.yaml"]).env("CKV_SKIP_PACKAGE_UPDATE_CHECK", "true");
    let said = shown(&mut checkov)?;
    if said.contains("Parsing errors") { Err("checkov can't read a template".into()) } else { Ok(()) }
}

/// Refuses dependencies with an unknown license or source, a second TLS stack, or a published
/// advisory.
pub(crate) fn dependencies(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    arguments::none(arguments)?;
    if environment.find("cargo-deny").is_none() {
        // It runs for seconds, so optimising it would cost more than that brings.
        tools::of_rust(environment, "cargo-deny", &["--debug"])?;
    }
    let deny = |arguments: &[&str]| run(environment.cargo(["deny"]).args(arguments));
    step("bans, licenses and sources", "", || deny(&["check", "bans", "licenses", "sources"]))?;
    if deny(&["fetch", "db"]).is_err() {
        say("WARNING: advisories were NOT checked: the advisory database can't be reached from here");
        return Ok(());
    }
    step("advisories", "", || deny(&["check", "advisories"]))
}
