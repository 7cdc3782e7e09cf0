//! The map: a Mermaid diagram and, below it, the modules that everyone may import.

use std::collections::BTreeSet;

use super::{
    graph::{imports, reach},
    tree::Arrow,
};

pub(crate) struct Map {
    arrows: Vec<Arrow>,
    leaves: BTreeSet<String>,
}

impl Map {
    /// Reads the first diagram of `document`, and the names below it that "know none of them".
    pub(crate) fn read(document: &str) -> Self {
        let (_, rest) = document.split_once("```mermaid\n").expect("a diagram");
        let (diagram, below) = rest.split_once("```").expect("the diagram's end");
        let (leaves, _) = below.split_once("know none of them").expect("what may be used by all");
        let mut arrows = Vec::new();
        for line in diagram.lines().filter(|line| line.contains("-->")) {
            let steps: Vec<Vec<&str>> = line.split("-->").map(|step| step.split(" & ").map(name).collect()).collect();
            for pair in steps.windows(2) {
                let ends = pair[0].iter().flat_map(|from| pair[1].iter().map(move |to| (from, to)));
                arrows.extend(ends.map(|(from, to)| arrow(from, to)));
            }
        }
        Self { arrows, leaves: leaves.split('`').skip(1).step_by(2).map(str::to_owned).collect() }
    }

    /// What the map omits from `real`, what it invents, and what it draws needlessly.
    pub(crate) fn mistakes(&self, real: &[Arrow]) -> Vec<String> {
        let drawn = imports(&self.arrows);
        let concealed = real.iter().filter(|arrow| !self.leaves.contains(&arrow.to));
        let concealed = concealed.filter(|arrow| !reach(&drawn, &arrow.from).contains(arrow.to.as_str()));
        let concealed = concealed.map(|Arrow { from, to, file, line, .. }| format!("{from} -> {to} is not on the map ({file}:{line})"));
        let invented = self.arrows.iter().filter(|drawn| !real.iter().any(|arrow| arrow.from == drawn.from && arrow.to == drawn.to));
        let invented = invented.map(|Arrow { from, to, .. }| format!("{from} -> {to} is on the map and nowhere else"));
        let around = |drawn: &Arrow| {
            let is_other = |arrow: &&Arrow| (&arrow.from, &arrow.to) != (&drawn.from, &drawn.to);
            reach(&imports(self.arrows.iter().filter(is_other)), &drawn.from).contains(drawn.to.as_str())
        };
        let shown_twice = self.arrows.iter().filter(|drawn| around(drawn));
        let shown_twice = shown_twice.map(|Arrow { from, to, .. }| format!("{from} -> {to} is shown by a longer way"));
        concealed.chain(invented).chain(shown_twice).collect()
    }
}

/// `flow` from `flow["what it is"]`.
fn name(step: &str) -> &str {
    step.trim().split('[').next().unwrap_or_default()
}

fn arrow(from: &str, to: &str) -> Arrow {
    Arrow { from: from.to_owned(), to: to.to_owned(), file: String::new(), line: 0, name: String::new() }
}
