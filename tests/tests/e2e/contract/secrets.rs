//! Secrets from AWS Secrets Manager: read at init, and again when there is a reason to.

use std::collections::BTreeSet;

use e2e::facebook::Consent;
use e2e::gateway::Request;
use e2e::provider::ClosedPort;
use e2e::secret_store::{ARN, Answer, SecretStore};
use e2e::settings::{self, SECRETS, Variables};
use e2e::shopify::Approval;
use e2e::template::Template;
use e2e::world::{HTTP, World};

use crate::contract::configuration::needed_secret;
use crate::contract::{ask, assert_json_lines, assert_problem, functions, start, variables};

fn own_secrets() -> Variables {
    let mut secrets = settings::fresh_credentials();
    secrets.retain(|name, _| SECRETS.contains(&name.as_str()));
    secrets
}

fn environment(store_url: &str) -> Variables {
    let mut environment = variables(HTTP);
    environment.retain(|name, _| !SECRETS.contains(&name.as_str()));
    environment.insert("SECRETS_ARN".to_owned(), ARN.to_owned());
    environment.insert("AWS_ENDPOINT_URL_SECRETS_MANAGER".to_owned(), store_url.to_owned());
    environment
}

fn changed(secrets: &Variables, changes: &[(&str, &str)]) -> Answer {
    let mut secrets = secrets.clone();
    secrets.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Answer::secrets(&secrets)
}

#[tokio::test]
async fn secrets_are_read_at_init_once_and_the_whole_flow_works_with_them() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).start().await;
    // Functions that are invoked start with their first invocation.
    let started: BTreeSet<String> = Template::load().routes().into_iter().map(|route| route.function).collect();
    assert_eq!(store.reads(), started.len());
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    let browser = world.browser();
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    assert_eq!(store.reads(), started.len(), "no request reads them again");
    for secret in world.secrets() {
        assert!(!world.logs().contains(&secret));
    }
    assert_json_lines(&world.logs());
}

#[tokio::test]
async fn with_a_store_the_environment_has_no_say() {
    let secrets = own_secrets();
    for way in functions() {
        let (mut incomplete, missing) = (secrets.clone(), needed_secret(way.function));
        incomplete.remove(missing);
        let store = SecretStore::start(Answer::secrets(&incomplete)).await;
        let mut environment = environment(store.url());
        environment.extend(secrets.clone());
        let function = start(way.function, &environment).await;
        assert_eq!(assert_problem(&ask(&function, &way.request()).await), "misconfigured");
        assert!(function.logs().contains(missing));
    }
}

#[tokio::test]
async fn while_the_store_cannot_be_reached_it_is_unavailable_and_the_next_request_heals() {
    let closed = ClosedPort::reserve().unwrap();
    let url = closed.url();
    let environment = environment(&url);
    for way in functions() {
        let function = start(way.function, &environment).await;
        for request in [way.request(), Request::get("/nothing/here"), way.in_the_other_method()] {
            let reply = ask(&function, &request).await;
            assert_eq!(assert_problem(&reply), "storage_unavailable", "{}", way.function);
        }
        drop(function);
    }
    let function = start("shopify-login", &environment).await;
    drop(closed);
    let store = SecretStore::start_on(url.strip_prefix("http://").unwrap(), Answer::secrets(&own_secrets())).await;
    let pid = function.instances()[0].pid;
    let reply = ask(&function, &Request::get("/shopify/acme/login")).await;
    assert_eq!(reply.status, 302, "{}", reply.text());
    ask(&function, &Request::get("/shopify/acme/login")).await;
    assert_eq!(store.reads(), 1);
    assert_eq!(function.instances()[0].pid, pid);
}

