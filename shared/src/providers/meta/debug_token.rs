//! What a token is, according to `debug_token`: asked before a link rests on it, and about stored
//! tokens, which Meta wants checked at least daily (`facebook-login/security`).
//!
//! The answer decides about a merchant's link, so it is read narrowly: only `is_valid: false` means
//! that a token is dead, and not even that if the accompanying error concerns our own app or a
//! problem at Facebook. Any other answer is [`Trouble`], which says nothing about the token.

use reqwest::RequestBuilder;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::http::{Answer, Outbound, provider_error};
use crate::platform::{AccountId, GrantId};
use crate::providers::grantor::{Facts, Standing, Trouble, TroubleKind};
use crate::providers::load::Load;
use crate::providers::permissions::{Granted, Permissions};
use crate::{Error, Secret, UnixSeconds, calls::Call, words::words};

use super::errors::{Asking, GraphError, Verdict, classify};
use super::graph::{App, Graph};
use super::permissions::Told;
use super::trouble::{failed, no_answer, refused, trouble, trouble_of};
use super::{id::digits, usage};

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
        /// 492: the person no longer has a role on the Page.
        PageRoleLost = "page_role_lost",
        /// 467, and any without a name of its own.
        TokenInvalid = "token_invalid",
    }
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

/// Whether a death may pass: the person passes the check, confirms the account, or regains a role
/// on the Page. Then the same token works again; all other deaths are final.
pub fn may_pass(reason: &str) -> bool {
    [Death::Checkpoint, Death::Unconfirmed, Death::PageRoleLost].iter().any(|death| death.as_str() == reason)
}

const NAME: &str = "debug_token";

/// The request about a token, made with the app's own token.
fn question(graph: &Graph, outbound: &Outbound, token: &Secret) -> RequestBuilder {
    graph.get(outbound, NAME, &graph.app_token()).query(&[("input_token", token.expose())])
}

#[derive(Deserialize)]
struct DebugReply {
    error: Option<GraphError>,
    data: DebugData,
}

#[derive(Deserialize)]
struct DebugData {
    /// A number in the documentation, a string in practice.
    app_id: Option<Value>,
    is_valid: bool,
    error: Option<GraphError>,
    user_id: Option<Value>,
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "read_moment")]
    issued_at: Option<UnixSeconds>,
    #[serde(default, deserialize_with = "read_moment")]
    expires_at: Option<UnixSeconds>,
    #[serde(default, deserialize_with = "read_moment")]
    data_access_expires_at: Option<UnixSeconds>,
    #[serde(flatten)]
    permissions: Told,
}

/// 0 is none.
fn read_moment<'de, D: Deserializer<'de>>(moment: D) -> Result<Option<UnixSeconds>, D::Error> {
    Ok(Option::deserialize(moment)?.filter(|moment| *moment > 0))
}

/// What Meta says about a token before we link with it.
#[derive(Debug)]
pub struct Inspection {
    /// The person, or the system user of a business, by an id that is valid only in this app.
    pub grant: GrantId,
    /// `USER` or `SYSTEM_USER`.
    pub kind: &'static str,
    /// The granted permissions, and the accounts they cover.
    pub permissions: Permissions,
    /// When the token ends, if it does.
    pub expires_at: Option<UnixSeconds>,
    /// When access to the person's data ends, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
}

impl Inspection {
    /// The `needed` permissions that were granted for some accounts but not for this one.
    pub fn lacking<'a>(&self, account: &AccountId, needed: &'a [String], app: &App) -> Vec<&'a str> {
        let left_out = |scope: &&String| (app.targets)(scope).is_some() && self.permissions.granted(scope, account) != Granted::Yes;
        needed.iter().filter(left_out).map(String::as_str).collect()
    }
}

