//! Expressions as DynamoDB takes them: names and values are placeholders, each with one of its own.

use std::{borrow::Cow, collections::HashMap};

use aws_sdk_dynamodb::types::AttributeValue;

/// Where a value lies in an item.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Path {
    pub(super) name: Cow<'static, str>,
    pub(super) entry: Option<Cow<'static, str>>,
}

impl Path {
    /// A part of an expression, in which `@` stands for this path and `:` for each of the values.
    pub(super) fn expression(&self, text: impl Into<Cow<'static, str>>, values: impl IntoIterator<Item = AttributeValue>) -> Expression {
        let text = text.into();
        let paths = vec![self.clone(); text.bytes().filter(|letter| *letter == b'@').count()];
        Expression { text, paths, values: values.into_iter().collect() }
    }
}

/// A part of an expression: each `@` in it stands for the next path, each `:` for the next value.
#[derive(Clone)]
pub(super) struct Expression {
    pub(super) text: Cow<'static, str>,
    pub(super) paths: Vec<Path>,
    pub(super) values: Vec<AttributeValue>,
}

/// What must hold for a write, or for an item that is looked for.
#[derive(Clone)]
pub(crate) struct Condition {
    expression: Expression,
    /// It stands in parentheses beside anything else.
    is_alternative: bool,
}

/// What placeholders stand for, where there are any.
pub(super) type Filled<T> = Option<HashMap<String, T>>;

/// The names and values that the expressions of one request refer to.
#[derive(Default)]
pub(super) struct Placeholders {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Condition {
    pub(super) const fn of(expression: Expression) -> Self {
        Self { expression, is_alternative: false }
    }

    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self::of(Expression::joined(" AND ", self.operand(), other.operand()))
    }

    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        Self { expression: Expression::joined(" OR ", self.operand(), other.operand()), is_alternative: true }
    }

    pub(super) fn text(self, placeholders: &mut Placeholders) -> String {
        placeholders.fill(self.expression)
    }

    fn operand(self) -> Expression {
        let Self { expression, is_alternative } = self;
        if is_alternative { Expression { text: format!("({})", expression.text).into(), ..expression } } else { expression }
    }
}

impl Expression {
    fn joined(separator: &str, mut first: Self, then: Self) -> Self {
        *first.text.to_mut() += separator;
        *first.text.to_mut() += &then.text;
        first.paths.extend(then.paths);
        first.values.extend(then.values);
        first
    }
}

impl Placeholders {
    /// The expression with placeholders in it.
    pub(super) fn fill(&mut self, expression: Expression) -> String {
        let (mut paths, mut values) = (expression.paths.into_iter(), expression.values.into_iter());
        let mut text = String::with_capacity(expression.text.len() * 4);
        for letter in expression.text.chars() {
            match letter {
                '@' => paths.next().into_iter().for_each(|path| self.path(&mut text, &path)),
                ':' => values.next().into_iter().for_each(|value| self.value(&mut text, value)),
                _ => text.push(letter),
            }
        }
        text
    }

    /// As a request has them: none where there are none.
    pub(super) fn into_parts(self) -> (Filled<String>, Filled<AttributeValue>) {
        (Some(self.names).filter(|names| !names.is_empty()), Some(self.values).filter(|values| !values.is_empty()))
    }

    fn value(&mut self, text: &mut String, value: AttributeValue) {
        let placeholder = format!(":v{}", self.values.len());
        *text += &placeholder;
        self.values.insert(placeholder, value);
    }

    fn path(&mut self, text: &mut String, path: &Path) {
        self.name(text, &path.name);
        if let Some(entry) = &path.entry {
            text.push('.');
            self.name(text, entry);
        }
    }

    /// A name has one placeholder. What is made as the service runs, such as a hash, may have any
    /// letters, and gets a number.
    fn name(&mut self, text: &mut String, name: &str) {
        let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let known = || self.names.iter().find(|(_, known)| *known == name).map(|(placeholder, _)| placeholder.clone());
        let placeholder = if is_plain { ["#", name].concat() } else { known().unwrap_or_else(|| format!("#n{}", self.names.len())) };
        *text += &placeholder;
        self.names.insert(placeholder, name.to_owned());
    }
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
    fn a_condition_is_written_as_dynamodb_takes_it() {
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
    fn an_alternative_stands_in_parentheses_beside_anything_else() {
        assert_eq!(text(A.is(1).or(A.absent()).and(B.exists())), "(#a = :v0 OR attribute_not_exists(#a)) AND attribute_exists(#b)");
        assert_eq!(text(A.is(1).or(A.is(2).and(B.exists()))), "#a = :v0 OR #a = :v1 AND attribute_exists(#b)");
        assert_eq!(text(A.is(1).or(A.is(2)).or(A.is(3))), "(#a = :v0 OR #a = :v1) OR #a = :v2");
    }

    #[test]
    fn a_name_has_one_placeholder_however_often_it_is_used() {
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
