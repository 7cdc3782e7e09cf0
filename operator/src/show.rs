//! Shows what is linked under a store, a Page or a UUID.

use serde_json::{Value, json};
use shared::{
    Clock, UnixSeconds,
    clock::rfc3339,
    platform::Companion,
    store::{
        Directory,
        overview::{Noted, Overview, Seen},
        records::{Account, Grant, Shop},
    },
};

use crate::{
    failure::Failure,
    list::{Standing, of_account, of_store},
    meaning::{self, Of},
    output::{Output, from_outside},
    stack::Stack,
    times,
};

/// Prints everything that is stored, except tokens.
pub(crate) async fn show(directory: &Directory, whom: &str, stack: &Stack, output: &mut Output) -> Result<(), Failure> {
    let (now, mut found) = (Clock::system().now(), Vec::new());
    for user_uuid in directory.identities_named(whom).await? {
        found.extend(directory.overview(user_uuid).await?);
    }
    if output.is_json() {
        output.json(&found.iter().map(|overview| as_json(overview, stack, now)).collect());
    }
    if found.is_empty() {
        return Err(Failure::no(format!("nothing is linked under {}", from_outside(whom))));
    }
    if !output.is_json() {
        found.iter().for_each(|overview| tell(overview, stack, now, output));
    }
    Ok(())
}

fn tell(overview: &Overview, stack: &Stack, now: UnixSeconds, output: &mut Output) {
    let Seen { record: shop, noted } = &overview.shop;
    let name = shop.name.as_deref().map(from_outside).filter(|name| !name.is_empty());
    output.line(format!("{}{}", shop.shop, name.map_or_else(String::new, |name| format!(" ({name})"))));
    let standing = of_store(shop);
    for (title, text) in of_shop(shop, noted, &standing, now) {
        output.line(format!("  {title:<10} {text}"));
    }
    explain("", Of::Store, &standing, shop, stack, output);
    if let Some(doubt) = &overview.doubt {
        output.line(format!("  {:<10} a webhook doubts it ({}); {}", "doubt", doubt.record.as_str(), due(&doubt.noted, now)));
    }
    if !overview.accounts.is_empty() {
        let rows = overview.accounts.iter().map(|account| line_of_account(&account.record, shop, now));
        output.line("");
        output.table(["ACCOUNT", "NAME", "STATE", "REASON", "SINCE", "MESSAGES", "THROUGH"], rows);
        for Seen { record: account, .. } in &overview.accounts {
            let of = format!("{} {}: ", account.id.kind().key, account.id);
            explain(&of, Of::Account, &of_account(account, shop), shop, stack, output);
        }
    }
    if !overview.grants.is_empty() {
        output.line("");
        let rows = overview.grants.iter().map(|grant| line_of_grant(grant, now));
        output.table(["ACCESS OF", "STATE", "REASON", "TOKEN", "NEXT"], rows);
    }
    let mut events = overview.events.clone();
    events.sort_by(|one, other| one.at.cmp(&other.at));
    if !events.is_empty() {
        output.line("");
        let rows = events.into_iter().map(|event| [event.at, event.event_type, event.account, event.reason.unwrap_or_default()]);
        output.table(["LATELY", "WHAT", "OF", "REASON"], rows);
    }
}

/// A store's details, line by line.
fn of_shop(shop: &Shop, noted: &Noted, standing: &Standing, now: UnixSeconds) -> Vec<(&'static str, String)> {
    let mut lines = vec![("uuid", shop.user_uuid.to_string()), ("state", state(standing, now)), ("linked", times::at(shop.linked_at, now))];
    lines.push(("token", of_tokens(shop, now)));
    lines.push(("scopes", if shop.scopes.is_empty() { "none".to_owned() } else { shop.scopes.join(", ") }));
    lines.push(("app", shop.app_id.clone()));
    let live = shop.sessions.values().filter(|end| **end > now).count();
    lines.push(("sessions", live.to_string()));
    if shop.is_unidentified() {
        lines.push(("unknown", "Shopify has yet to say which shop this is; the keeper asks".to_owned()));
    }
    lines.push(("next", due(noted, now)));
    if noted.failures > 0 {
        lines.push(("record", noted.name.clone()));
    }
    lines
}

fn of_tokens(shop: &Shop, now: UnixSeconds) -> String {
    let end = |at: Option<UnixSeconds>| at.map_or_else(|| "without an end".to_owned(), |at| format!("ends {}", times::at(at, now)));
    match (&shop.access_token, &shop.refresh_token) {
        (None, None) => "none kept".to_owned(),
        (_, None) => end(shop.access_expires_at),
        (_, Some(_)) => format!("{}; what renews it {}", end(shop.access_expires_at), end(shop.refresh_expires_at)),
    }
}

fn state(standing: &Standing, now: UnixSeconds) -> String {
    let reason = standing.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
    let since = standing.since.map_or_else(String::new, |since| format!(", since {}", times::at(since, now)));
    format!("{}{reason}{since}", standing.state.as_str())
}

/// When it is processed next, and how often that failed.
fn due(noted: &Noted, now: UnixSeconds) -> String {
    let due = noted.due_at.map_or_else(|| "looked after no more".to_owned(), |due_at| format!("looked after {}", times::at(due_at, now)));
    let failed = match noted.failures {
        0 => String::new(),
        1 => "; failed once".to_owned(),
        failures => format!("; failed {failures} times"),
    };
    let dead = noted.dead_seen_at.map_or_else(String::new, |at| format!("; found dead {}, not believed yet", times::at(at, now)));
    format!("{due}{failed}{dead}")
}

