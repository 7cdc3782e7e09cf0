//! A folder from which a stack is deployed without a build.

use std::{path::Path, process::Command};

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    arguments::Arguments,
    build::{Architecture, Built, compile, folder},
    environment::Environment,
    failure::Failure,
    files::{self, functions},
    process::run,
    progress::{Steps, say},
    stamp::{self, Stamp},
};

const DIST: &str = "dist";
/// Where binaries are collected for it.
const COLLECTED: &str = ".local/release";

/// What a release is made of.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// What is checked out, with the changelog's section of this version, or of what is unreleased.
    Sources(Option<String>),
    Here(Here),
}

/// What is there already, for this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Here {
    /// What `./dev test` builds.
    Debug,
    /// What `./dev build` built.
    Release,
}

impl Wanted {
    fn read(arguments: Arguments) -> Result<Self, Failure> {
        let mut parser = Parser::from_args(arguments);
        let wanted = match parser.next()? {
            None => return Ok(Self::Sources(None)),
            Some(Arg::Long("debug")) => Self::Here(Here::Debug),
            Some(Arg::Long("this-machine")) => Self::Here(Here::Release),
            Some(Arg::Value(version)) => Self::Sources(Some(version.string()?)),
            Some(argument) => return Err(argument.unexpected().into()),
        };
        match parser.next()? {
            None => Ok(wanted),
            Some(argument) => Err(argument.unexpected().into()),
        }
    }
}

/// Makes `dist/`.
pub(crate) fn release(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    match Wanted::read(arguments)? {
        Wanted::Sources(version) => of_sources(environment, version.as_deref()),
        Wanted::Here(here) => Steps::of(1).step("making dist/", "some seconds", || of_here(environment, here, DIST)),
    }
}

fn of_sources(environment: &mut Environment, version: Option<&str>) -> Result<(), Failure> {
    if let Some(version) = version {
        if version != stamp::VERSION {
            return Err(format!("Cargo.toml is of version {}, not {version}", stamp::VERSION).into());
        }
        if stamp::is_changed(environment)? {
            return Err("something is not committed: git status".into());
        }
    }
    let collected = Path::new(COLLECTED);
    files::remove(collected)?;
    files::make(collected)?;
    let mut steps = Steps::of(Architecture::ALL.len() + 1);
    let mut folders = Vec::new();
    for architecture in Architecture::ALL {
        compile(environment, architecture, &["operator"], &mut steps)?;
        let to = collected.join(architecture.name());
        files::copy(&folder(environment), &to)?;
        folders.push(format!("{}={}", architecture.name(), to.display()));
    }
    steps.step("packing", "a minute", || {
        let mut environment = environment.clone();
        let stamp = Stamp::now(&environment)?;
        stamp.put_on(&mut environment);
        run(package(&environment).args([DIST, &stamp.version, version.unwrap_or("Unreleased")]).args(folders))
    })?;
    say("made dist/; docs/operations.md, \"From a release\", deploys it");
    Ok(())
}

/// The same for this machine's architecture, of what is built already.
pub(crate) fn of_here(environment: &Environment, here: Here, dist: &str) -> Result<(), Failure> {
    let architecture = Architecture::here().map_or(std::env::consts::ARCH, Architecture::name);
    let collected = Path::new(COLLECTED);
    let debug = environment.target().join("debug");
    files::remove(collected)?;
    strip(environment, &debug, "operator")?;
    let version = match here {
        Here::Debug => {
            for name in functions()? {
                strip(environment, &debug, &name)?;
            }
            stamp::VERSION.to_owned()
        }
        Here::Release => {
            let built = Built::read(environment).filter(|built| built.architecture == architecture);
            let built = built.ok_or_else(|| format!("nothing is built that runs here; run ./dev build {architecture}"))?;
            for name in functions()? {
                files::copy(&folder(environment).join(&name), &collected.join(&name))?;
            }
            built.version
        }
    };
    let of_architecture = format!("{architecture}={COLLECTED}");
    run(package(environment).args(["--quick", dist, &version, "Unreleased", &of_architecture]))
}

fn package(environment: &Environment) -> Command {
    let mut command = environment.command("python3");
    command.args(["-B", ".ci/package.py"]);
    command
}

/// Collects a binary without its symbols.
fn strip(environment: &Environment, from: &Path, name: &str) -> Result<(), Failure> {
    let to = Path::new(COLLECTED).join(name);
    files::make(&to)?;
    run(environment.command("strip").arg("-o").arg(to.join("bootstrap")).arg(from.join(name)))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;

    fn read(arguments: &[&str]) -> Result<Wanted, Failure> {
        Wanted::read(arguments.iter().map(OsString::from).collect())
    }

    #[test]
    fn a_release_is_of_one_thing() {
        assert_eq!(read(&[]), Ok(Wanted::Sources(None)));
        assert_eq!(read(&["0.2.0"]), Ok(Wanted::Sources(Some("0.2.0".to_owned()))));
        assert_eq!(read(&["--debug"]), Ok(Wanted::Here(Here::Debug)));
        assert_eq!(read(&["--this-machine"]), Ok(Wanted::Here(Here::Release)));
        for wrong in [&["--release"][..], &["0.2.0", "--debug"], &["--debug", "--this-machine"]] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
