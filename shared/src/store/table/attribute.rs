//! An attribute: its name and the type of its value, in one constant.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    fmt,
    marker::PhantomData,
};

use aws_sdk_dynamodb::{primitives::Blob, types::AttributeValue};
use uuid::Uuid;

use super::{
    Condition,
    expression::{Path, Piece},
};

/// An item in DynamoDB's form.
pub(super) type Item = HashMap<String, AttributeValue>;

/// A type that an attribute can have. Reading is total: a value of another type is none.
pub(crate) trait Value: Sized {
    /// Whether it is sealed with a key of the ring, which an operator then has to keep.
    const SEALED: bool = false;

    fn into_value(self) -> AttributeValue;
    fn from_value(value: &AttributeValue) -> Option<Self>;
}

/// A type whose values are words.
pub(crate) trait Word: Sized {
    fn word(self) -> &'static str;

    /// None for a word that is not one of the type's.
    fn of(word: &str) -> Option<Self>;
}

/// A sealed value, as stored in an item. A nonce makes each sealing different.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub(crate) Vec<u8>);

/// What can be written where a `T` belongs.
pub(crate) trait As<T> {
    fn value(self) -> AttributeValue;
}

/// An attribute of any type.
pub(crate) trait Named {
    fn path(&self) -> Path;
}

/// An attribute, or an entry of one that is a map.
pub(crate) struct Attribute<T> {
    path: Path,
    of: PhantomData<fn() -> T>,
}

impl<T> Attribute<T> {
    /// One that every item of its kind may have.
    pub(crate) const fn named(name: &'static str) -> Self {
        Self { path: Path { name: Cow::Borrowed(name), entry: None }, of: PhantomData }
    }

    /// One whose name is made at run time.
    pub(crate) const fn dynamic(name: String) -> Self {
        Self { path: Path { name: Cow::Owned(name), entry: None }, of: PhantomData }
    }

    /// The entry of a map under a name.
    pub(crate) fn entry<E>(&self, entry: impl Into<Cow<'static, str>>) -> Attribute<E> {
        Attribute { path: Path { entry: Some(entry.into()), ..self.path.clone() }, of: PhantomData }
    }

    /// The name alone.
    pub(crate) fn name(&self) -> &str {
        &self.path.name
    }

    pub(crate) fn exists(&self) -> Condition {
        self.holds("attribute_exists(@)", None)
    }

    pub(crate) fn absent(&self) -> Condition {
        self.holds("attribute_not_exists(@)", None)
    }

    pub(crate) fn is(&self, value: impl As<T>) -> Condition {
        self.holds("@ = :", Some(value.value()))
    }

    pub(crate) fn is_not(&self, value: impl As<T>) -> Condition {
        self.holds("@ <> :", Some(value.value()))
    }

    pub(crate) fn below(&self, value: impl As<T>) -> Condition {
        self.holds("@ < :", Some(value.value()))
    }

    pub(crate) fn at_most(&self, value: impl As<T>) -> Condition {
        self.holds("@ <= :", Some(value.value()))
    }

    pub(crate) fn above(&self, value: impl As<T>) -> Condition {
        self.holds("@ > :", Some(value.value()))
    }

    pub(crate) fn at_least(&self, value: impl As<T>) -> Condition {
        self.holds("@ >= :", Some(value.value()))
    }

    /// It has the value that was read, or is still absent if none was.
    pub(crate) fn is_still(&self, read: Option<impl As<T>>) -> Condition {
        read.map_or_else(|| self.absent(), |value| self.is(value))
    }

    /// It is one of these, of which there is at least one.
    pub(crate) fn is_one_of(&self, values: impl IntoIterator<Item = impl As<T>>) -> Condition {
        let mut pieces = vec![self.piece("@ IN (", None)];
        for value in values {
            let text = if pieces.len() == 1 { ":" } else { ", :" };
            pieces.push(Piece { text, path: None, value: Some(value.value()) });
        }
        pieces.push(Piece::text(")"));
        Condition::of(pieces)
    }

    fn holds(&self, text: &'static str, value: Option<AttributeValue>) -> Condition {
        Condition::of(vec![self.piece(text, value)])
    }

    fn piece(&self, text: &'static str, value: Option<AttributeValue>) -> Piece {
        Piece { text, path: Some(self.path.clone()), value }
    }
}

