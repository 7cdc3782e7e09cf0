//! The way of an event from its item to the bus: the template's pipes, with their own filters and templates, applied to what is stored.
//!
//! After <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html> and
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html>, as far as the pipes use them. Whatever goes beyond that
//! is a panic: what AWS would make of it is not known here.

use std::sync::LazyLock;

use serde_json::{Value, json};

use crate::database::{Database, StoredItem};
use crate::schemas;
use crate::template::Template;
use crate::world::World;

/// What an event item says, for tests that look for what happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// `linked`, `moved`, `reconnect_needed`, …
    pub detail_type: String,
    /// Whose account it is.
    pub user_uuid: String,
    /// `shopify` or `facebook`.
    pub platform: String,
    /// The shop's domain or the Page's id.
    pub account: String,
    /// Why, where there is a reason.
    pub reason: Option<String>,
}

/// An event as a rule on the bus sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivered {
    /// `messenger-link`.
    pub source: String,
    /// The type of event.
    pub detail_type: String,
    /// Its content.
    pub detail: Value,
}

/// The template's, read once.
static PIPES: LazyLock<Vec<Pipe>> = LazyLock::new(|| pipes(&Template::load()));

impl World {
    /// All events that were written and are not cleared away yet, in order of time, then of content.
    ///
    /// # Panics
    ///
    /// When one of them would not be delivered as published.
    pub fn events(&self) -> Vec<Event> {
        self.delivered();
        let mut events: Vec<(String, Event)> = event_items(self).iter().map(|item| (text(item, "at"), event(item))).collect();
        events.sort();
        events.into_iter().map(|(_, event)| event).collect()
    }

    /// What the template's pipes deliver of all that is stored now, as if each item had just been written.
    ///
    /// # Panics
    ///
    /// When something of that is not as published.
    pub fn delivered(&self) -> Vec<Delivered> {
        let delivered = delivered(&self.database);
        for event in &delivered {
            schemas::delivered(event).unwrap_or_else(|wrong| panic!("{wrong}"));
        }
        delivered
    }
}

/// What the template's pipes deliver of all that is stored now, as if each item had just been written.
pub(crate) fn delivered(database: &Database) -> Vec<Delivered> {
    let records: Vec<Value> = database.scan("connections").iter().map(|item| record("INSERT", item)).collect();
    records.iter().flat_map(|record| PIPES.iter().filter_map(|pipe| pipe.deliver(record))).collect()
}

fn event_items(world: &World) -> Vec<StoredItem> {
    let items = world.database.scan("connections").into_iter();
    items.filter(|item| item.text("sk").is_some_and(|sk| sk.starts_with("event#"))).collect()
}

fn text(item: &StoredItem, name: &str) -> String {
    item.text(name).unwrap_or_else(|| panic!("an event without {name}: {item:?}")).to_owned()
}

fn event(item: &StoredItem) -> Event {
    Event {
        detail_type: text(item, "event_type"),
        user_uuid: text(item, "user_uuid"),
        platform: text(item, "platform"),
        account: text(item, "account"),
        reason: item.text("reason").map(str::to_owned),
    }
}

/// A record of the table's stream, for a pipe.
pub fn record(event_name: &str, item: &StoredItem) -> Value {
    let keys = json!({ "pk": item.attributes["pk"], "sk": item.attributes["sk"] });
    json!({ "eventName": event_name, "eventSource": "aws:dynamodb", "dynamodb": { "Keys": keys, "NewImage": item.attributes } })
}

/// A pipe from a table's stream to a bus.
pub struct Pipe {
    patterns: Vec<Value>,
    source: String,
    detail_type: String,
    template: String,
}

/// The pipes of the template.
pub fn pipes(template: &Template) -> Vec<Pipe> {
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned();
    let pipes = template.resources("AWS::Pipes::Pipe").map(|(_, pipe)| {
        let filters = pipe["SourceParameters"]["FilterCriteria"]["Filters"].as_array().expect("a pipe with filters");
        let target = &pipe["TargetParameters"];
        Pipe {
            patterns: filters.iter().map(|filter| serde_json::from_str(&text(&filter["Pattern"])).expect("a pattern is JSON")).collect(),
            source: text(&target["EventBridgeEventBusParameters"]["Source"]),
            detail_type: text(&target["EventBridgeEventBusParameters"]["DetailType"]),
            template: text(&target["InputTemplate"]),
        }
    });
    pipes.collect()
}

