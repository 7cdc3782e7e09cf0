//! What stands behind a command's name.

use std::ffi::OsString;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::failure::Failure;

/// Not read yet: most of them go to another program as they are.
pub(crate) type Arguments = Vec<OsString>;

/// Of a command that takes none.
pub(crate) fn none(arguments: Arguments) -> Result<(), Failure> {
    match Parser::from_args(arguments).next()? {
        None => Ok(()),
        Some(argument) => Err(argument.unexpected().into()),
    }
}

/// Of a command that takes a word or none.
pub(crate) fn word(arguments: Arguments) -> Result<Option<String>, Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut word = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Value(value) if word.is_none() => word = Some(value.string()?),
            _ => return Err(argument.unexpected().into()),
        }
    }
    Ok(word)
}

/// Of a command that takes options without values, and nothing else: which of these are there.
pub(crate) fn options<const N: usize>(known: [&str; N], arguments: Arguments) -> Result<[bool; N], Failure> {
    let mut parser = Parser::from_args(arguments);
    let mut given = [false; N];
    while let Some(argument) = parser.next()? {
        let place = known.iter().position(|name| matches!(argument, Arg::Long(option) if option == *name));
        match place.and_then(|place| given.get_mut(place)) {
            Some(is_given) => *is_given = true,
            None => return Err(argument.unexpected().into()),
        }
    }
    Ok(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str]) -> Arguments {
        arguments.iter().map(OsString::from).collect()
    }

    #[test]
    fn what_a_command_does_not_take_is_refused() {
        assert_eq!(none(read(&[])), Ok(()));
        assert!(none(read(&["x"])).is_err());
        assert!(none(read(&["--x"])).is_err());
        assert!(word(read(&["a", "b"])).is_err());
        assert!(word(read(&["--a"])).is_err());
        assert!(options(["debug"], read(&["--debugging"])).is_err());
        assert!(options(["debug"], read(&["debug"])).is_err());
    }

    #[test]
    fn what_it_takes_is_read() {
        assert_eq!(word(read(&[])), Ok(None));
        assert_eq!(word(read(&["x86_64"])), Ok(Some("x86_64".to_owned())));
        assert_eq!(options(["debug", "keep"], read(&["--keep"])), Ok([false, true]));
        assert_eq!(options(["debug", "keep"], read(&["--keep", "--debug"])), Ok([true, true]));
    }
}
