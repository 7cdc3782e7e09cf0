//! Replies to Facebook and to the person. Nothing in them says who the person is.

use serde_json::{Value, json};
use shared::{
    clock::rfc3339,
    facts::Deletion,
    pages::DeletionStatus,
    providers::facebook::PAGE,
    reply::Reply,
    request::Request,
    store::leave::requests::{Asked, PrivacyRequest},
    texts::ENGLISH,
};
use uuid::Uuid;

/// To Facebook, after the app was removed. Facebook ignores the body.
pub(crate) fn deauthorized() -> Reply {
    Reply::json_ok(&json!({ "status": "ok" }))
}

/// To Facebook, which passes both on to the person: the code, and its page under `status_pages`.
pub(crate) fn deletion(status_pages: &str, code: Uuid) -> Reply {
    let code = code.simple();
    Reply::json_ok(&json!({ "url": format!("{status_pages}/{code}"), "confirmation_code": code.to_string() }))
}

/// To the person: what was deleted, and when.
pub(crate) fn status(request: &Request, known: &PrivacyRequest) -> Reply {
    let (kind, requested_at) = (known.platform.account.unwrap_or(&PAGE), rfc3339(known.received_at));
    // While more may be found, an empty result so far means nothing.
    let is_looking = known.asked == Asked::Deletion && known.records == 0 && !known.settled;
    let done_at = known.done_at.filter(|_| !is_looking).map(rfc3339);
    let (status, deletion) = match (known.asked, &done_at) {
        (_, None) => ("in_progress", Deletion::InProgress),
        (Asked::Deletion, Some(_)) if known.records == 0 => ("complete", Deletion::NothingKept),
        (Asked::Deletion, Some(_)) => ("complete", Deletion::Deleted),
        // The same message first came as the removal of the app, and can't ask for more by being
        // repeated.
        (Asked::Deauthorize, Some(_)) => ("tokens_deleted", Deletion::AccessDeleted),
    };
    let code = known.code.simple().to_string();
    let json = json!({
        "confirmation_code": code,
        "status": status,
        "detail": ENGLISH.deletion(kind, deletion).text,
        "requested_at": requested_at,
        "deleted_at": done_at,
        "records": done_at.as_ref().map_or(Value::Null, |_| known.records.into()),
    });
    let page = DeletionStatus { kind, deletion, requested_at, deleted_at: done_at, records: known.records, code };
    Reply::ok(request, &page, &json)
}
