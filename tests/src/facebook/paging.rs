//! Lists in pages, and what can be odd about them (Graph API, paginated results).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Quirk;
use super::error::GraphError;
use super::graph::{Facebook, State};
use crate::provider::{RecordedRequest, encode};

/// Page sizes as documented; 100 is the practical maximum.
const DEFAULT_LIMIT: usize = 25;
const LARGEST_LIMIT: usize = 100;

impl Facebook {
    /// The part of a list that a request asks for, and the answer's `paging`, if it has any.
    pub(super) fn part<T: Clone>(
        &self,
        state: &State,
        request: &RecordedRequest,
        token: &str,
        items: &[T],
    ) -> Result<(Vec<T>, Option<Value>), GraphError> {
        let asked = request.field("limit").and_then(|limit| limit.parse().ok()).unwrap_or(DEFAULT_LIMIT);
        let size = asked.min(LARGEST_LIMIT).min(state.largest_page.unwrap_or(LARGEST_LIMIT)).max(1);
        let cursor = match request.field("after").filter(|after| !after.is_empty()) {
            Some(after) => Cursor::parse(&after).ok_or_else(|| GraphError::new(2642, "Invalid cursors values"))?,
            None => Cursor::default(),
        };
        let has = |quirk: Quirk| state.quirks.contains(&quirk);
        let (repeats, duplicates, pauses) = (has(Quirk::RepeatedCursor), has(Quirk::DuplicateIds), has(Quirk::EmptyMiddlePage));
        let start = if duplicates { cursor.offset.saturating_sub(1) } else { cursor.offset };
        let end = if cursor.empty { cursor.offset } else { items.len().min(cursor.offset + size) };
        let chosen = if cursor.empty { &[][..] } else { items.get(start..end).unwrap_or_default() };
        let next = Cursor { offset: end, empty: pauses && cursor.offset == 0 && !cursor.empty };
        let after = if repeats { Cursor { offset: size, empty: false } } else { next };
        let mut paging = None;
        if end < items.len() || repeats {
            // It carries the token, as Facebook's does: nobody should follow it, or log it.
            let query = encode([("access_token", token), ("limit", &size.to_string()), ("after", &after.text())]);
            let next = format!("{}{}?{query}", self.provider.url(), request.path());
            paging = Some(json!({ "cursors": { "before": cursor.text(), "after": after.text() }, "next": next }));
        } else if !chosen.is_empty() {
            paging = Some(json!({ "cursors": { "before": cursor.text(), "after": next.text() } }));
        }
        Ok((chosen.to_vec(), paging))
    }
}

/// Where a page of a list begins; opaque to clients.
#[derive(Clone, Copy, Default)]
struct Cursor {
    offset: usize,
    empty: bool,
}

impl Cursor {
    fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}:{}", self.offset, u8::from(self.empty)))
    }

    fn parse(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (offset, empty) = text.split_once(':')?;
        Some(Self { offset: offset.parse().ok()?, empty: empty == "1" })
    }
}
