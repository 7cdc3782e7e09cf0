use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;

use super::*;
use crate::event_bus::{EventBus, MESSAGE_BUS};

/// What a service was asked.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Received {
    target: String,
    signature: Option<String>,
    pub(super) body: Vec<u8>,
}

/// A service that notes what it is asked and answers what it is told to, at last 200.
#[derive(Clone, Default)]
pub(super) struct Service {
    requests: Arc<Mutex<Vec<Received>>>,
    answers: Arc<Mutex<Vec<u16>>>,
}

impl Service {
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(receive).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        origin
    }

    pub(super) fn received(&self) -> Vec<Received> {
        lock(&self.requests).clone()
    }
}

async fn receive(State(service): State<Service>, request: axum::extract::Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    let signature = head.headers.get("x-hub-signature-256").map(|value| value.to_str().unwrap().to_owned());
    let target = head.uri.path_and_query().unwrap().to_string();
    lock(&service.requests).push(Received { target: target.clone(), signature, body });
    let mut answers = lock(&service.answers);
    let status = if answers.is_empty() { 200 } else { answers.remove(0) };
    let challenge = target.split("hub.challenge=").nth(1).and_then(|rest| rest.split('&').next()).unwrap_or_default();
    (StatusCode::from_u16(status).unwrap(), challenge.to_owned()).into_response()
}

impl World {
    pub(super) async fn page(&self, path: &str) -> String {
        self.client.get(format!("{}{path}", self.facebook.url())).send().await.unwrap().text().await.unwrap()
    }

    pub(super) async fn press(&self, form: &[(&str, &str)]) {
        let answer = self.client.post(format!("{}/inbox", self.facebook.url())).form(form).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), &answer.headers()["location"]), (303, &"/inbox".parse().unwrap()));
    }
}

pub(super) async fn start_with_service() -> (World, Service) {
    let service = Service::default();
    let origin = service.start().await;
    let world = start_with(|app| {
        app.redirect_uris.insert(0, format!("{origin}/facebook/callback"));
        app.verify_token = "a token & more".to_owned();
        app.is_reachable = true;
    });
    (world, service)
}

pub(super) fn body(received: &Received) -> Value {
    serde_json::from_slice(&received.body).unwrap()
}

