//! The dashboard and the alarms show what the functions measure, by the names under which they measure it.

use std::collections::{BTreeMap, BTreeSet};

use e2e::template::{Template, dashboard::written_out};
use serde_json::Value;
use shared::{metrics, providers::PLATFORMS};

use super::FUNCTIONS;

/// As the dashboard names it.
const OURS: &str = "${AWS::StackName}";

/// What the metric filters count in the API's log.
const COUNTED_IN_THE_LOG: [&str; 3] = ["BrowsersTurnedAway", "MessagesTurnedAway", "WebhooksTurnedAway"];

/// A metric that somebody looks at: its namespace, its name, and its dimensions with their values.
type Watched = (String, String, BTreeMap<String, String>);

/// What AWS measures by itself, as far as it is looked at: namespace, dimensions, names.
const OF_AWS: [(&str, &[&str], &[&str]); 9] = [
    ("AWS/ApiGateway", &["ApiId", "Stage"], &["4xx", "5xx", "Count", "Latency"]),
    ("AWS/DynamoDB", &["TableName"], &UNITS),
    ("AWS/DynamoDB", &["GlobalSecondaryIndexName", "TableName"], &UNITS),
    ("AWS/Lambda", &["FunctionName"], &["ConcurrentExecutions", "Duration", "Invocations", "Throttles"]),
    ("AWS/Lambda", &["FunctionName", "Resource"], &["Errors"]),
    ("AWS/Logs", &["LogGroupName"], &["IncomingBytes"]),
    ("AWS/EventBridge/Pipes", &["PipeName"], &["ExecutionFailed"]),
    ("AWS/Events", &["EventBusName", "RuleName"], &["FailedInvocations"]),
    (
        "AWS/SQS",
        &["QueueName"],
        &["ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesVisible"],
    ),
];
const UNITS: [&str; 4] = ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"];

/// The rows of all its graphs, written out.
fn rows(dashboard: &Value) -> Vec<Value> {
    let widgets = dashboard["widgets"].as_array().unwrap().iter();
    widgets.filter_map(|widget| widget["properties"]["metrics"].as_array()).flat_map(|rows| written_out(rows)).collect()
}

fn on_the_dashboard(template: &Template) -> Vec<Watched> {
    let mut watched = Vec::new();
    for row in rows(&template.dashboard(1)) {
        let texts: Vec<&str> = row.as_array().unwrap().iter().filter_map(Value::as_str).collect();
        if let [namespace, name, of @ ..] = texts.as_slice() {
            let of = of.chunks_exact(2).map(|pair| (pair[0].to_owned(), pair[1].to_owned()));
            watched.push(((*namespace).to_owned(), (*name).to_owned(), of.collect()));
        } else {
            watched.push(searched(row[0]["expression"].as_str().unwrap()));
        }
    }
    watched
}

