//! The form of every reply: headers, errors in JSON, routes and methods.

use std::collections::BTreeSet;

use e2e::browser::Accept;
use e2e::facebook::{Consent, delivery};
use e2e::gateway::{Request, find_route};
use e2e::lambda::Reply;
use e2e::template::Template;
use e2e::world::{HTTP, HTTPS, World};

use crate::contract::{WAYS, assert_common_headers, assert_json_lines, assert_problem, event_of, functions};

/// Replies to requests that nobody meant, of every function at each of its routes.
async fn refusals(world: &World, origin: &str) -> Vec<Reply> {
    let mut replies = Vec::new();
    for way in WAYS {
        for request in [way.request(), Request::get("/nothing/here"), way.in_the_other_method()] {
            for accept in ["application/json", "text/html"] {
                let event = event_of(origin, &request.clone().with_header("accept", accept));
                replies.push(world.function(way.function).invoke(event).await.reply());
            }
        }
    }
    replies
}

/// Replies to a merchant, from the link of a store to the disconnect of a Page.
async fn replies_to_a_merchant(world: &World) -> Vec<Reply> {
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let browser = world.browser();
    let login = browser.get("/shopify/acme/login").await;
    let linked = browser.get(&world.shopify.approve(login.location())).await;
    let dialog = browser.get("/facebook/login").await;
    let done = browser.get(&world.facebook.approve(dialog.location(), &Consent::of(&person))).await;
    // The success has ended the session.
    let again = world.link_shop(&browser, "acme").await;
    let list = browser.get("/connections").await;
    let with_forms = browser.copied().accepting(Accept::Html).get("/connections").await;
    assert!(with_forms.text().contains("<form"), "{}", with_forms.text());
    let form = format!("csrf_token={}&platform=facebook&account={page}", list.json()["csrf_token"].as_str().unwrap());
    let request = Request::get("/connections/disconnect").with_method("POST");
    let disconnected = browser.send(request.with_body("application/x-www-form-urlencoded", form)).await;
    let form = format!("csrf_token={}", list.json()["csrf_token"].as_str().unwrap());
    let request = Request::get("/connections/sign-out").with_method("POST");
    let signed_out = browser.send(request.with_body("application/x-www-form-urlencoded", form)).await;
    let welcome = browser.get("/").await;
    let as_page = browser.copied().accepting(Accept::Html).get("/").await;
    let profile = browser.get("/.well-known/ucp-profile.json").await;
    let pages = [&login, &linked, &dialog, &done, &again, &list, &with_forms, &disconnected, &signed_out, &welcome, &as_page, &profile];
    pages.map(|page| page.reply().clone()).to_vec()
}

