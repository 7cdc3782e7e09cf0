use super::*;
use crate::facts::{Deletion, NextStep, StoreState};
use crate::pages::{Connections, DeletionStatus, StoreEntry, Times};
use crate::providers::{NEXT, PLATFORMS};

fn request(accept: &str, languages: &str) -> Request {
    Request::from_event(
        &json!({ "headers": { "accept": accept, "accept-language": languages }, "requestContext": { "http": { "method": "GET" } } }),
    )
}

fn sent(reply: Reply) -> (HeaderMap, String) {
    let response = reply.into_response(false);
    let Some(Body::Text(body)) = response.body else { panic!("no body") };
    (response.headers, body)
}

fn connections(csrf_token: Option<String>) -> Connections {
    let store = StoreEntry { domain: "acme.myshopify.com".to_owned(), name: None, state: StoreState::Active, times: Times::default() };
    Connections { store, kinds: vec![NEXT], accounts: Vec::new(), csrf_token, notice: None }
}

#[test]
fn pages_come_in_the_readers_language_and_json_in_english() {
    let status = DeletionStatus {
        kind: NEXT,
        deletion: Deletion::InProgress,
        requested_at: String::new(),
        deleted_at: None,
        records: 0,
        code: String::new(),
    };
    let error = Error::of(Code::NotFound).leading_to(NextStep::connections());
    for (accept, languages, tag) in [
        ("text/html", "de-AT, en;q=0.5", "de"),
        ("text/html", "", "en"),
        ("text/html", "nl", "en"),
        ("text/html", "pt", "pt-BR"),
        ("application/json", "de", "en"),
    ] {
        let request = request(accept, languages);
        for reply in [Reply::ok(&request, &status, &json!({})), Reply::error(&error, &request, PLATFORMS)] {
            let (headers, body) = sent(reply);
            assert_eq!(
                (headers["content-language"].as_bytes(), headers["vary"].as_bytes()),
                (tag.as_bytes(), &b"Accept, Accept-Language, Cookie"[..])
            );
            assert_eq!(body.contains(&format!("<html lang=\"{tag}\">")), accept == "text/html", "{body}");
            assert_eq!(headers["referrer-policy"], "no-referrer");
        }
    }
    let (_, body) = sent(Reply::error(&error, &request("application/json", "de"), PLATFORMS));
    let problem: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        problem,
        json!({
            "type": "about:blank", "title": "Nothing here", "status": 404, "detail": "There is nothing at this address. Please check the link.",
            "code": "not_found", "next": "/connections",
        })
    );
}

#[test]
fn only_a_page_with_a_form_sends_a_referrer_to_its_own_host() {
    let policy = |page: Connections, accept: &str| {
        let (headers, _) = sent(Reply::ok(&request(accept, ""), &page, &json!({})));
        headers["referrer-policy"].to_str().unwrap().to_owned()
    };
    assert_eq!(policy(connections(Some("t".to_owned())), "text/html"), "same-origin");
    assert_eq!(policy(connections(Some("t".to_owned())), "application/json"), "no-referrer");
    assert_eq!(policy(connections(None), "text/html"), "no-referrer");
}

/// RFC 9700 section 4.12.
#[test]
fn a_form_is_answered_by_a_redirect_to_get() {
    let response = Reply::see_other("/connections").into_response(true);
    assert_eq!((response.status_code, response.headers["location"].to_str().unwrap()), (303, "/connections"));
    assert!(response.headers.contains_key("strict-transport-security") && response.body.is_none());
}

#[test]
fn a_reply_knows_its_status() {
    let error = Error::of(Code::NotFound);
    let replies = [
        Reply::json_ok(&json!({})),
        Reply::redirect(String::new()),
        Reply::see_other("/"),
        Reply::error(&error, &request("", ""), PLATFORMS),
    ];
    assert_eq!(replies.map(|reply| reply.status()), [200, 302, 303, 404]);
}
