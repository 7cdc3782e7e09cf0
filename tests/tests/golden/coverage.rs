//! The recordings hold every kind of item, each in each of its shapes.

use std::fs;

use e2e::golden::{Golden, Item, all};
use e2e::template::project_dir;
use serde_json::Value;

/// A kind of item as docs/architecture.md describes it.
#[derive(Clone)]
struct Kind {
    table: &'static str,
    pk: String,
    /// One of them; empty: the table has none.
    sks: Vec<String>,
    /// Attributes, and values that they have.
    words: Vec<String>,
}

/// The rows of both tables of the document.
fn kinds() -> Vec<Kind> {
    let text = fs::read_to_string(project_dir().join("docs/architecture.md")).unwrap();
    let section = text.split("\n## The tables\n").nth(1).unwrap().split("\n| access | how |").next().unwrap();
    let (sessions, connections) = section.split_once("\n**connections**").unwrap();
    let rows = |table: &'static str, text: &str| {
        let rows = text.lines().filter(|line| line.starts_with("| `") && !line.starts_with("| `pk`"));
        rows.map(|row| kind(table, row)).collect::<Vec<_>>()
    };
    [rows("sessions", sessions), rows("connections", connections)].concat()
}

fn kind(table: &'static str, row: &str) -> Kind {
    let mut cells = row.trim_matches('|').split(" | ");
    let pk = quoted(cells.next().unwrap()).remove(0);
    let sks = if table == "connections" { quoted(cells.next().unwrap()) } else { Vec::new() };
    let parts =
        |quoted: String| quoted.split(|c: char| !(c.is_ascii_alphanumeric() || "_#".contains(c))).map(str::to_owned).collect::<Vec<_>>();
    let words = quoted(cells.next().unwrap()).into_iter().flat_map(parts).filter(|word| !word.is_empty()).collect();
    Kind { table, pk, sks, words }
}

/// What stands in backquotes.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether a text is what a pattern stands for, in which capitals stand for anything.
fn fits(pattern: &str, text: &str) -> bool {
    match pattern.split_once(|c: char| c.is_ascii_uppercase()) {
        None => pattern == text,
        Some((before, rest)) => {
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_uppercase());
            text.strip_prefix(before).is_some_and(|text| text.len() > rest.len() && text.ends_with(rest))
        }
    }
}

impl Kind {
    fn has(&self, table: &str, item: &Item) -> bool {
        let key = |name: &str| item.get(name).and_then(|key| key["S"].as_str()).unwrap_or_default();
        let has_sk = if self.sks.is_empty() { key("sk").is_empty() } else { self.sks.iter().any(|sk| fits(sk, key("sk"))) };
        self.table == table && fits(&self.pk, key("pk")) && has_sk
    }
}

/// Whether a word is the name of an attribute or a text in an item.
fn says(item: &Item, word: &str) -> bool {
    item.iter().any(|(name, value)| {
        let is_text = value["S"].as_str().is_some_and(|text| fits(word, text));
        fits(word, name) || is_text || value["M"].as_object().is_some_and(|inner| says(inner, word))
    })
}

fn recorded() -> Vec<(&'static str, Item)> {
    let recordings = all().iter().map(|scene| Golden::load(scene.name));
    recordings.flat_map(|golden| golden.items().map(|(table, item)| (table, item.clone())).collect::<Vec<_>>()).collect()
}

#[test]
fn every_kind_of_item_is_recorded_with_everything_that_is_told_of_it() {
    let (kinds, items) = (kinds(), recorded());
    assert!(kinds.len() > 15, "the tables were not found");
    let mut missing = Vec::new();
    for kind in &kinds {
        let of_kind: Vec<&Item> = items.iter().filter(|(table, item)| kind.has(table, item)).map(|(_, item)| item).collect();
        for sk in &kind.sks {
            let is_there = |item: &&Item| item["sk"]["S"].as_str().is_some_and(|text| fits(sk, text));
            missing.extend((!of_kind.iter().any(is_there)).then(|| format!("{} {sk}", kind.pk)));
        }
        missing.extend(of_kind.is_empty().then(|| kind.pk.clone()));
        let is_missing = |word: &&String| !of_kind.iter().any(|item| says(item, word));
        missing.extend(kind.words.iter().filter(is_missing).map(|word| format!("{} {:?}: {word}", kind.pk, kind.sks)));
    }
    assert!(missing.is_empty(), "no recording has {missing:#?}");
}

