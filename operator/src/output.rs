//! Output: tables for people, JSON for programs, and progress on a terminal.

use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::{Table, presets::NOTHING};
use serde_json::Value;
use shared::legible::legible;

/// Where it goes.
pub(crate) struct Output {
    is_json: bool,
    has_progress: bool,
}

impl Output {
    pub(crate) const fn new(is_json: bool) -> Self {
        Self { is_json, has_progress: false }
    }

    pub(crate) const fn is_json(&self) -> bool {
        self.is_json
    }

    /// Prints a line; a closed pipe is ignored.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) {
        self.clear_progress();
        let _closed = writeln!(io::stdout(), "{}", text.as_ref());
    }

    /// Prints JSON for programs.
    pub(crate) fn json(&mut self, value: &Value) {
        self.line(format!("{value:#}"));
    }

    /// Prints columns below their titles.
    pub(crate) fn table<const N: usize>(&mut self, titles: [&str; N], rows: impl IntoIterator<Item = [String; N]>) {
        self.line(table(titles, rows));
    }

    /// Prints a problem, or a remark outside the answer.
    pub(crate) fn complain(&mut self, text: impl AsRef<str>) {
        self.clear_progress();
        let _closed = writeln!(io::stderr(), "operator: {}", text.as_ref());
    }

    /// Shows progress, replacing the previous message. Only on a terminal.
    pub(crate) fn progress(&mut self, text: impl AsRef<str>) {
        let mut terminal = io::stderr();
        if terminal.is_terminal() {
            self.has_progress = true;
            let _closed = write!(terminal, "\r\u{1b}[K{}", text.as_ref()).and_then(|()| terminal.flush());
        }
    }

    pub(crate) fn clear_progress(&mut self) {
        if std::mem::take(&mut self.has_progress) {
            let _closed = write!(io::stderr(), "\r\u{1b}[K");
        }
    }

    /// Asks for confirmation. Without a terminal the answer is no.
    pub(crate) fn is_meant(&mut self, what: &str) -> bool {
        if !io::stdin().is_terminal() {
            return false;
        }
        let _closed = write!(io::stderr(), "{what} Type yes: ");
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
    }
}

fn table<const N: usize>(titles: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(titles);
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// A text from outside, such as a name, without what could move the cursor or turn the line around.
pub(crate) fn from_outside(text: &str) -> String {
    legible(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_with_their_titles() {
        let rows = [["acme".to_owned(), "1".to_owned()], ["a longer name".to_owned(), String::new()]];
        assert_eq!(table(["STORE", "N"], rows), "STORE          N\nacme           1\na longer name");
    }

    #[test]
    fn a_name_cannot_move_the_cursor() {
        assert_eq!(from_outside("a\u{1b}[2Jb\r\u{202e}c"), "a[2Jb c");
    }
}
