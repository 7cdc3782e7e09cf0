//! What must be left, as simply as it can be said.

/// What happens. Linking what was linked before is linking it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The merchant links the store, and then a Page.
    Link,
    /// The merchant uninstalls the app at Shopify.
    Uninstall,
    /// Shopify wants the store forgotten.
    Redact,
    /// The person removes the app at Facebook.
    Deauthorize,
    /// The person wants to be forgotten.
    Delete,
}

pub(crate) const ALL: [Step; 5] = [Step::Link, Step::Uninstall, Step::Redact, Step::Deauthorize, Step::Delete];

/// What is linked: the status of the store, of the Page, and whether the person's grant is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Left {
    pub(crate) store: Option<String>,
    /// And whether it has a token.
    pub(crate) page: Option<(String, bool)>,
    pub(crate) grant: bool,
}

impl Left {
    /// Every step happens later than all that was linked before it.
    pub(crate) fn after(&mut self, step: Step) {
        let is = |status: &Option<String>, wanted: &str| status.as_deref() == Some(wanted);
        match step {
            Step::Link => *self = Self { store: Some("active".to_owned()), page: Some(("active".to_owned(), true)), grant: true },
            // The Pages stay, and yield nothing.
            Step::Uninstall if is(&self.store, "active") => self.store = Some("uninstalled".to_owned()),
            // Of a store whose token Shopify still takes it is not believed.
            Step::Redact if is(&self.store, "uninstalled") => *self = Self::default(),
            Step::Deauthorize => {
                self.grant = false;
                if let Some(page) = &mut self.page {
                    *page = ("reconnect_needed".to_owned(), false);
                }
            }
            Step::Delete => (self.page, self.grant) = (None, false),
            Step::Uninstall | Step::Redact => {}
        }
    }
}
