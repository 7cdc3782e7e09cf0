//! Every flow, and every way in which one fails.

use e2e::browser::{Accept, Browser, Page};
use e2e::database::DatabaseFault;
use e2e::facebook::{self, Consent};
use e2e::faults::{Fault, Times};
use e2e::gateway::Request;
use e2e::shopify::{Approval, Misbehaviour};
use serde_json::json;

use crate::leaks::trace::{MARKER, Trace};

pub(crate) async fn run_every_flow(trace: &mut Trace, accept: Accept) {
    let person = trace.world.facebook.add_person("Jo Doe");
    let page = trace.world.facebook.add_page(&person, "Acme Store");
    let browser = trace.world.browser().accepting(accept);
    successes(trace, &browser, &person, &page, accept).await;
    refused_starts(trace, &browser).await;
    refused_shopify_callbacks(trace, &browser, accept).await;
    refused_facebook_callbacks(trace, &browser, &person, &page, accept).await;
    shopify_faults(trace, &browser).await;
    facebook_faults(trace, &browser, &person, &page).await;
    database_faults(trace, &browser, &person).await;
    disconnects(trace, &browser, &person).await;
}

async fn successes(trace: &mut Trace, browser: &Browser, person: &str, page: &str, accept: Accept) {
    let first = trace.approved(browser, "acme").await;
    assert_eq!(trace.get(browser, &first).await.status(), 200);
    // A reload, and a second link with another session.
    assert_eq!(trace.get(browser, &first).await.status(), 400);
    assert_eq!(trace.link(browser, "acme").await.status(), 200);
    let watched = trace.world.facebook.add_page(person, "Without a token");
    trace.world.facebook.edit_page(&watched, |page| {
        page.tasks.insert(person.to_owned(), vec!["ANALYZE".to_owned()]);
    });
    let dialog = trace.dialog(browser, "?shop=acme.myshopify.com").await;
    let callback = trace.world.facebook.approve(&dialog, &Consent::of(person));
    assert_eq!(trace.get(browser, &callback).await.status(), 200);
    assert_eq!(trace.get(browser, &callback).await.status(), 400);
    // The Pages go to another store.
    let other = trace.world.browser().accepting(accept);
    assert_eq!(trace.link(&other, "other").await.status(), 200);
    assert_eq!(trace.pages(&other, "", &Consent::of(person)).await.status(), 409);
    // What asks first, in each of its forms.
    for query in ["?move=1".to_owned(), format!("?move={page}"), "?confirm=1".to_owned()] {
        let asked = trace.get(&other, &format!("/facebook/login{query}")).await;
        assert_eq!(asked.status(), if accept == Accept::Html { 200 } else { 403 }, "{}", asked.text());
    }
    assert_eq!(trace.moved(&other, page, &Consent::of(person)).await.status(), 200);
    let launch = trace.world.shopify.launch_url("acme.myshopify.com");
    assert_eq!(trace.get(browser, &launch).await.status(), 302);
}

async fn refused_starts(trace: &mut Trace, browser: &Browser) {
    let launch = trace.world.shopify.launch_url("acme.myshopify.com");
    for url in [
        format!("/shopify/{MARKER}!/login"),
        format!("/shopify/login?shop=acme.myshopify.com&hmac={MARKER}{MARKER}&timestamp=1"),
        format!("/shopify/login?{MARKER}"),
        launch.replace("acme", "foreign-store"),
        format!("{launch}&x={MARKER}"),
        format!("{launch}&shop={MARKER}"),
        format!("/facebook/login?shop={MARKER}"),
        format!("/facebook/login?{MARKER}=1&{MARKER}=2"),
        format!("/facebook/login?a=%zz{MARKER}"),
    ] {
        let status = trace.get(browser, &url).await.status();
        assert!((400..500).contains(&status), "{status} for {url}");
    }
    let stranger = Request::get("/facebook/login").with_header("cookie", &format!("session_id={MARKER}; __Host-session_id={MARKER}"));
    let page = browser.send(stranger.with_header("referer", &format!("https://x.example/{MARKER}"))).await;
    assert_eq!(page.status(), 400);
    trace.note("/facebook/login", page);
}

