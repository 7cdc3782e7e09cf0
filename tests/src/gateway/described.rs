//! The published description of the routes: what a function answers has to stand there.

use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use jsonschema::Validator;
use serde_json::Value;

use crate::lambda::Reply;
use crate::schemas;
use crate::template::{Route, Template};

const FILE: &str = "docs/openapi.yaml";

static PUBLISHED: LazyLock<Description> = LazyLock::new(|| Description::of(Template::load_file(FILE).value()));

/// By status, the media types that its body may have, each with what it has to look like; none for a reply without a body.
type Replies = BTreeMap<u16, BTreeMap<String, Body>>;

/// A described body.
#[derive(Debug)]
struct Body {
    schema: Value,
    /// Made for the first such body: a test sees few of them.
    validator: OnceLock<Validator>,
}

/// What a description says of replies, by method and path.
#[derive(Debug)]
pub struct Description {
    operations: BTreeMap<(String, String), Replies>,
    /// What schemas refer to.
    components: Value,
}

impl Description {
    /// The project's own, which is read once.
    ///
    /// # Panics
    ///
    /// When it can't be read.
    pub fn published() -> &'static Self {
        &PUBLISHED
    }

    fn of(document: &Value) -> Self {
        let mut operations = BTreeMap::new();
        for (path, methods) in members(&document["paths"]) {
            for (method, operation) in members(methods) {
                let replies = members(&operation["responses"]).map(|(status, reply)| (number(status), kinds(resolved(document, reply))));
                operations.insert((method.to_uppercase(), path.clone()), replies.collect());
            }
        }
        Self { operations, components: document["components"].clone() }
    }

    /// Method and path of everything that is described, in that order.
    pub fn operations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.operations.keys().map(|(method, path)| (method.as_str(), path.as_str()))
    }

    /// Demands that a route's reply is described: its status, the kind of its body, and what is in there.
    ///
    /// # Errors
    ///
    /// What was answered where, and what is described in its place.
    pub fn check(&self, route: &Route, reply: &Reply) -> Result<(), String> {
        let answered = media_type(reply);
        let known = self.operations.get(&(route.method.clone(), route.pattern.clone()));
        let kinds = known.and_then(|replies| replies.get(&reply.status));
        let body = answered.as_ref().zip(kinds).and_then(|(kind, kinds)| kinds.get_key_value(kind));
        match (kinds, body) {
            (_, Some((kind, body))) => self
                .holds(kind, body, reply)
                .map_err(|wrong| format!("{} {} answered {}, and {wrong}", route.method, route.pattern, reply.status)),
            (Some(kinds), None) if answered.is_none() && kinds.is_empty() => Ok(()),
            _ => Err(format!(
                "{} {} answered {} with {}, of which {FILE} knows nothing; with this status it has {}:\n{}",
                route.method,
                route.pattern,
                reply.status,
                answered.as_deref().unwrap_or("no body"),
                kinds.map_or_else(|| "nothing".to_owned(), listed),
                reply.text(),
            )),
        }
    }

    /// Holds a body against its schema; one that is not JSON is a text.
    fn holds(&self, kind: &str, body: &Body, reply: &Reply) -> Result<(), String> {
        let document = if kind.ends_with("json") {
            serde_json::from_slice(&reply.body).map_err(|error| format!("its body is not {kind}: {error}"))?
        } else {
            Value::String(reply.text())
        };
        let validator = body.validator.get_or_init(|| {
            let mut schema = body.schema.clone();
            // Where its references lead.
            schema["components"] = self.components.clone();
            schemas::compiled(&schema)
        });
        schemas::held(validator, &document)
    }
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

/// A status. `default` and `4XX` would let through what this is to find.
fn number(status: &str) -> u16 {
    status.parse().unwrap_or_else(|_| panic!("{FILE}: {status} is no single status"))
}

/// The media types of a described reply's body.
fn kinds(reply: &Value) -> BTreeMap<String, Body> {
    let body = |content: &Value| Body {
        schema: content.get("schema").cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new())),
        validator: OnceLock::new(),
    };
    members(&reply["content"]).map(|(kind, content)| (kind.clone(), body(content))).collect()
}

fn resolved<'document>(document: &'document Value, value: &'document Value) -> &'document Value {
    let Some(reference) = value["$ref"].as_str() else { return value };
    let found = reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer));
    found.unwrap_or_else(|| panic!("{FILE}: {reference} leads nowhere"))
}

/// What a body says that it is, without parameters; none where there is no body.
fn media_type(reply: &Reply) -> Option<String> {
    let header = reply.header("content-type").unwrap_or("no content type");
    let kind = header.split(';').next().unwrap_or_default().trim().to_lowercase();
    (!reply.body.is_empty()).then_some(kind)
}

