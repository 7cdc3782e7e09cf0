//! The programs of others that the project uses, as the files in `tools/` pin them: what CI saw is
//! what you get. Each is installed below `.local/` when it is needed, and again when its file
//! changes.

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{
    environment::Environment,
    failure::Failure,
    files::{self, content},
    process::{persistently, quiet, run},
    progress::{say, step},
};

/// Packages for Python, in an environment of their own.
#[derive(Debug)]
pub(crate) struct Packages {
    /// `tools/NAME.txt` pins them.
    name: &'static str,
    folder: &'static str,
    /// Whether others are in that folder too, and stay there.
    is_shared: bool,
    usual: &'static str,
}

/// What builds and deploys.
const AWS: Packages = Packages { name: "aws", folder: ".local/tools", is_shared: true, usual: "about two minutes" };
/// What the sample bot and the programs in `operations/` need.
const BOTO3: Packages = Packages { name: "boto3", folder: ".local/tools", is_shared: true, usual: "some seconds" };
/// What reads the templates for mistakes. It needs other versions of what the others need.
pub(crate) const CHECKOV: Packages = Packages { name: "checkov", folder: ".local/checkov", is_shared: false, usual: "half a minute" };
/// The local AWS and the AWS command line. They need other versions, too.
pub(crate) const REHEARSAL: Packages = Packages { name: "rehearsal", folder: ".local/rehearsal", is_shared: false, usual: "half a minute" };

/// Where programs that are installed for several commands lie.
const BIN: &str = ".local/tools/bin";
/// The programs of Rust, as Dependabot reads them.
const OF_RUST: &str = include_str!("../../tools/cargo/Cargo.toml");

impl Packages {
    /// A program that they bring.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.file(&format!("bin/{name}"))
    }

    /// A file in their folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        Path::new(self.folder).join(name)
    }

    fn pinned(&self) -> PathBuf {
        PathBuf::from(format!("tools/{}.txt", self.name))
    }

    /// Installs them, unless what is there was installed from the same file.
    pub(crate) fn install(&self, environment: &Environment) -> Result<(), Failure> {
        let pinned = content(self.pinned()).ok_or_else(|| format!("{} is missing", self.pinned().display()))?;
        let installed = self.file(&format!("{}.txt", self.name));
        if content(&installed).as_ref() == Some(&pinned) {
            return Ok(());
        }
        step(&format!("installing {} into {}", self.pinned().display(), self.folder), self.usual, || {
            if !self.is_shared {
                files::remove(Path::new(self.folder))?;
            }
            self.make(environment)?;
            self.pip(environment, &self.pinned())?;
            files::write(&installed, &pinned)
        })
    }

    /// Makes the environment, if there is none.
    fn make(&self, environment: &Environment) -> Result<(), Failure> {
        if self.program("pip").exists() {
            return Ok(());
        }
        files::make(".local")?;
        run(environment.command("python3").args(["-m", "venv", self.folder]))
            .map_err(|_| "python3 can't make a virtual environment; on Debian: apt-get install python3-venv".into())
    }

    /// Installs what a file pins and nothing else: it names every dependency.
    fn pip(&self, environment: &Environment, pinned: &Path) -> Result<(), Failure> {
        persistently(|| {
            let mut pip = environment.command(self.program("pip"));
            pip.args(["install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps", "-r"]).arg(pinned);
            pip
        })
    }
}

/// A folder of the project by its whole path.
pub(crate) fn whole(folder: &str) -> Result<PathBuf, Failure> {
    Ok(env::current_dir()?.join(folder))
}

/// Installs what builds and deploys, and puts it first on the path.
pub(crate) fn aws(environment: &mut Environment) -> Result<(), Failure> {
    AWS.install(environment)?;
    environment.put_before_path(whole(BIN)?);
    environment.set("SAM_CLI_TELEMETRY", "0");
    Ok(())
}

/// Puts cargo-lambda on the path: the one that is there, or one of the project's own.
pub(crate) fn cargo_lambda(environment: &mut Environment) -> Result<(), Failure> {
    if environment.find("cargo-lambda").is_some() {
        return Ok(());
    }
    environment.put_behind_path(whole(BIN)?);
    if environment.find("cargo-lambda").is_some() {
        return Ok(());
    }
    if environment.find("python3").is_none() {
        return Err("cargo-lambda is missing, and Python 3 with pip, which could install it, too".into());
    }
    step("installing cargo-lambda into .local/tools", "half a minute", || {
        AWS.make(environment)?;
        let all = String::from_utf8_lossy(&content(AWS.pinned()).unwrap_or_default()).into_owned();
        let alone = AWS.file("cargo-lambda.txt");
        files::write(&alone, requirement(&all, "cargo-lambda").ok_or("tools/aws.txt has no cargo-lambda")?)?;
        // Without zig, its dependency: only a build for AWS needs that.
        AWS.pip(environment, &alone).map_err(|_| "cargo-lambda could not be installed; the lines above say why".into())
    })
}

