//! Why a command ends without success.

use std::{io, process::ExitStatus};

/// It ends the program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// What a person is told.
    Told(String),
    /// A program that was started has failed, and said why: its exit code.
    Ended(u8),
}

impl Failure {
    /// None of success. A signal gets the number that a shell gives it.
    pub(crate) fn of(status: ExitStatus) -> Option<Self> {
        use std::os::unix::process::ExitStatusExt as _;

        if status.success() {
            return None;
        }
        let code = status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(1);
        Some(Self::Ended(u8::try_from(code).unwrap_or(1)))
    }
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Told(text)
    }
}

impl From<&str> for Failure {
    fn from(text: &str) -> Self {
        Self::Told(text.to_owned())
    }
}

impl From<lexopt::Error> for Failure {
    fn from(error: lexopt::Error) -> Self {
        Self::Told(format!("{error}; ./dev help tells what there is"))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Told(error.to_string())
    }
}