/// Asks about a token before anything rests on it (`facebook-login/security`).
///
/// # Errors
/// `token_exchange_failed` unless it is a valid token with an owner, issued to this app;
/// `provider_error`, `provider_timeout`.
pub async fn inspect(graph: &Graph, outbound: &Outbound, token: &Secret) -> Result<Inspection, Error> {
    let (platform, call) = (graph.app.platform, graph.call(NAME));
    let question = question(graph, outbound, token);
    let answer = graph.ask(outbound, Asking::DebugToken, NAME, question).await.map_err(|e| e.into_error(platform, call))?;
    let Some(DebugReply { data, .. }) = answer.json_of_success() else {
        return Err(match GraphError::of(&answer) {
            None if answer.is_success() => provider_error(platform).caused_by(format!("{call}: unreadable answer")),
            error => refused(call, platform, Asking::DebugToken, &answer, error.as_ref()),
        });
    };
    inspected(&graph.app, data).map_err(|cause| failed(platform).caused_by(format!("{call}: {cause}")))
}

fn inspected(app: &App, data: DebugData) -> Result<Inspection, &'static str> {
    if !data.is_valid {
        return Err("not valid");
    }
    if data.app_id.and_then(digits).as_deref() != Some(&app.id) {
        return Err("of another app");
    }
    let grant = app.platform.grant.zip(data.user_id.and_then(digits)).and_then(|(kind, id)| GrantId::parse(kind, &id));
    Ok(Inspection {
        grant: grant.ok_or("without a user id")?,
        kind: if data.kind.as_deref() == Some(SYSTEM_USER) { SYSTEM_USER } else { "USER" },
        permissions: data.permissions.read(app),
        expires_at: data.expires_at,
        data_access_expires_at: data.data_access_expires_at,
    })
}

/// The `kind` of a grant from a business portfolio rather than a person.
pub const SYSTEM_USER: &str = "SYSTEM_USER";

/// Asks about a stored token. Records in `load` how close this comes to the app's limit.
///
/// # Errors
/// [`Trouble`].
pub async fn check(graph: &Graph, outbound: &Outbound, token: &Secret, load: &Load) -> Result<Standing, Trouble> {
    let call = graph.call(NAME);
    let answer = graph.send(NAME, question(graph, outbound, token)).await.map_err(|error| no_answer(call, error))?;
    usage::note(load, call, &answer);
    judge(call, &graph.app, &answer)
}

/// Total: any answer gets a result.
fn judge(call: Call, app: &App, answer: &Answer) -> Result<Standing, Trouble> {
    let Some(DebugReply { error: None, data }) = answer.json_of_success() else {
        let error = GraphError::of(answer);
        return match classify(Asking::DebugToken, answer.status, error.as_ref()) {
            Verdict::TokenOfAnotherApp => Ok(Standing::OfAnotherApp),
            _ => Err(trouble_of(Asking::DebugToken, call, answer.status, error.as_ref())),
        };
    };
    let issued_to = data.app_id.and_then(digits);
    if issued_to.as_deref().is_some_and(|id| id != app.id) {
        return Ok(Standing::OfAnotherApp);
    }
    if !data.is_valid {
        let error = data.error.unwrap_or_default();
        let troubled = |kind| Err(trouble(kind, call, answer.status, Some(&error)));
        return match error.code {
            // Our own credentials, as on any other call.
            1 | 101 => troubled(TroubleKind::Credentials),
            100 | 191 | 2635 => troubled(TroubleKind::Passing),
            2 | 4 | 17 | 32 | 341 | 368 | 613 | 80_000..=80_014 => Err(trouble_of(Asking::DebugToken, call, answer.status, Some(&error))),
            _ if error.is_transient => troubled(TroubleKind::Passing),
            _ => Ok(Standing::Dead(Death::of(error.error_subcode).as_str())),
        };
    }
    if issued_to.is_none() {
        return Err(Trouble { kind: TroubleKind::Passing, cause: format!("{call}: valid for no app") });
    }
    let DebugData { issued_at, expires_at, data_access_expires_at, permissions, .. } = data;
    Ok(Standing::Valid(Facts { issued_at, expires_at, data_access_expires_at, permissions: permissions.read(app) }))
}

#[cfg(test)]
mod tests;
