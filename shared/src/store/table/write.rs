//! One write: which item, on which condition, and what it changes.

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};

use crate::metrics::Metric;

use super::{
    Attribute, Condition, Failure, Key, Named, Row,
    attribute::{As, Item},
    expression::{Filled, Piece, Placeholders},
};

/// A write that has not been sent. It can't be printed, because its contents must not be.
#[derive(Clone)]
#[must_use]
pub(crate) struct Write {
    kind: Kind,
    pub(crate) key: Key,
    row: Row,
    clauses: Vec<(Clause, Piece)>,
    condition: Option<Condition>,
    returns_old: bool,
    returns_new: bool,
    /// The metric to count once it is written.
    pub(super) counts: Option<Metric>,
}

/// Which request a write becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Put,
    Update,
    Delete,
    Check,
}

/// The clauses of an update.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Clause {
    Set,
    Remove,
    Add,
}

/// A write in a request's form.
pub(super) struct Parts {
    pub(super) kind: Kind,
    /// The whole item to put, or its key.
    pub(super) item: Item,
    pub(super) update: Option<String>,
    pub(super) condition: Option<String>,
    pub(super) names: Filled<String>,
    pub(super) values: Filled<AttributeValue>,
    pub(super) old: Option<ReturnValuesOnConditionCheckFailure>,
    pub(super) returns_new: bool,
}

/// What all requests take from a write.
macro_rules! conditional {
    ($request:expr, $parts:ident) => {
        $request
            .set_condition_expression($parts.condition)
            .set_expression_attribute_names($parts.names)
            .set_expression_attribute_values($parts.values)
            .set_return_values_on_condition_check_failure($parts.old)
    };
}
pub(super) use conditional;

impl Write {
    fn to(kind: Kind, key: Key, row: Row) -> Self {
        Self { kind, key, row, clauses: Vec::new(), condition: None, returns_old: false, returns_new: false, counts: None }
    }

    /// Puts the whole item, replacing any existing one.
    pub(crate) fn put(key: Key, mut row: Row) -> Self {
        row.0.extend(key.item());
        Self::to(Kind::Put, key, row)
    }

    /// Changes attributes of an item, creating it if needed.
    pub(crate) fn change(key: Key) -> Self {
        Self::to(Kind::Update, key, Row::default())
    }

    /// Deletes the item.
    pub(crate) fn delete(key: Key) -> Self {
        Self::to(Kind::Delete, key, Row::default())
    }

    /// Writes nothing, but its condition must hold. For transactions only.
    pub(crate) fn check(key: Key) -> Self {
        Self::to(Kind::Check, key, Row::default())
    }

    /// Adds a condition to those it already has.
    pub(crate) fn when(mut self, condition: Condition) -> Self {
        self.condition = Some(match self.condition {
            Some(before) => before.and(condition),
            None => condition,
        });
        self
    }

    /// Requires that the attribute has this value.
    pub(crate) fn when_is<T>(self, attribute: &Attribute<T>, value: impl As<T>) -> Self {
        self.when(attribute.is(value))
    }

    pub(crate) fn set<T>(self, attribute: &Attribute<T>, value: impl As<T>) -> Self {
        self.clause(Clause::Set, attribute, "@ = :", Some(value.value()))
    }

    /// Sets the attribute, if there is a value for it.
    pub(crate) fn set_some<T>(self, attribute: &Attribute<T>, value: Option<impl As<T>>) -> Self {
        match value {
            Some(value) => self.set(attribute, value),
            None => self,
        }
    }

    /// Sets the attribute, or removes it if there is no value for it.
    pub(crate) fn set_or_remove<T>(self, attribute: &Attribute<T>, value: Option<impl As<T>>) -> Self {
        match value {
            Some(value) => self.set(attribute, value),
            None => self.remove(attribute),
        }
    }

    /// Sets the attribute, unless it has a value.
    pub(crate) fn set_if_absent<T>(self, attribute: &Attribute<T>, value: impl As<T>) -> Self {
        self.clause(Clause::Set, attribute, "@ = if_not_exists(@, :)", Some(value.value()))
    }

    /// Increases a number. The item and the attribute must exist.
    pub(crate) fn increase(self, attribute: &Attribute<u64>, by: u64) -> Self {
        self.clause(Clause::Set, attribute, "@ = @ + :", Some(by.value()))
    }

    /// The same; a missing number counts as 0.
    pub(crate) fn add(self, attribute: &Attribute<u64>, more: u64) -> Self {
        self.clause(Clause::Add, attribute, "@ :", Some(more.value()))
    }

    pub(crate) fn remove(self, attribute: &dyn Named) -> Self {
        self.clause(Clause::Remove, attribute, "@", None)
    }

    pub(crate) fn remove_each<const N: usize>(self, attributes: [&dyn Named; N]) -> Self {
        attributes.into_iter().fold(self, Self::remove)
    }

    /// If its condition fails, returns the current item.
    pub(crate) const fn returning_old(mut self) -> Self {
        self.returns_old = true;
        self
    }

    /// Returns the new item once written. For a single change only.
    pub(crate) const fn returning_new(mut self) -> Self {
        self.returns_new = true;
        self
    }

