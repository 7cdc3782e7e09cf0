//! Generates Rust from the messages of a file.

use crate::check::parameters;
use crate::read::{Case, Catalog, Key, Piece};

/// The module of a file. Parameters are ordered by name, since the order in the text is up to the
/// translator.
pub(crate) fn module(reference: &Catalog<'_>, catalog: &Catalog<'_>) -> String {
    let writer = Writer { language: format!("crate::texts::Language::{}", catalog.file.variant) };
    let mut items = String::new();
    let mut group = "";
    for (id, wanted) in &reference.messages {
        let Some(pieces) = catalog.messages.get(id) else { continue };
        // Attributes of a message are adjacent: the map is sorted.
        let (message, attribute) = id.split_once('.').map_or(("", id.as_str()), |(message, attribute)| (message, attribute));
        if message != group {
            items.push_str(if group.is_empty() { "" } else { "}\n" });
            if !message.is_empty() {
                items.push_str(&format!("pub(crate) mod {} {{\n", snake_case(message)));
            }
            group = message;
        }
        items.push_str(&writer.item(attribute, wanted, pieces));
    }
    items.push_str(if group.is_empty() { "" } else { "}\n" });
    format!("pub(crate) mod {} {{\n{items}}}\n", snake_case(catalog.file.tag))
}

/// Whether a message is one of a fixed set of texts.
pub(crate) fn is_fixed(pieces: &[Piece]) -> bool {
    match pieces {
        [Piece::Text(_)] => true,
        [Piece::Choice { cases, .. }] => cases.iter().all(|case| is_fixed(&case.pieces)),
        _ => false,
    }
}

fn snake_case(id: &str) -> String {
    id.replace('-', "_").to_lowercase()
}

struct Writer {
    language: String,
}

impl Writer {
    fn item(&self, id: &str, wanted: &[Piece], pieces: &[Piece]) -> String {
        let name = snake_case(id);
        let here = parameters(pieces);
        let parameters: Vec<String> = parameters(wanted)
            .into_iter()
            .map(|(parameter, of)| {
                let unused = if here.contains_key(parameter) { "" } else { "_" };
                format!("{unused}{}: {}", snake_case(parameter), if of.is_number { "usize" } else { "&str" })
            })
            .collect();
        let parameters = parameters.join(", ");
        if !is_fixed(wanted) {
            return format!("pub(crate) fn {name}({parameters}) -> String {{ {} }}\n", self.made(wanted, pieces));
        }
        match pieces {
            [Piece::Text(text)] if parameters.is_empty() => format!("pub(crate) const {}: &str = {text:?};\n", name.to_uppercase()),
            _ => format!("pub(crate) fn {name}({parameters}) -> &'static str {{ {} }}\n", self.fixed(pieces)),
        }
    }

    /// An expression of the type `&'static str`.
    fn fixed(&self, pieces: &[Piece]) -> String {
        match pieces {
            [Piece::Text(text)] => format!("{text:?}"),
            [Piece::Choice { by, cases }] => self.choice(by, cases, &|pieces| self.fixed(pieces)),
            _ => String::new(),
        }
    }

    /// An expression of the type `String`.
    fn made(&self, wanted: &[Piece], pieces: &[Piece]) -> String {
        if let [Piece::Choice { by, cases }] = pieces {
            return self.choice(by, cases, &|pieces| self.made(wanted, pieces));
        }
        let numbers = parameters(wanted);
        let parts: Vec<String> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => format!("{text:?}"),
                Piece::Place { name, .. } if numbers.get(name.as_str()).is_some_and(|parameter| parameter.is_number) => {
                    format!("{}.number({}).as_str()", self.language, snake_case(name))
                }
                Piece::Place { name, .. } => snake_case(name),
                Piece::Choice { .. } => format!("({}).as_str()", self.made(wanted, std::slice::from_ref(piece))),
            })
            .collect();
        format!("[{}].concat()", parts.join(", "))
    }

    fn choice(&self, by: &str, cases: &[Case], text: &dyn Fn(&[Piece]) -> String) -> String {
        let by = snake_case(by);
        let (mut exact, mut plural, mut other) = (String::new(), String::new(), String::new());
        for case in cases {
            let text = text(&case.pieces);
            match &case.key {
                Key::Exactly(number) => exact.push_str(&format!("{number} => {text}, ")),
                Key::Category(category) if category == "other" => other = text,
                Key::Category(category) => {
                    let initial = category.get(..1).unwrap_or_default().to_uppercase();
                    plural.push_str(&format!("crate::texts::Plural::{initial}{} => {text}, ", category.get(1..).unwrap_or_default()));
                }
            }
        }
        if !plural.is_empty() {
            other = format!("match {}.plural({by}) {{ {plural}_ => {other} }}", self.language);
        }
        if exact.is_empty() { other } else { format!("match {by} {{ {exact}_ => {other} }}") }
    }
}
