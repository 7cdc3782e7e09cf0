//! The pages, rendered from one typed template that escapes every value.

use std::{borrow::Cow, sync::OnceLock};

use askama::Template;
use sha2::{Digest as _, Sha256};

use crate::next::NextStep;

const STYLE: &str = include_str!("../../templates/style.css");
/// Names longer than this are cut: they come from outside.
const MAX_NAME: usize = 200;

/// A page: what happened, the things it happened to, and the way on.
#[derive(Debug, Template)]
#[template(path = "page.html")]
pub struct Page {
    title: Cow<'static, str>,
    paragraphs: Vec<Cow<'static, str>>,
    items: Vec<Item>,
    style: &'static str,
    /// The way on.
    pub action: Option<NextStep>,
}

/// A thing with a name and a word about it.
#[derive(Debug)]
pub struct Item {
    name: String,
    note: String,
}

impl Item {
    /// `name` may come from outside: control and bidirectional characters are dropped, and it is cut after 200 characters.
    #[must_use]
    pub fn new(name: &str, note: impl Into<String>) -> Self {
        Self { name: legible(name), note: note.into() }
    }
}

impl Page {
    /// A page with a title.
    #[must_use]
    pub fn new(title: &'static str) -> Self {
        Self { title: title.into(), paragraphs: Vec::new(), items: Vec::new(), style: STYLE, action: None }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn paragraph(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.paragraphs.push(text.into());
        self
    }

    /// Adds list entries.
    #[must_use]
    pub fn items(mut self, items: impl IntoIterator<Item = Item>) -> Self {
        self.items.extend(items);
        self
    }

    /// Sets the way on.
    #[must_use]
    pub fn leading_to(mut self, next: NextStep) -> Self {
        self.action = Some(next);
        self
    }

    pub(super) fn html(&self) -> String {
        // Writing to a String can't fail; an empty page would be the least harm if it did.
        self.render().unwrap_or_default()
    }
}

/// The CSP source of the one inline style sheet (CSP3, section 2.3.1).
pub(super) fn style_hash() -> &'static str {
    use base64::Engine as _;
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| format!("sha256-{}", base64::prelude::BASE64_STANDARD.encode(Sha256::digest(STYLE))))
}

/// Text from outside, fit to stand in a sentence.
pub(crate) fn legible(text: &str) -> String {
    let bidirectional = |c: char| matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut clean: String = text.chars().filter(|c| !c.is_control() && !bidirectional(*c)).take(MAX_NAME + 1).collect();
    if clean.chars().count() > MAX_NAME {
        clean.pop();
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_outside_are_escaped_and_cut() {
        let html =
            Page::new("Done").items([Item::new("<script>\u{202e}x</script>", "linked"), Item::new(&"é".repeat(10_000), "linked")]).html();
        assert!(!html.contains("<script>") && !html.contains('\u{202e}'));
        assert!(html.contains("&#60;script&#62;x") && html.len() < 6000, "{html}");
    }

    #[test]
    fn the_policy_allows_the_style_sheet_as_rendered() {
        let html = Page::new("Done").html();
        let style = html.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
        assert_eq!(style, STYLE);
    }
}
