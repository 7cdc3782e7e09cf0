//! Whose pages these are.

/// What pages are called that nobody gave a name. It bears no provider's mark: their terms keep
/// those to themselves.
const NEUTRAL: &str = "Store Link";

/// Who stands behind the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The name, if it was given one.
    pub name: Option<String>,
    /// Where a merchant asks for help: `https:` or `mailto:`.
    pub support: Option<String>,
    /// What becomes of a merchant's data: `https:`.
    pub privacy: Option<String>,
}

impl Brand {
    /// What stands on a page.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(NEUTRAL)
    }
}
