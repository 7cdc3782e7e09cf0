//! What is asked of `./dev`.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::{
    arguments::Arguments,
    commands::{COMMANDS, Command},
    failure::Failure,
};

/// What a call of `./dev` is about.
#[derive(Debug)]
pub(crate) enum Asked {
    /// What commands there are.
    Overview,
    /// What a command does.
    Detail(&'static Command),
    /// That a command is done, with what stands behind its name.
    Done(&'static Command, Arguments),
}

impl Asked {
    pub(crate) fn read(arguments: impl IntoIterator<Item = OsString>) -> Result<Self, Failure> {
        let mut parser = Parser::from_args(arguments);
        let name = match parser.next()? {
            None | Some(Arg::Short('h') | Arg::Long("help")) => return Ok(Self::Overview),
            Some(Arg::Value(name)) => name.string()?,
            Some(option) => return Err(option.unexpected().into()),
        };
        let mut rest = parser.raw_args()?.peekable();
        if name == "help" {
            return rest.next().map_or(Ok(Self::Overview), |name| Ok(Self::Detail(named(&name.string()?)?)));
        }
        let command = named(&name)?;
        if rest.peek().is_some_and(|first| first == "--help" || first == "-h") {
            return Ok(Self::Detail(command));
        }
        Ok(Self::Done(command, rest.collect()))
    }
}

fn named(name: &str) -> Result<&'static Command, Failure> {
    let found = COMMANDS.iter().find(|command| command.name == name);
    found.ok_or_else(|| format!("unknown command {name}; ./dev help lists them").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Result<Asked, Failure> {
        Asked::read(arguments.iter().map(OsString::from))
    }

    #[test]
    fn help_is_asked_for_in_any_way() {
        for asked in [&[][..], &["help"], &["-h"], &["--help"]] {
            assert!(matches!(read(asked), Ok(Asked::Overview)), "{asked:?}");
        }
        for asked in [["help", "run"], ["run", "--help"], ["run", "-h"]] {
            assert!(matches!(read(&asked), Ok(Asked::Detail(Command { name: "run", .. }))), "{asked:?}");
        }
    }

    #[test]
    fn everything_behind_the_name_is_the_commands() {
        let Ok(Asked::Done(command, arguments)) = read(&["test", "-E", "package(e2e)", "--", "--help"]) else { panic!("not understood") };
        assert_eq!(command.name, "test");
        assert_eq!(arguments, ["-E", "package(e2e)", "--", "--help"]);
        // It has a help of its own.
        assert!(matches!(read(&["accept", "aws", "--help"]), Ok(Asked::Done(_, arguments)) if arguments == ["aws", "--help"]));
    }

    #[test]
    fn an_unknown_command_is_refused() {
        for asked in [&["key"][..], &["help", "key"]] {
            assert_eq!(read(asked).unwrap_err(), "unknown command key; ./dev help lists them".into());
        }
        assert!(read(&["--verbose"]).is_err());
    }
}
