//! Messages arrive through the WhatsApp Business Account: the app subscribes to it, for all fields
//! that the app as a whole subscribes to (`webhooks/set-up-webhooks`, `{waba}/subscribed_apps`).

use reqwest::RequestBuilder;
use serde_json::Value;

use crate::facts::{Messaging, Unready};
use crate::http::{Answer, Outbound};
use crate::platform::CompanionId;
use crate::providers::grantor::Ended;
use crate::providers::load::Load;
use crate::providers::meta::{self, Asking, Graph, Setback, Usage, Verdict, digits, end};
use crate::{Secret, calls::Call};

/// Subscribes to an account and reads the subscription back.
///
/// # Errors
/// Why its messages are not known to arrive.
pub async fn subscribe(graph: &Graph, outbound: &Outbound, waba: &CompanionId, token: &Secret, load: &Load) -> Messaging {
    const NAME: &str = "subscribe";
    let answer = asked(graph, outbound, NAME, graph.post(outbound, &path(waba), token, &[]), load).await?;
    if Usage::of(&answer).is_exhausted() {
        return Err(Unready::RateLimited);
    }
    if is_subscribed(graph, outbound, waba, token, load).await? { Ok(()) } else { Err(Unready::AccountNotSubscribed) }
}

/// Checks a subscription, and restores it if it is gone.
///
/// # Errors
/// Why the messages are not known to arrive.
pub async fn ensure_subscribed(graph: &Graph, outbound: &Outbound, waba: &CompanionId, token: &Secret, load: &Load) -> Messaging {
    match is_subscribed(graph, outbound, waba, token, load).await? {
        true => Ok(()),
        false => subscribe(graph, outbound, waba, token, load).await,
    }
}

/// Ends this app's subscription.
pub async fn unsubscribe(graph: &Graph, outbound: &Outbound, waba: &CompanionId, token: &Secret) -> Ended {
    end(graph, "unsubscribe", graph.delete(outbound, &path(waba), token)).await
}

async fn is_subscribed(graph: &Graph, outbound: &Outbound, waba: &CompanionId, token: &Secret, load: &Load) -> Result<bool, Unready> {
    let answer = asked(graph, outbound, "subscribed_apps", graph.get(outbound, &path(waba), token), load).await?;
    let listed = answer.value().and_then(|body| body.get("data")?.as_array().cloned()).ok_or(Unready::NotChecked)?;
    // An app that Meta does not identify is nobody's.
    let is_ours = |entry: &Value| {
        let id = entry.pointer("/whatsapp_business_api_data/id").cloned().and_then(digits);
        id.is_some_and(|id| id == graph.app.id)
    };
    Ok(listed.iter().any(is_ours))
}

fn path(waba: &CompanionId) -> String {
    format!("{waba}/subscribed_apps")
}

/// Sends an idempotent request.
pub(super) async fn asked(
    graph: &Graph,
    outbound: &Outbound,
    name: &'static str,
    request: RequestBuilder,
    load: &Load,
) -> Result<Answer, Unready> {
    let call = graph.call(name);
    if load.is_exhausted() {
        return Err(Unready::RateLimited);
    }
    let answer = graph.ask(outbound, Asking::WithToken, name, request).await;
    let setback = match answer {
        Ok(answer) if !Setback::is_one(&answer) => {
            meta::note_account(load, call, &answer);
            return Ok(answer);
        }
        Ok(answer) => Setback::of(call, &answer),
        Err(error) => Setback::without_answer(call, error),
    };
    Err(unready(call, setback, load))
}

fn unready(call: Call, setback: Setback, load: &Load) -> Unready {
    if setback.throttles_all {
        meta::exhaust(load, call);
    }
    if setback.verdict == Verdict::Wait { Unready::RateLimited } else { Unready::NotChecked }
}
