//! Whether an update is delivered: only where the Page and the app are both subscribed, and
//! somebody granted what the messages need.

use super::update::Update;
use crate::facebook::graph::State;
use crate::facebook::people::Page;

impl State {
    /// An account's object and the Page that it is, or that it belongs to.
    pub(in crate::facebook) fn account(&self, id: &str) -> Option<(&'static str, &Page)> {
        let of_instagram = |page: &&Page| page.instagram.as_ref().is_some_and(|(own, _)| own == id);
        match self.pages.get(id) {
            Some(page) => Some(("page", page)),
            None => self.pages.values().find(of_instagram).map(|page| ("instagram", page)),
        }
    }

    /// Page-scoped ids are of another kind than those of people, Pages and Instagram accounts.
    pub(super) fn next_customer(&mut self) -> String {
        self.next_id(24_000_000_000_000_000)
    }

    /// Why an update is not delivered, in words for a person at the page.
    pub(in crate::facebook) fn why_silent(&self, update: &Update) -> Option<String> {
        let Some((object, page)) = self.account(&update.account) else {
            return Some("there is no such account".to_owned());
        };
        let (permission, field) = (permission(object), update.field);
        if !self.grants.values().any(|grant| grant.covers(permission, &page.id)) {
            return Some(format!("nobody has granted {permission} to the app for it"));
        }
        let Some(of_page) = self.subscriptions.get(&page.id) else {
            return Some("the app is not subscribed to the Page".to_owned());
        };
        // Which of the Page's fields an Instagram account needs is not documented: any will do.
        if object == "page" && !of_page.iter().any(|subscribed| subscribed == field) {
            return Some(format!("the app is not subscribed to {field} of the Page"));
        }
        let of_app = self.app_fields.get(object).map(Vec::as_slice).unwrap_or_default();
        let is_heard = of_app.iter().any(|subscribed| subscribed == field);
        (!is_heard).then(|| format!("the app itself does not listen to {field} of the object {object}"))
    }
}

/// What an account of this object has to be granted for.
pub(in crate::facebook) fn permission(object: &str) -> &'static str {
    if object == "instagram" { "instagram_manage_messages" } else { "pages_messaging" }
}
