//! The documents against what exists: links, commands, codes, variables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use e2e::template::{Template, project_dir};
use shared::Code;

/// What the README may weigh, so that a newcomer reads it.
const LARGEST_README: usize = 11 * 1024;

/// What configuration.md calls the functions.
const SHORT: [(&str, &str); 12] = [
    ("SL", "shopify-login"),
    ("SC", "shopify-callback"),
    ("SW", "shopify-webhooks"),
    ("FL", "facebook-login"),
    ("FC", "facebook-callback"),
    ("LC", "facebook-lifecycle"),
    ("WL", "whatsapp-login"),
    ("WC", "whatsapp-callback"),
    ("MW", "meta-webhooks"),
    ("CO", "connections"),
    ("CT", "connection-tokens"),
    ("TK", "token-keeper"),
];

fn text(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(project_dir().join(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.as_ref().display()))
}

/// Every page, by its path from the project's folder.
fn pages() -> Vec<PathBuf> {
    let of = |folder: &str| {
        let entries = std::fs::read_dir(project_dir().join(folder)).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name()).filter(|name| name.to_string_lossy().ends_with(".md"));
        names.map(|name| Path::new(folder).join(name)).collect::<Vec<_>>()
    };
    [of(""), of("docs")].concat()
}

/// The anchors of a page's headings, as GitHub makes them.
pub(super) fn anchors(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter_map(|line| line.strip_prefix('#')).map(|line| line.trim_start_matches('#').trim());
    let kept = |sign: &char| sign.is_alphanumeric() || matches!(sign, ' ' | '-' | '_');
    headings.map(|heading| heading.chars().filter(kept).collect::<String>().to_lowercase().replace(' ', "-")).collect()
}

/// A page without its blocks of code, where brackets mean other things.
fn prose(page: &str) -> String {
    page.split("```").step_by(2).collect()
}

/// The cells of the rows of a page's tables whose first cell is code, and no heading.
fn rows(page: &str) -> Vec<Vec<String>> {
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |"));
    rows.map(|row| row.split(" | ").map(str::to_owned).collect()).collect()
}

#[test]
fn every_link_leads_to_what_exists() {
    let mut broken = Vec::new();
    for page in pages() {
        for target in prose(&text(&page)).split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let there = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let exists = project_dir().join(&there).exists();
            let is_page = there.extension().is_some_and(|kind| kind == "md");
            if !exists || (is_page && !anchor.is_empty() && !anchors(&text(&there)).contains(anchor)) {
                broken.push(format!("{}: {target}", page.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_command_of_the_project_exists() {
    // The table that both help and dispatch of `./dev` are made of.
    let table = text("xtask/src/commands.rs");
    let names = table.lines().filter_map(|line| line.trim().strip_prefix("name: \"")?.strip_suffix("\","));
    let known: BTreeSet<_> = names.chain(["help"]).collect();
    assert!(known.contains("run") && known.contains("test"), "{known:?}");
    // The changelog tells of what there was.
    for page in pages().into_iter().filter(|page| page != Path::new("CHANGELOG.md")) {
        for name in text(&page).split("./dev ").skip(1) {
            let name = name.split(|sign: char| !sign.is_ascii_lowercase()).next().unwrap_or_default();
            assert!(known.contains(name), "{}: ./dev {name}", page.display());
        }
    }
}

/// What `./dev contributor` proves by running it, as far as it shows without a build.
#[test]
fn the_way_to_add_a_platform_leads_past_what_exists() {
    let page = text("CONTRIBUTING.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Adding a platform\n")).unwrap();
    let commands: Vec<&str> = section.split("```sh\n").skip(1).flat_map(|rest| rest.split("```").next().unwrap().lines()).collect();
    assert_eq!(commands[0], "./dev platform pigeon");
    // What that makes of the stub, by the name that it has there.
    let (made, stub) = (text("xtask/src/platform.rs"), |name: &str| name.replace("pigeon", "stub"));
    let is_made = |path: &str| made.contains(&format!("{}\"", stub(path))) || made.contains(&format!("{}/", stub(path)));
    for command in commands.iter().map(|command| command.trim()).filter(|command| command.starts_with("cargo ")) {
        let words: Vec<&str> = command.split(' ').collect();
        let packages = words.windows(2).filter(|pair| pair[0] == "-p").map(|pair| pair[1]);
        for package in packages {
            assert!(project_dir().join(package).join("Cargo.toml").exists(), "{command}");
        }
    }
    let prose = prose(section);
    for path in prose.split('`').skip(1).step_by(2).filter(|code| code.contains('/') && !code.contains([' ', '.']) || code.ends_with(".rs"))
    {
        let exists = project_dir().join(path).exists() || is_made(path);
        assert!(exists || project_dir().join("shared/src").join(path).exists(), "{path}");
    }
}

#[test]
fn the_readme_can_be_read_at_a_sitting() {
    let length = text("README.md").len();
    assert!(length <= LARGEST_README, "{length} bytes");
}

#[test]
fn the_table_of_errors_has_each_code_with_its_status() {
    let rows = rows(&text("docs/errors.md"));
    let told = rows.iter().filter_map(|row| Some((row.first()?.parse::<u16>().ok()?, row.get(1)?.split('`').nth(1)?.to_owned())));
    let mut told: Vec<_> = told.collect();
    told.sort();
    // What only a direct invocation is refused with has no page.
    let codes = Code::ALL.into_iter().filter(|code| *code != Code::InvalidRequest);
    let mut known: Vec<_> = codes.map(|code| (code.status(), code.as_str().to_owned())).collect();
    known.sort();
    assert_eq!(told, known);
}

/// Who gets a variable is the template's to say; what the functions read of it is proven beside
/// this.
#[test]
fn the_table_of_variables_is_the_templates() {
    let rows = rows(&text("docs/configuration.md"));
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.len() == 4 && row[0].starts_with('`')) {
        let of = |name: &str| SHORT.iter().find(|(short, _)| *short == name).unwrap_or_else(|| panic!("{}: {name}", row[0])).1.to_owned();
        let users: BTreeSet<String> = match row[2].as_str() {
            "All" => SHORT.iter().map(|(_, function)| (*function).to_owned()).collect(),
            names if names.split(' ').all(|name| SHORT.iter().any(|(short, _)| *short == name)) => names.split(' ').map(of).collect(),
            _ => continue,
        };
        told.extend(row[0].split('`').skip(1).step_by(2).map(|name| (name.to_owned(), users.clone())));
    }
    let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (function, variables) in Template::load().environments() {
        for variable in variables.into_keys().filter(|name| name != "SSL_CERT_FILE") {
            given.entry(variable).or_default().insert(function.clone());
        }
    }
    for (variable, functions) in given {
        assert_eq!(told.get(&variable), Some(&functions), "{variable}");
    }
}
