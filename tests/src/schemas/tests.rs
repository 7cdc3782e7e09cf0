use super::*;

const UUID: &str = "3f0c5e9a-7b1d-42c6-8e5f-90a1b2c3d4e5";

/// Demands that the document is as published, and no longer after any of the changes.
#[track_caller]
fn refuses(validator: &Validator, right: &Value, changes: &[(&str, Value)]) {
    assert_eq!(held(validator, right), Ok(()));
    for (pointer, value) in changes {
        let mut wrong = right.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = wrong.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        // Null takes a member away; where null itself is wrong the text says so.
        match value {
            Value::Null => drop(parent.remove(name)),
            value if value == "null" => drop(parent.insert(name.to_owned(), Value::Null)),
            value => drop(parent.insert(name.to_owned(), value.clone())),
        }
        assert_ne!(wrong, *right, "{pointer}");
        assert!(held(validator, &wrong).is_err(), "{pointer} {value}");
    }
}

#[test]
fn a_request_is_one_id_in_its_form() {
    for right in [json!({ "page_id": "1" }), json!({ "shop": "acme.myshopify.com" }), json!({ "user_uuid": UUID })] {
        assert_eq!(held(&REQUEST, &right), Ok(()));
    }
    let wrong = [
        json!({}),
        json!([]),
        json!({ "page_id": 1 }),
        json!({ "page_id": "" }),
        json!({ "page_id": "1x" }),
        json!({ "page_id": "1", "shop": "acme.myshopify.com" }),
        json!({ "shop": "acme" }),
        json!({ "user_uuid": "x" }),
        json!({ "person_id": "1" }),
    ];
    for wrong in wrong {
        assert!(held(&REQUEST, &wrong).is_err(), "{wrong}");
    }
}

fn page() -> Value {
    json!({
        "page_id": "1", "name": "Acme", "status": "active", "access_token": "T", "appsecret_proof": "0".repeat(64), "expires_at": null,
        "messaging_ready": true, "messaging_reason": null, "thread_routing": null, "instagram": { "id": "2", "username": "acme" },
    })
}

fn reply(page: &Value) -> Value {
    let shop = json!({
        "shop": "acme.myshopify.com", "status": "active", "access_token": "T", "scope": ["read_products"], "expires_at": "2026-12-01T00:00:00Z",
    });
    json!({ "user_uuid": UUID, "shops": [shop], "pages": [page], "phone_numbers": [] })
}

#[test]
fn a_reply_has_a_token_or_the_reason_why_not() {
    refuses(
        &REPLY,
        &reply(&page()),
        &[
            ("/user_uuid", json!("x")),
            ("/shops", json!([])),
            ("/phone_numbers", Value::Null),
            ("/more", json!(1)),
            ("/shops/0/shop", json!("acme")),
            ("/shops/0/access_token", Value::Null),
            ("/shops/0/access_token", json!("null")),
            ("/shops/0/status", json!("frozen")),
            ("/shops/0/expires_at", json!("tomorrow")),
            ("/shops/0/expires_at", json!("2026-12-01T00:00:00+01:00")),
            ("/shops/0/scope", json!("read_products")),
            ("/shops/0/login_url", json!("https://link.example.com/shopify/acme.myshopify.com/login")),
            ("/pages/0/page_id", json!(1)),
            ("/pages/0/appsecret_proof", Value::Null),
            ("/pages/0/appsecret_proof", json!("x")),
            ("/pages/0/messaging_reason", json!("not_checked")),
            ("/pages/0/messaging_ready", json!(false)),
            ("/pages/0/status", json!("reconnect_needed")),
            ("/pages/0/instagram", json!({ "id": "2" })),
            ("/pages/0/app_secret", json!("S")),
        ],
    );
    let mut dead = page();
    for token in ["access_token", "appsecret_proof"] {
        dead.as_object_mut().unwrap().remove(token);
    }
    dead["status"] = json!("reconnect_needed");
    dead["messaging_ready"] = json!(false);
    dead["reason"] = json!("token_invalid");
    dead["login_url"] = json!("https://link.example.com/shopify/acme.myshopify.com/login");
    let changes = [
        ("/pages/0/reason", Value::Null),
        ("/pages/0/reason", json!("No longer valid")),
        ("/pages/0/login_url", json!("/connections")),
        ("/pages/0/access_token", json!("T")),
        ("/pages/0/messaging_ready", json!(true)),
    ];
    refuses(&REPLY, &reply(&dead), &changes);
    let failure = json!({ "error": { "code": "not_found", "detail": "Nothing is linked under this id." } });
    refuses(&REPLY, &failure, &[("/error/code", json!("provider_timeout")), ("/error/detail", Value::Null), ("/pages", json!([]))]);
}

