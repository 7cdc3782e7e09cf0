//! Errors in the Graph API's form: to be told apart by number, not by text.

use serde_json::json;

use crate::provider::Reply;

/// A Graph API error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GraphError {
    status: u16,
    pub(super) code: u32,
    pub(super) subcode: Option<u32>,
    pub(super) message: String,
    /// What WhatsApp says beside the message.
    details: Option<String>,
}

impl GraphError {
    pub(super) fn new(code: u32, message: impl Into<String>) -> Self {
        Self { status: 400, code, subcode: None, message: message.into(), details: None }
    }

    pub(super) fn with_subcode(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }

    /// In WhatsApp's form: its number stands in the message, and there are details (WhatsApp Cloud API, error codes).
    pub(super) fn of_whatsapp(status: u16, code: u32, title: &str, details: &str) -> Self {
        Self { status, details: Some(details.to_owned()), ..Self::new(code, format!("(#{code}) {title}")) }
    }

    /// A token that is dead for the reason that the subcode tells.
    pub(super) fn dead_token(subcode: Option<u32>) -> Self {
        let reason = match subcode {
            Some(458) => "The user has not authorized the application.",
            Some(460) => "The session has been invalidated because the user changed their password.",
            Some(463) => "Session has expired.",
            Some(492) => "The user lost their role on the Page.",
            _ => "The token is no longer valid.",
        };
        let message = format!("Error validating access token: {reason}");
        Self { status: 400, code: 190, subcode, message, details: None }
    }

    /// A permission that is missing.
    pub(super) fn forbidden(what: &str) -> Self {
        Self { status: 403, ..Self::new(200, format!("(#200) Requires {what}")) }
    }

    pub(super) fn reply(&self) -> Reply {
        let mut error = json!({
            "message": self.message, "type": "OAuthException", "code": self.code, "fbtrace_id": "AlocalTrace0000000000",
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if let Some(details) = &self.details {
            error["error_data"] = json!({ "messaging_product": "whatsapp", "details": details });
        }
        let kind = match (self.code, self.subcode) {
            (100, Some(36007..=36009)) => "invalid_code",
            (190, _) => "invalid_token",
            _ => "invalid_request",
        };
        let challenge = format!("OAuth \"Facebook Platform\" \"{kind}\" \"{}\"", self.message.replace('"', "'"));
        Reply::json(self.status, &json!({"error": error})).with_header("www-authenticate", challenge)
    }
}
