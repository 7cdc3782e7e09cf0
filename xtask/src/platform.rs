//! A new platform: a copy of the tests' stub under a name of its own, on every list.

use std::{fs, path::Path};

use crate::{
    arguments::{self, Arguments},
    environment::Environment,
    failure::Failure,
    files::{in_file, make, write},
    process::run,
    progress::say,
};

/// What is copied, and where to.
const COPIES: [(&str, &str); 13] = [
    ("tests/tests/e2e/stub/platform.rs", "shared/src/providers/stub.rs"),
    ("shared/src/providers/facebook/words.rs", "shared/src/providers/stub/words.rs"),
    ("shared/src/providers/facebook/words/messages.rs", "shared/src/providers/stub/words/messages.rs"),
    ("shared/src/providers/facebook/words/en.ftl", "shared/src/providers/stub/words/en.ftl"),
    ("shared/src/providers/facebook/words/de.ftl", "shared/src/providers/stub/words/de.ftl"),
    ("shared/src/providers/facebook/words/es.ftl", "shared/src/providers/stub/words/es.ftl"),
    ("shared/src/providers/facebook/words/fr.ftl", "shared/src/providers/stub/words/fr.ftl"),
    ("shared/src/providers/facebook/words/pt-BR.ftl", "shared/src/providers/stub/words/pt-BR.ftl"),
    ("functions/facebook-login/Cargo.toml", "functions/stub-login/Cargo.toml"),
    ("tests/tests/e2e/stub/login.rs", "functions/stub-login/src/main.rs"),
    ("functions/facebook-callback/Cargo.toml", "functions/stub-callback/Cargo.toml"),
    ("tests/tests/e2e/stub/callback.rs", "functions/stub-callback/src/main.rs"),
    ("tests/tests/e2e/stub/linked.rs", "tests/tests/e2e/stub.rs"),
];

/// What the stack and the description of the API have of it.
const STACK: &str = "tests/tests/e2e/stub/template.yaml";
const API: &str = "tests/tests/e2e/stub/openapi.yaml";

/// Where it is put on a list: the file, what stands there once, and what comes behind that.
const LISTS: [(&str, &str, &str); 10] = [
    ("shared/src/providers.rs", "pub mod shopify;\n", "pub mod stub;\n"),
    ("shared/src/providers.rs", "&whatsapp::PLATFORM", ", &stub::STUB"),
    ("shared/src/providers.rs", "&whatsapp::REGISTRATION", ", &stub::REGISTRATION"),
    (
        "Cargo.toml",
        "function = \"whatsapp-callback\" }]\n",
        "\"/stub/login\" = [{ method = \"GET\", function = \"stub-login\" }]\n\
         \"/stub/callback\" = [{ method = \"GET\", function = \"stub-callback\" }]\n",
    ),
    ("tests/tests/e2e/main.rs", "mod stories;\n", "mod stub;\n"),
    ("template.yaml", "                FacebookCallbackRoute,", "\n                StubLoginRoute, StubCallbackRoute,"),
    ("template.yaml", "SourceArn: !Sub [\"${Api}/GET/whatsapp/callback\", *api] } }\n\n", STACK),
    ("docs/openapi.yaml", "The flow at WhatsApp, if enabled.\n", "  - name: stub\n    description: The flow at Stub, if enabled.\n"),
    ("docs/openapi.yaml", "\npaths:\n", API),
    (
        "docs/openapi.yaml",
        "        notice: { type: object, description: \"What the last disconnect did; told once.\" }\n",
        "        boxes:\n          type: array\n          items: { type: object, required: [box_id, name, status, messaging_ready] }\n",
    ),
];

/// Copies the stub.
pub(crate) fn platform(environment: &mut Environment, arguments: Arguments) -> Result<(), Failure> {
    let name = arguments::word(arguments)?.ok_or("what is the platform called? ./dev platform NAME")?;
    if !(2..=20).contains(&name.len()) || !name.bytes().all(|letter| letter.is_ascii_lowercase()) {
        return Err("a platform's name has 2 to 20 lowercase letters".into());
    }
    let made = |to: &str| to.replace("stub", &name);
    if let Some((_, to)) = COPIES.iter().find(|(_, to)| Path::new(&made(to)).exists()) {
        return Err(format!("{} exists", made(to)).into());
    }
    for (from, to) in COPIES {
        let (text, to) = (copied(&read(from)?, to, &name), made(to));
        make(Path::new(&to).parent().unwrap_or(Path::new(".")))?;
        write(&to, text)?;
        say(&to);
    }
    for (file, place, addition) in LISTS {
        let addition = if [STACK, API].contains(&addition) { read(addition)? } else { addition.to_owned() };
        let text =
            listed(&read(file)?, place, &renamed(&addition, "stub", &name)).ok_or_else(|| format!("{file} has not one {place:?}"))?;
        write(file, text)?;
        say(file);
    }
    run(&mut environment.cargo(["fmt", "--all"]))
}

fn read(file: &str) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| in_file(Path::new(file), &error))
}

/// A file's text as it is in its copy at `to`.
fn copied(text: &str, to: &str, name: &str) -> String {
    let text = renamed(&renamed(text, "stub", name), "facebook", name);
    if to.contains("/words") {
        let accounts = [("pages", "boxes"), ("Pages", "Boxes"), ("PAGES", "BOXES"), ("Page", "Box")];
        return accounts.iter().fold(text, |text, (page, of_stub)| text.replace(page, of_stub));
    }
    if to.starts_with("shared/") {
        // Its words are its own, not another's.
        return text.replace("shared::", "crate::").replace("pub(crate) ", "pub ").replace("words: words::", "words: &words::");
    }
    text.replace(&format!("crate::{name}::platform"), &format!("shared::providers::{name}"))
}

/// Another name, however it is written.
fn renamed(text: &str, from: &str, to: &str) -> String {
    let title = |name: &str| name.split_at_checked(1).map_or_else(String::new, |(first, rest)| first.to_uppercase() + rest);
    text.replace(from, to).replace(&title(from), &title(to)).replace(&from.to_uppercase(), &to.to_uppercase())
}

/// With an addition behind a place that there is once.
fn listed(text: &str, place: &str, addition: &str) -> Option<String> {
    let (before, behind) = text.split_once(place)?;
    (!behind.contains(place)).then(|| [before, place, addition, behind].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(file: &str) -> String {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        fs::read_to_string(project.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    #[test]
    fn all_that_is_copied_is_there_and_loses_its_name() {
        for (from, to) in COPIES {
            let copy = copied(&project(from), to, "pigeon").to_lowercase();
            assert!(!copy.contains("stub") && !copy.contains("facebook"), "{from}");
            if let Some(function) = to.strip_prefix("functions/").and_then(|to| to.strip_suffix("/Cargo.toml")) {
                assert!(copy.contains(&format!("name = \"{}\"", function.replace("stub", "pigeon"))), "{from}");
            }
        }
    }

    #[test]
    fn each_list_has_one_place_for_it() {
        for (file, place, _) in LISTS {
            assert!(listed(&project(file), place, "").is_some(), "{file}: {place:?}");
        }
        assert_eq!(listed("a b", "a", "c").as_deref(), Some("ac b"));
        assert_eq!(listed("a a", "a", "c"), None);
    }
}
