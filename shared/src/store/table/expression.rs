//! Expressions in DynamoDB's syntax: each name and value is a placeholder of its own.

use std::{borrow::Cow, collections::HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

/// Where a value is in an item.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(super) name: Cow<'static, str>,
    pub(super) entry: Option<Cow<'static, str>>,
}

/// A piece of an expression: in its text `@` is the path, and `:` the value.
#[derive(Clone)]
pub(super) struct Piece {
    pub(super) text: &'static str,
    pub(super) path: Option<Path>,
    pub(super) value: Option<AttributeValue>,
}

/// What must hold for a write, or for an item to be found.
#[derive(Clone)]
pub(crate) struct Condition {
    pieces: Vec<Piece>,
    /// It needs parentheses beside anything else.
    is_alternative: bool,
}

/// What the placeholders stand for, if there are any.
pub(super) type Filled<T> = Option<HashMap<String, T>>;

/// The names and values that one request's expressions refer to, each by its placeholder. There are
/// few, so a list is faster than a map.
#[derive(Default)]
pub(super) struct Placeholders {
    names: Vec<(String, String)>,
    values: Vec<(String, AttributeValue)>,
}

impl Piece {
    pub(super) const fn text(text: &'static str) -> Self {
        Self { text, path: None, value: None }
    }
}

impl Condition {
    pub(super) const fn of(pieces: Vec<Piece>) -> Self {
        Self { pieces, is_alternative: false }
    }

    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self::of(self.joined(" AND ", other))
    }

    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        Self { pieces: self.joined(" OR ", other), is_alternative: true }
    }

    pub(super) fn text(&self, placeholders: &mut Placeholders) -> String {
        let mut text = String::with_capacity(self.pieces.len() * 16);
        self.pieces.iter().for_each(|piece| placeholders.fill(&mut text, piece));
        text
    }

    fn joined(self, separator: &'static str, other: Self) -> Vec<Piece> {
        let mut pieces = self.operand();
        pieces.push(Piece::text(separator));
        pieces.append(&mut other.operand());
        pieces
    }

    fn operand(self) -> Vec<Piece> {
        let mut pieces = self.pieces;
        if self.is_alternative {
            pieces.insert(0, Piece::text("("));
            pieces.push(Piece::text(")"));
        }
        pieces
    }
}

impl Placeholders {
    /// Writes a piece with placeholders in it.
    pub(super) fn fill(&mut self, text: &mut String, piece: &Piece) {
        for letter in piece.text.chars() {
            match (letter, &piece.path, &piece.value) {
                ('@', Some(path), _) => self.path(text, path),
                (':', _, Some(value)) => self.value(text, value),
                _ => text.push(letter),
            }
        }
    }

    /// In a request's form: none if there are none.
    pub(super) fn into_parts(self) -> (Filled<String>, Filled<AttributeValue>) {
        (filled(self.names), filled(self.values))
    }

    fn value(&mut self, text: &mut String, value: &AttributeValue) {
        let placeholder = [":v", &self.values.len().to_string()].concat();
        *text += &placeholder;
        self.values.push((placeholder, value.clone()));
    }

    pub(super) fn path(&mut self, text: &mut String, path: &Path) {
        self.name(text, &path.name);
        if let Some(entry) = &path.entry {
            text.push('.');
            self.name(text, entry);
        }
    }

    /// A name has one placeholder. A name made at run time, such as a hash, may contain any
    /// characters, and gets a number.
    fn name(&mut self, text: &mut String, name: &str) {
        if let Some((placeholder, _)) = self.names.iter().find(|(_, known)| known == name) {
            *text += placeholder;
            return;
        }
        let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let placeholder = if is_plain { ["#", name].concat() } else { ["#n", &self.names.len().to_string()].concat() };
        *text += &placeholder;
        self.names.push((placeholder, name.to_owned()));
    }
}

fn filled<T>(placeholders: Vec<(String, T)>) -> Filled<T> {
    (!placeholders.is_empty()).then(|| placeholders.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::{super::Attribute, *};

    const A: Attribute<u64> = Attribute::named("a");
    const B: Attribute<String> = Attribute::named("b");

    fn text(condition: Condition) -> String {
        condition.text(&mut Placeholders::default())
    }

    #[test]
    fn a_condition_is_rendered_in_dynamodbs_syntax() {
        for (condition, expected) in [
            (A.is(1), "#a = :v0"),
            (A.is_not(1), "#a <> :v0"),
            (A.below(1), "#a < :v0"),
            (A.at_most(1), "#a <= :v0"),
            (A.above(1), "#a > :v0"),
            (A.at_least(1), "#a >= :v0"),
            (A.exists(), "attribute_exists(#a)"),
            (A.absent(), "attribute_not_exists(#a)"),
            (B.begins_with("x"), "begins_with(#b, :v0)"),
            (B.is_one_of(["x", "y"]), "#b IN (:v0, :v1)"),
            (A.is_still(Some(1)), "#a = :v0"),
            (A.is_still(None::<u64>), "attribute_not_exists(#a)"),
            (Condition::new_item(), "attribute_not_exists(#pk)"),
            (Condition::known_item(), "attribute_exists(#pk)"),
        ] {
            assert_eq!(text(condition), expected);
        }
    }

    #[test]
    fn an_alternative_is_parenthesized_beside_anything_else() {
        assert_eq!(text(A.is(1).or(A.absent()).and(B.exists())), "(#a = :v0 OR attribute_not_exists(#a)) AND attribute_exists(#b)");
        assert_eq!(text(A.is(1).or(A.is(2).and(B.exists()))), "#a = :v0 OR #a = :v1 AND attribute_exists(#b)");
        assert_eq!(text(A.is(1).or(A.is(2)).or(A.is(3))), "(#a = :v0 OR #a = :v1) OR #a = :v2");
    }

    #[test]
    fn a_name_has_one_placeholder_no_matter_how_often_it_is_used() {
        let mut placeholders = Placeholders::default();
        let (one, other) = (|| A.entry::<u64>("a-1").exists(), || A.entry::<u64>("B_2").exists());
        assert_eq!(one().text(&mut placeholders), "attribute_exists(#a.#n1)");
        assert_eq!(other().text(&mut placeholders), "attribute_exists(#a.#n2)");
        assert_eq!(one().text(&mut placeholders), "attribute_exists(#a.#n1)");
        let (names, values) = placeholders.into_parts();
        let mut names: Vec<_> = names.unwrap().into_iter().collect();
        names.sort();
        let named = |placeholder: &str, name: &str| (placeholder.to_owned(), name.to_owned());
        assert_eq!(names, [named("#a", "a"), named("#n1", "a-1"), named("#n2", "B_2")]);
        assert!(values.is_none());
    }
}
