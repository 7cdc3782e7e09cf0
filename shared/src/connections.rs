//! How links are presented: one view of an identity for the list and for the end of a sign-in.

use serde_json::{Map, Value, json};

use crate::facts::{AccountState, Messages, Notice, StoreState};
use crate::pages::{AccountEntry, StoreEntry, Times};
use crate::platform::{AccountKind, Platform};
use crate::store::records::{Account, Identity, Status, Worth};
use crate::{pages, providers::shopify};

/// What is linked under an identity, from the point of view of the configured apps.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// What was read.
    pub listing: &'a Identity,
    /// The app at Shopify.
    pub app: &'a shopify::App,
    /// The apps at the other platforms, as far as known.
    pub app_ids: &'a [(&'static Platform, &'a str)],
    /// The kinds of accounts that are always shown, because they can be connected. Others are shown
    /// if there are any.
    pub offered: &'a [&'static AccountKind],
}

impl Overview<'_> {
    fn shop_worth(&self) -> Worth<'_> {
        self.listing.shop.worth(&self.app.api_key)
    }

    fn account_worth<'p>(&self, account: &'p Account) -> Worth<'p> {
        let of = account.id.kind().platform;
        let app_id = self.app_ids.iter().find(|(platform, _)| *platform == of).map(|(_, app_id)| *app_id);
        account.worth(&self.listing.shop, app_id)
    }

    /// The kinds of accounts that are shown.
    fn kinds(&self) -> Vec<&'static AccountKind> {
        let mut kinds = self.offered.to_vec();
        for account in &self.listing.accounts {
            if !kinds.contains(&account.id.kind()) {
                kinds.push(account.id.kind());
            }
        }
        kinds
    }

    /// The page.
    #[must_use]
    pub fn page(&self, csrf_token: Option<String>, notice: Option<Notice>) -> pages::Connections {
        let shop = &self.listing.shop;
        let entry = |account: &Account| {
            let state = match self.account_worth(account).0 {
                Status::Active => AccountState::Active(messages(account)),
                Status::Moved => AccountState::Moved,
                Status::Uninstalled | Status::Erasing => AccountState::Paused,
                Status::ReconnectNeeded => AccountState::ReconnectNeeded,
            };
            AccountEntry {
                id: account.id.clone(),
                name: account.name.clone(),
                display: account.display.clone(),
                companion: account.companion.clone(),
                state,
                times: Times { linked_at: account.linked_at, checked_at: self.listing.checked_at(account) },
            }
        };
        let state = match self.shop_worth().0 {
            Status::Active => StoreState::Active,
            Status::ReconnectNeeded | Status::Moved => StoreState::ReconnectNeeded,
            Status::Uninstalled | Status::Erasing => StoreState::Disconnected,
        };
        pages::Connections {
            store: StoreEntry {
                domain: shop.shop.clone(),
                name: shop.name.clone(),
                state,
                times: Times { linked_at: Some(shop.linked_at), checked_at: shop.checked_at },
            },
            kinds: self.kinds(),
            accounts: self.listing.accounts.iter().map(entry).collect(),
            csrf_token,
            notice,
        }
    }

    /// The same as JSON.
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
        let mut body = Map::from_iter([("user_uuid".to_owned(), json!(shop.user_uuid.to_string())), ("shops".to_owned(), json!([entry]))]);
        body.extend(self.kinds().into_iter().map(|kind| (kind.list.to_owned(), self.list_json(kind))));
        body.insert("csrf_token".to_owned(), json!(csrf_token));
        body.extend(notice.map(|notice| ("notice".to_owned(), notice_json(notice))));
        Value::Object(body)
    }

    fn list_json(&self, kind: &AccountKind) -> Value {
        let accounts = self.listing.accounts.iter().filter(|account| account.id.kind() == kind);
        accounts.map(|account| self.account_json(account)).collect()
    }

    fn account_json(&self, account: &Account) -> Value {
        let (status, reason) = self.account_worth(account);
        let messaging = if status == Status::Active { Some(messages(account)) } else { None };
        let mut entry = Map::from_iter([
            (account.id.kind().id.to_owned(), json!(account.id.as_str())),
            ("name".to_owned(), json!(account.name)),
            ("status".to_owned(), json!(status.as_str())),
            ("messaging_ready".to_owned(), json!(messaging.is_some_and(Messages::are_ready))),
        ]);
        let kind = account.id.kind();
        entry.extend(kind.conversation_routing.map(|_| ("thread_routing".to_owned(), json!(account.thread_routing))));
        entry.extend(kind.display.map(|name| (name.to_owned(), json!(account.display))));
        entry.extend(reason.map(|reason| ("reason".to_owned(), json!(reason))));
        entry.extend(account.companion.as_ref().map(|companion| (companion.id.kind().entry.to_owned(), companion.entry())));
        if let Some(Messages::NotReady(unready)) = messaging {
            entry.insert("messaging_reason".to_owned(), json!(unready.as_str()));
        }
        Value::Object(entry)
    }
}

