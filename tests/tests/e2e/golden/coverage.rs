//! The recordings hold every kind of item, each in each of its shapes.

use std::fs;

use e2e::golden::{Golden, Item, all};
use e2e::template::project_dir;

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
    let (_, section) = text.split_once("\n## The tables\n").unwrap();
    let (tables, _) = section.split_once("\n| access | how |").unwrap();
    let (sessions, connections) = tables.split_once("\n**connections**").unwrap();
    let rows = |table: &'static str, text: &str| {
        let rows = text.lines().filter(|line| line.starts_with("| `"));
        let rows = rows.filter(|line| !line.starts_with("| `pk`"));
        rows.map(|row| kind(table, row)).collect::<Vec<_>>()
    };
    [rows("sessions", sessions), rows("connections", connections)].concat()
}

fn kind(table: &'static str, row: &str) -> Kind {
    let mut cells = row.trim_matches('|').split(" | ");
    let pk = quoted(cells.next().unwrap()).remove(0);
    let sks = if table == "connections" { quoted(cells.next().unwrap()) } else { Vec::new() };
    let mut words = Vec::new();
    for quoted in quoted(cells.next().unwrap()) {
        let parts = quoted.split(|c: char| !(c.is_ascii_alphanumeric() || "_#".contains(c)));
        words.extend(parts.filter(|part| !part.is_empty()).map(str::to_owned));
    }
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
            let text = text.strip_prefix(before).unwrap_or_default();
            text.len() > rest.len() && text.ends_with(rest)
        }
    }
}