impl Attribute<String> {
    pub(crate) fn begins_with(&self, prefix: &str) -> Condition {
        self.holds("begins_with(@, :)", Some(prefix.value()))
    }
}

impl<T> Named for Attribute<T> {
    fn path(&self) -> Path {
        self.path.clone()
    }
}

impl<T: Value> As<T> for T {
    fn value(self) -> AttributeValue {
        self.into_value()
    }
}

impl<T: AsRef<str> + ?Sized> As<String> for &T {
    fn value(self) -> AttributeValue {
        AttributeValue::S(self.as_ref().to_owned())
    }
}

impl As<Vec<String>> for &[String] {
    fn value(self) -> AttributeValue {
        self.to_vec().into_value()
    }
}

impl<W: Word> Value for W {
    fn into_value(self) -> AttributeValue {
        self.word().value()
    }

    fn from_value(value: &AttributeValue) -> Option<Self> {
        Self::of(value.as_s().ok()?)
    }
}

/// How each type is written, and how it is read.
macro_rules! values {
    ($($(#[$doc:meta])* $of:ty: $it:ident => $write:expr, $read:expr;)*) => {$(
        $(#[$doc])*
        impl Value for $of {
            fn into_value(self) -> AttributeValue {
                let $it = self;
                $write
            }

            fn from_value($it: &AttributeValue) -> Option<Self> {
                $read
            }
        }
    )*};
}

values! {
    String: it => AttributeValue::S(it), it.as_s().ok().cloned();
    u64: it => AttributeValue::N(it.to_string()), it.as_n().ok()?.parse().ok();
    bool: it => AttributeValue::Bool(it), it.as_bool().ok().copied();
    Uuid: it => AttributeValue::S(it.to_string()), it.as_s().ok()?.parse().ok();
    Vec<u8>: it => AttributeValue::B(Blob::new(it)), it.as_b().ok().map(|bytes| bytes.as_ref().to_vec());
    /// A list of texts; other values in it are left out.
    Vec<String>: it => AttributeValue::L(it.into_iter().map(AttributeValue::S).collect()),
        Some(it.as_l().ok()?.iter().filter_map(String::from_value).collect());
    /// A map of numbers; an unreadable one counts as 0, so that its name is not lost.
    BTreeMap<String, u64>: it => AttributeValue::M(it.into_iter().map(|(name, number)| (name, number.into_value())).collect()),
        Some(it.as_m().ok()?.iter().map(|(name, value)| (name.clone(), u64::from_value(value).unwrap_or_default())).collect());
}

impl Value for Sealed {
    const SEALED: bool = true;

    fn into_value(self) -> AttributeValue {
        self.0.into_value()
    }

    fn from_value(value: &AttributeValue) -> Option<Self> {
        Vec::from_value(value).map(Self)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[sealed]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_a_round_trip() {
        fn round<T: Value + Clone + PartialEq + fmt::Debug>(value: T) {
            assert_eq!(T::from_value(&value.clone().into_value()), Some(value));
        }
        round("text".to_owned());
        round(u64::MAX);
        round(true);
        round(Uuid::from_u128(7));
        round(b"bytes".to_vec());
        round(vec!["a".to_owned(), "b".to_owned()]);
        round(BTreeMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)]));
    }

    #[test]
    fn sealed_values_do_not_print() {
        assert_eq!(format!("{:?}", Sealed(b"bytes".to_vec())), "[sealed]");
    }

    #[test]
    fn reading_is_total() {
        let mixed = AttributeValue::L(vec!["a".value(), 1.value()]);
        assert_eq!(Vec::<String>::from_value(&mixed), Some(vec!["a".to_owned()]));
        let map = AttributeValue::M([("a".to_owned(), "x".value()), ("b".to_owned(), 2.value())].into());
        assert_eq!(BTreeMap::from_value(&map), Some([("a".to_owned(), 0), ("b".to_owned(), 2)].into()));
        assert_eq!(u64::from_value(&AttributeValue::N("-1".to_owned())), None);
        assert_eq!(Uuid::from_value(&"x".value()), None);
        let text = "text".value();
        assert_eq!((u64::from_value(&text), bool::from_value(&text), Vec::<u8>::from_value(&text)), (None, None, None));
        assert_eq!(Vec::<String>::from_value(&text), None);
        assert_eq!(String::from_value(&1.value()), None);
    }
}
