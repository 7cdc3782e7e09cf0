//! What must hold for a write, or for an item that is looked for.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{attribute::Path, expressions::Expressions, key};

/// A condition on one item.
#[derive(Clone)]
pub(crate) enum Condition {
    Compare(Path, &'static str, AttributeValue),
    Exists(Path),
    Absent(Path),
    BeginsWith(Path, AttributeValue),
    OneOf(Path, Vec<AttributeValue>),
    And(Box<(Self, Self)>),
    Or(Box<(Self, Self)>),
}

impl Condition {
    /// There is no such item.
    pub(crate) fn new_item() -> Self {
        key::PK.absent()
    }

    /// There is such an item.
    pub(crate) fn known_item() -> Self {
        key::PK.exists()
    }

    #[must_use]
    pub(crate) fn and(self, other: Self) -> Self {
        Self::And(Box::new((self, other)))
    }

    #[must_use]
    pub(crate) fn or(self, other: Self) -> Self {
        Self::Or(Box::new((self, other)))
    }

    /// As DynamoDB takes it.
    pub(super) fn text(self, expressions: &mut Expressions) -> String {
        match self {
            Self::Compare(path, operator, value) => {
                format!("{} {operator} {}", expressions.path(&path), expressions.value(value))
            }
            Self::Exists(path) => format!("attribute_exists({})", expressions.path(&path)),
            Self::Absent(path) => format!("attribute_not_exists({})", expressions.path(&path)),
            Self::BeginsWith(path, value) => {
                format!("begins_with({}, {})", expressions.path(&path), expressions.value(value))
            }
            Self::OneOf(path, values) => {
                let name = expressions.path(&path);
                let values: Vec<String> = values.into_iter().map(|value| expressions.value(value)).collect();
                format!("{name} IN ({})", values.join(", "))
            }
            Self::And(both) => {
                let (one, other) = *both;
                format!("{} AND {}", one.operand(expressions), other.operand(expressions))
            }
            Self::Or(both) => {
                let (one, other) = *both;
                format!("{} OR {}", one.operand(expressions), other.operand(expressions))
            }
        }
    }

    /// An alternative stands in parentheses beside anything else.
    fn operand(self, expressions: &mut Expressions) -> String {
        match self {
            Self::Or(_) => format!("({})", self.text(expressions)),
            _ => self.text(expressions),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Attribute, *};

    const A: Attribute<u64> = Attribute::named("a");
    const B: Attribute<String> = Attribute::named("b");

    fn text(condition: Condition) -> String {
        condition.text(&mut Expressions::default())
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
}
