//! What a reading changed in the tables.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::known::{ABOUT, Known, NEW, Run, is_same, sort_key};
use super::moments::Item;
use super::reading::Read;
use crate::database::{Database, StoredItem};

/// The items of both tables by table and keys.
pub(super) type Dump = BTreeMap<[String; 3], Item>;

/// An item before and after a reading.
#[derive(Clone, Debug)]
pub(super) struct Change {
    key: [String; 3],
    before: Option<Item>,
    after: Option<Item>,
}

pub(super) fn dump(database: &Database) -> Dump {
    let key = |item: &StoredItem| {
        let text = |name: &str| item.text(name).unwrap_or_default().to_owned();
        [item.table.clone(), text("pk"), text("sk")]
    };
    database.dump().into_iter().map(|item| (key(&item), item.attributes)).collect()
}

pub(super) fn changes(before: &Dump, after: &Dump) -> Vec<Change> {
    let keys: BTreeSet<&[String; 3]> = before.keys().chain(after.keys()).collect();
    let change = |key: &[String; 3]| {
        let (before, after) = (before.get(key).cloned(), after.get(key).cloned());
        Change { key: key.clone(), before, after }
    };
    let changes = keys.into_iter().map(change);
    changes.filter(|change| change.before != change.after).collect()
}

impl Change {
    /// Everything in it, as text.
    pub(super) fn text(&self) -> String {
        format!("{:?} {}", self.key, json!(self.after))
    }

    /// In a form that is the same in every run: the whole item where it is new, else what was set
    /// and what is gone.
    pub(super) fn plain(&self, known: &Known, run: &Run) -> Value {
        let [table, pk, sk] = &self.key;
        let pk = known.text(run, pk);
        let item = format!("{table} {pk} {}", known.text(run, sk)).trim_end().to_owned();
        let Some(after) = &self.after else { return json!({ "item": item, "deleted": true }) };
        let mut new = known.item(run, after);
        if pk != self.key[1] {
            // What follows from an id of chance.
            if let Some(shard) = new.get_mut("due_shard") {
                let named = shard.as_str().unwrap_or_default();
                *shard = named.trim_end_matches(|c: char| c.is_ascii_digit()).into();
            }
            if let Some(due_at) = new.get_mut("due_at").filter(|_| pk.starts_with("uuid#")) {
                *due_at = NEW.into();
            }
        }
        if let Some(new) = new.as_object_mut() {
            new.remove("pk");
            new.remove("sk");
        }
        let Some(before) = &self.before else { return json!({ "item": item, "new": new }) };
        let changed = |name: &String| before.get(name) != after.get(name);
        let mut set = Map::new();
        for name in after.keys() {
            let plain = known.text(run, name);
            let is_set = |value: &&Value| changed(name) || follows_from_the_time(value);
            let value = new.get(&plain).filter(is_set);
            set.extend(value.cloned().map(|value| (plain, value)));
        }
        let gone = before.keys().filter(|name| !after.contains_key(*name));
        let gone: Vec<String> = gone.map(|name| known.text(run, name)).collect();
        json!({ "item": item, "set": set, "gone": gone })
    }
}

/// Whether it is a moment of the reading. One that was set before within the same second was set
/// all the same.
fn follows_from_the_time(plain: &Value) -> bool {
    plain.as_str().is_some_and(|plain| plain.starts_with(ABOUT))
}

/// Changes in an order that is the same in every run.
pub(super) fn in_order(mut changes: Vec<Value>) -> Vec<Value> {
    changes.sort_by_cached_key(sort_key);
    changes
}

/// What was seen and is not what was recorded; empty where all is the same.
#[must_use]
pub fn differences(recorded: &[Read], seen: &[Read]) -> String {
    assert_eq!(recorded.len(), seen.len(), "another number of readings");
    let mut told = String::new();
    for (recorded, seen) in recorded.iter().zip(seen) {
        let name = &recorded.reading.what;
        let mut compare = |what: &str, recorded: &Value, seen: &Value| {
            if !is_same(recorded, seen) {
                let both = format!("  recorded {recorded}\n  seen     {seen}\n");
                told.push_str(&format!("{name}: {what}\n{both}"));
            }
        };
        compare("the reply", &recorded.reply, &seen.reply);
        compare("what was asked", &json!(recorded.asked), &json!(seen.asked));
        for index in 0..recorded.changes.len().max(seen.changes.len()) {
            let of = |read: &Read| read.changes.get(index).cloned().unwrap_or_default();
            compare("a change", &of(recorded), &of(seen));
        }
    }
    told
}
