//! The lowest part of `aws.svg`: what is watched, and who is told.

use std::collections::BTreeMap;

use serde_json::Value;

use super::aws::{Diagram, OUTSIDE, end, middle};
use super::stack::Stack;
use crate::svg::{LINE, Point, WIDTH};

/// The column of the topic, the dashboard and the budget.
const SHOWN: Point = (138.0, 140.0);
/// Where the box of the alarms begins.
const ALARMS: f64 = 310.0;

/// What is watched, with the column and the line where its alarms begin.
const GROUPS: [(&str, Point); 5] = [
    ("Functions", (0.0, 0.0)),
    ("Tables", (0.0, 6.0)),
    ("Functions’ own metrics", (190.0, 0.0)),
    ("The API and its log", (440.0, 0.0)),
    ("Queues, pipes, rule", (440.0, 6.0)),
];

/// Draws it from `y` downwards; returns its lower end.
pub(super) fn draw(diagram: &mut Diagram<'_>, y: f64) -> f64 {
    let groups = groups(&mut diagram.stack);
    let lines = GROUPS.iter().map(|(name, (_, place))| place + 1.0 + groups[name].len() as f64).fold(0.0, f64::max);
    let height = LINE * (lines + 1.0) + 16.0;
    diagram.svg.rect("box", (ALARMS, y), (WIDTH - 10.0 - ALARMS, height));
    let count: usize = groups.values().map(Vec::len).sum();
    diagram.svg.text("strong", (ALARMS + 12.0, y + LINE + 2.0), &format!("{count} CloudWatch alarms"));
    for (name, (x, place)) in GROUPS {
        let (x, top) = (ALARMS + 12.0 + x, y + 8.0 + LINE * (place + 2.0));
        diagram.svg.text("soft", (x, top), name);
        for (place, (alarm, class)) in groups[name].iter().enumerate() {
            diagram.svg.text(class, (x, top + LINE * (place + 1) as f64), alarm);
        }
    }
    let topic = diagram.node(SHOWN, y, "SNS topic", &[], Some("AlarmTopicArn"));
    let dashboard = diagram.only("AWS::CloudWatch::Dashboard", SHOWN, topic + 24.0, "dashboard");
    let budget = diagram.only("AWS::Budgets::Budget", SHOWN, dashboard + 24.0, "budget");
    diagram.svg.path("arrow", &[(ALARMS, y + 22.0), (end(SHOWN), y + 22.0)]);
    diagram.svg.rect("box", (OUTSIDE.0, y), (OUTSIDE.1, height));
    diagram.svg.text("strong middle", (middle(OUTSIDE), y + height / 2.0 + 5.0), "Operators");
    for (top, bottom) in [(y, topic), (topic + 24.0, dashboard), (dashboard + 24.0, budget)] {
        let middle = f64::midpoint(top, bottom);
        diagram.svg.path("arrow", &[(SHOWN.0, middle), (end(OUTSIDE), middle)]);
    }
    y + height
}

/// The alarms by what they watch, each with its text's class.
fn groups(stack: &mut Stack<'_>) -> BTreeMap<&'static str, Vec<(String, &'static str)>> {
    let filters = stack.template.resources("AWS::Logs::MetricFilter");
    let in_the_log: Vec<&Value> = filters.map(|(_, of)| &of["MetricTransformations"][0]["MetricName"]).collect();
    let back = &stack.template.value()["Globals"]["Function"]["DeploymentPreference"]["Alarms"];
    let mut groups: BTreeMap<&str, Vec<(String, &str)>> = BTreeMap::new();
    for id in stack.ids("AWS::CloudWatch::Alarm") {
        let of = stack.draw(&id);
        let parts = of["Metrics"].as_array().into_iter().flatten();
        let metric = parts.map(|part| &part["MetricStat"]["Metric"]).chain([of]).find(|metric| !metric["Namespace"].is_null());
        let metric = metric.unwrap_or_else(|| panic!("{id} watches nothing"));
        let group = match metric["Namespace"].as_str() {
            Some("AWS/Lambda") => "Functions",
            Some("AWS/DynamoDB") => "Tables",
            Some("AWS/SQS" | "AWS/Events" | "AWS/EventBridge/Pipes") => "Queues, pipes, rule",
            Some("AWS/ApiGateway") => "The API and its log",
            None if in_the_log.contains(&&metric["MetricName"]) => "The API and its log",
            None => "Functions’ own metrics",
            Some(other) => panic!("{id} watches {other}, which has no place in the diagram"),
        };
        let mut name = id.trim_end_matches("Alarm").to_owned();
        if back.as_array().into_iter().flatten().any(|alarm| alarm["Ref"] == id) {
            name.push_str(" ↩");
        }
        groups.entry(group).or_default().push((name, if stack.needs(&id).is_some() { "only" } else { "" }));
    }
    groups
}