async fn refused_shopify_callbacks(trace: &mut Trace, browser: &Browser, accept: Accept) {
    for misbehaviour in [
        Misbehaviour::TamperedHmac,
        Misbehaviour::StaleTimestamp,
        Misbehaviour::RepeatedParameter,
        Misbehaviour::OtherShop("foreign-store.myshopify.com".to_owned()),
    ] {
        let login = trace.get(browser, "/shopify/acme/login").await;
        let approval = Approval { misbehaviour: Some(misbehaviour), ..Approval::default() };
        let callback = trace.world.shopify.approve_with(login.location(), &approval).unwrap();
        assert_eq!(trace.get(browser, &callback).await.status(), 400);
    }
    for approval in [
        Approval { scopes: Some(vec!["read_products".to_owned()]), ..Approval::default() },
        Approval { online: true, ..Approval::default() },
    ] {
        let login = trace.get(browser, "/shopify/acme/login").await;
        let callback = trace.world.shopify.approve_with(login.location(), &approval).unwrap();
        assert!(matches!(trace.get(browser, &callback).await.status(), 400 | 403));
    }
    // In another browser, without a parameter, with a state that was cut, and with an error in the provider's words.
    let callback = trace.approved(browser, "acme").await;
    let thief = trace.world.browser().accepting(accept);
    assert_eq!(trace.get(&thief, &callback).await.status(), 400);
    assert_eq!(trace.get(browser, &callback.replace("&state=", "&stat=")).await.status(), 400);
    assert_eq!(trace.get(browser, &callback.replace("code=", &format!("code={MARKER}"))).await.status(), 400);
    let login = trace.get(browser, "/shopify/acme/login").await;
    let state = super::trace::parameter(login.location(), "state").unwrap();
    let now = trace.world.shopify.now().to_string();
    let cut = &state[..state.len() - 1];
    for (state, error) in [(state.as_str(), Some(MARKER)), (cut, None)] {
        let mut pairs = vec![("shop", "acme.myshopify.com"), ("state", state), ("timestamp", &now), ("code", MARKER)];
        pairs.extend(error.iter().flat_map(|error| [("error", *error), ("error_description", *error)]));
        let callback = format!("/shopify/callback?{}", trace.world.shopify.sign_query(&pairs));
        assert!(matches!(trace.get(browser, &callback).await.status(), 400 | 403));
    }
}

async fn refused_facebook_callbacks(trace: &mut Trace, browser: &Browser, person: &str, page: &str, accept: Accept) {
    assert_eq!(trace.link(browser, "acme").await.status(), 200);
    let consent = Consent::of(person);
    for misbehaviour in [
        facebook::Misbehaviour::TamperedState,
        facebook::Misbehaviour::RepeatedParameter,
        facebook::Misbehaviour::CodeAndError,
        facebook::Misbehaviour::Nothing,
        facebook::Misbehaviour::ForeignToken,
    ] {
        let refused = trace.pages(browser, "", &consent.clone().with(misbehaviour)).await;
        assert!(matches!(refused.status(), 400 | 403), "{}", refused.text());
    }
    assert_eq!(trace.pages(browser, "", &consent.clone().with_permissions(&["pages_show_list"])).await.status(), 403);
    assert_eq!(trace.pages(browser, "?rerequest=1", &consent.clone().with_pages::<&str>([])).await.status(), 403);
    assert_eq!(trace.pages(browser, "", &consent.clone().with_pages([page])).await.status(), 409);
    let dialog = trace.dialog(browser, "").await;
    let declined = trace.world.facebook.decline(&dialog);
    let worded = declined.replace("error_description=", &format!("error_description={MARKER}"));
    assert_eq!(trace.get(browser, &worded).await.status(), 403);
    let dialog = trace.dialog(browser, "").await;
    let failed = trace.world.facebook.fail(&dialog);
    assert_eq!(trace.get(browser, &failed).await.status(), 502);
    let dialog = trace.dialog(browser, "").await;
    let callback = trace.world.facebook.approve(&dialog, &consent);
    let thief = trace.world.browser().accepting(accept);
    assert_eq!(trace.get(&thief, &callback).await.status(), 400);
    let shopify_state = trace.approved(browser, "acme").await;
    let state = super::trace::parameter(&shopify_state, "state").unwrap();
    assert_eq!(trace.get(browser, &format!("/facebook/callback?code={MARKER}&state={state}")).await.status(), 400);
}

/// Faults that answer at once, and two whose text holds what must not get out.
fn faults() -> Vec<Fault> {
    let matrix = Fault::matrix().into_iter().filter(|(name, _)| !["hang", "connection refused"].contains(name));
    let mut faults: Vec<Fault> = matrix.map(|(_, fault)| fault).collect();
    let error = json!({"error": MARKER, "error_description": MARKER, "errors": [{"message": MARKER}]});
    faults.push(Fault::json(400, &error));
    faults.push(Fault::json(400, &json!({"error": {"message": MARKER, "type": MARKER, "code": 100, "fbtrace_id": "A1b2C3"}})));
    faults.push(Fault::json(200, &json!({"errors": [{"message": MARKER, "extensions": {"code": MARKER}}], "access_token": 7})));
    faults
}

async fn shopify_faults(trace: &mut Trace, browser: &Browser) {
    for call in ["token", "graphql"] {
        for fault in faults() {
            trace.world.shopify.switch_on(call, fault, Times::UntilCleared);
            let reply = trace.link(browser, "acme").await;
            assert_eq!(reply.status() == 200, call == "graphql", "{}", reply.text());
            trace.world.shopify.clear_faults();
        }
    }
}

