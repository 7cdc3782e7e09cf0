//! Throws changed input at whatever reads what comes from outside, and looks at what comes of it. Any stable toolchain runs it.
//!
//! There is no instrumentation: what guides it is what a target says about an input. One that is answered in a way not seen before is kept and changed further. All chance
//! comes from one number, so a run can be repeated. What made a target fail is cut down and saved in `tests/fuzz/TARGET/`, and from then on tried before anything else.

mod mutate;
mod targets;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand::seq::IndexedRandom as _;

use crate::template::project_dir;

pub use targets::TARGETS;

/// Inputs that are kept to be changed further.
const CORPUS: usize = 512;
/// Longer ones only cost time.
const LONGEST: usize = 4096;

/// Something that reads input from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Words that mean something to it.
    pub words: &'static [&'static str],
    /// Tries an input. Panics when what comes of it is wrong; otherwise says in a word or two what it was.
    pub run: fn(&[u8]) -> String,
}

/// How long to go on.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// So many inputs.
    Runs(u64),
    /// So much time.
    Time(Duration),
}

/// What a run came to.
#[derive(Debug)]
pub struct Figures {
    /// Inputs tried.
    pub runs: u64,
    /// How often each answer was given.
    pub answers: BTreeMap<String, u64>,
}

/// An input that made a target fail.
#[derive(Debug)]
pub struct Failure {
    /// The input, cut down.
    pub input: Vec<u8>,
    /// What the target said.
    pub message: String,
}

/// Fuzzes one target.
///
/// # Errors
/// The first input that made it fail.
pub fn fuzz(target: &Target, seed: u64, limit: Limit) -> Result<Figures, Failure> {
    let mut chance = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut figures = Figures { runs: 0, answers: BTreeMap::new() };
    let mut corpus = (target.seeds)();
    for input in saved(&folder(target)).into_iter().chain(corpus.clone()) {
        let answer = attempt(target, &input)?;
        *figures.answers.entry(answer).or_default() += 1;
        figures.runs += 1;
    }
    let begun = Instant::now();
    while match limit {
        Limit::Runs(runs) => figures.runs < runs,
        Limit::Time(time) => begun.elapsed() < time,
    } {
        let mut input = corpus.choose(&mut chance).cloned().unwrap_or_default();
        mutate::mutate(&mut input, &mut chance, &corpus, target.words);
        input.truncate(LONGEST);
        let answer = attempt(target, &input)?;
        let known = figures.answers.entry(answer).or_default();
        *known += 1;
        if known.is_power_of_two() && *known <= 16 && corpus.len() < CORPUS {
            corpus.push(input);
        }
        figures.runs += 1;
    }
    Ok(figures)
}

/// Saves what made a target fail; returns where.
///
/// # Errors
/// When it can't be written.
pub fn save(target: &Target, failure: &Failure) -> std::io::Result<PathBuf> {
    let folder = folder(target);
    std::fs::create_dir_all(&folder)?;
    let name = failure.input.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let path = folder.join(format!("{name:016x}"));
    std::fs::write(&path, &failure.input)?;
    Ok(path)
}

fn attempt(target: &Target, input: &[u8]) -> Result<String, Failure> {
    tried(target, input).map_err(|_| {
        let input = cut_down(target, input.to_vec());
        let message = tried(target, &input).err().unwrap_or_default();
        Failure { input, message }
    })
}

fn tried(target: &Target, input: &[u8]) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(|| (target.run)(input))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned())).unwrap_or_default()
    })
}

/// The shortest input found that still fails: parts are left out, half of it first, single bytes at last.
fn cut_down(target: &Target, mut input: Vec<u8>) -> Vec<u8> {
    let mut part = input.len() / 2;
    while part > 0 {
        let mut at = 0;
        while at + part <= input.len() {
            let shorter = [&input[..at], &input[at + part..]].concat();
            if tried(target, &shorter).is_err() { input = shorter } else { at += part }
        }
        part /= 2;
    }
    input
}

fn folder(target: &Target) -> PathBuf {
    project_dir().join("tests/fuzz").join(target.name)
}

fn saved(folder: &Path) -> Vec<Vec<u8>> {
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = files.filter_map(|file| Some(file.ok()?.path())).collect();
    paths.sort();
    paths.iter().filter_map(|path| std::fs::read(path).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails on one word, which no seed has.
    const PLANTED: Target = Target {
        name: "planted",
        seeds: || vec![b"user=7&x".to_vec()],
        words: &["admin", "="],
        run: |input| {
            assert!(!input.windows(6).any(|part| part == b"admin="), "planted");
            if input.contains(&b'&') { "two".to_owned() } else { "one".to_owned() }
        },
    };

    #[test]
    fn a_planted_mistake_is_found_and_cut_down() {
        let failure = fuzz(&PLANTED, 1, Limit::Runs(200_000)).expect_err("it is there");
        assert_eq!((failure.input.as_slice(), failure.message.as_str()), (b"admin=".as_slice(), "planted"));
    }

    #[test]
    fn the_same_number_makes_the_same_run() {
        let run = || fuzz(&TARGETS[0], 7, Limit::Runs(300)).expect("nothing is wrong").answers;
        assert_eq!(run(), run());
    }
}
