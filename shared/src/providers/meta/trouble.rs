//! What an error of a call with a token means: trouble when we keep the token, a refusal when we
//! link it.

use crate::http::{Answer, CallError, provider_error};
use crate::platform::Platform;
use crate::providers::grantor::{Trouble, TroubleKind};
use crate::{Code, Detail, Error, calls::Call};

use super::errors::{Asking, GraphError, Verdict, classify};

pub(super) fn no_answer(call: Call, error: CallError) -> Trouble {
    Trouble { kind: TroubleKind::Passing, cause: format!("{call}: {error:?}") }
}

/// For an answer other than the requested one.
pub(super) fn trouble_of(asking: Asking, call: Call, status: u16, error: Option<&GraphError>) -> Trouble {
    let code = error.map(|error| error.code);
    let kind = match classify(asking, status, error) {
        // 17 and 32 count per person and Page, the 80000s per business; these count for the app.
        Verdict::Wait if matches!(code, None | Some(4 | 613)) => TroubleKind::Throttled,
        Verdict::OurConfiguration if matches!(code, Some(1 | 101)) => TroubleKind::Credentials,
        // This call is made with the app's own token.
        Verdict::ReconnectNeeded | Verdict::MissingPermission if asking == Asking::DebugToken => TroubleKind::Credentials,
        Verdict::Wait | Verdict::Retry => TroubleKind::Passing,
        _ if asking == Asking::TokenExchange => TroubleKind::Refused,
        _ => TroubleKind::Passing,
    };
    trouble(kind, call, status, error)
}

pub(super) fn trouble(kind: TroubleKind, call: Call, status: u16, error: Option<&GraphError>) -> Trouble {
    Trouble { kind, cause: format!("{call}: status {status} {} {kind:?}", error.map(GraphError::numbers).unwrap_or_default()) }
}

/// The reply to a failed exchange or inspection. Meta's verdict on the code or token is a refusal;
/// its own trouble is not.
pub(super) fn refused(call: Call, platform: &'static Platform, asking: Asking, answer: &Answer, error: Option<&GraphError>) -> Error {
    let verdict = classify(asking, answer.status, error);
    let cause = format!("{call}: status {} {} {verdict:?}", answer.status, error.map(GraphError::numbers).unwrap_or_default());
    match verdict {
        Verdict::Wait | Verdict::Retry | Verdict::InvalidCursor => {
            let provoked = verdict == Verdict::Wait && error.is_some_and(GraphError::throttles_one);
            provider_error(platform).caused_by(cause).provoked(provoked)
        }
        Verdict::OurConfiguration => {
            failed(platform).caused_by(cause).refusing_credentials(error.is_some_and(GraphError::refuses_credentials))
        }
        _ => failed(platform).caused_by(cause),
    }
}

pub(super) fn failed(platform: &'static Platform) -> Error {
    Error::new(Code::TokenExchangeFailed, Detail::SignInRefused(platform))
}
