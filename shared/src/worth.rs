//! What a record is worth today: what it says of itself, beside its store and the configured app. The list, the end of a sign-in and the bot are told the same.

use crate::store::tokens::Status;

/// A token that another client id was issued to is of no use: it is never tried, and never given out.
const ANOTHER_APP: &str = "another_app";

/// What a record says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// Whether its token works.
    pub status: Status,
    /// Why it does not.
    pub reason: Option<&'a str>,
    /// The app that its token was issued to.
    pub app_id: &'a str,
}

/// What it is worth, and why it is worth no more.
pub type Worth<'a> = (Status, Option<&'a str>);

impl<'a> Record<'a> {
    /// A store, under the configured app.
    #[must_use]
    pub fn of_store(self, api_key: &str) -> Worth<'a> {
        match self.status {
            // What is left of a store that is being erased is nobody's any more.
            Status::Erasing => (Status::Uninstalled, self.reason),
            _ => self.under(Some(api_key)),
        }
    }

    /// A Page of a store with this status, under the configured app where that is known. While its store is away, or not known to be the same shop as before
    /// (`unconfirmed`), a Page yields nothing.
    #[must_use]
    pub fn of_page(self, store: Status, unconfirmed: bool, app_id: Option<&str>) -> Worth<'a> {
        match self.status {
            Status::Moved => (Status::Moved, None),
            _ if unconfirmed || matches!(store, Status::Uninstalled | Status::Erasing) => (Status::Uninstalled, None),
            _ => self.under(app_id),
        }
    }

    fn under(self, app_id: Option<&str>) -> Worth<'a> {
        match self.status {
            Status::Active if app_id.is_some_and(|id| id != self.app_id) => (Status::ReconnectNeeded, Some(ANOTHER_APP)),
            status => (status, self.reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Status::{Active, Erasing, Moved, ReconnectNeeded, Uninstalled},
        *,
    };

    fn record(status: Status) -> Record<'static> {
        Record { status, reason: Some("why"), app_id: "ours" }
    }

    #[test]
    fn a_store_is_worth_what_it_says_while_its_app_is_ours() {
        for (status, worth) in [(Active, Active), (ReconnectNeeded, ReconnectNeeded), (Uninstalled, Uninstalled), (Erasing, Uninstalled)] {
            assert_eq!(record(status).of_store("ours"), (worth, Some("why")));
        }
        assert_eq!(record(Active).of_store("other"), (ReconnectNeeded, Some("another_app")));
        assert_eq!(record(Uninstalled).of_store("other"), (Uninstalled, Some("why")));
    }

    #[test]
    fn a_page_is_worth_what_its_store_is_worth() {
        for (page, store, unconfirmed, worth) in [
            (Active, Active, false, (Active, Some("why"))),
            (Active, ReconnectNeeded, false, (Active, Some("why"))),
            (Active, Active, true, (Uninstalled, None)),
            (Active, Uninstalled, false, (Uninstalled, None)),
            (ReconnectNeeded, Erasing, false, (Uninstalled, None)),
            (Moved, Uninstalled, true, (Moved, None)),
            (ReconnectNeeded, Active, false, (ReconnectNeeded, Some("why"))),
        ] {
            assert_eq!(record(page).of_page(store, unconfirmed, Some("ours")), worth, "{page:?} {store:?} {unconfirmed}");
        }
        assert_eq!(record(Active).of_page(Active, false, Some("other")), (ReconnectNeeded, Some("another_app")));
        assert_eq!(record(Active).of_page(Active, false, None), (Active, Some("why")));
    }
}
