//! What the browser notices: requests, answers, and everything it complains about.

use serde_json::{Value, json};

use super::Tab;

/// Beside errors the console has advice and reports of progress.
const HARMLESS: [&str; 3] = ["verbose", "info", "log"];
/// What the audits say of every redirect and of every page that nobody clicked on, which is what sign-ins and scripts of tests are made of.
const USUAL: [&str; 2] = ["BounceTrackingIssue", "NavigationEntryMarkedSkippable"];

impl Tab {
    /// The URL of every request so far.
    #[must_use]
    pub fn requested(&self) -> Vec<String> {
        let requests = self.pipe.events(&self.session, "Network.requestWillBeSent");
        requests.iter().filter_map(|event| event["request"]["url"].as_str().map(str::to_owned)).collect()
    }

    /// What the console shows as a warning or an error, scripts that failed, and the issues that the browser's own audits see: contents that the policy refused,
    /// cookies that were not taken, and so on. That a page's own status is an error is no complaint.
    #[must_use]
    pub fn complaints(&self) -> Vec<String> {
        let without_fragment = |url: &Value| url.as_str().unwrap_or_default().split('#').next().unwrap_or_default().to_owned();
        let documents: Vec<String> = self.documents().iter().map(|document| without_fragment(&document["response"]["url"])).collect();
        let is_status = |entry: &Value| {
            let text = entry["text"].as_str().unwrap_or_default();
            text.starts_with("Failed to load resource: the server responded with a status of")
                && documents.contains(&without_fragment(&entry["url"]))
        };
        let is_bad = |level: &Value| !HARMLESS.iter().any(|harmless| level == harmless);
        let logged = self.pipe.events(&self.session, "Log.entryAdded").into_iter().map(|event| event["entry"].clone());
        let logged = logged.filter(|entry| is_bad(&entry["level"]) && !is_status(entry));
        let called = self.pipe.events(&self.session, "Runtime.consoleAPICalled").into_iter().filter(|event| is_bad(&event["type"]));
        let thrown = self.pipe.events(&self.session, "Runtime.exceptionThrown");
        let audited = self.pipe.events(&self.session, "Audits.issueAdded");
        let complaints = logged.chain(called).chain(thrown).chain(audited).map(|complaint| complaint.to_string());
        complaints.filter(|complaint| !USUAL.iter().any(|usual| complaint.contains(usual))).collect()
    }

    /// The status of the page.
    #[must_use]
    pub fn status(&self) -> u64 {
        self.documents().last().and_then(|document| document["response"]["status"].as_u64()).unwrap_or_default()
    }

    /// A header of the page's answer; `name` in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> String {
        let headers = self.documents().last().map(|document| document["response"]["headers"].clone()).unwrap_or_default();
        let headers = headers.as_object().cloned().unwrap_or_default();
        let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| value.as_str()).unwrap_or_default().to_owned()
    }

    /// The page as it was sent, before the browser made sense of it.
    pub async fn source(&self) -> String {
        let documents = self.documents();
        let Some(document) = documents.last() else { return String::new() };
        let body = self.call("Network.getResponseBody", json!({"requestId": document["requestId"]})).await;
        body["body"].as_str().unwrap_or_default().to_owned()
    }

    fn documents(&self) -> Vec<Value> {
        let answers = self.pipe.events(&self.session, "Network.responseReceived").into_iter();
        answers.filter(|answer| answer["type"] == "Document").collect()
    }
}
