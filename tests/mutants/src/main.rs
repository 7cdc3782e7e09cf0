//! `switches LIST TREE LEFT_OUT`: rewrites the sources of TREE so that each mutant of LIST (`cargo mutants --list --json`) is behind a switch, and prints the numbers of those
//! that can't be. One build then serves all of them: `MUTANT=7` makes a process run the seventh. LEFT_OUT is a JSON list of numbers to leave alone.

mod find;
mod render;

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::Path,
};

use serde::Deserialize;

/// A mutant as cargo-mutants lists it.
#[derive(Clone, Debug, Deserialize)]
struct Mutant {
    file: String,
    genre: String,
    replacement: String,
    span: Span,
    #[serde(skip)]
    number: usize,
    #[serde(skip)]
    placed: bool,
}

#[derive(Clone, Debug, Deserialize)]
struct Span {
    start: Place,
}

/// Both count from 1.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [list, tree, left_out] = arguments.as_slice() else { return Err("usage: switches LIST TREE LEFT_OUT".into()) };
    let left_out: BTreeSet<usize> = serde_json::from_str(&fs::read_to_string(left_out)?)?;
    let list: Vec<Mutant> = serde_json::from_str(&fs::read_to_string(list)?)?;

    let mut files: BTreeMap<String, Vec<Mutant>> = BTreeMap::new();
    for (index, mutant) in list.into_iter().enumerate() {
        let mutant = Mutant { number: index + 1, ..mutant };
        if !left_out.contains(&mutant.number) {
            files.entry(mutant.file.clone()).or_default().push(mutant);
        }
    }
    let mut impossible = Vec::new();
    for (file, mutants) in files {
        let path = Path::new(tree).join(&file);
        let source = fs::read_to_string(&path)?;
        let (regions, mutants) = find::regions(&source, mutants).map_err(|error| format!("{file}: {error}"))?;
        fs::write(&path, render::file(&source, regions))?;
        impossible.extend(mutants.iter().filter(|mutant| !mutant.placed).map(|mutant| mutant.number));
    }
    println!("{}", serde_json::to_string(&impossible)?);
    Ok(())
}
