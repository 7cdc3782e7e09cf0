//! What is measured, and how it stands in a log line: the line that each request and invocation ends with carries its own metrics, in CloudWatch's embedded metric
//! format, so that measuring takes no call and no second line.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
//!
//! Each combination of a metric with the values of its dimensions is paid by the month, so a dimension is never anything that has many values.

use serde::Serialize;

use crate::{Code, Error, calls::Done};

/// Where the metrics stand unless `METRICS_NAMESPACE` says otherwise. A deployed stack has one of its own, so that two of one account do not add up.
pub const NAMESPACE: &str = "MessengerLink";

/// A metric takes no more values than this from one line.
const MOST_VALUES: usize = 100;

/// A metric; it stands in the line under its name, and its dimensions are fields of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `Count`, `Milliseconds` or `Seconds`.
    pub unit: &'static str,
    /// The fields that tell its values apart. With more than one set, each value counts once under each of them.
    pub dimensions: Dimensions,
}

/// Sets of names of fields; an empty set is the metric as a whole.
pub type Dimensions = &'static [&'static [&'static str]];

impl Metric {
    const fn count(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Count", dimensions }
    }

    const fn time(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Milliseconds", dimensions }
    }
}

const NONE: Dimensions = &[&[]];
const BY_FUNCTION: Dimensions = &[&["function"]];
/// So that an alarm on all functions is one on one metric, however many functions there are.
const BY_FUNCTION_AND_WHOLE: Dimensions = &[&["function"], &[]];

/// A browser was sent to the provider.
pub const LINKS_STARTED: Metric = Metric::count("LinksStarted", BY_FUNCTION);
/// A flow that puts accounts under a session's identity began, and the browser did not say from where.
pub const STARTS_WITHOUT_FETCH_METADATA: Metric = Metric::count("StartsWithoutFetchMetadata", NONE);
/// A link was made.
pub const LINKS_FINISHED: Metric = Metric::count("LinksFinished", BY_FUNCTION);
/// An error reply, by its code; for refused signatures see [`REFUSED_SIGNATURES`].
pub const FAILURES: Metric = Metric::count("Failures", &[&["function", "outcome"]]);
/// 1 where the fault is ours or a provider's, 0 with every other line: its average is the error rate.
pub const FAULTS: Metric = Metric::count("Faults", BY_FUNCTION_AND_WHOLE);
/// From the start of an instance until it was ready; once in its life, so the number of values is that of the cold starts.
pub const INIT_TIME: Metric = Metric::time("InitTime", BY_FUNCTION);
/// How long calls to Shopify took: the first hundred of an event.
pub const SHOPIFY_LATENCY: Metric = Metric::time("ShopifyLatency", NONE);
/// Calls to Shopify, all of them: what their errors are a share of.
pub const SHOPIFY_CALLS: Metric = Metric::count("ShopifyCalls", NONE);
/// Calls to Shopify without an answer, or with one that says that Shopify can't.
pub const SHOPIFY_ERRORS: Metric = Metric::count("ShopifyErrors", NONE);
/// How long calls to Facebook took: the first hundred of an event.
pub const FACEBOOK_LATENCY: Metric = Metric::time("FacebookLatency", NONE);
/// Calls to Facebook, all of them: what their errors are a share of.
pub const FACEBOOK_CALLS: Metric = Metric::count("FacebookCalls", NONE);
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
/// How long the oldest record has waited that a run left due.
pub const KEEPER_LAG: Metric = Metric { name: "KeeperLag", unit: "Seconds", dimensions: NONE };
/// The keeper's brake held deaths back.
pub const TOO_MANY_DEAD: Metric = Metric::count("TooManyDead", NONE);
/// A provider refused our own credentials.
pub const CREDENTIALS_REFUSED: Metric = Metric::count("CredentialsRefused", NONE);

/// What a provider is said to have signed and has not. Counted in the instance and told by a later line.
pub const REFUSED_SIGNATURES: Metric = Metric::count("RefusedSignatures", BY_FUNCTION_AND_WHOLE);

/// All of them.
pub const ALL: [Metric; 27] = [
    LINKS_STARTED,
    STARTS_WITHOUT_FETCH_METADATA,
    LINKS_FINISHED,
    FAILURES,
    FAULTS,
    INIT_TIME,
    SHOPIFY_LATENCY,
    SHOPIFY_CALLS,
    SHOPIFY_ERRORS,
    FACEBOOK_LATENCY,
    FACEBOOK_CALLS,
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
    KEEPER_LAG,
    TOO_MANY_DEAD,
    CREDENTIALS_REFUSED,
    REFUSED_SIGNATURES,
];

/// How an event ended that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// Its code.
    pub(crate) code: Code,
    is_fault: bool,
}

