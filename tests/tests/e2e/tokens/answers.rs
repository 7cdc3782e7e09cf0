//! Shopify's answers at a renewal that bring no pair.

use e2e::faults::Fault;
use serde_json::json;

/// An answer as a page.
pub(crate) fn html(status: u16, title: &str) -> Fault {
    let body = format!("<html><head><title>{title}</title></head><body><div>Oops</div><div>{title}</div></body></html>");
    Fault::Reply { status, content_type: "text/html", body }
}

/// The token endpoint's own form of an error.
pub(crate) fn error(status: u16, error: &str) -> Fault {
    Fault::json(status, &json!({"error": error, "error_description": "in Shopify's words"}))
}

/// Answers that say nothing about the token, with what the bot is told; all but silence, which takes its time.
pub(crate) fn passing() -> Vec<(&'static str, Fault, &'static str)> {
    let mut faults: Vec<(&str, Fault, &str)> = Fault::matrix()
        .into_iter()
        .filter(|(_, fault)| !matches!(fault, Fault::Hang))
        .map(|(name, fault)| (name, fault, if name == "429" { "throttled" } else { "provider_error" }))
        .collect();
    faults.extend([
        ("lost reply", Fault::LostReply, "provider_error"),
        ("430", error(430, "throttled"), "throttled"),
        ("402", Fault::json(402, &json!({"errors": "Payment Required"})), "shop_frozen"),
        ("423", html(423, "Locked"), "shop_locked"),
        ("404", Fault::json(404, &json!({"errors": "Not Found"})), "provider_error"),
        ("403", html(403, "Forbidden"), "provider_error"),
        ("401 of a gateway", html(401, "Authorization Required"), "provider_error"),
        ("401 without words", Fault::json(401, &json!({})), "provider_error"),
        ("400 invalid_request", error(400, "invalid_request"), "provider_error"),
        ("500 with fatal words", error(500, "invalid_grant"), "provider_error"),
        ("503", html(503, "This request requires an active refresh_token"), "provider_error"),
        ("520", html(520, ""), "provider_error"),
        ("200 with an error", error(200, "invalid_grant"), "provider_error"),
        (
            "200 of an empty token",
            Fault::json(200, &json!({"access_token": "", "refresh_token": "r", "expires_in": 3600})),
            "provider_error",
        ),
        ("200 of a person's token", Fault::edit(|answer| answer["associated_user"] = json!({"id": 1})), "provider_error"),
        ("200 of null", Fault::json(200, &json!(null)), "provider_error"),
    ]);
    faults
}