/// What `SEARCH('{namespace,dimension,…} MetricName="name" …', …)` finds.
fn searched(expression: &str) -> Watched {
    let (schema, rest) = expression.strip_prefix("SEARCH('{").and_then(|text| text.split_once("} ")).unwrap();
    let name = rest.split_once(r#"MetricName=""#).and_then(|(_, text)| text.split_once('"')).unwrap().0;
    let mut parts = schema.split(',');
    let namespace = parts.next().unwrap().trim_matches('"').to_owned();
    let functions = rest.split(r#"function=""#).skip(1).filter_map(|text| text.split_once('"')).map(|(name, _)| name.to_owned());
    functions.for_each(|name| assert!(FUNCTIONS.contains(&name.as_str()), "{name}"));
    (namespace, name.to_owned(), parts.map(|dimension| (dimension.to_owned(), String::new())).collect())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other if *other == serde_json::json!({ "Ref": "AWS::StackName" }) => OURS.to_owned(),
        other => other.to_string(),
    }
}

fn in_the_alarms(template: &Template) -> Vec<Watched> {
    let mut watched = Vec::new();
    for (_, alarm) in template.resources("AWS::CloudWatch::Alarm") {
        let parts = alarm["Metrics"].as_array().into_iter().flatten();
        let parts = parts.map(|part| part.get("Fn::If").map_or(part, |either| &either[1])).map(|part| &part["MetricStat"]["Metric"]);
        for metric in parts.chain([alarm]).filter(|metric| !metric["MetricName"].is_null()) {
            let of = metric["Dimensions"].as_array().into_iter().flatten();
            let of = of.map(|dimension| (text(&dimension["Name"]), text(&dimension["Value"])));
            watched.push((text(&metric["Namespace"]), text(&metric["MetricName"]), of.collect()));
        }
    }
    watched
}

#[test]
fn everything_that_is_looked_at_is_measured_under_that_name() {
    let template = Template::load();
    let emitted: BTreeMap<&str, metrics::Dimensions> =
        metrics::ALL.into_iter().chain(PLATFORMS.metrics()).map(|metric| (metric.name, metric.dimensions)).collect();
    for (namespace, name, of) in on_the_dashboard(&template).into_iter().chain(in_the_alarms(&template)) {
        let dimensions: BTreeSet<&str> = of.keys().map(String::as_str).collect();
        let known = if namespace != OURS {
            OF_AWS.iter().any(|(space, of, names)| {
                *space == namespace && dimensions == of.iter().copied().collect() && names.contains(&name.as_str())
            })
        } else {
            emitted.get(name.as_str()).map_or(COUNTED_IN_THE_LOG.contains(&name.as_str()) && of.is_empty(), |sets| {
                sets.iter().any(|set| dimensions == set.iter().copied().collect())
            })
        };
        assert!(known, "{namespace} {name} {of:?}");
        if let Some(function) = of.get("function").filter(|function| !function.is_empty()) {
            assert!(FUNCTIONS.contains(&function.as_str()), "{name} of {function}");
        }
    }
}

#[test]
fn everything_that_is_measured_is_on_the_dashboard() {
    let template = Template::load();
    let shown: BTreeSet<String> =
        on_the_dashboard(&template).into_iter().filter(|(namespace, ..)| namespace == OURS).map(|(_, name, _)| name).collect();
    let measured = metrics::ALL.into_iter().chain(PLATFORMS.metrics()).map(|metric| metric.name).chain(COUNTED_IN_THE_LOG);
    assert_eq!(shown, measured.map(str::to_owned).collect());
}

/// Graphs of functions, of tables and of logs leave none out, and what is shown by reference is there.
#[test]
fn the_dashboard_shows_every_function_table_log_and_alarm() {
    let template = Template::load();
    let watched = on_the_dashboard(&template);
    let of = |metric: &str, dimension: &str| -> BTreeSet<String> {
        watched.iter().filter(|(_, name, _)| name == metric).filter_map(|(.., of)| of.get(dimension).cloned()).collect()
    };
    let ids = |kind: &str| -> BTreeSet<String> { template.resources(kind).map(|(id, _)| format!("${{{id}}}")).collect() };
    for metric in ["Invocations", "Duration", "ConcurrentExecutions", "Throttles"] {
        assert_eq!(of(metric, "FunctionName"), ids("AWS::Serverless::Function"), "{metric}");
    }
    for metric in ["Faults", "InitTime"] {
        assert_eq!(of(metric, "function"), [String::new()].into(), "{metric}: of whichever functions there are");
    }
    for metric in ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"] {
        assert_eq!(of(metric, "TableName"), ids("AWS::DynamoDB::Table"), "{metric}");
        assert_eq!(of(metric, "GlobalSecondaryIndexName"), ["by_due", "by_person"].map(str::to_owned).into(), "{metric}");
    }
    assert_eq!(of("IncomingBytes", "LogGroupName"), ids("AWS::Logs::LogGroup"));
    let dashboard = template.dashboard(1);
    let alarms = dashboard["widgets"].as_array().unwrap().iter().filter_map(|widget| widget["properties"]["alarms"].as_array()).flatten();
    let alarms: BTreeSet<String> = alarms.map(text).collect();
    assert_eq!(alarms, template.resources("AWS::CloudWatch::Alarm").map(|(id, _)| format!("${{{id}.Arn}}")).collect());
}

/// What a condition leaves out is named by nothing that is there all the same.
#[test]
fn without_messages_and_whatsapp_the_dashboard_is_whole_and_names_nothing_of_them() {
    let template = Template::load();
    let (whole, least) = (template.dashboard(1), template.dashboard(2));
    let text = least.to_string();
    let count = |dashboard: &Value| dashboard["widgets"].as_array().unwrap().len();
    assert_eq!(count(&whole) - count(&least), 3, "the row of messages");
    for (id, resource) in template.value()["Resources"].as_object().unwrap() {
        let is_named = [format!("${{{id}}}"), format!("${{{id}.")].iter().any(|form| text.contains(form));
        assert!(resource["Condition"].is_null() || !is_named, "{id}");
    }
}

/// Metrics by route would be paid like our own.
#[test]
fn failures_by_route_are_read_from_the_access_log() {
    let template = Template::load();
    let dashboard = template.dashboard(1);
    let queries = dashboard["widgets"].as_array().unwrap().iter().filter_map(|widget| widget["properties"]["query"].as_str());
    let queries: Vec<&str> = queries.collect();
    let [query] = queries.as_slice() else { panic!("{queries:?}") };
    let rest = query.strip_prefix("SOURCE '${HttpApiLogGroup}' | filter status >= 500 | stats count(*) as n by ").unwrap();
    let (_, stage) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    let line: Value = serde_json::from_str(stage["AccessLogSettings"]["Format"].as_str().unwrap()).unwrap();
    for field in rest.split_once(" |").unwrap().0.split(", ") {
        assert!(line[field].is_string(), "{field}");
    }
}

#[test]
fn stacks_count_apart_and_their_dashboards_have_names_of_their_own() {
    let template = Template::load();
    let namespace = serde_json::json!({ "Ref": "AWS::StackName" });
    for (function, variables) in template.environments() {
        assert_eq!(variables.get("METRICS_NAMESPACE"), Some(&namespace), "{function}");
    }
    let (id, dashboard) = template.resources("AWS::CloudWatch::Dashboard").next().unwrap();
    assert_eq!(dashboard["DashboardName"]["Fn::Sub"], "${AWS::StackName}-${AWS::Region}");
    let url = template.value()["Outputs"]["DashboardUrl"]["Value"]["Fn::Sub"].as_str().unwrap();
    assert!(url.ends_with(&format!("#dashboards/dashboard/${{{id}}}")), "{url}");
}
