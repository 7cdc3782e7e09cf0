//! The lower half of `aws.svg`: tables, secret and buses, and the ways of messages and events.

use super::aws::{Diagram, OUTSIDE, STORAGE, end, middle};
use super::stack::referred;
use crate::svg::{LINE, Point};

/// The message queue, between the bot and the bus.
const QUEUE: Point = (292.0, 162.0);
/// The bus of the links' events.
const EVENTS: Point = (622.0, 152.0);
/// The upper end of the vertical lines.
const RAILS_FROM: f64 = 64.0;

/// Draws it from `y` downwards, and the bot from `bot`; returns its lower end.
pub(super) fn draw(diagram: &mut Diagram<'_>, y: f64, bot: f64) -> f64 {
    let mut bottom = y;
    for (id, name, kind, column) in STORAGE {
        diagram.svg.path_behind("rail", &[(middle(column), RAILS_FROM), (middle(column), y)]);
        diagram.svg.text("strong middle", (middle(column), RAILS_FROM - 8.0), name);
        bottom = f64::max(bottom, diagram.resource(id, column, y, name, &Vec::from_iter(kind.lines())));
    }
    let events = messages(diagram, y) + 18.0;
    let bottom = self::events(diagram, y, events);
    let (height, heard) = (events + 2.0 * LINE + 10.0 - bot, events + LINE + 5.0);
    diagram.svg.rect("box", (OUTSIDE.0, bot), (OUTSIDE.1, height));
    diagram.svg.text("strong middle", (middle(OUTSIDE), bot + height / 2.0 - 12.0), "The bot,");
    for (line, text) in ["a stack of", "its own"].into_iter().enumerate() {
        diagram.svg.text("soft middle", (middle(OUTSIDE), bot + height / 2.0 + 5.0 + LINE * line as f64), text);
    }
    diagram.svg.path("arrow", &[(EVENTS.0, heard), (end(OUTSIDE), heard)]);
    diagram.svg.text("soft", (end(OUTSIDE) + 12.0, heard - 6.0), "learns of links through its own rules");
    bottom
}

/// From the message bus through the rule to the queue, from which the bot receives them; returns
/// the lower end of the dead-letter queue.
fn messages(diagram: &mut Diagram<'_>, y: f64) -> f64 {
    let bus = STORAGE[0].3;
    let rule = diagram.stack.only("AWS::Events::Rule");
    let of = diagram.stack.draw(&rule);
    let target = &of["Targets"][0];
    let (queue, failed) = (referred(&target["Arn"]), referred(&target["DeadLetterConfig"]["Arn"]));
    assert_eq!((referred(&of["EventBusName"]), of["Targets"].as_array().map(Vec::len)), (STORAGE[0].0, Some(1)), "{rule}");
    let bottom = diagram.resource(queue, QUEUE, y, "message queue", &["SQS"]);
    let line = y + LINE + 5.0;
    diagram.svg.path("arrow", &[(bus.0, line), (end(QUEUE), line)]);
    let name = format!("rule “{}”", of["Name"].as_str().unwrap_or_default());
    diagram.svg.text("soft middle", (f64::midpoint(bus.0, end(QUEUE)), line - 6.0), &name);
    assert!(diagram.stack.bot_may("sqs:ReceiveMessage", queue), "the bot's policy lets it read {queue}");
    diagram.svg.path("arrow", &[(QUEUE.0, line), (end(OUTSIDE), line)]);
    diagram.svg.text("soft", (end(OUTSIDE) + 12.0, line - 6.0), "receives (BotPolicyArn)");
    let redrive = &diagram.stack.draw(queue)["RedrivePolicy"];
    assert_eq!(referred(&redrive["deadLetterTargetArn"]), failed, "the rule and the queue share a dead-letter queue");
    let below = bottom + 28.0;
    let x = QUEUE.0 + 24.0;
    diagram.svg.path("arrow", &[(x, bottom), (x, below)]);
    let why = format!("received {} times, or not delivered by the rule", redrive["maxReceiveCount"]);
    diagram.svg.text("soft", (x + 10.0, bottom + 18.0), &why);
    diagram.resource(failed, QUEUE, below, "dead letters", &["SQS"])
}

/// From the table's stream through the pipes to the bus of the links' events; returns the lower
/// end of what is below them.
fn events(diagram: &mut Diagram<'_>, above: f64, y: f64) -> f64 {
    let table = STORAGE[3];
    let bus = diagram.stack.ids("AWS::Events::EventBus").into_iter().find(|id| id != STORAGE[0].0).expect("links' events have a bus");
    let pipes = diagram.stack.ids("AWS::Pipes::Pipe");
    let (mut lost, mut hours) = (String::new(), 0);
    for pipe in &pipes {
        let of = diagram.stack.draw(pipe);
        assert_eq!((referred(&of["Source"]), referred(&of["Target"])), (table.0, bus.as_str()), "{pipe}");
        let stream = &of["SourceParameters"]["DynamoDBStreamParameters"];
        referred(&stream["DeadLetterConfig"]["Arn"]).clone_into(&mut lost);
        hours = stream["MaximumRecordAgeInSeconds"].as_u64().unwrap_or_default() / 3600;
    }
    let from = above + 3.0 * LINE + 10.0;
    diagram.svg.path("arrow", &[(middle(table.3), from), (middle(table.3), y)]);
    diagram.svg.text("soft end", (middle(table.3) - 8.0, f64::midpoint(from, y) + 4.0), "stream");
    let bottom = diagram.node(table.3, y, &format!("{} pipes", pipes.len()), &["EventBridge"], None);
    let line = y + LINE + 5.0;
    diagram.svg.path("arrow", &[(table.3.0, line), (end(EVENTS), line)]);
    diagram.svg.text("soft middle", (f64::midpoint(table.3.0, end(EVENTS)), line - 6.0), "events");
    diagram.resource(&bus, EVENTS, y, "links’ events", &["EventBridge bus"]);
    let archive = diagram.stack.only("AWS::Events::Archive");
    let below = bottom + 26.0;
    assert_eq!(referred(&diagram.stack.draw(&archive)["SourceArn"]), bus, "{archive}");
    diagram.svg.path("arrow", &[(middle(EVENTS), bottom), (middle(EVENTS), below)]);
    diagram.resource(&archive, EVENTS, below, "archive of events", &[]);
    diagram.svg.path("arrow", &[(middle(table.3), bottom), (middle(table.3), below)]);
    diagram.svg.text("soft end", (middle(table.3) - 8.0, bottom + 18.0), &format!("after {hours} h"));
    diagram.resource(&lost, table.3, below, "dead letters", &["SQS"])
}
