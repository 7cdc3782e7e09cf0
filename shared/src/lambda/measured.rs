//! Metrics in a log line: the line that ends each request and invocation carries its own metrics,
//! in CloudWatch's embedded metric format, so that measuring needs no call and no second line.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use serde::Serialize;
use serde_json::Value;

use crate::metrics::{DYNAMODB_LATENCY, Dimensions, FAILURES, FAULTS, INIT_TIME, Metric};
use crate::{Code, Error, calls::Done, platform::Platform};

/// A metric takes at most this many values from one line.
const MOST_VALUES: usize = 100;

/// How a refused event ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// Its code.
    pub(super) code: Code,
    is_fault: bool,
}

impl Failure {
    /// What the metrics say about an error.
    pub(super) const fn of(error: &Error) -> Self {
        Self { code: error.code, is_fault: error.is_fault() }
    }
}

/// The members of a log line for what was done: the values under their names, and `_aws`, which
/// declares them as metrics. Without the surrounding braces.
pub(super) fn members(namespace: &str, at_millis: u64, failure: Option<Failure>, init: Option<u64>, done: &Done) -> String {
    let is_fault = failure.is_some_and(|failure| failure.is_fault);
    let mut measured: Vec<(Metric, Value)> = vec![(FAULTS, u64::from(is_fault).into())];
    if failure.is_some_and(|failure| failure.code != Code::InvalidSignature) {
        measured.push((FAILURES, 1.into()));
    }
    measured.extend(init.map(|millis| (INIT_TIME, millis.into())));
    let mut platforms: Vec<&'static Platform> = Vec::new();
    for platform in done.calls.iter().filter_map(|(call, _)| call.platform) {
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    let values = |mut times: Vec<u64>| -> Value {
        times.truncate(MOST_VALUES);
        times.into()
    };
    for platform in &platforms {
        let times: Vec<u64> = done.calls.iter().filter(|(call, _)| call.platform == Some(platform)).map(|(_, millis)| *millis).collect();
        let (metrics, calls) = (&platform.metrics, times.len());
        measured.push((metrics.latency, values(times)));
        measured.push((metrics.calls, calls.into()));
        // Also if there was none, so that both metrics have equally many values.
        measured.push((metrics.errors, done.count_of(&metrics.errors).into()));
    }
    let of_tables = done.calls.iter().filter(|(call, _)| call.platform.is_none() && call.name.starts_with("dynamodb."));
    let times: Vec<u64> = of_tables.map(|(_, millis)| *millis).collect();
    if !times.is_empty() {
        measured.push((DYNAMODB_LATENCY, values(times)));
    }
    let is_of_calls = |counted: &Metric| platforms.iter().any(|platform| platform.metrics.errors == *counted);
    let counted = done.counts.iter().filter(|(metric, _)| !is_of_calls(metric));
    measured.extend(counted.map(|(metric, count)| (*metric, (*count).into())));
    written(namespace, at_millis, &measured)
}

/// Metrics with the same dimensions.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive<'a> {
    namespace: &'a str,
    dimensions: Dimensions,
    metrics: Vec<Metric>,
}

fn written(namespace: &str, timestamp: u64, measured: &[(Metric, Value)]) -> String {
    let mut directives: Vec<Directive<'_>> = Vec::new();
    let mut text = String::new();
    for (metric, values) in measured {
        match directives.iter_mut().find(|directive| directive.dimensions == metric.dimensions) {
            Some(directive) => directive.metrics.push(*metric),
            None => directives.push(Directive { namespace, dimensions: metric.dimensions, metrics: vec![*metric] }),
        }
        text += &format!("\"{}\":{values},", metric.name);
    }
    // These types always serialize.
    let directives = serde_json::to_string(&directives).unwrap_or_default();
    text + &format!("\"_aws\":{{\"Timestamp\":{timestamp},\"CloudWatchMetrics\":{directives}}}")
}

#[cfg(test)]
mod tests;
