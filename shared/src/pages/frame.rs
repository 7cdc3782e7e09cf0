//! What stands around every page.

use std::{borrow::Cow, sync::OnceLock};

use askama::Template;
use sha2::{Digest as _, Sha256};

use crate::texts::Words;

const STYLE: &str = include_str!("../../templates/style.css");

/// What the base template needs to know.
pub(super) struct Frame<'a> {
    pub(super) words: &'static Words,
    pub(super) title: &'static str,
    pub(super) style: &'static str,
    pub(super) step: Option<Step>,
    pub(super) reference: Option<Cow<'a, str>>,
}

/// Where the merchant is on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// At the store.
    Store,
    /// At the Pages.
    Pages,
    /// Through.
    Done,
}

impl Step {
    /// Where somebody is who asks for this path.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        match path {
            "/facebook/login" | "/facebook/callback" => Some(Self::Pages),
            _ => path.starts_with("/shopify/").then_some(Self::Store),
        }
    }
}

impl<'a> Frame<'a> {
    pub(super) fn new(words: &'static Words, title: &'static str) -> Self {
        Self { words, title, style: STYLE, step: None, reference: None }
    }

    pub(super) fn at(mut self, step: Step) -> Self {
        self.step = Some(step);
        self
    }

    pub(super) fn with_reference(mut self, reference: &'a str) -> Self {
        self.reference = Some(reference.into()).filter(|reference: &Cow<'_, str>| !reference.is_empty());
        self
    }

    /// How far one of the two steps is, as the style sheet calls it.
    pub(super) fn progress(&self, store: bool) -> &'static str {
        match (self.step, store) {
            (Some(Step::Store), true) | (Some(Step::Pages), false) => "now",
            (Some(Step::Pages | Step::Done), true) | (Some(Step::Done), false) => "done",
            _ => "ahead",
        }
    }
}

pub(super) fn rendered(view: &impl Template) -> String {
    // Writing to a String can't fail; an empty page would be the least harm if it did.
    view.render().unwrap_or_default()
}

/// The policy of every reply: nothing but the one inline style sheet, by its hash (CSP3, section 2.3.1), and forms to ourselves.
pub(crate) fn content_security_policy() -> &'static str {
    use base64::Engine as _;
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let hash = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(STYLE));
        format!("default-src 'none'; style-src 'sha256-{hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
    })
}
