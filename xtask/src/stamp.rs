//! Has a commit make the same bytes wherever it is built, and these tell which it was. What it
//! took: docs/operations.md, "Build the same bytes again".

use std::{
    env,
    path::{Path, PathBuf},
};

use crate::{environment::Environment, failure::Failure, process::output};

/// The version that stands in the workspace's `Cargo.toml`, of which this program is, too.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a build tells of itself, and what it must not tell.
#[derive(Debug)]
pub(crate) struct Stamp {
    /// What binaries say which they are.
    pub(crate) version: String,
    /// The commit's time, in place of the build's.
    epoch: Option<String>,
    /// What takes the machine's folders out of the binaries. None where it can't be said.
    flags: Option<String>,
}

impl Stamp {
    /// Of what is checked out now.
    pub(crate) fn now(environment: &Environment) -> Result<Self, Failure> {
        let (mut version, mut epoch) = (VERSION.to_owned(), None);
        if Path::new(".git").exists() {
            let git = |arguments: &[&str]| output(environment.command("git").args(arguments));
            version = committed(VERSION, &git(&["rev-parse", "HEAD"])?, is_changed(environment)?);
            epoch = Some(git(&["log", "-1", "--format=%ct"])?);
        }
        let rustc = |arguments: &[&str]| output(environment.command("rustc").args(arguments));
        let home = environment.get("HOME").map(|home| Path::new(home).join(".cargo"));
        let places = Places {
            compiler: commit_of(&rustc(&["--version", "--verbose"])?).to_owned(),
            sysroot: PathBuf::from(rustc(&["--print", "sysroot"])?),
            cargo_home: environment.get("CARGO_HOME").map(PathBuf::from).or(home).ok_or("HOME is not set")?,
            project: env::current_dir()?,
            target: environment.target(),
        };
        Ok(Self { version, epoch, flags: places.flags() })
    }

    /// Has everything that is built with these variables be so.
    pub(crate) fn put_on(&self, environment: &mut Environment) {
        environment.set("MESSENGER_LINK_VERSION", &self.version);
        if let Some(epoch) = &self.epoch {
            environment.set("SOURCE_DATE_EPOCH", epoch);
        }
        // Not RUSTFLAGS, which would take the place of the processor that cargo-lambda asks for.
        const NAME: &str = "CARGO_BUILD_RUSTFLAGS";
        if let Some(flags) = &self.flags {
            let before = environment.get(NAME).map(|before| format!("{} ", before.display())).unwrap_or_default();
            environment.set(NAME, before + flags);
        }
    }
}

/// Whether something is not committed.
pub(crate) fn is_changed(environment: &Environment) -> Result<bool, Failure> {
    Ok(!output(environment.command("git").args(["status", "--porcelain"]))?.is_empty())
}

/// A version with the commit behind it.
fn committed(version: &str, commit: &str, is_changed: bool) -> String {
    let short: String = commit.chars().take(7).collect();
    format!("{version}+{short}{}", if is_changed { ".changed" } else { "" })
}

/// Which commit of Rust the compiler is.
fn commit_of(said: &str) -> &str {
    said.lines().find_map(|line| line.strip_prefix("commit-hash: ")).unwrap_or_default()
}

/// The folders of this machine that the compiler writes into binaries.
struct Places {
    compiler: String,
    sysroot: PathBuf,
    cargo_home: PathBuf,
    project: PathBuf,
    target: PathBuf,
}

impl Places {
    fn flags(&self) -> Option<String> {
        // Where the standard library's sources are installed, as for an editor, their folder would
        // stand in place of the compiler's name for it.
        let sources = self.sysroot.join("lib/rustlib/src/rust");
        let mut flags = vec![
            format!("--remap-path-prefix={}=/rustc/{}", sources.display(), self.compiler),
            format!("--remap-path-prefix={}=/cargo", self.cargo_home.display()),
            format!("--remap-path-prefix={}=/messenger-link", self.project.display()),
        ];
        // The last one that fits counts.
        if self.target.is_absolute() {
            flags.push(format!("--remap-path-prefix={}=/messenger-link/target", self.target.display()));
        }
        // A flag ends at a space; in a folder with one, bytes are that folder's.
        if flags.iter().any(|flag| flag.contains(' ')) { None } else { Some(flags.join(" ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Places {
        Places {
            compiler: "abc".to_owned(),
            sysroot: "/rust".into(),
            cargo_home: "/home/.cargo".into(),
            project: "/project".into(),
            target: "target".into(),
        }
    }

    #[test]
    fn a_version_tells_the_commit_and_what_is_not_committed() {
        assert_eq!(committed("0.1.0", "1a2b3c4d5e6f", false), "0.1.0+1a2b3c4");
        assert_eq!(committed("0.1.0", "1a2b3c4d5e6f", true), "0.1.0+1a2b3c4.changed");
    }

    #[test]
    fn folders_are_replaced_in_the_order_that_counts() {
        let expected = "--remap-path-prefix=/rust/lib/rustlib/src/rust=/rustc/abc --remap-path-prefix=/home/.cargo=/cargo \
             --remap-path-prefix=/project=/messenger-link";
        assert_eq!(places().flags().unwrap(), expected);
        let elsewhere = Places { target: "/elsewhere".into(), ..places() };
        assert_eq!(elsewhere.flags().unwrap(), format!("{expected} --remap-path-prefix=/elsewhere=/messenger-link/target"));
        assert_eq!(Places { project: "/my project".into(), ..places() }.flags(), None);
    }

    #[test]
    fn the_compiler_is_known_by_its_commit() {
        assert_eq!(commit_of("rustc 1.95.0\nbinary: rustc\ncommit-hash: abc\ncommit-date: x"), "abc");
    }
}
