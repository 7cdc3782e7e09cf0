//! What is measured, and how it stands in a log line: the line that each request and invocation ends with carries its own metrics, in CloudWatch's embedded metric
//! format, so that measuring takes no call and no second line.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
//!
//! Each combination of a metric with the values of its dimensions is paid by the month, so a dimension is never anything that has many values.

use serde::Serialize;

use crate::{Code, calls::Done};

/// Where the metrics stand unless `METRICS_NAMESPACE` says otherwise. A deployed stack has one of its own, so that two of one account do not add up.
pub const NAMESPACE: &str = "MessengerLink";

/// A metric takes no more values than this from one line.
const MOST_VALUES: usize = 100;

/// A metric; it stands in the line under its name, and its dimensions are fields of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `Count` or `Milliseconds`.
    pub unit: &'static str,
    /// The fields that tell its values apart.
    pub dimensions: &'static [&'static str],
}

impl Metric {
    const fn count(name: &'static str, dimensions: &'static [&'static str]) -> Self {
        Self { name, unit: "Count", dimensions }
    }

    const fn time(name: &'static str, dimensions: &'static [&'static str]) -> Self {
        Self { name, unit: "Milliseconds", dimensions }
    }
}

const NONE: &[&str] = &[];
const BY_FUNCTION: &[&str] = &["function"];

/// A browser was sent to the provider.
pub const LINKS_STARTED: Metric = Metric::count("LinksStarted", BY_FUNCTION);
/// A link was made.
pub const LINKS_FINISHED: Metric = Metric::count("LinksFinished", BY_FUNCTION);
/// An error reply, by its code.
pub const FAILURES: Metric = Metric::count("Failures", &["function", "outcome"]);
/// 1 where the fault is ours or a provider's, 0 with every other reply: its average is the error rate.
pub const FAULTS: Metric = Metric::count("Faults", BY_FUNCTION);
/// From the start of an instance until it was ready; once in its life, so the number of values is that of the cold starts.
pub const INIT_TIME: Metric = Metric::time("InitTime", BY_FUNCTION);
/// Each call to Shopify.
pub const SHOPIFY_LATENCY: Metric = Metric::time("ShopifyLatency", NONE);
/// Calls to Shopify without an answer, or with one that says that Shopify can't.
pub const SHOPIFY_ERRORS: Metric = Metric::count("ShopifyErrors", NONE);
/// Each call to Facebook.
pub const FACEBOOK_LATENCY: Metric = Metric::time("FacebookLatency", NONE);
/// Calls to Facebook without an answer, or with one that says that Facebook can't.
pub const FACEBOOK_ERRORS: Metric = Metric::count("FacebookErrors", NONE);
/// Each operation on the tables, the repetitions of the SDK included.
pub const DYNAMODB_LATENCY: Metric = Metric::time("DynamoDBLatency", NONE);
/// Pairs of tokens that Shopify renewed.
pub const SHOPIFY_REFRESHED: Metric = Metric::count("ShopifyRefreshed", NONE);
/// Renewals that Shopify or the tables failed; the token is not dead for that.
pub const SHOPIFY_REFRESH_FAILED: Metric = Metric::count("ShopifyRefreshFailed", NONE);
/// Stores that only their merchant can link again.
pub const SHOPIFY_RECONNECT_NEEDED: Metric = Metric::count("ShopifyReconnectNeeded", NONE);
/// Tokens of persons that were exchanged in time.
pub const FACEBOOK_REFRESHED: Metric = Metric::count("FacebookRefreshed", NONE);
/// Exchanges that failed; the token is not dead for that.
pub const FACEBOOK_REFRESH_FAILED: Metric = Metric::count("FacebookRefreshFailed", NONE);
/// Pages that only their merchant can link again.
pub const FACEBOOK_RECONNECT_NEEDED: Metric = Metric::count("FacebookReconnectNeeded", NONE);
/// Runs of the keeper that came to their end.
pub const KEEPER_RUNS: Metric = Metric::count("KeeperRuns", NONE);
/// What was due in a run.
pub const KEEPER_DUE: Metric = Metric::count("KeeperDue", NONE);
/// What a run left over.
pub const KEEPER_REMAINING: Metric = Metric::count("KeeperRemaining", NONE);
/// What could not be judged in a run.
pub const KEEPER_FAILED: Metric = Metric::count("KeeperFailed", NONE);
/// The keeper's brake held deaths back.
pub const TOO_MANY_DEAD: Metric = Metric::count("TooManyDead", NONE);
/// A provider refused our own credentials.
pub const CREDENTIALS_REFUSED: Metric = Metric::count("CredentialsRefused", NONE);

/// All of them.
pub const ALL: [Metric; 22] = [
    LINKS_STARTED,
    LINKS_FINISHED,
    FAILURES,
    FAULTS,
    INIT_TIME,
    SHOPIFY_LATENCY,
    SHOPIFY_ERRORS,
    FACEBOOK_LATENCY,
    FACEBOOK_ERRORS,
    DYNAMODB_LATENCY,
    SHOPIFY_REFRESHED,
    SHOPIFY_REFRESH_FAILED,
    SHOPIFY_RECONNECT_NEEDED,
    FACEBOOK_REFRESHED,
    FACEBOOK_REFRESH_FAILED,
    FACEBOOK_RECONNECT_NEEDED,
    KEEPER_RUNS,
    KEEPER_DUE,
    KEEPER_REMAINING,
    KEEPER_FAILED,
    TOO_MANY_DEAD,
    CREDENTIALS_REFUSED,
];

/// What one line says of a metric.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Values {
    One(u64),
    Many(Vec<u64>),
}

/// The members of a line for what was done: the values under their names, and `_aws`, which says that they are metrics. Without the braces around them.
pub(crate) fn members(namespace: &str, at_millis: u64, failure: Option<Code>, init: Option<u64>, done: &Done) -> String {
    let mut measured: Vec<(Metric, Values)> = vec![(FAULTS, Values::One(u64::from(failure.is_some_and(|code| code.status() >= 500))))];
    if failure.is_some() {
        measured.push((FAILURES, Values::One(1)));
    }
    measured.extend(init.map(|millis| (INIT_TIME, Values::One(millis))));
    for (platform, latency, errors) in [
        ("shopify.", SHOPIFY_LATENCY, Some(SHOPIFY_ERRORS)),
        ("facebook.", FACEBOOK_LATENCY, Some(FACEBOOK_ERRORS)),
        ("dynamodb.", DYNAMODB_LATENCY, None),
    ] {
        let times: Vec<u64> =
            done.calls.iter().filter(|(name, _)| name.starts_with(platform)).map(|(_, millis)| *millis).take(MOST_VALUES).collect();
        if times.is_empty() {
            continue;
        }
        measured.push((latency, Values::Many(times)));
        // Also when there was none, so that a share of the calls can be told.
        measured.extend(errors.map(|errors| (errors, Values::One(done.count_of(&errors)))));
    }
    let of_calls = [SHOPIFY_ERRORS, FACEBOOK_ERRORS];
    let counted = done.counts.iter().filter(|(metric, _)| !of_calls.contains(metric));
    measured.extend(counted.map(|(metric, count)| (*metric, Values::One(*count))));
    written(namespace, at_millis, &measured)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata<'a> {
    timestamp: u64,
    cloud_watch_metrics: Vec<Directive<'a>>,
}

/// Metrics with the same dimensions.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'a str,
    dimensions: [&'static [&'static str]; 1],
    metrics: Vec<Definition>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: &'static str,
    unit: &'static str,
}

fn written(namespace: &str, timestamp: u64, measured: &[(Metric, Values)]) -> String {
    let mut directives: Vec<Directive<'_>> = Vec::new();
    let mut text = String::new();
    for (metric, values) in measured {
        let definition = Definition { name: metric.name, unit: metric.unit };
        match directives.iter_mut().find(|directive| directive.dimensions == [metric.dimensions]) {
            Some(directive) => directive.metrics.push(definition),
            None => directives.push(Directive { namespace, dimensions: [metric.dimensions], metrics: vec![definition] }),
        }
        text += &format!("\"{}\":{},", metric.name, json(values));
    }
    let metadata = Metadata { timestamp, cloud_watch_metrics: directives };
    text + "\"_aws\":" + &json(&metadata)
}

/// None of these types can fail to be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

#[cfg(test)]
mod tests;