/// Installs boto3, and returns the Python that has it.
pub(crate) fn boto3(environment: &Environment) -> Result<PathBuf, Failure> {
    BOTO3.install(environment)?;
    Ok(python())
}

/// The Python of what builds and deploys, which may not be there.
pub(crate) fn python() -> PathBuf {
    AWS.program("python")
}

/// A requirement with its hashes, out of a file that pins many.
fn requirement(pinned: &str, name: &str) -> Option<String> {
    let mut lines = pinned.lines().skip_while(|line| line.split("==").next() != Some(name));
    let mut found = format!("{}\n", lines.next()?);
    for line in lines.take_while(|line| line.starts_with(' ')) {
        found.push_str(line);
        found.push('\n');
    }
    Some(found)
}

/// Installs a program of Rust from source, and puts it first on the path. It is there as
/// `cargo NAME` with the version that is pinned, or not at all.
pub(crate) fn of_rust(environment: &mut Environment, name: &str, options: &[&str]) -> Result<(), Failure> {
    let version = version_of_rust(name).ok_or_else(|| format!("tools/cargo/Cargo.toml has no {name}"))?;
    environment.put_before_path(whole(BIN)?);
    let command = name.strip_prefix("cargo-").unwrap_or(name);
    let there = quiet(&mut environment.cargo([command, "--version"]));
    if there.is_some_and(|there| there.split_whitespace().any(|word| word == version)) {
        return Ok(());
    }
    step(&format!("installing {name} {version} into .local/tools, from source"), "some minutes", || {
        let mut cargo = environment.cargo(["install", "--quiet", "--locked", "--root", ".local/tools"]);
        run(cargo.args(options).arg(format!("{name}@{version}")))
    })
}

fn version_of_rust(name: &str) -> Option<&'static str> {
    OF_RUST.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \"=")?.strip_suffix('"'))
}

/// Installs a package of Debian's, where that is allowed.
pub(crate) fn debian(environment: &Environment, package: &str) -> bool {
    use std::process::Stdio;

    if environment.find("apt-get").is_none() || quiet(environment.command("id").arg("-u")).as_deref() != Some("0") {
        return false;
    }
    say(format!("installing {package}"));
    let apt = |arguments: &[&str]| {
        persistently(|| {
            let mut apt = environment.command("apt-get");
            apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
            apt
        })
    };
    apt(&["update"]).and_then(|()| apt(&["install", "-y", "--no-install-recommends", package])).is_ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const ALL: [&Packages; 4] = [&AWS, &BOTO3, &CHECKOV, &REHEARSAL];

    fn text(file: impl AsRef<Path>) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap()
    }

    #[test]
    fn everything_is_pinned_with_its_hashes_and_comes_from_wherever_pip_asks() {
        for packages in ALL {
            let text = text(packages.pinned());
            let requirements: Vec<_> = text.lines().filter(|line| !line.starts_with([' ', '#'])).collect();
            assert!(!requirements.is_empty());
            for line in requirements {
                let name = line.split("==").next().unwrap();
                assert!(line.contains("==") && requirement(&text, name).unwrap().contains("--hash=sha256:"), "{line}");
            }
            assert!(!text.contains("://") && !text.contains("index-url"), "{} names a registry", packages.pinned().display());
        }
    }

    #[test]
    fn it_was_made_of_what_is_asked_for() {
        for packages in ALL {
            let pinned = text(packages.pinned());
            for line in text(packages.pinned().with_extension("in")).lines().filter(|line| !line.starts_with('#')) {
                let found = pinned.lines().any(|of| of.trim_end_matches([' ', '\\']).split(" ;").next() == Some(line));
                assert!(found, "{}: {line}", packages.pinned().display());
            }
        }
    }

    #[test]
    fn a_requirement_ends_with_its_last_hash() {
        let pinned = "a==1 \\\n    --hash=x\nab==2 \\\n    --hash=y \\\n    --hash=z\nc==3\n";
        assert_eq!(requirement(pinned, "ab").unwrap(), "ab==2 \\\n    --hash=y \\\n    --hash=z\n");
        assert_eq!(requirement(pinned, "b"), None);
    }

    #[test]
    fn programs_of_rust_have_an_exact_version() {
        for name in ["cargo-deny", "cargo-mutants"] {
            assert!(version_of_rust(name).unwrap().split('.').count() == 3, "{name}");
        }
        assert_eq!(version_of_rust("cargo"), None);
    }
}
