use std::time::Instant;

use axum::http::Method;
use serde_json::{Value, json};

use super::*;

const CALLS: &[Call] = &[("first", &[]), ("second", &["first"]), ("third", &["first", "second"])];

struct Echo;

impl Answers for Echo {
    fn name(&self, request: &RecordedRequest) -> &'static str {
        match request.path() {
            "/first" => "first",
            "/second" => "second",
            _ => "third",
        }
    }

    fn answer(&self, request: &RecordedRequest) -> Reply {
        Reply::json(200, &json!({"path": request.path(), "body": request.field("a")}))
    }

    fn throttled(&self) -> Reply {
        Reply::new(429, "text/plain", "")
    }

    fn failed(&self) -> Reply {
        Reply::new(500, "text/plain", "")
    }
}

/// A client for plain http that takes every answer as it comes.
pub(crate) fn client() -> reqwest::Client {
    let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(crypto).with_safe_default_protocol_versions().unwrap();
    let tls = tls.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    let builder = reqwest::Client::builder().tls_backend_preconfigured(tls);
    builder.no_proxy().redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(2)).build().unwrap()
}

fn start() -> (Arc<Provider>, Server, reqwest::Client) {
    let provider = Provider::bind(0, CALLS).unwrap();
    let server = Server::start(Arc::clone(&provider), Arc::new(Echo));
    let client = client();
    (provider, server, client)
}

async fn call(provider: &Provider, client: &reqwest::Client, path: &str) -> reqwest::Result<Value> {
    client.post(format!("{}{path}?q=1", provider.url())).body("a=b").send().await?.json().await
}

fn is_reset(error: &reqwest::Error) -> bool {
    let mut source: Option<&dyn std::error::Error> = Some(error);
    while let Some(current) = source {
        if current.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset) {
            return true;
        }
        source = current.source();
    }
    false
}

#[tokio::test]
async fn a_request_is_answered_and_recorded() {
    let (provider, _server, client) = start();
    assert_eq!(call(&provider, &client, "/first").await.unwrap(), json!({"path": "/first", "body": "b"}));
    let requests = provider.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!((requests[0].call, &requests[0].method), ("first", &Method::POST));
    assert_eq!(requests[0].path_and_query, "/first?q=1");
    assert_eq!(requests[0].body, b"a=b");
}

#[tokio::test]
async fn a_refused_first_call_is_refused_at_once_also_for_pooled_connections() {
    let (provider, _server, client) = start();
    call(&provider, &client, "/first").await.unwrap();
    provider.switch_on("first", Fault::ConnectionRefused, Times::Once);
    // The ended connection is seen by both sides' tasks.
    tokio::time::sleep(Duration::from_millis(20)).await;
    let error = call(&provider, &client, "/first").await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    provider.clear_faults();
    call(&provider, &client, "/first").await.unwrap();
}

#[tokio::test]
async fn a_refused_later_call_is_refused_after_the_one_before_it_was_answered() {
    let (provider, _server, client) = start();
    provider.switch_on("second", Fault::ConnectionRefused, Times::Once);
    call(&provider, &client, "/first").await.unwrap();
    let error = call(&provider, &client, "/second").await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(provider.requests_of("second").len(), 0);
    provider.clear_faults();
    call(&provider, &client, "/second").await.unwrap();
}

#[tokio::test]
async fn a_refused_call_is_refused_when_all_before_it_were_answered_in_whatever_order() {
    for before in [["/first", "/second"], ["/second", "/first"]] {
        let (provider, _server, client) = start();
        provider.switch_on("third", Fault::ConnectionRefused, Times::Once);
        for path in before {
            call(&provider, &client, path).await.unwrap();
        }
        assert!(call(&provider, &client, "/third").await.unwrap_err().is_connect());
    }
}

#[tokio::test]
async fn a_reset_is_a_tcp_reset_after_the_request_was_read() {
    let (provider, _server, client) = start();
    for fault in [Fault::Reset, Fault::LostReply] {
        provider.clear_requests();
        provider.switch_on("first", fault, Times::Once);
        let error = call(&provider, &client, "/first").await.unwrap_err();
        assert!(is_reset(&error), "{error:?}");
        assert_eq!(provider.requests().len(), 1, "sent once, not again by the client");
        call(&provider, &client, "/first").await.unwrap();
    }
}

#[tokio::test]
async fn a_hang_ends_with_the_client_or_with_the_provider() {
    let (provider, server, client) = start();
    provider.switch_on("first", Fault::Hang, Times::UntilCleared);
    assert!(call(&provider, &client, "/first").await.unwrap_err().is_timeout());
    let begun = Instant::now();
    let (answer, ()) = tokio::join!(call(&provider, &client, "/first"), async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        drop(server);
    });
    let error = answer.unwrap_err();
    assert!(!error.is_timeout() && begun.elapsed() < Duration::from_secs(1), "{error:?}");
    assert!(call(&provider, &client, "/first").await.unwrap_err().is_connect());
}

#[tokio::test]
async fn other_faults_answer_what_they_say() {
    let (provider, _server, client) = start();
    let url = format!("{}/first", provider.url());
    let expected = [
        (Fault::Throttled429, 429),
        (Fault::ServerError500, 500),
        (Fault::HtmlBody, 200),
        (Fault::TruncatedJson, 200),
        (Fault::HugeBody, 200),
        (Fault::Redirect, 307),
        (Fault::json(402, &json!({})), 402),
    ];
    for (fault, status) in expected {
        provider.switch_on("first", fault.clone(), Times::Once);
        let response = client.get(&url).send().await.unwrap();
        assert_eq!(response.status(), status, "{fault:?}");
        let huge = matches!(fault, Fault::HugeBody);
        assert_eq!(response.content_length().is_none(), huge);
        let length = response.bytes().await.unwrap().len();
        assert_eq!(length > 10_000_000, huge);
    }
}

#[tokio::test]
async fn the_fault_form_switches_on_and_leads_back() {
    let (provider, _server, client) = start();
    let url = format!("{}{}", provider.url(), crate::consent::FAULTS_PATH);
    let form = "call=first&fault=500&back=/page?x%3D1";
    let response = client.post(&url).body(form).send().await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["location"]), (303, &"/page?x=1".parse().unwrap()));
    assert_eq!(client.get(format!("{}/first", provider.url())).send().await.unwrap().status(), 500);
    let response = client.post(&url).body("back=//elsewhere").send().await.unwrap();
    assert_eq!(response.headers()["location"], "/");
    assert!(provider.requests_of("first").len() == 1 && provider.requests().len() == 1);
}

#[tokio::test]
async fn delays_and_the_clock_can_be_set() {
    let (provider, _server, client) = start();
    provider.set_delay(Duration::from_millis(100));
    let begun = Instant::now();
    call(&provider, &client, "/first").await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(100));
    let before = provider.now();
    provider.advance_clock(Duration::from_secs(3600));
    assert!(provider.now() >= before + 3600);
}

#[tokio::test]
async fn nobody_listens_on_a_closed_port() {
    let closed = ClosedPort::reserve().unwrap();
    let error = client().get(closed.url()).send().await.unwrap_err();
    assert!(error.is_connect());
}

#[tokio::test]
async fn secrets_carry_the_marker_and_can_be_listed() {
    let (provider, _server, _client) = start();
    provider.set_marker("MARKED");
    let secret = provider.issue("shpat_");
    assert!(secret.starts_with("shpat_MARKED") && provider.issued_secrets() == [secret]);
}
