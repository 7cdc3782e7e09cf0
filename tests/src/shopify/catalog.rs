//! The Storefront Catalog: <https://shopify.dev/docs/agents/catalog/storefront-catalog>, which follows UCP's catalog over MCP
//! (<https://ucp.dev/2026-04-08/specification/catalog/mcp>). Unlike Shopify this one does not read the agent's profile, only looks whether there is an address of one;
//! which words find what is its own. Under which HTTP status Shopify sends JSON-RPC's errors is not documented: here it is 200.

mod products;

use serde_json::{Value, json};

use super::shop::Shop;
use super::storefront::Throttling;
use super::{Shopify, graphql};
use crate::provider::{RecordedRequest, Reply, lock};

const VERSION: &str = "2026-04-08";
/// The most identifiers that one `lookup_catalog` takes.
const IDS: usize = 10;
/// Products on a page where nothing is said, and the most that fit on one.
const PAGE: u64 = 10;
const LARGEST_PAGE: u64 = 50;

/// A tool: its name, the capability that it belongs to, and what its `catalog` must have.
const TOOLS: [(&str, &str, &str); 3] =
    [("search_catalog", "search", "query"), ("lookup_catalog", "lookup", "ids"), ("get_product", "lookup", "id")];

/// An error of JSON-RPC.
struct Refusal {
    code: i64,
    message: &'static str,
    data: Value,
}

impl Refusal {
    fn new(code: i64, message: &'static str) -> Self {
        Self { code, message, data: Value::Null }
    }

    fn parameter(content: &str) -> Self {
        Self { data: json!({"content": content}), ..Self::new(-32602, "Invalid params") }
    }
}

impl Shopify {
    /// `POST /{shop}/api/ucp/mcp`.
    pub(super) fn catalog(&self, domain: &str, request: &RecordedRequest) -> Reply {
        let shop = match self.entered(domain) {
            Ok(shop) => shop,
            Err(reply) => return reply,
        };
        let call: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        if let Some(throttling) = self.throttling(domain) {
            let status = if throttling == Throttling::Status { 429 } else { 200 };
            let body = refused(&call["id"], &Refusal::new(-32000, "Too many requests"));
            return Reply::json(status, &body).with_header("retry-after", "2");
        }
        let body = match answer(&shop, &call) {
            Ok(result) => json!({"jsonrpc": "2.0", "id": call["id"], "result": result}),
            Err(refusal) => refused(&call["id"], &refusal),
        };
        Reply::json(200, &body)
    }

    /// Counts down.
    fn throttling(&self, domain: &str) -> Option<Throttling> {
        let mut state = lock(&self.state);
        let shop = state.shop(domain);
        let (throttling, left) = shop.throttled?;
        shop.throttled = left.checked_sub(2).map(|before| (throttling, before + 1));
        (left > 0).then_some(throttling)
    }
}

fn refused(id: &Value, refusal: &Refusal) -> Value {
    let mut error = json!({"code": refusal.code, "message": refusal.message});
    if !refusal.data.is_null() {
        error["data"] = refusal.data.clone();
    }
    json!({"jsonrpc": "2.0", "id": id, "error": error})
}

fn answer(shop: &Shop, call: &Value) -> Result<Value, Refusal> {
    if call.is_null() {
        return Err(Refusal::new(-32700, "Parse error"));
    }
    let Some(method) = call["method"].as_str().filter(|_| call["jsonrpc"] == "2.0") else {
        return Err(Refusal::new(-32600, "Invalid Request"));
    };
    if !matches!(method, "tools/list" | "tools/call") {
        return Err(Refusal::new(-32601, "Method not found"));
    }
    let (params, arguments) = (&call["params"], &call["params"]["arguments"]);
    let profile = arguments["meta"]["ucp-agent"]["profile"].as_str().unwrap_or_default();
    if !is_web_address(profile) {
        let data = json!({"code": "invalid_profile_url", "content": "The agent profile URL is missing or malformed"});
        return Err(Refusal { data, ..Refusal::new(-32001, "UCP discovery failed") });
    }
    if method == "tools/list" {
        return Ok(json!({"tools": TOOLS.map(described)}));
    }
    let Some((tool, capability, _)) = TOOLS.into_iter().find(|(tool, ..)| params["name"] == *tool) else {
        return Err(Refusal::parameter("Unknown tool"));
    };
    let catalog = &arguments["catalog"];
    let content = match tool {
        "search_catalog" => search(shop, catalog)?,
        "lookup_catalog" => lookup(shop, catalog)?,
        _ => product(shop, catalog)?,
    };
    Ok(result(capability, content))
}

fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).unwrap_or_default();
    !rest.is_empty() && !rest.starts_with('/') && !url.contains(char::is_whitespace)
}

fn described((tool, _, wanted): (&str, &str, &str)) -> Value {
    let object = |required: &[&str]| json!({"type": "object", "required": required});
    let mut schema = object(&["meta", "catalog"]);
    schema["properties"] = json!({"meta": object(&["ucp-agent"]), "catalog": object(&[wanted])});
    json!({"name": tool, "description": format!("See {tool} of UCP's catalog."), "inputSchema": schema})
}

/// The same twice: as an object, and as text.
fn result(capability: &str, mut content: Value) -> Value {
    let name = format!("dev.ucp.shopping.catalog.{capability}");
    content["ucp"]["version"] = json!(VERSION);
    content["ucp"]["capabilities"] = json!({name: [{"version": VERSION}]});
    let text = content.to_string();
    json!({"structuredContent": content, "content": [{"type": "text", "text": text}], "isError": false})
}

fn search(shop: &Shop, catalog: &Value) -> Result<Value, Refusal> {
    let query = catalog["query"].as_str().ok_or_else(|| Refusal::parameter("catalog.query is missing"))?;
    let found = products::found(shop, query, &catalog["filters"]);
    let pagination = &catalog["pagination"];
    let size = match &pagination["limit"] {
        Value::Null => PAGE,
        limit => limit.as_u64().filter(|limit| *limit > 0).ok_or_else(|| Refusal::parameter("pagination.limit is no number"))?,
    };
    let start = match &pagination["cursor"] {
        Value::Null => 0,
        cursor => {
            let position = cursor.as_str().and_then(graphql::position);
            position.ok_or_else(|| Refusal::parameter("pagination.cursor is none of this catalog"))?
        }
    };
    let size = usize::try_from(size.min(LARGEST_PAGE)).unwrap_or(usize::MAX);
    let page: Vec<Value> = found.iter().skip(start).take(size).cloned().collect();
    let next = start + page.len();
    let mut told = json!({"has_next_page": next < found.len(), "total_count": found.len()});
    if next < found.len() {
        told["cursor"] = json!(graphql::cursor(next - 1));
    }
    Ok(json!({"products": page, "pagination": told}))
}

fn lookup(shop: &Shop, catalog: &Value) -> Result<Value, Refusal> {
    let ids: Option<Vec<&str>> = catalog["ids"].as_array().and_then(|ids| ids.iter().map(Value::as_str).collect());
    let ids = ids.filter(|ids| !ids.is_empty()).ok_or_else(|| Refusal::parameter("catalog.ids is no list of texts"))?;
    if ids.len() > IDS {
        return Err(Refusal::parameter("catalog.ids has more than 10 entries"));
    }
    let (products, missing) = products::by_ids(shop, &ids);
    let messages: Vec<_> = missing.into_iter().map(|id| json!({"type": "info", "code": "not_found", "content": id})).collect();
    Ok(json!({"products": products, "messages": messages}))
}

fn product(shop: &Shop, catalog: &Value) -> Result<Value, Refusal> {
    let id = catalog["id"].as_str().ok_or_else(|| Refusal::parameter("catalog.id is missing"))?;
    Ok(products::detail(shop, id).map_or_else(
        || {
            let message = json!({"type": "error", "code": "not_found", "content": id, "severity": "unrecoverable"});
            json!({"ucp": {"status": "error"}, "messages": [message]})
        },
        |product| json!({"product": product}),
    ))
}

#[cfg(test)]
mod tests;
