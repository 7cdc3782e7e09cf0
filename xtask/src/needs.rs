//! What the tests need beside Rust: each is found, or installed where that is allowed, and named in
//! a variable that the tests read. Without it, the tests that need it are left out.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    environment::Environment,
    failure::Failure,
    files::{self, content},
    process::{output, persistently, quiet},
    progress::{boxed, say, step},
    tools,
};

const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const PAGE_CHECKS: &str = "tests/page-checks";
const NODE_SAMPLE: &str = "examples/bot/node";
const COUNTERPARTS: &str = "tests/counterparts";

/// A browser, for the tests that look at pages.
pub(crate) fn chromium(environment: &mut Environment) -> Result<(), Failure> {
    let missing = "there is no Chromium; E2E_CHROMIUM=/path/to/chromium says where one is";
    if environment.has("E2E_CHROMIUM") {
        return Ok(());
    }
    let find = |environment: &Environment| {
        let all = CHROMIUM.into_iter().filter_map(|name| environment.find(name));
        all.into_iter().find(|browser| quiet(environment.command(browser).arg("--version")).is_some())
    };
    let found = find(environment).or_else(|| tools::debian(environment, "chromium").then(|| find(environment))?);
    environment.set("E2E_CHROMIUM", found.ok_or(missing)?);
    Ok(())
}

/// A folder with axe-core and html-validate, with which those tests check each page.
pub(crate) fn page_checks(environment: &mut Environment) -> Result<(), Failure> {
    if !environment.has("E2E_PAGE_CHECKS") {
        need_node(environment, (20, 19))?;
        let folder = tools::whole(".local/page-checks")?;
        files::make(&folder)?;
        let installed = folder.join("installed");
        let (manifest, lock) = (Path::new(PAGE_CHECKS).join("package.json"), Path::new(PAGE_CHECKS).join("package-lock.json"));
        if content(&lock) != content(&installed) {
            step("installing axe-core and html-validate into .local/page-checks", "some seconds", || {
                files::copy(&manifest, &folder.join("package.json"))?;
                files::copy(&lock, &folder.join("package-lock.json"))?;
                npm_ci(environment, &folder)?;
                files::copy(&lock, &installed)
            })?;
        }
        environment.set("E2E_PAGE_CHECKS", folder);
    }
    Ok(())
}

/// A Python with boto3, for the sample bot, the lines of the README, and `operations/`.
pub(crate) fn boto3(environment: &mut Environment) -> Result<(), Failure> {
    let missing = "there is no Python 3 with boto3; E2E_PYTHON=/path/to/python3 says where one is";
    if environment.has("E2E_PYTHON") {
        return Ok(());
    }
    // Its own path rather than that of a version manager's wrapper, which needs what a test's
    // environment lacks.
    let has_boto3 = |python: PathBuf| quiet(environment.command(python).args(["-c", "import sys, boto3; print(sys.executable)"]));
    let mut found = ["python3".into(), tools::python()].into_iter().find_map(has_boto3);
    if found.is_none() && environment.find("python3").is_some() {
        found = tools::boto3(environment).ok().and_then(has_boto3);
    }
    environment.set("E2E_PYTHON", found.ok_or(missing)?);
    Ok(())
}

/// A Node.js, for the sample bot that is written for it, and AWS's SDK beside that.
pub(crate) fn node(environment: &mut Environment) -> Result<(), Failure> {
    if !environment.has("E2E_NODE") {
        need_node(environment, (20, 0))?;
        let folder = Path::new(NODE_SAMPLE);
        let (lock, installed) = (folder.join("package-lock.json"), folder.join("node_modules/installed"));
        if content(&lock) != content(&installed) {
            step("installing AWS's SDK for Node.js into examples/bot/node", "some seconds", || {
                npm_ci(environment, folder)?;
                files::copy(&lock, &installed)
            })?;
        }
        // Its own path, as with Python.
        let program = output(environment.command("node").args(["-p", "process.execPath"]))?;
        environment.set("E2E_NODE", program);
    }
    Ok(())
}

/// What others wrote, against which the project's beliefs are held.
pub(crate) fn counterparts(environment: &mut Environment) -> Result<(), Failure> {
    if !environment.has("E2E_COUNTERPARTS") {
        let (from, home) = (Path::new(COUNTERPARTS), tools::whole(".local/counterparts")?);
        // As its last step, `install` leaves there what it installed from.
        let pinned = ["requirements.txt", "package-lock.json", "install"].map(|name| content(from.join(name)).unwrap_or_default());
        if content(home.join("installed")) != Some(pinned.concat()) {
            if environment.find("python3").is_none() {
                return Err("Python 3 is missing".into());
            }
            step("installing what others wrote into .local/counterparts", "a minute", || {
                persistently(|| {
                    let mut install = environment.command(from.join("install"));
                    install.arg(&home);
                    install
                })
            })?;
        }
        environment.set("E2E_COUNTERPARTS", home);
    }
    Ok(())
}

/// What counts instructions.
pub(crate) fn valgrind(environment: &Environment) -> bool {
    environment.find("valgrind").is_some() || tools::debian(environment, "valgrind")
}

/// Node.js of at least this version, with npm.
fn need_node(environment: &Environment, least: (u32, u32)) -> Result<(), Failure> {
    let found = quiet(environment.command("node").arg("--version"));
    let is_new = found.as_deref().and_then(version).is_some_and(|found| found >= least);
    if is_new && environment.find("npm").is_some() { Ok(()) } else { Err("Node.js with npm is missing, or too old".into()) }
}

/// Major and minor, out of what Node.js says of itself.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix('v')?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// What a lock file names, checked against the sums in it.
fn npm_ci(environment: &Environment, folder: &Path) -> Result<(), Failure> {
    persistently(|| {
        let mut npm: Command = environment.command("npm");
        npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]).current_dir(folder);
        npm
    })
}

/// A test that was left out must not look like one that passed. With `DEV_WHOLE`, as in CI, none
/// may be.
pub(crate) fn left_out(environment: &Environment, texts: &[String]) -> Result<(), Failure> {
    if texts.is_empty() {
        return Ok(());
    }
    for line in boxed(texts) {
        say(line);
    }
    if environment.has("DEV_WHOLE") { Err("that may not be left out here".into()) } else { Ok(()) }
}

/// Whether tests are chosen and run by cargo-nextest.
pub(crate) fn has_nextest(environment: &Environment) -> bool {
    quiet(&mut environment.cargo(["nextest", "--version"])).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_by_number() {
        assert_eq!(version("v20.19.1"), Some((20, 19)));
        assert!(version("v20.9.0").unwrap() < (20, 19));
        assert!(version("v24.0.0").unwrap() > (20, 19));
        assert_eq!(version("20.19.1"), None);
    }
}
