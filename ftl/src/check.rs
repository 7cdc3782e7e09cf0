//! Checks what a translator can get wrong: messages, parameters, plurals.

use std::collections::{BTreeMap, BTreeSet};

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules, PluralRulesOptions};

use crate::read::{Case, Catalog, Key, Piece};
use crate::rust::is_fixed;

/// How a message uses a parameter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Parameter {
    /// It is a number: a selector, or used as `NUMBER($parameter)`.
    pub(crate) is_number: bool,
    /// It appears in the text.
    pub(crate) is_placed: bool,
}

/// The parameters of a message by their names.
pub(crate) fn parameters(pieces: &[Piece]) -> BTreeMap<&str, Parameter> {
    fn collect<'a>(pieces: &'a [Piece], found: &mut BTreeMap<&'a str, Parameter>) {
        for piece in pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Place { name, is_number } => {
                    let parameter = found.entry(name).or_default();
                    parameter.is_placed = true;
                    parameter.is_number |= is_number;
                }
                Piece::Choice { by, cases } => {
                    found.entry(by).or_default().is_number = true;
                    cases.iter().for_each(|case| collect(&case.pieces, found));
                }
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(pieces, &mut found);
    found
}

/// Whether a translation has the messages of the reference, with the same parameters.
pub(crate) fn agrees(reference: &Catalog<'_>, other: &Catalog<'_>, problems: &mut Vec<String>) {
    let mut problem = |id: &str, what: String| problems.push(format!("{}: `{id}` {what}", other.file.path));
    for id in other.messages.keys().filter(|id| !reference.messages.contains_key(*id)) {
        problem(id, format!("is not in {}: take it out", reference.file.path));
    }
    for (id, wanted) in &reference.messages {
        let Some(found) = other.messages.get(id) else {
            problem(id, format!("is missing: translate it from {}", reference.file.path));
            continue;
        };
        let (parameters_wanted, parameters_found) = (parameters(wanted), parameters(found));
        for name in parameters_found.keys().filter(|name| !parameters_wanted.contains_key(*name)) {
            problem(id, format!("has a parameter {{ ${name} }} that {} does not give it", reference.file.path));
        }
        for (name, parameter) in &parameters_wanted {
            let here = parameters_found.get(name).copied().unwrap_or_default();
            if parameter.is_placed && !here.is_placed {
                problem(id, format!("lacks the parameter {{ ${name} }}"));
            }
            if here.is_number && !parameter.is_number {
                problem(id, format!("takes {{ ${name} }} for a number, which it is not"));
            }
        }
        if is_fixed(wanted) && !is_fixed(found) {
            problem(id, "may choose between whole texts, and hold no parameter".to_owned());
        }
    }
}

/// Whether each choice has the plural categories of its language.
pub(crate) fn choices(catalog: &Catalog<'_>, problems: &mut Vec<String>) {
    let Some(categories) = categories(catalog.file.tag) else {
        problems.push(format!("{}: `{}` is no language tag", catalog.file.path, catalog.file.tag));
        return;
    };
    for (id, pieces) in &catalog.messages {
        for what in each_choice(pieces).into_iter().filter_map(|cases| wrong_choice(cases, &categories)) {
            problems.push(format!("{}: `{id}` {what}", catalog.file.path));
        }
    }
}

fn each_choice(pieces: &[Piece]) -> Vec<&[Case]> {
    let mut found = Vec::new();
    for piece in pieces {
        if let Piece::Choice { cases, .. } = piece {
            found.push(cases.as_slice());
            found.extend(cases.iter().flat_map(|case| each_choice(&case.pieces)));
        }
    }
    found
}

/// A choice only by exact numbers needs just the category `other`.
fn wrong_choice(cases: &[Case], categories: &BTreeSet<&'static str>) -> Option<String> {
    let mut keys = BTreeSet::new();
    if cases.iter().any(|case| !keys.insert(&case.key)) {
        return Some("has a variant twice".to_owned());
    }
    let found: BTreeSet<&str> = cases.iter().filter_map(|case| category(&case.key)).collect();
    if let Some(unknown) = found.difference(categories).next() {
        return Some(format!("has a variant [{unknown}], which the language does not know: it knows {}", listed(categories)));
    }
    if !cases.iter().any(|case| case.is_default && category(&case.key) == Some("other")) {
        return Some("must have *[other], with the star".to_owned());
    }
    let missing: BTreeSet<&str> = categories.difference(&found).copied().collect();
    (found.len() > 1 && !missing.is_empty()).then(|| format!("lacks the variant {}", listed(&missing)))
}

fn category(key: &Key) -> Option<&str> {
    match key {
        Key::Category(name) => Some(name),
        Key::Exactly(_) => None,
    }
}

fn listed(names: &BTreeSet<&str>) -> String {
    names.iter().map(|name| format!("[{name}]")).collect::<Vec<_>>().join(", ")
}

/// The plural categories of a language (CLDR).
fn categories(tag: &str) -> Option<BTreeSet<&'static str>> {
    let locale = Locale::try_from_str(tag).ok()?;
    let rules = PluralRules::try_new((&locale).into(), PluralRulesOptions::default()).ok()?;
    let name = |category| match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    };
    Some(rules.categories().map(name).collect())
}
