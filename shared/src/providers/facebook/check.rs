//! What became of a stored token. Meta asks for this question at least daily (`facebook-login/security`).
//!
//! The answer decides about a merchant's link, so it is read narrowly: only `is_valid: false` says that a token is dead, and not even that where the error beside it names
//! our own app or a trouble of Facebook's. Whatever else comes is [`Trouble`], from which nothing follows for the token.

use reqwest::RequestBuilder;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::http::{Answer, CallError, Outbound};
use crate::{Secret, UnixSeconds, words::words};

use super::graph::{Call, GraphError, classify};
use super::{App, Graph, Verdict, id::digits, permissions::Permissions, usage::Load};

/// What Facebook says of a stored token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It works.
    Valid(Facts),
    /// It will never work again.
    Dead(Death),
    /// Another app's: it was never ours to judge.
    OfAnotherApp,
}

/// What is known of a token that works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Facts {
    /// When it was issued.
    #[serde(default, deserialize_with = "read_moment")]
    pub issued_at: Option<UnixSeconds>,
    /// When it ends; none where it does not, or nothing is said.
    #[serde(default, deserialize_with = "read_moment")]
    pub expires_at: Option<UnixSeconds>,
    /// When access to the person's data ends, if it does.
    #[serde(default, deserialize_with = "read_moment")]
    pub data_access_expires_at: Option<UnixSeconds>,
    /// What it may do.
    #[serde(flatten)]
    pub permissions: Permissions,
}

/// 0 is none.
fn read_moment<'de, D: Deserializer<'de>>(moment: D) -> Result<Option<UnixSeconds>, D::Error> {
    Ok(Option::deserialize(moment)?.filter(|moment| *moment > 0))
}

words! {
    /// Why a token is dead (`documentation/graph-api/guides/error-handling`, subcodes of 190).
    enum Death {
        /// 458: the person removed the app.
        AppRemoved = "app_removed",
        /// 459: the person has to pass a check at Facebook first.
        Checkpoint = "checkpoint",
        /// 460: the password was changed.
        PasswordChanged = "password_changed",
        /// 463: it ended.
        Expired = "expired",
        /// 464: the person's account is not confirmed.
        Unconfirmed = "unconfirmed",
        /// 492: the person has no role on the Page any more.
        PageRoleLost = "page_role_lost",
        /// 467, and whatever has no name of its own.
        TokenInvalid = "token_invalid",
    }
}

/// Why there is no answer to rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What to do about it.
    pub kind: TroubleKind,
    /// For the log: names and numbers.
    pub cause: String,
}

/// Whose trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TroubleKind {
    /// It may pass: asking again later is all there is to do.
    Passing,
    /// This very request is refused, and would be again.
    Refused,
    /// The app as a whole has to wait: every further call would only prolong it.
    Throttled,
    /// Facebook refuses our own credentials: so it would for every token.
    Credentials,
}

impl Death {
    const fn of(subcode: Option<i64>) -> Self {
        match subcode {
            Some(458) => Self::AppRemoved,
            Some(459) => Self::Checkpoint,
            Some(460) => Self::PasswordChanged,
            Some(463) => Self::Expired,
            Some(464) => Self::Unconfirmed,
            Some(492) => Self::PageRoleLost,
            _ => Self::TokenInvalid,
        }
    }
}

/// What the log calls the question what a token is.
pub(super) const NAME: &str = "facebook.debug_token";

/// The question what a token is, in the name of the app.
pub(super) fn question(graph: &Graph, outbound: &Outbound, token: &Secret) -> RequestBuilder {
    graph.get(outbound, "debug_token", &graph.app_token()).query(&[("input_token", token.expose())])
}

/// The answer to it.
#[derive(Deserialize)]
pub(super) struct DebugReply {
    error: Option<GraphError>,
    pub(super) data: DebugData,
}

