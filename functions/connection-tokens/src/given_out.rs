//! Logs whose tokens were handed out, as marks: once in a while per account, and without a name.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use serde_json::Value;
use shared::{clock::UnixSeconds, marks::Marker, platform::Platforms, providers::shopify};

/// An account is logged again after this long, in seconds.
const AGAIN: u64 = 15 * 60;
/// How many logged accounts an instance remembers; below a megabyte.
const MOST: usize = 10_000;
/// Marks per line.
const LINE: usize = 200;

/// Outlives the configuration, which is reloaded every five minutes.
static TOLD: Mutex<Option<Told>> = Mutex::new(None);

/// When each account was last logged.
#[derive(Default)]
struct Told(HashMap<String, UnixSeconds>);

/// Logs every token in a reply that is about to leave, unless logged recently.
pub(crate) fn tell(marker: &Marker, reply: &Value, platforms: Platforms, now: UnixSeconds) {
    let marks = accounts(reply, platforms).map(|(platform, account)| marker.mark(platform, account));
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let news = told.get_or_insert_default().news(marks, now);
    drop(told);
    for marks in news.chunks(LINE) {
        tracing::info!(key = marker.id(), accounts = marks.join(","), "tokens given out");
    }
}

/// The accounts whose token is in a reply.
fn accounts(reply: &Value, platforms: Platforms) -> impl Iterator<Item = (&'static str, &str)> {
    let kinds = platforms.accounts().map(|kind| (kind.list, kind.platform.name, kind.id));
    [("shops", shopify::PLATFORM.name, "shop")].into_iter().chain(kinds).flat_map(move |(list, platform, id)| {
        let entries = reply[list].as_array().map(Vec::as_slice).unwrap_or_default();
        entries.iter().filter(|entry| entry["access_token"].is_string()).filter_map(move |entry| Some((platform, entry[id].as_str()?)))
    })
}

impl Told {
    /// Those not logged recently. If there is no room for more, all are forgotten: a duplicate line
    /// does no harm, a missing one would.
    fn news(&mut self, marks: impl Iterator<Item = String>, now: UnixSeconds) -> Vec<String> {
        let is_recent = |at: &UnixSeconds| now < at.saturating_add(AGAIN);
        let mut news = Vec::new();
        for mark in marks {
            if self.0.get(&mark).is_some_and(is_recent) {
                continue;
            }
            if self.0.len() >= MOST {
                self.0.retain(|_, at| is_recent(at));
                if self.0.len() >= MOST {
                    self.0.clear();
                }
            }
            self.0.insert(mark.clone(), now);
            news.push(mark);
        }
        news
    }
}

#[cfg(test)]
mod tests;
