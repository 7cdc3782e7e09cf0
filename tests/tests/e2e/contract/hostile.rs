//! Whatever bytes arrive, the answer is one of the table and the same process answers the next request.

use e2e::gateway::Request;
use e2e::lambda::Function;
use e2e::world::{HTTP, World};
use serde_json::{Value, json};

use crate::contract::{OPEN, WAYS, Way, assert_common_headers, assert_json_lines, assert_problem, event_of, function, functions};

/// Sends each event, and after each an ordinary request; the process must be the same in the end.
async fn survives(world: &World, name: &str, events: Vec<(String, Value)>) {
    let function = world.function(name);
    let pids = |function: &Function| function.instances().iter().map(|instance| instance.pid).collect::<Vec<_>>();
    let before = pids(function);
    for (what, event) in events {
        // Two routes ask for nothing.
        let asks_nothing = name == "connections" && event["rawPath"].as_str().is_some_and(|path| OPEN.contains(&path));
        let reply = function.invoke(event).await.result.unwrap_or_else(|error| panic!("{name}, {what}: {error}"));
        assert_common_headers(&reply, HTTP);
        match reply.status {
            200 if asks_nothing => assert!(reply.json().is_object(), "{name}, {what}"),
            302 => assert!(reply.header("location").unwrap().starts_with(&world.shopify.url()), "{name}, {what}"),
            400..500 if reply.header("content-type") == Some("text/html; charset=utf-8") => {}
            400..500 => assert!(!assert_problem(&reply).is_empty()),
            other => panic!("{name}, {what}: {other} {}", reply.text()),
        }
        let next = function.invoke(event_of(HTTP, &Request::get("/nothing/here"))).await.reply();
        assert_eq!(assert_problem(&next), "not_found", "{name} after {what}");
    }
    assert_eq!(pids(function), before, "{name} died on the way");
    assert_json_lines(&function.logs());
    assert!(!function.logs().contains("panic"), "{}", function.logs());
}

fn usual(way: Way) -> Value {
    event_of(HTTP, &way.request_with("?code=c&shop=acme.myshopify.com&state=s&hmac=h&timestamp=1"))
}

fn with(way: Way, pointer: &str, value: Value) -> Value {
    let mut event = usual(way);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    event.pointer_mut(parent).unwrap()[name] = value;
    event
}

#[tokio::test]
async fn json_that_is_no_event_at_all() {
    let world = super::world().await;
    for name in functions().iter().map(|way| way.function) {
        let deep = (0..100).fold(json!({}), |inner, _| json!({ "requestContext": inner }));
        let events = [
            Value::Null,
            json!(true),
            json!(7),
            json!(-1.5e300),
            json!(""),
            json!("GET /"),
            json!([]),
            json!([[["x"]]]),
            json!({}),
            json!({"version": "2.0"}),
            json!({"version": "1.0", "httpMethod": "GET", "path": "/shopify/login"}),
            json!({"Records": [{"eventSource": "aws:sqs"}]}),
            json!({"page_id": "1"}),
            deep,
        ];
        survives(&world, name, events.into_iter().map(|event| (event.to_string(), event)).collect()).await;
    }
}

#[tokio::test]
async fn missing_fields_and_fields_of_another_type() {
    let world = super::world().await;
    let others = [Value::Null, json!(true), json!(7), json!("x"), json!([]), json!([7, null, {}]), json!({}), json!({"a": {"b": [1]}})];
    let pointers = [
        "/version",
        "/routeKey",
        "/rawPath",
        "/rawQueryString",
        "/cookies",
        "/headers",
        "/headers/accept",
        "/headers/host",
        "/headers/x-forwarded-proto",
        "/queryStringParameters",
        "/pathParameters",
        "/stageVariables",
        "/requestContext",
        "/requestContext/http",
        "/requestContext/http/method",
        "/requestContext/http/path",
        "/requestContext/http/sourceIp",
        "/requestContext/requestId",
        "/requestContext/stage",
        "/requestContext/timeEpoch",
        "/body",
        "/isBase64Encoded",
    ];
    for way in functions() {
        let mut events = Vec::new();
        for pointer in pointers {
            events.extend(others.iter().map(|other| (format!("{pointer}={other}"), with(way, pointer, other.clone()))));
            let mut event = usual(way);
            let (parent, field) = pointer.rsplit_once('/').unwrap();
            event.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(field);
            events.push((format!("without {pointer}"), event));
        }
        survives(&world, way.function, events).await;
    }
}

#[tokio::test]
async fn queries_that_break_parsers() {
    let world = super::world().await;
    let queries = [
        "<".to_owned(),
        "a=<script>".to_owned(),
        "shop=<&code=\"".to_owned(),
        "a b c".to_owned(),
        "a=\u{0}\r\nX: y".to_owned(),
        "é=ü&\u{202e}".to_owned(),
        "{}|\\^`[]".to_owned(),
        "#?#?".to_owned(),
        "%".to_owned(),
        "%%%".to_owned(),
        "a=%ff%fe".to_owned(),
        "a=%c3%28".to_owned(),
        "a=%ed%a0%80".to_owned(),
        "%00=%00".to_owned(),
        "a=%F".to_owned(),
        "&&&&====&=&".to_owned(),
        "=".to_owned(),
        "[]=1&[]=2".to_owned(),
        "ids[]=1&ids[]=2&hmac[]=x".to_owned(),
        "a".repeat(8192),
        "a".repeat(8193),
        format!("state={}", "A".repeat(8000)),
        "a=b&".repeat(2000),
        "[]=&".repeat(2000),
        (0..1500).map(|n| format!("k{n}=&")).collect(),
        "%41".repeat(2700),
        "x".repeat(1_000_000),
    ];
    for way in functions() {
        let mut events = Vec::new();
        for query in &queries {
            let what = query.chars().take(40).collect::<String>();
            events.push((what.clone(), with(way, "/rawQueryString", json!(query))));
            let mut event = with(way, "/rawQueryString", json!(query));
            event["queryStringParameters"] = json!({ (query.as_str()): query });
            events.push((what, event));
        }
        survives(&world, way.function, events).await;
    }
}

