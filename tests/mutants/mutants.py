"""Which changes of `shared` no test notices: every mutant that cargo-mutants lists, against all tests that reach it, the end-to-end tests with the real binaries included.

All mutants are built at once, each behind a switch (`switches`, beside this file), since a build for each would take days. Each test runs once by itself and tells which
switches it met; a mutant then needs only those tests, the quickest first, until one fails. A second run goes on where the first one stopped.

    mutants.py [PATTERN]    PATTERN: a regular expression of files, all if not given

The verdicts are in .local/mutants/results.jsonl, a mutant a line. .cargo/mutants.toml leaves out what nothing could notice, each with its reason.
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOME = ROOT / ".local" / "mutants"
TREE = HOME / "tree"
TARGET = HOME / "target"
WORKERS = int(os.environ.get("MUTANTS_WORKERS", "2"))
# Tests that need what is not built here, or look at sources and pictures rather than at what the code does.
LEFT_OUT = {"bot", "chromium", "counterparts", "pages", "template", "metrics", "privileges"}
# Of the tests that reach a mutant, at most so many end-to-end ones are run, and none that takes longer than this.
MOST_TESTS, LONGEST = int(os.environ.get("MUTANTS_TESTS", "40")), 8

SWITCHES = """//! Which mutant is on, and, where that is asked for, which ones were met.
use std::{collections::HashSet, fs::File, io::Write, sync::{Mutex, OnceLock}};
type Met = Mutex<(File, HashSet<u32>)>;
static CHOSEN: OnceLock<(u32, Option<Met>)> = OnceLock::new();
pub fn on(number: u32) -> bool {
    let (chosen, met) = CHOSEN.get_or_init(|| {
        let chosen = std::env::var("MUTANT").ok().and_then(|number| number.parse().ok()).unwrap_or(0);
        let met = std::env::var("MUTANTS_MET").ok().map(|path| File::options().create(true).append(true).open(path).unwrap());
        (chosen, met.map(|file| Mutex::new((file, HashSet::new()))))
    });
    if let Some(met) = met {
        let mut met = met.lock().unwrap();
        if met.1.insert(number) {
            let _ = met.0.write_all(format!("{number}\\n").as_bytes());
        }
    }
    number == *chosen
}
"""


def say(*words):
    print("mutants:", *words, flush=True)


def cargo(*arguments, **options):
    environment = dict(os.environ, CARGO_TARGET_DIR=str(TARGET), CARGO_PROFILE_DEV_DEBUG="0")
    return subprocess.run(["cargo", *arguments], cwd=TREE, env=environment, stdout=subprocess.PIPE, text=True, **options)


def messages(*arguments):
    """What the compiler says, as Cargo's JSON."""
    lines = cargo(*arguments, "--message-format=json", stderr=subprocess.DEVNULL).stdout.splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def copy_tree():
    """The working tree as it is, changes included."""
    shutil.rmtree(TREE, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name)


def insert(name, after, text):
    source = (TREE / name).read_text()
    assert source.count(after) == 1, f"{name} no longer holds {after!r} once"
    (TREE / name).write_text(source.replace(after, after + text))


def write_switches(not_compiling):
    """The tree with its switches; gives back the numbers of the mutants that can have none."""
    copy_tree()
    (HOME / "not_compiling.json").write_text(json.dumps(sorted(not_compiling)))
    command = [HOME / "switches" / "debug" / "switches", HOME / "list.json", TREE, HOME / "not_compiling.json"]
    constant = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    (TREE / "shared/src/switches.rs").write_text(SWITCHES)
    insert("shared/src/lib.rs", "\npub mod signing;", "\n#[allow(missing_docs)]\npub mod switches;")
    # The functions are started with an environment of their own.
    passed_on = '["MUTANT", "MUTANTS_MET"].into_iter().filter_map(|name| Some((name, std::env::var(name).ok()?)))'
    insert("tests/src/lambda/instance.rs", ".env_clear()", f".envs({passed_on})")
    # Fewer schedules do for one mutant: the simulation finds what it finds within hundreds.
    simulation = TREE / "shared/src/renewal/simulation.rs"
    simulation.write_text(re.sub(r"const EACH: u64 = [\d_]+", "const EACH: u64 = 1_500", simulation.read_text()))
    return set(constant)


def prepare():
    """Builds it all once; gives back which mutants there are, which can't be compiled, and which are constants."""
    HOME.mkdir(parents=True, exist_ok=True)
    copy_tree()
    listed = cargo("mutants", "--list", "--json", "--package", "shared", check=True)
    (HOME / "list.json").write_text(listed.stdout)
    manifest = str(ROOT / "tests/mutants/Cargo.toml")
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", str(HOME / "switches")], check=True)
    not_compiling = set()
    while True:
        constants = write_switches(not_compiling)
        errors = [m["message"] for m in messages("check", "--package", "shared", "--lib") if m["reason"] == "compiler-message"]
        errors = [error for error in errors if error["level"] == "error" and error["spans"]]
        found = set(filter(None, map(switch_of, errors)))
        if not errors:
            return json.loads(listed.stdout), not_compiling, constants
        if not found - not_compiling:
            sys.exit("mutants: what does not compile is no mutant's fault:\n" + errors[0]["rendered"])
        not_compiling |= found


