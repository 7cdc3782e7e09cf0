//! Lists the merchants who need help.

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use shared::{
    Clock, UnixSeconds,
    clock::rfc3339,
    facts::Unready,
    platform::Platforms,
    providers::{PLATFORMS, shopify},
    store::{
        Directory,
        keep::due::DueKey,
        overview::Overview,
        records::{Account, Shop, Status},
    },
};

use crate::{
    arguments::{List, State},
    failure::Failure,
    output::{Output, from_outside},
    stack::Stack,
    times,
    walk::walk,
};

/// Stores read concurrently.
const AT_ONCE: usize = 16;
/// The states listed by default: those that need help.
const NEEDS_HELP: [State; 2] = [State::ReconnectNeeded, State::Silent];

/// The state of something linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) state: State,
    pub(crate) reason: Option<String>,
    pub(crate) since: Option<UnixSeconds>,
}

/// A store or an account, and its state.
#[derive(Debug)]
struct Row {
    shop: String,
    user_uuid: String,
    platform: &'static str,
    /// `store`, or the kind of account.
    kind: &'static str,
    id: String,
    name: Option<String>,
    standing: Standing,
}

/// Walks the stores and prints those that match.
pub(crate) async fn list(directory: &Directory, wanted: &List, stack: &Stack, output: &mut Output) -> Result<(), Failure> {
    check_platform(wanted.platform.as_deref(), PLATFORMS)?;
    let (now, mut rows, mut seen) = (Clock::system().now(), Vec::new(), 0_usize);
    // Only stores being erased are among the urgent records.
    let with_urgent = wanted.state.contains(&State::Erasing);
    let next = walk(
        directory,
        wanted.next.as_deref(),
        |place| with_urgent || !place.is_urgent(),
        async |records| {
            let stores = records.into_iter().filter_map(|(record, place)| match record.key {
                DueKey::Shop(user_uuid) => Some((user_uuid, place)),
                _ => None,
            });
            for stores in Vec::from_iter(stores).chunks(AT_ONCE) {
                let overviews = stores.iter().map(|(user_uuid, _)| directory.overview(*user_uuid));
                let overviews: Vec<Option<Overview>> = stream::iter(overviews).buffered(AT_ONCE).try_collect().await?;
                rows.extend(overviews.iter().flatten().flat_map(rows_of).filter(|row| row.is_wanted(wanted, now)));
                seen += stores.len();
                output.progress(format!("{seen} stores seen, {} lines …", rows.len()));
                if rows.len() >= wanted.limit as usize {
                    return Ok(stores.last().map(|(_, place)| place.clone()));
                }
            }
            Ok(None)
        },
    )
    .await?;
    let next = next.map(|place| place.to_string());
    if output.is_json() {
        let lines: Vec<Value> = rows.iter().map(|row| row.as_json(stack)).collect();
        output.json(&json!({ "lines": lines, "next": next }));
        return Ok(());
    }
    if rows.is_empty() {
        output.line(format!("Nothing of the kind among {seen} stores."));
    } else {
        output.table(["STORE", "WHAT", "NAME", "STATE", "REASON", "SINCE"], rows.iter().map(|row| row.as_line(now)));
    }
    if let Some(next) = next {
        output.line(format!("There may be more: --next '{next}'"));
    }
    Ok(())
}

fn check_platform(name: Option<&str>, platforms: Platforms) -> Result<(), Failure> {
    let Some(name) = name.filter(|name| platforms.named(name).is_none()) else { return Ok(()) };
    let known: Vec<&str> = platforms.0.iter().map(|platform| platform.name).collect();
    Err(Failure::broken(format!("there is no platform {name}: {}", known.join(", "))))
}

/// The store, and its accounts.
fn rows_of(overview: &Overview) -> Vec<Row> {
    let shop = &overview.shop.record;
    let row = |platform, kind, id: &str, name: Option<&str>, standing| Row {
        shop: shop.shop.clone(),
        user_uuid: shop.user_uuid.to_string(),
        platform,
        kind,
        id: id.to_owned(),
        name: name.map(str::to_owned),
        standing,
    };
    let accounts = overview.accounts.iter().map(|account| {
        let (account, id) = (&account.record, &account.record.id);
        row(id.kind().platform.name, id.kind().key, id.as_str(), Some(&account.name), of_account(account, shop))
    });
    let store = row(shopify::PLATFORM.name, "store", &shop.shop, shop.name.as_deref(), of_store(shop));
    [store].into_iter().chain(accounts).collect()
}

/// The state of a store.
pub(crate) fn of_store(shop: &Shop) -> Standing {
    let state = state(shop.status);
    let since = if shop.status == Status::Uninstalled { shop.uninstalled_at } else { shop.dead_since };
    Standing { state, reason: shop.reason.clone().filter(|_| state != State::Active), since }
}

/// The state of an account of this store.
pub(crate) fn of_account(account: &Account, shop: &Shop) -> Standing {
    match account.worth(shop, None) {
        (Status::Active, _) => {
            // An unknown reason says nothing about the account.
            let unready = account.messaging().err().filter(|unready| !unready.is_passing());
            let state = if unready.is_some() { State::Silent } else { State::Active };
            Standing { state, reason: unready.map(|unready| Unready::as_str(unready).to_owned()), since: None }
        }
        (Status::Uninstalled | Status::Erasing, _) => Standing { state: State::Uninstalled, reason: None, since: shop.uninstalled_at },
        (status, reason) => Standing { state: state(status), reason: reason.map(str::to_owned), since: account.dead_since },
    }
}

const fn state(status: Status) -> State {
    match status {
        Status::Active => State::Active,
        Status::ReconnectNeeded => State::ReconnectNeeded,
        Status::Uninstalled => State::Uninstalled,
        Status::Erasing => State::Erasing,
        Status::Moved => State::Moved,
    }
}

impl Row {
    fn is_wanted(&self, wanted: &List, now: UnixSeconds) -> bool {
        let Standing { state, reason, since } = &self.standing;
        let states = if wanted.state.is_empty() && wanted.reason.is_none() { NEEDS_HELP.as_slice() } else { wanted.state.as_slice() };
        (states.is_empty() || states.contains(state))
            && wanted.reason.as_ref().is_none_or(|wanted| reason.as_ref() == Some(wanted))
            && wanted.platform.as_ref().is_none_or(|platform| self.platform == platform)
            && wanted.age.is_none_or(|age| since.is_some_and(|since| since.saturating_add(age.as_secs()) <= now))
    }

    fn as_line(&self, now: UnixSeconds) -> [String; 6] {
        let Standing { state, reason, since } = &self.standing;
        let what = if self.kind == "store" { self.kind.to_owned() } else { format!("{} {}", self.kind, self.id) };
        let since = since.map(|since| times::told(now.saturating_sub(since)));
        let name = self.name.as_deref().map(from_outside).unwrap_or_default();
        [self.shop.clone(), what, name, state.as_str().to_owned(), reason.clone().unwrap_or_default(), since.unwrap_or_default()]
    }

    fn as_json(&self, stack: &Stack) -> Value {
        let Standing { state, reason, since } = &self.standing;
        json!({
            "shop": self.shop, "user_uuid": self.user_uuid, "platform": self.platform, "kind": self.kind, "id": self.id, "name": self.name,
            "state": state.as_str(), "reason": reason, "since": since.map(rfc3339), "login_url": stack.login_url(&self.shop),
        })
    }
}
