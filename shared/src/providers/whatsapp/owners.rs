//! Who owns WhatsApp Business Accounts: only the owner's portfolio may move their numbers from one
//! store to another, not a partner they are shared with.

use std::collections::BTreeSet;

use crate::Secret;
use crate::http::Outbound;
use crate::platform::CompanionId;
use crate::providers::meta::{Asking, Graph, Setback, digits};
use futures_util::{StreamExt as _, stream};

/// Accounts looked up concurrently.
const CONCURRENCY: usize = 8;

/// Which of these accounts are owned by the token's portfolio. An unreadable one is not.
pub async fn owned(graph: &Graph, outbound: &Outbound, token: &Secret, accounts: BTreeSet<CompanionId>) -> BTreeSet<CompanionId> {
    let Some(portfolio) = read(graph, outbound, token, ("me", "me", "client_business_id"), "/client_business_id").await else {
        return BTreeSet::new();
    };
    let asking = accounts.into_iter().map(|waba| async {
        let owner = read(graph, outbound, token, ("account_owner", waba.as_str(), "owner_business_info"), "/owner_business_info/id").await;
        (owner.as_ref() == Some(&portfolio)).then_some(waba)
    });
    stream::iter(asking.collect::<Vec<_>>()).buffer_unordered(CONCURRENCY).filter_map(|waba| async { waba }).collect().await
}

/// Reads an id from an object.
async fn read(
    graph: &Graph,
    outbound: &Outbound,
    token: &Secret,
    (name, path, fields): (&'static str, &str, &str),
    pointer: &str,
) -> Option<String> {
    let call = graph.call(name);
    let request = graph.get(outbound, path, token).query(&[("fields", fields)]);
    let answer = graph.ask(outbound, Asking::WithToken, name, request).await;
    let answer = answer.map_err(|error| Setback::without_answer(call, error)).ok()?;
    if Setback::is_one(&answer) {
        Setback::of(call, &answer);
        return None;
    }
    answer.value().and_then(|body| body.pointer(pointer).cloned()).and_then(digits)
}