    /// Counts this metric once written.
    pub(crate) const fn counting(mut self, metric: Option<Metric>) -> Self {
        self.counts = metric;
        self
    }

    /// Setting an attribute twice keeps the later value.
    fn clause(mut self, clause: Clause, attribute: &dyn Named, text: &'static str, value: Option<AttributeValue>) -> Self {
        let piece = Piece { text, path: Some(attribute.path()), value };
        self.clauses.retain(|(other, known)| *other != clause || known.path != piece.path);
        self.clauses.push((clause, piece));
        self
    }

    /// Built afresh for each attempt, because a request consumes it.
    pub(super) fn parts(&self) -> Parts {
        let mut placeholders = Placeholders::default();
        let condition = self.condition.as_ref().map(|condition| condition.text(&mut placeholders));
        let update = self.update(&mut placeholders);
        let (names, values) = placeholders.into_parts();
        let item = if self.kind == Kind::Put { self.row.0.clone() } else { self.key.item() };
        let old = self.returns_old.then_some(ReturnValuesOnConditionCheckFailure::AllOld);
        Parts { kind: self.kind, item, update, condition, names, values, old, returns_new: self.returns_new }
    }

    /// The update expression; none if nothing changes.
    fn update(&self, placeholders: &mut Placeholders) -> Option<String> {
        let mut text = String::with_capacity(self.clauses.len() * 32);
        for (clause, word) in [(Clause::Set, "SET "), (Clause::Remove, "REMOVE "), (Clause::Add, "ADD ")] {
            let mut before = [if text.is_empty() { "" } else { " " }, word];
            for (_, piece) in self.clauses.iter().filter(|(of, _)| *of == clause) {
                text.extend(std::mem::replace(&mut before, [", ", ""]));
                placeholders.fill(&mut text, piece);
            }
        }
        (!text.is_empty()).then_some(text)
    }

    /// As a part of a transaction.
    pub(super) fn item(&self, name: &str, table: &str) -> Result<TransactWriteItem, Failure> {
        let (parts, item) = (self.parts(), TransactWriteItem::builder());
        let at = Some(parts.item);
        let item = match parts.kind {
            Kind::Put => conditional!(Put::builder().table_name(table).set_item(at), parts).build().map(|put| item.put(put)),
            Kind::Update => {
                let update = Update::builder().table_name(table).set_key(at).set_update_expression(parts.update);
                conditional!(update, parts).build().map(|update| item.update(update))
            }
            Kind::Delete => conditional!(Delete::builder().table_name(table).set_key(at), parts).build().map(|delete| item.delete(delete)),
            Kind::Check => conditional!(ConditionCheck::builder().table_name(table).set_key(at), parts)
                .build()
                .map(|check| item.condition_check(check)),
        };
        item.map(|item| item.build()).map_err(|error| Failure::unsent(name, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: Attribute<String> = Attribute::named("status");
    const VERSION: Attribute<u64> = Attribute::named("version");
    const FENCE: Attribute<u64> = Attribute::named("fence");

    #[test]
    fn a_change_is_one_expression_with_a_clause_per_kind() {
        let key = || Key::in_connections("a", "b");
        let all = Write::change(key())
            .when_is(&VERSION, 3)
            .when(STATUS.is("old").or(STATUS.absent()))
            .set(&STATUS, "new")
            .increase(&VERSION, 1)
            .set_if_absent(&FENCE, 7)
            .remove_each([&STATUS, &VERSION])
            .add(&FENCE, 2);
        let parts = all.parts();
        assert_eq!(parts.condition.unwrap(), "#version = :v0 AND (#status = :v1 OR attribute_not_exists(#status))");
        assert_eq!(
            parts.update.unwrap(),
            "SET #status = :v2, #version = #version + :v3, #fence = if_not_exists(#fence, :v4) REMOVE #status, #version ADD #fence :v5"
        );
        let values = parts.values.unwrap();
        assert_eq!((values.len(), &values[":v2"], &values[":v5"]), (6, &"new".value(), &2.value()));
        assert!(Write::change(key()).parts().update.is_none());
        let twice = Write::change(key()).set(&STATUS, "one").set(&STATUS, "other").parts();
        assert_eq!((twice.update.unwrap().as_str(), &twice.values.unwrap()[":v0"]), ("SET #status = :v0", &"other".value()));
        let some = Write::change(key()).set_some(&VERSION, None::<u64>).set_or_remove(&STATUS, None::<&str>);
        assert_eq!(some.parts().update.unwrap(), "REMOVE #status");
    }

    #[test]
    fn a_put_item_has_its_key() {
        let parts = Write::put(Key::in_connections("a", "b"), Row::default().with(&VERSION, 1)).parts();
        assert_eq!((&parts.item["pk"], &parts.item["sk"], parts.item.len()), (&"a".value(), &"b".value(), 3));
        assert!(parts.names.is_none() && parts.values.is_none() && parts.condition.is_none());
        let parts = Write::delete(Key::in_sessions("a")).when(Condition::known_item()).parts();
        assert_eq!((parts.kind, parts.item.len()), (Kind::Delete, 1));
    }
}