#[tokio::test]
async fn headers_that_break_parsers() {
    let world = super::world().await;
    let values = [
        "",
        " ",
        "<",
        "a b",
        "evil.example:99999",
        "[::1",
        "http://x",
        "é",
        "\u{0}",
        "a\r\nSet-Cookie: x=y",
        "@",
        "://",
        "https,http",
        "%zz",
    ];
    let names =
        ["host", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-host", "accept", "content-type", "content-length", "cookie", "te"];
    for way in functions() {
        let mut events = Vec::new();
        for header in names {
            for value in values {
                events.push((format!("{header}: {value}"), with(way, &format!("/headers/{header}"), json!(value))));
            }
            events.push((format!("long {header}"), with(way, &format!("/headers/{header}"), json!("x".repeat(100_000)))));
        }
        for strange in ["", " ", "é", "a\nb", ":", "HOST"] {
            let mut event = usual(way);
            event["headers"][strange] = json!("x");
            events.push((format!("header named {strange:?}"), event));
        }
        survives(&world, way.function, events).await;
    }
}

#[tokio::test]
async fn bodies_and_paths_that_break_parsers() {
    let world = super::world().await;
    let paths = [
        "",
        " ",
        "shopify/login",
        "/%",
        "/shopify/%00/login",
        "/shopify/\u{0}/login",
        "/shopify/é/login",
        "/shopify/<x>/login",
        "/../..",
        "*",
        "http://evil.example/shopify/login",
        "/shopify/a\r\nb/login",
    ];
    for way in WAYS {
        let mut events = Vec::new();
        for body in ["%%%", "====", "aGVsbG8", "\u{0}", "é", &"A".repeat(1_000_000)] {
            for is_base64 in [json!(true), json!(false), json!("true"), Value::Null] {
                for method in ["GET", "POST"] {
                    let mut event = with(way, "/body", json!(body));
                    event["isBase64Encoded"] = is_base64.clone();
                    event["requestContext"]["http"]["method"] = json!(method);
                    event["headers"]["content-type"] = json!("application/x-www-form-urlencoded");
                    events.push((format!("{method} body {} {is_base64}", body.chars().take(10).collect::<String>()), event));
                }
            }
        }
        for path in paths {
            let mut event = with(way, "/rawPath", json!(path));
            event["requestContext"]["http"]["path"] = json!(path);
            events.push((format!("path {path:?}"), event));
        }
        events.push(("long path".to_owned(), with(way, "/rawPath", json!(format!("/shopify/{}/login", "a".repeat(100_000))))));
        survives(&world, way.function, events).await;
    }
}

#[tokio::test]
async fn a_flood_of_cookies_and_broken_ones() {
    let world = super::world().await;
    let token = e2e::random::token();
    let many: Vec<String> = (0..2000).map(|n| format!("c{n}={token}")).collect();
    let twins: Vec<String> = (0..500).flat_map(|_| [format!("session_id={token}"), format!("browser_id={token}")]).collect();
    let jars = [
        json!(many),
        json!(twins),
        json!([format!("session_id={}", "A".repeat(100_000))]),
        json!(["session_id", "=", ";;;", "session_id=", "=session_id", "é=ü", "browser_id=\"x\"", "a=b=c=d"]),
        json!([format!("session_id=%00{token}")]),
        json!([format!("session_id={token}\r\nx: y")]),
        json!([many.join("; ")]),
        json!([null, 7, {}, "session_id=x"]),
        json!("session_id=x"),
        json!({"session_id": "x"}),
    ];
    for way in functions() {
        let events = jars.iter().enumerate().map(|(n, jar)| (format!("jar {n}"), with(way, "/cookies", jar.clone())));
        survives(&world, way.function, events.collect()).await;
    }
}

#[tokio::test]
async fn where_a_session_is_needed_a_broken_cookie_is_invalid_session() {
    let world = super::world().await;
    let token = e2e::random::token();
    let broken = [
        "session_id=".to_owned(),
        "session_id=x".to_owned(),
        format!("session_id={token}"),
        format!("session_id={token}A"),
        format!("session_id={token}; session_id={token}"),
        format!("session_id={}", "A".repeat(5000)),
        "session_id=é".to_owned(),
    ];
    for cookies in broken {
        for way in ["facebook-login", "connections"].map(function) {
            let request = way.request().with_header("cookie", &cookies);
            let reply = world.function(way.function).invoke(event_of(HTTP, &request)).await.reply();
            assert_eq!(assert_problem(&reply), "invalid_session", "{} {cookies}", way.path);
            assert!(reply.cookies.is_empty(), "an error sets a cookie");
        }
    }
}
