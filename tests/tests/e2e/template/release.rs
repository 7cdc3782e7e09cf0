//! The folder from which a stack is deployed without a build.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::template::{Template, project_dir};
use sha2::{Digest as _, Sha256};

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+1a2b3c4");

/// What stands in for binaries. Where and when they were written is different each time.
fn binaries(folder: &Path) {
    for name in functions().into_iter().chain(["operator".to_owned()]) {
        std::fs::create_dir_all(folder.join(&name)).unwrap();
        std::fs::write(folder.join(&name).join("bootstrap"), name.repeat(100)).unwrap();
    }
}

fn functions() -> Vec<String> {
    Template::load().environments().into_keys().collect()
}

/// Who has none makes no release, and every deployment needs one.
fn has_python() -> bool {
    Command::new("python3").arg("--version").output().is_ok()
}

/// Every file by its path, with its bytes and whether it can be run.
fn files(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, bool)> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let runs = path.metadata().unwrap().permissions().mode() & 0o111 != 0;
            found.insert(path.strip_prefix(folder).unwrap().to_owned(), (std::fs::read(&path).unwrap(), runs));
        }
    }
    found
}

/// A release of what stands in for binaries, and of what else is in it.
fn released(release: &str) -> Result<BTreeMap<PathBuf, (Vec<u8>, bool)>, String> {
    let folder = tempfile::tempdir().unwrap();
    binaries(folder.path());
    let dist = folder.path().join("dist");
    let mut command = Command::new("python3");
    command.arg("-B").arg(project_dir().join(".ci/package.py")).arg(&dist).args([VERSION, release]);
    command.args(["arm64", "x86_64"].map(|architecture| format!("{architecture}={}", folder.path().display())));
    let done = command.env("SOURCE_DATE_EPOCH", "1790000000").output().unwrap();
    if done.status.success() { Ok(files(&dist)) } else { Err(String::from_utf8_lossy(&done.stderr).into_owned()) }
}

fn sum(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_release_has_what_its_templates_point_at_and_the_same_bytes_each_time() {
    if !has_python() {
        return;
    }
    let found = released("Unreleased").unwrap();
    assert!(found == released("Unreleased").unwrap(), "a second release of the same has other bytes");
    let text = |name: &str| String::from_utf8(found[Path::new(name)].0.clone()).unwrap();

    for (template, architecture) in [("template.yaml", "arm64"), ("template-x86_64.yaml", "x86_64")] {
        let template = text(template);
        let code: Vec<&str> = template.lines().filter_map(|line| line.trim().strip_prefix("CodeUri: ")).collect();
        assert_eq!(code.len(), functions().len());
        for path in code {
            let zip = &found[Path::new(path.strip_prefix("./").unwrap())].0;
            assert!(path.starts_with(&format!("./{architecture}/")), "{path}");
            // The first entry's name, behind its header of 30 bytes; its time is the format's first.
            assert_eq!((&zip[..4], &zip[10..14], &zip[30..39]), (&b"PK\x03\x04"[..], &[0, 0, 0x21, 0][..], &b"bootstrap"[..]), "{path}");
        }
        assert!(template.contains(&format!("    Default: {architecture}\n    AllowedValues: [{architecture}]\n")));
        assert!(template.contains(&format!(" Value: {VERSION} }}\n")));
    }

    let sums: BTreeMap<PathBuf, String> = text("SHA256SUMS")
        .lines()
        .map(|line| line.split_once("  ").unwrap())
        .map(|(sum, path)| (PathBuf::from(path), sum.to_owned()))
        .collect();
    let others = found.iter().filter(|(path, _)| *path != Path::new("SHA256SUMS"));
    assert_eq!(sums, others.map(|(path, (bytes, _))| (path.clone(), sum(bytes))).collect());

    let runs: Vec<&Path> = found.iter().filter(|(_, (_, runs))| *runs).map(|(path, _)| path.as_path()).collect();
    assert!(runs.contains(&Path::new("dev")), "{runs:?}");
    for needed in [
        "adopt.yaml",
        "front.yaml",
        "samconfig.toml",
        "stack-policy.json",
        "operations/accept.py",
        "operations/change_secrets.py",
        "tools/boto3.txt",
    ] {
        assert!(found.contains_key(Path::new(needed)), "{needed}");
    }
    assert!(text("RELEASE_NOTES.md").starts_with("# messenger-link Unreleased\n\n### "));
}

#[test]
fn a_bill_of_materials_has_every_package_of_the_binaries_and_each_binary() {
    if !has_python() {
        return;
    }
    let found = released("Unreleased").unwrap();
    let bill: serde_json::Value = serde_json::from_slice(&found[Path::new("sbom.cdx.json")].0).unwrap();
    assert_eq!((&bill["bomFormat"], &bill["specVersion"]), (&"CycloneDX".into(), &"1.6".into()));
    let components = bill["components"].as_array().unwrap();
    let named = |name: &str| components.iter().find(|component| component["name"] == name);
    for name in ["tokio", "rustls", "aws-lc-sys", "aws-sdk-dynamodb"] {
        let component = named(name).unwrap_or_else(|| panic!("{name}"));
        assert!(component["purl"].as_str().unwrap().starts_with(&format!("pkg:cargo/{name}@")), "{component}");
        assert_eq!(component["hashes"][0]["content"].as_str().map(str::len), Some(64), "{component}");
        assert!(component["licenses"][0]["expression"].is_string(), "{component}");
    }
    // Only tests and a build script use these.
    assert!(named("dynoxide-rs").is_none() && named("fluent-syntax").is_none());
    for function in functions() {
        let binary = named(&format!("arm64/{function}")).unwrap_or_else(|| panic!("{function}"));
        assert_eq!(binary["hashes"][0]["content"], sum(function.repeat(100).as_bytes()));
    }
}

#[test]
fn a_version_that_the_changelog_does_not_tell_of_is_not_released() {
    if has_python() {
        let said = released("99.0.0").unwrap_err();
        assert!(said.contains("CHANGELOG.md has no section 99.0.0"), "{said}");
    }
}
