//! One write: which item, on which condition, and what becomes of it.

use std::{collections::HashMap, fmt};

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use crate::metrics::Metric;

use super::{
    Attribute, Condition, Database, Failure, Key, Named, Row,
    attribute::{As, Path},
    expressions::Expressions,
    row::Item,
};

/// A write that has not been sent.
#[derive(Clone)]
#[must_use]
pub(crate) struct Write {
    pub(crate) key: Key,
    change: Change,
    condition: Option<Condition>,
    returns_old: bool,
    returns_new: bool,
    /// What is counted once it stands.
    pub(super) counts: Option<Metric>,
}

#[derive(Clone)]
enum Change {
    Put(Row),
    Update { set: Vec<(Path, Assigned)>, remove: Vec<Path>, add: Vec<(Path, AttributeValue)> },
    Delete,
    Check,
}

/// What an attribute is set to.
#[derive(Clone)]
enum Assigned {
    Value(AttributeValue),
    /// One more than before.
    Increment(AttributeValue),
    /// This, unless it has a value.
    IfAbsent(AttributeValue),
}

/// Which request a write becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Put,
    Update,
    Delete,
    Check,
}

/// A write as a request has it.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) kind: Kind,
    /// The whole item to put, otherwise its key.
    pub(super) item: Item,
    pub(super) update: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) names: Option<HashMap<String, String>>,
    pub(super) values: Option<HashMap<String, AttributeValue>>,
    pub(super) returns_old: bool,
    pub(super) returns_new: bool,
}

impl Write {
    const fn to(key: Key, change: Change) -> Self {
        Self { key, change, condition: None, returns_old: false, returns_new: false, counts: None }
    }

    /// The whole item, in the place of whatever is there.
    pub(crate) const fn put(key: Key, row: Row) -> Self {
        Self::to(key, Change::Put(row))
    }

    /// Attributes of an item, which is made where there is none.
    pub(crate) const fn change(key: Key) -> Self {
        Self::to(key, Change::Update { set: Vec::new(), remove: Vec::new(), add: Vec::new() })
    }

    /// No item any more.
    pub(crate) const fn delete(key: Key) -> Self {
        Self::to(key, Change::Delete)
    }

    /// Nothing; the condition must hold all the same. For transactions alone.
    pub(crate) const fn check(key: Key) -> Self {
        Self::to(key, Change::Check)
    }

    /// On this condition, beside those that it has already.
    pub(crate) fn when(mut self, condition: Condition) -> Self {
        self.condition = Some(match self.condition {
            Some(before) => before.and(condition),
            None => condition,
        });
        self
    }

    /// Where there is no such item yet.
    pub(crate) fn when_new(self) -> Self {
        self.when(Condition::new_item())
    }

    /// While the attribute has this value.
    pub(crate) fn when_is<T>(self, attribute: &Attribute<T>, value: impl As<T>) -> Self {
        let condition = attribute.is(value);
        self.when(condition)
    }

    pub(crate) fn set<T>(self, attribute: &Attribute<T>, value: impl As<T>) -> Self {
        self.assign(attribute, Assigned::Value(value.value()))
    }

    /// Sets the attribute, if there is a value for it.
    pub(crate) fn set_some<T>(self, attribute: &Attribute<T>, value: Option<impl As<T>>) -> Self {
        match value {
            Some(value) => self.set(attribute, value),
            None => self,
        }
    }

    /// Sets the attribute, or takes it away where there is no value for it.
    pub(crate) fn set_or_remove<T>(self, attribute: &Attribute<T>, value: Option<impl As<T>>) -> Self {
        match value {
            Some(value) => self.set(attribute, value),
            None => self.remove(attribute),
        }
    }

    /// Sets the attribute, unless it has a value.
    pub(crate) fn set_if_absent<T>(self, attribute: &Attribute<T>, value: impl As<T>) -> Self {
        self.assign(attribute, Assigned::IfAbsent(value.value()))
    }

    /// Makes a number greater by this. The item and the attribute have to be there.
    pub(crate) fn increase(self, attribute: &Attribute<u64>, by: u64) -> Self {
        self.assign(attribute, Assigned::Increment(by.value()))
    }

