//! What a recording holds and what came about by chance or by the clock, told apart, so that two
//! runs can be compared.
//!
//! A long word that the recording does not hold is chance: an id, a hash, a token, a state. A
//! moment that it holds must be the very same; any other follows from the time of the reading, and
//! is much the same.

use std::collections::{BTreeSet, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::moments::{self, Item};
use super::store::Golden;

/// Chance is longer than what people write.
const SHORTEST: usize = 16;
/// How far two runs may be apart in what follows from the time, in seconds.
const TOLERANCE: u64 = 120;

/// What a moment begins with that follows from the time of the reading.
pub(super) const ABOUT: &str = "~";
/// What a moment ends with that was stored in milliseconds.
const MILLISECONDS: &str = " ms";

/// What stands for a word of chance.
pub(super) const NEW: &str = "<new>";

/// What a recording holds.
pub(super) struct Known {
    words: HashSet<String>,
    sealed: HashSet<String>,
    moments: BTreeSet<i64>,
    /// The moment of the recording.
    time: i64,
}

/// Of which run something is.
pub(super) struct Run {
    /// So many seconds lie between the recording and this run.
    pub(super) later: i64,
    /// Addresses that are others in each run, with their names.
    pub(super) places: Vec<(String, &'static str)>,
}

impl Known {
    pub(super) fn of(golden: &Golden) -> Self {
        let text = serde_json::to_string(golden).expect("a recording is JSON");
        let moments = golden.items().flat_map(|(_, item)| moments::of(item));
        let mut moments: BTreeSet<i64> = moments.collect();
        // Replies tell milliseconds as seconds.
        moments.extend(moments.clone().into_iter().map(moments::second));
        let mut sealed = HashSet::new();
        for (_, item) in golden.items() {
            sealed.extend(item.values().filter_map(|value| value["B"].as_str()).map(str::to_owned));
        }
        let words = words(&text).map(str::to_owned).collect();
        Self { words, sealed, moments, time: golden.time }
    }

    /// What two runs have in common is no chance.
    pub(super) fn with_words(mut self, one: &str, other: &str) -> Self {
        let one: HashSet<&str> = words(one).collect();
        self.words.extend(words(other).filter(|word| one.contains(word)).map(str::to_owned));
        self
    }

    /// A text without its chance.
    pub(super) fn text(&self, run: &Run, text: &str) -> String {
        if let Some(at) = rfc3339(text) {
            return self.moment(run, at);
        }
        let mut text = text.to_owned();
        for (place, name) in &run.places {
            text = text.replace(place, name);
        }
        let mut plain = String::new();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (word, other) = rest.split_at(rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()));
            plain.push_str(if is_chance(word) && !self.words.contains(word) { NEW } else { word });
            let (other, next) = other.split_at(other.find(is_of_word).unwrap_or(other.len()));
            plain.push_str(other);
            rest = next;
        }
        plain
    }

    /// JSON without its chance.
    pub(super) fn json(&self, run: &Run, value: &Value) -> Value {
        match value {
            Value::String(text) => self.text(run, text).into(),
            Value::Array(members) => members.iter().map(|member| self.json(run, member)).collect(),
            Value::Object(members) => {
                let mut plain = Map::new();
                for (name, member) in members {
                    plain.insert(self.text(run, name), self.json(run, member));
                }
                plain.into()
            }
            other => other.clone(),
        }
    }

    /// An item's attributes without their chance, as plain JSON.
    pub(super) fn item(&self, run: &Run, item: &Item) -> Value {
        self.map(run, None, item)
    }

    fn map(&self, run: &Run, within: Option<&str>, item: &Item) -> Value {
        let mut plain = Map::new();
        for (name, value) in item {
            let mut key = self.text(run, name);
            while plain.contains_key(&key) {
                key.push('\'');
            }
            plain.insert(key, self.attribute(run, within, name, value));
        }
        plain.into()
    }

    fn attribute(&self, run: &Run, within: Option<&str>, name: &str, value: &Value) -> Value {
        match moments::typed(value) {
            ("S", Value::String(text)) => self.text(run, text).into(),
            ("N", Value::String(number)) => match moments::moment(within, name, number) {
                Some(moment) => self.moment(run, moment).into(),
                None => number.parse::<i64>().map_or_else(|_| number.as_str().into(), Value::from),
            },
            ("B", Value::String(bytes)) if self.sealed.contains(bytes) => bytes.as_str().into(),
            ("B", Value::String(bytes)) => sealed(bytes).into(),
            ("M", Value::Object(inner)) => self.map(run, Some(name), inner),
            ("L", Value::Array(inner)) => {
                let inner = inner.iter().map(|value| self.attribute(run, within, name, value));
                inner.collect()
            }
            (_, content) => content.clone(),
        }
    }

    /// `T` is the moment of the recording, `~` says that it follows from the time of the reading.
    fn moment(&self, run: &Run, moment: i64) -> String {
        let then = moments::later(moment, -run.later);
        let after = moments::second(then) - self.time;
        let since = if self.moments.contains(&then) { "T" } else { ABOUT };
        let unit = if moments::is_in_milliseconds(then) { MILLISECONDS } else { "" };
        format!("{since}{after:+}{unit}")
    }
}

