//! Cycles among arrows.

use std::collections::{BTreeMap, BTreeSet};

use super::tree::{Arrow, is_within};

/// Modules that all lead to each other.
pub(crate) type Circle = BTreeSet<String>;

/// Each cycle, with all its modules.
pub(crate) fn circles(arrows: &[Arrow]) -> BTreeSet<Circle> {
    let imports = imports(arrows);
    let reached: BTreeMap<&str, _> = imports.keys().map(|from| (*from, reach(&imports, from))).collect();
    let leads_back = |from: &str, to: &str| reached.get(to).is_some_and(|reached| reached.contains(from));
    let circles = reached.iter().map(|(from, to)| to.iter().filter(|to| leads_back(from, to)).map(|to| (*to).to_owned()).collect());
    circles.filter(|circle: &Circle| !circle.is_empty()).collect()
}

/// What each module imports.
pub(crate) type Imports<'a> = BTreeMap<&'a str, Vec<&'a str>>;

pub(crate) fn imports<'a>(arrows: impl IntoIterator<Item = &'a Arrow>) -> Imports<'a> {
    let mut imports = Imports::new();
    for arrow in arrows {
        imports.entry(&arrow.from).or_default().push(&arrow.to);
    }
    imports
}

/// Everything reachable through imports from `from`.
pub(crate) fn reach<'a>(imports: &Imports<'a>, from: &str) -> BTreeSet<&'a str> {
    let next = |from: &str| imports.get(from).into_iter().flatten().copied();
    let (mut reached, mut open) = (BTreeSet::new(), next(from).collect::<Vec<_>>());
    while let Some(to) = open.pop() {
        if reached.insert(to) {
            open.extend(next(to));
        }
    }
    reached
}

/// The arrows between the children of `folder`, each with everything below it, and `folder`'s own
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

/// The imports that make up a cycle.
pub(crate) fn told(circle: &Circle, arrows: &[Arrow]) -> String {
    let inside = arrows.iter().filter(|arrow| circle.contains(&arrow.from) && circle.contains(&arrow.to));
    let lines = inside.map(|Arrow { from, to, file, line, name }| format!("  {file}:{line}: {from} -> {to} ({name})\n"));
    format!("a circle of {}:\n{}", circle.len(), lines.collect::<String>())
}
