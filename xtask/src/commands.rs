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
        more: "It uses the ports N to N+3; N is 9000 if not given. The sample bot of examples/bot answers, or who takes messages at \
            URL, or nobody.",
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
        brief: "throw changed input at all that reads input from outside",
        more: "For 60 seconds if not given.",
        run: run::fuzz,
    },
    Command {
        name: "golden",
        arguments: "[SCENE...]",
        group: Group::Test,
        brief: "record anew in tests/golden what stands in the tables and how it is read",
        more: "With the binaries of E2E_PROFILE, a profile or a folder.",
        run: run::golden,
    },
    Command {
        name: "counterparts",
        arguments: "[database [ARGUMENTS]]",
        group: Group::Test,
        brief: "only the tests against what others wrote",
        more: "With database, the end-to-end tests on another DynamoDB; ARGUMENTS go to the test runner.",
        run: test::counterparts,
    },
    Command {
        name: "mutants",
        arguments: "[FILES]",
        group: Group::Test,
        brief: "change the code of shared, and tell which changes no unit test of it notices",
        more: "That takes hours without FILES. What is left out, and why, is in .cargo/mutants.toml.",
        run: test::mutants,
    },
    Command {
        name: "newcomer",
        arguments: "[MINUTES]",
        group: Group::Test,
        brief: "clone into an empty folder, run it, link, and ask the bot, as the README says",
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
        brief: "take a picture of every page on a desktop and a phone, light and dark",
        more: "Into FOLDER, .local/screenshots if not given; only of pages with NAME in their names. The most important come in every \
            language, all in English or in LANGUAGE (en, de, es, fr, pt-BR).",
        run: run::screenshots,
    },
    Command {
        name: "bench",
        arguments: "[keeper]",
        group: Group::Look,
        brief: "measure start-up, processor time, memory, sizes, remote steps of the release build",
        more: "With keeper, measure runs over 1,000 and 10,000 due records, and simulate months with up to ten million merchants.",
        run: measure::bench,
    },
    Command {
        name: "load",
        arguments: "[debug]",
        group: Group::Look,
        brief: "drive the release build with more and more at once, and print the curve",
        more: "With debug, the debug build.",
        run: measure::load,
    },
    Command {
        name: "instructions",
        arguments: "",
        group: Group::Look,
        brief: "count the instructions of warm requests and compare them with .ci/instructions",
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
        brief: "warn 90 days before a provider's default version ends, fail once it has",
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
        brief: "refuse dependencies with an unknown license or source or a published advisory",
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
        brief: "build every function as it is deployed",
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
        brief: "deploy what is built to a local AWS, and play the whole flow against it",
        more: "From a folder as ./dev release makes it, of what ./dev build built for this machine; with --debug of what ./dev test \
            builds. --keep stops after the first link, until Ctrl-C.",
        run: rehearse::rehearse,
    },
    Command {
        name: "secrets",
        arguments: "[next NAME | swap NAME | drop NAME]",
        group: Group::Operate,
        brief: "write .local/secrets.json, what the deployed secret is filled with, or change it",
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
        brief: "try what only a provider or AWS knows, and tell what holds",
        more: "shopify and facebook link once by hand with the real app of .env, and tell what the provider does other than we believe. \
            aws tries on a deployed stack what only AWS can confirm; ./dev accept aws --help has its ARGUMENTS.",
        run: operate::accept,
    },
    Command {
        name: "marks",
        arguments: "ACCOUNT...",
        group: Group::Operate,
        brief: "tell by which marks the log of connection-tokens knows accounts",
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
