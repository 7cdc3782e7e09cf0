//! Reads lines as CloudWatch does:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.

use std::collections::BTreeMap;

use serde_json::Value;
use shared::metrics::ALL;
use shared::providers::PLATFORMS;

/// Values by metric and dimensions, such as `Failures{function=shopify-callback,outcome=provider_error}`.
pub(crate) type Metrics = BTreeMap<String, Vec<u64>>;

/// The metrics of all lines.
///
/// # Panics
///
/// On a line that CloudWatch would refuse, or a metric that is not in the list.
pub(crate) fn metrics(lines: &[Value], namespace: &str) -> Metrics {
    let mut metrics = Metrics::new();
    for line in lines.iter().filter(|line| !line["_aws"].is_null()) {
        assert!(line["_aws"]["Timestamp"].as_u64().is_some_and(|millis| millis > 1_700_000_000_000), "{line}");
        let directives = line["_aws"]["CloudWatchMetrics"].as_array().unwrap_or_else(|| panic!("{line}"));
        for directive in directives {
            assert_eq!(directive["Namespace"], namespace);
            let sets: Vec<Vec<&str>> = directive["Dimensions"].as_array().unwrap().iter().map(strings).collect();
            for definition in directive["Metrics"].as_array().unwrap() {
                let name = definition["Name"].as_str().unwrap();
                let known = ALL
                    .into_iter()
                    .chain(PLATFORMS.metrics())
                    .find(|metric| metric.name == name)
                    .unwrap_or_else(|| panic!("{name} is not in the list"));
                assert_eq!(definition["Unit"].as_str(), Some(known.unit), "{name}");
                assert!(sets.iter().eq(known.dimensions), "{name}: {sets:?}");
                for set in &sets {
                    metrics.entry(format!("{name}{}", values(line, set))).or_default().extend(numbers(&line[name]));
                }
            }
        }
    }
    metrics
}

fn strings(set: &Value) -> Vec<&str> {
    set.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// What a line has in these fields.
fn values(line: &Value, fields: &[&str]) -> String {
    let values: Vec<String> =
        fields.iter().map(|name| format!("{name}={}", line[*name].as_str().unwrap_or_else(|| panic!("no {name}: {line}")))).collect();
    if values.is_empty() { String::new() } else { format!("{{{}}}", values.join(",")) }
}

fn numbers(value: &Value) -> Vec<u64> {
    let number = |value: &Value| value.as_u64().unwrap_or_else(|| panic!("no number: {value}"));
    match value {
        Value::Array(values) => {
            assert!((1..=100).contains(&values.len()), "{value}");
            values.iter().map(number).collect()
        }
        value => vec![number(value)],
    }
}