impl Pipe {
    /// What becomes of a record; nothing where no filter lets it pass.
    pub fn deliver(&self, record: &Value) -> Option<Delivered> {
        self.patterns.iter().any(|pattern| fits(pattern, Some(record))).then(|| Delivered {
            source: self.source.clone(),
            detail_type: match self.detail_type.strip_prefix('$') {
                Some(path) => at(record, path),
                None => self.detail_type.clone(),
            },
            detail: serde_json::from_str(&filled(&self.template, record)).expect("a filled template is JSON"),
        })
    }
}

/// Whether a pattern's every leaf has a condition that holds.
fn fits(pattern: &Value, value: Option<&Value>) -> bool {
    match pattern {
        Value::Object(members) => members.iter().all(|(name, pattern)| fits(pattern, value.and_then(|value| value.get(name)))),
        Value::Array(conditions) => conditions.iter().any(|condition| holds(condition, value)),
        other => panic!("a pattern with {other}"),
    }
}

fn holds(condition: &Value, value: Option<&Value>) -> bool {
    let text = value.and_then(Value::as_str);
    match condition {
        Value::String(wanted) => text == Some(wanted),
        Value::Object(operator) if operator.len() == 1 => {
            let (name, operand) = operator.iter().next().expect("one operator");
            match (name.as_str(), operand) {
                ("prefix", Value::String(prefix)) => text.is_some_and(|text| text.starts_with(prefix.as_str())),
                // Of leaves alone: a map is not one.
                ("exists", Value::Bool(wanted)) => value.is_some_and(|value| !value.is_object()) == *wanted,
                _ => panic!("a pattern with {name}: {operand}"),
            }
        }
        other => panic!("a pattern with {other}"),
    }
}

/// The template with each `<$.path>` replaced; all of them stand in quotes.
fn filled(template: &str, record: &Value) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("<$") {
        let (path, after) = after.split_once('>').expect("a placeholder ends");
        assert!(before.ends_with('"') && after.starts_with('"'), "{path} stands without quotes in {template}");
        let quoted = Value::String(at(record, path)).to_string();
        filled.push_str(before);
        filled.push_str(quoted.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or_default());
        rest = after;
    }
    filled + rest
}

/// The text at a path such as `.dynamodb.NewImage.at.S`.
fn at(record: &Value, path: &str) -> String {
    let found = path.split('.').skip(1).fold(record, |value, name| &value[name]);
    found.as_str().unwrap_or_else(|| panic!("nothing at ${path}: what a pipe makes of that is not documented")).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(sk: &str, reason: Option<&str>) -> StoredItem {
        let mut attributes = json!({ "pk": { "S": "uuid#u" }, "sk": { "S": sk } });
        for (name, value) in [
            ("event_type", "linked"),
            ("event_id", "e1"),
            ("user_uuid", "u"),
            ("platform", "shopify"),
            ("account", "a\"cme.myshopify.com"),
            ("at", "2026-10-31T00:00:00Z"),
        ] {
            attributes[name] = json!({ "S": value });
        }
        if let Some(reason) = reason {
            attributes["reason"] = json!({ "S": reason });
        }
        StoredItem { table: "connections".to_owned(), attributes: attributes.as_object().cloned().unwrap() }
    }

    fn carried(record: &Value) -> Vec<Delivered> {
        pipes(&Template::load()).iter().filter_map(|pipe| pipe.deliver(record)).collect()
    }

    #[test]
    fn an_event_is_delivered_once_with_or_without_its_reason() {
        let mut detail = json!({
            "event_id": "e1",
            "user_uuid": "u",
            "platform": "shopify",
            "account": "a\"cme.myshopify.com",
            "at": "2026-10-31T00:00:00Z",
        });
        let expected = |detail: &Value| Delivered { source: "messenger-link".into(), detail_type: "linked".into(), detail: detail.clone() };
        assert_eq!(carried(&record("INSERT", &item("event#e1", None))), [expected(&detail)]);
        detail["reason"] = json!("refresh_token_dead");
        assert_eq!(carried(&record("INSERT", &item("event#e1", Some("refresh_token_dead")))), [expected(&detail)]);
    }

    #[test]
    fn nothing_else_is_delivered() {
        for (event_name, sk, reason) in [
            ("REMOVE", "event#e1", None),
            ("MODIFY", "event#e1", Some("r")),
            ("INSERT", "store", None),
            ("INSERT", "store", Some("r")),
            ("INSERT", "page#1", Some("r")),
        ] {
            assert_eq!(carried(&record(event_name, &item(sk, reason))), [], "{event_name} {sk}");
        }
    }
}