    /// The same; a number that is not there counts as 0.
    pub(crate) fn add(mut self, attribute: &Attribute<u64>, more: u64) -> Self {
        if let Change::Update { add, .. } = &mut self.change {
            add.push((attribute.path(), more.value()));
        }
        self
    }

    pub(crate) fn remove(mut self, attribute: &impl Named) -> Self {
        if let Change::Update { remove, .. } = &mut self.change {
            remove.push(attribute.path());
        }
        self
    }

    pub(crate) fn remove_each<const N: usize>(mut self, attributes: [&dyn Named; N]) -> Self {
        if let Change::Update { remove, .. } = &mut self.change {
            remove.extend(attributes.map(Named::path));
        }
        self
    }

    /// Where its condition does not hold, the item is returned as it is.
    pub(crate) const fn returning_old(mut self) -> Self {
        self.returns_old = true;
        self
    }

    /// Once it is written, the item is returned as it is then. For a single change alone.
    pub(crate) const fn returning_new(mut self) -> Self {
        self.returns_new = true;
        self
    }

    /// Once it is written, one more of this is counted.
    pub(crate) const fn counting(mut self, metric: Option<Metric>) -> Self {
        self.counts = metric;
        self
    }

    /// What is set again has the later value.
    fn assign<T>(mut self, attribute: &Attribute<T>, value: Assigned) -> Self {
        if let Change::Update { set, .. } = &mut self.change {
            let path = attribute.path();
            set.retain(|(known, _)| *known != path);
            set.push((path, value));
        }
        self
    }

    pub(super) fn into_parts(self) -> Parts {
        let mut expressions = Expressions::default();
        let condition = self.condition.map(|condition| condition.text(&mut expressions));
        let key = self.key.into_item();
        let (kind, item, update) = match self.change {
            Change::Put(mut row) => {
                row.0.extend(key);
                (Kind::Put, row.0, None)
            }
            Change::Update { set, remove, add } => (Kind::Update, key, update(set, &remove, add, &mut expressions)),
            Change::Delete => (Kind::Delete, key, None),
            Change::Check => (Kind::Check, key, None),
        };
        let (names, values) = expressions.into_parts();
        let (returns_old, returns_new) = (self.returns_old, self.returns_new);
        Parts { kind, item, update, condition, names, values, returns_old, returns_new }
    }

    /// As a part of a transaction.
    pub(super) fn into_item(self, name: &str, database: &Database) -> Result<TransactWriteItem, Failure> {
        let table = database.name(self.key.table)?.to_owned();
        let parts = self.into_parts();
        let old = parts.returns_old.then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        let item = TransactWriteItem::builder();
        let item = match parts.kind {
            Kind::Put => Put::builder()
                .table_name(table)
                .set_item(Some(parts.item))
                .set_condition_expression(parts.condition)
                .set_expression_attribute_names(parts.names)
                .set_expression_attribute_values(parts.values)
                .set_return_values_on_condition_check_failure(old)
                .build()
                .map(|put| item.put(put)),
            Kind::Update => Update::builder()
                .table_name(table)
                .set_key(Some(parts.item))
                .set_update_expression(parts.update)
                .set_condition_expression(parts.condition)
                .set_expression_attribute_names(parts.names)
                .set_expression_attribute_values(parts.values)
                .set_return_values_on_condition_check_failure(old)
                .build()
                .map(|update| item.update(update)),
            Kind::Delete => Delete::builder()
                .table_name(table)
                .set_key(Some(parts.item))
                .set_condition_expression(parts.condition)
                .set_expression_attribute_names(parts.names)
                .set_expression_attribute_values(parts.values)
                .build()
                .map(|delete| item.delete(delete)),
            Kind::Check => ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(parts.item))
                .set_condition_expression(parts.condition)
                .set_expression_attribute_names(parts.names)
                .set_expression_attribute_values(parts.values)
                .build()
                .map(|check| item.condition_check(check)),
        };
        item.map(|item| item.build()).map_err(|error| Failure::unsent(name, error))
    }
}

