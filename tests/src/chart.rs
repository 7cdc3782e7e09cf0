//! Curves and bars of measurements for the docs.

use crate::svg::{LINE, Point, Svg, WIDTH, width, wrapped};

/// A curve.
pub struct Curve<'a> {
    /// Its unit.
    pub title: &'a str,
    /// Where each value was measured, and the value; none is below zero.
    pub points: Vec<Point>,
}

/// A bar in two parts.
pub struct Bar {
    /// The label on its left.
    pub name: String,
    /// The length of each part.
    pub parts: [f64; 2],
    /// The label on its right.
    pub says: String,
}

const GAP: f64 = 28.0;
const MARGIN: f64 = 14.0;
/// The height of a panel's plot.
const PLOT: f64 = 150.0;

/// Columns of panels, each with one curve; `below` names the horizontal axis.
pub fn panels(says: &str, columns: &[(&str, Vec<Curve<'_>>)], below: &str) -> String {
    let mut svg = Svg::new(says);
    let across = (WIDTH - 2.0 * MARGIN - GAP * (columns.len() as f64 - 1.0)) / columns.len() as f64;
    let mut bottom = 0.0;
    for (place, (title, curves)) in columns.iter().enumerate() {
        let x = MARGIN + place as f64 * (across + GAP);
        for (line, text) in wrapped(title, across * 0.85).iter().enumerate() {
            svg.text("strong", (x, 28.0 + LINE * line as f64), text);
        }
        for (place, curve) in curves.iter().enumerate() {
            let y = 88.0 + place as f64 * (PLOT + 74.0);
            panel(&mut svg, curve, ["one", "two"][place % 2], (x, y), across);
            bottom = y + PLOT + 42.0;
            svg.text("soft end", (x + across, bottom - 4.0), below);
        }
    }
    svg.finish(bottom + 8.0)
}

fn panel(svg: &mut Svg, curve: &Curve<'_>, class: &str, (x, y): Point, across: f64) {
    svg.text("soft", (x, y - 10.0), curve.title);
    let top = scale(curve.points.iter().map(|(_, value)| *value).fold(0.0, f64::max));
    let marks = [0.0, top / 2.0, top];
    let left = x + widest(marks.map(number).iter()) + 6.0;
    let height = |value: f64| y + PLOT * (1.0 - value / top);
    for mark in marks {
        svg.text("soft end", (left - 6.0, height(mark) + 5.0), &number(mark));
        svg.path("thin", &[(left, height(mark)), (x + across, height(mark))]);
    }
    // Evenly spaced: each is twice the one before.
    let step = (x + across - left - 20.0) / (curve.points.len().max(2) - 1) as f64;
    let points = curve.points.iter().enumerate().map(|(place, (at, value))| (left + 10.0 + step * place as f64, *at, *value));
    let points: Vec<_> = points.collect();
    let line: Vec<Point> = points.iter().map(|(x, _, value)| (*x, height(*value))).collect();
    svg.path(&format!("curve {class}"), &line);
    for (x, at, value) in points {
        svg.rect(&format!("fill {class}"), (x - 3.0, height(value) - 3.0), (6.0, 6.0));
        svg.text("soft middle", (x, y + PLOT + 18.0), &number(at));
    }
}

/// Horizontal bars; `parts` names their two parts.
pub fn bars(says: &str, parts: [&str; 2], bars: &[Bar]) -> String {
    let mut svg = Svg::new(says);
    let left = MARGIN + widest(bars.iter().map(|bar| &bar.name)) + 8.0;
    let across = WIDTH - MARGIN - widest(bars.iter().map(|bar| &bar.says)) - 8.0 - left;
    let longest = bars.iter().map(|bar| bar.parts.iter().sum::<f64>()).fold(f64::MIN_POSITIVE, f64::max);
    let mut x = left;
    for (part, class) in parts.into_iter().zip(["one", "two"]) {
        svg.rect(&format!("fill {class}"), (x, 15.0), (14.0, 14.0));
        svg.text("", (x + 20.0, 27.0), part);
        x += width(part) + 50.0;
    }
    let mut y = 44.0;
    for bar in bars {
        svg.text("end", (left - 8.0, y + 15.0), &bar.name);
        let mut x = left;
        for (part, class) in bar.parts.into_iter().zip(["one", "two"]) {
            let length = across * part / longest;
            svg.rect(&format!("fill {class}"), (x, y + 2.0), (length, 17.0));
            x += length;
        }
        svg.text("soft", (x + 8.0, y + 15.0), &bar.says);
        y += 24.0;
    }
    svg.finish(y + 10.0)
}

fn widest<'a>(texts: impl Iterator<Item = &'a String>) -> f64 {
    texts.map(|text| width(text)).fold(0.0, f64::max)
}

/// The upper end of an axis: the next 1, 2, 4, 5 or 8 times a power of ten.
fn scale(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1e-3).log10().floor());
    [1.0, 2.0, 4.0, 5.0, 8.0, 10.0].into_iter().map(|step| step * power).find(|end| *end >= value).unwrap_or(10.0 * power)
}

/// With two decimals at most.
fn number(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_number_above_all_values() {
        let ends = [0.0, 0.7, 1.0, 1.1, 3.4, 64.0, 6700.0, 8200.0].map(scale);
        assert_eq!(ends.map(number), ["0", "0.8", "1", "2", "4", "80", "8000", "10000"]);
    }

    #[test]
    fn a_curve_rises_from_the_bottom_to_its_axis_end() {
        let curve = Curve { title: "a second", points: vec![(1.0, 0.0), (2.0, 8.0)] };
        let file = panels("", &[("Logins", vec![curve])], "at once");
        assert!(file.contains(r#"<path class="curve one" d="M37.8 238L976 88"/>"#), "{file}");
    }

    #[test]
    fn a_bar_has_its_parts_behind_each_other() {
        let bar = |parts, name: &str| Bar { name: name.to_owned(), parts, says: String::new() };
        let file = bars("", ["init", "first"], &[bar([1.0, 3.0], ""), bar([1.0, 1.0], "")]);
        // From 22 on, 956 are four.
        assert!(file.contains(r#"x="22" y="46" width="239""#) && file.contains(r#"x="261" y="46" width="717""#), "{file}");
        assert!(file.contains(r#"x="261" y="70" width="239""#), "{file}");
    }
}
