//! What is linked, as it is told: one view of an identity for the list and for the end of a sign-in.

use serde_json::{Map, Value, json};

use crate::facts::{Messages, Notice, PageState, StoreState};
use crate::pages::{PageEntry, StoreEntry};
use crate::store::records::{Account, Identity, Status, Worth};
use crate::{pages, providers::shopify};

/// What is linked under an identity, as far as the configured apps are concerned.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// What was read.
    pub listing: &'a Identity,
    /// The app at Shopify.
    pub app: &'a shopify::App,
    /// The app at Facebook; none where that is not known and need not be.
    pub facebook_app_id: Option<&'a str>,
}

impl Overview<'_> {
    fn shop_worth(&self) -> Worth<'_> {
        self.listing.shop.worth(&self.app.api_key)
    }

    fn page_worth<'p>(&self, page: &'p Account) -> Worth<'p> {
        page.worth(&self.listing.shop, self.facebook_app_id)
    }

    /// The page.
    #[must_use]
    pub fn page(&self, csrf_token: Option<String>, notice: Option<Notice>) -> pages::Connections {
        let shop = &self.listing.shop;
        let entry = |page: &Account| {
            let state = match self.page_worth(page).0 {
                Status::Active => PageState::Active(messages(page)),
                Status::Moved => PageState::Moved,
                Status::Uninstalled | Status::Erasing => PageState::Paused,
                Status::ReconnectNeeded => PageState::ReconnectNeeded,
            };
            PageEntry { id: page.id.to_string(), name: page.name.clone(), state }
        };
        let state = match self.shop_worth().0 {
            Status::Active => StoreState::Active,
            Status::ReconnectNeeded | Status::Moved => StoreState::ReconnectNeeded,
            Status::Uninstalled | Status::Erasing => StoreState::Disconnected,
        };
        pages::Connections {
            store: StoreEntry { domain: shop.shop.clone(), name: shop.name.clone(), state },
            pages: self.listing.accounts.iter().map(entry).collect(),
            csrf_token,
            notice,
        }
    }

    /// The same for programs.
    #[must_use]
    pub fn json(&self, csrf_token: &str, notice: Option<Notice>) -> Value {
        let shop = &self.listing.shop;
        let (status, reason) = self.shop_worth();
        let mut entry = Map::from_iter([
            ("shop".to_owned(), json!(shop.shop)),
            ("name".to_owned(), json!(shop.name)),
            ("status".to_owned(), json!(status.as_str())),
        ]);
        if status != Status::Active {
            entry.extend(reason.map(|reason| ("reason".to_owned(), json!(reason))));
            let login_url = format!("{}/shopify/{}/login", self.app.redirect_uri.origin(), shop.shop);
            entry.insert("login_url".to_owned(), json!(login_url));
        }
        let mut body = json!({
            "user_uuid": shop.user_uuid.to_string(),
            "shops": [entry],
            "pages": self.listing.accounts.iter().map(|page| self.page_json(page)).collect::<Vec<_>>(),
            "csrf_token": csrf_token,
        });
        if let (Some(notice), Some(body)) = (notice, body.as_object_mut()) {
            body.insert("notice".to_owned(), notice_json(notice));
        }
        body
    }

    fn page_json(&self, page: &Account) -> Value {
        let (status, reason) = self.page_worth(page);
        let messaging = if status == Status::Active { Some(messages(page)) } else { None };
        let mut entry = json!({
            "page_id": page.id.as_str(),
            "name": page.name,
            "status": status.as_str(),
            "messaging_ready": messaging.is_some_and(Messages::are_ready),
            "thread_routing": page.thread_routing,
        });
        if let Some(entry) = entry.as_object_mut() {
            entry.extend(reason.map(|reason| ("reason".to_owned(), json!(reason))));
            if let Some(Messages::NotReady(unready)) = messaging {
                entry.insert("messaging_reason".to_owned(), json!(unready.as_str()));
            }
        }
        entry
    }
}

