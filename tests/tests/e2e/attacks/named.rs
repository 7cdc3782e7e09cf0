//! What docs/security.md and docs/counterparts.md say of tests is true: a property that names a test is worth nothing once there is no such test.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use e2e::template::project_dir;

/// The functions, tests that a macro makes, and modules of the project's own code: by name, in which files, with the comments above.
#[derive(Default)]
struct Code(BTreeMap<String, Vec<(PathBuf, String)>>);

#[test]
fn every_test_that_the_documents_name_exists() {
    let code = Code::read();
    for document in ["docs/security.md", "docs/counterparts.md"] {
        let text = document_text(document);
        let names: Vec<&str> = text.split('`').filter(|quoted| is_test(quoted)).collect();
        assert!(names.len() > 10, "{document}: {names:?}");
        for name in names {
            assert!(code.comment(name).is_some(), "{document} names {name}, which there is not");
        }
    }
}

#[test]
fn every_test_of_an_attack_names_the_case() {
    let code = Code::read();
    let text = document_text("docs/counterparts.md");
    let lists = text.split("\n## ").find(|section| section.starts_with("Attack lists")).unwrap();
    let mut cited = 0;
    for row in lists.lines().filter(|line| line.starts_with("| WSTG-") || line.starts_with("| RFC 9700")) {
        let sources = sources(row.split('|').nth(1).unwrap());
        assert!(!sources.is_empty(), "{row}");
        for name in row.split('`').filter(|quoted| is_test(quoted)) {
            let comment = code.comment(name).unwrap_or_default();
            for source in &sources {
                assert!(cites(comment, source), "{name} does not name {source}");
                cited += 1;
            }
        }
    }
    assert!(cited > 40, "{cited}");
}

fn document_text(name: &str) -> String {
    std::fs::read_to_string(project_dir().join(name)).unwrap()
}

/// `WSTG-SESS-01 …`, `RFC 9700, 4.2, 4.3 …`.
fn sources(case: &str) -> Vec<String> {
    let words = || case.split([' ', ',', ':']).filter(|word| !word.is_empty());
    let sections = words().filter(|word| word.strip_prefix("4.").is_some_and(|part| part.parse::<u8>().is_ok()));
    words()
        .filter(|word| word.starts_with("WSTG-"))
        .map(str::to_owned)
        .chain(sections.map(|number| format!("RFC 9700 section {number}")))
        .collect()
}

/// Not 4.1 for 4.10.
fn cites(comment: &str, source: &str) -> bool {
    comment.split(source).skip(1).any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit()))
}

fn is_test(quoted: &str) -> bool {
    let word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_/".contains(&byte))
    };
    quoted.contains("::") && quoted.split("::").all(word)
}

impl Code {
    fn read() -> Self {
        let mut code = Self::default();
        for folder in ["functions", "shared/src", "tests/src", "tests/tests"] {
            code.collect(&project_dir().join(folder));
        }
        code
    }

    /// The comment above a test, if it is there: one of `e2e/FILE::…` in that file of `tests/tests`, any other by its name alone.
    fn comment(&self, name: &str) -> Option<&str> {
        let (place, function) = name.rsplit_once("::")?;
        let found = self.0.get(function)?;
        let file = place.starts_with("e2e/").then(|| project_dir().join("tests/tests").join(place.replace("::", "/")).with_extension("rs"));
        let is_there = |path: &Path| file.as_ref().is_none_or(|file| path == file);
        found.iter().find(|(path, _)| is_there(path)).map(|(_, comment)| comment.as_str())
    }

    fn collect(&mut self, folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.collect(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                self.read_file(&path);
            }
        }
    }

    fn read_file(&mut self, path: &Path) {
        let mut comment = String::new();
        for line in std::fs::read_to_string(path).unwrap().lines().map(str::trim) {
            if line.starts_with("///") {
                comment.push_str(line);
                continue;
            }
            if let Some(name) = named(line) {
                self.0.entry(name.to_owned()).or_default().push((path.to_owned(), comment.clone()));
            }
            if !line.starts_with("#[") {
                comment.clear();
            }
        }
    }
}

/// The name that a line declares: `fn name(`, `mod name;`, or `name: 7,` in a row of tests that a macro makes, each with its number.
fn named(line: &str) -> Option<&str> {
    let declared = line.split_once("fn ").or_else(|| line.split_once("mod ")).map(|(_, rest)| rest);
    let numbered = || line.strip_suffix(',')?.split_once(": ").filter(|(_, value)| value.parse::<u64>().is_ok()).map(|(name, _)| name);
    let name = declared.or_else(numbered)?.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next()?;
    (!name.is_empty()).then_some(name)
}
