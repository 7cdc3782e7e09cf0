//! The published schemas of what programs send and get (docs/schemas): each document that passes in a test is held against its own.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::event_bus::Put;
use crate::outbox::Delivered;
use crate::template::project_dir;

static REQUEST: LazyLock<Validator> = LazyLock::new(|| read("connection-tokens.request.json"));
static REPLY: LazyLock<Validator> = LazyLock::new(|| read("connection-tokens.reply.json"));
static EVENTS: LazyLock<Validator> = LazyLock::new(|| read("events.json"));
static MESSAGE: LazyLock<Validator> = LazyLock::new(|| read("message.json"));

fn read(name: &str) -> Validator {
    let text = std::fs::read_to_string(project_dir().join("docs/schemas").join(name)).expect("a published schema");
    compiled(&serde_json::from_str(&text).expect("a schema is JSON"))
}

/// What holds documents against a schema.
///
/// # Panics
///
/// When it is none.
pub(crate) fn compiled(schema: &Value) -> Validator {
    jsonschema::draft202012::options().should_validate_formats(true).build(schema).expect("a schema of draft 2020-12")
}

/// Demands that a document is as a schema says.
///
/// # Errors
///
/// The document, and what is wrong where.
pub(crate) fn held(validator: &Validator, document: &Value) -> Result<(), String> {
    let errors: Vec<String> = validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{document} is not as published: {}", errors.join("; "))) }
}

/// Demands that a reply of `connection-tokens` is as published, and that a request which is as published is not refused for its form.
///
/// # Errors
///
/// What is wrong with which document.
pub fn asked(request: &Value, reply: &Value) -> Result<(), String> {
    held(&REPLY, reply)?;
    match (held(&REQUEST, request), reply["error"]["code"] == "invalid_request") {
        (Ok(()), true) => Err(format!("{request} is as published, and was refused")),
        _ => Ok(()),
    }
}

/// Demands that an event of a link is as published.
///
/// # Errors
///
/// What is wrong with it.
pub fn delivered(event: &Delivered) -> Result<(), String> {
    held(&EVENTS, &json!({ "source": event.source, "detail-type": event.detail_type, "detail": event.detail }))
}

/// Demands that what this service puts on a bus is as published; what others put there is theirs.
///
/// # Errors
///
/// What is wrong with it.
pub fn put(event: &Put) -> Result<(), String> {
    let schema = match &*event.source {
        "messenger-link" => &EVENTS,
        "messenger-link.messages" => &MESSAGE,
        _ => return Ok(()),
    };
    held(schema, &json!({ "source": event.source, "detail-type": event.detail_type, "detail": event.detail }))
}

#[cfg(test)]
mod tests;