impl Kind {
    fn has(&self, table: &str, item: &Item) -> bool {
        let key = |name: &str| item.get(name).and_then(|key| key["S"].as_str()).unwrap_or_default();
        let has_none = self.sks.is_empty() && key("sk").is_empty();
        let has_sk = has_none || self.sks.iter().any(|sk| fits(sk, key("sk")));
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
    let mut items = Vec::new();
    for scene in all() {
        let golden = Golden::load(scene.name);
        items.extend(golden.items().map(|(table, item)| (table, item.clone())));
    }
    items
}

#[test]
fn every_kind_of_item_is_recorded_with_everything_that_is_told_of_it() {
    let (kinds, items) = (kinds(), recorded());
    assert!(kinds.len() > 15, "the tables were not found");
    let mut missing = Vec::new();
    for kind in &kinds {
        let of_kind = items.iter().filter(|(table, item)| kind.has(table, item));
        let of_kind: Vec<&Item> = of_kind.map(|(_, item)| item).collect();
        let mut demand = |what: &str, is_there: bool| {
            if !is_there {
                missing.push(format!("{} {:?}: {what}", kind.pk, kind.sks));
            }
        };
        demand("an item", !of_kind.is_empty());
        for sk in &kind.sks {
            demand(sk, of_kind.iter().any(|item| fits(sk, item["sk"]["S"].as_str().unwrap())));
        }
        for word in &kind.words {
            demand(word, of_kind.iter().any(|item| says(item, word)));
        }
    }
    assert!(missing.is_empty(), "no recording has {missing:#?}");
}

#[test]
fn every_item_is_of_a_kind_that_is_told_of() {
    let kinds = kinds();
    for (table, item) in recorded() {
        let is_told_of = kinds.iter().any(|kind| kind.has(table, &item));
        assert!(is_told_of, "docs/architecture.md does not tell of {item:?}");
    }
}

/// Shapes that a kind has beside one another: its keys; then values that attributes have,
/// attributes that are there, and attributes that are not.
const SHAPES: &[&str] = &[
    "session#HASH: +last_attempt -held_pages -notice",
    "session#HASH: +held_pages",
    "session#HASH: +notice +notice_at -list_only",
    "session#HASH: +list_only +notice +notice_at",
    "flow#shopify#HASH: +lease_owner +lease_until +fence",
    "flow#shopify#HASH: +failed_at +failure -lease_owner",
    "flow#facebook#HASH: +lease_owner +lease_until",
    "delivery#HASH: -erasing",
    "delivery#HASH: +erasing",
    "uuid#UUID store: status=active +refresh_token +access_expires_at +shop_id -reason",
    "uuid#UUID store: status=active +access_token -refresh_token -access_expires_at",
    "uuid#UUID store: status=active +access_token -shop_id -name",
    "uuid#UUID store: status=active +unconfirmed -uncompared",
    "uuid#UUID store: status=active +uncompared -unconfirmed",
    "uuid#UUID store: status=active +failures",
    "uuid#UUID store: status=active +dead_seen_at",
    "uuid#UUID store: status=reconnect_needed +access_token +reason +dead_since",
    "uuid#UUID store: status=reconnect_needed +reason +dead_since -access_token -refresh_token",
    "uuid#UUID store: status=uninstalled +uninstalled_at -reason -access_token",
    "uuid#UUID store: status=uninstalled reason=disconnected +uninstalled_at -access_token",
    "uuid#UUID store: status=erasing +erase_what +erase_request -erase_records -name -access_token",
    "uuid#UUID store: status=erasing +erase_what +erase_request +erase_records",
    "uuid#UUID page#ID: status=active +messaging_ready +thread_routing -messaging_reason",
    "uuid#UUID page#ID: status=active +access_token +messaging_reason",
    "uuid#UUID page#ID: status=active +access_token -thread_routing",
    "uuid#UUID page#ID: status=active +access_token +withheld_since",
    "uuid#UUID page#ID: status=moved -access_token -messaging_ready -person",
    "uuid#UUID page#ID: status=moved +person -access_token",
    "uuid#UUID page#ID: status=reconnect_needed +access_token +reason +dead_since",
    "uuid#UUID page#ID: status=reconnect_needed +reason +dead_since +person -access_token",
    "uuid#UUID person#ID: kind=USER status=active +expires_at +data_access_expires_at +due_at",
    "uuid#UUID person#ID: kind=SYSTEM_USER status=active +access_token -expires_at",
    "uuid#UUID person#ID: status=reconnect_needed +access_token +reason +dead_since",
    "uuid#UUID person#ID: status=reconnect_needed +reason +dead_since -access_token -due_at",
    "uuid#UUID person#ID: +failures",
    "uuid#UUID person#ID: +progress +dead_seen_at",
    "uuid#UUID event#ID: event_type=linked -reason",
    "uuid#UUID event#ID: event_type=moved",
    "uuid#UUID event#ID: event_type=reconnect_needed +reason",
    "uuid#UUID event#ID: event_type=uninstalled",
    "uuid#UUID event#ID: event_type=disconnected +reason",
    "uuid#UUID event#ID: event_type=erased",
    "uuid#UUID doubt: doubted=uninstalled +request -joined -replayed",
    "uuid#UUID doubt: doubted=redact +joined",
    "uuid#UUID doubt: doubted=uninstalled +replayed",
    "uuid#UUID doubt: +failures",
    "uuid#UUID doubt: doubted=scopes",
    "job#ID unsubscribe: +failures -after",
    "job#ID revoke: +after",
    "audit#ID audit: +request",
    "audit#ID audit: -request",
    "keeper resealing: +parts -second",
    "keeper resealing: +parts +second",
    "keeper resealing: +again_at -parts",
    "keeper resealing: +sealed_with -parts -again_at -next",
    "keeper received#TIME: +succeeded +failed +ttl",
    "keeper received#read_back: +part_00 +part_63 +ttl",
    "keeper persons: +begin_at",
    "keeper persons: +segment",
    "keeper persons: +done_at",
    "deletion#CODE status: asked=facebook/data-deletion +sealed +due_at +failures -done_at",
    "deletion#CODE status: asked=facebook/data-deletion +sealed +due_at +done_at",
    "deletion#CODE status: asked=facebook/data-deletion +done_at -sealed -due_at -due_shard",
    "deletion#CODE status: asked=facebook/deauthorize +sealed +done_at",
];

/// Whether an item has one of them.
fn has(item: &Item, shape: &str) -> bool {
    let (keys, terms) = shape.split_once(": ").unwrap();
    let (pk, sk) = keys.split_once(' ').unwrap_or((keys, ""));
    let text = |name: &str| {
        let value = item.get(name).and_then(|value| value["S"].as_str());
        value.unwrap_or_default()
    };
    let holds = |term: &str| match (term.split_once('='), term.split_at(1)) {
        (Some((name, value)), _) => text(name) == value,
        (None, ("+", name)) => item.contains_key(name),
        (None, (_, name)) => !item.contains_key(name),
    };
    fits(pk, text("pk")) && fits(sk, text("sk")) && terms.split(' ').all(holds)
}

#[test]
fn every_shape_is_recorded() {
    let items = recorded();
    let is_missing = |shape: &&&str| !items.iter().any(|(_, item)| has(item, shape));
    let missing: Vec<&&str> = SHAPES.iter().filter(is_missing).collect();
    assert!(missing.is_empty(), "no recording has {missing:#?}");
}

#[test]
fn what_became_of_a_state_is_recorded_in_each_way() {
    let items = recorded();
    for platform in ["shopify", "facebook"] {
        for outcome in ["linked", "failed", "in_flight"] {
            let flows = format!("flow#{platform}#HASH: +ttl");
            let is_it = |item: &Item| has(item, &flows) && says(item, outcome);
            assert!(items.iter().any(|(_, item)| is_it(item)), "{platform} {outcome}");
        }
    }
}