#[tokio::test]
async fn a_store_that_fails_or_throttles_is_unavailable_until_it_answers() {
    for (status, kind) in [(500, "InternalServiceError"), (400, "ThrottlingException"), (503, "ServiceUnavailable")] {
        let store = SecretStore::start(Answer::Error(status, kind)).await;
        let function = start("shopify-login", &environment(store.url())).await;
        let reply = ask(&function, &Request::get("/shopify/acme/login")).await;
        assert_eq!(assert_problem(&reply), "storage_unavailable", "{kind}");
        assert!(!reply.text().contains("arn:"), "{}", reply.text());
        store.set(Answer::secrets(&own_secrets()));
        assert_eq!(ask(&function, &Request::get("/shopify/acme/login")).await.status, 302, "{kind}");
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_used_is_misconfigured_until_it_can() {
    let marked = "MARKEDSECRET-of-at-least-32-bytes-in-length";
    let unusable = [
        Answer::Text(String::new()),
        Answer::Text(marked.to_owned()),
        Answer::Text(format!("{{\"STATE_TOKEN_SECRET\":\"{marked}\"")),
        Answer::Text(format!("[\"{marked}\"]")),
        Answer::Text("null".to_owned()),
        Answer::Text("{}".to_owned()),
        Answer::Text(format!("{{\"STATE_TOKEN_SECRET\":[\"{marked}\"]}}")),
        changed(&own_secrets(), &[("STATE_TOKEN_SECRET", "MARKEDSECRET")]),
        changed(&own_secrets(), &[("SHOPIFY_API_SECRET", "placeholder MARKEDSECRET")]),
        Answer::Error(400, "ResourceNotFoundException"),
        Answer::Error(400, "AccessDeniedException"),
    ];
    for answer in unusable {
        let store = SecretStore::start(answer).await;
        let function = start("shopify-login", &environment(store.url())).await;
        for _ in 0..2 {
            let reply = ask(&function, &Request::get("/shopify/acme/login")).await;
            assert_eq!(assert_problem(&reply), "misconfigured");
            assert!(!reply.text().contains("SECRET"), "{}", reply.text());
        }
        let logs = function.logs();
        assert!(!logs.contains("MARKEDSECRET"), "{logs}");
        assert!(logs.contains("SECRET"), "no variable is named:\n{logs}");
        assert_json_lines(&logs);
        store.set(Answer::secrets(&own_secrets()));
        assert_eq!(ask(&function, &Request::get("/shopify/acme/login")).await.status, 302);
    }
}

/// A link whose hmac is right and whose client secret is no longer known to Shopify.
async fn link_signed_with(world: &World, secret: &str) -> Option<String> {
    let browser = world.browser();
    let login = browser.get("/shopify/acme/login").await;
    let approval = Approval { secret: Some(secret.to_owned()), ..Approval::default() };
    browser.get(&world.shopify.approve_with(login.location(), &approval).unwrap()).await.code()
}

#[tokio::test]
async fn after_shopify_refused_our_secret_it_is_read_again_at_once_and_at_most_once_a_minute() {
    let secrets = own_secrets();
    let first = secrets["SHOPIFY_API_SECRET"].clone();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).start().await;
    let reads = store.reads();

    world.shopify.rotate_secret("shpss_second");
    world.shopify.revoke_old_secrets();
    store.set(changed(&secrets, &[("SHOPIFY_API_SECRET", "shpss_second"), ("SHOPIFY_API_SECRET_PREVIOUS", &first)]));
    assert_eq!(link_signed_with(&world, &first).await.as_deref(), Some("token_exchange_failed"));
    assert_eq!(store.reads(), reads);
    assert_eq!(link_signed_with(&world, &first).await, None, "the next request works");
    assert_eq!(store.reads(), reads + 1);

    world.shopify.rotate_secret("shpss_third");
    world.shopify.revoke_old_secrets();
    store.set(changed(&secrets, &[("SHOPIFY_API_SECRET", "shpss_third"), ("SHOPIFY_API_SECRET_PREVIOUS", "shpss_second")]));
    for _ in 0..3 {
        assert_eq!(link_signed_with(&world, "shpss_second").await.as_deref(), Some("token_exchange_failed"));
    }
    assert_eq!(store.reads(), reads + 1, "within the minute they are not read again");
}

#[tokio::test]
async fn a_merchants_bad_code_is_no_reason_to_read_the_secrets_again() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let world = store.world(&secrets).start().await;
    let reads = store.reads();
    let browser = world.browser();
    for _ in 0..3 {
        let url = world.approve_shop(&browser, "acme").await;
        let state = url.split("state=").nth(1).unwrap().split('&').next().unwrap();
        let now = world.shopify.now().to_string();
        let pairs = [("code", "never-issued"), ("shop", "acme.myshopify.com"), ("state", state), ("timestamp", &now)];
        let page = browser.get(&format!("/shopify/callback?{}", world.shopify.sign_query(&pairs))).await;
        assert_eq!(page.code().as_deref(), Some("token_exchange_failed"));
    }
    assert_eq!(store.reads(), reads);
}

#[tokio::test]
async fn after_facebook_refused_our_secret_it_is_read_again_at_once() {
    let secrets = own_secrets();
    let store = SecretStore::start(Answer::secrets(&secrets)).await;
    let second = e2e::random::hex::<16>();
    let known = second.clone();
    let world = store.world(&secrets).facebook_app(move |app| app.app_secret = known).start().await;
    let reads = store.reads();
    let person = world.facebook.add_person("Jo Doe");
    world.facebook.add_page(&person, "Acme Store");
    let browser = world.browser();
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let refused = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_eq!(refused.code().as_deref(), Some("token_exchange_failed"), "{}", refused.text());
    store.set(changed(&secrets, &[("FACEBOOK_APP_SECRET", &second)]));
    let linked = world.link_pages(&browser, &Consent::of(&person)).await;
    assert_eq!(linked.status(), 200, "{}", linked.text());
    assert_eq!(store.reads(), reads + 1);
}

#[tokio::test]
async fn what_worked_goes_on_working_when_the_second_reading_fails() {
    let secrets = own_secrets();
    let first = secrets["SHOPIFY_API_SECRET"].clone();
    for broken in [Answer::Error(500, "InternalServiceError"), Answer::Text("{}".to_owned())] {
        let store = SecretStore::start(Answer::secrets(&secrets)).await;
        let world = store.world(&secrets).start().await;
        world.shopify.rotate_secret("shpss_second");
        world.shopify.revoke_old_secrets();
        store.set(broken);
        for _ in 0..2 {
            assert_eq!(link_signed_with(&world, &first).await.as_deref(), Some("token_exchange_failed"));
        }
    }
}
