//! Who runs the pages.

/// The default name of the pages. It contains no provider's trademark, which their terms forbid.
const NEUTRAL: &str = "Store Link";

/// The operator behind the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The configured name, if any.
    pub name: Option<String>,
    /// Where a merchant gets help: `https:` or `mailto:`.
    pub support: Option<String>,
    /// The privacy policy: `https:`.
    pub privacy: Option<String>,
}

impl Brand {
    /// The name shown on a page.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.name.as_deref().unwrap_or(NEUTRAL)
    }
}