/// What it means and what to tell the merchant, if anything.
fn explain(beginning: &str, of: Of, standing: &Standing, shop: &Shop, stack: &Stack, output: &mut Output) {
    let Some(meaning) = meaning::of(of, standing.state, standing.reason.as_deref()) else { return };
    if meaning.tell.is_empty() {
        return;
    }
    output.line(format!("  {:<10} {beginning}{}", "means", meaning.means));
    output.line(format!("  {:<10} {}", "tell", meaning.tell));
    if let Some(url) = stack.login_url(&shop.shop).filter(|_| meaning.needs_login) {
        output.line(format!("  {:<10} {url}", "login link"));
    }
}

fn line_of_account(account: &Account, shop: &Shop, now: UnixSeconds) -> [String; 7] {
    let standing = of_account(account, shop);
    let companion = |of: &Companion| format!(" + {} {}", of.id.kind().key, of.id);
    let messages = match (account.messaging(), account.thread_routing) {
        (Ok(()), Some(true)) => "shared with other apps",
        (Ok(()), _) => "arrive",
        (Err(unready), _) => unready.as_str(),
    };
    [
        format!("{} {}{}", account.id.kind().key, account.id, account.companion.as_ref().map(companion).unwrap_or_default()),
        from_outside(&account.name),
        standing.state.as_str().to_owned(),
        standing.reason.unwrap_or_default(),
        standing.since.map(|since| times::told(now.saturating_sub(since))).unwrap_or_default(),
        messages.to_owned(),
        account.granted_by.clone(),
    ]
}

fn line_of_grant(seen: &Seen<Grant>, now: UnixSeconds) -> [String; 5] {
    let Seen { record: grant, noted } = seen;
    let token = match (&grant.token, grant.expires_at) {
        (None, _) => "none kept".to_owned(),
        (Some(_), None) => "without an end".to_owned(),
        (Some(_), Some(end)) => format!("ends {}", times::at(end, now)),
    };
    let reason = noted.reason.clone().filter(|_| grant.dead_since.is_some()).unwrap_or_default();
    [format!("{} {}", grant.id.kind().key, grant.id), grant.status.as_str().to_owned(), reason, token, due(noted, now)]
}

fn as_json(overview: &Overview, stack: &Stack, now: UnixSeconds) -> Value {
    let Seen { record: shop, noted } = &overview.shop;
    let accounts = overview.accounts.iter().map(|Seen { record: account, noted }| {
        let told = told(Of::Account, &of_account(account, shop));
        let companion = account.companion.as_ref().map(|companion| json!({ "kind": companion.id.kind().key, "id": companion.id.as_str(), "name": companion.name }));
        json!({
            "kind": account.id.kind().key, "platform": account.id.kind().platform.name, "id": account.id.as_str(), "name": account.name, "standing": told,
            "messages": account.messaging().err().map(shared::facts::Unready::as_str), "thread_routing": account.thread_routing, "companion": companion,
            "granted_by": account.granted_by, "tasks": account.tasks, "app_id": account.app_id, "has_token": account.access_token.is_some(),
            "linked_at": noted.linked_at.map(rfc3339),
        })
    });
    let grants = overview.grants.iter().map(|Seen { record: grant, noted }| {
        json!({
            "kind": grant.id.kind().key, "platform": grant.id.kind().platform.name, "id": grant.id.as_str(), "status": grant.status.as_str(),
            "reason": noted.reason, "has_token": grant.token.is_some(), "expires_at": grant.expires_at.map(rfc3339), "scopes": grant.scopes,
            "app_id": grant.app_id, "linked_at": noted.linked_at.map(rfc3339), "next": next(noted),
        })
    });
    let events = overview.events.iter().map(|event| {
        json!({ "at": event.at, "event_type": event.event_type, "platform": event.platform, "account": event.account, "reason": event.reason })
    });
    json!({
        "user_uuid": shop.user_uuid.to_string(), "shop": shop.shop, "name": shop.name, "standing": told(Of::Store, &of_store(shop)),
        "login_url": stack.login_url(&shop.shop), "linked_at": rfc3339(shop.linked_at), "app_id": shop.app_id, "scopes": shop.scopes,
        "has_token": shop.access_token.is_some(), "access_expires_at": shop.access_expires_at.map(rfc3339),
        "refresh_expires_at": shop.refresh_expires_at.map(rfc3339), "is_unidentified": shop.is_unidentified(),
        "sessions": shop.sessions.values().filter(|end| **end > now).count(), "next": next(noted),
        "doubt": overview.doubt.as_ref().map(|doubt| json!({ "about": doubt.record.as_str(), "next": next(&doubt.noted) })),
        "accounts": accounts.collect::<Vec<_>>(), "grants": grants.collect::<Vec<_>>(), "events": events.collect::<Vec<_>>(),
    })
}

fn told(of: Of, standing: &Standing) -> Value {
    let meaning = meaning::of(of, standing.state, standing.reason.as_deref());
    json!({
        "state": standing.state.as_str(), "reason": standing.reason, "since": standing.since.map(rfc3339),
        "means": meaning.map(|meaning| meaning.means), "tell": meaning.map(|meaning| meaning.tell),
    })
}

fn next(noted: &Noted) -> Value {
    json!({
        "record": noted.name, "due_at": noted.due_at.map(rfc3339), "failures": noted.failures, "found_dead": noted.dead_seen_at.map(rfc3339),
    })
}