async fn facebook_faults(trace: &mut Trace, browser: &Browser, person: &str, page: &str) {
    for call in ["code_exchange", "long_lived_exchange", "debug_token", "accounts", "page"] {
        let owned = trace.world.facebook.add_page(person, "Of a business");
        trace.world.facebook.edit_page(&owned, |page| page.business_owned = true);
        for fault in faults() {
            assert_eq!(trace.link(browser, "third").await.status(), 200);
            trace.world.facebook.switch_on(call, fault, Times::UntilCleared);
            let reply = trace.moved(browser, page, &Consent::of(person)).await;
            assert_eq!(reply.status() == 200, call == "page", "{call}: {}", reply.text());
            trace.world.facebook.clear_faults();
        }
    }
}

/// The token of the forms in a list, which belongs there and nowhere else.
fn form_token(list: &Page) -> String {
    let text = list.text();
    let token = match list.header("content-type") {
        Some("application/json") => list.json()["csrf_token"].as_str().map(str::to_owned),
        _ => text.split("name=\"csrf_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned),
    };
    token.unwrap_or_else(|| panic!("no form: {text}"))
}

async fn disconnects(trace: &mut Trace, browser: &Browser, person: &str) {
    let page = trace.world.facebook.add_page(person, "Acme Store");
    let consent = Consent::of(person).with_pages([&page]);
    let (mut tokens, stranger) = (Vec::new(), trace.world.browser());
    assert_eq!(trace.get(&stranger, "/connections").await.status(), 400);
    // Those whose text must not get out.
    for fault in faults().into_iter().filter(|fault| matches!(fault, Fault::Reply { .. })) {
        for (call, platform) in [("unsubscribe", "facebook"), ("permissions", "facebook"), ("uninstall", "shopify")] {
            assert_eq!(trace.link(browser, "acme").await.status(), 200);
            assert_eq!(trace.pages(browser, "", &consent).await.status(), 200);
            assert_eq!(trace.link(browser, "acme").await.status(), 200);
            let list = trace.get(browser, "/connections").await;
            let token = form_token(&list);
            let account = if platform == "shopify" { "acme.myshopify.com" } else { page.as_str() };
            let form = |token: &str| {
                let fields = [("csrf_token", token), ("platform", platform), ("account", account), ("uninstall", "1"), (MARKER, MARKER)];
                let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                Request::get("/connections/disconnect").with_method("POST").with_body("application/x-www-form-urlencoded", body)
            };
            if platform == "shopify" {
                trace.world.shopify.switch_on(call, fault.clone(), Times::Once);
            } else {
                trace.world.facebook.switch_on(call, fault.clone(), Times::Once);
            }
            let foreign = form(&token).with_header("origin", &format!("https://{MARKER}.example"));
            for (sent, status) in [(foreign, 403), (form(MARKER), 403), (form(&token), 303)] {
                let reply = browser.send(sent).await;
                assert_eq!(reply.status(), status, "{}", reply.text());
                trace.note("/connections/disconnect", reply);
            }
            assert_eq!(trace.get(browser, "/connections").await.status(), 200);
            trace.world.shopify.clear_faults();
            trace.world.facebook.clear_faults();
            tokens.push(token);
        }
    }
    let logs = trace.world.logs();
    assert!(tokens.iter().all(|token| !logs.contains(token.as_str())), "the token of a form in a log");
    assert!(!logs.contains(&page), "a Page in a log");
    for item in trace.world.database.dump() {
        assert!(tokens.iter().all(|token| !item.contains(token)), "the token of a form in {item:?}");
    }
}

async fn database_faults(trace: &mut Trace, browser: &Browser, person: &str) {
    for operation in ["GetItem", "UpdateItem", "TransactWriteItems"] {
        let callback = trace.approved(browser, "acme").await;
        trace.world.database.fail_operation(operation, DatabaseFault::InternalError, 100);
        assert_eq!(trace.get(browser, &callback).await.status(), 503, "{operation}");
        trace.world.database.clear_faults();
        // A claim whose note that it failed was lost keeps the lease for a while.
        trace.world.free_lease("acme.myshopify.com").await;
    }
    assert_eq!(trace.link(browser, "acme").await.status(), 200);
    for operation in ["GetItem", "UpdateItem", "Query", "TransactWriteItems"] {
        let dialog = trace.dialog(browser, "").await;
        let callback = trace.world.facebook.approve(&dialog, &Consent::of(person));
        trace.world.database.fail_operation(operation, DatabaseFault::InternalError, 100);
        assert_eq!(trace.get(browser, &callback).await.status(), 503, "{operation}");
        trace.world.database.clear_faults();
    }
}
