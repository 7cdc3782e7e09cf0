//! All tests, and those that are run for themselves.

use std::{
    fs::File,
    net::{Ipv4Addr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use crate::{
    arguments::Arguments,
    environment::Environment,
    failure::Failure,
    files, needs,
    process::run,
    progress::{Steps, step},
    run::{build_functions, build_local},
    tools,
};

/// Where the other DynamoDB listens.
const PORT: u16 = 4599;
const SERVER_LOG: &str = ".local/counterparts/run/ministack.log";

/// Format, lints, and all tests.
pub(crate) fn test(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    let mut steps = Steps::of(4);
    steps.step("format", "", || run(&mut environment.cargo(["fmt", "--all", "--check"])))?;
    steps.step("lints", "some minutes the first time", || {
        run(&mut environment.cargo(["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]))
    })?;
    steps.step("building the functions", "some minutes the first time", || build_functions(environment))?;
    let missing = find_what_tests_need(environment);
    needs::left_out(environment, &missing)?;
    steps.step("tests", "some minutes, more the first time", || run(runner(environment).args(arguments)))?;
    // Once more, where it is not overlooked.
    needs::left_out(environment, &missing)
}

/// Returns what is left out without it, and what it takes.
fn find_what_tests_need(environment: &mut Environment) -> Vec<String> {
    let mut missing = Vec::new();
    let mut need = |is_there: bool, text: &str| {
        if !is_there {
            missing.push(text.to_owned());
        }
        is_there
    };
    let has_chromium = need(
        needs::chromium(environment).is_ok(),
        "The BROWSER TESTS are LEFT OUT: there is no Chromium. Install it, or say where it is with E2E_CHROMIUM=/path/to/chromium.",
    );
    if has_chromium {
        need(
            needs::page_checks(environment).is_ok(),
            "Accessibility and HTML are NOT CHECKED: axe-core and html-validate need Node.js 20.19 or newer with npm.",
        );
    }
    need(
        needs::boto3(environment).is_ok(),
        "The tests of the SAMPLE BOT and of the README's Python are LEFT OUT: there is no Python 3 with boto3. \
         E2E_PYTHON=/path/to/python3 says where one is.",
    );
    need(
        needs::node(environment).is_ok(),
        "The tests of the SAMPLE BOT FOR NODE.JS are LEFT OUT: that needs Node.js 20 or newer with npm. \
         E2E_NODE=/path/to/node says where one is, beside which examples/bot/node is installed.",
    );
    need(
        needs::counterparts(environment).is_ok(),
        "The tests against WHAT OTHERS WROTE are LEFT OUT: it can't be installed. The lines above say why; it takes Python 3 with pip.",
    );
    missing
}

/// What runs the tests.
fn runner(environment: &Environment) -> Command {
    if !needs::has_nextest(environment) {
        return environment.cargo(["test", "--workspace"]);
    }
    let mut nextest = environment.cargo(["nextest", "run", "--workspace"]);
    if !environment.has("NEXTEST_TEST_THREADS") {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        nextest.env("NEXTEST_TEST_THREADS", at_once(processors).to_string());
    }
    nextest
}

/// More tests at once than there are processors: many wait for what hangs.
const fn at_once(processors: usize) -> usize {
    (processors * 3).div_ceil(2)
}

/// The tests against what others wrote; or the end-to-end tests with the tables in another
/// implementation of DynamoDB.
pub(crate) fn counterparts(environment: &mut Environment, mut arguments: Arguments) -> Result<(), Failure> {
    let on_database = match arguments.first() {
        None => false,
        Some(what) if what == "database" => true,
        Some(what) => return Err(format!("./dev counterparts knows database, not {}", what.display()).into()),
    };
    if !needs::has_nextest(environment) {
        return Err("cargo-nextest is missing, which chooses the tests: https://nexte.st".into());
    }
    needs::counterparts(environment).map_err(|_| "what others wrote can't be installed; the lines above say why")?;
    build_local(environment)?;
    if !on_database {
        return run(&mut environment.cargo(["nextest", "run", "--workspace", "-E", "kind(test) and test(/^counterparts::/)"]));
    }
    arguments.remove(0);
    needs::boto3(environment)?;
    let _server = Server::start(environment)?;
    environment.set("E2E_DYNAMODB_ENDPOINT", format!("http://127.0.0.1:{PORT}"));
    step("all tests that have tables, one at a time", "that server is slow: a quarter of an hour", || {
        let mut nextest = environment.cargo(["nextest", "run", "--workspace", "--no-fail-fast", "--test-threads", "1"]);
        nextest.args(["-E", "package(e2e) and kind(test) and not test(/^(chromium|counterparts|fuzz|template)::/)"]);
        run(nextest.args(arguments))
    })
}

/// The other DynamoDB, which ends when this is dropped.
struct Server(Child);

impl Server {
    fn start(environment: &Environment) -> Result<Self, Failure> {
        let folder = tools::whole(".local/counterparts/run")?;
        files::make(&folder)?;
        let log = File::create(SERVER_LOG).map_err(|error| files::in_file(Path::new(SERVER_LOG), &error))?;
        let mut command = environment.command(".local/counterparts/python/bin/ministack");
        command.envs([("SERVICES", "dynamodb"), ("BIND_HOST", "127.0.0.1"), ("LOG_LEVEL", "WARNING")]);
        command.env("GATEWAY_PORT", PORT.to_string()).env("TMPDIR", folder);
        let mut server = Self(command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?);
        while TcpStream::connect((Ipv4Addr::LOCALHOST, PORT)).is_err() {
            if server.0.try_wait()?.is_some() {
                return Err(format!("ministack does not start: {SERVER_LOG} says why").into());
            }
            thread::sleep(Duration::from_millis(200));
        }
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Tests the unit tests of `shared`: changes the code and tells which changes none of them notices.
pub(crate) fn mutants(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    tools::of_rust(environment, "cargo-mutants", &[])?;
    files::make(".local")?;
    let mut mutants = environment.cargo(["mutants", "--package", "shared", "--output", ".local"]);
    for file in arguments {
        mutants.arg("--file").arg(file);
    }
    run(&mut mutants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_as_many_more_tests_run_as_there_are_processors() {
        assert_eq!([1, 2, 3, 4].map(at_once), [2, 3, 5, 6]);
    }
}