impl Failure {
    /// What the metrics tell of an error.
    pub(crate) const fn of(error: &Error) -> Self {
        Self { code: error.code, is_fault: error.is_fault() }
    }
}

/// What is measured of one platform.
pub(crate) struct PlatformMetrics {
    /// Its name, with which the names of its calls begin.
    platform: &'static str,
    latency: Metric,
    calls: Metric,
    /// A call without an answer, or with one that says that the platform can't.
    pub(crate) errors: Metric,
    /// An account that only its merchant can link again.
    pub(crate) reconnect_needed: Metric,
}

const PLATFORMS: [PlatformMetrics; 2] = [
    PlatformMetrics {
        platform: "shopify",
        latency: SHOPIFY_LATENCY,
        calls: SHOPIFY_CALLS,
        errors: SHOPIFY_ERRORS,
        reconnect_needed: SHOPIFY_RECONNECT_NEEDED,
    },
    PlatformMetrics {
        platform: "facebook",
        latency: FACEBOOK_LATENCY,
        calls: FACEBOOK_CALLS,
        errors: FACEBOOK_ERRORS,
        reconnect_needed: FACEBOOK_RECONNECT_NEEDED,
    },
];

/// The metrics of a platform; none where nothing is measured of it.
pub(crate) fn of_platform(platform: &str) -> Option<&'static PlatformMetrics> {
    PLATFORMS.iter().find(|metrics| metrics.platform == platform)
}

/// The metrics of the platform that a call goes to.
pub(crate) fn of_call(name: &str) -> Option<&'static PlatformMetrics> {
    of_platform(platform_of(name))
}

/// `platform.what`.
fn platform_of(call: &str) -> &str {
    call.split_once('.').map_or(call, |(platform, _)| platform)
}

/// What one line says of a metric.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Values {
    One(u64),
    Many(Vec<u64>),
}

impl Values {
    fn of(mut times: Vec<u64>) -> Self {
        times.truncate(MOST_VALUES);
        Self::Many(times)
    }
}

/// The members of a line for what was done: the values under their names, and `_aws`, which says that they are metrics. Without the braces around them.
pub(crate) fn members(namespace: &str, at_millis: u64, failure: Option<Failure>, init: Option<u64>, done: &Done) -> String {
    let mut measured: Vec<(Metric, Values)> = vec![(FAULTS, Values::One(u64::from(failure.is_some_and(|failure| failure.is_fault))))];
    if failure.is_some_and(|failure| failure.code != Code::InvalidSignature) {
        measured.push((FAILURES, Values::One(1)));
    }
    measured.extend(init.map(|millis| (INIT_TIME, Values::One(millis))));
    let times_of = |platform: &str| -> Vec<u64> {
        done.calls.iter().filter(|(name, _)| platform_of(name) == platform).map(|(_, millis)| *millis).collect()
    };
    for metrics in &PLATFORMS {
        let times = times_of(metrics.platform);
        if !times.is_empty() {
            let calls = u64::try_from(times.len()).unwrap_or(u64::MAX);
            measured.push((metrics.latency, Values::of(times)));
            measured.push((metrics.calls, Values::One(calls)));
            // Also when there was none, so that each value of the one has a value of the other.
            measured.push((metrics.errors, Values::One(done.count_of(&metrics.errors))));
        }
    }
    let times = times_of("dynamodb");
    if !times.is_empty() {
        measured.push((DYNAMODB_LATENCY, Values::of(times)));
    }
    let is_of_calls = |counted: &Metric| PLATFORMS.iter().any(|metrics| metrics.errors == *counted);
    let counted = done.counts.iter().filter(|(metric, _)| !is_of_calls(metric));
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
    dimensions: Dimensions,
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
        match directives.iter_mut().find(|directive| directive.dimensions == metric.dimensions) {
            Some(directive) => directive.metrics.push(definition),
            None => directives.push(Directive { namespace, dimensions: metric.dimensions, metrics: vec![definition] }),
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
