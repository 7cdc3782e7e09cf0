use serde_json::{Value, json};

use super::*;
use crate::calls::Call;
use crate::metrics::{LINKS_FINISHED, REFUSED_SIGNATURES};
use crate::providers::{facebook, shopify};

fn line(failure: Option<Code>, init: Option<u64>, done: &Done) -> Value {
    let failure = failure.map(|code| Failure::of(&Error::of(code)));
    serde_json::from_str(&format!("{{{}}}", members("stack", 1_700_000_000_123, failure, init, done))).unwrap()
}

fn done(calls: &[(Call, u64)], counts: &[(Metric, u64)]) -> Done {
    Done { calls: calls.to_vec(), counts: counts.to_vec() }
}

#[test]
fn a_line_declares_its_metrics_and_their_dimensions() {
    let shopify = |name| Call::to(&shopify::PLATFORM, name);
    let calls =
        [("dynamodb.claim".into(), 4), (shopify("token"), 200), ("secretsmanager.get_secret_value".into(), 9), (shopify("graphql"), 90)];
    let line = line(None, Some(31), &done(&calls, &[(shopify::PLATFORM.metrics.errors, 1), (LINKS_FINISHED, 1)]));
    let expected = json!({
        "Faults": 0, "InitTime": 31, "LinksFinished": 1,
        "ShopifyLatency": [200, 90], "ShopifyCalls": 2, "ShopifyErrors": 1, "DynamoDBLatency": [4],
        "_aws": { "Timestamp": 1_700_000_000_123_u64, "CloudWatchMetrics": [
            { "Namespace": "stack", "Dimensions": [["function"], []], "Metrics": [{ "Name": "Faults", "Unit": "Count" }] },
            { "Namespace": "stack", "Dimensions": [["function"]], "Metrics": [
                { "Name": "InitTime", "Unit": "Milliseconds" }, { "Name": "LinksFinished", "Unit": "Count" },
            ]},
            { "Namespace": "stack", "Dimensions": [[]], "Metrics": [
                { "Name": "ShopifyLatency", "Unit": "Milliseconds" }, { "Name": "ShopifyCalls", "Unit": "Count" },
                { "Name": "ShopifyErrors", "Unit": "Count" }, { "Name": "DynamoDBLatency", "Unit": "Milliseconds" },
            ]},
        ]},
    });
    assert_eq!(line, expected);
}

#[test]
fn a_failure_is_reported_by_code_and_only_real_faults_as_faults() {
    let refused = line(Some(Code::AccessDenied), None, &Done::default());
    assert_eq!((&refused["Failures"], &refused["Faults"]), (&json!(1), &json!(0)));
    let by_code =
        json!({ "Namespace": "stack", "Dimensions": [["function", "outcome"]], "Metrics": [{ "Name": "Failures", "Unit": "Count" }] });
    assert!(refused["_aws"]["CloudWatchMetrics"].as_array().unwrap().contains(&by_code), "{refused}");
    let fault = line(Some(Code::ProviderTimeout), None, &Done::default());
    assert_eq!((&fault["Failures"], &fault["Faults"]), (&json!(1), &json!(1)));
    // Refused signatures have a metric of their own: most of them have no line.
    let unsigned = line(Some(Code::InvalidSignature), None, &done(&[], &[(REFUSED_SIGNATURES, 7)]));
    assert_eq!((&unsigned["Failures"], &unsigned["Faults"], &unsigned["RefusedSignatures"]), (&Value::Null, &json!(0), &json!(7)));
    let fine = line(None, None, &Done::default());
    assert_eq!((&fine["Failures"], &fine["Faults"]), (&Value::Null, &json!(0)));
}

#[test]
fn a_provider_counts_zero_errors_if_it_answers_and_nothing_if_not_called() {
    let line = line(None, None, &done(&[(Call::to(&facebook::PLATFORM, "page"), 3)], &[]));
    assert_eq!((&line["FacebookErrors"], &line["ShopifyErrors"], &line["ShopifyLatency"]), (&json!(0), &Value::Null, &Value::Null));
}

#[test]
fn metrics_are_capped_at_the_formats_limit_but_calls_are_counted() {
    let calls: Vec<_> = (0..250).map(|millis| (Call::to(&facebook::PLATFORM, "page"), millis)).collect();
    let line = line(None, None, &done(&calls, &[(facebook::PLATFORM.metrics.errors, 125)]));
    assert_eq!(line["FacebookLatency"].as_array().map(Vec::len), Some(100));
    assert_eq!((&line["FacebookCalls"], &line["FacebookErrors"]), (&json!(250), &json!(125)));
}
