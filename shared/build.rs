//! Generates Rust from each language's words: the general ones in `src/texts`, and each platform's
//! in `src/providers/*/words`. An error in one of the files fails the build.
#![allow(clippy::print_stdout, reason = "this is how a build script talks to Cargo")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io};

/// The languages by tag, with their variants of `texts::Language`. The first is the reference.
const LANGUAGES: [(&str, &str); 5] = [("en", "English"), ("de", "German"), ("es", "Spanish"), ("fr", "French"), ("pt-BR", "Portuguese")];

fn main() -> ExitCode {
    // A new platform changes this list.
    println!("cargo::rerun-if-changed=src/providers.rs");
    let problems: Vec<String> = match folders() {
        Ok(folders) => folders.iter().flat_map(|(name, folder)| compiled(name, folder).err().unwrap_or_default()).collect(),
        Err(error) => vec![format!("the folders of words can't be read: {error}")],
    };
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The folders of words, each with the name of its generated file.
fn folders() -> io::Result<Vec<(String, PathBuf)>> {
    let mut folders = vec![("texts".to_owned(), PathBuf::from("src/texts"))];
    for provider in fs::read_dir("src/providers")? {
        let provider = provider?;
        let words = provider.path().join("words");
        if words.join("en.ftl").exists() {
            folders.push((provider.file_name().to_string_lossy().into_owned(), words));
        }
    }
    Ok(folders)
}

fn compiled(name: &str, folder: &Path) -> Result<(), Vec<String>> {
    let read = LANGUAGES.map(|(tag, variant)| {
        let path = folder.join(format!("{tag}.ftl"));
        println!("cargo::rerun-if-changed={}", path.display());
        let shown = format!("shared/{}", path.display());
        let text = fs::read_to_string(&path).map_err(|error| format!("{shown}: {error}"))?;
        Ok((tag, variant, shown, text))
    });
    let missing: Vec<String> = read.iter().filter_map(|file| file.as_ref().err().cloned()).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let files = read.iter().flatten().map(|(tag, variant, path, text)| ftl::File { path, tag, variant, text });
    let rust = ftl::compile(&files.collect::<Vec<_>>())?;
    let to = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join(format!("{name}.rs"));
    fs::write(&to, rust).map_err(|error| vec![format!("{}: {error}", to.display())])
}
