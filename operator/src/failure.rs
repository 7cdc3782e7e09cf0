//! Why a command failed.

use std::process::ExitCode;

use shared::Error;

/// It ends the program.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The answer is no: nothing was found, or it was refused. Exits with 1.
    No(String),
    /// It could not be determined or done. Exits with 2, like a mistake in the command.
    Broken(String),
}

impl Failure {
    pub(crate) fn no(text: impl Into<String>) -> Self {
        Self::No(text.into())
    }

    pub(crate) fn broken(text: impl Into<String>) -> Self {
        Self::Broken(text.into())
    }

    pub(crate) fn text(&self) -> &str {
        let (Self::No(text) | Self::Broken(text)) = self;
        text
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::No(_) => 1,
            Self::Broken(_) => 2,
        })
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let cause = error.cause.as_deref().unwrap_or("no more is known");
        Self::broken(format!("{}: {cause}", error.code.as_str()))
    }
}
