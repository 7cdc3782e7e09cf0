//! What must be left, told without a table.

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The merchant links store and Pages, for the first time or again.
    Link,
    /// The merchant uninstalls the app, and Shopify says so.
    Uninstall,
    /// The merchant uninstalls the app, and the word of it is lost.
    Vanish,
    /// Shopify asks to forget the store.
    Redact,
    /// The person removes the app at Facebook.
    Deauthorize,
    /// The person wants the data deleted.
    Delete,
    /// The merchant signs in from the store and disconnects it.
    DisconnectStore,
    /// The merchant signs in from the store and disconnects all Pages.
    DisconnectPages,
}

pub(crate) const STEPS: [Step; 8] = [
    Step::Link,
    Step::Uninstall,
    Step::Vanish,
    Step::Redact,
    Step::Deauthorize,
    Step::Delete,
    Step::DisconnectStore,
    Step::DisconnectPages,
];

/// What is kept of a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Store {
    #[default]
    None,
    Active,
    Uninstalled,
}

/// What is kept of its Pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pages {
    #[default]
    None,
    WithToken,
    WithoutToken,
}

/// What is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) store: Store,
    pub(crate) pages: Pages,
    pub(crate) person: bool,
    /// Counts the identities of the store.
    pub(crate) identity: u32,
}

/// What is kept, and how it is at Shopify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) kept: Kept,
    installed: bool,
}

impl Model {
    /// Takes a step; whether it changed anything.
    pub(crate) fn take(&mut self, step: Step) -> bool {
        let before = *self;
        let kept = &mut self.kept;
        match step {
            Step::Link => {
                kept.identity += u32::from(kept.store == Store::None);
                (kept.store, kept.pages, kept.person) = (Store::Active, Pages::WithToken, true);
                self.installed = true;
                // It is newer than it was.
                return true;
            }
            Step::Uninstall if kept.store == Store::Active => (kept.store, self.installed) = (Store::Uninstalled, false),
            Step::Uninstall | Step::Vanish => self.installed = false,
            // Only of a store that left, one way or the other.
            Step::Redact if !self.installed || kept.store == Store::Uninstalled => {
                (kept.store, kept.pages, kept.person) = (Store::None, Pages::None, false)
            }
            Step::Redact => {}
            Step::Deauthorize => {
                if kept.pages == Pages::WithToken {
                    kept.pages = Pages::WithoutToken;
                }
                kept.person = false;
            }
            Step::Delete => (kept.pages, kept.person) = (Pages::None, false),
            // What was never linked can't be disconnected.
            Step::DisconnectStore | Step::DisconnectPages if kept.store == Store::None => {}
            // Who signs in from a store has the app in it.
            Step::DisconnectStore | Step::DisconnectPages => {
                self.installed = true;
                if step == Step::DisconnectStore {
                    kept.store = Store::Uninstalled;
                } else {
                    (kept.store, kept.pages, kept.person) = (Store::Active, Pages::None, false);
                }
            }
        }
        *self != before
    }
}
