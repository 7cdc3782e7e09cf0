//! Writes the sources with their switches. A switch stands in a line of its own, so that an error of the compiler leads to its number.

use std::{cmp::Reverse, ops::Range};

use crate::find::{Change, Choice, Region};

/// A whole file.
pub(crate) fn file(source: &str, mut regions: Vec<Region>) -> String {
    regions.sort_by_key(|region| (region.range.start, Reverse(region.range.end), region.depth));
    part(source, 0..source.len(), &regions)
}

/// The regions are those in `range`, an outer one before those in it.
fn part(source: &str, range: Range<usize>, mut regions: &[Region]) -> String {
    let (mut text, mut at) = (String::new(), range.start);
    while let [region, rest @ ..] = regions {
        let inner = rest.iter().take_while(|other| other.range.start < region.range.end).count();
        let (inner, rest) = rest.split_at(inner);
        text.push_str(&source[at..region.range.start]);
        text.push_str(&changed(&region.change, &part(source, region.range.clone(), inner)));
        (at, regions) = (region.range.end, rest);
    }
    text + &source[at..range.end]
}

fn changed(change: &Change, original: &str) -> String {
    match change {
        Change::Body(choices) => {
            let returns: String = choices.iter().map(|(number, value)| format!("if {} {{ return {value}; }}\n", switch(*number))).collect();
            format!("{{\n{returns}{}", original.strip_prefix('{').unwrap_or(original))
        }
        Change::Expression(choices) => choice(choices, original),
        Change::Arm { guards, deleted, guarded } => {
            let kept: Vec<String> = deleted.iter().map(|number| format!("!{}\n", switch(*number))).collect();
            match (guarded, kept.is_empty()) {
                (false, _) => format!(" if {}", kept.join(" && ")),
                (true, true) => choice(guards, original),
                (true, false) => format!("{} && {}", kept.join(" && "), choice(guards, original)),
            }
        }
        Change::Nothing => String::new(),
    }
}

fn choice(choices: &[Choice], original: &str) -> String {
    let others: String = choices.iter().map(|(number, text)| format!("if {} {{\n{text}\n}} else ", switch(*number))).collect();
    format!("({others}{{ {original} }})")
}

fn switch(number: usize) -> String {
    format!("crate::switches::on({number})")
}
