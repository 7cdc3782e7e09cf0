//! Every command, with what its help says.

use crate::{
    arguments::Arguments, build, check, environment::Environment, failure::Failure, measure, operate, platform, rehearse, release, run,
    test,
};

/// Something that `./dev` does.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// What may stand behind its name.
    pub(crate) arguments: &'static str,
    pub(crate) group: Group,
    /// What it does, on one line.
    pub(crate) brief: &'static str,
    /// What more there is to know.
    pub(crate) more: &'static str,
    pub(crate) run: fn(&mut Environment, Arguments) -> Result<(), Failure>,
}

/// What the help shows together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Test,
    Look,
    Build,
    Operate,
}

impl Group {
    pub(crate) const ALL: [Self; 4] = [Self::Test, Self::Look, Self::Build, Self::Operate];

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Test => "Run and test",
            Self::Look => "Look and measure",
            Self::Build => "Build and deploy",
            Self::Operate => "Operate",
        }
    }
}

/// In the order in which the help shows them.
pub(crate) const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        arguments: "[--port N] [--bot URL | --no-bot]",
        group: Group::Test,
        brief: "run everything on this machine until Ctrl-C",
        more: "It uses the ports N to N+3; N is 9000 if not given. The sample bot of examples/bot answers, or the bot at \
            URL, or none.",
        run: run::run,
    },
    Command {
        name: "test",
        arguments: "[ARGUMENTS]",
        group: Group::Test,
        brief: "format, lints, all tests",
        more: "ARGUMENTS go to the test runner, cargo-nextest where it is installed. With DEV_WHOLE=1 it fails rather than leave \
            anything out.",
        run: test::test,
    },
    Command {
        name: "fuzz",
        arguments: "[SECONDS] [SEED]",
        group: Group::Test,
        brief: "fuzz every parser of untrusted input",
        more: "For 60 seconds if not given.",
        run: run::fuzz,
    },
    Command {
        name: "golden",
        arguments: "[SCENE...]",
        group: Group::Test,
        brief: "record tests/golden again: items of every kind, and how they are read",
        more: "With the binaries of E2E_PROFILE, a profile or a folder.",
        run: run::golden,
    },
    Command {
        name: "counterparts",
        arguments: "[database [ARGUMENTS]]",
        group: Group::Test,
        brief: "run only the tests against third-party code",
        more: "With database, the end-to-end tests on another DynamoDB; ARGUMENTS go to the test runner.",
        run: test::counterparts,
    },
    Command {
        name: "mutants",
        arguments: "[FILES]",
        group: Group::Test,
        brief: "mutate shared, and report the changes that no unit test notices",
        more: "That takes hours without FILES. What is left out, and why, is in .cargo/mutants.toml.",
        run: test::mutants,
    },
    Command {
        name: "newcomer",
        arguments: "[MINUTES]",
        group: Group::Test,
        brief: "walk the README's first minutes in an empty folder: clone, run, link, ask the bot",
        more: "Fails after MINUTES.",
        run: rehearse::newcomer,
    },
    Command {
        name: "contributor",
        arguments: "[MINUTES [TARGET]]",
        group: Group::Test,
        brief: "clone into an empty folder, and add a platform with the commands of CONTRIBUTING.md",
        more: "Fails after MINUTES. TARGET, the target folder of an earlier run, saves building what has not changed.",
        run: rehearse::contributor,
    },
    Command {
        name: "screenshots",
        arguments: "[FOLDER [NAME [LANGUAGE]]]",
        group: Group::Look,
        brief: "take screenshots of every page: desktop and phone, light and dark",
        more: "Into FOLDER, .local/screenshots if not given; only of pages with NAME in their names. The most important come in every \
            language, all in English or in LANGUAGE (en, de, es, fr, pt-BR).",
        run: run::screenshots,
    },
    Command {
        name: "bench",
        arguments: "[keeper]",
        group: Group::Look,
        brief: "measure the release build: start-up, CPU time, memory, sizes, remote calls",
        more: "With keeper, measure runs over 1,000 and 10,000 due records, and simulate months with up to ten million merchants.",
        run: measure::bench,
    },
    Command {
        name: "load",
        arguments: "[debug]",
        group: Group::Look,
        brief: "drive the release build with rising concurrency, and draw the curve",
        more: "With debug, the debug build.",
        run: measure::load,
    },
    Command {
        name: "instructions",
        arguments: "",
        group: Group::Look,
        brief: "count the instructions of warm requests, and check the limits in .ci/instructions",
        more: "Needs valgrind, and a processor of x86_64.",
        run: measure::instructions,
    },
    Command {
        name: "diagram",
        arguments: "",
        group: Group::Look,
        brief: "draw the stack and its dashboard from the templates",
        more: "Into docs/diagrams.",
        run: run::diagram,
    },
    Command {
        name: "versions",
        arguments: "",
        group: Group::Look,
        brief: "warn 90 days before a provider's API version ends, and fail once it has",
        more: "",
        run: run::versions,
    },
    Command {
        name: "template",
        arguments: "",
        group: Group::Build,
        brief: "check the templates, and the commands and costs of the operators' pages",
        more: "With SAM, cfn-lint and checkov; the commands against the AWS command line's models. Needs no account.",
        run: check::template,
    },
    Command {
        name: "dependencies",
        arguments: "",
        group: Group::Build,
        brief: "reject dependencies with an unknown license, an unknown source, or an advisory",
        more: "",
        run: check::dependencies,
    },
    Command {
        name: "platform",
        arguments: "NAME",
        group: Group::Build,
        brief: "add a platform: a working copy of the tests' stub, to fill with real calls",
        more: "CONTRIBUTING.md goes on from there.",
        run: platform::platform,
    },
    Command {
        name: "build",
        arguments: "[arm64 | x86_64]",
        group: Group::Build,
        brief: "build every function for deployment",
        more: "For arm64 if nothing is given.",
        run: build::build,
    },
    Command {
        name: "release",
        arguments: "[VERSION | --this-machine | --debug]",
        group: Group::Build,
        brief: "make dist/, from which a stack is deployed without a build",
        more: "For both architectures; docs/operations.md deploys it. Its notes are the changelog's of VERSION, or what is \
            unreleased. With --this-machine or --debug of what ./dev build or ./dev test built here.",
        run: release::release,
    },
    Command {
        name: "rehearse",
        arguments: "[--debug] [--keep]",
        group: Group::Build,
        brief: "deploy the build to a local AWS, and run the whole flow against it",
        more: "From a folder as ./dev release makes it, of what ./dev build built for this machine; with --debug of what ./dev test \
            builds. --keep stops after the first link, until Ctrl-C.",
        run: rehearse::rehearse,
    },
    Command {
        name: "secrets",
        arguments: "[next NAME | swap NAME | drop NAME]",
        group: Group::Operate,
        brief: "write or rotate .local/secrets.json, which fills the deployed secret",
        more: "next, swap and drop are the steps in which one of its secrets is replaced: docs/operations.md. META_VERIFY_TOKEN: next \
            makes or renews it, drop takes it out. WHATSAPP_APP_SECRET: the first next asks for it.",
        run: operate::secrets,
    },
    Command {
        name: "operator",
        arguments: "",
        group: Group::Operate,
        brief: "build the program for operators and the support desk into .local/tools/bin",
        more: "docs/operator.md describes it.",
        run: operate::operator,
    },
    Command {
        name: "accept",
        arguments: "shopify YOUR-STORE | facebook | aws STACK [ARGUMENTS]",
        group: Group::Operate,
        brief: "check our assumptions against the real Shopify, Facebook or AWS",
        more: "shopify and facebook link once by hand with the real app of .env, and tell what the provider does other than we believe. \
            aws tries on a deployed stack what only AWS can confirm; ./dev accept aws --help has its ARGUMENTS.",
        run: operate::accept,
    },
    Command {
        name: "marks",
        arguments: "ACCOUNT...",
        group: Group::Operate,
        brief: "show the marks that stand for accounts in the log of connection-tokens",
        more: "Each ACCOUNT is a store's domain or a Page's id. Needs .local/secrets.json.",
        run: operate::marks,
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different() {
        let mut names: Vec<_> = COMMANDS.iter().map(|command| command.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COMMANDS.len());
    }
}
