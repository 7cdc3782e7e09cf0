use super::*;

const SCOPE_WITH_INSTAGRAM: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

fn text(text: &str) -> Happening {
    Happening::Text(text.to_owned())
}

fn read(delivery: &Delivery) -> Value {
    serde_json::from_slice(&delivery.body).unwrap()
}

/// As Meta's documentation spells the first three; the signature is Python's.
#[test]
fn a_body_is_escaped_and_signed_as_it_is_sent() {
    let delivery = Delivery::of(&json!({ "text": "äöå / < % @ 😀 \"\\✓" }), "secret");
    let escaped = r#"{"text":"\u00e4\u00f6\u00e5 \/ \u003C \u0025 \u0040 \ud83d\ude00 \"\\\u2713"}"#;
    assert_eq!(String::from_utf8(delivery.body.clone()).unwrap(), escaped);
    assert_eq!(delivery.signature(), "sha256=fa10587df3dd773fa830f8da1f0ad28b1e97137f174af4e0cfc5efb7edd789d9");
    let request = delivery.request();
    assert_eq!((&*request.method, &*request.target, &request.body), ("POST", "/meta/webhooks", &delivery.body));
    let signed = |request: &crate::gateway::Request| {
        request.headers.iter().find(|(name, _)| name == "x-hub-signature-256").map(|(_, value)| value.clone())
    };
    assert_eq!((signed(&request), signed(&delivery.signed(None))), (Some(delivery.signature()), None));
    let asked = handshake("to&ken", "1158201444");
    assert_eq!(asked.target, "/meta/webhooks?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=to%26ken");
}

#[tokio::test]
async fn a_message_has_the_documented_shape() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme");
    let delivery = world.facebook.webhook_about(&page, &text("Hello"));
    let body = read(&delivery);
    let entry = &body["entry"][0];
    assert_eq!((&body["object"], &entry["id"], body["entry"].as_array().unwrap().len()), (&json!("page"), &json!(page), 1));
    let now = world.facebook.now_millis();
    for time in [&entry["time"], &entry["messaging"][0]["timestamp"]] {
        assert!((now - 5_000..=now).contains(&time.as_i64().unwrap()), "{time} is in milliseconds");
    }
    let element = &entry["messaging"][0];
    assert_eq!((&element["recipient"]["id"], &element["message"]["text"]), (&json!(page), &json!("Hello")));
    assert!(element["sender"]["id"].as_str().unwrap().bytes().all(|byte| byte.is_ascii_digit()));
    assert!(element["message"]["mid"].as_str().unwrap().starts_with("m_"));
    assert_eq!(delivery.secret, "secret");
}

#[tokio::test]
async fn everything_that_happens_is_told_by_its_own_member_and_field() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme");
    let instagram = world.facebook.link_instagram(&page, "acme.store");
    let reaction = |is_taken_back| Happening::Reaction { mid: "m_1".into(), name: "love".into(), emoji: "❤".into(), is_taken_back };
    let told = |account: &str, happening: &Happening| world.facebook.update(account, "24", happening);
    let cases = [
        (text("a"), ["messages", "messages"], "message"),
        (Happening::Postback { title: "t".into(), payload: "p".into() }, ["messaging_postbacks"; 2], "postback"),
        (Happening::QuickReply { text: "t".into(), payload: "p".into() }, ["messages"; 2], "message"),
        (reaction(false), ["message_reactions"; 2], "reaction"),
        (reaction(true), ["message_reactions"; 2], "reaction"),
        (Happening::Link { reference: "r".into() }, ["messaging_referrals", "messaging_referral"], "referral"),
        (Happening::Ad { reference: "r".into(), ad_id: "1".into() }, ["messaging_referrals", "messaging_referral"], "referral"),
        (Happening::Picture("https://a/b".into()), ["messages"; 2], "message"),
        (Happening::Echo { text: "t".into(), app_id: Some(7) }, ["message_echoes", "messages"], "message"),
        (Happening::Read, ["message_reads", "messaging_seen"], "read"),
        (Happening::Standby(Box::new(text("a"))), ["standby"; 2], "message"),
        (Happening::Other("feed", json!({ "odd": 1 })), ["feed"; 2], "odd"),
    ];
    for (happening, fields, member) in cases {
        for (account, object, field) in [(&page, "page", fields[0]), (&instagram, "instagram", fields[1])] {
            let update = told(account, &happening);
            assert_eq!((update.object, update.field, &update.account), (object, field, account), "{happening:?}");
            assert!(!update.element[member].is_null(), "{happening:?}: {}", update.element);
            let from = if matches!(happening, Happening::Echo { .. }) { [&**account, "24"] } else { ["24", account] };
            assert_eq!([&update.element["sender"]["id"], &update.element["recipient"]["id"]], from, "{happening:?}");
        }
    }
    let element = told(&page, &Happening::Echo { text: "t".into(), app_id: None }).element;
    assert!(element["message"]["is_echo"] == true && element["message"]["app_id"].is_u64(), "{element}");
    let taken_back = told(&page, &reaction(true)).element;
    assert_eq!(taken_back["reaction"], json!({ "mid": "m_1", "action": "unreact" }));
}

