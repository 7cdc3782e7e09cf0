//! Whether messages reach the app: a webhook fires only for fields subscribed to twice, for the
//! Page and for the app as a whole (`docs/graph-api/reference/page/subscribed_apps`,
//! `docs/graph-api/reference/app/subscriptions`).
//!
//! The Page's subscription is made here, with the Page's own token, and read back. The app's is
//! made once by its operator, in the app's dashboard, and only read here.

pub use crate::facts::{Messaging, Unready};

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::http::{Answer, CallError, Outbound};
use crate::platform::AccountId;
use crate::providers::grantor::{Ended, Receiver};
use crate::providers::load::Load;
use crate::providers::meta::{self, Asking, Graph, Setback, Usage, Verdict, end};
use crate::{Error, Secret, Vars, calls::Call};

use super::instagram::INSTAGRAM;

/// What a sales bot has to know: what customers write, the buttons they press, the reminders they
/// opt in to, the link or ad that brought them, and what a colleague answers by hand, so that the
/// bot does not talk over them. Delivery and read receipts are left out: they would triple the
/// calls and change no answer.
const DEFAULT_FIELDS: &str = "messages,messaging_postbacks,messaging_optins,messaging_referrals,message_echoes";
/// Without these there is no conversation: what a customer writes and, if requested, which button
/// they press.
const NEEDED: [&str; 2] = [MESSAGES, "messaging_postbacks"];
/// What customers write.
const MESSAGES: &str = "messages";
/// One of these tasks lets a person subscribe a Page
/// (`docs/graph-api/reference/page/subscribed_apps`).
const TASKS: [&str; 3] = ["CREATE_CONTENT", "MANAGE", "MODERATE"];

/// `FACEBOOK_SUBSCRIBED_FIELDS`: what Pages are subscribed to.
#[derive(Clone, Debug)]
pub struct Fields {
    of_pages: Vec<String>,
    /// Whether the app should listen to Instagram too: the Page's own subscription covers it.
    with_instagram: bool,
}

impl Fields {
    /// Reads the variable.
    ///
    /// # Errors
    /// `misconfigured`, also without `messages`, the point of it all.
    pub fn from_vars(vars: &Vars) -> Result<Self, Error> {
        const NAME: &str = "FACEBOOK_SUBSCRIBED_FIELDS";
        let fields = vars.scopes(NAME, DEFAULT_FIELDS)?;
        if fields.iter().any(|field| field == MESSAGES) {
            Ok(Self { of_pages: fields, with_instagram: INSTAGRAM.is_on(&super::scopes::scopes(vars)?) })
        } else {
            Err(Error::misconfigured(format!("{NAME} lacks messages")))
        }
    }

    fn needed(&self) -> impl Iterator<Item = &str> {
        self.of_pages.iter().map(String::as_str).filter(|field| NEEDED.contains(field))
    }

    /// Whether a subscription covers what a conversation requires.
    fn are_heard_by(&self, subscribed: &[String]) -> bool {
        self.needed().all(|field| subscribed.iter().any(|known| known == field))
    }

    /// Whether it covers all configured fields.
    fn are_all_in(&self, subscribed: &[String]) -> bool {
        self.of_pages.iter().all(|field| subscribed.contains(field))
    }
}

/// The Page fields that the app as a whole subscribes to; none if Facebook does not say. One call
/// serves all Pages.
pub async fn app_fields(graph: &Graph, outbound: &Outbound, fields: &Fields) -> Option<Vec<String>> {
    const NAME: &str = "app_subscriptions";
    let request = graph.get(outbound, &format!("{}/subscriptions", graph.app.id), &graph.app_token());
    let answer = asked_again(graph, outbound, NAME, request).await.ok()?;
    let listed = listed(&answer)?;
    let of_pages = listed.iter().filter(|entry| entry["object"] == "page" && entry["active"] != false);
    let heard: Vec<String> = of_pages.flat_map(|entry| names(&entry["fields"])).collect();
    if !fields.are_all_in(&heard) {
        let missing: Vec<&str> = fields.of_pages.iter().filter(|field| !heard.contains(field)).map(String::as_str).collect();
        tracing::warn!(missing = missing.join(","), "app not subscribed");
    }
    let hears = |entry: &Value| {
        entry["object"] == "instagram" && entry["active"] != false && names(&entry["fields"]).iter().any(|field| field == MESSAGES)
    };
    if fields.with_instagram && !listed.iter().any(hears) {
        tracing::warn!(object = "instagram", missing = MESSAGES, "app not subscribed");
    }
    Some(heard)
}

/// Subscribes a Page and reads the subscription back. Ignores the app's own fields: see [`heard`].
///
/// # Errors
/// Why the Page's messages are not known to fire.
pub async fn subscribe(graph: &Graph, outbound: &Outbound, page: Receiver<'_>, fields: &Fields, load: &Load) -> Messaging {
    const NAME: &str = "subscribe";
    if load.is_exhausted() {
        return Err(Unready::RateLimited);
    }
    let request = graph.post(outbound, &path(page.id), page.token, &[("subscribed_fields", &fields.of_pages.join(","))]);
    let answer = asked(graph, NAME, request).await.map_err(|setback| unready(graph.call(NAME), setback, page.tasks, load))?;
    meta::note_account(load, graph.call(NAME), &answer);
    if Usage::of(&answer).is_exhausted() {
        return Err(Unready::RateLimited);
    }
    let subscribed = subscribed(graph, outbound, page, load).await?;
    if fields.are_heard_by(&subscribed) { Ok(()) } else { Err(Unready::NotSubscribed) }
}

