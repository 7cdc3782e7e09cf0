//! Pages for people: chosen by `Accept`, with a way on, and with nothing from outside but escaped text.

use e2e::browser::Accept;
use e2e::gateway::Request;
use e2e::world::HTTP;

use crate::contract::{WAYS, assert_problem, event_of, functions};

/// Where a page's link leads.
fn way_on(html: &str) -> &str {
    let link = html.split("<a ").nth(1).unwrap_or_else(|| panic!("no way on: {html}"));
    link.split("href=\"").nth(1).unwrap().split('"').next().unwrap()
}

#[tokio::test]
async fn a_page_is_sent_only_to_whom_html_is_acceptable() {
    let world = super::world().await;
    for way in functions() {
        let name = way.function;
        let ask = |accept: &str| event_of(HTTP, &way.request().with_header("Accept", accept));
        for accept in [
            "text/html",
            "TEXT/HTML",
            "application/json, text/html",
            "application/json;q=0.1, text/html;q=0.2",
            "text/html;level=1;q=1",
            "a,b,text/html",
        ] {
            let reply = world.function(name).invoke(ask(accept)).await.reply();
            assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"), "{accept}");
            assert!(reply.text().starts_with("<!doctype html>"));
        }
        for accept in [
            "",
            "*/*",
            "application/json",
            "application/json, text/html;q=0.1",
            "text/plain",
            "text/html;q=0",
            "text/html;q=0.000",
            "text/htmlx",
            "xtext/html",
            "\"text/html\"",
            "é",
        ] {
            let reply = world.function(name).invoke(ask(accept)).await.reply();
            assert_problem(&reply);
        }
        let mut event = ask("x");
        event["headers"].as_object_mut().unwrap().remove("accept");
        assert_problem(&world.function(name).invoke(event).await.reply());
    }
}

#[tokio::test]
async fn every_error_page_has_the_same_status_and_a_way_on() {
    let world = super::world().await;
    for way in functions() {
        let name = way.function;
        for request in [way.request(), Request::get("/nothing/here"), way.in_the_other_method()] {
            let json = world.function(name).invoke(event_of(HTTP, &request)).await.reply();
            let html = world.function(name).invoke(event_of(HTTP, &request.clone().with_header("accept", "text/html"))).await.reply();
            assert_eq!(html.status, json.status);
            let problem = json.json();
            let text = html.text();
            assert!(text.contains(&*escaped(problem["title"].as_str().unwrap())), "{text}");
            // What JSON says of parameters, methods and signatures is for programs.
            let for_programs = ["missing_parameter", "method_not_allowed", "invalid_signature"];
            let said = text.contains(&*escaped(problem["detail"].as_str().unwrap()));
            assert_eq!(said, !for_programs.contains(&problem["code"].as_str().unwrap()), "{text}");
            assert!(!text.contains("parameter"), "{text}");
            // Neither shop nor session is known here.
            assert_eq!(way_on(&text), "https://admin.shopify.com/");
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;")
}

#[tokio::test]
async fn where_the_shop_is_known_the_way_on_is_a_route_of_this_service() {
    let world = super::world().await;
    let stale = "1700000000";
    let query = world.shopify.sign_query(&[("code", "c"), ("shop", "acme.myshopify.com"), ("state", "s"), ("timestamp", stale)]);
    let browser = world.browser().accepting(Accept::Html);
    let page = browser.get(&format!("/shopify/callback?{query}")).await;
    assert_eq!(page.status(), 400);
    assert_eq!(way_on(&page.text()), "/shopify/acme.myshopify.com/login");

    let query = world.shopify.sign_query(&[("shop", "acme.myshopify.com"), ("timestamp", stale)]);
    let page = browser.get(&format!("/shopify/login?{query}")).await;
    assert_eq!(way_on(&page.text()), "/shopify/acme.myshopify.com/login");

    // What Shopify did not sign leads nowhere of its own choice.
    let page = browser.get("/shopify/callback?code=c&shop=evil.myshopify.com&state=s&timestamp=1&hmac=x").await;
    assert_eq!(way_on(&page.text()), "https://admin.shopify.com/");
}

#[tokio::test]
async fn nothing_from_a_request_stands_in_a_page_as_it_came() {
    let world = super::world().await;
    let probe = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%27";
    let names =
        ["error", "error_description", "error_reason", "error_message", "error_code", "shop", "state", "host", "code", "hmac", "timestamp"];
    let query: Vec<String> = names.iter().map(|name| format!("{name}={probe}")).collect();
    for way in WAYS {
        let mut requests = vec![way.request_with(&format!("?{}", query.join("&"))), way.request_with(&format!("?{probe}=x&{probe}=y"))];
        requests.push(Request::get(format!("/{probe}")));
        requests.extend(names.iter().map(|name| way.request_with(&format!("?{name}={probe}"))));
        if way.method == "POST" {
            let fields = ["signed_request", "csrf_token", "platform", "account"].map(|name| format!("{name}={probe}")).join("&");
            requests.push(way.request().with_body("application/x-www-form-urlencoded", fields));
        }
        for request in requests {
            for accept in ["text/html", "application/json"] {
                let request = request.clone().with_header("accept", accept).with_header("user-agent", "<script>");
                let reply = world.function(way.function).invoke(event_of(HTTP, &request)).await.reply();
                assert!(!reply.text().contains("script>") && !reply.text().contains("alert("), "{}", reply.text());
            }
        }
    }
}

#[tokio::test]
async fn no_page_loads_anything_or_runs_a_script() {
    let world = super::world().await;
    for way in functions() {
        let request = way.request().with_header("accept", "text/html");
        let html = world.function(way.function).invoke(event_of(HTTP, &request)).await.reply().text();
        assert_eq!(html.matches("<link").count(), html.matches("<link rel=\"icon\" href=\"data:image/svg+xml,").count(), "{html}");
        for word in ["<script", "<img", "<iframe", "src=", "@import", "url(", "onload", "javascript:"] {
            assert!(!html.contains(word), "{word} in {html}");
        }
        assert!(html.contains("<html lang="), "{html}");
    }
}
