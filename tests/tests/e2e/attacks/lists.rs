//! Cases of published lists that no other test here has: OWASP's Web Security Testing Guide (WSTG). docs/counterparts.md says which test has which case.

use e2e::gateway::Request;
use e2e::template::Template;
use e2e::world::{HTTP, World};

use crate::support::{assert_error, case, linked_shop, parameter};

const SHOP: &str = "acme.myshopify.com";

/// Session puzzling (WSTG-SESS-08), and one signed value in place of another: what was issued for one purpose counts for no other.
#[tokio::test]
async fn what_was_issued_for_one_purpose_is_refused_for_another() {
    let world = World::start().await;
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let (session, binding) = (browser.cookie("session_id").unwrap(), browser.cookie("browser_id").unwrap());
    let form = browser.get("/connections").await.json()["csrf_token"].as_str().unwrap().to_owned();
    let callback = world.approve_shop(&browser, "acme").await.replace(HTTP, "");
    let state = parameter(&callback, "state").unwrap();

    let with_cookie = |target: &str, cookie: String| {
        let (browser, request) = (world.browser(), Request::get(target).with_header("cookie", &cookie));
        async move { browser.send(request).await }
    };
    for wrong in [&binding, &form, &state, &uuid] {
        case(("session", wrong));
        assert_error(&with_cookie("/connections", format!("session_id={wrong}")).await, 400, "invalid_session");
    }
    for wrong in [&session, &form, &state] {
        case(("browser", wrong));
        assert_error(&with_cookie(&callback, format!("browser_id={wrong}")).await, 400, "invalid_state");
    }
    for wrong in [&session, &binding, &form, &uuid] {
        case(("state", wrong));
        let timestamp = world.shopify.now().to_string();
        let query = world.shopify.sign_query(&[("code", "0123456789abcdef"), ("shop", SHOP), ("state", wrong), ("timestamp", &timestamp)]);
        let page = browser.get(&format!("/shopify/callback?{query}")).await;
        assert!(matches!(page.code().as_deref(), Some("malformed_state" | "invalid_state")), "{}", page.text());
    }
    for wrong in [&session, &binding, &state] {
        case(("form", wrong));
        let fields = [("csrf_token", wrong.as_str()), ("platform", "shopify"), ("account", SHOP)];
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::get("/connections/disconnect").with_method("POST").with_body("application/x-www-form-urlencoded", body);
        assert_error(&browser.send(request).await, 403, "forbidden");
    }
    for wrong in [&session, &binding, &uuid.replace('-', "")] {
        case(("confirmation code", wrong));
        assert_error(&browser.get(&format!("/facebook/data-deletion/{wrong}")).await, 404, "not_found");
    }
    // Nothing of it was used up by that.
    assert_eq!(browser.get(&callback).await.status(), 200);
}

/// Cross-origin resource sharing (WSTG-CLNT-07): no script of another origin reads a reply, whatever it says of itself.
#[tokio::test]
async fn no_reply_is_open_to_scripts_of_another_origin() {
    let template = Template::load();
    for (id, api) in template.resources("AWS::ApiGatewayV2::Api") {
        assert!(api["CorsConfiguration"].is_null(), "{id}");
    }
    let world = World::start().await;
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    let mut answered = 0;
    for route in template.routes() {
        let target = route.pattern.replace("{shop_name}", "acme").replace("{confirmation_code}", "0");
        for method in [route.method.as_str(), "OPTIONS"] {
            let request = Request::get(&target)
                .with_method(method)
                .with_header("origin", "https://evil.example")
                .with_header("access-control-request-method", &route.method);
            let page = browser.send(request).await;
            let open: Vec<_> = page.reply().headers.iter().filter(|(name, _)| name.starts_with("access-control-")).collect();
            assert!(open.is_empty(), "{method} {target}: {open:?}");
            answered += 1;
        }
    }
    assert_eq!(answered, 2 * template.routes().len());
}