def switch_of(error):
    """The switch in whose line, or below it, the compiler found fault."""
    for span in sorted(error["spans"], key=lambda span: not span["is_primary"]):
        lines = (TREE / span["file_name"]).read_text().splitlines() if (TREE / span["file_name"]).is_file() else []
        for line in reversed(lines[max(0, span["line_start"] - 4) : span["line_start"]]):
            if numbers := re.findall(r"switches::on\((\d+)\)", line):
                return int(numbers[-1])
    return None


class Tests:
    """The tests and the mutants that each of them meets."""

    def __init__(self):
        cargo("build", "--workspace", "--bins", check=True)
        built = [m for m in messages("test", "--no-run", "--workspace", "--lib", "--bins", "--tests") if m["reason"] == "compiler-artifact"]
        self.tests = []
        for artifact in built:
            if artifact["executable"] and artifact["profile"]["test"] and artifact["target"]["name"] not in LEFT_OUT:
                folder, kind = os.path.dirname(artifact["manifest_path"]), artifact["target"]["kind"]
                _, _, listed = execute([artifact["executable"], "--list"], folder, 60)
                names = [line.removesuffix(": test") for line in listed.splitlines() if line.endswith(": test")]
                self.tests += [{"binary": artifact["executable"], "folder": folder, "e2e": kind == ["test"], "name": name} for name in names]
        say(len(self.tests), "tests, each by itself")
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(self.measure, range(len(self.tests))))
        failed = [test["name"] for test in self.tests if test["failed"]]
        if failed:
            say(f"{len(failed)} tests fail without any mutant and are left out:", ", ".join(failed))
        self.by_mutant = collections.defaultdict(list)
        for test in sorted(self.tests, key=lambda test: test["seconds"]):
            for number in () if test["failed"] else test["met"]:
                self.by_mutant[number].append(test)

    def measure(self, index):
        test, met = self.tests[index], HOME / f"met-{index}"
        met.unlink(missing_ok=True)
        test["failed"], test["seconds"], _ = execute([test["binary"], "--exact", test["name"]], test["folder"], 180, MUTANTS_MET=str(met))
        test["met"] = sorted({int(line) for line in met.read_text().split()}) if met.exists() else []
        met.unlink(missing_ok=True)

    def verdict(self, number):
        """`caught`, `timeout`, `missed` or `unreached`, and by which test."""
        tests = self.by_mutant[number]
        end_to_end = [test for test in tests if test["e2e"] and test["seconds"] < LONGEST][:MOST_TESTS]
        for test in [test for test in tests if not test["e2e"]] + end_to_end:
            limit = 10 + 4 * test["seconds"]
            for _ in range(2):  # What fails once may have failed by itself.
                result, _, _ = execute([test["binary"], "--exact", test["name"]], test["folder"], limit, MUTANT=str(number))
                if not result or result == "timeout":
                    break
            if result:
                return ("timeout" if result == "timeout" else "caught"), test["name"]
        return ("missed" if tests else "unreached"), None


def execute(command, folder, limit, **variables):
    """Runs a test: how it failed, if it did, how long it took, and what it said."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    scratch = HOME / "scratch"
    scratch.mkdir(exist_ok=True)
    environment = dict(kept, CARGO_MANIFEST_DIR=folder, TMPDIR=str(scratch), PROPTEST_DISABLE_FAILURE_PERSISTENCE="1", **variables)
    started = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        said, _ = process.communicate(timeout=limit)
        failed = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
        failed = "timeout"
    return failed, time.monotonic() - started, said.decode(errors="replace")


def area(name):
    """What a file is counted under."""
    parts = name.removeprefix("shared/src/").removesuffix(".rs").split("/")
    return "/".join(parts[:2]) if parts[0] == "providers" else parts[0]


def report(mutants, verdicts):
    table = collections.defaultdict(collections.Counter)
    for number, verdict in verdicts.items():
        for row in (area(mutants[number - 1]["file"]), "all"):
            table[row][verdict] += 1
    columns = ["caught", "timeout", "missed", "unreached", "unviable", "constant"]
    print("\n| area | mutants |", " | ".join(columns), "|\n" + "|---" * (len(columns) + 2) + "|")
    for row in sorted(table, key=lambda row: (row == "all", row)):
        print(f"| {row} | {sum(table[row].values())} |", " | ".join(str(table[row][column]) for column in columns), "|")


def main():
    pattern = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    say("building (some minutes the first time)")
    mutants, not_compiling, constants = prepare()
    tests, results, lock = Tests(), HOME / "results.jsonl", threading.Lock()
    wanted = [number for number, mutant in enumerate(mutants, 1) if pattern.search(mutant["file"])]
    verdicts = {number: "unviable" if number in not_compiling else "constant" for number in wanted if number in not_compiling | constants}
    # By name: a number belongs to one list alone.
    known = {line["name"]: line["verdict"] for line in map(json.loads, results.read_text().splitlines())} if results.exists() else {}
    verdicts.update({number: known[mutants[number - 1]["name"]] for number in wanted if mutants[number - 1]["name"] in known})

    def judge(number):
        verdict, by = tests.verdict(number)
        with lock, results.open("a") as written:
            verdicts[number] = verdict
            written.write(json.dumps({"name": mutants[number - 1]["name"], "verdict": verdict, "by": by}) + "\n")
            if by is None:
                say(verdict, mutants[number - 1]["name"])

    left = [number for number in wanted if number not in verdicts]
    say(len(left), "of", len(wanted), "mutants to run")
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(judge, left))
    report(mutants, verdicts)
    sys.exit(1 if {"missed", "unreached"} & set(verdicts.values()) else 0)


if __name__ == "__main__":
    main()
