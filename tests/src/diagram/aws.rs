//! `aws.svg`: who reaches which function, what that function may read and write, and where
//! events, messages and alarms go.

use super::stack::{Entry, Stack, referred};
use super::{alarms, storage};
use crate::svg::{BOLD, LINE, Point, Svg, width};
use crate::template::Template;

/// The functions behind the API from top to bottom; those with the same caller are neighbors.
const FUNCTIONS: [&str; 10] = [
    "shopify-login",
    "shopify-callback",
    "facebook-login",
    "facebook-callback",
    "whatsapp-login",
    "whatsapp-callback",
    "connections",
    "facebook-lifecycle",
    "meta-webhooks",
    "shopify-webhooks",
];

/// The columns: where each begins, and its width.
pub(super) const OUTSIDE: Point = (10.0, 90.0);
const FRONT: Point = (113.0, 25.0);
pub(super) const API: Point = (151.0, 304.0);
const FUNCTION: Point = (470.0, 148.0);
/// What functions read and write, each at the lower end of its own line.
pub(super) const STORAGE: [(&str, &str, &str, Point); 4] = [
    ("MessageBus", "messages", "EventBridge", (622.0, 112.0)),
    ("Secrets", "secret", "Secrets\nManager", (740.0, 64.0)),
    ("SessionsTable", "sessions", "DynamoDB\ntable", (810.0, 76.0)),
    ("ConnectionsTable", "connections", "DynamoDB\ntable", (892.0, 98.0)),
];

/// The diagram in the making.
pub(super) struct Diagram<'t> {
    pub(super) svg: Svg,
    pub(super) stack: Stack<'t>,
}

/// A function and its routes.
struct Row {
    function: &'static str,
    entries: Vec<Entry>,
    y: f64,
    height: f64,
}

pub(super) fn draw(template: &Template, front: &Template) -> String {
    let says = "The AWS stack: who calls which route, which function that leads to, what each function may read and write, \
                where events, messages and alarms go";
    let mut diagram = Diagram { svg: Svg::new(says), stack: Stack::new(template) };
    let y = diagram.reached_by_http(front);
    let (bot, y) = diagram.invoked(y + 14.0);
    let y = storage::draw(&mut diagram, y + 22.0, bot);
    let y = alarms::draw(&mut diagram, y + 30.0);
    let height = diagram.legend(y + 30.0);
    diagram.stack.is_whole();
    diagram.svg.finish(height)
}

pub(super) fn middle((x, width): Point) -> f64 {
    x + width / 2.0
}

pub(super) fn end((x, width): Point) -> f64 {
    x + width
}

