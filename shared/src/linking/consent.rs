//! What a platform sent the merchant back with (RFC 6749, section 4.1.2; Meta's errors: the
//! canceled login of its manual flow).

use crate::{Code, Detail, Error, facts::NextStep, platform::AccountKind, request::Query};

/// Beside the state.
#[derive(Debug)]
pub enum Consent {
    /// To be exchanged.
    Code(String),
    /// The merchant cancelled, or the platform says so: some answer the same when the app is in
    /// development mode or lacks a permission.
    Declined,
    /// A failure of the platform's own.
    Failed(Failure),
}

/// What is known of a failure.
#[derive(Debug)]
pub struct Failure {
    /// Its `error` or `error_code`, as far as it is a short word.
    cause: String,
    /// Its number, which an operator can look up.
    number: Option<String>,
}

impl Consent {
    /// Reads the callback's query. An error wins over a code that may stand beside it; some errors
    /// come with a number alone. What the query says of granted scopes is the browser's word and
    /// counts for nothing.
    ///
    /// # Errors
    /// `missing_parameter`, `malformed_parameter` for a code that none can be.
    pub fn read(query: &Query) -> Result<Self, Error> {
        let number = query.get("error_code").filter(|number| number.len() <= 10 && number.bytes().all(|b| b.is_ascii_digit()));
        let failed = |cause: &str| {
            let cause = cause.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect();
            Self::Failed(Failure { cause, number: number.map(str::to_owned) })
        };
        let unnamed = ["error_reason", "error_message", "error_description"].into_iter().any(|name| query.get(name).is_some());
        match (query.get("error"), query.get("error_code")) {
            (Some("access_denied"), _) => Ok(Self::Declined),
            (Some(error), _) | (None, Some(error)) => Ok(failed(error)),
            (None, None) if unnamed => Ok(failed("unnamed")),
            (None, None) => {
                let code = query.required("code")?;
                if code.len() > 4096 || !code.bytes().all(|b| b.is_ascii_graphic()) {
                    return Err(Error::malformed_parameter("code"));
                }
                Ok(Self::Code(code.to_owned()))
            }
        }
    }

    /// The code.
    ///
    /// # Errors
    /// Without one, what to tell the merchant of this store: `access_denied`, `provider_error`.
    pub fn code(&self, kind: &'static AccountKind, shop: &str) -> Result<&str, Error> {
        match self {
            Self::Code(code) => Ok(code),
            Self::Declined => {
                Err(Error::new(Code::AccessDenied, Detail::Declined(kind.platform)).leading_to(NextStep::ask_again(kind, shop)))
            }
            // What the browser says of the dialog is the browser's word.
            Self::Failed(Failure { cause, number }) => {
                Err(Error::new(Code::ProviderError, Detail::DialogFailed(kind.platform, number.clone()))
                    .provoked(true)
                    .leading_to(NextStep::try_again(kind, shop))
                    .caused_by(format!("dialog: {cause}")))
            }
        }
    }
}
