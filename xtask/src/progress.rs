//! What a person is told: what is done, how far it is, and how long it took.

use std::{
    io::{self, Write as _},
    time::Instant,
};

use crate::failure::Failure;

/// How wide the box is in which something is said that must not be overlooked.
const BOX: usize = 72;

/// A line beside what the programs print.
pub(crate) fn say(text: impl AsRef<str>) {
    let _closed = writeln!(io::stderr(), "dev: {}", text.as_ref());
}

/// What was asked for.
pub(crate) fn print(text: impl AsRef<str>) {
    let _closed = writeln!(io::stdout(), "{}", text.as_ref());
}

/// A step, said when it begins with how long it usually takes, and when it ends.
pub(crate) fn step<T>(what: &str, usual: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    say(if usual.is_empty() { what.to_owned() } else { format!("{what} ({usual})") });
    let began = Instant::now();
    let done = work();
    let verb = if done.is_ok() { "took" } else { "failed after" };
    say(format!("{what} {verb} {:.0} s", began.elapsed().as_secs_f64()));
    done
}

/// Steps of which it is known how many there are.
pub(crate) struct Steps {
    done: usize,
    all: usize,
}

impl Steps {
    pub(crate) const fn of(all: usize) -> Self {
        Self { done: 0, all }
    }

    /// The next one.
    pub(crate) fn step<T>(&mut self, what: &str, usual: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        step(&self.next(what), usual, work)
    }

    /// The last one, which another program goes on with in place of this one.
    pub(crate) fn hand_over(&mut self, what: &str, usual: &str) {
        say(format!("{} ({usual})", self.next(what)));
    }

    fn next(&mut self, what: &str) -> String {
        self.done += 1;
        format!("[{}/{}] {what}", self.done, self.all)
    }
}

/// Lines in a box.
pub(crate) fn boxed(texts: &[String]) -> Vec<String> {
    let edge = "#".repeat(BOX + 4);
    let lines = texts.iter().flat_map(|text| folded(text, BOX)).map(|line| format!("# {line:<BOX$} #"));
    [edge.clone()].into_iter().chain(lines).chain([edge]).collect()
}

/// Lines of at most so many signs; a longer word has one of its own.
pub(crate) fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_folded_between_words() {
        assert_eq!(folded("one two three", 7), ["one two", "three"]);
        assert_eq!(folded("one /a/long/path two", 7), ["one", "/a/long/path", "two"]);
    }

    #[test]
    fn a_box_has_straight_edges() {
        let lines = boxed(&["The BROWSER TESTS are LEFT OUT. ".repeat(5), "Another.".to_owned()]);
        assert!(lines.iter().all(|line| line.len() == BOX + 4), "{lines:#?}");
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn steps_are_counted() {
        let mut steps = Steps::of(2);
        assert_eq!(steps.next("format"), "[1/2] format");
        assert_eq!(steps.next("lints"), "[2/2] lints");
    }
}
