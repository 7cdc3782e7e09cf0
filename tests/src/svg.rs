//! Writes SVG for the docs: shapes and texts, with a style sheet for light and dark pages.

use std::fmt::Write as _;

use crate::template::project_dir;

/// The distance from the left and from the top, or width and height.
pub type Point = (f64, f64);

/// The width of every picture, in its own units.
pub const WIDTH: f64 = 1000.0;

/// The height of a line of text.
pub const LINE: f64 = 17.0;

/// How much wider strong text is.
pub const BOLD: f64 = 1.08;

/// 13.5 units are 12 px where a picture is shown 900 px wide. It has its own background, since a
/// page may be light where the system is dark.
const STYLE: &str = "text{font:13.5px system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;fill:#1f2328}\
.strong{font-weight:600}.soft{fill:#59636e}.only{fill:#8250df;font-style:italic}.middle{text-anchor:middle}.end{text-anchor:end}\
rect,path{fill:none;stroke:#818b98}.ground{fill:#fff;stroke:none}.box{fill:#f6f8fa}.pill{fill:#fff}\
.thin,.rail{stroke:#d1d9e0}.rail{stroke-width:3}\
.dashed{stroke-dasharray:5 4}.arrow{marker-end:url(#tip)}.tip{fill:#818b98;stroke:none}\
.one{stroke:#0969da}.two{stroke:#bc4c00}.curve{stroke-width:2}.fill{stroke-width:0}\
.fill.one{fill:#54aeff}.fill.two{fill:#fb8f44}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9198a1}.only{fill:#be8fff}rect,path{stroke:#7d8590}\
.ground,.pill{fill:#0d1117}.box{fill:#161b22}.thin,.rail{stroke:#3d444d}.tip{fill:#7d8590}\
.one{stroke:#4493f8}.two{stroke:#f0883e}.fill.one{fill:#1f6feb}.fill.two{fill:#bd561d}}";

/// The tip of an arrow.
const TIP: &str = r#"<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path class="tip" d="M0 0L8 4L0 8z"/></marker>"#;

/// A picture in the making.
pub struct Svg {
    says: String,
    behind: String,
    body: String,
}

impl Svg {
    /// An empty picture; a screen reader reads `says`.
    pub fn new(says: &str) -> Self {
        Self { says: says.to_owned(), behind: String::new(), body: String::new() }
    }

    /// A rectangle.
    pub fn rect(&mut self, class: &str, (x, y): Point, (width, height): Point) {
        let [x, y, width, height] = [x, y, width, height].map(short);
        self.add(format_args!(r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="4"/>"#));
    }

    /// A text on its baseline.
    pub fn text(&mut self, class: &str, (x, y): Point, text: &str) {
        let ([x, y], text) = ([x, y].map(short), escaped(text));
        self.add(format_args!(r#"<text class="{class}" x="{x}" y="{y}">{text}</text>"#));
    }

    /// A text that runs upwards, centered.
    pub fn upright(&mut self, class: &str, (x, y): Point, text: &str) {
        let ([x, y], text) = ([x, y].map(short), escaped(text));
        self.add(format_args!(r#"<text class="{class} middle" transform="translate({x} {y})rotate(-90)">{text}</text>"#));
    }

    /// A line from point to point; the class `arrow` gives it a tip.
    pub fn path(&mut self, class: &str, points: &[Point]) {
        self.body.push_str(&path(class, points));
    }

    /// A line behind everything else.
    pub fn path_behind(&mut self, class: &str, points: &[Point]) {
        self.behind.push_str(&path(class, points));
    }

    /// The file.
    pub fn finish(self, height: f64) -> String {
        let (says, height, width) = (escaped(&self.says), short(height), short(WIDTH));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
             role=\"img\">\n\
             <title>{says}</title>\n<style>{STYLE}</style>\n<defs>{TIP}</defs>\n\
             <rect class=\"ground\" width=\"{width}\" height=\"{height}\" rx=\"6\"/>\n{}{}</svg>\n",
            self.behind, self.body
        )
    }

    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        writeln!(self.body, "{element}").expect("a text can be written to");
    }
}

fn path(class: &str, points: &[Point]) -> String {
    let points: Vec<String> = points.iter().map(|(x, y)| format!("{} {}", short(*x), short(*y))).collect();
    format!("<path class=\"{class}\" d=\"M{}\"/>\n", points.join("L"))
}

/// Writes a picture into the project, and says so.
///
/// # Panics
///
/// When it can't be written.
#[expect(clippy::print_stdout, reason = "commands call it, and that is their output")]
pub fn write(path: &str, picture: &str) {
    std::fs::write(project_dir().join(path), picture).unwrap_or_else(|error| panic!("{path}: {error}"));
    println!("Drawn: {path}");
}

/// A text's width, estimated generously: the font is the reader's.
pub fn width(text: &str) -> f64 {
    let of = |letter: char| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | ':' | ';' | '/' | '\'' | '(' | ')' | '{' | '}' => 0.36,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 0.52,
        'm' | 'w' | 'M' | 'W' => 0.86,
        letter if letter.is_uppercase() => 0.68,
        _ => 0.58,
    };
    text.chars().map(of).sum::<f64>() * 13.5
}

/// Breaks a text into lines of at most this width; a word that is wider breaks before a capital
/// letter.
pub fn wrapped(text: &str, most: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = word.char_indices().rev().find(|(place, letter)| letter.is_uppercase() && width(&word[..*place]) <= most);
        if let Some((place, _)) = last.filter(|(place, _)| *place > 0 && width(word) > most) {
            lines.extend([&word[..place], &word[place..]].map(str::to_owned));
            continue;
        }
        let last = lines.last_mut().expect("there is a line");
        if last.is_empty() {
            last.push_str(word);
        } else if width(last) + width(" ") + width(word) <= most {
            last.push(' ');
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// With one decimal at most.
fn short(length: f64) -> String {
    let text = format!("{length:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_markup_in_a_text_is_escaped() {
        let mut svg = Svg::new("a < b");
        svg.text("soft", (1.0, 2.25), r#"<a> & "b""#);
        let file = svg.finish(10.0);
        assert!(file.contains(r#"<text class="soft" x="1" y="2.2">&lt;a&gt; &amp; &quot;b&quot;</text>"#), "{file}");
        assert!(file.contains("<title>a &lt; b</title>"), "{file}");
    }

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        assert_eq!(wrapped("one two three", width("one two")), ["one two", "three"]);
        assert_eq!(wrapped("longest a b", 1.0), ["longest", "a", "b"]);
        assert_eq!(wrapped("OneTwoThree: a", width("OneTwo")), ["OneTwo", "Three:", "a"]);
    }
}
