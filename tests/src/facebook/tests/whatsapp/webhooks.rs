use super::*;

fn read(delivery: &Delivery) -> Value {
    serde_json::from_slice(&delivery.body).unwrap()
}

fn text(words: &str) -> Said {
    Said::Text(words.to_owned())
}

#[tokio::test]
async fn a_message_has_the_documented_shape_and_the_apps_own_signature() {
    let shop = open();
    let contact = shop.facebook().add_contact();
    let delivery = shop.facebook().whatsapp_webhook([shop.facebook().number_update(&shop.number, &contact, &text("Hello"))]);
    assert_eq!(delivery.secret, "whatsapp-secret");
    let body = read(&delivery);
    let entry = &body["entry"][0];
    assert_eq!((&body["object"], &entry["id"]), (&json!("whatsapp_business_account"), &json!(shop.account)));
    let change = &entry["changes"][0];
    let value = &change["value"];
    assert_eq!((&change["field"], &value["messaging_product"]), (&json!("messages"), &json!("whatsapp")));
    assert_eq!(value["metadata"], json!({ "display_phone_number": "16315550101", "phone_number_id": shop.number }));
    assert_eq!(value["contacts"], json!([{ "profile": { "name": "Sam Poe" }, "wa_id": contact.wa_id, "user_id": contact.user_id }]));
    let message = &value["messages"][0];
    assert_eq!((&message["from"], &message["from_user_id"]), (&json!(contact.wa_id), &json!(contact.user_id)));
    assert_eq!((&message["type"], &message["text"]["body"]), (&json!("text"), &json!("Hello")));
    let at: i64 = message["timestamp"].as_str().unwrap().parse().unwrap();
    assert!((shop.facebook().now() - 5..=shop.facebook().now()).contains(&at), "seconds, as a text");
}

#[tokio::test]
async fn everything_that_is_said_is_told_by_its_own_type() {
    let shop = open();
    let contact = shop.facebook().add_contact();
    let told = |said: &Said| shop.facebook().number_update(&shop.number, &contact, said).value;
    let title = || "Blue".to_owned();
    let cases = [
        (text("a"), "text", "/text/body"),
        (Said::ButtonReply { id: "1".into(), title: title() }, "interactive", "/interactive/button_reply/id"),
        (Said::ListReply { id: "1".into(), title: title(), description: None }, "interactive", "/interactive/list_reply/title"),
        (Said::TemplateButton { text: title(), payload: "p".into() }, "button", "/button/payload"),
        (Said::Image { media_id: "1".into(), caption: Some("c".into()) }, "image", "/image/caption"),
        (Said::Ad { text: "a".into(), source_id: "1".into() }, "text", "/referral/source_id"),
        (Said::Reaction { message_id: "wamid.1".into(), emoji: Some("❤".into()) }, "reaction", "/reaction/emoji"),
        (Said::Other(json!({ "type": "location", "location": { "latitude": 1 } })), "location", "/location/latitude"),
    ];
    let mut ids = BTreeSet::new();
    for (said, kind, place) in cases {
        let message = told(&said)["messages"][0].clone();
        assert_eq!(message["type"], kind, "{said:?}");
        assert!(message.pointer(place).is_some_and(|member| !member.is_null()), "{said:?}: {message}");
        ids.insert(message["id"].as_str().unwrap().to_owned());
    }
    assert_eq!(ids.len(), 8);
    for (status, error) in [("sent", None), ("delivered", None), ("read", None), ("failed", Some(131_026))] {
        let value = told(&Said::Status { message_id: "wamid.1".into(), status, error });
        assert!(value.get("messages").is_none() && value.get("contacts").is_none());
        let entry = &value["statuses"][0];
        assert_eq!((&entry["status"], &entry["id"], &entry["recipient_id"]), (&json!(status), &json!("wamid.1"), &json!(contact.wa_id)));
        assert_eq!(entry.get("errors").is_some(), error.is_some());
    }
}

