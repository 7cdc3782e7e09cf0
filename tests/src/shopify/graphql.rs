//! Answers an operation from a shop's data: what is selected and nothing else, with Shopify's scope and cost rules.
//! A connection stands in the data as `{"@nodes": [...]}`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::document::{Field, Operation, Selection};
use super::scopes;
use super::terms::matches;

/// The most that one connection yields, and that one query may cost (shopify.dev, rate limits).
const FIRST_LIMIT: u64 = 250;
pub(super) const COST_LIMIT: u64 = 1000;

/// Scopes of which one is needed for a field (Admin GraphQL schema 2026-10).
const SCOPES: &[(&str, &[&str])] = &[
    ("products", &["read_products"]),
    ("variants", &["read_products"]),
    ("inventoryItem", &["read_inventory", "read_products"]),
    ("inventoryLevels", &["read_inventory"]),
    ("locations", &["read_locations", "read_inventory"]),
    ("discountNodes", &["read_discounts"]),
];

/// What an operation yields: `errors` beside partial data, or alone where it is not valid.
pub(super) struct Answer {
    pub(super) data: Option<Value>,
    pub(super) errors: Vec<Value>,
}

/// Carries an operation out on `root`.
pub(super) fn execute(operation: &Operation, root: &Value, granted: &[String]) -> Answer {
    let mut execution = Execution { operation, granted, errors: Vec::new() };
    match execution.select(&operation.selections, root, &mut Vec::new()) {
        Ok(data) => Answer { data: Some(data), errors: execution.errors },
        Err(error) => Answer { data: None, errors: vec![error] },
    }
}

struct Execution<'a> {
    operation: &'a Operation,
    granted: &'a [String],
    errors: Vec<Value>,
}

impl Execution<'_> {
    fn select(&mut self, selections: &[Selection], object: &Value, path: &mut Vec<Value>) -> Result<Value, Value> {
        let mut answer = Map::new();
        for selection in selections {
            match selection {
                Selection::Field(field) => {
                    path.push(json!(field.key));
                    let value = self.field(field, object, path)?;
                    path.pop();
                    answer.insert(field.key.clone(), value);
                }
                Selection::On(on, inner) => {
                    if on.as_ref().is_none_or(|on| on == "Node" || object["__typename"] == *on) {
                        merge(&mut answer, self.select(inner, object, path)?);
                    }
                }
                Selection::Spread(name) => {
                    let fragments = &self.operation.fragments;
                    let fragment = fragments.get(name).ok_or_else(|| invalid("undefinedFragment", name, path))?;
                    merge(&mut answer, self.select(std::slice::from_ref(fragment), object, path)?);
                }
            }
        }
        Ok(Value::Object(answer))
    }

    fn field(&mut self, field: &Field, object: &Value, path: &mut Vec<Value>) -> Result<Value, Value> {
        let value = object.get(&field.name).ok_or_else(|| {
            invalid("undefinedField", &format!("Field '{}' doesn't exist on type {}", field.name, object["__typename"]), path)
        })?;
        let needed = SCOPES.iter().find(|(name, _)| *name == field.name).map(|(_, scopes)| *scopes);
        if let Some(needed) = needed.filter(|needed| !needed.iter().any(|scope| scopes::grants(self.granted, scope))) {
            self.errors.push(access_denied(&field.name, needed, path));
            return Ok(Value::Null);
        }
        self.value(field, value, path)
    }

    fn value(&mut self, field: &Field, value: &Value, path: &mut Vec<Value>) -> Result<Value, Value> {
        let bare = field.selections.is_empty();
        match value {
            Value::Object(_) if bare => {
                let message = format!("Field must have selections (field '{}')", field.name);
                Err(invalid("selectionMismatch", &message, path))
            }
            Value::Object(object) => match object.get("@nodes") {
                Some(nodes) => self.connection(field, nodes.as_array().map_or(&[], Vec::as_slice), path),
                None => self.select(&field.selections, value, path),
            },
            Value::Array(list) => {
                // `quantities(names:)` and `nodes(ids:)` choose from a list.
                let wanted = |item: &Value| match (field.arguments.get("names"), field.arguments.get("ids")) {
                    (Some(Value::Array(names)), _) => names.contains(&item["name"]),
                    (_, Some(Value::Array(ids))) => ids.contains(&item["id"]),
                    _ => true,
                };
                list.iter().filter(|item| wanted(item)).map(|item| self.value(field, item, path)).collect()
            }
            Value::Null => Ok(Value::Null),
            _ if !bare => {
                let message = format!("Selections can't be made on scalars (field '{}')", field.name);
                Err(invalid("selectionMismatch", &message, path))
            }
            Value::String(text) => Ok(match field.arguments.get("truncateAt").and_then(Value::as_u64) {
                Some(limit) => json!(text.chars().take(usize::try_from(limit).unwrap_or(0)).collect::<String>()),
                None => value.clone(),
            }),
            _ => Ok(value.clone()),
        }
    }

    fn connection(&mut self, field: &Field, nodes: &[Value], path: &mut Vec<Value>) -> Result<Value, Value> {
        let Some(first) = field.arguments.get("first").and_then(Value::as_u64) else {
            let message = format!("you must provide one of first or last (field '{}')", field.name);
            return Err(invalid("BAD_REQUEST", &message, path));
        };
        if first > FIRST_LIMIT {
            return Err(invalid("BAD_USER_INPUT", &format!("first cannot exceed {FIRST_LIMIT}"), path));
        }
        let query = field.arguments.get("query").and_then(Value::as_str).unwrap_or_default();
        let nodes: Vec<_> = nodes.iter().filter(|node| matches(node, query)).collect();
        let start = match field.arguments.get("after") {
            Some(Value::String(cursor)) => position(cursor).ok_or_else(|| invalid("BAD_USER_INPUT", "Invalid cursor", path))?,
            _ => 0,
        };
        let count = usize::try_from(first).unwrap_or(0);
        let chosen: Vec<_> = nodes.iter().enumerate().skip(start).take(count).collect();
        let page_info = json!({
            "__typename": "PageInfo",
            "hasNextPage": start + chosen.len() < nodes.len(), "hasPreviousPage": start > 0,
            "startCursor": chosen.first().map(|(index, _)| cursor(*index)),
            "endCursor": chosen.last().map(|(index, _)| cursor(*index)),
        });
        let edge = |(index, node): &(usize, &&Value)| json!({"__typename": "Edge", "cursor": cursor(*index), "node": node});
        let edges: Vec<_> = chosen.iter().map(edge).collect();
        let chosen: Vec<_> = chosen.iter().map(|(_, node)| (**node).clone()).collect();
        self.select(&field.selections, &json!({"__typename": "Connection", "nodes": chosen, "edges": edges, "pageInfo": page_info}), path)
    }
}