/// The update expression; none where nothing changes.
fn update(set: Vec<(Path, Assigned)>, remove: &[Path], add: Vec<(Path, AttributeValue)>, expressions: &mut Expressions) -> Option<String> {
    let set: Vec<String> = set
        .into_iter()
        .map(|(path, assigned)| {
            let name = expressions.path(&path);
            match assigned {
                Assigned::Value(value) => format!("{name} = {}", expressions.value(value)),
                Assigned::Increment(by) => format!("{name} = {name} + {}", expressions.value(by)),
                Assigned::IfAbsent(value) => format!("{name} = if_not_exists({name}, {})", expressions.value(value)),
            }
        })
        .collect();
    let remove: Vec<String> = remove.iter().map(|path| expressions.path(path)).collect();
    let add = add.into_iter().map(|(path, more)| format!("{} {}", expressions.path(&path), expressions.value(more)));
    let clauses = [("SET", set), ("REMOVE", remove), ("ADD", add.collect())];
    let clauses = clauses.into_iter().filter(|(_, parts)| !parts.is_empty());
    let clauses: Vec<String> = clauses.map(|(clause, parts)| format!("{clause} {}", parts.join(", "))).collect();
    (!clauses.is_empty()).then(|| clauses.join(" "))
}

/// What it holds is for nobody's eyes.
impl fmt::Debug for Write {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.change {
            Change::Put(_) => Kind::Put,
            Change::Update { .. } => Kind::Update,
            Change::Delete => Kind::Delete,
            Change::Check => Kind::Check,
        };
        f.debug_tuple("Write").field(&kind).field(&self.key.table).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: Attribute<String> = Attribute::named("status");
    const VERSION: Attribute<u64> = Attribute::named("version");
    const FENCE: Attribute<u64> = Attribute::named("fence");

    #[test]
    fn a_change_is_one_expression_with_a_clause_for_each_kind() {
        let key = || Key::in_connections("a", "b");
        let all = Write::change(key())
            .when_is(&VERSION, 3)
            .when(STATUS.is("old").or(STATUS.absent()))
            .set(&STATUS, "new")
            .increase(&VERSION, 1)
            .set_if_absent(&FENCE, 7)
            .remove_each([&STATUS, &VERSION])
            .add(&FENCE, 2);
        let parts = all.into_parts();
        assert_eq!(parts.condition.unwrap(), "#version = :v0 AND (#status = :v1 OR attribute_not_exists(#status))");
        assert_eq!(
            parts.update.unwrap(),
            "SET #status = :v2, #version = #version + :v3, #fence = if_not_exists(#fence, :v4) REMOVE #status, #version ADD #fence :v5"
        );
        let values = parts.values.unwrap();
        assert_eq!((values.len(), &values[":v2"], &values[":v5"]), (6, &"new".value(), &2.value()));
        assert!(Write::change(key()).into_parts().update.is_none());
        let twice = Write::change(key()).set(&STATUS, "one").set(&STATUS, "other").into_parts();
        assert_eq!((twice.update.unwrap().as_str(), &twice.values.unwrap()[":v0"]), ("SET #status = :v0", &"other".value()));
        let some = Write::change(key()).set_some(&VERSION, None::<u64>).set_or_remove(&STATUS, None::<&str>);
        assert_eq!(some.into_parts().update.unwrap(), "REMOVE #status");
    }

    #[test]
    fn an_item_that_is_put_has_its_key() {
        let parts = Write::put(Key::in_connections("a", "b"), Row::default().with(&VERSION, 1)).into_parts();
        assert_eq!((&parts.item["pk"], &parts.item["sk"], parts.item.len()), (&"a".value(), &"b".value(), 3));
        assert!(parts.names.is_none() && parts.values.is_none() && parts.condition.is_none());
        let parts = Write::delete(Key::in_sessions("a")).when(Condition::known_item()).into_parts();
        assert_eq!((parts.kind, parts.item.len()), (Kind::Delete, 1));
    }

    #[test]
    fn nothing_of_what_is_written_is_shown() {
        let write = Write::change(Key::in_connections("uuid#secret", "store")).set(&STATUS, "secret");
        assert_eq!(format!("{write:?}"), "Write(Update, Connections)");
    }
}