#[test]
fn a_request_as_published_is_not_refused_for_its_form() {
    let refused = json!({ "error": { "code": "invalid_request", "detail": "Send exactly one." } });
    assert_eq!(asked(&json!({ "page": "1" }), &refused), Ok(()));
    assert!(asked(&json!({ "page_id": "1" }), &refused).is_err());
    assert!(asked(&json!({ "page_id": "1" }), &json!({})).is_err());
}

#[test]
fn an_event_has_the_reason_that_its_type_has() {
    let event = |kind: &str, detail: Value| {
        let mut event = json!({
            "source": "messenger-link", "detail-type": kind,
            "detail": { "event_id": UUID, "user_uuid": UUID, "platform": "facebook", "account": "1", "at": "2026-12-01T00:00:00Z" },
        });
        event["detail"].as_object_mut().unwrap().extend(detail.as_object().cloned().unwrap());
        event
    };
    let common = [
        ("/source", json!("messenger-link.messages")),
        ("/detail-type", json!("message")),
        ("/detail-type", Value::Null),
        ("/detail/event_id", json!("1")),
        ("/detail/account", json!("acme.myshopify.com")),
        ("/detail/platform", json!("twitter")),
        ("/detail/at", json!("2026-12-01")),
        ("/detail/token", json!("T")),
    ];
    refuses(&EVENTS, &event("linked", json!({})), &[&common[..], &[("/detail/reason", json!("why"))]].concat());
    refuses(&EVENTS, &event("reconnect_needed", json!({ "reason": "expired" })), &[("/detail/reason", Value::Null)]);
    refuses(&EVENTS, &event("recovered", json!({})), &[("/detail/reason", json!("why"))]);
    let ending = event("expiring_soon", json!({ "reason": "data_access_expires" }));
    refuses(&EVENTS, &ending, &[("/detail/reason", Value::Null), ("/detail/reason", json!("expired"))]);
    refuses(&EVENTS, &event("disconnected", json!({})), &[("/detail/reason", json!("expired"))]);
    let erased = event("erased", json!({ "platform": "shopify", "account": "acme.myshopify.com" }));
    refuses(&EVENTS, &erased, &[("/detail/platform", json!("facebook")), ("/detail-type", json!("moved"))]);
    let mut from_aws = event("linked", json!({}));
    from_aws["region"] = json!("eu-central-1");
    assert_eq!(held(&EVENTS, &from_aws), Ok(()));
}

#[test]
fn a_message_is_whole_or_says_that_it_is_cut() {
    let message = json!({
        "source": "messenger-link.messages", "detail-type": "message",
        "detail": {
            "event_id": "0".repeat(64), "user_uuid": UUID, "shop": "acme.myshopify.com", "platform": "facebook", "account": "1", "sender": "7",
            "message_id": null, "at": "2026-12-01T00:00:00.123Z", "kind": "text", "text": "Hello", "raw": {},
        },
    });
    refuses(
        &MESSAGE,
        &message,
        &[
            ("/source", json!("messenger-link")),
            ("/detail-type", json!("linked")),
            ("/detail/event_id", json!(UUID)),
            ("/detail/message_id", Value::Null),
            ("/detail/kind", json!("read")),
            ("/detail/kind", json!("failed")),
            ("/detail/raw", Value::Null),
            ("/detail/raw", json!("{}")),
            ("/detail/truncated", json!(true)),
            ("/detail/store_status", json!("active")),
            ("/detail/sender", json!(7)),
            ("/detail/name", json!("Jo")),
        ],
    );
    let foreign = Put { source: "s".to_owned(), detail_type: "x".to_owned(), detail: json!({}), bus: "default".to_owned() };
    assert_eq!(put(&foreign), Ok(()));
    assert!(put(&Put { source: "messenger-link.messages".to_owned(), ..foreign }).is_err());
}