#[test]
fn every_item_is_of_a_kind_that_is_told_of() {
    let kinds = kinds();
    for (table, item) in recorded() {
        assert!(kinds.iter().any(|kind| kind.has(table, &item)), "docs/architecture.md does not tell of {item:?}");
    }
}

/// Shapes that a kind has beside one another: its keys, attributes that are there, attributes that are not, values.
type Shape = (&'static str, &'static [&'static str], &'static [&'static str], &'static [(&'static str, &'static str)]);

const STORE: &str = "uuid#UUID store";
const PAGE: &str = "uuid#UUID page#ID";
const PERSON: &str = "uuid#UUID person#ID";
const DOUBT: &str = "uuid#UUID doubt";
const EVENT: &str = "uuid#UUID event#ID";
const STATUS: &str = "deletion#CODE status";
const RESEALING: &str = "keeper resealing";

const SHAPES: &[Shape] = &[
    ("session#HASH ", &["last_attempt"], &["held_pages", "notice"], &[]),
    ("session#HASH ", &["held_pages"], &[], &[]),
    ("session#HASH ", &["notice", "notice_at"], &["list_only"], &[]),
    ("session#HASH ", &["list_only", "notice", "notice_at"], &[], &[]),
    ("flow#shopify#HASH ", &["lease_owner", "lease_until", "fence"], &[], &[]),
    ("flow#shopify#HASH ", &["failed_at", "failure"], &["lease_owner"], &[]),
    ("flow#facebook#HASH ", &["lease_owner", "lease_until"], &[], &[]),
    ("delivery#HASH ", &[], &["erasing"], &[]),
    ("delivery#HASH ", &["erasing"], &[], &[]),
    (STORE, &["access_token", "refresh_token", "access_expires_at", "shop_id"], &["reason"], &[("status", "active")]),
    (STORE, &["access_token"], &["refresh_token", "access_expires_at"], &[("status", "active")]),
    (STORE, &["access_token"], &["shop_id", "name"], &[("status", "active")]),
    (STORE, &["unconfirmed"], &["uncompared"], &[("status", "active")]),
    (STORE, &["uncompared"], &["unconfirmed"], &[("status", "active")]),
    (STORE, &["failures"], &[], &[("status", "active")]),
    (STORE, &["dead_seen_at"], &[], &[("status", "active")]),
    (STORE, &["access_token", "reason", "dead_since"], &[], &[("status", "reconnect_needed")]),
    (STORE, &["reason", "dead_since"], &["access_token", "refresh_token"], &[("status", "reconnect_needed")]),
    (STORE, &["uninstalled_at"], &["reason", "access_token"], &[("status", "uninstalled")]),
    (STORE, &["uninstalled_at"], &["access_token"], &[("status", "uninstalled"), ("reason", "disconnected")]),
    (STORE, &["erase_what", "erase_request"], &["erase_records", "name", "access_token"], &[("status", "erasing")]),
    (STORE, &["erase_what", "erase_request", "erase_records"], &[], &[("status", "erasing")]),
    (PAGE, &["access_token", "messaging_ready", "thread_routing"], &["messaging_reason"], &[("status", "active")]),
    (PAGE, &["access_token", "messaging_reason"], &[], &[("status", "active")]),
    (PAGE, &["access_token"], &["thread_routing"], &[("status", "active")]),
    (PAGE, &["access_token", "withheld_since"], &[], &[("status", "active")]),
    (PAGE, &[], &["access_token", "messaging_ready", "person"], &[("status", "moved")]),
    (PAGE, &["person"], &["access_token"], &[("status", "moved")]),
    (PAGE, &["access_token", "reason", "dead_since"], &[], &[("status", "reconnect_needed")]),
    (PAGE, &["reason", "dead_since", "person"], &["access_token"], &[("status", "reconnect_needed")]),
    (PERSON, &["access_token", "expires_at", "data_access_expires_at", "due_at"], &[], &[("kind", "USER"), ("status", "active")]),
    (PERSON, &["access_token"], &["expires_at"], &[("kind", "SYSTEM_USER"), ("status", "active")]),
    (PERSON, &["access_token", "reason", "dead_since"], &[], &[("status", "reconnect_needed")]),
    (PERSON, &["reason", "dead_since"], &["access_token", "due_at"], &[("status", "reconnect_needed")]),
    (PERSON, &["failures"], &[], &[]),
    (PERSON, &["progress", "dead_seen_at"], &[], &[]),
    (EVENT, &[], &["reason"], &[("event_type", "linked")]),
    (EVENT, &[], &[], &[("event_type", "moved")]),
    (EVENT, &["reason"], &[], &[("event_type", "reconnect_needed")]),
    (EVENT, &[], &[], &[("event_type", "uninstalled")]),
    (EVENT, &["reason"], &[], &[("event_type", "disconnected")]),
    (EVENT, &[], &[], &[("event_type", "erased")]),
    (DOUBT, &["request"], &["joined", "replayed"], &[("doubted", "uninstalled")]),
    (DOUBT, &["joined"], &[], &[("doubted", "redact")]),
    (DOUBT, &["replayed"], &[], &[("doubted", "uninstalled")]),
    (DOUBT, &["failures"], &[], &[]),
    (DOUBT, &[], &[], &[("doubted", "scopes")]),
    ("job#ID unsubscribe", &["failures"], &["after"], &[]),
    ("job#ID revoke", &["after"], &[], &[]),
    ("audit#ID audit", &["request"], &[], &[]),
    ("audit#ID audit", &[], &["request"], &[]),
    (RESEALING, &["parts"], &["second"], &[]),
    (RESEALING, &["parts", "second"], &[], &[]),
    (RESEALING, &["again_at"], &["parts"], &[]),
    (RESEALING, &["sealed_with"], &["parts", "again_at", "next"], &[]),
    ("keeper persons", &["begin_at"], &[], &[]),
    ("keeper persons", &["segment"], &[], &[]),
    ("keeper persons", &["done_at"], &[], &[]),
    (STATUS, &["sealed", "due_at", "failures"], &["done_at"], &[("asked", "facebook/data-deletion")]),
    (STATUS, &["sealed", "due_at", "done_at"], &[], &[("asked", "facebook/data-deletion")]),
    (STATUS, &["done_at"], &["sealed", "due_at", "due_shard"], &[("asked", "facebook/data-deletion")]),
    (STATUS, &["sealed", "done_at"], &[], &[("asked", "facebook/deauthorize")]),
];

#[test]
fn every_shape_is_recorded() {
    let items = recorded();
    let is = |item: &Item, (keys, has, lacks, values): &Shape| {
        let (pk, sk) = keys.split_once(' ').unwrap();
        let text = |name: &str| item.get(name).and_then(|value: &Value| value["S"].as_str()).unwrap_or_default();
        fits(pk, text("pk"))
            && fits(sk, text("sk"))
            && has.iter().all(|name| item.contains_key(*name))
            && !lacks.iter().any(|name| item.contains_key(*name))
            && values.iter().all(|(name, value)| text(name) == *value)
    };
    let missing: Vec<&Shape> = SHAPES.iter().filter(|shape| !items.iter().any(|(_, item)| is(item, shape))).collect();
    assert!(missing.is_empty(), "no recording has {missing:#?}");
}

#[test]
fn what_became_of_a_state_is_recorded_in_each_way() {
    let items = recorded();
    for platform in ["shopify", "facebook"] {
        for outcome in ["linked", "failed", "in_flight"] {
            let is_it = |item: &Item| {
                item["pk"]["S"].as_str().is_some_and(|pk| pk.starts_with(&format!("flow#{platform}#"))) && says(item, outcome)
            };
            assert!(items.iter().any(|(_, item)| is_it(item)), "{platform} {outcome}");
        }
    }
}
