//! What the merchant sees after connecting accounts: the outcome for each.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Map, Value, json};

use crate::facts::{LeftOut, Messages, Messaging, NextStep, ThreadRouting, Unready};
use crate::moving::MoveList;
use crate::pages::{AccountsConnected, ConnectedAccount, LeftOutAccount};
use crate::platform::{AccountId, AccountKind, GrantedAccount};
use crate::reply::Reply;
use crate::request::Request;
use crate::store::{link::accounts::AccountsLinked, messaging::Seen, sessions::Session};
use crate::texts::ENGLISH;

/// Everything about the outcome of a valid link.
pub struct LinkOutcome<'a> {
    /// The kind of accounts.
    pub kind: &'static AccountKind,
    /// The session from which they were linked.
    pub session: &'a Session,
    /// The link to move some here.
    pub to_move: &'a dyn Fn(&MoveList) -> NextStep,
    /// Back to where the merchant came from.
    pub back: NextStep,
    /// The kinds that can be connected next, in the same session.
    pub open: &'a [&'static AccountKind],
    /// The accounts as granted.
    pub granted: Vec<&'a GrantedAccount>,
    /// What was not connected, except for accounts that other identities hold.
    pub left_out: Vec<LeftOutEntry>,
    /// Whether the platform's list of accounts was cut off.
    pub truncated: bool,
    /// What was written.
    pub linked: AccountsLinked,
    /// Findings about messages.
    pub seen: HashMap<AccountId, Seen>,
    /// Additional fields about an account, for programs.
    pub details: fn(&GrantedAccount) -> Vec<(&'static str, Value)>,
}

/// Something that was not connected.
#[derive(Clone, Debug)]
pub struct LeftOutEntry {
    /// Its id.
    pub id: String,
    /// The name of that id.
    pub called: &'static str,
    /// Why, as a code for programs.
    pub code: &'static str,
    /// Why.
    pub reason: LeftOut,
}

impl LeftOutEntry {
    /// For an account.
    #[must_use]
    pub fn of(id: &AccountId, code: &'static str, reason: LeftOut) -> Self {
        Self { id: id.to_string(), called: id.kind().id, code, reason }
    }
}

