//! Functions as they are deployed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    arguments::{self, Arguments},
    environment::Environment,
    failure::Failure,
    files::{self, functions},
    process::{output, run},
    progress::{Steps, print, say},
    stamp::Stamp,
    tools,
};

/// Where SAM puts what is deployed.
const BUILT: &str = ".aws-sam/build";

/// The processor that functions are built for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Architecture {
    Arm64,
    X86,
}

impl Architecture {
    pub(crate) const ALL: [Self; 2] = [Self::Arm64, Self::X86];

    /// As AWS calls it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86 => "x86_64",
        }
    }

    const fn target(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86 => "x86_64-unknown-linux-gnu",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|architecture| architecture.name() == name)
    }

    /// This machine's, if functions can be built for it.
    pub(crate) fn here() -> Option<Self> {
        Self::ALL.into_iter().find(|architecture| architecture.target().split('-').next() == Some(std::env::consts::ARCH))
    }
}

/// What `cargo lambda build` made last: it stands in the file `built` beside it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Built {
    pub(crate) architecture: String,
    pub(crate) version: String,
}

impl Built {
    /// None where nothing was built, or the build was ended.
    pub(crate) fn read(environment: &Environment) -> Option<Self> {
        Self::parse(&fs::read_to_string(folder(environment).join("built")).ok()?)
    }

    fn parse(text: &str) -> Option<Self> {
        let (architecture, version) = text.trim_end().split_once(' ')?;
        Some(Self { architecture: architecture.to_owned(), version: version.to_owned() })
    }

    fn text(&self) -> String {
        format!("{} {}\n", self.architecture, self.version)
    }
}

/// Where `cargo lambda build` puts each function.
pub(crate) fn folder(environment: &Environment) -> PathBuf {
    environment.target().join("lambda")
}

/// Builds every function as it is deployed.
pub(crate) fn build(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    let name = arguments::word(arguments)?.unwrap_or_else(|| "arm64".to_owned());
    let architecture = Architecture::named(&name).ok_or_else(|| format!("./dev build knows arm64 and x86_64, not {name}"))?;
    deployable(environment, architecture)
}

/// The same, into `.aws-sam/build`.
pub(crate) fn deployable(environment: &mut Environment, architecture: Architecture) -> Result<(), Failure> {
    let mut steps = Steps::of(2);
    compile(environment, architecture, &[], &mut steps)?;
    steps.step("putting them where they are deployed from", "half a minute", || {
        // What is only built for tests needs none of this.
        let mut environment = environment.clone();
        let mut stamp = Stamp::now(&environment)?;
        // Of what was compiled: something may have been committed meanwhile.
        stamp.version = Built::read(&environment).ok_or("nothing is built")?.version;
        stamp.put_on(&mut environment);
        let overrides = format!("Architecture={}", architecture.name());
        run(environment.command("sam").args(["build", "--parameter-overrides", &overrides]))?;
        // SAM has written the template anew.
        let template = Path::new(BUILT).join("template.yaml");
        let text = fs::read_to_string(&template).map_err(|error| files::in_file(&template, &error))?;
        files::write(&template, stamped(&text, &stamp.version))
    })?;
    for entry in fs::read_dir(BUILT)? {
        let binary = entry?.path().join("bootstrap");
        if let Ok(found) = binary.metadata() {
            print(format!("{:>10} {}", found.len(), binary.display()));
        }
    }
    Ok(())
}

/// Compiles the functions, and with them these packages.
pub(crate) fn compile(
    environment: &mut Environment,
    architecture: Architecture,
    others: &[&str],
    steps: &mut Steps,
) -> Result<(), Failure> {
    tools::aws(environment)?;
    add_target(environment, architecture.target())?;
    let what = format!("building the functions for {}", architecture.name());
    steps.step(&what, "several minutes the first time", || {
        let mut environment = environment.clone();
        let stamp = Stamp::now(&environment)?;
        stamp.put_on(&mut environment);
        let built = folder(&environment).join("built");
        // What a build that was ended left is of two versions.
        if built.exists() {
            fs::remove_file(&built).map_err(|error| files::in_file(&built, &error))?;
        }
        let mut cargo = environment.cargo(["lambda", "build", "--release"]);
        if architecture == Architecture::Arm64 {
            cargo.arg("--arm64");
        }
        // All at once, so that one is linked beside another; `sam build` then finds each built.
        for name in functions()?.iter().map(String::as_str).chain(others.iter().copied()) {
            cargo.args(["-p", name]);
        }
        run(&mut cargo)?;
        files::write(&built, Built { architecture: architecture.name().to_owned(), version: stamp.version }.text())
    })
}

/// Without rustup, as with a distribution's Rust, cargo-lambda says itself what is missing.
fn add_target(environment: &Environment, target: &str) -> Result<(), Failure> {
    if environment.find("rustup").is_none() {
        return Ok(());
    }
    let installed = output(environment.command("rustup").args(["target", "list", "--installed"]))?;
    if installed.lines().any(|line| line == target) {
        return Ok(());
    }
    say(format!("adding Rust's target {target}"));
    run(environment.command("rustup").args(["target", "add", target]))
}

/// The template with this version as its output `Version`.
fn stamped(template: &str, version: &str) -> String {
    let mut is_inside = false;
    let mut stamped = String::with_capacity(template.len());
    for line in template.lines() {
        is_inside |= line.starts_with("  Version:");
        match line.split_once("Value: ") {
            Some((before, _)) if is_inside => {
                is_inside = false;
                stamped.push_str(&format!("{before}Value: {version}\n"));
            }
            _ => stamped.push_str(&format!("{line}\n")),
        }
    }
    stamped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_output_of_the_version_is_stamped() {
        let template = "Outputs:\n  Other:\n    Value: a\n  Version:\n    Description: x\n    Value: 0.1.0\n  Last:\n    Value: b";
        let expected = "Outputs:\n  Other:\n    Value: a\n  Version:\n    Description: x\n    Value: 0.1.0+abc\n  Last:\n    Value: b\n";
        assert_eq!(stamped(template, "0.1.0+abc"), expected);
    }

    #[test]
    fn what_was_built_is_read_as_it_was_written() {
        let built = Built { architecture: "arm64".to_owned(), version: "0.1.0+1a2b3c4.changed".to_owned() };
        assert_eq!(built.text(), "arm64 0.1.0+1a2b3c4.changed\n");
        assert_eq!(Built::parse(&built.text()), Some(built));
        assert_eq!(Built::parse(""), None);
    }

    #[test]
    fn architectures_have_the_names_of_aws() {
        assert_eq!(Architecture::named("arm64"), Some(Architecture::Arm64));
        assert_eq!(Architecture::named("x86_64"), Some(Architecture::X86));
        assert_eq!(Architecture::named("aarch64"), None);
    }
}
