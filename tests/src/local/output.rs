//! What `cargo lambda watch`, the functions and the bot write: from the start into a file, and to the terminal once there is an address to open. Until then nobody at the terminal asked
//! for it, unless the start fails.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};

use super::folder::Folder;

/// So many lines say why something failed: a compiler's error and what is around it.
const LAST: usize = 60;

/// `cargo lambda watch` sets the variable for functions that take several events at once, and the runtime of ours, which take one after the other, warns of it in each.
const NOISE: &str = "AWS_LAMBDA_MAX_CONCURRENCY is set";

/// Where the lines go.
#[derive(Clone)]
pub(super) struct Output {
    path: PathBuf,
    file: Arc<Mutex<File>>,
    is_shown: Arc<AtomicBool>,
}

impl Output {
    /// A fresh file of this name.
    pub(super) fn start(folder: &Folder, name: &str) -> Result<Self, String> {
        let path = folder.write(name, String::new())?;
        let file = File::options().append(true).open(&path).map_err(|error| format!("{} can't be written: {error}", path.display()))?;
        Ok(Self { path, file: Arc::new(Mutex::new(file)), is_shown: Arc::default() })
    }

    /// The file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes the lines of a stream until it ends, each behind a mark.
    pub(super) async fn follow(self, mark: &str, stream: impl AsyncRead + Unpin) {
        let mut lines = BufReader::new(stream).split(b'\n');
        while let Ok(Some(line)) = lines.next_segment().await {
            self.take(&format!("{mark}{}", String::from_utf8_lossy(&line)));
        }
    }

    /// Takes one line.
    pub(super) fn take(&self, line: &str) {
        if line.contains(NOISE) {
            return;
        }
        // A full disk or a terminal that is gone must not stop the functions.
        let _ = writeln!(self.file.lock().unwrap_or_else(PoisonError::into_inner), "{line}");
        if self.is_shown.load(Ordering::Relaxed) {
            let _ = writeln!(std::io::stdout(), "{line}");
        }
    }

    /// From now on the terminal shows them too.
    pub(super) fn show(&self) {
        self.is_shown.store(true, Ordering::Relaxed);
    }

    /// A problem, with the last lines in front of it where the terminal has not shown them.
    pub(super) fn explain(&self, problem: &str) -> String {
        if self.is_shown.load(Ordering::Relaxed) {
            return problem.to_owned();
        }
        let text = fs::read(&self.path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let last = lines.get(lines.len().saturating_sub(LAST)..).unwrap_or_default().join("\n");
        format!("{last}\n\n{problem}\nThe lines above are the end of {}.", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_kept_from_the_start_and_the_last_of_them_explain_a_failure() {
        let folder = tempfile::tempdir().unwrap();
        let output = Output::start(&Folder::open(folder.path().to_owned()).unwrap(), "functions.log").unwrap();
        let written: String = (0..100).map(|number| format!("line {number}\n")).collect();
        output.clone().follow("", written.as_bytes()).await;
        output.clone().follow("bot: ", format!("{{\"message\":\"{NOISE} to '1'\"}}\n\u{fffd}no text\n").as_bytes()).await;
        let kept = fs::read_to_string(output.path()).unwrap();
        assert_eq!((kept.lines().count(), kept.contains(NOISE)), (101, false));
        let explained = output.explain("It failed.");
        assert!(explained.starts_with("line 41\n") && explained.contains("bot: \u{fffd}no text\n\nIt failed.\n"), "{explained}");
        output.show();
        assert_eq!(output.explain("It failed."), "It failed.", "the terminal has them already");
    }
}
