//! What programs are started with: what whoever called `./dev` has in their environment, and what
//! the steps before have found or made.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

/// `cargo xtask` adds these, and those that begin so. A build script that looks at one would be
/// run anew whenever Cargo is called with it and then without it: aws-lc's takes minutes.
const OF_CARGO: [&str; 2] = ["CARGO", OF_CONFIG];
const OF_CARGO_BEGIN: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];
/// What `.cargo/config.toml` sets, which Cargo reads there again.
const OF_CONFIG: &str = "AWS_LC_SYS_NO_JITTER_ENTROPY";
/// Cargo and rustup put their libraries in front of these.
const LIBRARIES: [&str; 2] = ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"];

/// Variables.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    variables: BTreeMap<OsString, OsString>,
}

impl Environment {
    /// As it was before Cargo started this program.
    pub(crate) fn of_caller() -> Self {
        let profile = env::current_exe().ok().and_then(|this| this.parent().map(Path::to_owned));
        Self { variables: env::vars_os().collect() }.without_cargo(profile.as_deref())
    }

    /// `profile` is the folder in which Cargo has put this program.
    fn without_cargo(mut self, profile: Option<&Path>) -> Self {
        let rust = self.get("CARGO").and_then(|cargo| Some(Path::new(cargo).parent()?.parent()?.join("lib")));
        for name in LIBRARIES {
            let Some(folders) = self.get(name) else { continue };
            let is_ours = |folder: &PathBuf| {
                let in_rust = rust.as_ref().is_some_and(|rust| folder == rust || folder.starts_with(rust.join("rustlib")));
                in_rust || profile.is_some_and(|profile| folder.starts_with(profile))
            };
            let kept: Vec<_> = env::split_paths(folders).filter(|folder| !is_ours(folder)).collect();
            match env::join_paths(&kept) {
                Ok(kept) if !kept.is_empty() => self.set(name, kept),
                _ => _ = self.variables.remove(OsStr::new(name)),
            }
        }
        self.variables.retain(|name, _| {
            let name = name.to_string_lossy();
            !OF_CARGO.contains(&&*name) && !OF_CARGO_BEGIN.iter().any(|beginning| name.starts_with(beginning))
        });
        self
    }

    /// What is set, and not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&OsStr> {
        self.variables.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.insert(name.into(), value.into());
    }

    /// Programs of this folder come before others of their names.
    pub(crate) fn put_before_path(&mut self, folder: PathBuf) {
        self.set_path([folder].into_iter().chain(self.path()).collect());
    }

    /// Programs of this folder are found where there are no others of their names.
    pub(crate) fn put_behind_path(&mut self, folder: PathBuf) {
        self.set_path(self.path().into_iter().chain([folder]).collect());
    }

    fn path(&self) -> Vec<PathBuf> {
        self.get("PATH").map(|path| env::split_paths(path).collect()).unwrap_or_default()
    }

    fn set_path(&mut self, folders: Vec<PathBuf>) {
        // A folder with a colon in its name can't be on it.
        if let Ok(path) = env::join_paths(folders) {
            self.set("PATH", path);
        }
    }

    /// Where a program is, if it is on the path.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        use std::os::unix::fs::PermissionsExt as _;

        let is_program = |file: &PathBuf| file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0);
        self.path().into_iter().map(|folder| folder.join(program)).find(is_program)
    }

    /// A program with these variables and no others.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.variables);
        command
    }

    /// Cargo with these arguments.
    pub(crate) fn cargo<const N: usize>(&self, arguments: [&str; N]) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// Where Cargo builds.
    pub(crate) fn target(&self) -> PathBuf {
        self.get("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment { variables: variables.iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }

    #[test]
    fn what_cargo_added_is_taken_away() {
        let with_cargo = environment(&[
            ("CARGO", "/rust/bin/cargo"),
            ("CARGO_PKG_NAME", "xtask"),
            ("CARGO_MANIFEST_DIR", "/project/xtask"),
            (OF_CONFIG, "1"),
            ("CARGO_TARGET_DIR", "/elsewhere"),
            ("CARGO_HOME", "/home/cargo"),
            ("LD_LIBRARY_PATH", "/elsewhere/debug/deps:/elsewhere/debug:/rust/lib/rustlib/x/lib:/rust/lib:/mine"),
            ("DYLD_FALLBACK_LIBRARY_PATH", "/elsewhere/debug/deps"),
        ]);
        let expected = environment(&[("CARGO_TARGET_DIR", "/elsewhere"), ("CARGO_HOME", "/home/cargo"), ("LD_LIBRARY_PATH", "/mine")]);
        assert_eq!(with_cargo.without_cargo(Some(Path::new("/elsewhere/debug"))).variables, expected.variables);
    }

    #[test]
    fn what_the_configuration_sets_is_known() {
        let config = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../.cargo/config.toml")).unwrap();
        let (_, set) = config.split_once("\n[env]\n").unwrap();
        let names: Vec<_> = set.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = ")).collect();
        assert_eq!(names, [(OF_CONFIG, "\"1\"")]);
    }

    #[test]
    fn an_empty_variable_is_none() {
        assert_eq!(environment(&[("E2E_PYTHON", "")]).get("E2E_PYTHON"), None);
        assert_eq!(environment(&[("CARGO_TARGET_DIR", "")]).target(), Path::new("target"));
    }

    #[test]
    fn a_program_is_found_on_the_path_in_its_order() {
        let mut environment = environment(&[("PATH", "/nowhere")]);
        assert_eq!(environment.find("sh"), None);
        environment.put_behind_path("/bin".into());
        assert_eq!(environment.find("sh"), Some("/bin/sh".into()));
        environment.put_before_path("/usr/bin".into());
        assert_eq!(environment.get("PATH"), Some(OsStr::new("/usr/bin:/nowhere:/bin")));
    }
}
