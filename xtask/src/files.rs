//! What lies in the project's folders.

use std::{fs, io, path::Path};

use crate::failure::Failure;

/// Every function, by its name: a folder below `functions/` is its package, with one binary.
pub(crate) fn functions() -> Result<Vec<String>, Failure> {
    packages(Path::new("functions"))
}

fn packages(folder: &Path) -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| in_file(folder, &error))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// A file's content, if it is there.
pub(crate) fn content(file: impl AsRef<Path>) -> Option<Vec<u8>> {
    fs::read(file).ok()
}

/// Takes a folder away with all that is in it, if it is there.
pub(crate) fn remove(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(in_file(folder, &error)),
        _ => Ok(()),
    }
}

/// Makes a folder, and those around it.
pub(crate) fn make(folder: impl AsRef<Path>) -> Result<(), Failure> {
    fs::create_dir_all(&folder).map_err(|error| in_file(folder.as_ref(), &error))
}

/// Copies a file, or a folder with all that is in it and all that links in it lead to.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop).map_err(|error| in_file(from, &error));
    }
    make(to)?;
    for entry in fs::read_dir(from).map_err(|error| in_file(from, &error))? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Writes a file.
pub(crate) fn write(file: impl AsRef<Path>, content: impl AsRef<[u8]>) -> Result<(), Failure> {
    fs::write(&file, content).map_err(|error| in_file(file.as_ref(), &error))
}

/// What is wrong with a file.
pub(crate) fn in_file(file: &Path, error: &io::Error) -> Failure {
    Failure::Told(format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn every_function_is_deployed() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let template = fs::read_to_string(project.join("template.yaml")).unwrap();
        let mut deployed: Vec<_> = template.lines().filter_map(|line| line.trim().strip_prefix("CodeUri: functions/")).collect();
        deployed.sort_unstable();
        assert_eq!(packages(&project.join("functions")).unwrap(), deployed);
    }

    #[test]
    fn a_copy_has_what_links_lead_to() {
        let folder = std::env::temp_dir().join(format!("xtask-copy-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        make(from.join("function")).unwrap();
        write(folder.join("binary"), "it").unwrap();
        fs::set_permissions(folder.join("binary"), fs::Permissions::from_mode(0o755)).unwrap();
        symlink(folder.join("binary"), from.join("function/bootstrap")).unwrap();
        copy(&from, &to).unwrap();
        let copied = to.join("function/bootstrap").symlink_metadata().unwrap();
        assert!(copied.is_file() && copied.permissions().mode() & 0o111 != 0);
        remove(&folder).unwrap();
        remove(&folder).unwrap();
    }
}
