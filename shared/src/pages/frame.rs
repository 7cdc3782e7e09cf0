//! The frame around every page.

use std::sync::OnceLock;

use askama::Template;
use sha2::{Digest as _, Sha256};

use crate::facts::Brand;
use crate::platform::AccountKind;
use crate::texts::{Language, Words};

const STYLE: &str = include_str!("../../templates/style.css");
/// The header's logo on a square background of its own, for both colour schemes. Characters with a
/// meaning in URLs are escaped.
const ICON: &str = concat!(
    "data:image/svg+xml,%3Csvg%20xmlns='http%3A//www.w3.org/2000/svg'%20viewBox='0%200%2032%2032'%20fill='none'%20stroke='%23fff'",
    "%20stroke-width='2'%20stroke-linecap='round'%20stroke-linejoin='round'%3E",
    "%3Crect%20width='32'%20height='32'%20rx='9'%20fill='%230b665d'%20stroke='none'/%3E",
    "%3Cpath%20d='M9%208h14a3%203%200%200%201%203%203v7a3%203%200%200%201-3%203h-7l-5%204v-4H9a3%203%200%200%201-3-3v-7a3%203%200%200%201%203-3z",
    "M12%2014.5h8'/%3E%3Cpath%20stroke-width='5'%20d='M12%2014.5h.01M20%2014.5h.01'/%3E%3C/svg%3E",
);

/// Where to choose another language from a page that must not be reloaded: its URL may contain a
/// code, or start something.
const WELCOME: &str = "/";
/// The page's own URL, without its query (RFC 3986, section 5.2.2).
pub(super) const ITSELF: &str = "";
/// The list of connections.
pub(super) const LIST: &str = "/connections";
/// Longer titles do not fit in search results, window lists and validators.
const LONGEST_TITLE: usize = 60;

/// What the base template needs.
pub(super) struct Frame<'a> {
    pub(super) words: &'static Words,
    pub(super) brand: &'a Brand,
    pub(super) title: &'static str,
    pub(super) style: &'static str,
    /// The icon in the tab, embedded in the page.
    pub(super) icon: &'static str,
    /// Which step the merchant is at, and the accounts it leads to.
    pub(super) step: Option<(Step, &'static AccountKind)>,
    pub(super) reference: Option<String>,
    /// The URL that shows a page in another language, without its query.
    pub(super) translated: &'static str,
}

/// The merchant's progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// At the store.
    Store,
    /// At the accounts.
    Accounts,
    /// Finished.
    Done,
}

impl<'a> Frame<'a> {
    pub(super) fn new(words: &'static Words, brand: &'a Brand, title: &'static str) -> Self {
        Self { words, brand, title, style: STYLE, icon: ICON, step: None, reference: None, translated: WELCOME }
    }

    pub(super) fn at(mut self, step: Step, kind: &'static AccountKind) -> Self {
        self.step = Some((step, kind));
        self
    }

    pub(super) fn with_reference(mut self, reference: Option<String>) -> Self {
        self.reference = reference;
        self
    }

    /// Where to choose another language.
    pub(super) fn translated_at(mut self, path: &'static str) -> Self {
        self.translated = path;
        self
    }

    /// Every language: its tag, its own name, and whether it is this page's.
    pub(super) fn languages(&self) -> [(&'static str, &'static str, bool); Language::ALL.len()] {
        Language::ALL.map(|language| (language.tag(), language.words().frame.language_name, language == self.words.language))
    }

    /// The tab's title: the page's name, and the brand's if there is room for both.
    pub(super) fn tab(&self) -> String {
        let whole = format!("{} – {}", self.title, self.brand.shown());
        if whole.chars().count() <= LONGEST_TITLE { whole } else { self.title.to_owned() }
    }

    /// The two steps: their names, and their progress as CSS classes.
    pub(super) fn steps(&self) -> Option<[(&'static str, &'static str); 2]> {
        let (step, kind) = self.step?;
        let [store, accounts] = match step {
            Step::Store => ["now", "ahead"],
            Step::Accounts => ["done", "now"],
            Step::Done => ["done", "done"],
        };
        Some([(self.words.frame.step_store, store), (self.words.of(kind).step, accounts)])
    }
}

pub(super) fn rendered(view: &impl Template) -> String {
    // Writing to a String can't fail; an empty page would be the least harm if it did.
    view.render().unwrap_or_default()
}

/// The policy of every reply: only the one inline style sheet, by its hash (CSP3, section 2.3.1),
/// forms to ourselves, and the tab's icon, which is embedded in the page. `data:` alone admits no
/// external image. The icon lets a merchant with several tabs find this one without a request to
/// anyone.
pub(crate) fn content_security_policy() -> &'static str {
    use base64::Engine as _;
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let hash = base64::prelude::BASE64_STANDARD.encode(Sha256::digest(STYLE));
        format!("default-src 'none'; style-src 'sha256-{hash}'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
    })
}
