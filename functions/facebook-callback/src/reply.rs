//! What the merchant sees once the Pages are connected: each one with what became of it.

use serde_json::{Value, json};
use shared::{
    next::NextStep,
    providers::facebook::pages::{PageId, Pages},
    reply::{Item, Page, Reply},
    request::Request,
    store::{pages::PagesLinked, sessions::Session},
};

/// The reply to a link that stands.
pub(crate) fn linked(request: &Request, session: &Session, found: &Pages, linked: &PagesLinked) -> Reply {
    let pages: Vec<Value> = found
        .found
        .iter()
        .filter(|page| linked.linked.contains(&page.id))
        .map(|page| {
            let status = if linked.moved.contains(&page.id) { "moved" } else { "linked" };
            json!({"id": page.id.as_str(), "name": page.name, "category": page.category, "tasks": page.tasks, "status": status})
        })
        .collect();
    let warnings = warnings(found, linked);
    let page = page(found, linked, &warnings, session);
    let body = json!({
        "user_uuid": session.user_uuid.to_string(),
        "shop": session.shop,
        "pages": {"data": pages, "paging": {}},
        "warnings": warnings.iter().map(Warning::json).collect::<Vec<_>>(),
    });
    Reply::ok(request, &page, &body)
}

/// Something that is not as the merchant may expect.
struct Warning<'a> {
    code: &'static str,
    detail: &'static str,
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

fn warnings<'a>(found: &'a Pages, linked: &'a PagesLinked) -> Vec<Warning<'a>> {
    let about = |code, detail| move |page_id| Warning { code, detail, page_id: Some(page_id) };
    let without_token = found.found.iter().filter(|page| page.access_token.is_none()).map(|page| &page.id);
    let mut warnings: Vec<Warning<'a>> = Vec::new();
    warnings
        .extend(without_token.map(about("insufficient_tasks", "Your role on this Page does not allow the assistant to answer for it.")));
    warnings.extend(found.unreadable.iter().map(about("unreadable", "This Page was granted, but Facebook did not let us read it.")));
    warnings.extend(
        linked
            .held_elsewhere
            .iter()
            .map(about("held_elsewhere", "Another store holds this Page. Start again and choose to move it, if it belongs here.")),
    );
    warnings.extend(linked.kept.iter().map(about("kept_existing", "This Page stays connected through a person who may do more on it.")));
    if found.truncated {
        warnings.push(Warning {
            code: "truncated",
            detail: "Facebook's list of Pages did not come to its end; some may be missing.",
            page_id: None,
        });
    }
    warnings
}

fn page(found: &Pages, linked: &PagesLinked, warnings: &[Warning<'_>], session: &Session) -> Page {
    let name = |id: &PageId| found.found.iter().find(|page| page.id == *id).map_or_else(|| id.to_string(), |page| page.name.clone());
    let note = |id: &PageId| if linked.moved.contains(id) { "moved here" } else { "connected" };
    let page = Page::new("Your Pages are connected")
        .paragraph(format!("Customers who write to these Pages can now be served from {}.", session.shop))
        .items(linked.linked.iter().map(|id| Item::new(&name(id), note(id))))
        .items(warnings.iter().filter(|w| w.code != "kept_existing").filter_map(|w| Some(Item::new(&name(w.page_id?), w.detail))));
    if linked.held_elsewhere.is_empty() {
        page.paragraph("You can close this window.")
    } else {
        page.leading_to(NextStep::store_login_to_move(&session.shop))
    }
}
