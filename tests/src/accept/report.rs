//! Beliefs, and what was seen of each.

use std::fmt::Write as _;

/// Something that this project rests on and that no document settles.
#[derive(Debug, PartialEq, Eq)]
pub struct Belief {
    /// One word for it.
    pub name: &'static str,
    /// What we assume.
    pub text: &'static str,
}

/// What a look at the real thing gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// It is as assumed.
    Holds(String),
    /// It is not.
    Differs(String),
    /// It could not be looked at.
    Nothing(String),
}

impl Seen {
    /// What was seen, and whether it is as assumed.
    pub fn whether(holds: bool, seen: impl Into<String>) -> Self {
        if holds { Self::Holds(seen.into()) } else { Self::Differs(seen.into()) }
    }
}

/// What is known of each belief, in the order in which it was looked at.
#[derive(Debug, Default)]
pub struct Report {
    title: String,
    findings: Vec<(&'static Belief, Seen)>,
    secrets: Vec<String>,
}

impl Report {
    /// An empty one, with what it is about.
    pub fn of(title: String) -> Self {
        Self { title, ..Self::default() }
    }

    /// Adds what was seen of a belief.
    pub fn note(&mut self, belief: &'static Belief, seen: Seen) {
        self.findings.push((belief, seen));
    }

    /// From now on this text appears nowhere in the report, whatever a provider quotes.
    pub fn conceal(&mut self, secret: &str) {
        if !secret.is_empty() {
            self.secrets.push(secret.to_owned());
        }
    }

    /// The names of the beliefs that do not hold.
    #[must_use]
    pub fn differing(&self) -> Vec<&'static str> {
        self.findings.iter().filter(|(_, seen)| matches!(seen, Seen::Differs(_))).map(|(belief, _)| belief.name).collect()
    }

    /// Whether none was seen not to hold.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.differing().is_empty()
    }

    /// Whether something was said of this belief.
    #[must_use]
    pub fn mentions(&self, belief: &Belief) -> bool {
        self.findings.iter().any(|(known, _)| *known == belief)
    }

    /// For the terminal and the file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("# {}\n\n", self.title);
        for (belief, seen) in &self.findings {
            let (word, seen) = match seen {
                Seen::Holds(seen) => ("holds", seen),
                Seen::Differs(seen) => ("DIFFERS", seen),
                Seen::Nothing(why) => ("not seen", why),
            };
            let _ = writeln!(text, "- **{word}** {}: {}\n  Seen: {seen}", belief.name, belief.text);
        }
        let count = |wanted: fn(&Seen) -> bool| self.findings.iter().filter(|(_, seen)| wanted(seen)).count();
        let (held, differs) = (count(|seen| matches!(seen, Seen::Holds(_))), self.differing().len());
        let _ = writeln!(text, "\n{held} hold, {differs} differ, {} could not be looked at.", self.findings.len() - held - differs);
        self.secrets.iter().fold(text, |text, secret| text.replace(secret.as_str(), "[secret]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_and_conceals() {
        static ONE: Belief = Belief { name: "one", text: "The first." };
        static TWO: Belief = Belief { name: "two", text: "The second." };
        let mut report = Report::of("Test".to_owned());
        report.conceal("hush");
        report.conceal("");
        report.note(&ONE, Seen::whether(true, "it said hush"));
        assert!(report.holds() && report.mentions(&ONE) && !report.mentions(&TWO));
        report.note(&TWO, Seen::whether(false, "7"));
        report.note(&TWO, Seen::Nothing("no time".to_owned()));
        let text = report.text();
        assert!(text.contains("- **holds** one: The first.\n  Seen: it said [secret]\n") && text.contains("- **DIFFERS** two"), "{text}");
        assert!(text.ends_with("\n1 hold, 1 differ, 1 could not be looked at.\n") && report.differing() == ["two"], "{text}");
    }
}
