//! The form of every reply: headers, errors in JSON, routes and methods.

use e2e::facebook::Consent;
use e2e::gateway::Request;
use e2e::world::{HTTP, HTTPS, World};

use crate::{FUNCTIONS, assert_common_headers, assert_json_lines, assert_problem, event_of};

async fn every_reply_has_them(world: World, origin: &str) {
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    let browser = world.browser();
    let mut seen = Vec::new();
    for (name, route) in FUNCTIONS {
        for request in [Request::get(route), Request::get("/nothing/here"), Request::get(route).with_method("POST")] {
            for accept in ["application/json", "text/html"] {
                let event = event_of(origin, &request.clone().with_header("accept", accept));
                let reply = world.function(name).invoke(event).await.reply();
                assert_common_headers(&reply, origin);
                seen.push(reply.status);
            }
        }
    }
    let login = browser.get("/shopify/acme/login").await;
    let linked = browser.get(&world.shopify.approve(login.location())).await;
    let dialog = browser.get("/facebook/login").await;
    let done = browser.get(&world.facebook.approve(dialog.location(), &Consent::of(&person))).await;
    for page in [&login, &linked, &dialog, &done] {
        assert_common_headers(page.reply(), origin);
        seen.push(page.status());
    }
    for status in [200, 302, 400, 404, 405] {
        assert!(seen.contains(&status), "{status} is not among {seen:?}");
    }
    assert_json_lines(&world.logs());
}

#[tokio::test]
async fn on_http_every_reply_has_the_common_headers() {
    every_reply_has_them(World::start().await, HTTP).await;
}

#[tokio::test]
async fn on_https_every_reply_has_them_and_strict_transport_security() {
    every_reply_has_them(World::builder().https().start().await, HTTPS).await;
}

#[tokio::test]
async fn an_unknown_path_is_not_found_whatever_the_method() {
    let world = World::start().await;
    let paths = [
        "/",
        "/shopify",
        "/shopify/callback/",
        "/shopify//login",
        "/shopify/a/b/login",
        "/SHOPIFY/CALLBACK",
        "/facebook/callback/..",
        "//facebook/login",
        "/facebook/login/extra",
        "/shopify/login/",
        "/.env",
    ];
    for (name, _) in FUNCTIONS {
        for path in paths {
            for method in ["GET", "POST", "DELETE"] {
                let event = event_of(HTTP, &Request::get(path).with_method(method));
                let reply = world.function(name).invoke(event).await.reply();
                assert_eq!(assert_problem(&reply), "not_found", "{name} {method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn a_function_answers_for_its_own_routes_only() {
    let world = World::start().await;
    for (name, own) in FUNCTIONS {
        for (_, route) in FUNCTIONS {
            let reply = world.function(name).invoke(event_of(HTTP, &Request::get(route))).await.reply();
            assert_eq!(reply.status == 404, route != own, "{name} {route}: {}", reply.text());
        }
    }
}

#[tokio::test]
async fn a_known_path_takes_get_alone() {
    let world = World::start().await;
    world.database.reset_usage();
    for (name, route) in FUNCTIONS {
        for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "", "G E T"] {
            let event = event_of(HTTP, &Request::get(route).with_method(method));
            let reply = world.function(name).invoke(event).await.reply();
            assert_eq!(assert_problem(&reply), "method_not_allowed", "{name} {method}");
            assert_eq!(reply.header("allow"), Some("GET"));
        }
    }
    assert_eq!(world.database.usage().total().calls, 0);
}

#[tokio::test]
async fn the_gateway_has_the_contracts_routes_and_nothing_else() {
    let routes = e2e::template::Template::load().routes();
    let routes: Vec<_> = routes.iter().map(|route| (route.method.as_str(), route.pattern.as_str(), route.function.as_str())).collect();
    let expected = [
        ("GET", "/connections", "connections"),
        ("GET", "/facebook/callback", "facebook-callback"),
        ("GET", "/facebook/data-deletion/{confirmation_code}", "facebook-lifecycle"),
        ("GET", "/facebook/login", "facebook-login"),
        ("GET", "/shopify/callback", "shopify-callback"),
        ("GET", "/shopify/login", "shopify-login"),
        ("GET", "/shopify/{shop_name}/login", "shopify-login"),
        ("POST", "/connections/disconnect", "connections"),
        ("POST", "/facebook/data-deletion", "facebook-lifecycle"),
        ("POST", "/facebook/deauthorize", "facebook-lifecycle"),
        ("POST", "/shopify/webhooks", "shopify-webhooks"),
    ];
    assert_eq!(routes, expected);
}

#[tokio::test]
async fn every_request_leaves_one_line_of_outcome() {
    let world = World::start().await;
    let browser = world.browser();
    world.link_shop(&browser, "acme").await;
    browser.get("/shopify/callback?code=x").await;
    for (name, outcomes) in [("shopify-login", &["redirect"][..]), ("shopify-callback", &["ok", "missing_parameter"])] {
        let logs = world.function(name).logs();
        assert_json_lines(&logs);
        let lines: Vec<serde_json::Value> = logs.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let requests: Vec<_> = lines.iter().filter(|line| line["message"] == "request").collect();
        let seen: Vec<_> = requests.iter().map(|line| line["outcome"].as_str().unwrap()).collect();
        assert_eq!(seen, outcomes);
        for line in requests {
            assert_eq!(line["function"], name);
            assert!(line["route"].is_string() && line["status"].is_u64() && line["duration_ms"].is_u64(), "{line}");
            assert!(line["request_id"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
        }
    }
    let link = world.function("shopify-callback").logs();
    for call in ["dynamodb.claim", "shopify.token", "dynamodb.link_store", "shopify.graphql"] {
        assert!(link.contains(call), "no duration of {call}");
    }
}
