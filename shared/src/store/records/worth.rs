//! What a record is worth today, given its own status, its store's and the configured app. The
//! list, the end of a sign-in and the bot all get the same answer.

use super::{Account, Shop, Status};

/// A token issued to another client id is useless: we never try it and never hand it out.
const ANOTHER_APP: &str = "another_app";

/// What it is worth, and if not everything, why.
pub type Worth<'a> = (Status, Option<&'a str>);

impl<T> Shop<T> {
    /// What the store is worth under the configured app.
    #[must_use]
    pub fn worth(&self, api_key: &str) -> Worth<'_> {
        match self.status {
            // A store that is being erased is nobody's any more.
            Status::Erasing => (Status::Uninstalled, self.reason.as_deref()),
            status => under(status, self.reason.as_deref(), &self.app_id, Some(api_key)),
        }
    }
}

impl<T> Account<T> {
    /// What an account of this store is worth, under the configured app if known. An account is
    /// unusable while its store is away or not known to be the same shop as before.
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

#[cfg(test)]
mod tests {
    use super::{
        super::samples,
        Status::{Active, Erasing, Moved, ReconnectNeeded, Uninstalled},
        *,
    };

    fn shop(status: Status, unconfirmed: bool) -> Shop {
        let (reason, app_id) = (Some("why".to_owned()), "ours".to_owned());
        Shop { status, unconfirmed, reason, app_id, ..samples::shop() }
    }

    #[test]
    fn a_store_is_worth_its_own_status_while_its_app_is_ours() {
        for (status, worth) in [(Active, Active), (ReconnectNeeded, ReconnectNeeded), (Uninstalled, Uninstalled), (Erasing, Uninstalled)] {
            assert_eq!(shop(status, false).worth("ours"), (worth, Some("why")));
        }
        assert_eq!(shop(Active, false).worth("other"), (ReconnectNeeded, Some("another_app")));
        assert_eq!(shop(Uninstalled, false).worth("other"), (Uninstalled, Some("why")));
    }

    #[test]
    fn an_account_is_worth_nothing_while_its_store_is_away() {
        let account = |status| Account { status, reason: Some("why".to_owned()), app_id: "ours".to_owned(), ..samples::account("1") };
        for (status, store, unconfirmed, worth) in [
            (Active, Active, false, (Active, Some("why"))),
            (Active, ReconnectNeeded, false, (Active, Some("why"))),
            (Active, Active, true, (Uninstalled, None)),
            (Active, Uninstalled, false, (Uninstalled, None)),
            (ReconnectNeeded, Erasing, false, (Uninstalled, None)),
            (Moved, Uninstalled, true, (Moved, None)),
            (ReconnectNeeded, Active, false, (ReconnectNeeded, Some("why"))),
        ] {
            assert_eq!(account(status).worth(&shop(store, unconfirmed), Some("ours")), worth, "{status:?} {store:?} {unconfirmed}");
        }
        assert_eq!(account(Active).worth(&shop(Active, false), Some("other")), (ReconnectNeeded, Some("another_app")));
        assert_eq!(account(Active).worth(&shop(Active, false), None), (Active, Some("why")));
    }
}
