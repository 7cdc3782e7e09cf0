//! Compiles word files in Fluent syntax (<https://projectfluent.org>) to Rust when the library is
//! built: a message without parameters becomes a constant, one with parameters a function. Nothing
//! is parsed at run time, and unused messages are left out.
//!
//! The first file is the reference. If another one lacks messages, has extra ones or uses other
//! parameters, an error says so in words a translator understands, with the file and the message.

mod check;
mod read;
mod rust;
mod typography;

use read::Catalog;

/// A word file.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name in error messages.
    pub path: &'a str,
    /// The language's tag (RFC 5646).
    pub tag: &'a str,
    /// The language's variant in Rust, which has the methods `plural` and `number`.
    pub variant: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// Returns a Rust module for each file.
///
/// # Errors
/// All problems, one per line.
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