fn messages(page: &Account) -> Messages {
    Messages::of(page.messaging(), page.thread_routing)
}

fn notice_json(notice: Notice) -> Value {
    match notice {
        Notice::Page { unsubscribed, permission } => {
            json!({ "disconnected": "page", "unsubscribed": unsubscribed.as_str(), "permission": permission.as_str() })
        }
        Notice::Note => json!({ "disconnected": "moved_page" }),
        Notice::Store { uninstalled } => json!({ "disconnected": "store", "uninstalled": uninstalled.as_str() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Vars, store::records::samples};

    fn app() -> shopify::App {
        let vars =
            [("SHOPIFY_API_KEY", "key"), ("SHOPIFY_API_SECRET", "hush"), ("SHOPIFY_REDIRECT_URI", "https://link.example/shopify/callback")];
        shopify::App::from_vars(&Vars::from_pairs(vars)).unwrap()
    }

    fn listing(shop: Status, unconfirmed: bool, page: Status) -> Identity {
        let (mut linked, mut connected) = (samples::shop(), samples::account("1"));
        (linked.name, linked.status, linked.unconfirmed) = (Some("Acme".to_owned()), shop, unconfirmed);
        "key".clone_into(&mut linked.app_id);
        connected.status = page;
        Identity { shop: linked, accounts: vec![connected] }
    }

    fn statuses(listing: &Identity, facebook_app_id: &str) -> (String, String, bool) {
        let app = app();
        let json = Overview { listing, app: &app, facebook_app_id: Some(facebook_app_id) }.json("csrf", None);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&json["shops"][0]["status"]), text(&json["pages"][0]["status"]), json["pages"][0]["messaging_ready"] == true)
    }

    #[test]
    fn a_page_is_worth_what_its_store_is_worth() {
        use Status::{Active, Moved, ReconnectNeeded, Uninstalled};
        for (store, unconfirmed, page, expected) in [
            (Active, false, Active, ("active", "active", true)),
            (Active, true, Active, ("active", "uninstalled", false)),
            (Uninstalled, false, Active, ("uninstalled", "uninstalled", false)),
            (Uninstalled, false, Moved, ("uninstalled", "moved", false)),
            (ReconnectNeeded, false, Active, ("reconnect_needed", "active", true)),
            (Active, false, ReconnectNeeded, ("active", "reconnect_needed", false)),
        ] {
            let (store, page, ready) = statuses(&listing(store, unconfirmed, page), "77");
            assert_eq!((store.as_str(), page.as_str(), ready), expected);
        }
    }

    #[test]
    fn what_another_app_was_given_is_to_be_connected_again() {
        let mut listing = listing(Status::Active, false, Status::Active);
        assert_eq!(statuses(&listing, "78").1, "reconnect_needed");
        listing.shop.app_id = "other".to_owned();
        assert_eq!(statuses(&listing, "77").0, "reconnect_needed");
    }

    #[test]
    fn a_reason_is_told_where_something_does_not_work_and_only_there() {
        let app = app();
        let mut listing = listing(Status::Uninstalled, false, Status::Active);
        listing.shop.reason = Some("disconnected".to_owned());
        let json = Overview { listing: &listing, app: &app, facebook_app_id: None }.json("csrf", Some(Notice::Note));
        assert_eq!(json["shops"][0]["reason"], "disconnected");
        assert_eq!(json["shops"][0]["login_url"], "https://link.example/shopify/acme.myshopify.com/login");
        assert_eq!((&json["csrf_token"], &json["notice"]["disconnected"]), (&json!("csrf"), &json!("moved_page")));
        listing.shop.status = Status::Active;
        listing.accounts[0].messaging_ready = false;
        listing.accounts[0].messaging_reason = Some("new_in_a_later_version".to_owned());
        let json = Overview { listing: &listing, app: &app, facebook_app_id: None }.json("csrf", None);
        assert!(json["shops"][0].get("login_url").is_none() && json.get("notice").is_none());
        assert_eq!(json["pages"][0]["messaging_reason"], "not_checked");
    }
}
