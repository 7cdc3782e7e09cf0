//! Requests and replies, key by key.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use e2e::facebook::{Consent, appsecret_proof};
use e2e::search::Secrets;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{case, linked_pages, linked_shop, page_of, page_token, set};
use crate::tokens::setup::{SHOP, ask, figure, now, store};

fn keys(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// RFC 3339 in UTC, to the second, as Unix time.
fn unix(text: &str) -> u64 {
    let form: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(form, "0000-00-00T00:00:00Z");
    let part = |from: usize, to: usize| text[from..to].parse::<u64>().unwrap();
    let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
    // Days since 1970 by the years that begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468;
    ((days * 24 + part(11, 13)) * 60 + part(14, 16)) * 60 + part(17, 19)
}

struct Linked {
    world: World,
    uuid: String,
    pages: [String; 2],
}

async fn linked() -> Linked {
    let world = World::start().await;
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    let person = world.facebook.add_person("Jo Doe");
    let pages = ["Acme Store", "Acme Outlet"].map(|name| world.facebook.add_page(&person, name));
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    Linked { world, uuid, pages }
}

#[tokio::test]
async fn each_way_of_asking_is_answered_as_the_contract_says() {
    let Linked { world, uuid, pages } = linked().await;
    let token = world.opened(&uuid, "store", "access_token");
    let shop = json!({
        "shop": SHOP, "status": "active", "access_token": token,
        "scope": ["read_product_listings", "read_inventory", "read_discounts", "read_locations", "read_products"],
    });
    let all: BTreeSet<&str> = pages.iter().map(String::as_str).collect();
    for (payload, listed) in [
        (json!({"page_id": pages[0]}), BTreeSet::from([pages[0].as_str()])),
        (json!({"shop": SHOP}), all.clone()),
        (json!({"shop": "ACME.myshopify.com"}), all.clone()),
        (json!({"user_uuid": uuid}), all),
    ] {
        case(&payload);
        let mut reply = ask(&world, payload).await;
        assert_eq!(keys(&reply), ["pages", "phone_numbers", "shops", "user_uuid"].into());
        assert_eq!(reply["phone_numbers"], json!([]));
        assert_eq!(reply["user_uuid"], uuid.as_str());
        let expires_at = reply["shops"][0].as_object_mut().unwrap().remove("expires_at").unwrap();
        assert_eq!(reply["shops"], json!([shop]));
        let expires_at = unix(expires_at.as_str().unwrap());
        assert_eq!(Some(expires_at), figure(&world, &uuid, "access_expires_at"));
        assert!((now() + 3500..=now() + 3600).contains(&expires_at));
        let found = reply["pages"].as_array().unwrap();
        assert_eq!(found.iter().map(|page| page["page_id"].as_str().unwrap()).collect::<BTreeSet<_>>(), listed);
        for page in found {
            let names = ["access_token", "appsecret_proof", "expires_at", "instagram", "messaging_ready", "messaging_reason"];
            assert_eq!(keys(page), names.into_iter().chain(["name", "page_id", "status", "thread_routing"]).collect());
            let id = page["page_id"].as_str().unwrap();
            let name = if id == pages[0] { "Acme Store" } else { "Acme Outlet" };
            assert_eq!((&page["name"], &page["status"], &page["expires_at"]), (&json!(name), &json!("active"), &Value::Null));
            assert_eq!(
                (&page["messaging_reason"], &page["thread_routing"], &page["instagram"]),
                (&Value::Null, &json!(false), &Value::Null)
            );
            let token = page_token(&world, &uuid, id);
            let proof = appsecret_proof(&token, world.setting("FACEBOOK_APP_SECRET"), None);
            assert_eq!((&page["access_token"], &page["appsecret_proof"]), (&json!(token), &json!(proof)));
            let ready = page_of(&world, &uuid, id).unwrap().attributes.get("messaging_ready").is_some_and(|ready| ready["BOOL"] == true);
            assert_eq!(page["messaging_ready"], ready);
        }
    }
    assert_eq!(world.shopify.requests_of("refresh").len(), 0, "nothing to renew");
}

#[tokio::test]
async fn whether_messages_arrive_is_told_as_it_is_noted() {
    let Linked { world, uuid, pages } = linked().await;
    for ready in [false, true] {
        for page in &pages {
            let value = AttributeValue::Bool(ready);
            set(&world, "connections", &format!("uuid#{uuid}"), Some(&format!("page#{page}")), "messaging_ready", value).await;
        }
        let reply = ask(&world, json!({"user_uuid": uuid})).await;
        assert!(reply["pages"].as_array().unwrap().iter().all(|page| page["messaging_ready"] == ready), "{reply}");
        let reason = if ready { Value::Null } else { json!("not_checked") };
        assert!(reply["pages"].as_array().unwrap().iter().all(|page| page["messaging_reason"] == reason), "{reply}");
    }
    let text = |text: &str| AttributeValue::S(text.to_owned());
    for (reason, told) in [("missing_task", "missing_task"), ("new_in_a_later_version", "not_checked")] {
        let key = (format!("uuid#{uuid}"), format!("page#{}", pages[0]));
        set(&world, "connections", &key.0, Some(&key.1), "messaging_ready", AttributeValue::Bool(false)).await;
        set(&world, "connections", &key.0, Some(&key.1), "messaging_reason", text(reason)).await;
        assert_eq!(ask(&world, json!({"page_id": pages[0]})).await["pages"][0]["messaging_reason"], told);
    }
}

#[tokio::test]
async fn whether_several_apps_share_the_conversations_is_told_as_it_is_noted() {
    let Linked { world, uuid, pages } = linked().await;
    let told = async || ask(&world, json!({"page_id": pages[0]})).await["pages"][0]["thread_routing"].clone();
    let page = format!("page#{}", pages[0]);
    set(&world, "connections", &format!("uuid#{uuid}"), Some(&page), "thread_routing", AttributeValue::Bool(true)).await;
    assert_eq!(told().await, true);
    // As items are that an earlier version wrote.
    super::setup::remove(&world, &uuid, &page, "thread_routing").await;
    assert_eq!(told().await, Value::Null);
}

#[tokio::test]
async fn a_page_without_a_token_has_no_proof() {
    let Linked { world, uuid, pages } = linked().await;
    for (status, told) in [("reconnect_needed", "reconnect_needed"), ("who_knows", "reconnect_needed")] {
        let status = AttributeValue::S(status.to_owned());
        set(&world, "connections", &format!("uuid#{uuid}"), Some(&format!("page#{}", pages[0])), "status", status).await;
        let reply = ask(&world, json!({"page_id": pages[0]})).await;
        let entry = &reply["pages"][0];
        assert_eq!((&entry["status"], &entry["messaging_ready"], &entry["messaging_reason"]), (&json!(told), &json!(false), &Value::Null));
        assert!(entry.get("access_token").is_none() && entry.get("appsecret_proof").is_none(), "{entry}");
    }
}

#[tokio::test]
async fn a_token_that_does_not_expire_has_null_for_its_end() {
    let world = World::start().await;
    let uuid = super::setup::linked(&world, "acme").await;
    super::setup::never_ends(&world, &uuid, "acme").await;
    world.shopify.refuse_non_expiring(false);
    let entry = super::setup::shop_entry(&world, SHOP).await;
    assert_eq!((&entry["status"], &entry["expires_at"]), (&json!("active"), &Value::Null));
    assert_eq!(entry["access_token"], world.opened(&uuid, "store", "access_token"));
}

#[tokio::test]
async fn what_is_not_linked_is_not_found_and_what_is_no_request_is_refused() {
    let Linked { world, uuid, pages } = linked().await;
    let refusal = |reply: &Value| {
        assert_eq!(keys(reply), ["error"].into(), "{reply}");
        assert_eq!(keys(&reply["error"]), ["code", "detail"].into(), "{reply}");
        assert!(reply["error"]["detail"].as_str().is_some_and(|detail| detail.len() > 10));
        reply["error"]["code"].as_str().unwrap().to_owned()
    };
    for payload in [
        json!({"page_id": "1"}),
        json!({"page_id": "99999999999999999999"}),
        json!({"shop": "other.myshopify.com"}),
        json!({"user_uuid": "0a6f9dc8-5a84-4e6a-8f3e-3a2b6a2d7f10"}),
        json!({"instagram_id": pages[0]}),
        json!({"phone_number_id": pages[0]}),
    ] {
        assert_eq!(refusal(&ask(&world, payload.clone()).await), "not_found", "{payload}");
    }
    let long = "1".repeat(100_000);
    for payload in [
        json!(null),
        json!([]),
        json!("acme.myshopify.com"),
        json!(7),
        json!({}),
        json!({"page_id": pages[0], "user_uuid": uuid}),
        json!({"page_id": pages[0], "shop": null}),
        json!({"page_id": 7}),
        json!({"page_id": ""}),
        json!({"page_id": "1 "}),
        json!({"page_id": "1#owner"}),
        json!({"page_id": long}),
        json!({"page_id": null}),
        json!({"PAGE_ID": pages[0]}),
        json!({"instagram_id": ""}),
        json!({"instagram_id": 7}),
        json!({"phone_number_id": "+49 30 1234"}),
        json!({"phone_number_id": "1", "instagram_id": "1"}),
        json!({"page_id": pages[0], "phone_number_id": null}),
        json!({"shop": "acme"}),
        json!({"shop": " acme.myshopify.com"}),
        json!({"shop": "acme.myshopify.com."}),
        json!({"shop": ["acme.myshopify.com"]}),
        json!({"user_uuid": "acme"}),
        json!({"user_uuid": {}}),
        json!({"version": "2.0", "rawPath": "/", "headers": {}}),
    ] {
        assert_eq!(refusal(&ask(&world, payload.clone()).await), "invalid_request", "{payload}");
    }
    // An identity that is being erased is gone already.
    super::setup::set_text(&world, &uuid, "status", "erasing").await;
    for payload in [json!({"page_id": pages[0]}), json!({"shop": SHOP}), json!({"user_uuid": uuid})] {
        assert_eq!(refusal(&ask(&world, payload.clone()).await), "not_found", "{payload}");
    }
    assert_eq!(store(&world, &uuid).text("status"), Some("erasing"));
}

#[tokio::test]
async fn each_status_of_a_store_is_told_and_only_an_active_one_has_a_token() {
    let Linked { world, uuid, .. } = linked().await;
    world.expire_access_token(SHOP).await;
    for (status, told) in [("reconnect_needed", "reconnect_needed"), ("uninstalled", "uninstalled"), ("who_knows", "reconnect_needed")] {
        super::setup::set_text(&world, &uuid, "status", status).await;
        let entry = super::setup::shop_entry(&world, SHOP).await;
        assert_eq!(entry["status"], told);
        assert!(entry.get("access_token").is_none(), "{entry}");
        assert_eq!(entry.get("login_url").is_some(), told == "reconnect_needed", "{entry}");
        assert_eq!(entry.get("reason").is_some_and(Value::is_string), told == "reconnect_needed", "{entry}");
    }
    assert_eq!(world.shopify.requests_of("refresh").len(), 0, "a store that is not active is not renewed");
}

#[tokio::test]
async fn the_login_url_is_under_the_configured_origin() {
    let world = World::builder().https().start().await;
    let uuid = super::setup::linked(&world, "acme").await;
    super::setup::set_text(&world, &uuid, "status", "reconnect_needed").await;
    super::setup::set_text(&world, &uuid, "reason", "token_refused").await;
    let entry = super::setup::shop_entry(&world, SHOP).await;
    assert_eq!(entry["login_url"], "https://link.example.com/shopify/acme.myshopify.com/login");
    assert_eq!(entry["reason"], "token_refused");
}

#[tokio::test]
async fn nothing_of_what_is_given_out_stands_in_a_log() {
    let Linked { world, uuid, pages } = linked().await;
    let mut told = Secrets::default();
    for payload in [json!({"page_id": pages[0]}), json!({"shop": SHOP}), json!({"user_uuid": uuid})] {
        ask(&world, payload).await;
    }
    world.expire_access_token(SHOP).await;
    ask(&world, json!({"shop": SHOP})).await;
    world.expire_access_token(SHOP).await;
    world.shopify.uninstall(SHOP);
    ask(&world, json!({"page_id": pages[1]})).await;
    ask(&world, json!({"shop": "nobody-at-home.myshopify.com"})).await;
    ask(&world, json!({"shop": "no shop at all"})).await;
    told.add_all("secret", world.secrets());
    for page in &pages {
        let token = page_token(&world, &uuid, page);
        told.add("a proof", &appsecret_proof(&token, world.setting("FACEBOOK_APP_SECRET"), None));
    }
    for text in [SHOP, "Acme Store", "Acme Outlet", "nobody-at-home", "no shop at all", pages[0].as_str(), uuid.as_str()] {
        told.add("what was asked for or told", text);
    }
    let logs = world.function("connection-tokens").logs();
    told.assert_not_in("the log", &logs);
    let lines: Vec<Value> = logs.lines().map(|line| serde_json::from_str(line).expect("a log is JSON lines")).collect();
    let invocations: Vec<&Value> = lines.iter().filter(|line| line["message"] == "invocation").collect();
    assert_eq!(invocations.len(), 7, "one line for each");
    assert!(invocations.iter().all(|line| line["function"] == "connection-tokens" && line["outcome"].is_string()));
}
