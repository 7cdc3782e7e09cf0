//! What Facebook sends when somebody leaves: the removal of the app, and the wish to have one's data deleted. Both are the same signed text; only the URL differs
//! (Facebook Login, data deletion callback).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::LocalFacebook;
use super::graph::Facebook;
use super::webhook::{INBOX, ask};
use crate::consent;
use crate::gateway::Request;
use crate::provider::{RecordedRequest, Reply, first, hmac_sha256, lock};

/// A payload as Facebook signs it.
#[must_use]
pub fn signed_request(app_secret: &str, payload: &Value) -> String {
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    format!("{}.{payload}", URL_SAFE_NO_PAD.encode(hmac_sha256(app_secret.as_bytes(), payload.as_bytes())))
}

/// The form that brings a signed request to a route.
#[must_use]
pub fn delivery(route: &str, signed_request: &str) -> Request {
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("signed_request", signed_request).finish();
    Request::get(route).with_method("POST").with_body("application/x-www-form-urlencoded", form)
}

impl LocalFacebook {
    /// What a person's leave at this moment is signed as.
    #[must_use]
    pub fn signed_leave(&self, person: &str) -> String {
        self.signed_leave_at(person, self.now())
    }

    /// The same at another time.
    #[must_use]
    pub fn signed_leave_at(&self, person: &str, issued_at: i64) -> String {
        self.signed(&json!({ "algorithm": "HMAC-SHA256", "expires": issued_at + 3600, "issued_at": issued_at, "user_id": person }))
    }

    /// What a Page's removal of the app is signed as: nobody signs it.
    #[must_use]
    pub fn signed_leave_of_page(&self, page: &str) -> String {
        self.signed(&json!({ "algorithm": "HMAC-SHA256", "issued_at": self.now(), "profile_id": page, "user_id": "0" }))
    }

    /// Any payload, signed with the app's secret.
    #[must_use]
    pub fn signed(&self, payload: &Value) -> String {
        signed_request(&self.facebook.app.app_secret, payload)
    }
}

/// The buttons of a person's settings, the payload's route for each, and what they say.
const BUTTONS: [(&str, &str, &str); 2] = [
    ("remove_app", "/facebook/deauthorize", "Remove the app"),
    ("delete_data", "/facebook/data-deletion", "Remove the app and delete my data"),
];

impl Facebook {
    /// `GET /settings`: everybody, with the buttons by which they leave the app, and what the app answered so far.
    pub(super) fn settings(&self) -> Reply {
        let state = lock(&self.state);
        let form = |id: &String, name: &str| {
            let linked = if state.grants.contains_key(id) { "uses the app" } else { "does not use the app" };
            let buttons: String = BUTTONS.iter().map(|(decision, _, label)| consent::decision(decision, label)).collect();
            let fields = consent::hidden("person", id) + &buttons;
            format!("<form method=\"post\" action=\"/settings\"><p><strong>{}</strong> {linked}</p>{fields}</form>", consent::escape(name))
        };
        let people: String = state.people.iter().map(|(id, person)| form(id, &person.name)).collect();
        let answers: String = lock(&state.answers)
            .iter()
            .map(|answer| match answer["url"].as_str().map(consent::escape) {
                Some(url) => format!("<li><a class=\"status\" href=\"{url}\">What became of it</a></li>"),
                None => format!("<li>{}</li>", consent::escape(&answer.to_string())),
            })
            .collect();
        let inbox = format!("<p><a id=\"inbox\" href=\"{INBOX}\">Where customers write to Pages</a></p>");
        let body = format!("{inbox}{people}<p>What the app answered (reload for more):</p><ul id=\"answers\">{answers}</ul>");
        Reply::html(200, consent::page("Facebook", "Apps and websites", &body))
    }

    /// `POST /settings`: the grant ends here, and the app is told in a delivery of its own.
    pub(super) fn leave(&self, request: &RecordedRequest) -> Reply {
        let form = request.form();
        let decision = first(&form, "decision").unwrap_or_default();
        let Some((_, route, _)) = BUTTONS.iter().find(|(id, ..)| *id == decision) else { return self.settings() };
        let person = first(&form, "person").unwrap_or_default();
        let answers = {
            let mut state = lock(&self.state);
            state.grants.remove(person);
            std::sync::Arc::clone(&state.answers)
        };
        let issued_at = self.provider.now();
        let payload = json!({ "algorithm": "HMAC-SHA256", "expires": issued_at + 3600, "issued_at": issued_at, "user_id": person });
        let delivery = delivery(route, &signed_request(&self.app.app_secret, &payload));
        let url = format!("{}{route}", self.app.origin());
        tokio::spawn(async move {
            let answer = ask(&url, delivery).await.and_then(|(_, body)| serde_json::from_slice(&body).ok());
            let answer = answer.unwrap_or_else(|| json!("no answer"));
            lock(&answers).push(answer);
        });
        Reply::redirect(303, "/settings".to_owned())
    }
}
