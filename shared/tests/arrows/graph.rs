//! Circles among arrows.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Arrow, is_within};

/// Modules that all lead to each other.
pub(crate) type Circle = BTreeSet<String>;

/// Each circle with all modules that lie in it.
pub(crate) fn circles(arrows: &[Arrow]) -> BTreeSet<Circle> {
    let reached: BTreeMap<&str, _> = arrows.iter().map(|arrow| (arrow.from.as_str(), reach(arrows, &arrow.from))).collect();
    let leads_back = |from: &str, to: &String| reached.get(to.as_str()).is_some_and(|reached| reached.contains(from));
    let circles = reached.iter().map(|(from, to)| to.iter().filter(|to| leads_back(from, to)).cloned().collect());
    circles.filter(|circle: &Circle| !circle.is_empty()).collect()
}

/// Everything that arrows lead to from `from`.
pub(crate) fn reach(arrows: &[Arrow], from: &str) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![from];
    while let Some(from) = open.pop() {
        open.extend(arrows.iter().filter(|arrow| arrow.from == from && reached.insert(arrow.to.clone())).map(|arrow| arrow.to.as_str()));
    }
    reached
}

/// The arrows between the children of `folder`, each with all that is below it, and `folder`'s own
/// file.
pub(crate) fn between_children(arrows: &[Arrow], folder: &str) -> Vec<Arrow> {
    let child = |module: &str| {
        let below = module.strip_prefix(folder)?.strip_prefix("::").unwrap_or_default();
        let name = below.split("::").next().filter(|name| !name.is_empty());
        Some(name.map_or_else(|| folder.to_owned(), |name| format!("{folder}::{name}")))
    };
    let inside = arrows.iter().filter(|arrow| is_within(&arrow.from, folder) && is_within(&arrow.to, folder));
    let moved = inside.filter_map(|arrow| Some(Arrow { from: child(&arrow.from)?, to: child(&arrow.to)?, ..arrow.clone() }));
    moved.filter(|arrow| arrow.from != arrow.to).collect()
}

/// Each import that a circle consists of.
pub(crate) fn told(circle: &Circle, arrows: &[Arrow]) -> String {
    let inside = arrows.iter().filter(|arrow| circle.contains(&arrow.from) && circle.contains(&arrow.to));
    let lines = inside.map(|Arrow { from, to, file, line, name }| format!("  {file}:{line}: {from} -> {to} ({name})\n"));
    format!("a circle of {}:\n{}", circle.len(), lines.collect::<String>())
}
