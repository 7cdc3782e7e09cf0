//! Turns files of words in Fluent's syntax (<https://projectfluent.org>) into Rust, when the
//! library is built: a message without parameters becomes a constant, one with parameters a
//! function. Nothing is parsed when a function runs, and what no page says is left out.
//!
//! The first file is the reference. What another one lacks, has too many or fills otherwise is
//! told in words that a translator understands, with the file and the message.

mod check;
mod read;
mod rust;
mod typography;

use read::Catalog;

/// A file of words.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// What problems call it.
    pub path: &'a str,
    /// The language's tag (RFC 5646).
    pub tag: &'a str,
    /// The language's variant in Rust, which has the methods `plural` and `number`.
    pub variant: &'a str,
    /// What stands in it.
    pub text: &'a str,
}

/// A module of Rust for each file.
///
/// # Errors
/// All that is wrong, one thing a line.
pub fn compile(files: &[File<'_>]) -> Result<String, Vec<String>> {
    let mut problems = Vec::new();
    let catalogs: Vec<Catalog<'_>> = files.iter().map(|file| Catalog::read(*file, &mut problems)).collect();
    let Some((reference, others)) = catalogs.split_first() else { return Ok(String::new()) };
    catalogs.iter().for_each(|catalog| check::choices(catalog, &mut problems));
    others.iter().for_each(|other| check::agrees(reference, other, &mut problems));
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(catalogs.iter().map(|catalog| rust::module(reference, catalog)).collect())
}

#[cfg(test)]
mod tests;