#[tokio::test]
async fn a_person_presses_what_customers_do_and_sees_what_the_app_answers() {
    let (world, service) = start_with_service().await;
    let page = world.facebook.add_page(&world.jo, "Acme <b>");
    let instagram = world.facebook.link_instagram(&page, "acme.store");
    assert!(world.page("/settings").await.contains("href=\"/inbox\""), "the way there");
    assert!(world.page("/inbox").await.contains("Messages are not delivered: nobody has granted pages_messaging"));
    world.press(&[("account", &page), ("decision", "text"), ("text", "Hello")]).await;
    assert!(world.page("/inbox").await.contains("not delivered: nobody has granted"));

    let scope = format!("{SCOPE},instagram_basic,instagram_manage_messages");
    let _ = world.facebook.approve(&world.dialog_url(&[("scope", &scope)]), &Consent::of(&world.jo));
    world.facebook.set_subscribed_fields(&page, &APP_FIELDS);
    let html = world.page("/inbox").await;
    assert!(!html.contains("Messages are not delivered") && !html.contains("<b>"));
    let buttons = ["text", "postback", "quick_reply", "reaction", "link", "ad", "picture", "echo", "standby"];
    for account in [&page, &instagram] {
        for button in buttons {
            assert!(html.contains(&format!("id=\"{button}-{account}\"")), "{button}");
            world.press(&[("account", account), ("decision", button), ("text", "Zoë?")]).await;
        }
    }
    until("all of it is delivered", || service.received().len() == 2 * buttons.len()).await;
    for received in service.received() {
        let delivery = Delivery { body: received.body, secret: "secret".to_owned() };
        assert_eq!((&*received.target, received.signature), ("/meta/webhooks", Some(delivery.signature())));
    }
    let bodies: Vec<Value> = service.received().iter().map(body).collect();
    let of = |object: &str| bodies.iter().filter(|body| body["object"] == object).count();
    assert_eq!((of("page"), of("instagram")), (buttons.len(), buttons.len()));
    let one_customer: BTreeSet<String> = bodies
        .iter()
        .filter(|body| body["object"] == "page")
        .map(|body| {
            let entry = &body["entry"][0];
            let element = if entry["standby"].is_array() { &entry["standby"][0] } else { &entry["messaging"][0] };
            let customer = if element["message"]["is_echo"] == true { "recipient" } else { "sender" };
            element[customer]["id"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(one_customer.len(), 1, "a customer has one id for a Page");
    until("all answers are there", || world.facebook.is_idle()).await;
    let html = world.page("/inbox").await;
    assert!(html.contains("answered 200") && html.contains("Zo\\u00eb?") && !html.contains("on its way"));

    world.facebook.hold_conversations(&page);
    world.press(&[("account", &page), ("decision", "text"), ("text", "held")]).await;
    until("one more is delivered", || service.received().len() == 2 * buttons.len() + 1).await;
    assert_eq!(body(service.received().last().unwrap())["entry"][0]["standby"][0]["message"]["text"], "held");
    world.press(&[("account", "1"), ("decision", "text")]).await;
    world.press(&[("account", &page), ("decision", "nonsense")]).await;
    assert_eq!(service.received().len(), 2 * buttons.len() + 1);
}

#[tokio::test]
async fn a_delivery_that_is_not_taken_comes_again_as_it_was() {
    let (world, service) = start_with_service().await;
    let page = world.facebook.add_page(&world.jo, "Acme");
    let _ = world.facebook.approve(&world.dialog_url(&[("scope", SCOPE)]), &Consent::of(&world.jo));
    world.facebook.set_subscribed_fields(&page, &["messages"]);
    *lock(&service.answers) = vec![503, 204];
    world.press(&[("account", &page), ("decision", "text"), ("text", "Hello")]).await;
    until("it is taken", || service.received().len() == 3).await;
    let received = service.received();
    assert!(received[0] == received[1] && received[1] == received[2], "the same bytes and signature");
    until("the answers are there", || world.facebook.is_idle()).await;
    assert!(world.page("/inbox").await.contains("answered 503, then answered 204, then answered 200"));

    *lock(&service.answers) = vec![500; 9];
    world.press(&[("account", &page), ("decision", "text"), ("text", "Hello")]).await;
    until("it is given up", || world.facebook.is_idle()).await;
    assert_eq!(service.received().len(), 6);
    assert!(world.page("/inbox").await.contains("answered 500, then answered 500, then answered 500"));
}

#[tokio::test]
async fn the_address_is_verified_with_the_token_that_was_entered() {
    let (world, service) = start_with_service().await;
    assert!(world.page("/inbox").await.contains("value=\"a token &amp; more\""));
    world.press(&[("decision", "verify"), ("verify_token", "a token & more")]).await;
    until("it is asked", || service.received().len() == 1).await;
    let Received { target, signature, .. } = service.received().remove(0);
    let query: Vec<_> = form_urlencoded::parse(target.split_once('?').unwrap().1.as_bytes()).into_owned().collect();
    assert_eq!((first(&query, "hub.mode"), first(&query, "hub.verify_token")), (Some("subscribe"), Some("a token & more")));
    assert_eq!(signature, None);
    until("the answer is there", || world.facebook.is_idle()).await;
    let challenge = first(&query, "hub.challenge").unwrap();
    let html = world.page("/inbox").await;
    assert!(html.contains(&format!("which has to answer {challenge}: <strong>answered 200</strong> <code>{challenge}</code>")), "{html}");
}

#[tokio::test]
async fn what_came_out_of_the_bus_is_shown_where_there_is_one() {
    let world = start();
    assert!(!world.page("/inbox").await.contains("href=\"/bus\""));
    let bus = EventBus::start(&[MESSAGE_BUS]);
    world.facebook.show_bus(bus.journal());
    assert!(world.page("/inbox").await.contains("href=\"/bus\""));
    let entry = json!({ "Source": "s", "DetailType": "message", "Detail": r#"{"text":"<b>"}"#, "EventBusName": MESSAGE_BUS });
    let request = world.client.post(bus.url()).header("content-type", "application/x-amz-json-1.1").header("authorization", "x");
    let request = request.header("x-amz-target", "AWSEvents.PutEvents").body(json!({ "Entries": [entry] }).to_string());
    assert_eq!(request.send().await.unwrap().status(), 200);
    let html = world.page("/bus").await;
    assert!(
        html.contains("<strong>message</strong> from s on messenger-link-messages") && html.contains("&quot;&lt;b&gt;&quot;"),
        "{html}"
    );
}
