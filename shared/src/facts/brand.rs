//! Who runs the pages.

/// The name of pages without a configured one. It contains no provider's trademark: their terms
/// forbid that.
const NEUTRAL: &str = "Store Link";

/// Who runs the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The name, if configured.
    pub name: Option<String>,
    /// Where merchants get help: `https:` or `mailto:`.
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
