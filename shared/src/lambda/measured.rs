//! How what was measured stands in a log line: the line that each request and invocation ends with carries its own metrics, in CloudWatch's embedded metric format, so
//! that measuring takes no call and no second line.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use serde::Serialize;

use crate::metrics::{DYNAMODB_LATENCY, Dimensions, FAILURES, FAULTS, INIT_TIME, Metric, PLATFORMS, platform_of};
use crate::{Code, Error, calls::Done};

/// A metric takes no more values than this from one line.
const MOST_VALUES: usize = 100;

/// How an event ended that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// Its code.
    pub(super) code: Code,
    is_fault: bool,
}

impl Failure {
    /// What the metrics tell of an error.
    pub(super) const fn of(error: &Error) -> Self {
        Self { code: error.code, is_fault: error.is_fault() }
    }
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
pub(super) fn members(namespace: &str, at_millis: u64, failure: Option<Failure>, init: Option<u64>, done: &Done) -> String {
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
