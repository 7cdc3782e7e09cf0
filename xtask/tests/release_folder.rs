//! `dev` in the folder of a release: it needs no Rust, and makes and changes the secrets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here is a failed test"
)]

use std::{
    collections::BTreeMap,
    env, fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const KEYS: &str = "TOKEN_ENCRYPTION_KEYS";
const ALL: [&str; 5] = ["FACEBOOK_APP_SECRET", "META_VERIFY_TOKEN", "SHOPIFY_API_SECRET", "STATE_TOKEN_SECRET", KEYS];

/// A folder as `./dev release` makes it, with a Cargo on the path that must not be called.
struct Release {
    folder: PathBuf,
}

struct Said {
    code: Option<i32>,
    text: String,
}

impl Release {
    fn new(name: &str) -> Self {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _before = fs::remove_dir_all(&folder);
        for inside in ["operations", "bin", "x86_64", "arm64"] {
            fs::create_dir_all(folder.join(inside)).unwrap();
        }
        for file in ["dev", "operations/change_secrets.py"] {
            fs::copy(project.join(file), folder.join(file)).unwrap();
        }
        for program in ["bin/cargo", "x86_64/operator", "arm64/operator"] {
            fs::write(folder.join(program), "#!/bin/sh\necho called >&2\nexit 97\n").unwrap();
            fs::set_permissions(folder.join(program), fs::Permissions::from_mode(0o755)).unwrap();
        }
        Self { folder }
    }

    fn dev(&self, arguments: &[&str], entered: &str) -> Said {
        let path = [self.folder.join("bin")].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap())).collect::<Vec<_>>();
        let mut command = Command::new(self.folder.join("dev"));
        command.args(arguments).env("PATH", env::join_paths(path).unwrap());
        let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Most of them read nothing.
        let _closed = running.stdin.take().unwrap().write_all(entered.as_bytes());
        let done = running.wait_with_output().unwrap();
        let text = String::from_utf8([done.stdout, done.stderr].concat()).unwrap();
        assert!(!text.contains("called"), "{arguments:?}: {text}");
        Said { code: done.status.code(), text }
    }

    fn file(&self) -> PathBuf {
        self.folder.join(".local/secrets.json")
    }

    fn values(&self) -> BTreeMap<String, String> {
        let text = fs::read_to_string(self.file()).unwrap();
        let lines = text.lines().filter_map(|line| line.trim().trim_end_matches(',').split_once(": "));
        lines.map(|(name, value)| (name.trim_matches('"').to_owned(), value.trim_matches('"').to_owned())).collect()
    }

    /// Does a step that succeeds; returns what there is afterwards.
    fn step(&self, step: &str, name: &str, entered: &str) -> BTreeMap<String, String> {
        let said = self.dev(&if name.is_empty() { vec!["secrets", step] } else { vec!["secrets", step, name] }, entered);
        assert_eq!(said.code, Some(0), "{step} {name}: {}", said.text);
        let values = self.values();
        for secret in values.values().flat_map(|value| value.split(',')).filter(|secret| !secret.is_empty()) {
            assert!(!said.text.contains(secret.rsplit(':').next().unwrap()), "{step} {name} printed a secret");
        }
        assert_eq!(self.file().metadata().unwrap().permissions().mode() & 0o777, 0o600);
        values
    }

    /// Tries a step that is refused, and changes nothing.
    fn refused(&self, arguments: &[&str], why: &str) {
        let before = fs::read(self.file()).ok();
        let said = self.dev(&[&["secrets"], arguments].concat(), "");
        assert_eq!(said.code, Some(1), "{arguments:?}: {}", said.text);
        assert!(said.text.contains(why), "{arguments:?}: {}", said.text);
        assert_eq!(fs::read(self.file()).ok(), before);
    }
}

/// With fresh secrets, unless there is no Python here.
fn with_secrets(name: &str) -> Option<(Release, BTreeMap<String, String>)> {
    if Command::new("python3").arg("--version").output().is_err() {
        assert!(env::var_os("DEV_WHOLE").is_none(), "there is no Python 3");
        return None;
    }
    let release = Release::new(name);
    let values = release.step("new", "", "");
    Some((release, values))
}

#[test]
fn nothing_in_it_calls_rust() {
    let release = Release::new("no-rust");
    assert!(release.dev(&[], "").text.contains("./dev accept aws STACK"));
    assert_eq!(release.dev(&["help"], "").code, Some(0));
    for refused in [&["run"][..], &["test"], &["accept", "shopify"]] {
        let said = release.dev(refused, "");
        assert!(said.code == Some(1) && said.text.contains("this folder is a release"), "{refused:?}: {}", said.text);
    }
    assert_eq!(release.dev(&["operator"], "").code, Some(0));
    assert!(release.folder.join(".local/tools/bin/operator").metadata().unwrap().permissions().mode() & 0o111 != 0);
    let said = release.dev(&["accept", "aws"], "");
    assert!(said.code == Some(1) && said.text.contains("usage: ./dev accept aws STACK"), "{}", said.text);
}