/// Replies to what the providers call, and the page that one of them is given for a person.
async fn replies_to_providers(world: &World) -> Vec<Reply> {
    let signed = world.facebook.signed_leave(&world.facebook.add_person("Kim Roe"));
    let deletion = world.gateway().send(&delivery("/facebook/data-deletion", &signed)).await;
    let status = format!("/facebook/data-deletion/{}", deletion.json()["confirmation_code"].as_str().unwrap());
    let requests = [
        delivery("/facebook/deauthorize", &signed),
        Request::get(&status),
        Request::get(&status).with_header("accept", "text/html"),
        world.shopify.webhook("app/scopes_update", "acme.myshopify.com").request(),
    ];
    let mut replies = vec![deletion];
    for request in &requests {
        replies.push(world.gateway().send(request).await);
    }
    for reply in &replies {
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    replies
}

async fn every_reply_has_them(world: World, origin: &str) {
    let mut replies = refusals(&world, origin).await;
    replies.extend(replies_to_a_merchant(&world).await);
    replies.extend(replies_to_providers(&world).await);
    for reply in &replies {
        assert_common_headers(reply, origin);
    }
    let seen: Vec<u16> = replies.iter().map(|reply| reply.status).collect();
    for status in [200, 302, 303, 400, 401, 404, 405] {
        assert!(seen.contains(&status), "{status} is not among {seen:?}");
    }
    assert_json_lines(&world.logs());
}

#[tokio::test]
async fn on_http_every_reply_has_the_common_headers() {
    every_reply_has_them(super::world().await, HTTP).await;
}

/// WSTG-CLNT-09, RFC 9700 section 4.16, RFC 9700 section 4.2, RFC 9700 section 4.3.
#[tokio::test]
async fn on_https_every_reply_has_them_and_strict_transport_security() {
    every_reply_has_them(World::builder().whatsapp().https().start().await, HTTPS).await;
}

#[tokio::test]
async fn an_unknown_path_is_not_found_whatever_the_method() {
    let world = super::world().await;
    let paths = [
        "",
        "//",
        "/shopify",
        "/shopify/callback/",
        "/shopify//login",
        "/shopify/a/b/login",
        "/SHOPIFY/CALLBACK",
        "/facebook/callback/..",
        "//facebook/login",
        "/facebook/login/extra",
        "/shopify/login/",
        "/connections/",
        "/connections/disconnect/x",
        "/connections/sign-out/",
        "/.well-known/",
        "/.well-known/ucp-profile.json/",
        "/ucp-profile.json",
        "/facebook/data-deletion/",
        "/facebook/data-deletion/a/b",
        "/shopify/webhooks/",
        "/meta/webhooks/",
        "/.env",
    ];
    for name in functions().iter().map(|way| way.function) {
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
    let world = super::world().await;
    for name in functions().iter().map(|way| way.function) {
        for way in WAYS {
            let (request, code) =
                if way.function == name { (way.in_the_other_method(), "method_not_allowed") } else { (way.request(), "not_found") };
            let reply = world.function(name).invoke(event_of(HTTP, &request)).await.reply();
            assert_eq!(assert_problem(&reply), code, "{name} {}", way.path);
        }
    }
}

/// Demands that the paths which take this method refuse all that they do not take, without a look at the database.
async fn assert_taken_alone(taken: &str) {
    let world = super::world().await;
    world.database.reset_usage();
    for way in WAYS.into_iter().filter(|way| way.method == taken) {
        let mut all_taken: Vec<&str> = WAYS.iter().filter(|other| other.path == way.path).map(|other| other.method).collect();
        all_taken.sort_unstable();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "PROPFIND", "", "G E T"] {
            if all_taken.contains(&method) {
                continue;
            }
            let event = event_of(HTTP, &way.request().with_method(method));
            let reply = world.function(way.function).invoke(event).await.reply();
            assert_eq!(assert_problem(&reply), "method_not_allowed", "{method} {}", way.path);
            assert_eq!(reply.header("allow"), Some(all_taken.join(", ").as_str()));
        }
    }
    assert_eq!(world.database.usage().total().calls, 0);
}

#[tokio::test]
async fn a_known_path_takes_get_alone() {
    assert_taken_alone("GET").await;
}

#[tokio::test]
async fn a_path_that_is_sent_to_takes_post_alone() {
    assert_taken_alone("POST").await;
}

#[test]
fn the_ways_of_these_tests_are_those_of_the_gateway() {
    let routes = Template::load().routes();
    let mut left: BTreeSet<_> = routes.iter().map(|route| (&route.method, &route.pattern)).collect();
    for way in WAYS {
        let found = find_route(&routes, way.method, way.path).unwrap();
        assert_eq!(found.route.function, way.function, "{}", way.path);
        assert!(left.remove(&(&found.route.method, &found.route.pattern)), "{} twice", way.path);
    }
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn the_gateway_has_the_contracts_routes_and_nothing_else() {
    let routes = Template::load().routes();
    let routes: Vec<_> = routes.iter().map(|route| (route.method.as_str(), route.pattern.as_str(), route.function.as_str())).collect();
    let expected = [
        ("GET", "/", "connections"),
        ("GET", "/.well-known/ucp-profile.json", "connections"),
        ("GET", "/connections", "connections"),
        ("GET", "/facebook/callback", "facebook-callback"),
        ("GET", "/facebook/data-deletion/{confirmation_code}", "facebook-lifecycle"),
        ("GET", "/facebook/login", "facebook-login"),
        ("GET", "/meta/webhooks", "meta-webhooks"),
        ("GET", "/shopify/callback", "shopify-callback"),
        ("GET", "/shopify/login", "shopify-login"),
        ("GET", "/shopify/{shop_name}/login", "shopify-login"),
        ("GET", "/whatsapp/callback", "whatsapp-callback"),
        ("GET", "/whatsapp/login", "whatsapp-login"),
        ("POST", "/connections/disconnect", "connections"),
        ("POST", "/connections/pin", "connections"),
        ("POST", "/connections/sign-out", "connections"),
        ("POST", "/facebook/data-deletion", "facebook-lifecycle"),
        ("POST", "/facebook/deauthorize", "facebook-lifecycle"),
        ("POST", "/meta/webhooks", "meta-webhooks"),
        ("POST", "/shopify/webhooks", "shopify-webhooks"),
    ];
    assert_eq!(routes, expected);
}

#[tokio::test]
async fn every_request_leaves_one_line_of_outcome() {
    let world = super::world().await;
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
            assert!(line["version"].as_str().is_some_and(|version| version.starts_with(env!("CARGO_PKG_VERSION"))), "{line}");
        }
    }
    let link = world.function("shopify-callback").logs();
    for call in ["dynamodb.claim", "shopify.token", "dynamodb.link_store", "shopify.graphql"] {
        assert!(link.contains(call), "no duration of {call}");
    }
}
