//! Parses a word file: what each message consists of, with terms and other messages inlined.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::{parser, unicode::unescape_unicode_to_string};

use crate::{File, typography::typeset};

/// A part of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(String),
    /// A parameter; a number is formatted as in the language.
    Place {
        name: String,
        is_number: bool,
    },
    /// One of several, by a number.
    Choice {
        by: String,
        cases: Vec<Case>,
    },
}

/// One of the variants of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Case {
    pub(crate) key: Key,
    pub(crate) is_default: bool,
    pub(crate) pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// Exactly this number.
    Exactly(usize),
    /// A plural category of CLDR: `one`, `many`, `other`.
    Category(String),
}

/// The content of a file: a message by its id, an attribute by `message.attribute`.
pub(crate) struct Catalog<'a> {
    pub(crate) file: File<'a>,
    pub(crate) messages: BTreeMap<String, Vec<Piece>>,
}

/// Everything that a file defines; terms begin with `-`.
type Definitions<'a> = BTreeMap<String, Pattern<&'a str>>;

impl<'a> Catalog<'a> {
    pub(crate) fn read(file: File<'a>, problems: &mut Vec<String>) -> Self {
        let resource = parser::parse(file.text).unwrap_or_else(|(resource, errors)| {
            let line = |at: usize| file.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            problems.extend(errors.iter().map(|error| format!("{}, line {}: {error}", file.path, line(error.pos.start))));
            resource
        });
        let mut definitions = Definitions::new();
        for entry in resource.body {
            let (id, value, attributes) = match entry {
                Entry::Message(message) => (message.id.name.to_owned(), message.value, message.attributes),
                Entry::Term(term) => (format!("-{}", term.id.name), Some(term.value), term.attributes),
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) | Entry::Junk { .. } => continue,
            };
            let attributes = attributes.into_iter().map(|attribute| (format!("{id}.{}", attribute.id.name), attribute.value));
            for (id, pattern) in value.map(|value| (id.clone(), value)).into_iter().chain(attributes) {
                if definitions.insert(id.clone(), pattern).is_some() {
                    problems.push(format!("{}: `{id}` stands twice", file.path));
                }
            }
        }
        let mut reader = Reader { definitions: &definitions, terms: BTreeSet::new() };
        let mut messages = BTreeMap::new();
        for (id, pattern) in definitions.iter().filter(|(id, _)| !id.starts_with('-')) {
            match reader.pieces(pattern, &mut vec![id.clone()]) {
                Ok(pieces) => drop(messages.insert(id.clone(), typeset(file.tag, merged(pieces)))),
                Err(what) => problems.push(format!("{}: `{id}` {what}", file.path)),
            }
        }
        let unused = definitions.keys().filter(|id| id.starts_with('-') && !reader.terms.contains(*id));
        problems.extend(unused.map(|id| format!("{}: the term `{id}` is used nowhere", file.path)));
        Self { file, messages }
    }
}

struct Reader<'a> {
    definitions: &'a Definitions<'a>,
    /// The ones that are used.
    terms: BTreeSet<String>,
}

impl Reader<'_> {
    /// The pieces of a pattern; `trail` is what it is inlined into.
    fn pieces(&mut self, pattern: &Pattern<&str>, trail: &mut Vec<String>) -> Result<Vec<Piece>, String> {
        let mut pieces = Vec::new();
        for element in &pattern.elements {
            match element {
                PatternElement::TextElement { value } if value.contains('\n') => {
                    return Err("goes over several lines: write it in one, however long".to_owned());
                }
                PatternElement::TextElement { value } => pieces.push(Piece::Text((*value).to_owned())),
                PatternElement::Placeable { expression } => pieces.extend(self.expression(expression, trail)?),
            }
        }
        Ok(pieces)
    }

    fn expression(&mut self, expression: &Expression<&str>, trail: &mut Vec<String>) -> Result<Vec<Piece>, String> {
        let (selector, variants) = match expression {
            Expression::Select { selector, variants } => (selector, variants),
            Expression::Inline(inline) => return self.inline(inline, trail),
        };
        let by = match selector {
            InlineExpression::VariableReference { id } => id.name,
            InlineExpression::FunctionReference { id, arguments } => number(id.name, arguments)?,
            _ => return Err("chooses by something that is no parameter".to_owned()),
        };
        let cases = variants.iter().map(|variant| {
            let key = match variant.key {
                VariantKey::Identifier { name } => Key::Category(name.to_owned()),
                VariantKey::NumberLiteral { value } => {
                    Key::Exactly(value.parse().map_err(|_| format!("chooses by [{value}], which is no whole number"))?)
                }
            };
            Ok(Case { key, is_default: variant.default, pieces: merged(self.pieces(&variant.value, trail)?) })
        });
        Ok(vec![Piece::Choice { by: by.to_owned(), cases: cases.collect::<Result<_, String>>()? }])
    }

    fn inline(&mut self, inline: &InlineExpression<&str>, trail: &mut Vec<String>) -> Result<Vec<Piece>, String> {
        let place = |name: &str, is_number| Ok(vec![Piece::Place { name: name.to_owned(), is_number }]);
        match inline {
            InlineExpression::StringLiteral { value } => Ok(vec![Piece::Text(unescape_unicode_to_string(value).into_owned())]),
            InlineExpression::NumberLiteral { value } => Ok(vec![Piece::Text((*value).to_owned())]),
            InlineExpression::VariableReference { id } => place(id.name, false),
            InlineExpression::FunctionReference { id, arguments } => place(number(id.name, arguments)?, true),
            InlineExpression::Placeable { expression } => self.expression(expression, trail),
            InlineExpression::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map(|attribute| format!(".{}", attribute.name));
                self.put_in(format!("{}{}", id.name, attribute.unwrap_or_default()), trail)
            }
            InlineExpression::TermReference { id, attribute: None, arguments: None } => {
                let term = format!("-{}", id.name);
                self.terms.insert(term.clone());
                self.put_in(term, trail)
            }
            InlineExpression::TermReference { id, .. } => Err(format!("uses the term `-{}` with an attribute or arguments", id.name)),
        }
    }

    /// The pieces of a definition elsewhere in the file.
    fn put_in(&mut self, id: String, trail: &mut Vec<String>) -> Result<Vec<Piece>, String> {
        let pattern = self.definitions.get(&id).ok_or_else(|| format!("uses `{id}`, which is not in this file"))?;
        if trail.contains(&id) {
            return Err(format!("uses `{id}`, which leads back to itself"));
        }
        trail.push(id);
        let pieces = self.pieces(pattern, trail);
        trail.pop();
        pieces
    }
}

/// The parameter of `NUMBER($parameter)`.
fn number<'a>(function: &str, arguments: &CallArguments<&'a str>) -> Result<&'a str, String> {
    match (function, arguments.positional.as_slice(), arguments.named.as_slice()) {
        ("NUMBER", [InlineExpression::VariableReference { id }], []) => Ok(id.name),
        _ => Err(format!("uses {function}: there is NUMBER($parameter), without options, and nothing else")),
    }
}

/// Merges consecutive texts.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (merged.last_mut(), piece) {
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => merged.push(piece),
        }
    }
    merged
}
