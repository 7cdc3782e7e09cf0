//! What the log lines are: JSON with time and level, one outcome per request, nothing of path and query.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::leaks::trace::Ended;

const ROUTES: [&str; 8] = [
    "/shopify/{shop_name}/login",
    "/shopify/login",
    "/shopify/callback",
    "/facebook/login",
    "/facebook/callback",
    "/connections",
    "/connections/disconnect",
    "none",
];

pub(crate) fn check(ended: &Ended) {
    let logs = ended.world.logs();
    let lines: Vec<Value> =
        logs.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}"))).collect();
    for line in &lines {
        let time = line["timestamp"].as_str().unwrap_or_default();
        assert!(time.starts_with("20") && time.ends_with('Z') && time.len() >= 20, "no time in UTC: {line}");
        assert!(matches!(line["level"].as_str(), Some("INFO" | "WARN" | "ERROR")), "no level: {line}");
    }
    let outcomes: Vec<&Value> = lines.iter().filter(|line| line["message"] == "request").collect();
    assert_eq!(outcomes.len(), ended.replies.len(), "one outcome for each request");
    let ids: BTreeSet<&str> = outcomes.iter().filter_map(|line| line["request_id"].as_str()).collect();
    assert_eq!(ids.len(), outcomes.len(), "a request id in each outcome");
    for line in &outcomes {
        assert!(ROUTES.contains(&line["route"].as_str().unwrap_or_default()), "{line}");
        assert!(line["status"].is_u64() && line["outcome"].is_string() && line["duration_ms"].is_u64(), "{line}");
    }
    let logged = |status: u64| outcomes.iter().filter(|line| line["status"] == status).count();
    for status in [200, 302, 400, 403, 409, 502, 503] {
        let sent = ended.replies.iter().filter(|(_, page)| u64::from(page.status()) == status).count();
        assert_eq!(logged(status), sent, "outcomes with {status}");
        assert!(sent > 0, "no flow ended with {status}");
    }
    let linked = outcomes.iter().filter(|line| line["status"] == 200);
    for line in linked {
        let calls = line["calls_ms"].as_str().unwrap_or_default();
        let wanted: &[&str] = match line["route"].as_str() {
            Some("/facebook/login") => &["dynamodb.session="],
            Some("/connections") => &["dynamodb.session=", "dynamodb.everything="],
            Some("/shopify/callback") => &["shopify.token=", "dynamodb.claim=", "dynamodb.link_store="],
            _ => &["facebook.code_exchange=", "facebook.long_lived_exchange=", "dynamodb.claim=", "dynamodb.link_pages="],
        };
        assert!(wanted.iter().all(|call| calls.contains(call)), "not the duration of each remote call: {line}");
    }
    // Names of stores, people and Pages stand in paths, queries and answers; a log needs none of them.
    for word in ["acme", "foreign-store", "Jo Doe", "Acme Store", "?", "hmac=", "state="] {
        let told: Vec<&str> = logs.lines().filter(|line| line.contains(word)).collect();
        assert!(told.is_empty(), "{word:?} in {told:?}");
    }
}
