//! The placeholders of one request: each name and each value has one.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

use super::attribute::Path;

/// Names and values that expressions refer to.
#[derive(Default)]
pub(super) struct Expressions {
    names: HashMap<String, String>,
    values: HashMap<String, AttributeValue>,
}

impl Expressions {
    /// The placeholder of an attribute, or of an entry of one.
    pub(super) fn path(&mut self, path: &Path) -> String {
        let name = self.name(&path.name);
        match &path.entry {
            Some(entry) => format!("{name}.{}", self.name(entry)),
            None => name,
        }
    }

    /// The placeholder of a value.
    pub(super) fn value(&mut self, value: AttributeValue) -> String {
        let placeholder = format!(":v{}", self.values.len());
        self.values.insert(placeholder.clone(), value);
        placeholder
    }

    /// As a request has them: none where there are none.
    pub(super) fn into_parts(self) -> (Option<HashMap<String, String>>, Option<HashMap<String, AttributeValue>>) {
        let Self { names, values } = self;
        ((!names.is_empty()).then_some(names), (!values.is_empty()).then_some(values))
    }

    /// What is made as the service runs, such as a hash, may have any letters, and gets a number.
    fn name(&mut self, name: &str) -> String {
        let is_plain = name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let placeholder = if is_plain {
            format!("#{name}")
        } else {
            let known = self.names.iter().find(|(_, known)| *known == name).map(|(placeholder, _)| placeholder.clone());
            known.unwrap_or_else(|| format!("#n{}", self.names.len()))
        };
        self.names.insert(placeholder.clone(), name.to_owned());
        placeholder
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::attribute::{Attribute, Named as _},
        *,
    };

    #[test]
    fn a_name_has_one_placeholder_however_often_it_is_used() {
        const SESSIONS: Attribute<u64> = Attribute::named("sessions");
        let mut expressions = Expressions::default();
        let (one, other) = (SESSIONS.entry::<u64>("a-1").path(), SESSIONS.entry::<u64>("B_2").path());
        assert_eq!(expressions.path(&one), "#sessions.#n1");
        assert_eq!(expressions.path(&other), "#sessions.#n2");
        assert_eq!(expressions.path(&one), "#sessions.#n1");
        let (names, values) = expressions.into_parts();
        let mut names: Vec<_> = names.unwrap().into_iter().collect();
        names.sort();
        let named = |placeholder: &str, name: &str| (placeholder.to_owned(), name.to_owned());
        assert_eq!(names, [named("#n1", "a-1"), named("#n2", "B_2"), named("#sessions", "sessions")]);
        assert!(values.is_none());
    }
}