/// Checks a Page's subscription, repairs it if a field is missing, and says whether messages fire.
/// For the daily check: `app_fields` is the result of [`app_fields`]. Conclude nothing from an
/// error that [is passing](Unready::is_passing).
///
/// # Errors
/// Why the Page's messages are not known to fire.
pub async fn ensure_subscribed(
    graph: &Graph,
    outbound: &Outbound,
    page: Receiver<'_>,
    fields: &Fields,
    app_fields: Option<&[String]>,
    load: &Load,
) -> Messaging {
    heard(ensure_on_page(graph, outbound, page, fields, load).await, fields, app_fields)
}

/// The same for the Page alone. Ignores the app's own fields: see [`heard`].
///
/// # Errors
/// Why the Page's messages are not known to fire.
pub async fn ensure_on_page(graph: &Graph, outbound: &Outbound, page: Receiver<'_>, fields: &Fields, load: &Load) -> Messaging {
    if load.is_exhausted() {
        return Err(Unready::RateLimited);
    }
    match subscribed(graph, outbound, page, load).await {
        Ok(subscribed) if fields.are_all_in(&subscribed) => Ok(()),
        Ok(_) => subscribe(graph, outbound, page, fields, load).await,
        Err(unready) => Err(unready),
    }
}

/// Combines the Page's subscription with the app's fields.
///
/// # Errors
/// Why the Page's messages are not known to fire.
pub fn heard(on_page: Messaging, fields: &Fields, app_fields: Option<&[String]>) -> Messaging {
    on_page?;
    match app_fields {
        Some(heard) if fields.are_heard_by(heard) => Ok(()),
        Some(_) => Err(Unready::AppNotSubscribed),
        None => Err(Unready::NotChecked),
    }
}

/// Ends this app's subscription to a Page, with the Page's own token.
pub async fn unsubscribe(graph: &Graph, outbound: &Outbound, page: &AccountId, token: &Secret) -> Ended {
    const NAME: &str = "unsubscribe";
    end(graph, NAME, graph.delete(outbound, &path(page), token)).await
}

/// The fields of a Page that this app is subscribed to.
async fn subscribed(graph: &Graph, outbound: &Outbound, page: Receiver<'_>, load: &Load) -> Result<Vec<String>, Unready> {
    const NAME: &str = "subscribed_apps";
    let request = graph.get(outbound, &path(page.id), page.token);
    let answer =
        asked_again(graph, outbound, NAME, request).await.map_err(|setback| unready(graph.call(NAME), setback, page.tasks, load))?;
    meta::note_account(load, graph.call(NAME), &answer);
    let listed = listed(&answer).ok_or(Unready::NotChecked)?;
    // An id is a string in practice; a number would be the same app.
    let is_ours = |entry: &&Value| entry["id"].as_str().map_or_else(|| entry["id"].to_string(), str::to_owned) == graph.app.id;
    Ok(listed.iter().filter(is_ours).flat_map(|entry| names(&entry["subscribed_fields"])).collect())
}

fn path(page: &AccountId) -> String {
    format!("{page}/subscribed_apps")
}

/// Sends one call about a Page, once. A failure is logged and returned as a setback.
pub(super) async fn asked(graph: &Graph, name: &'static str, request: RequestBuilder) -> Result<Answer, Setback> {
    answered(graph.call(name), graph.send(name, request).await)
}

async fn asked_again(graph: &Graph, outbound: &Outbound, name: &'static str, request: RequestBuilder) -> Result<Answer, Setback> {
    answered(graph.call(name), graph.ask(outbound, Asking::WithToken, name, request).await)
}

fn answered(call: Call, answer: Result<Answer, CallError>) -> Result<Answer, Setback> {
    let answer = answer.map_err(|error| Setback::without_answer(call, error))?;
    if Setback::is_one(&answer) { Err(Setback::of(call, &answer)) } else { Ok(answer) }
}

fn unready(call: Call, setback: Setback, tasks: &[String], load: &Load) -> Unready {
    if setback.throttles_all {
        meta::exhaust(load, call);
    }
    match setback.verdict {
        Verdict::Wait => Unready::RateLimited,
        // Facebook gives the same error for a missing permission and a missing task; the tasks tell
        // which it is.
        Verdict::MissingPermission if !tasks.iter().any(|task| TASKS.contains(&task.as_str())) => Unready::MissingTask,
        Verdict::MissingPermission => Unready::MissingPermission,
        Verdict::ReconnectNeeded | Verdict::TokenOfAnotherApp | Verdict::RestartLogin => Unready::TokenRefused,
        Verdict::OurConfiguration => Unready::Misconfigured,
        Verdict::Retry | Verdict::NotFound | Verdict::InvalidCursor => Unready::NotChecked,
    }
}

/// The entries of a list, if there is one.
fn listed(answer: &Answer) -> Option<&Vec<Value>> {
    answer.value()?.get("data")?.as_array()
}

/// Names of fields: strings, or objects with a `name` in newer versions.
fn names(fields: &Value) -> Vec<String> {
    let name = |field: &Value| field.as_str().or_else(|| field["name"].as_str()).map(str::to_owned);
    fields.as_array().map(|fields| fields.iter().filter_map(name).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
