//! An item's key.

use super::{
    Attribute, Condition,
    attribute::{As as _, Item},
};

/// The partition.
pub(crate) const PK: Attribute<String> = Attribute::named("pk");
/// The sort key.
pub(crate) const SK: Attribute<String> = Attribute::named("sk");

/// Which of the two tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Table {
    /// Its key is the partition key alone.
    Sessions,
    /// Its key is the partition key and the sort key.
    Connections,
}

/// An item's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(super) table: Table,
    pk: String,
    sk: Option<String>,
}

impl Condition {
    /// Requires that there is no such item.
    pub(crate) fn new_item() -> Self {
        PK.absent()
    }

    /// Requires that there is such an item.
    pub(crate) fn known_item() -> Self {
        PK.exists()
    }
}

impl Key {
    /// In the sessions table.
    pub(crate) fn in_sessions(pk: impl Into<String>) -> Self {
        Self { table: Table::Sessions, pk: pk.into(), sk: None }
    }

    /// In the connections table.
    pub(crate) fn in_connections(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { table: Table::Connections, pk: pk.into(), sk: Some(sk.into()) }
    }

    pub(crate) fn pk(&self) -> &str {
        &self.pk
    }

    /// Empty in the sessions table.
    pub(crate) fn sk(&self) -> &str {
        self.sk.as_deref().unwrap_or_default()
    }

    /// In a request's form.
    pub(super) fn item(&self) -> Item {
        let attributes = [(PK, Some(&self.pk)), (SK, self.sk.as_ref())];
        attributes.into_iter().filter_map(|(attribute, value)| Some((attribute.name().to_owned(), value?.value()))).collect()
    }
}
