//! `.local`: what the local run keeps. Git ignores it; secrets in it are readable by their owner alone.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use crate::settings::{Variables, fresh_credentials};

const CREDENTIALS: &str = "credentials.env";

pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn open(path: PathBuf) -> Result<Self, String> {
        fs::create_dir_all(&path).map_err(|error| format!("{} can't be made: {error}", path.display()))?;
        Ok(Self(path))
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The credentials of the local apps and the service's own secrets: made once, since what is encrypted with them
    /// is kept too.
    pub(super) fn credentials(&self) -> Result<Variables, String> {
        let path = self.path(CREDENTIALS);
        let mut known = match fs::read_to_string(&path) {
            Ok(text) => text.lines().filter_map(|line| line.split_once('=')).map(owned).collect(),
            Err(error) if error.kind() == ErrorKind::NotFound => Variables::new(),
            Err(error) => return Err(format!("{} can't be read: {error}", path.display())),
        };
        let wanted = fresh_credentials();
        if wanted.keys().all(|name| known.contains_key(name)) {
            return Ok(known);
        }
        for (name, value) in wanted {
            known.entry(name).or_insert(value);
        }
        self.write(CREDENTIALS, known.iter().map(|(name, value)| format!("{name}={value}\n")).collect())?;
        Ok(known)
    }

    /// Writes the variables in the form that `cargo lambda` reads: it refuses `=` and quotes in a bare value.
    pub(super) fn write_env_file(&self, name: &str, variables: &Variables) -> Result<PathBuf, String> {
        let line = |(name, value): (&String, &String)| {
            let quote = ['\'', '"', '`'].into_iter().find(|&quote| !value.contains(quote));
            let quote = quote.ok_or_else(|| format!("The value of {name} mixes all kinds of quotes; use another."))?;
            Ok(format!("{name}={quote}{value}{quote}\n"))
        };
        self.write(name, variables.iter().map(line).collect::<Result<_, String>>()?)
    }

    /// Writes a file that only the owner can read.
    pub(super) fn write(&self, name: &str, text: String) -> Result<PathBuf, String> {
        let path = self.path(name);
        write_private(&path, &text).map_err(|error| format!("{} can't be written: {error}", path.display()))?;
        Ok(path)
    }
}

/// By way of a new file: the mode counts only where a file is made, and nobody sees half of it.
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(text.as_bytes())?;
    fs::rename(new, path)
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::settings::variables;

    #[test]
    fn credentials_are_made_once_and_private() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Folder::open(folder.path().join(".local")).unwrap();
        let first = folder.credentials().unwrap();
        assert_eq!(folder.credentials().unwrap(), first);
        let mode = fs::metadata(folder.path(CREDENTIALS)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_credential_that_came_later_is_added() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Folder::open(folder.path().join(".local")).unwrap();
        folder.write(CREDENTIALS, "FACEBOOK_APP_ID=1234567890123456\n".to_owned()).unwrap();
        let credentials = folder.credentials().unwrap();
        assert_eq!(credentials["FACEBOOK_APP_ID"], "1234567890123456");
        assert!(credentials.contains_key("STATE_TOKEN_SECRET"));
    }

    #[test]
    fn values_are_quoted_with_what_they_do_not_hold() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Folder::open(folder.path().to_owned()).unwrap();
        let variables = variables([("A", "k1:x=".to_owned()), ("B", "it's".to_owned())]);
        let path = folder.write_env_file("f.env", &variables).unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "A='k1:x='\nB=\"it's\"\n");
    }
}
