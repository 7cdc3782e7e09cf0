//! What a record is worth today: what it says of itself, beside its store and the configured app.
//! The list, the end of a sign-in and the bot are told the same.

use super::{Page, Shop, Status};

/// A token that another client id was issued to is of no use: it is never tried, and never given
/// out.
const ANOTHER_APP: &str = "another_app";

/// What it is worth, and why it is worth no more.
pub type Worth<'a> = (Status, Option<&'a str>);

impl<T> Shop<T> {
    /// What the store is worth under the configured app.
    #[must_use]
    pub fn worth(&self, api_key: &str) -> Worth<'_> {
        match self.status {
            // What is left of a store that is being erased is nobody's any more.
            Status::Erasing => (Status::Uninstalled, self.reason.as_deref()),
            status => under(status, self.reason.as_deref(), &self.app_id, Some(api_key)),
        }
    }
}

impl<T> Page<T> {
    /// What the Page of this store is worth, under the configured app where that is known. While
    /// its store is away, or not known to be the same shop as before, a Page yields nothing.
    #[must_use]
    pub fn worth<S>(&self, shop: &Shop<S>, app_id: Option<&str>) -> Worth<'_> {
        let is_away = shop.unconfirmed || matches!(shop.status, Status::Uninstalled | Status::Erasing);
        match self.status {
            Status::Moved => (Status::Moved, None),
            _ if is_away => (Status::Uninstalled, None),
            status => under(status, self.reason.as_deref(), &self.app_id, app_id),
        }
    }
}

fn under<'a>(status: Status, reason: Option<&'a str>, issued_to: &str, app_id: Option<&str>) -> Worth<'a> {
    match status {
        Status::Active if app_id.is_some_and(|id| id != issued_to) => (Status::ReconnectNeeded, Some(ANOTHER_APP)),
        status => (status, reason),
    }
}
