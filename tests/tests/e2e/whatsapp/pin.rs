//! `POST /connections/pin`: the merchant gives the PIN that a number has.

use e2e::browser::{Accept, Page};
use e2e::facebook::MERCHANTS_PIN;
use e2e::world::World;

use crate::support::{assert_error, dump};
use crate::whatsapp::support::Shop;

const PATH: &str = "/connections/pin";

/// A linked number with another PIN than ours, in a session.
async fn waiting() -> Shop {
    let shop = Shop::of(World::builder().whatsapp()).await;
    shop.world.facebook.set_pin(&shop.number, Some(MERCHANTS_PIN));
    assert_eq!(shop.links().await.status(), 200);
    shop.signs_in().await;
    shop.clear_requests();
    shop
}

#[track_caller]
fn assert_back(page: &Page) {
    assert_eq!((page.status(), page.header("location")), (303, Some("/connections")), "{}", page.text());
}

#[tokio::test]
async fn the_right_pin_registers_the_number_and_is_kept() {
    let shop = waiting().await;
    let people = shop.browser.copied().accepting(Accept::Html).get("/connections").await;
    assert!(people.text().contains(PATH), "{}", people.text());
    assert_back(&shop.sends(PATH, &[("account", &shop.number), ("pin", MERCHANTS_PIN)]).await);
    let list = shop.list().await;
    assert_eq!(list["notice"], serde_json::json!({ "registering": "phone", "outcome": "registered" }));
    assert!(shop.is_ready(&shop.number));
    assert!(!shop.world.logs().contains(MERCHANTS_PIN) && !list.to_string().contains(MERCHANTS_PIN));
    // From now on it is the one that is sent.
    shop.world.facebook.edit_number(&shop.number, |number| "DISCONNECTED".clone_into(&mut number.status));
    shop.kept().await;
    assert_eq!(shop.world.facebook.registrations(&shop.number).last().unwrap().pin, MERCHANTS_PIN);
    assert!(shop.is_ready(&shop.number));
}

#[tokio::test]
async fn a_wrong_pin_is_told_and_two_are_taken() {
    let shop = waiting().await;
    for outcome in ["pin_refused", "pin_refused", "pin_later"] {
        assert_back(&shop.sends(PATH, &[("account", &shop.number), ("pin", "000000")]).await);
        assert_eq!(shop.list().await["notice"]["outcome"], outcome);
    }
    assert_eq!(shop.asked("whatsapp_register"), 2);
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("rate_limited"));
}

#[tokio::test]
async fn what_is_no_such_form_is_malformed() {
    let shop = waiting().await;
    for pin in ["", "12345", "1234567", "12345x", "１２３４５６", "-12345"] {
        let reply = shop.sends(PATH, &[("account", &shop.number), ("pin", pin)]).await;
        assert_error(&reply, 400, "malformed_parameter");
        assert_eq!(reply.json()["next"], "/connections");
    }
    assert_error(&shop.sends(PATH, &[("account", "x"), ("pin", MERCHANTS_PIN)]).await, 400, "malformed_parameter");
    assert_error(&shop.sends(PATH, &[("account", &shop.number)]).await, 400, "malformed_parameter");
    assert_eq!(shop.asked("whatsapp_register"), 0);
}

#[tokio::test]
async fn a_number_of_another_store_is_left_alone() {
    let shop = waiting().await;
    let (browser, uuid) = shop.other_store().await;
    let other = Shop { browser, uuid, ..shop };
    let before = dump(&other.world);
    assert_back(&other.sends(PATH, &[("account", &other.number), ("pin", MERCHANTS_PIN)]).await);
    assert_eq!((other.asked("whatsapp_register"), dump(&other.world) == before), (0, true));
}

#[tokio::test]
async fn a_form_from_elsewhere_or_without_its_token_is_refused() {
    let shop = waiting().await;
    let request = |token: &str| {
        let fields = [("csrf_token", token), ("platform", "whatsapp"), ("account", shop.number.as_str()), ("pin", MERCHANTS_PIN)];
        let body: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        e2e::gateway::Request::get(PATH).with_method("POST").with_body("application/x-www-form-urlencoded", body)
    };
    let token = shop.list().await["csrf_token"].as_str().unwrap().to_owned();
    assert_error(&shop.browser.send(request("x")).await, 403, "forbidden");
    assert_error(&shop.browser.send(request(&token).with_header("origin", "https://evil.example")).await, 403, "forbidden");
    assert_error(&shop.browser.send(request(&token).with_header("sec-fetch-site", "cross-site")).await, 403, "forbidden");
    assert_eq!(shop.browser.get(PATH).await.status(), 404);
    assert_eq!(shop.asked("whatsapp_register"), 0);
}
