//! Fixed layers: what must never import what, even if that would be no cycle.

use super::tree::{Arrow, is_within};

/// Nothing within `from` imports anything within `never`, except within `but`. Whatever is within
/// the narrower of `from` and `never` may import itself. `*` stands for each module of a folder.
pub(crate) struct Step {
    pub(crate) from: &'static str,
    pub(crate) never: &'static str,
    pub(crate) but: &'static [&'static str],
}

impl Step {
    fn is_missed_by(&self, arrow: &Arrow) -> bool {
        let from = match self.from.strip_suffix("::*") {
            Some(folder) => match child(&arrow.from, folder) {
                Some(child) => child,
                None => return false,
            },
            None => self.from,
        };
        let own = if is_within(from, self.never) { from } else { self.never };
        is_within(&arrow.from, from)
            && is_within(&arrow.to, self.never)
            && !(is_within(&arrow.from, own) && is_within(&arrow.to, own))
            && !self.but.iter().any(|but| is_within(&arrow.to, but))
    }
}

/// The child of `folder` that `module` is, or is in.
fn child<'a>(module: &'a str, folder: &str) -> Option<&'a str> {
    let name = module.strip_prefix(folder)?.strip_prefix("::")?.split("::").next()?;
    module.get(..folder.len() + "::".len() + name.len())
}

/// Each import that violates a layer.
pub(crate) fn missteps(steps: &[Step], arrows: &[Arrow]) -> Vec<String> {
    let missed = steps.iter().flat_map(|step| arrows.iter().filter(|arrow| step.is_missed_by(arrow)).map(move |arrow| (step, arrow)));
    let told = missed.map(|(step, Arrow { from, to, file, line, name })| {
        format!("{file}:{line}: {from} -> {to} ({name}), but {} never imports of {}", step.from, step.never)
    });
    told.collect()
}