#[tokio::test]
async fn a_batch_holds_updates_of_several_pages_in_their_order() {
    let world = start();
    let pages = ["One", "Two"].map(|name| world.facebook.add_page(&world.jo, name));
    let of = |page: &String, happening: &Happening| world.facebook.update(page, "24", happening);
    let standby = Happening::Standby(Box::new(text("s")));
    let [one, two] = &pages;
    let few = [of(one, &text("a")), of(one, &text("b")), of(two, &text("c")), of(two, &standby), of(one, &text("d"))];
    let body = read(&world.facebook.webhook(few));
    let entries: Vec<(&Value, usize, usize)> = body["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let count = |list: &str| entry[list].as_array().map_or(0, Vec::len);
            (&entry["id"], count("messaging"), count("standby"))
        })
        .collect();
    let (one_id, two_id) = (json!(one), json!(two));
    assert_eq!(entries, [(&one_id, 2, 0), (&two_id, 1, 0), (&two_id, 0, 1), (&one_id, 1, 0)]);
    assert_eq!(body["entry"][0]["messaging"][1]["message"]["text"], "b");

    let many = |count: usize| (0..count).map(|n| of(&pages[n % 2], &text(&n.to_string()))).collect::<Vec<_>>();
    assert_eq!(read(&world.facebook.webhook(many(MOST_UPDATES)))["entry"].as_array().unwrap().len(), MOST_UPDATES);
    let refused = |updates| std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| world.facebook.webhook(updates))).is_err();
    let instagram = world.facebook.link_instagram(one, "acme.store");
    assert!(refused(many(MOST_UPDATES + 1)) && refused(vec![]));
    assert!(refused(vec![of(one, &text("a")), of(&instagram, &text("b"))]), "a delivery is of one object");
}

#[tokio::test]
async fn only_what_page_and_app_are_subscribed_to_is_delivered() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme");
    let instagram = world.facebook.link_instagram(&page, "acme.store");
    let silent = |account: &str, happening: &Happening| {
        let update = world.facebook.update(account, "24", happening);
        world.facebook.why_silent(&update).unwrap_or_default()
    };
    let (hello, reads) = (text("Hello"), Happening::Read);
    assert!(silent(&page, &hello).contains("pages_messaging"));
    let _ = world.facebook.approve(&world.dialog_url(&[("scope", SCOPE)]), &Consent::of(&world.jo));
    assert!(silent(&page, &hello).contains("not subscribed to the Page"));
    world.facebook.set_subscribed_fields(&page, &["messages"]);
    assert_eq!(silent(&page, &hello), "");
    assert!(silent(&page, &reads).contains("message_reads of the Page"));
    assert!(silent(&instagram, &hello).contains("instagram_manage_messages"));
    let _ = world.facebook.approve(&world.dialog_url(&[("scope", SCOPE_WITH_INSTAGRAM)]), &Consent::of(&world.jo));
    assert_eq!((silent(&instagram, &hello), silent(&instagram, &reads)), (String::new(), String::new()));
    world.facebook.set_app_fields_of("instagram", Some(&["messages"]));
    assert!(silent(&instagram, &reads).contains("messaging_seen of the object instagram"));
    world.facebook.set_app_fields(None);
    assert!(silent(&page, &hello).contains("of the object page") && silent(&instagram, &hello).contains("of the object instagram"));
    let unknown = Update::of("page", "1", "24", &hello, 0);
    assert!(world.facebook.why_silent(&unknown).is_some());
}

#[tokio::test]
async fn the_app_listens_to_each_object_by_its_own_names() {
    let world = start();
    let listed = async || {
        let request = world.client.get(format!("{}/v26.0/{APP}/subscriptions", world.facebook.url())).bearer_auth(format!("{APP}|secret"));
        let data = request.send().await.unwrap().json::<Value>().await.unwrap()["data"].clone();
        let names = |object: &str| {
            let entry = data.as_array().unwrap().iter().find(|entry| entry["object"] == object).cloned()?;
            let fields = entry["fields"].as_array().unwrap().iter();
            Some(fields.map(|field| field["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
        };
        [names("page"), names("instagram")]
    };
    let [page, instagram] = listed().await.map(Option::unwrap);
    assert!(page.contains(&"messaging_referrals".to_owned()) && page.contains(&"message_echoes".to_owned()));
    assert_eq!(instagram, ["messages", "messaging_postbacks", "messaging_seen", "message_reactions", "messaging_referral", "standby"]);
    world.facebook.set_app_fields(Some(&["feed", "messages"]));
    assert_eq!(listed().await.map(Option::unwrap), [vec!["feed", "messages"], vec!["messages"]]);
    world.facebook.set_app_fields_of("instagram", None);
    assert_eq!(listed().await.map(|fields| fields.is_some()), [true, false]);
}
