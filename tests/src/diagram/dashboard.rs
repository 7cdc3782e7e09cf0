//! `dashboard.svg`: the dashboard's widgets at their places, and what each shows.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::svg::{LINE, Svg, WIDTH, width, wrapped};
use crate::template::{Template, dashboard::written_out};

/// The columns of CloudWatch's grid.
const COLUMNS: f64 = 24.0;
/// The height of a row of the grid, lower than in CloudWatch.
const ROW: f64 = 32.0;
/// Around the widgets.
const MARGIN: f64 = 8.0;
/// Where a metric's name begins, behind its mark.
const NAME: f64 = 24.0;

pub(super) fn draw(template: &Template) -> String {
    let mut svg = Svg::new("The dashboard's layout: each widget at its place, with its title and the metrics in it. Curves need a stack.");
    let functions: BTreeSet<String> = template.environments().into_keys().collect();
    let dashboard = template.dashboard(1);
    let mut bottom = 0.0;
    for widget in dashboard["widgets"].as_array().expect("the dashboard has widgets") {
        let [x, y, wide, high] = ["x", "y", "width", "height"].map(|name| widget[name].as_f64().expect("a widget has its place"));
        let column = (WIDTH - 2.0 * MARGIN) / COLUMNS;
        let (at, size) = ((MARGIN + x * column + 3.0, MARGIN + y * ROW + 3.0), (wide * column - 6.0, high * ROW - 6.0));
        svg.rect("box", at, size);
        bottom = f64::max(bottom, at.1 + size.1);
        let of = &widget["properties"];
        let (head, text) = of["markdown"].as_str().and_then(|text| text.split_once('\n')).unwrap_or_default();
        let title = match of["title"].as_str() {
            Some(title) => title.to_owned(),
            None => head.replace("## ", "").replace("${AWS::StackName}", "STACK") + " (layout; curves need a stack)",
        };
        svg.text("strong", (at.0 + 10.0, at.1 + LINE + 2.0), &title);
        assert!(width(&title) <= size.0 - 12.0, "{title} is wider than its widget");
        let lines = match widget["type"].as_str() {
            Some("text") => vec![(false, text.to_owned())],
            Some("alarm") => {
                let alarms = of["alarms"].as_array().map_or(0, Vec::len);
                vec![(false, format!("{alarms} alarms: {}", names(of)))]
            }
            Some("log") => {
                let query = of["query"].as_str().unwrap_or_default().replace(['$', '{', '}'], "");
                vec![(false, "A table of the log:".to_owned()), (false, query)]
            }
            _ => curves(of, &functions),
        };
        let mut line = at.1 + LINE * 2.0 + 2.0;
        for (is_curve, text) in lines {
            if is_curve {
                svg.path("curve one", &[(at.0 + 8.0, line - 5.0), (at.0 + NAME - 5.0, line - 5.0)]);
            }
            let indent = if is_curve { NAME } else { 10.0 };
            for part in wrapped(&text, size.0 - indent - 6.0) {
                assert!(line <= at.1 + size.1, "{title} is higher than its widget");
                svg.text("soft", (at.0 + indent, line), &part);
                line += LINE;
            }
        }
        // Where curves would be.
        if of["metrics"].is_array() {
            let bottom = at.1 + size.1 - 10.0;
            for place in (0..4).map(|place| bottom - 22.0 * f64::from(place)).filter(|place| *place >= line - 4.0) {
                svg.path("thin", &[(at.0 + 10.0, place), (at.0 + size.0 - 10.0, place)]);
            }
        }
    }
    svg.finish(bottom + MARGIN)
}

/// The names of a widget's alarms.
fn names(of: &Value) -> String {
    let alarms = of["alarms"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let names: Vec<&str> = alarms.map(|name| name.trim_start_matches("${").trim_end_matches("Alarm.Arn}")).collect();
    names.join(", ")
}

/// The metrics of a graph, each with what distinguishes its curves, then how they are drawn.
fn curves(of: &Value, functions: &BTreeSet<String>) -> Vec<(bool, String)> {
    let mut metrics: Vec<(String, Vec<String>)> = Vec::new();
    for row in written_out(of["metrics"].as_array().expect("a graph has metrics")) {
        let row = row.as_array().cloned().unwrap_or_default();
        let texts: Vec<&str> = row.iter().filter_map(Value::as_str).collect();
        let options = row.last().filter(|last| last.is_object());
        let option = |name: &str| options.and_then(|of| of[name].as_str());
        let (name, kind) = match (texts.as_slice(), option("expression")) {
            ([_, name, dimensions @ ..], _) => {
                let label = option("label").map(|label| label.split(", ").next().unwrap_or_default());
                // A reference to a resource says nothing to a reader.
                let value = dimensions.last().copied().filter(|value| !value.starts_with("${"));
                ((*name).to_owned(), label.or_else(|| option("stat")).or(value).map(str::to_owned))
            }
            (_, Some(search)) => {
                let name = search.split_once("MetricName=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(name, _)| name);
                (name.unwrap_or_default().to_owned(), Some(found(search)))
            }
            other => panic!("what does {other:?} show?"),
        };
        match metrics.last_mut().filter(|(last, _)| *last == name) {
            Some((_, kinds)) => kinds.extend(kind),
            None => metrics.push((name, kind.into_iter().collect())),
        }
    }
    let all = format!("each of the {} functions", functions.len());
    let lines = metrics.into_iter().map(|(name, mut kinds)| {
        if functions.iter().all(|function| kinds.contains(function)) {
            kinds.retain(|kind| !functions.contains(kind));
            kinds.insert(0, all.clone());
        }
        (true, if kinds.is_empty() { name } else { format!("{name}: {}", kinds.join(", ")) })
    });
    let form = if of["stacked"] == true { "areas" } else { "lines" };
    let (stat, minutes) = (of["stat"].as_str().unwrap_or_default(), of["period"].as_u64().unwrap_or_default() / 60);
    lines.chain([(false, format!("{form}: {stat} of {minutes} min"))]).collect()
}

/// What distinguishes the curves of a search:
/// `SEARCH('{namespace,function} MetricName="name" (function="one" OR …)', …)`.
fn found(search: &str) -> String {
    let schema = search.split_once("} ").map_or("", |(schema, _)| schema);
    let by = Vec::from_iter(schema.split(',').skip(1)).join(" and ");
    let of: Vec<&str> = search.split("function=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    if of.is_empty() { format!("by {by}") } else { format!("by {by}, of {}", of.join(", ")) }
}