/// Whether what was seen is what was recorded.
pub(super) fn is_same(recorded: &Value, seen: &Value) -> bool {
    match (recorded, seen) {
        (Value::String(recorded), Value::String(seen)) if recorded == seen => true,
        (Value::String(recorded), Value::String(seen)) => is_about(recorded, seen),
        (Value::Array(recorded), Value::Array(seen)) => {
            let mut pairs = recorded.iter().zip(seen);
            recorded.len() == seen.len() && pairs.all(|(recorded, seen)| is_same(recorded, seen))
        }
        (Value::Object(recorded), Value::Object(seen)) => {
            let has_same = |(name, recorded): (&String, &Value)| {
                let seen = seen.get(name);
                seen.is_some_and(|seen| is_same(recorded, seen))
            };
            recorded.len() == seen.len() && recorded.iter().all(has_same)
        }
        (recorded, seen) => recorded == seen,
    }
}

fn is_about(recorded: &str, seen: &str) -> bool {
    let is_close = |recorded: i64, seen: i64| recorded.abs_diff(seen) <= TOLERANCE;
    match (moment_in(recorded), moment_in(seen)) {
        (Some((recorded_after, unit)), Some((after, other))) => {
            recorded.starts_with(ABOUT) && unit == other && is_close(recorded_after, after)
        }
        _ => false,
    }
}

/// The moment that a text stands for, in seconds, and its unit.
fn moment_in(plain: &str) -> Option<(i64, &str)> {
    let after = plain.strip_prefix(['~', 'T'])?;
    let (after, unit) = after.split_at(after.find(' ').unwrap_or(after.len()));
    Some((after.parse().ok()?, unit))
}

/// The same without what may differ a little: what is put in order by it is in order in both runs.
pub(super) fn sort_key(value: &Value) -> String {
    let mut value = value.clone();
    forget_moments(&mut value);
    value.to_string()
}

fn forget_moments(value: &mut Value) {
    match value {
        Value::String(text) if moment_in(text).is_some() => ABOUT.clone_into(text),
        Value::Array(members) => members.iter_mut().for_each(forget_moments),
        Value::Object(members) => members.values_mut().for_each(forget_moments),
        _ => {}
    }
}

/// How much is sealed, and with which key where it says so.
pub(super) fn sealed(bytes: &str) -> String {
    let bytes = STANDARD.decode(bytes).expect("bytes in base64");
    let key = match bytes.split_first_chunk::<2>() {
        Some(([1, length], rest)) => rest.get(..usize::from(*length)),
        _ => None,
    };
    let key = key.and_then(|id| std::str::from_utf8(id).ok());
    let is_id = |id: &&str| id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let key = key.filter(|id| !id.is_empty()).filter(is_id);
    json!([bytes.len(), key]).to_string()
}

/// Whether somebody without the recording would take it for chance.
pub(super) fn is_chance(word: &str) -> bool {
    let is_sign = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    word.len() >= SHORTEST && word.bytes().any(is_sign)
}

/// A text whose every word of chance is left out.
pub(super) fn without_chance(text: &str) -> String {
    let words = text.split_inclusive(|c| !is_of_word(c)).map(|part| {
        let word = part.trim_end_matches(|c| !is_of_word(c));
        if is_chance(word) { part.replacen(word, NEW, 1) } else { part.to_owned() }
    });
    words.collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_of_word(c)).filter(|word| is_chance(word))
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

/// The Unix second of a text such as `2026-11-30T08:00:00Z`.
fn rfc3339(text: &str) -> Option<i64> {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if form != "0000-00-00T00:00:00Z" {
        return None;
    }
    i64::try_from(shared::clock::read_rfc3339(text)? / 1000).ok()
}

#[cfg(test)]
mod tests;