#[test]
fn new_secrets_are_made_once() {
    let Some((release, values)) = with_secrets("new") else { return };
    assert_eq!(values.keys().collect::<Vec<_>>(), ALL);
    assert!(values["SHOPIFY_API_SECRET"].is_empty() && values["FACEBOOK_APP_SECRET"].is_empty());
    assert!(values["STATE_TOKEN_SECRET"].len() >= 64 && values["META_VERIFY_TOKEN"].len() >= 43);
    assert!(values[KEYS].starts_with("k1:"));
    release.refused(&[], "is there already; move it away first");
    release.refused(&["new"], "is there already; move it away first");
}

#[test]
fn a_call_that_means_nothing_is_refused() {
    let Some((release, _)) = with_secrets("usage") else { return };
    for wrong in [&["next"][..], &["renew", KEYS], &["swap", ""], &["new", KEYS], &["next", KEYS, KEYS]] {
        release.refused(wrong, "usage: ./dev secrets [next|swap|drop NAME]");
    }
    release.refused(&["next", "SECRET"], "has no SECRET");
    release.refused(&["next", "STATE_TOKEN_SECRET_PREVIOUS"], "has no STATE_TOKEN_SECRET_PREVIOUS");
    fs::remove_file(release.file()).unwrap();
    release.refused(&["next", KEYS], "docs/operations.md says how to get it");
}

#[test]
fn keys_are_replaced_in_three_steps() {
    let Some((release, first)) = with_secrets("keys") else { return };
    for early in ["swap", "drop"] {
        release.refused(&[early, KEYS], "there is one key only; begin with next");
    }
    let next = release.step("next", KEYS, "")[KEYS].clone();
    let (old, new) = next.split_once(',').unwrap();
    assert!(old == first[KEYS] && new.starts_with("k2:") && new.len() == old.len());
    let swapped = release.step("swap", KEYS, "");
    assert_eq!(swapped[KEYS], format!("{new},{old}"));
    let dropped = release.step("drop", KEYS, "");
    assert_eq!(dropped[KEYS], new);
    assert!(release.step("next", KEYS, "")[KEYS].contains(",k3:"));
}

#[test]
fn a_secret_of_ours_is_replaced_in_three_steps() {
    let (name, previous) = ("STATE_TOKEN_SECRET", "STATE_TOKEN_SECRET_PREVIOUS");
    let Some((release, first)) = with_secrets("ours") else { return };
    for early in ["swap", "drop"] {
        release.refused(&[early, name], "begin with next");
    }
    let next = release.step("next", name, "");
    assert!(next[name] == first[name] && next[previous] != first[name] && next[previous].len() >= 64);
    release.refused(&["next", name], "finish that replacement with drop");
    let swapped = release.step("swap", name, "");
    assert!(swapped[name] == next[previous] && swapped[previous] == first[name]);
    let dropped = release.step("drop", name, "");
    assert!(dropped[name] == next[previous] && !dropped.contains_key(previous));
}

#[test]
fn a_providers_new_secret_is_entered() {
    let (name, previous) = ("SHOPIFY_API_SECRET", "SHOPIFY_API_SECRET_PREVIOUS");
    let Some((release, _)) = with_secrets("entered") else { return };
    release.refused(&["next", name], "nothing was entered");
    assert_eq!(release.step("next", name, " shpss_new \n")[previous], "shpss_new");
    assert_eq!(release.step("swap", name, "")[name], "shpss_new");
    assert_eq!(release.step("drop", name, "").keys().collect::<Vec<_>>(), ALL);
}

#[test]
fn a_secret_that_may_be_missing_begins_with_its_first_one() {
    let (name, previous) = ("WHATSAPP_APP_SECRET", "WHATSAPP_APP_SECRET_PREVIOUS");
    let Some((release, _)) = with_secrets("optional") else { return };
    release.refused(&["swap", name], "has no WHATSAPP_APP_SECRET");
    let first = release.step("next", name, "first\n");
    assert!(first[name] == "first" && !first.contains_key(previous));
    assert_eq!(release.step("next", name, "second\n")[previous], "second");
    assert_eq!(release.step("swap", name, "")[name], "second");
    assert!(!release.step("drop", name, "").contains_key(previous));
}

#[test]
fn the_verify_token_is_renewed_at_once() {
    let name = "META_VERIFY_TOKEN";
    let Some((release, first)) = with_secrets("verify") else { return };
    release.refused(&["swap", name], "there is nothing to swap");
    assert_ne!(release.step("next", name, "")[name], first[name]);
    assert!(!release.step("drop", name, "").contains_key(name));
    release.refused(&["drop", name], "has no META_VERIFY_TOKEN");
    // A file from an earlier version has none.
    assert!(release.step("next", name, "")[name].len() >= 43);
}