#[tokio::test]
async fn what_becomes_of_an_account_is_told_and_happens() {
    let shop = open();
    let told = |event: &AccountEvent| read(&shop.facebook().account_event(&shop.account, event))["entry"][0].clone();
    let status = || shop.facebook().number(&shop.number).status;
    shop.connected().await;
    let entry = told(&AccountEvent::Restricted { kind: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: Some(1_641_330_498) });
    let restriction = json!([{ "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": 1_641_330_498 }]);
    assert_eq!((&entry["id"], entry["time"].is_i64()), (&json!(shop.account), true));
    assert_eq!(entry["changes"][0]["field"], "account_update");
    assert_eq!(entry["changes"][0]["value"], json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": restriction }));
    assert_eq!(status(), "RESTRICTED");
    for (state, expected) in [("DISABLE", "BANNED"), ("REINSTATE", "CONNECTED"), ("SCHEDULE_FOR_DISABLE", "CONNECTED")] {
        let entry = told(&AccountEvent::Ban { state, date: "April 17, 2025" });
        assert_eq!((&entry["changes"][0]["value"]["ban_info"]["waba_ban_state"], &*status()), (&json!(state), expected));
    }
    for (event, name, expected) in [
        (AccountEvent::Offboarded, "ACCOUNT_OFFBOARDED", "DISCONNECTED"),
        (AccountEvent::Reconnected, "ACCOUNT_RECONNECTED", "CONNECTED"),
        (AccountEvent::Violation { kind: "ADULT" }, "ACCOUNT_VIOLATION", "CONNECTED"),
        (AccountEvent::Added, "PARTNER_ADDED", "CONNECTED"),
        (AccountEvent::AppInstalled, "PARTNER_APP_INSTALLED", "CONNECTED"),
        (AccountEvent::OtherAppUninstalled { app_id: "869361281603019" }, "PARTNER_APP_UNINSTALLED", "CONNECTED"),
        (AccountEvent::Other(json!({ "event": "NEWS" })), "NEWS", "CONNECTED"),
    ] {
        let value = told(&event)["changes"][0]["value"].clone();
        assert_eq!((&value["event"], &*status()), (&json!(name), expected));
    }
}

#[tokio::test]
async fn an_end_is_told_to_the_apps_own_business_and_ends_the_token() {
    for (event, name) in [
        (AccountEvent::Removed, "PARTNER_REMOVED"),
        (AccountEvent::AppUninstalled, "PARTNER_APP_UNINSTALLED"),
        (AccountEvent::Disconnected { reason: "PRIMARY_INACTIVITY", initiated_by: "SYSTEM" }, "PARTNER_REMOVED"),
        (AccountEvent::Deleted, "ACCOUNT_DELETED"),
    ] {
        let shop = open();
        let token = shop.connected().await;
        let stale = read(&shop.facebook().whatsapp_webhook([shop.facebook().account_update(&shop.account, &event)]));
        assert!(shop.facebook().accepts(&token), "a word alone ends nothing");
        let entry = read(&shop.facebook().account_event(&shop.account, &event))["entry"][0].clone();
        let value = entry["changes"][0]["value"].clone();
        assert_eq!((&value["event"], &stale["entry"][0]["changes"][0]["value"]), (&json!(name), &value));
        if name != "ACCOUNT_DELETED" {
            assert_eq!(entry["id"], "2949482758682047");
            assert_eq!(value["waba_info"]["waba_id"], shop.account);
            assert_eq!(value["waba_info"]["owner_business_id"], shop.business);
        }
        assert_eq!(value["waba_info"].get("partner_app_id").is_some(), name == "PARTNER_APP_UNINSTALLED");
        assert_eq!(value.get("disconnection_info").is_some(), matches!(event, AccountEvent::Disconnected { .. }));
        assert!(!shop.facebook().accepts(&token) && !shop.facebook().is_subscribed(&shop.account), "{name}");
    }
}

#[tokio::test]
async fn an_end_of_one_account_leaves_the_others_of_the_token() {
    let shop = open();
    let second = shop.facebook().add_account(&shop.business, "Second");
    let token = shop.token().await;
    let _delivery = shop.facebook().account_event(&shop.account, &AccountEvent::Removed);
    assert!(is_error(&shop.get(&shop.account, &token).await, 400, 100, Some(33)));
    assert_eq!(shop.get(&second, &token).await.0, 200);
}

#[tokio::test]
async fn a_delivery_holds_up_to_a_thousand_updates_in_any_order_twice_or_late() {
    let shop = open();
    let facebook = shop.facebook();
    let contact = facebook.add_contact();
    let late = facebook.number_update_at(&shop.number, &contact, &text("late"), facebook.now() - 6 * 86_400);
    let first = facebook.number_update(&shop.number, &contact, &text("first"));
    let event = facebook.account_update(&shop.account, &AccountEvent::Offboarded);
    let body = read(&facebook.whatsapp_webhook([first.clone(), late, first.clone(), event, first.clone()]));
    let entries = body["entry"].as_array().unwrap();
    let counts: Vec<usize> = entries.iter().map(|entry| entry["changes"].as_array().unwrap().len()).collect();
    assert_eq!(counts, [3, 1, 1]);
    let id = |entry: usize, change: usize| body["entry"][entry]["changes"][change]["value"]["messages"][0]["id"].clone();
    assert!(id(0, 0) == id(0, 2) && id(0, 0) == id(2, 0) && id(0, 0) != id(0, 1));
    let many = vec![first; MOST_UPDATES];
    assert_eq!(read(&facebook.whatsapp_webhook(many))["entry"][0]["changes"].as_array().unwrap().len(), 1000);
}

#[tokio::test]
async fn only_what_account_and_app_are_subscribed_to_is_delivered() {
    let shop = open();
    let why = || shop.facebook().why_whatsapp_is_silent(&shop.account, "messages").unwrap_or_default();
    assert!(why().contains("whatsapp_business_messaging"), "{}", why());
    let token = shop.token().await;
    assert!(why().contains("not subscribed to its account"));
    let path = format!("{}/subscribed_apps", shop.account);
    assert_eq!(shop.call(Method::POST, &path, &token, Value::Null).await.0, 200);
    assert_eq!(why(), "");
    let elsewhere = json!({ "override_callback_uri": "https://bot.example/wa" });
    assert_eq!(shop.call(Method::POST, &path, &token, elsewhere).await.0, 200);
    assert!(why().contains("https://bot.example/wa"));
    assert_eq!(shop.call(Method::POST, &path, &token, Value::Null).await.0, 200);
    shop.facebook().set_app_fields_of("whatsapp_business_account", Some(&["messages"]));
    assert!(shop.facebook().why_whatsapp_is_silent(&shop.account, "account_update").unwrap().contains("account_update"));
}

#[tokio::test]
async fn samples_are_signed_named_once_and_of_the_number() {
    let shop = open();
    let samples = shop.facebook().whatsapp_samples(&shop.number);
    let names: BTreeSet<&str> = samples.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names.len(), samples.len());
    for (name, meaning, delivery) in &samples {
        let body = read(delivery);
        assert_eq!((&body["object"], &*delivery.secret), (&json!("whatsapp_business_account"), "whatsapp-secret"), "{name}");
        if [Meaning::Message, Meaning::Failure].contains(meaning) {
            assert!(body.to_string().contains(&shop.number), "{name}");
        }
        if *meaning == Meaning::End {
            assert!(body.to_string().contains(&shop.account), "{name}");
        }
    }
    for meaning in [Meaning::Message, Meaning::Failure, Meaning::End, Meaning::State, Meaning::Nothing] {
        assert!(samples.iter().any(|(_, own, _)| *own == meaning), "{meaning:?}");
    }
}
