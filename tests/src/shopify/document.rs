//! Reads a GraphQL document into selections, variables already filled in. A subset: one operation or the one named,
//! fields with aliases and arguments, fragments; no directives.

use std::collections::HashMap;

use serde_json::{Map, Number, Value};

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
pub(super) fn parse(text: &str, name: Option<&str>, variables: &Value) -> Result<Operation, String> {
    let mut parser = Parser { tokens: tokenize(text)?, position: 0, variables, defaults: Map::new() };
    let mut operations = Vec::new();
    let mut fragments = HashMap::new();
    while parser.position < parser.tokens.len() {
        if parser.peek_is("fragment") {
            parser.position += 1;
            let name = parser.name()?;
            parser.expect("on")?;
            let on = parser.name()?;
            fragments.insert(name, Selection::On(Some(on), parser.selections()?));
        } else {
            operations.push(parser.operation()?);
        }
    }
    let wanted = |(known, ..): &(Option<String>, bool, Vec<Selection>)| name.is_none() || known.as_deref() == name;
    let mut found = operations.into_iter().filter(wanted);
    match (found.next(), found.next()) {
        (Some((_, is_mutation, selections)), None) => Ok(Operation { is_mutation, selections, fragments }),
        (None, _) => Err("There is no such operation".to_owned()),
        _ => Err("An operation name is required".to_owned()),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A name or a punctuator.
    Word(String),
    Number(String),
    Text(String),
}

fn tokenize(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |character: char| character == '_' || character.is_ascii_alphanumeric();
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => {
                let end = rest[1..].find('"').ok_or("syntax error: a string has no end")? + 1;
                tokens.push(Token::Text(rest[1..end].to_owned()));
                end + 1
            }
            '-' | '0'..='9' => {
                let end = rest[1..].find(|c: char| !(c == '.' || c.is_ascii_digit())).map_or(rest.len(), |end| end + 1);
                tokens.push(Token::Number(rest[..end].to_owned()));
                end
            }
            _ if is_word(first) => {
                let end = rest.find(|character| !is_word(character)).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..end].to_owned()));
                end
            }
            _ if rest.starts_with("...") => {
                tokens.push(Token::Word("...".to_owned()));
                3
            }
            _ if "!$():=[]{}".contains(first) => {
                tokens.push(Token::Word(first.to_string()));
                1
            }
            _ if first == ',' || first.is_whitespace() => first.len_utf8(),
            _ => return Err(format!("syntax error, unexpected {first:?}")),
        };
        rest = &rest[length..];
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: Vec<Token>,
    position: usize,
    variables: &'a Value,
    defaults: Map<String, Value>,
}

impl Parser<'_> {
    fn operation(&mut self) -> Result<(Option<String>, bool, Vec<Selection>), String> {
        if self.peek_is("{") {
            return Ok((None, false, self.selections()?));
        }
        let is_mutation = match &*self.name()? {
            "query" => false,
            "mutation" => true,
            other => return Err(format!("syntax error, unexpected {other:?}")),
        };
        let name = if self.peek_is("(") || self.peek_is("{") { None } else { Some(self.name()?) };
        if self.take("(") {
            while !self.take(")") {
                self.definition()?;
            }
        }
        Ok((name, is_mutation, self.selections()?))
    }

    /// `$name: Type! = default`
    fn definition(&mut self) -> Result<(), String> {
        self.expect("$")?;
        let name = self.name()?;
        self.expect(":")?;
        while self.take("[") {}
        self.name()?;
        let mut required = self.take("!");
        while self.take("]") {
            required = self.take("!");
        }
        if self.take("=") {
            let default = self.value()?;
            self.defaults.insert(name.clone(), default);
            required = false;
        }
        if required && self.variables.get(&name).is_none_or(Value::is_null) {
            return Err(format!("Variable ${name} of required type was provided invalid value"));
        }
        Ok(())
    }

    fn selections(&mut self) -> Result<Vec<Selection>, String> {
        self.expect("{")?;
        let mut selections = Vec::new();
        while !self.take("}") {
            selections.push(self.selection()?);
        }
        Ok(selections)
    }

    fn selection(&mut self) -> Result<Selection, String> {
        if self.take("...") {
            return if self.take("on") {
                let on = self.name()?;
                Ok(Selection::On(Some(on), self.selections()?))
            } else if self.peek_is("{") {
                Ok(Selection::On(None, self.selections()?))
            } else {
                Ok(Selection::Spread(self.name()?))
            };
        }
        let key = self.name()?;
        let name = if self.take(":") { self.name()? } else { key.clone() };
        let mut arguments = Map::new();
        if self.take("(") {
            while !self.take(")") {
                let argument = self.name()?;
                self.expect(":")?;
                let value = self.value()?;
                arguments.insert(argument, value);
            }
        }
        let selections = if self.peek_is("{") { self.selections()? } else { Vec::new() };
        Ok(Selection::Field(Field { key, name, arguments, selections }))
    }

    fn value(&mut self) -> Result<Value, String> {
        match self.next()? {
            Token::Text(text) => Ok(Value::String(text)),
            Token::Number(text) => text
                .parse::<i64>()
                .map(Value::from)
                .ok()
                .or_else(|| text.parse().ok().and_then(Number::from_f64).map(Value::Number))
                .ok_or_else(|| format!("syntax error, unexpected {text:?}")),
            Token::Word(word) => match &*word {
                "$" => {
                    let name = self.name()?;
                    let given = self.variables.get(&name).or_else(|| self.defaults.get(&name));
                    Ok(given.cloned().unwrap_or_default())
                }
                "[" => {
                    let mut list = Vec::new();
                    while !self.take("]") {
                        list.push(self.value()?);
                    }
                    Ok(Value::Array(list))
                }
                "{" => {
                    let mut object = Map::new();
                    while !self.take("}") {
                        let name = self.name()?;
                        self.expect(":")?;
                        let value = self.value()?;
                        object.insert(name, value);
                    }
                    Ok(Value::Object(object))
                }
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                "null" => Ok(Value::Null),
                // An enum's value.
                _ => Ok(Value::String(word)),
            },
        }
    }

    fn next(&mut self) -> Result<Token, String> {
        let token = self.tokens.get(self.position).cloned().ok_or("syntax error, unexpected end of file")?;
        self.position += 1;
        Ok(token)
    }

    fn name(&mut self) -> Result<String, String> {
        match self.next()? {
            Token::Word(word) if word.starts_with(|c: char| c == '_' || c.is_ascii_alphabetic()) => Ok(word),
            other => Err(format!("syntax error, unexpected {other:?}")),
        }
    }

    fn peek_is(&self, word: &str) -> bool {
        matches!(self.tokens.get(self.position), Some(Token::Word(next)) if next == word)
    }

    fn take(&mut self, word: &str) -> bool {
        let taken = self.peek_is(word);
        self.position += usize::from(taken);
        taken
    }

    fn expect(&mut self, word: &str) -> Result<(), String> {
        if self.take(word) { Ok(()) } else { Err(format!("syntax error, expected {word:?}")) }
    }
}