#[derive(Deserialize)]
pub(super) struct DebugData {
    /// A number in the documentation, a text in practice.
    pub(super) app_id: Option<Value>,
    pub(super) is_valid: bool,
    error: Option<GraphError>,
    pub(super) user_id: Option<Value>,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    #[serde(flatten)]
    pub(super) facts: Facts,
}

/// Asks Facebook what a stored token is worth. How near the app's limit this comes is noted in `load`.
///
/// # Errors
/// [`Trouble`].
pub async fn check(app: &App, graph: &Graph, outbound: &Outbound, token: &Secret, load: &Load) -> Result<Standing, Trouble> {
    let answer = graph.send(NAME, question(graph, outbound, token)).await.map_err(|error| Trouble::without_answer(NAME, error))?;
    load.note(NAME, &answer);
    judge(NAME, &app.app_id, &answer)
}

/// Total over any answer.
fn judge(name: &str, app_id: &str, answer: &Answer) -> Result<Standing, Trouble> {
    let Some(DebugReply { error: None, data }) = answer.json_of_success() else {
        let error = GraphError::of(answer);
        return match classify(Call::DebugToken, answer.status, error.as_ref()) {
            Verdict::TokenOfAnotherApp => Ok(Standing::OfAnotherApp),
            _ => Err(Trouble::of(Call::DebugToken, name, answer.status, error.as_ref())),
        };
    };
    let issued_to = data.app_id.and_then(digits);
    if issued_to.as_deref().is_some_and(|id| id != app_id) {
        return Ok(Standing::OfAnotherApp);
    }
    if !data.is_valid {
        let error = data.error.unwrap_or_default();
        let trouble = |kind| Err(Trouble::new(kind, name, answer.status, Some(&error)));
        return match error.code {
            // Ours, as on any other call.
            1 | 101 => trouble(TroubleKind::Credentials),
            100 | 191 | 2635 => trouble(TroubleKind::Passing),
            2 | 4 | 17 | 32 | 341 | 368 | 613 | 80_000..=80_014 => Err(Trouble::of(Call::DebugToken, name, answer.status, Some(&error))),
            _ if error.is_transient => trouble(TroubleKind::Passing),
            _ => Ok(Standing::Dead(Death::of(error.error_subcode))),
        };
    }
    if issued_to.is_none() {
        return Err(Trouble { kind: TroubleKind::Passing, cause: format!("{name}: valid for no app") });
    }
    Ok(Standing::Valid(data.facts))
}

impl Trouble {
    pub(super) fn without_answer(name: &str, error: CallError) -> Self {
        Self { kind: TroubleKind::Passing, cause: format!("{name}: {error:?}") }
    }

    /// For an answer that is not what was asked for.
    pub(super) fn of(call: Call, name: &str, status: u16, error: Option<&GraphError>) -> Self {
        let code = error.map(|error| error.code);
        let kind = match classify(call, status, error) {
            // 17 and 32 count per person and Page, the 80000s per business; these count for the app.
            Verdict::Wait if matches!(code, None | Some(4 | 613)) => TroubleKind::Throttled,
            Verdict::OurConfiguration if matches!(code, Some(1 | 101)) => TroubleKind::Credentials,
            // What carries this question is the token of the app itself.
            Verdict::ReconnectNeeded | Verdict::MissingPermission if call == Call::DebugToken => TroubleKind::Credentials,
            Verdict::Wait | Verdict::Retry => TroubleKind::Passing,
            _ if call == Call::TokenExchange => TroubleKind::Refused,
            _ => TroubleKind::Passing,
        };
        Self::new(kind, name, status, error)
    }

    fn new(kind: TroubleKind, name: &str, status: u16, error: Option<&GraphError>) -> Self {
        Self { kind, cause: format!("{name}: status {status} {} {kind:?}", error.map(GraphError::numbers).unwrap_or_default()) }
    }
}

#[cfg(test)]
mod tests;
