//! What the merchant sees once the Pages are connected: each one with what became of it.

use std::{borrow::Cow, collections::HashMap};

use serde_json::{Value, json};
use shared::{
    next::NextStep,
    providers::facebook::{
        pages::{PageId, Pages},
        subscriptions::Messaging,
    },
    reply::{Item, Page, Reply},
    request::Request,
    store::{pages::PagesLinked, sessions::Session},
};

/// All that became of the Pages of a link that stands.
pub(crate) struct Outcome<'a> {
    pub(crate) session: &'a Session,
    pub(crate) found: &'a Pages,
    /// Pages that a permission was not granted for, and what to tell about it.
    pub(crate) lacking: Vec<(PageId, String)>,
    pub(crate) linked: PagesLinked,
    pub(crate) messaging: HashMap<PageId, Messaging>,
}

/// Something that is not as the merchant may expect.
struct Warning<'a> {
    code: &'static str,
    detail: Cow<'a, str>,
    page_id: Option<&'a PageId>,
}

impl Warning<'_> {
    fn json(&self) -> Value {
        match self.page_id {
            None => json!({"code": self.code, "detail": self.detail}),
            Some(id) => json!({"code": self.code, "detail": self.detail, "page_id": id.as_str()}),
        }
    }
}

impl Outcome<'_> {
    /// The reply, as a page or as JSON.
    pub(crate) fn reply(&self, request: &Request) -> Reply {
        let warnings = self.warnings();
        let mut body = json!({
            "user_uuid": self.session.user_uuid.to_string(),
            "shop": self.session.shop,
            "pages": {"data": self.pages(), "paging": {}},
            "warnings": warnings.iter().map(Warning::json).collect::<Vec<_>>(),
        });
        let next = self.next();
        if let (Some(body), Some(next)) = (body.as_object_mut(), &next) {
            body.insert("next".to_owned(), json!(next.href));
        }
        Reply::ok(request, &self.page(&warnings, next), &body)
    }

    /// The way on, where there is more to do.
    fn next(&self) -> Option<NextStep> {
        (!self.linked.held_elsewhere.is_empty()).then(|| NextStep::store_login_to_move(&self.session.shop))
    }

    fn pages(&self) -> Vec<Value> {
        let linked = self.found.found.iter().filter(|page| self.linked.linked.contains(&page.id));
        linked
            .map(|page| {
                let status = if self.linked.moved.contains(&page.id) { "moved" } else { "linked" };
                let messaging = self.messaging.get(&page.id);
                let mut entry = json!({
                    "id": page.id.as_str(), "name": page.name, "category": page.category, "tasks": page.tasks, "status": status,
                    "messaging_ready": messaging.is_some_and(Result::is_ok),
                });
                if let (Some(entry), Some(Err(unready))) = (entry.as_object_mut(), messaging) {
                    entry.insert("messaging_reason".to_owned(), json!(unready.as_str()));
                }
                entry
            })
            .collect()
    }

    fn warnings(&self) -> Vec<Warning<'_>> {
        fn about<'a>(code: &'static str, detail: &'static str, ids: impl IntoIterator<Item = &'a PageId>) -> Vec<Warning<'a>> {
            ids.into_iter().map(|id| Warning { code, detail: detail.into(), page_id: Some(id) }).collect()
        }
        let without_token = self.found.found.iter().filter(|page| page.access_token.is_none()).map(|page| &page.id);
        let mut warnings = about(
            "insufficient_tasks",
            "Your role on this Page does not allow the assistant to answer for it. Somebody who may manage it can give you more, or connect it.",
            without_token,
        );
        warnings.extend(self.lacking.iter().map(|(id, detail)| Warning {
            code: "missing_permission",
            detail: detail.into(),
            page_id: Some(id),
        }));
        warnings.extend(about("unreadable", "This Page was granted, but Facebook did not let us read it.", &self.found.unreadable));
        warnings.extend(about("unreadable", "This Page was granted, but Facebook knows no such Page any more.", &self.found.gone));
        warnings.extend(about(
            "rate_limited",
            "Facebook asks us to wait before we read this Page. Please connect it in an hour; nothing else is lost.",
            &self.found.rate_limited,
        ));
        warnings.extend(about(
            "held_elsewhere",
            "Another store holds this Page. Start again and choose to move it, if it belongs here.",
            &self.linked.held_elsewhere,
        ));
        warnings.extend(about("kept_existing", "This Page stays connected through a person who may do more on it.", &self.linked.kept));
        for id in &self.linked.linked {
            if let Some(Err(unready)) = self.messaging.get(id) {
                warnings.push(Warning { code: "not_receiving_messages", detail: unready.detail().into(), page_id: Some(id) });
            }
        }
        if self.found.truncated {
            let detail = "Facebook's list of Pages did not come to its end; some may be missing.".into();
            warnings.push(Warning { code: "truncated", detail, page_id: None });
        }
        warnings
    }

    fn page(&self, warnings: &[Warning<'_>], next: Option<NextStep>) -> Page {
        let name =
            |id: &PageId| self.found.found.iter().find(|page| page.id == *id).map_or_else(|| id.to_string(), |page| page.name.clone());
        let note = |id: &PageId| {
            let linked = if self.linked.moved.contains(id) { "moved here" } else { "connected" };
            match self.messaging.get(id) {
                Some(Err(unready)) => format!("{linked}. {}", unready.detail()),
                _ => linked.to_owned(),
            }
        };
        // What is told beside the connected Pages above is not told again.
        let told = |warning: &&Warning<'_>| matches!(warning.code, "kept_existing" | "not_receiving_messages");
        let mut page = Page::new("Your Pages are connected")
            .paragraph(format!("Customers who write to these Pages can now be served from {}.", self.session.shop))
            .items(self.linked.linked.iter().map(|id| Item::new(&name(id), note(id))))
            .items(warnings.iter().filter(|w| !told(w)).filter_map(|w| Some(Item::new(&name(w.page_id?), w.detail.as_ref()))));
        for warning in warnings.iter().filter(|warning| warning.page_id.is_none()) {
            page = page.paragraph(warning.detail.clone().into_owned());
        }
        match next {
            Some(next) => page.leading_to(next),
            None => page.paragraph("You can close this window."),
        }
    }
}
