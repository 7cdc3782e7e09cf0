//! What the merchant sees once the Pages are connected: each one with what became of it.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Value, json};
use shared::facts::{LeftOut, Messages, Messaging, NextStep, ThreadRouting, Unready};
use shared::pages::{AccountsConnected, ConnectedAccount, LeftOutAccount};
use shared::platform::{AccountId, GrantedAccount};
use shared::providers::facebook::{PAGE, PLATFORM, pages::Pages};
use shared::{
    moving::MoveList, reply::Reply, request::Request, store::link::accounts::AccountsLinked, store::messaging::Seen,
    store::sessions::Session, texts::ENGLISH,
};

/// All that became of the Pages of a link that stands.
pub(crate) struct PagesOutcome<'a> {
    pub(crate) session: &'a Session,
    pub(crate) to_move: &'a dyn Fn(&MoveList) -> NextStep,
    /// Back to where the merchant came from.
    pub(crate) back: NextStep,
    pub(crate) found: &'a Pages,
    /// Pages that permissions were not granted for, and which.
    pub(crate) lacking: Vec<(AccountId, Vec<String>)>,
    pub(crate) linked: AccountsLinked,
    pub(crate) seen: HashMap<AccountId, Seen>,
}

impl PagesOutcome<'_> {
    /// The reply, as a page or as JSON.
    pub(crate) fn reply(&self, request: &Request) -> Reply {
        let page = self.page();
        let mut body = json!({
            "user_uuid": self.session.user_uuid.to_string(),
            "shop": self.session.shop,
            "pages": {"data": self.pages(), "paging": {}},
            "warnings": self.warnings(),
        });
        if let (Some(body), Some(next)) = (body.as_object_mut(), self.next()) {
            body.insert("next".to_owned(), json!(next.href));
        }
        Reply::ok(request, &page, &body)
    }

    /// The way on, where there is more to do.
    fn next(&self) -> Option<NextStep> {
        let held = MoveList::first_of(self.linked.held_elsewhere.iter().map(AccountId::as_str));
        (!held.is_empty()).then(|| (self.to_move)(&held))
    }

    fn pages(&self) -> Vec<Value> {
        let linked = self.found.found.iter().filter(|page| self.linked.linked.contains(&page.id));
        linked
            .map(|page| {
                let moved = self.linked.moved.contains(&page.id);
                let status = if moved { "moved" } else { "linked" };
                let (messaging, thread_routing) = self.seen(&page.id);
                let mut entry = json!({
                    "id": page.id.as_str(), "name": page.name, "category": page.category, "tasks": page.tasks, "status": status, "moved": moved,
                    "messaging_ready": messaging.is_ok(), "thread_routing": thread_routing,
                });
                if let (Some(entry), Err(unready)) = (entry.as_object_mut(), messaging) {
                    entry.insert("messaging_reason".to_owned(), json!(unready.as_str()));
                }
                if let (Some(entry), Some(companion)) = (entry.as_object_mut(), &page.companion) {
                    entry.insert(companion.id.kind().entry.to_owned(), companion.entry());
                }
                entry
            })
            .collect()
    }

    /// A Page that nobody has looked at was not checked.
    fn seen(&self, id: &AccountId) -> (Messaging, ThreadRouting) {
        let seen = self.seen.get(id).copied().unwrap_or_default();
        (seen.messaging.unwrap_or(Err(Unready::NotChecked)), seen.thread_routing)
    }

    fn page(&self) -> AccountsConnected {
        let linked = self.linked.linked.iter().filter_map(|id| self.found.found.iter().find(|page| page.id == *id));
        let connected = |page: &GrantedAccount| ConnectedAccount {
            id: page.id.to_string(),
            name: page.name.clone(),
            companion: page.companion.clone(),
            moved: self.linked.moved.contains(&page.id),
            kept: self.linked.kept.contains(&page.id),
            messages: {
                let (messaging, thread_routing) = self.seen(&page.id);
                Messages::of(messaging, thread_routing)
            },
        };
        AccountsConnected {
            shop: self.session.shop.clone(),
            kind: &PAGE,
            connected: linked.map(connected).collect(),
            left_out: self.with_earlier(self.left_out()),
            truncated: self.found.truncated,
            back: self.back.clone(),
        }
    }

    fn left_out(&self) -> Vec<LeftOutAccount> {
        let page = |id: &AccountId, reason| self.left_out_page(id.as_str(), reason);
        let without_token = self.found.found.iter().filter(|page| page.access_token.is_none()).map(|page| &page.id);
        let mut pages: Vec<LeftOutAccount> = without_token.map(|id| page(id, LeftOut::InsufficientTasks)).collect();
        pages.extend(self.lacking.iter().map(|(id, scopes)| page(id, LeftOut::MissingPermissions(scopes.clone()))));
        pages.extend(self.found.unreadable.iter().map(|id| page(id, LeftOut::Unreadable)));
        pages.extend(self.found.gone.iter().map(|id| page(id, LeftOut::Gone)));
        pages.extend(self.found.rate_limited.iter().map(|id| page(id, LeftOut::RateLimited)));
        pages.extend(self.linked.held_elsewhere.iter().map(|id| page(id, LeftOut::HeldElsewhere)));
        pages
    }

    /// For people, what the session's earlier flows left behind stands behind it.
    fn with_earlier(&self, mut pages: Vec<LeftOutAccount>) -> Vec<LeftOutAccount> {
        for id in self.linked.offered() {
            if !pages.iter().any(|page| page.id == id) {
                pages.push(self.left_out_page(&id, LeftOut::HeldElsewhere));
            }
        }
        pages
    }

    fn left_out_page(&self, id: &str, reason: LeftOut) -> LeftOutAccount {
        let found = self.found.found.iter().find(|page| page.id.as_str() == id).map(|page| &page.name);
        let known = || self.linked.left_behind.iter().find(|one| one.id.as_str() == id).map(|one| &one.name);
        let moves = if reason == LeftOut::HeldElsewhere { MoveList::parse(id) } else { None };
        LeftOutAccount { id: id.to_owned(), name: found.or_else(known).cloned(), way: moves.as_ref().map(self.to_move), reason }
    }

    /// For programs, whatever is not as one may expect.
    fn warnings(&self) -> Vec<Value> {
        let about = |code: &str, detail: &str, id: &str| json!({ "code": code, "detail": detail, "page_id": id });
        let left_out = |page: &LeftOutAccount| {
            let text = ENGLISH.left_out(&PAGE, &page.reason);
            let (code, detail): (_, Cow<'_, str>) = match &page.reason {
                LeftOut::InsufficientTasks => ("insufficient_tasks", text.into()),
                LeftOut::MissingPermissions(names) => ("missing_permission", ENGLISH.with_permissions(&PLATFORM, text, names).into()),
                LeftOut::Unreadable | LeftOut::Gone => ("unreadable", text.into()),
                LeftOut::RateLimited => ("rate_limited", text.into()),
                LeftOut::HeldElsewhere => ("held_elsewhere", text.into()),
            };
            about(code, &detail, &page.id)
        };
        let mut warnings: Vec<Value> = self.left_out().iter().map(left_out).collect();
        let own = &ENGLISH.of(&PAGE).connected;
        let kept = self.linked.kept.iter();
        warnings.extend(kept.map(|id| about("kept_existing", own.kept, id.as_str())));
        for id in &self.linked.linked {
            if let Err(unready) = self.seen(id).0 {
                warnings.push(about("not_receiving_messages", ENGLISH.unready(&PAGE, unready), id.as_str()));
            }
        }
        if self.found.truncated {
            warnings.push(json!({ "code": "truncated", "detail": own.truncated }));
        }
        warnings
    }
}
