//! The Pages of a person.

use std::{collections::HashSet, time::Duration};

use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};

use crate::http::{Outbound, provider_error};
use crate::platform::{AccountId, GrantedAccount};
use crate::providers::load::Load;
use crate::providers::meta::{self, Asking, Graph, GraphError, Setback, Verdict, classify};
use crate::{Code, Detail, Error, Secret};

use super::{INSTAGRAM, PAGE, PLATFORM, instagram};

const FIELDS: &str = "id,name,access_token,tasks,category";

/// The fields to request for Pages.
fn fields(with_instagram: bool) -> String {
    if with_instagram { format!("{FIELDS},{}", instagram::FIELD) } else { FIELDS.to_owned() }
}

/// Whether an error may be due to the fields requested besides the Page itself. Those must not cost
/// anyone their Pages, so the request is repeated without them.
const fn may_be_for_instagram(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::MissingPermission | Verdict::OurConfiguration)
}

/// The most that Facebook returns at once in practice.
const PAGE_SIZE: &str = "100";
/// Longer lists are cut, with a log line: 2,500 Pages of one person.
const MAX_LISTS: usize = 25;
/// Pages fetched one by one, concurrently.
const CONCURRENCY: usize = 16;
/// The limit for all of those together: slightly more than one call may take, so that many hanging
/// calls do not cost the other Pages their link.
const FETCH_TIMEOUT: Duration = Duration::from_secs(8);

/// The part of the total time reserved for storing the results.
const WRITE_TIME: Duration = Duration::from_secs(3);

/// What was found, and what was not.
#[derive(Debug, Default)]
pub struct Pages {
    /// Each Page once.
    pub found: Vec<GrantedAccount>,
    /// Pages that were granted but could not be read.
    pub unreadable: Vec<AccountId>,
    /// Pages that were granted but do not, or no longer, exist.
    pub gone: Vec<AccountId>,
    /// Pages left for later, because Facebook asked us to wait.
    pub rate_limited: Vec<AccountId>,
    /// The list went on further than we read.
    pub truncated: bool,
    /// How close these calls have come to the limits.
    pub load: Load,
}

impl Pages {
    /// Whether anything is known of a Page.
    #[must_use]
    pub fn mention(&self, id: &AccountId) -> bool {
        let found = self.found.iter().map(|page| &page.id);
        found.chain(&self.unreadable).chain(&self.gone).chain(&self.rate_limited).any(|known| known == id)
    }
}

/// The outcome of fetching one Page.
enum Fetched {
    Page(Box<GrantedAccount>),
    Unreadable,
    /// Facebook refuses the requested fields.
    Refused,
    Gone,
    RateLimited,
}

#[derive(Deserialize)]
struct ListReply {
    data: Vec<Entry>,
    paging: Option<Paging>,
}

/// A malformed Page must not affect the others.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Page(PageReply),
    Unreadable { id: Value },
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct PageReply {
    id: Value,
    name: Option<String>,
    access_token: Option<Secret>,
    #[serde(default)]
    tasks: Vec<String>,
    category: Option<String>,
    /// A malformed value counts as none.
    #[serde(default)]
    instagram_business_account: Value,
}

