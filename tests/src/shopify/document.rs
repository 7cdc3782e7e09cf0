//! Reads a GraphQL document into selections, variables already filled in: one operation or the one named, fields with
//! aliases and arguments, fragments. Directives are passed over.

use std::collections::HashMap;

use apollo_parser::Parser;
use apollo_parser::cst::{self, CstNode as _, Definition, Name, OperationDefinition, SelectionSet, Type};
use serde_json::{Map, Value};

/// What is selected of an object.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Selection {
    Field(Field),
    /// A fragment's selections, for objects of that type.
    On(Option<String>, Vec<Selection>),
    Spread(String),
}

/// A field, under the key it has in the answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) arguments: Map<String, Value>,
    pub(super) selections: Vec<Selection>,
}

/// One operation with the fragments it may use.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) is_mutation: bool,
    pub(super) selections: Vec<Selection>,
    pub(super) fragments: HashMap<String, Selection>,
}

/// Parses a document. The error is a message such as a provider would send.
pub(super) fn parse(document: &str, name: Option<&str>, variables: &Value) -> Result<Operation, String> {
    let tree = Parser::new(document).parse();
    if let Some(error) = tree.errors().next() {
        return Err(format!("syntax error, {}", error.message()));
    }
    let (mut operations, mut fragments) = (Vec::new(), Vec::new());
    for definition in tree.document().definitions() {
        match definition {
            Definition::OperationDefinition(operation) => operations.push(operation),
            Definition::FragmentDefinition(fragment) => fragments.push(fragment),
            other => return Err(format!("syntax error, unexpected {}", other.kind())),
        }
    }
    let wanted = |operation: &OperationDefinition| name.is_none_or(|name| text(operation.name()) == name);
    let mut found = operations.into_iter().filter(wanted);
    let operation = match (found.next(), found.next()) {
        (Some(operation), None) => operation,
        (None, _) => return Err("There is no such operation".to_owned()),
        _ => return Err("An operation name is required".to_owned()),
    };
    let kind = operation.operation_type();
    if kind.as_ref().is_some_and(|kind| kind.subscription_token().is_some()) {
        return Err("syntax error, unexpected \"subscription\"".to_owned());
    }
    let mut values = Values { given: variables, defaults: Map::new() };
    for definition in operation.variable_definitions().iter().flat_map(cst::VariableDefinitions::variable_definitions) {
        values.define(&definition)?;
    }
    let fragment = |fragment: cst::FragmentDefinition| {
        let selections = values.selections(fragment.selection_set())?;
        Ok((text(fragment.fragment_name().and_then(|name| name.name())), Selection::On(condition(fragment.type_condition()), selections)))
    };
    Ok(Operation {
        is_mutation: kind.is_some_and(|kind| kind.mutation_token().is_some()),
        selections: values.selections(operation.selection_set())?,
        fragments: fragments.into_iter().map(fragment).collect::<Result<_, String>>()?,
    })
}

/// A name, which is there where the parser found no error.
fn text(name: Option<Name>) -> String {
    name.map(|name| name.text().into()).unwrap_or_default()
}

fn condition(on: Option<cst::TypeCondition>) -> Option<String> {
    Some(text(on?.named_type()?.name()))
}

/// What stands for the variables.
struct Values<'a> {
    given: &'a Value,
    defaults: Map<String, Value>,
}

impl Values<'_> {
    /// `$name: Type! = default`
    fn define(&mut self, definition: &cst::VariableDefinition) -> Result<(), String> {
        let name = text(definition.variable().and_then(|variable| variable.name()));
        if let Some(default) = definition.default_value().and_then(|default| default.value()) {
            self.defaults.insert(name, self.value(&default)?);
        } else if matches!(definition.ty(), Some(Type::NonNullType(_))) && self.given.get(&name).is_none_or(Value::is_null) {
            return Err(format!("Variable ${name} of required type was provided invalid value"));
        }
        Ok(())
    }

    fn selections(&self, set: Option<SelectionSet>) -> Result<Vec<Selection>, String> {
        set.iter().flat_map(SelectionSet::selections).map(|selection| self.selection(selection)).collect()
    }

    fn selection(&self, selection: cst::Selection) -> Result<Selection, String> {
        Ok(match selection {
            cst::Selection::Field(field) => {
                let name = text(field.name());
                let arguments = field.arguments();
                let arguments = arguments.iter().flat_map(cst::Arguments::arguments);
                let arguments = arguments.map(|argument| self.named(argument.name(), argument.value())).collect::<Result<_, _>>()?;
                let key = field.alias().map_or_else(|| name.clone(), |alias| text(alias.name()));
                Selection::Field(Field { key, name, arguments, selections: self.selections(field.selection_set())? })
            }
            cst::Selection::InlineFragment(fragment) => {
                Selection::On(condition(fragment.type_condition()), self.selections(fragment.selection_set())?)
            }
            cst::Selection::FragmentSpread(spread) => Selection::Spread(text(spread.fragment_name().and_then(|name| name.name()))),
        })
    }

    fn named(&self, name: Option<Name>, value: Option<cst::Value>) -> Result<(String, Value), String> {
        let value = value.map_or(Ok(Value::Null), |value| self.value(&value))?;
        Ok((text(name), value))
    }

    fn value(&self, value: &cst::Value) -> Result<Value, String> {
        Ok(match value {
            cst::Value::Variable(variable) => {
                let name = text(variable.name());
                self.given.get(&name).or_else(|| self.defaults.get(&name)).cloned().unwrap_or_default()
            }
            cst::Value::EnumValue(value) => Value::String(text(value.name())),
            cst::Value::ListValue(list) => list.values().map(|value| self.value(&value)).collect::<Result<_, _>>()?,
            cst::Value::ObjectValue(object) => {
                let fields = object.object_fields().map(|field| self.named(field.name(), field.value()));
                Value::Object(fields.collect::<Result<_, _>>()?)
            }
            cst::Value::StringValue(string) if literal(value).starts_with("\"\"\"") => Value::String(string.into()),
            // Of all others JSON has the same literals.
            _ => serde_json::from_str(&literal(value)).map_err(|error| format!("syntax error, {error}"))?,
        })
    }
}

fn literal(value: &cst::Value) -> String {
    value.syntax().first_token().map(|token| token.text().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_literal_is_read_with_its_escapes() {
        let text = r#"query Q($x: [Int!] = [7]) { a: f(s: "é \"\u00e9\"", n: -1, d: 1.5e3, t: true, z: null, e: OPEN, l: [1, $x], # why
            o: { k: $given }, b: """a "b" """) @skip(if: false) }"#;
        let operation = parse(text, Some("Q"), &json!({"given": "it"})).unwrap();
        let [Selection::Field(field)] = &operation.selections[..] else { panic!("{operation:?}") };
        assert_eq!((field.key.as_str(), field.name.as_str()), ("a", "f"));
        let expected = json!({
            "s": "é \"é\"", "n": -1, "d": 1500.0, "t": true, "z": null, "e": "OPEN", "l": [1, [7]], "o": {"k": "it"}, "b": "a \"b\" ",
        });
        assert_eq!(Value::Object(field.arguments.clone()), expected);
        assert!(parse(r#"{ f(s: "\ud83d") }"#, None, &Value::Null).is_err(), "half a sign");
    }
}
