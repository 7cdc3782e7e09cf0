//! Names from outside, on a page.

use std::collections::HashSet;

use crate::legible::legible;

/// The name, or what is known for certain if nothing legible is left of it.
pub(super) fn or_else(name: Option<&str>, known: &str) -> String {
    name.map(legible).filter(|name| !name.is_empty()).unwrap_or_else(|| known.to_owned())
}

/// How people know something, other than by its name, if that says more.
pub(super) fn told_apart(display: Option<&str>, name: &str) -> Option<String> {
    display.filter(|display| *display != name).map(legible).filter(|display| !display.is_empty())
}

/// The names that occur more than once: those accounts need more to tell them apart.
pub(super) fn ambiguous<'a>(names: impl IntoIterator<Item = &'a str>) -> HashSet<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| !seen.insert(*name)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invisible_name_is_replaced_by_what_is_known() {
        assert_eq!(or_else(Some(" Acme\u{200b} "), "42"), "Acme");
        assert_eq!(or_else(Some("\u{200b}"), "42"), "42");
        assert_eq!(or_else(None, "42"), "42");
    }

    #[test]
    fn a_name_that_occurs_twice_is_ambiguous() {
        assert_eq!(ambiguous(["Acme", "Other", "Acme", "acme", "Acme"]), HashSet::from(["Acme".to_owned()]));
        assert!(ambiguous(["Acme", "Other"]).is_empty());
    }
}