fn listed(kinds: &BTreeMap<String, Body>) -> String {
    let kinds: Vec<&str> = kinds.keys().map(String::as_str).collect();
    if kinds.is_empty() { "no body".to_owned() } else { kinds.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described() -> Description {
        let problem = json!({ "content": { "application/problem+json": {}, "text/html": {} } });
        Description::of(&json!({
            "paths": { "/list": {
                "get": { "responses": {
                    "200": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/List" } } } },
                    "302": { "description": "Elsewhere." },
                    "400": { "$ref": "#/components/responses/Refused" },
                } },
                "post": { "responses": { "303": {} } },
            } },
            "components": {
                "responses": { "Refused": problem },
                "schemas": { "List": { "type": "object", "properties": { "length": { "type": "integer" } } } },
            },
        }))
    }

    fn verdict(method: &str, pattern: &str, status: u16, content_type: &str, body: &str) -> Result<(), String> {
        let route = Route { method: method.to_owned(), pattern: pattern.to_owned(), function: "f".to_owned() };
        let headers = Some(("content-type".to_owned(), content_type.to_owned())).filter(|(_, value)| !value.is_empty());
        let reply =
            Reply { status, headers: headers.into_iter().collect(), cookies: Vec::new(), body: body.as_bytes().to_vec(), is_base64: false };
        described().check(&route, &reply)
    }

    #[test]
    fn what_is_described_passes() {
        for (status, content_type, body) in [
            (200, "application/json", "{}"),
            (302, "", ""),
            (400, "application/problem+json", "{}"),
            (400, "Text/HTML; charset=utf-8", "<!doctype html>"),
        ] {
            assert_eq!(verdict("GET", "/list", status, content_type, body), Ok(()));
        }
        assert_eq!(verdict("POST", "/list", 303, "", ""), Ok(()));
    }

    #[test]
    fn another_status_route_or_method_is_refused() {
        for (method, pattern, status) in [("GET", "/list", 201), ("GET", "/list", 404), ("GET", "/lists", 200), ("PUT", "/list", 200)] {
            let refusal = verdict(method, pattern, status, "application/json", "{}").unwrap_err();
            assert!(refusal.starts_with(&format!("{method} {pattern} answered {status} with application/json")), "{refusal}");
        }
        assert!(verdict("POST", "/list", 200, "application/json", "{}").is_err(), "that is the other method's");
    }

    #[test]
    fn another_kind_of_body_is_refused() {
        for (status, content_type, body) in [
            (200, "text/html", "<!doctype html>"),
            (200, "application/problem+json", "{}"),
            (400, "application/json", "{}"),
            (400, "text/plain; charset=utf-8", "x"),
            (200, "", "{}"),
            (200, "application/json", ""),
            (302, "application/json", "{}"),
        ] {
            let refusal = verdict("GET", "/list", status, content_type, body).unwrap_err();
            assert!(refusal.contains(&status.to_string()) && refusal.contains("/list"), "{refusal}");
        }
        let refusal = verdict("GET", "/list", 400, "text/plain", "why").unwrap_err();
        assert!(refusal.contains("with text/plain,") && refusal.contains("it has application/problem+json, text/html:\nwhy"), "{refusal}");
    }

    #[test]
    fn a_body_unlike_its_schema_is_refused() {
        assert_eq!(verdict("GET", "/list", 200, "application/json", r#"{"length":1}"#), Ok(()));
        for (body, why) in [("[]", "is not of type"), (r#"{"length":"1"}"#, "/length"), ("{", "is not application/json")] {
            let refusal = verdict("GET", "/list", 200, "application/json", body).unwrap_err();
            assert!(refusal.starts_with("GET /list answered 200, and ") && refusal.contains(why), "{refusal}");
        }
        assert!(verdict("GET", "/list", 400, "application/problem+json", "?").is_err(), "no JSON at all");
    }

    #[test]
    #[should_panic(expected = "default is no single status")]
    fn a_status_that_stands_for_any_is_none() {
        Description::of(&json!({ "paths": { "/": { "get": { "responses": { "default": {} } } } } }));
    }

    #[test]
    #[should_panic(expected = "leads nowhere")]
    fn a_reference_to_nothing_is_no_reply() {
        Description::of(&json!({ "paths": { "/": { "get": { "responses": { "200": { "$ref": "#/components/responses/None" } } } } } }));
    }

    #[test]
    fn references_of_the_published_one_are_followed() {
        let replies = &Description::published().operations[&("GET".to_owned(), "/connections".to_owned())];
        assert_eq!(replies[&400].keys().collect::<Vec<_>>(), ["application/problem+json", "text/html"]);
    }
}
