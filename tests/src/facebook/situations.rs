//! What somebody at the dialog can arrange to play a case by hand: grants that leave Pages out, limits, subscriptions, conversations, errors by number.

use serde_json::json;

use super::graph::{Facebook, State};
use super::{APP_FIELDS, Quirk};
use crate::consent;
use crate::faults::{Fault, Times};
use crate::provider::{first, lock};

/// Errors of the Graph API that a call can be made to answer with: code and subcode (Graph API, error handling).
const ERRORS: &[&str] = &[
    "1",
    "4",
    "10",
    "10/2018278",
    "10/2018300",
    "17",
    "32",
    "100",
    "102",
    "190/458",
    "190/460",
    "190/463",
    "190/492",
    "200",
    "368",
    "551",
    "613",
    "803",
    "2635",
    "2642",
    "80006",
    "33",
    "80007",
    "130429",
    "131031",
    "133005",
    "133006",
    "133008",
    "133009",
    "133010",
    "133015",
    "133016",
];

impl Facebook {
    /// The part of the dialog's form.
    pub(super) fn situations(&self, state: &State, person: &str, asked: &[String]) -> String {
        let pages: Vec<(String, String)> = state.pages_of(person).into_iter().map(|page| (page.id, page.name)).collect();
        let pages: Vec<(&str, &str)> = pages.iter().map(|(id, name)| (id.as_str(), name.as_str())).collect();
        let mut content: String = asked
            .iter()
            .filter(|permission| permission.starts_with("pages_"))
            .map(|permission| select(&format!("left_out-{permission}"), &format!("Grant {permission} for all chosen Pages but"), &pages))
            .collect();
        content += &select("usage", "The app has used of its limit", &[("90", "90 %"), ("97", "97 %")]);
        content += &select("webhook", "The app's own webhook listens to", &[("none", "nothing"), ("feed", "other fields only")]);
        content += &select("kept", "Subscriptions of Pages are", &[("no", "taken, but not kept")]);
        content += &select("conversations", "Conversations of the Pages are", &[("shared", "shared with other apps")]);
        content += &self.error_choice();
        consent::group("Situations", &content)
    }

    /// The choice of an error that a call is answered with.
    pub(super) fn error_choice(&self) -> String {
        let calls: Vec<(&str, &str)> = self.provider.calls().into_iter().map(|call| (call, call)).collect();
        let errors: Vec<(&str, &str)> = ERRORS.iter().map(|error| (*error, *error)).collect();
        select("error_call", "Answer one call of", &calls) + &select("error", "with the error (code/subcode)", &errors)
    }

    /// Arranges what was chosen there.
    pub(super) fn arrange_error(&self, form: &[(String, String)]) {
        if let (Some(call), Some(error)) = (first(form, "error_call"), first(form, "error"))
            && self.provider.calls().contains(&call)
            && !error.is_empty()
        {
            self.provider.switch_on(call, numbered(error), Times::Once);
        }
    }

    /// Arranges what the form says, all of it anew; returns which permission leaves which Page out. A form without these fields changes nothing.
    pub(super) fn arrange(&self, form: &[(String, String)]) -> Vec<(String, String)> {
        let chosen = |name: &str| first(form, name).filter(|value| !value.is_empty());
        let mut state = lock(&self.state);
        if first(form, "usage").is_some() {
            state.usage_percent = chosen("usage").and_then(|percent| percent.parse().ok()).unwrap_or_default();
        }
        if first(form, "webhook").is_some() {
            state.listen_to(match chosen("webhook") {
                None => Some(&APP_FIELDS),
                Some("none") => None,
                Some(_) => Some(&["feed"]),
            });
        }
        if first(form, "kept").is_some() {
            let pages: Vec<String> = state.pages.keys().cloned().collect();
            state.quirks.retain(|quirk| !matches!(quirk, Quirk::SubscriptionNotKept(_)));
            if chosen("kept").is_some() {
                state.quirks.extend(pages.into_iter().map(Quirk::SubscriptionNotKept));
            }
        }
        if first(form, "conversations").is_some() {
            let shared = chosen("conversations").is_some();
            let pages: Vec<String> = state.pages.keys().cloned().collect();
            state.routing = pages.into_iter().map(|page| (page, Some(shared))).collect();
        }
        drop(state);
        self.arrange_error(form);
        let left_out = form.iter().filter_map(|(name, page)| Some((name.strip_prefix("left_out-")?.to_owned(), page.clone())));
        left_out.filter(|(_, page)| !page.is_empty()).collect()
    }
}

/// An error by its number: `code` or `code/subcode`.
fn numbered(error: &str) -> Fault {
    let (code, subcode) = error.split_once('/').unwrap_or((error, ""));
    let mut body = json!({
        "message": "Arranged at the local Facebook", "type": "OAuthException", "code": code.parse::<u32>().unwrap_or_default(),
        "fbtrace_id": "AlocalTrace0000000000",
    });
    if let Ok(subcode) = subcode.parse::<u32>() {
        body["error_subcode"] = json!(subcode);
    }
    Fault::json(400, &json!({ "error": body }))
}

/// A choice of a form, nothing chosen at first.
pub(super) fn select(name: &str, label: &str, options: &[(&str, &str)]) -> String {
    let option = |(value, text): &(&str, &str)| format!("<option value=\"{}\">{}</option>", consent::escape(value), consent::escape(text));
    let options: String = options.iter().map(option).collect();
    format!("<label>{label} <select name=\"{name}\" id=\"{name}\"><option value=\"\">-</option>{options}</select></label>")
}
