//! The event that an HTTP API sends, payload version 2.0:
//! <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::Request;
use super::routes::{Match, decode};

const API_ID: &str = "a1b2c3d4e5";
const ACCOUNT_ID: &str = "123456789012";
const SOURCE_IP: &str = "203.0.113.7";

/// The event for a request that came in under `origin` and belongs to the route that was found.
///
/// Members that have nothing to hold are left out, as by AWS.
pub fn event(origin: &str, request: &Request, found: &Match<'_>) -> Value {
    let headers = headers(origin, request);
    let path = raw_path(request.path());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is past 1970");
    let route_key = format!("{} {}", found.route.method, found.route.pattern);
    let domain = host(origin).split(':').next().unwrap_or_default().to_owned();
    let mut event = json!({
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": path,
        "rawQueryString": request.query(),
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": API_ID,
            "domainName": domain,
            "domainPrefix": domain.split('.').next(),
            "http": {
                "method": request.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": SOURCE_IP,
                "userAgent": headers.get("user-agent").map_or("", String::as_str),
            },
            "requestId": STANDARD.encode(crate::random::uuid().as_bytes()),
            "routeKey": route_key,
            "stage": "$default",
            "time": clf_time(now.as_secs()),
            "timeEpoch": u64::try_from(now.as_millis()).expect("the clock is before the year 500 million"),
        },
        "headers": headers,
        "isBase64Encoded": false,
    });
    let cookies = cookies(request);
    if !cookies.is_empty() {
        event["cookies"] = json!(cookies);
    }
    let query = joined(form_urlencoded::parse(request.query().as_bytes()));
    if !query.is_empty() {
        event["queryStringParameters"] = json!(query);
    }
    if !found.parameters.is_empty() {
        event["pathParameters"] = json!(found.parameters);
    }
    if !request.body.is_empty() {
        set_body(&mut event, request);
    }
    event
}

/// An HTTP API hands the path on percent-decoded, and cut at a `?` that only decoding brought to light.
fn raw_path(path: &str) -> String {
    let path = decode(path);
    path.split('?').next().unwrap_or_default().to_owned()
}

/// Lower-case names, repeated headers joined with a comma, cookies left out.
fn headers(origin: &str, request: &Request) -> BTreeMap<String, String> {
    let (scheme, port) = if origin.starts_with("https:") { ("https", "443") } else { ("http", "80") };
    let sent = request.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("cookie"));
    let mut headers = joined(sent.map(|(name, value)| (name.to_lowercase(), value.as_str())));
    let mut add = |name: &str, value: &str| {
        headers.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    };
    add("content-length", &request.body.len().to_string());
    add("host", host(origin));
    add("user-agent", "e2e-browser/1.0");
    add("x-amzn-trace-id", "Root=1-67891233-abcdef012345678912345678");
    add("x-forwarded-for", SOURCE_IP);
    add("x-forwarded-port", port);
    add("x-forwarded-proto", scheme);
    headers
}

fn cookies(request: &Request) -> Vec<&str> {
    let headers = request.headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
    headers.flat_map(|(_, value)| value.split(';')).map(str::trim).filter(|cookie| !cookie.is_empty()).collect()
}

fn joined<N: Into<String>, V: AsRef<str>>(pairs: impl Iterator<Item = (N, V)>) -> BTreeMap<String, String> {
    let mut joined: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in pairs {
        let value = value.as_ref();
        let known = joined.entry(name.into());
        known.and_modify(|all| *all = format!("{all},{value}")).or_insert_with(|| value.to_owned());
    }
    joined
}

fn set_body(event: &mut Value, request: &Request) {
    let content_type = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type = content_type.map_or("", |(_, value)| value.as_str());
    let is_text =
        ["text/", "application/json", "application/javascript", "application/xml"].iter().any(|prefix| content_type.starts_with(prefix));
    match std::str::from_utf8(&request.body) {
        Ok(text) if is_text => event["body"] = json!(text),
        _ => {
            event["body"] = json!(STANDARD.encode(&request.body));
            event["isBase64Encoded"] = json!(true);
        }
    }
}

fn host(origin: &str) -> &str {
    origin.split_once("://").map_or(origin, |(_, host)| host)
}

/// The common log format's time in UTC: `12/Mar/2020:19:03:58 +0000`.
fn clf_time(seconds: u64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let moment = shared::clock::rfc3339(seconds);
    let (date, time) = moment.trim_end_matches('Z').split_once('T').expect("a year of four digits");
    let date: Vec<usize> = date.split('-').map(|part| part.parse().expect("digits")).collect();
    format!("{:02}/{}/{}:{time} +0000", date[2], MONTHS[date[1] - 1], date[0])
}

#[cfg(test)]
mod tests {
    use super::super::find_route;
    use super::*;
    use crate::template::Route;

    fn built(request: &Request) -> Value {
        let routes = ["/shopify/{shop_name}/login", "/form"].map(|pattern| Route {
            method: request.method.clone(),
            pattern: pattern.to_owned(),
            function: "f".to_owned(),
        });
        let found = find_route(&routes, &request.method, request.path()).unwrap();
        event("https://link.example.com", request, &found)
    }

    #[test]
    fn a_get_has_the_shape_of_payload_2_0() {
        let request = Request::get("/shopify/ac%C3%A9/login?a=1&b=x%20y&a=2#frag")
            .with_header("Accept", "text/html")
            .with_header("X-Twice", "1")
            .with_header("X-Twice", "2")
            .with_header("Cookie", "one=1; two=2");
        let event = built(&request);
        assert_eq!(event["routeKey"], "GET /shopify/{shop_name}/login");
        assert_eq!(event["rawPath"], "/shopify/acé/login");
        assert_eq!(event["requestContext"]["http"]["path"], "/shopify/acé/login");
        assert_eq!(event["rawQueryString"], "a=1&b=x%20y&a=2");
        assert_eq!(event["queryStringParameters"], json!({ "a": "1,2", "b": "x y" }));
        assert_eq!(event["pathParameters"], json!({ "shop_name": "acé" }));
        assert_eq!(event["cookies"], json!(["one=1", "two=2"]));
        assert_eq!(event["headers"]["x-twice"], "1,2");
        assert_eq!(event["headers"]["host"], "link.example.com");
        assert_eq!(event["headers"].get("cookie"), None);
        assert_eq!(event.get("body"), None);
        assert_eq!(event["isBase64Encoded"], false);
    }

    #[test]
    fn what_is_empty_is_left_out() {
        let event = built(&Request::get("/form"));
        for member in ["cookies", "queryStringParameters", "pathParameters", "body"] {
            assert_eq!(event.get(member), None, "{member}");
        }
    }

    #[test]
    fn forms_travel_as_base64_and_json_as_text() {
        let form = Request::get("/form").with_method("POST").with_body("application/x-www-form-urlencoded", "a=b");
        assert_eq!(built(&form)["body"], "YT1i");
        assert_eq!(built(&form)["isBase64Encoded"], true);
        let json = Request::get("/form").with_method("POST").with_body("application/json", "{}");
        assert_eq!(built(&json)["body"], "{}");
    }

    #[test]
    fn times_are_in_the_common_log_format() {
        assert_eq!(clf_time(1_583_348_638), "04/Mar/2020:19:03:58 +0000");
        assert_eq!(clf_time(1_709_164_800), "29/Feb/2024:00:00:00 +0000");
        assert_eq!(clf_time(0), "01/Jan/1970:00:00:00 +0000");
    }
}