pub(super) fn cursor(index: usize) -> String {
    STANDARD.encode(format!("after:{index}"))
}

/// Where the nodes after a cursor begin.
pub(super) fn position(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    Some(text.strip_prefix("after:")?.parse::<usize>().ok()? + 1)
}

fn merge(into: &mut Map<String, Value>, from: Value) {
    if let Value::Object(from) = from {
        into.extend(from);
    }
}

fn invalid(code: &str, message: &str, path: &[Value]) -> Value {
    json!({"message": message, "path": path, "extensions": {"code": code}})
}

/// The field is null, the rest of the data is there (shopify.dev, response codes).
fn access_denied(field: &str, needed: &[&str], path: &[Value]) -> Value {
    let access: Vec<_> = needed.iter().map(|scope| format!("`{scope}`")).collect();
    let access = format!("{} access scope.", access.join(" or "));
    json!({
        "message": format!("Access denied for {field} field. Required access: {access}"),
        "path": path,
        "extensions": {
            "code": "ACCESS_DENIED", "requiredAccess": access,
            "documentation": "https://shopify.dev/api/usage/access-scopes",
        },
    })
}

/// What an operation is estimated to cost: scalars nothing, an object 1, a connection as often its node as it may
/// yield, a mutation 10 (shopify.dev, rate limits). Rather more than Shopify's own figure, which also counts by `first`.
pub(super) fn cost(operation: &Operation) -> u64 {
    let base = if operation.is_mutation { 10 } else { 0 };
    base + selections_cost(operation, &operation.selections)
}

fn selections_cost(operation: &Operation, selections: &[Selection]) -> u64 {
    // Of fragments on different types only one applies.
    let mut of_fragments = 0;
    let mut sum = 0;
    for selection in selections {
        match selection {
            Selection::Field(field) => sum += field_cost(operation, field),
            Selection::On(_, inner) => of_fragments = selections_cost(operation, inner).max(of_fragments),
            Selection::Spread(name) => {
                let fragment = operation.fragments.get(name).map_or(&[][..], std::slice::from_ref);
                sum += selections_cost(operation, fragment);
            }
        }
    }
    sum + of_fragments
}

fn field_cost(operation: &Operation, field: &Field) -> u64 {
    if field.selections.is_empty() {
        return 0;
    }
    let number = |name: &str| field.arguments.get(name).and_then(Value::as_u64);
    if let Some(size) = number("first").or_else(|| number("last")) {
        let is_once = |selection: &&Selection| matches!(selection, Selection::Field(field) if field.name == "pageInfo");
        let (once, many): (Vec<_>, Vec<_>) = field.selections.iter().partition(is_once);
        let cost = |selections: Vec<&Selection>| {
            let selections: Vec<_> = selections.into_iter().cloned().collect();
            selections_cost(operation, &selections)
        };
        return 1 + cost(once) + size.saturating_mul(cost(many));
    }
    let one = selections_cost(operation, &field.selections);
    let many = field.arguments.get("ids").and_then(Value::as_array).map_or(1, Vec::len);
    u64::try_from(many).unwrap_or(u64::MAX).saturating_mul(1 + one)
}

/// What an answer cost: one for every object in it.
pub(super) fn actual_cost(data: &Value) -> u64 {
    match data {
        Value::Object(object) => 1 + object.values().map(actual_cost).sum::<u64>(),
        Value::Array(list) => list.iter().map(actual_cost).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
