//! What Facebook sends when somebody leaves: the removal of the app, and the wish to have one's data deleted. Both are the same signed text; only the URL differs
//! (Facebook Login, data deletion callback).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::LocalFacebook;
use crate::gateway::Request;
use crate::provider::hmac_sha256;

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