#[derive(Deserialize)]
struct Paging {
    cursors: Option<Cursors>,
    next: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Cursors {
    after: Option<String>,
}

/// Lists all of the person's Pages (`me/accounts`), by cursor. `paging.next` only says that there
/// is more: it is an untrusted URL and carries the token, so it is never followed. A repeated
/// cursor ends the list; one that Facebook no longer accepts restarts it, once.
///
/// # Errors
/// `token_exchange_failed` when the token is refused, `missing_permission`, `provider_error`,
/// `provider_timeout`.
pub async fn list(graph: &Graph, outbound: &Outbound, token: &Secret, scopes: &[String]) -> Result<Pages, Error> {
    const NAME: &str = "accounts";
    let call = graph.call(NAME);
    let (mut pages, mut with_instagram) = (Pages::default(), INSTAGRAM.is_on(scopes));
    let mut ids = HashSet::new();
    let mut cursors = HashSet::new();
    let mut after: Option<String> = None;
    let mut may_begin_anew = true;
    for _ in 0..MAX_LISTS {
        let mut request =
            graph.get(outbound, "me/accounts", token).query(&[("fields", fields(with_instagram).as_str()), ("limit", PAGE_SIZE)]);
        if let Some(after) = &after {
            request = request.query(&[("after", after)]);
        }
        let answer = graph.ask(outbound, Asking::WithToken, NAME, request).await.map_err(|e| e.into_error(&PLATFORM, call))?;
        meta::note(&pages.load, call, &answer);
        let Some(ListReply { data, paging }) = answer.json_of_success() else {
            let error = GraphError::of(&answer);
            let verdict = classify(Asking::WithToken, answer.status, error.as_ref());
            let provoked = verdict == Verdict::Wait && error.as_ref().is_some_and(GraphError::throttles_one);
            let numbers = error.map(|e| e.numbers()).unwrap_or_default();
            if verdict == Verdict::InvalidCursor && after.is_some() && may_begin_anew {
                tracing::warn!(%call, status = answer.status, numbers, "list of pages begun anew");
                may_begin_anew = false;
                cursors.clear();
                after = None;
                continue;
            }
            if with_instagram && may_be_for_instagram(verdict) {
                tracing::warn!(%call, status = answer.status, numbers, "asked without Instagram");
                with_instagram = false;
                continue;
            }
            return Err(refused(verdict).provoked(provoked).caused_by(format!("{call}: status {} {numbers}", answer.status)));
        };
        for entry in data {
            match entry {
                Entry::Page(page) => pages.found.extend(read(page).filter(|page| ids.insert(page.id.clone()))),
                Entry::Unreadable { id } => pages.unreadable.extend(meta::account(&PAGE, id).filter(|id| ids.insert(id.clone()))),
                Entry::Other(_) => {}
            }
        }
        after = match paging.filter(|paging| paging.next.is_some()).and_then(|paging| paging.cursors?.after) {
            None => return Ok(pages),
            Some(cursor) if is_usable(&cursor) && cursors.insert(cursor.clone()) => Some(cursor),
            Some(_) => break,
        };
    }
    pages.truncated = true;
    Ok(pages)
}

/// Fetches granted Pages that the list left out, such as those of a business portfolio, and those
/// that could not be read. Fetches fewer concurrently when the app's usage is high, and none once
/// it is exhausted.
pub async fn fetch_missing(
    graph: &Graph,
    outbound: &Outbound,
    token: &Secret,
    scopes: &[String],
    granted: &[AccountId],
    pages: &mut Pages,
) {
    let mut known: HashSet<AccountId> = pages.found.iter().map(|page| page.id.clone()).collect();
    let unreadable = std::mem::take(&mut pages.unreadable);
    let missing: Vec<AccountId> = granted.iter().cloned().chain(unreadable).filter(|id| known.insert(id.clone())).collect();
    let deadline = Instant::now() + FETCH_TIMEOUT;
    let deadline = outbound.deadline().map_or(deadline, |end| deadline.min(end - WRITE_TIME));
    let (load, with_instagram) = (&pages.load, INSTAGRAM.is_on(scopes));
    let fetched: Vec<(AccountId, Fetched)> = stream::iter(missing)
        .map(|id| async move {
            let fetched = async {
                match fetch(graph, outbound, token, (&id, &fields(with_instagram)), load).await {
                    Fetched::Refused if with_instagram => fetch(graph, outbound, token, (&id, FIELDS), load).await,
                    fetched => fetched,
                }
            };
            let fetched = timeout_at(deadline, fetched).await.unwrap_or(Fetched::Unreadable);
            (id, fetched)
        })
        .buffered(load.width(CONCURRENCY))
        .collect()
        .await;
    for (id, page) in fetched {
        match page {
            Fetched::Page(page) => pages.found.push(*page),
            Fetched::Unreadable | Fetched::Refused => pages.unreadable.push(id),
            Fetched::Gone => pages.gone.push(id),
            Fetched::RateLimited => pages.rate_limited.push(id),
        }
    }
}

/// Fetches one Page. A failure affects that Page only.
async fn fetch(graph: &Graph, outbound: &Outbound, token: &Secret, (id, fields): (&AccountId, &str), load: &Load) -> Fetched {
    const NAME: &str = "page";
    let call = graph.call(NAME);
    if load.is_exhausted() {
        return Fetched::RateLimited;
    }
    let request = graph.get(outbound, id.as_str(), token).query(&[("fields", fields)]);
    let answer = match graph.ask(outbound, Asking::WithToken, NAME, request).await {
        Ok(answer) => answer,
        Err(error) => {
            Setback::without_answer(call, error);
            return Fetched::Unreadable;
        }
    };
    meta::note(load, call, &answer);
    if !Setback::is_one(&answer) {
        let page = answer.json().and_then(read).filter(|page| page.id == *id);
        return page.map_or(Fetched::Unreadable, |page| Fetched::Page(Box::new(page)));
    }
    let setback = Setback::of(call, &answer);
    if setback.throttles_all {
        meta::exhaust(load, call);
    }
    match setback.verdict {
        Verdict::NotFound => Fetched::Gone,
        Verdict::Wait => Fetched::RateLimited,
        verdict if may_be_for_instagram(verdict) => Fetched::Refused,
        _ => Fetched::Unreadable,
    }
}

fn read(reply: PageReply) -> Option<GrantedAccount> {
    let id = meta::account(&PAGE, reply.id)?;
    let tasks: Vec<String> = reply.tasks.into_iter().filter(|task| task.len() <= 64).take(32).collect();
    Some(GrantedAccount {
        name: reply.name.unwrap_or_else(|| id.to_string()).chars().take(255).collect(),
        may_move: tasks.iter().any(|task| task == "MANAGE"),
        tasks,
        display: None,
        category: reply.category.map(|category| category.chars().take(255).collect()),
        access_token: reply.access_token.filter(Secret::fits_a_header),
        companion: instagram::Reply::deserialize(reply.instagram_business_account).ok().and_then(instagram::Reply::read),
        id,
    })
}

/// A longer cursor ends the list; Facebook's have about two hundred characters.
const fn is_usable(cursor: &str) -> bool {
    cursor.len() <= 1024
}

fn refused(verdict: Verdict) -> Error {
    match verdict {
        Verdict::ReconnectNeeded | Verdict::TokenOfAnotherApp | Verdict::RestartLogin => {
            Error::new(Code::TokenExchangeFailed, Detail::SignInRefused(&PLATFORM))
        }
        Verdict::MissingPermission => Error::new(Code::MissingPermission, Detail::AccountsHidden(&PAGE)),
        Verdict::OurConfiguration => provider_error(&PLATFORM).refusing_credentials(true),
        _ => provider_error(&PLATFORM),
    }
}

#[cfg(test)]
mod tests;
