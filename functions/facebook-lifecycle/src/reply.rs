//! What Facebook and the person are told. Nothing in it says who the person is.

use serde_json::{Value, json};
use shared::{
    reply::{Page, Reply},
    request::Request,
    store::{
        departures::{Asked, Departure},
        events::rfc3339,
    },
};
use uuid::Uuid;

use crate::DELETION;

/// To Facebook, after the app was removed. Its answer is not read.
pub(crate) fn deauthorized() -> Reply {
    Reply::json_ok(&json!({ "status": "ok" }))
}

/// To Facebook, which passes both on to the person.
pub(crate) fn deletion(origin: &str, code: Uuid) -> Reply {
    let code = code.simple();
    Reply::json_ok(&json!({ "url": format!("{origin}{DELETION}/{code}"), "confirmation_code": code.to_string() }))
}

/// To the person: what was deleted, and when.
pub(crate) fn status(request: &Request, departure: &Departure) -> Reply {
    let received_at = rfc3339(departure.received_at);
    let done_at = departure.done_at.map(rfc3339);
    let (status, title, text) = match (departure.asked, &done_at) {
        (_, None) => (
            "in_progress",
            "Your data is being deleted",
            "Your request has arrived. What is left of it is done within minutes; open this page again then.".to_owned(),
        ),
        (Asked::Deletion, Some(_)) if departure.records == 0 => (
            "complete",
            "Nothing about you is kept here",
            "We looked for everything that could have been kept because of your Facebook login. There was nothing.".to_owned(),
        ),
        (Asked::Deletion, Some(_)) => (
            "complete",
            "Your data was deleted",
            "Everything that was kept because of your Facebook login was deleted: your id, the access tokens that you gave, and the ids and names of the Pages that were connected with them."
                .to_owned(),
        ),
        // The same message had come as the removal of the app, and can't ask for more by coming again.
        (Asked::Deauthorize, Some(_)) => (
            "tokens_deleted",
            "Your access was deleted",
            "This request came when you removed the app: the access tokens that you gave were deleted then. The names of your Pages stay in the lists of the stores they were \
             connected to. To have those deleted as well, send a new request for deletion in your Facebook settings, under Apps and Websites."
                .to_owned(),
        ),
    };
    let mut page = Page::new(title).paragraph(text.clone()).paragraph(format!("Requested: {received_at}"));
    if let Some(done_at) = &done_at {
        page = page.paragraph(format!("Deleted: {done_at}")).paragraph(format!("Records deleted: {}", departure.records));
    }
    page = page.paragraph(format!("Confirmation code: {}", departure.code.simple()));
    let json = json!({
        "confirmation_code": departure.code.simple().to_string(),
        "status": status,
        "detail": text,
        "requested_at": received_at,
        "deleted_at": done_at,
        "records": done_at.as_ref().map_or(Value::Null, |_| departure.records.into()),
    });
    Reply::ok(request, &page, &json)
}