fn messages(account: &Account) -> Messages {
    Messages::of(account.messaging(), account.thread_routing)
}

fn notice_json(notice: Notice) -> Value {
    match notice {
        Notice::Account { kind, unsubscribed, permission } => {
            json!({ "disconnected": kind.key, "unsubscribed": unsubscribed.as_str(), "permission": permission.as_str() })
        }
        Notice::Registered { kind, registered } => json!({ "registering": kind.key, "outcome": registered.as_str() }),
        Notice::Note => json!({ "disconnected": "moved_page" }),
        Notice::Store { uninstalled } => json!({ "disconnected": "store", "uninstalled": uninstalled.as_str() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Vars, providers::NEXT, store::records::samples};

    fn app() -> shopify::App {
        let vars =
            [("SHOPIFY_API_KEY", "key"), ("SHOPIFY_API_SECRET", "hush"), ("SHOPIFY_REDIRECT_URI", "https://link.example/shopify/callback")];
        shopify::App::from_vars(&Vars::from_pairs(vars)).unwrap()
    }

    fn listing(shop: Status, unconfirmed: bool, account: Status) -> Identity {
        let (mut linked, mut connected) = (samples::shop(), samples::account("1"));
        (linked.name, linked.status, linked.unconfirmed) = (Some("Acme".to_owned()), shop, unconfirmed);
        "key".clone_into(&mut linked.app_id);
        connected.status = account;
        Identity { shop: linked, accounts: vec![connected], checks: Default::default() }
    }

    fn statuses(listing: &Identity, app_id: &str) -> (String, String, bool) {
        let app = app();
        let json = Overview { listing, app: &app, app_ids: &[(NEXT.platform, app_id)], offered: &[NEXT] }.json("csrf", None);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&json["shops"][0]["status"]), text(&json[NEXT.list][0]["status"]), json[NEXT.list][0]["messaging_ready"] == true)
    }

    #[test]
    fn an_account_is_worth_nothing_while_its_store_is_away() {
        use Status::{Active, Moved, ReconnectNeeded, Uninstalled};
        for (store, unconfirmed, account, expected) in [
            (Active, false, Active, ("active", "active", true)),
            (Active, true, Active, ("active", "uninstalled", false)),
            (Uninstalled, false, Active, ("uninstalled", "uninstalled", false)),
            (Uninstalled, false, Moved, ("uninstalled", "moved", false)),
            (ReconnectNeeded, false, Active, ("reconnect_needed", "active", true)),
            (Active, false, ReconnectNeeded, ("active", "reconnect_needed", false)),
        ] {
            let (store, account, ready) = statuses(&listing(store, unconfirmed, account), "77");
            assert_eq!((store.as_str(), account.as_str(), ready), expected);
        }
    }

    #[test]
    fn a_link_of_another_app_has_to_be_reconnected() {
        let mut listing = listing(Status::Active, false, Status::Active);
        assert_eq!(statuses(&listing, "78").1, "reconnect_needed");
        listing.shop.app_id = "other".to_owned();
        assert_eq!(statuses(&listing, "77").0, "reconnect_needed");
    }

    #[test]
    fn a_reason_is_given_only_for_what_does_not_work() {
        let app = app();
        let mut listing = listing(Status::Uninstalled, false, Status::Active);
        listing.shop.reason = Some("disconnected".to_owned());
        let json = Overview { listing: &listing, app: &app, app_ids: &[], offered: &[] }.json("csrf", Some(Notice::Note));
        assert_eq!(json["shops"][0]["reason"], "disconnected");
        assert_eq!(json["shops"][0]["login_url"], "https://link.example/shopify/acme.myshopify.com/login");
        assert_eq!((&json["csrf_token"], &json["notice"]["disconnected"]), (&json!("csrf"), &json!("moved_page")));
        listing.shop.status = Status::Active;
        listing.accounts[0].messaging_ready = false;
        listing.accounts[0].messaging_reason = Some("new_in_a_later_version".to_owned());
        let json = Overview { listing: &listing, app: &app, app_ids: &[], offered: &[] }.json("csrf", None);
        assert!(json["shops"][0].get("login_url").is_none() && json.get("notice").is_none());
        assert_eq!(json[NEXT.list][0]["messaging_reason"], "not_checked");
    }

    #[test]
    fn each_kind_of_account_has_a_list_even_if_empty() {
        let app = app();
        let mut listing = listing(Status::Active, false, Status::Active);
        listing.accounts.clear();
        let json = Overview { listing: &listing, app: &app, app_ids: &[(NEXT.platform, "77")], offered: &[NEXT] }.json("csrf", None);
        assert_eq!(json[NEXT.list], json!([]));
        let view = Overview { listing: &listing, app: &app, app_ids: &[], offered: &[] };
        assert!(view.json("csrf", None).get(NEXT.list).is_none() && view.page(None, None).kinds.is_empty());
    }
}
