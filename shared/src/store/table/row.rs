//! An item's attributes, to be written or as read.

use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use super::{
    Attribute, Key, Named, PK, SK, Value,
    attribute::{As, Item},
};

/// An item, or a map in one.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Row(pub(super) Item);

impl Row {
    /// With this attribute.
    #[must_use]
    pub(crate) fn with<T>(mut self, attribute: &Attribute<T>, value: impl As<T>) -> Self {
        if self.0.is_empty() {
            // Enough for nearly all items, which would otherwise grow step by step.
            self.0.reserve(14);
        }
        self.0.insert(attribute.name().to_owned(), value.value());
        self
    }

    /// With this attribute, if there is a value for it.
    #[must_use]
    pub(crate) fn with_some<T>(self, attribute: &Attribute<T>, value: Option<impl As<T>>) -> Self {
        match value {
            Some(value) => self.with(attribute, value),
            None => self,
        }
    }

    /// The value, if there is one of its type.
    pub(crate) fn get<T: Value>(&self, attribute: &Attribute<T>) -> Option<T> {
        T::from_value(self.0.get(attribute.name())?)
    }

    /// The same, or its type's default.
    pub(crate) fn get_or_default<T: Value + Default>(&self, attribute: &Attribute<T>) -> T {
        self.get(attribute).unwrap_or_default()
    }

    /// The same without a copy.
    pub(crate) fn text(&self, attribute: &Attribute<String>) -> Option<&str> {
        self.0.get(attribute.name())?.as_s().ok().map(String::as_str)
    }

    /// Whether it is there, with any value.
    pub(crate) fn has(&self, attribute: &impl Named) -> bool {
        self.0.contains_key(attribute.path().name.as_ref())
    }

    /// The sort key; none in the sessions table.
    pub(crate) fn sk(&self) -> Option<&str> {
        self.text(&SK)
    }

    /// The key of an item of the connections table.
    pub(crate) fn key(&self) -> Option<Key> {
        Some(Key::in_connections(self.text(&PK)?, self.text(&SK)?))
    }

    /// The values of this type whose names have this prefix, by the rest of the name.
    pub(crate) fn beginning_with<T: Value>(&self, prefix: &str) -> impl Iterator<Item = (&str, T)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, T::from_value(value)?)))
    }
}

/// A map: its parts are attributes as well.
impl Value for Row {
    fn into_value(self) -> AttributeValue {
        AttributeValue::M(self.0)
    }

    fn from_value(value: &AttributeValue) -> Option<Self> {
        value.as_m().ok().cloned().map(Self)
    }
}

/// Its contents must not be printed.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{} attributes]", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_prints_only_its_size() {
        assert_eq!(format!("{:?}", Row::default().with(&SK, "store")), "[1 attributes]");
    }
}