impl Diagram<'_> {
    /// A box with a name and lines below it, dashed where it takes a parameter; returns its
    /// lower end.
    pub(super) fn node(&mut self, column: Point, y: f64, name: &str, lines: &[&str], needs: Option<&str>) -> f64 {
        let mut texts = vec![("strong", name)];
        texts.extend(lines.iter().map(|line| ("soft", *line)));
        texts.extend(needs.map(|needs| ("only", needs)));
        let height = LINE * texts.len() as f64 + 10.0;
        self.svg.rect(if needs.is_some() { "box dashed" } else { "box" }, (column.0, y), (column.1, height));
        for (place, (class, text)) in texts.into_iter().enumerate() {
            let wide = width(text) * if class == "strong" { BOLD } else { 1.0 };
            assert!(wide <= column.1, "{text} is wider than its box");
            self.svg.text(&format!("{class} middle"), (middle(column), y + LINE * (place + 1) as f64), text);
        }
        y + height
    }

    /// The box of a resource; its condition says which parameter it takes.
    pub(super) fn resource(&mut self, id: &str, column: Point, y: f64, name: &str, lines: &[&str]) -> f64 {
        self.stack.draw(id);
        let needs = self.stack.needs(id);
        self.node(column, y, name, lines, needs.as_deref())
    }

    /// The box of the only resource of its kind.
    pub(super) fn only(&mut self, kind: &str, column: Point, y: f64, name: &str) -> f64 {
        let id = self.stack.only(kind);
        self.resource(&id, column, y, name, &[])
    }

    /// The API with its routes, their callers and their functions; returns its lower end.
    fn reached_by_http(&mut self, front: &Template) -> f64 {
        let top = 46.0;
        let mut y = top + 3.0 * LINE + 12.0;
        let mut rows = Vec::new();
        for function in FUNCTIONS {
            let entries = self.stack.routes(function);
            let own = if self.stack.needs(&self.stack.function(function)).is_some() { 2 } else { 1 };
            let height = LINE * own.max(entries.len()) as f64 + 10.0;
            rows.push(Row { function, entries, y, height });
            y += height + 8.0;
        }
        self.svg.text("strong", (OUTSIDE.0, 24.0), "The stack of template.yaml");
        self.svg.rect("box", (API.0, top), (API.1, y - top));
        self.about_the_api(top);
        self.callers(&rows, y, front);
        for row in &rows {
            let first = row.y + LINE + (row.height - 10.0 - LINE * row.entries.len() as f64) / 2.0;
            for (place, entry) in row.entries.iter().enumerate() {
                let y = first + LINE * place as f64;
                self.svg.text("soft", (API.0 + 10.0, y), &entry.method);
                let path = legible(&entry.path);
                self.svg.text("", (API.0 + 52.0, y), &path);
                let of_function = self.stack.needs(&self.stack.function(row.function));
                let own = entry.needs.as_deref().filter(|_| entry.needs != of_function).unwrap_or_default();
                assert!(width(&path) + width(own) <= API.1 - 60.0, "{path} is wider than the API");
                self.svg.text("only end", (end(API) - 8.0, y), own);
            }
            self.svg.path("arrow", &[(end(API), row.y + row.height / 2.0), (FUNCTION.0, row.y + row.height / 2.0)]);
            self.function(row.function, row.y, row.height);
        }
        y
    }

    fn about_the_api(&mut self, top: f64) {
        self.stack.draw("HttpApi");
        self.svg.text("strong", (API.0 + 10.0, top + LINE), "HTTP API");
        for (line, kind, what) in
            [(2.0, "AWS::ApiGatewayV2::DomainName", "custom domain:"), (3.0, "AWS::Route53::RecordSet", "DNS record:")]
        {
            let id = self.stack.only(kind);
            self.stack.draw(&id);
            let needs = self.stack.needs(&id).unwrap_or_default();
            self.svg.text("soft", (API.0 + 10.0, top + LINE * line), what);
            self.svg.text("only", (API.0 + 126.0, top + LINE * line), &needs);
        }
    }

    /// The callers, each as high as the routes it calls, and CloudFront, which may be in between.
    fn callers(&mut self, rows: &[Row], bottom: f64, front: &Template) {
        for kind in ["AWS::CloudFront::Distribution", "AWS::WAFv2::WebACL"] {
            assert_eq!(front.resources(kind).count(), 1, "front.yaml has a {kind}");
        }
        let top = rows[0].y;
        self.svg.rect("box dashed", (FRONT.0, top), (FRONT.1, bottom - 8.0 - top));
        self.svg.upright("", (FRONT.0 + 18.0, top + (bottom - top) / 2.0), "CloudFront with a firewall (front.yaml)");
        let mut boxes: Vec<(&str, f64, f64)> = Vec::new();
        for row in rows {
            let mut place = 0;
            for same in row.entries.chunk_by(|one, other| one.caller == other.caller) {
                let above = if place == 0 { row.y } else { row.y + LINE * place as f64 + 5.0 };
                place += same.len();
                let below = if place == row.entries.len() { row.y + row.height } else { row.y + LINE * place as f64 + 5.0 };
                let caller = same[0].caller;
                match boxes.last_mut() {
                    Some((last, _, bottom)) if *last == caller => *bottom = below,
                    _ => boxes.push((caller, above, below)),
                }
                let y = f64::midpoint(above, below);
                self.svg.path("", &[(end(OUTSIDE), y), (FRONT.0, y)]);
                self.svg.path("arrow", &[(end(FRONT), y), (API.0, y)]);
            }
        }
        for (caller, above, below) in boxes {
            self.svg.rect("box", (OUTSIDE.0, above + 1.0), (OUTSIDE.1, below - above - 2.0));
            self.svg.text("strong middle", (middle(OUTSIDE), f64::midpoint(above, below) + 5.0), caller);
        }
    }

    /// A function and what its role allows; the vertical lines are drawn later, behind this.
    fn function(&mut self, name: &'static str, y: f64, height: f64) {
        let id = self.stack.function(name);
        self.stack.draw(&id);
        let needs = self.stack.needs(&id);
        let own = LINE * if needs.is_some() { 2.0 } else { 1.0 } + 10.0;
        self.node(FUNCTION, y + (height - own) / 2.0, name, &[], needs.as_deref());
        let access = self.stack.access(name);
        let y = y + height / 2.0;
        let last = STORAGE.iter().rfind(|(id, ..)| access.contains_key(*id)).map_or(end(FUNCTION), |(.., column)| middle(*column));
        self.svg.path("thin", &[(end(FUNCTION), y), (last, y)]);
        for id in access.keys() {
            assert!(STORAGE.iter().any(|(kept, ..)| kept == id), "{id} has no place in the diagram");
        }
        for (id, _, _, column) in STORAGE {
            let Some(kinds) = access.get(id) else { continue };
            let wide = width(kinds) + 8.0;
            let class = if kinds == "read" { "pill one" } else { "pill two" };
            self.svg.rect(class, (middle(column) - wide / 2.0, y - 10.0), (wide, 20.0));
            self.svg.text("middle", (middle(column), y + 5.0), kinds);
        }
    }

    /// The functions without a route and who invokes them; returns the bot's upper and their
    /// lower end.
    fn invoked(&mut self, y: f64) -> (f64, f64) {
        let function = self.stack.function("connection-tokens");
        assert!(self.stack.bot_may("lambda:InvokeFunction", &function), "the bot's policy lets it invoke {function}");
        self.svg.path("arrow", &[(end(OUTSIDE), y + 17.0), (FUNCTION.0, y + 17.0)]);
        self.svg.text("soft middle", (middle(API), y + 12.0), "invokes (BotPolicyArn)");
        self.function("connection-tokens", y, LINE + 10.0 + 7.0);
        let keeper = y + 46.0;
        let schedules = self.stack.ids("AWS::Scheduler::Schedule");
        let mut rates: Vec<&str> = Vec::new();
        for id in &schedules {
            let of = self.stack.draw(id);
            assert_eq!(referred(&of["Target"]["Arn"]), self.stack.function("token-keeper"), "{id}");
            rates.push(of["ScheduleExpression"].as_str().unwrap_or_default());
        }
        rates.dedup();
        let more = schedules.iter().find_map(|id| self.stack.needs(id)).unwrap_or_default();
        let more = format!("1 to {} runs at once: {more}", schedules.len());
        let bottom = self.node(API, keeper, "EventBridge Scheduler", &[&rates.join(", "), &more], None);
        self.svg.path("arrow", &[(end(API), f64::midpoint(keeper, bottom)), (FUNCTION.0, f64::midpoint(keeper, bottom))]);
        self.function("token-keeper", keeper, bottom - keeper);
        (y, bottom)
    }

    /// The legend; returns the picture's height.
    fn legend(&mut self, y: f64) -> f64 {
        self.svg.rect("box dashed", (OUTSIDE.0, y - 13.0), (30.0, 17.0));
        self.svg.text("only", (OUTSIDE.0 + 40.0, y), "only where this parameter is set");
        self.svg.text("", (API.0 + 150.0, y), "↩ also rolls back an update");
        let y = y + LINE + 6.0;
        let rest = "Read, write, put: what the function's role allows. Not shown: calls to Shopify and Meta, logs, traces.";
        self.svg.text("", (OUTSIDE.0, y), rest);
        y + 18.0
    }
}

/// Leaves out a parameter's name that would make the path too long.
fn legible(path: &str) -> String {
    match path.split_once('{') {
        Some((before, rest)) if path.len() > 30 => format!("{before}{{…}}{}", rest.split_once('}').map_or("", |(_, rest)| rest)),
        _ => path.to_owned(),
    }
}