impl LinkOutcome<'_> {
    /// The reply, as a page or as JSON.
    #[must_use]
    pub fn reply(&self, request: &Request) -> Reply {
        let page = self.page();
        let mut body = json!({
            "user_uuid": self.session.user_uuid.to_string(),
            "shop": self.session.shop,
            self.kind.list: {"data": self.entries(), "paging": {}},
            "warnings": self.warnings(),
        });
        if let (Some(body), Some(next)) = (body.as_object_mut(), self.next()) {
            body.insert("next".to_owned(), json!(next.href));
        }
        Reply::ok(request, &page, &body)
    }

    /// The next step, if there is one.
    fn next(&self) -> Option<NextStep> {
        let held = MoveList::first_of(self.linked.held_elsewhere.iter().map(AccountId::as_str));
        (!held.is_empty()).then(|| (self.to_move)(&held))
    }

    fn entries(&self) -> Vec<Value> {
        let linked = self.granted.iter().filter(|account| self.linked.linked.contains(&account.id));
        linked.map(|account| self.entry(account)).collect()
    }

    fn entry(&self, account: &GrantedAccount) -> Value {
        let moved = self.linked.moved.contains(&account.id);
        let (messaging, thread_routing) = self.seen(&account.id);
        let mut entry = Map::from_iter([
            ("id".to_owned(), json!(account.id.as_str())),
            ("name".to_owned(), json!(account.name)),
            ("status".to_owned(), json!(if moved { "moved" } else { "linked" })),
            ("moved".to_owned(), json!(moved)),
            ("messaging_ready".to_owned(), json!(messaging.is_ok())),
        ]);
        entry.extend((self.details)(account).into_iter().map(|(name, value)| (name.to_owned(), value)));
        entry.extend(self.kind.display.map(|name| (name.to_owned(), json!(account.display))));
        entry.extend(self.kind.conversation_routing.map(|_| ("thread_routing".to_owned(), json!(thread_routing))));
        entry.extend(messaging.err().map(|unready| ("messaging_reason".to_owned(), json!(unready.as_str()))));
        entry.extend(account.companion.as_ref().map(|companion| (companion.id.kind().entry.to_owned(), companion.entry())));
        Value::Object(entry)
    }

    /// An account without a finding was not checked.
    fn seen(&self, id: &AccountId) -> (Messaging, ThreadRouting) {
        let seen = self.seen.get(id).copied().unwrap_or_default();
        (seen.messaging.unwrap_or(Err(Unready::NotChecked)), seen.thread_routing)
    }

    fn page(&self) -> AccountsConnected {
        let linked = self.linked.linked.iter().filter_map(|id| self.granted.iter().find(|account| account.id == *id));
        let connected = |account: &&GrantedAccount| ConnectedAccount {
            id: account.id.to_string(),
            name: account.name.clone(),
            display: account.display.clone(),
            companion: account.companion.clone(),
            moved: self.linked.moved.contains(&account.id),
            kept: self.linked.kept.contains(&account.id),
            messages: {
                let (messaging, thread_routing) = self.seen(&account.id);
                Messages::of(messaging, thread_routing)
            },
        };
        AccountsConnected {
            shop: self.session.shop.clone(),
            kind: self.kind,
            connected: linked.map(connected).collect(),
            left_out: self.left_out_for_people(),
            truncated: self.truncated,
            open: self.open.to_vec(),
            back: self.back.clone(),
        }
    }

    /// What was left out, including accounts that other identities hold.
    fn left_out(&self) -> impl Iterator<Item = LeftOutEntry> {
        let held = self.linked.held_elsewhere.iter().map(|id| LeftOutEntry::of(id, "held_elsewhere", LeftOut::HeldElsewhere));
        self.left_out.iter().cloned().chain(held)
    }

    /// For people, followed by what the session's earlier flows left behind.
    fn left_out_for_people(&self) -> Vec<LeftOutAccount> {
        let mut all: Vec<LeftOutAccount> = self.left_out().map(|entry| self.shown(&entry.id, entry.reason)).collect();
        for id in self.linked.offered() {
            if !all.iter().any(|entry| entry.id == id) {
                all.push(self.shown(&id, LeftOut::HeldElsewhere));
            }
        }
        all
    }

    fn shown(&self, id: &str, reason: LeftOut) -> LeftOutAccount {
        let found = self.granted.iter().find(|account| account.id.as_str() == id).map(|account| account.told().into_owned());
        let known = || self.linked.left_behind.iter().find(|one| one.id.as_str() == id).map(|one| one.name.clone());
        let moves = if reason == LeftOut::HeldElsewhere { MoveList::parse(id) } else { None };
        LeftOutAccount { id: id.to_owned(), name: found.or_else(known), way: moves.as_ref().map(self.to_move), reason }
    }

    /// For programs, everything unexpected.
    fn warnings(&self) -> Vec<Value> {
        let about = |code: &str, detail: &str, called: &str, id: &str| json!({ "code": code, "detail": detail, called: id });
        let left_out = self.left_out().map(|entry| {
            let text = ENGLISH.left_out(self.kind, &entry.reason);
            let detail: Cow<'_, str> = match &entry.reason {
                LeftOut::MissingPermissions(names) => ENGLISH.with_permissions(self.kind.platform, text, names).into(),
                _ => text.into(),
            };
            about(entry.code, &detail, entry.called, &entry.id)
        });
        let mut warnings: Vec<Value> = left_out.collect();
        let own = &ENGLISH.of(self.kind).connected;
        let kept = self.linked.kept.iter();
        warnings.extend(kept.map(|id| about("kept_existing", own.kept, self.kind.id, id.as_str())));
        for id in &self.linked.linked {
            if let Err(unready) = self.seen(id).0 {
                warnings.push(about("not_receiving_messages", ENGLISH.unready(self.kind, unready), self.kind.id, id.as_str()));
            }
        }
        if self.truncated {
            warnings.push(json!({ "code": "truncated", "detail": own.truncated }));
        }
        warnings
    }
}
