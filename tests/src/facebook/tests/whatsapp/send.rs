use super::*;

fn text(words: &str) -> Value {
    json!({ "type": "text", "text": { "body": words } })
}

fn interactive(interactive: &Value) -> Value {
    json!({ "type": "interactive", "interactive": interactive })
}

fn buttons(titles: &[&str]) -> Value {
    let button = |title: &&str| json!({ "type": "reply", "reply": { "id": format!("id-{title}"), "title": title } });
    let buttons: Vec<_> = titles.iter().map(button).collect();
    interactive(&json!({ "type": "button", "body": { "text": "Which?" }, "action": { "buttons": buttons } }))
}

fn list(sections: &[(&str, usize)]) -> Value {
    let rows = |name: &str, count: usize| {
        (0..count).map(|row| json!({ "id": format!("{name}{row}"), "title": format!("Row {row}"), "description": "x" })).collect::<Vec<_>>()
    };
    let sections: Vec<_> = sections.iter().map(|(name, count)| json!({ "title": name, "rows": rows(name, *count) })).collect();
    interactive(&json!({ "type": "list", "body": { "text": "Which?" }, "action": { "button": "Choose", "sections": sections } }))
}

#[tokio::test]
async fn an_answer_reaches_who_wrote() {
    let shop = open();
    let token = shop.connected().await;
    let contact = shop.facebook().add_contact_who_wrote(&shop.number);
    let wa_id = contact.wa_id.clone().unwrap();
    let (status, reply) = shop.send(&token, &format!("+{wa_id}"), text("Yes, in blue.")).await;
    assert_eq!((status, &reply["messaging_product"]), (200, &json!("whatsapp")), "{reply}");
    assert_eq!(reply["contacts"], json!([{ "input": format!("+{wa_id}"), "wa_id": wa_id, "user_id": contact.user_id }]));
    let sent = shop.facebook().sent_by_numbers();
    assert_eq!((sent.len(), &*sent[0].text, &sent[0].user_id), (1, "Yes, in blue.", &contact.user_id));
    assert!(sent[0].message_id.starts_with("wamid.") && reply["messages"][0]["id"] == sent[0].message_id);
    let hidden = shop.facebook().add_hidden_contact();
    let change = shop.facebook().number_update(&shop.number, &hidden, &Said::Text("Hi".into()));
    assert!(hidden.wa_id.is_none() && change.value["messages"][0].get("from").is_none());
    let body = json!({ "messaging_product": "whatsapp", "recipient": hidden.user_id, "type": "text", "text": { "body": "Hi" } });
    let proof = appsecret_proof(&token, "whatsapp-secret", None);
    assert_eq!(shop.facebook().send_as_number(&shop.number, &token, &proof, &body).await.0, 200);
    assert_eq!(shop.facebook().sent_by_numbers()[1].user_id, hidden.user_id);
}

#[tokio::test]
async fn what_may_not_be_sent_is_refused_by_number() {
    let shop = open();
    let token = shop.token().await;
    let contact = shop.facebook().add_contact_who_wrote(&shop.number);
    let to = contact.wa_id.clone().unwrap();
    let send = async || shop.send(&token, &to, text("Hello")).await;
    assert!(is_error(&send().await, 400, 133_010, None), "never registered");
    assert_eq!(shop.register(&token, "111111").await.0, 200);
    assert_eq!(send().await.0, 200);
    assert!(is_error(&shop.send(&token, "15550000000", text("Hello")).await, 400, 131_026, None), "who never wrote");
    let silent = shop.facebook().add_contact();
    assert!(is_error(&shop.send(&token, &silent.wa_id.unwrap(), text("Hello")).await, 400, 131_047, None), "nor this one");
    shop.facebook().advance_clock(Duration::from_secs(24 * 3600));
    assert!(is_error(&send().await, 400, 131_047, None), "the window is over");
    let _told = shop.facebook().number_update(&shop.number, &contact, &Said::Text("Still there?".into()));
    assert_eq!(send().await.0, 200);
    shop.facebook().edit_account(&shop.account, |account| account.is_locked = true);
    assert!(is_error(&send().await, 403, 131_031, None));
    shop.facebook().edit_account(&shop.account, |account| account.is_locked = false);
    shop.facebook().block_number(&shop.number, &contact);
    assert!(is_error(&send().await, 400, 131_026, None));
    let path = format!("{}/deregister", shop.number);
    assert_eq!(shop.call(Method::POST, &path, &token, Value::Null).await.0, 200);
    assert!(is_error(&send().await, 500, 131_045, None), "it was registered once");
    assert_eq!(shop.facebook().sent_by_numbers().len(), 2);
}

#[tokio::test]
async fn a_call_needs_the_token_its_proof_and_the_permission() {
    let shop = open();
    let token = shop.connected().await;
    let to = shop.facebook().add_contact_who_wrote(&shop.number).wa_id.unwrap();
    let body = json!({ "messaging_product": "whatsapp", "to": to, "type": "text", "text": { "body": "Hello" } });
    let with = async |token: &str, secret: &str, body: &Value| {
        shop.facebook().send_as_number(&shop.number, token, &appsecret_proof(token, secret, None), body).await
    };
    assert!(is_error(&with(&token, "secret", &body).await, 400, 100, None), "the other app's secret");
    assert!(is_error(&with("nonsense", "whatsapp-secret", &body).await, 400, 190, None));
    assert!(is_error(&with(&token, "whatsapp-secret", &json!({ "to": to })).await, 400, 100, None), "no messaging_product");
    assert!(is_error(&with(&token, "whatsapp-secret", &json!({ "messaging_product": "whatsapp", "type": "text" })).await, 400, 100, None));
    shop.facebook().set_targets(&shop.business, "whatsapp_business_messaging", Targets::These(Vec::new()));
    assert!(is_error(&with(&token, "whatsapp-secret", &body).await, 403, 200, None));
    shop.facebook().remove_app_from_business(&shop.business);
    assert!(is_error(&with(&token, "whatsapp-secret", &body).await, 400, 190, Some(458)));
}

#[tokio::test]
async fn messages_have_their_limits() {
    let shop = open();
    let token = shop.connected().await;
    let to = shop.facebook().add_contact_who_wrote(&shop.number).wa_id.unwrap();
    let long = |length: usize| "x".repeat(length);
    let ten = [("A", 5), ("B", 5)];
    let image = |image: Value| json!({ "type": "image", "image": image });
    let with_header = |header: Value| {
        let mut message = buttons(&["A"]);
        message["interactive"]["header"] = header;
        message
    };
    let fine = [
        text(&long(4096)),
        buttons(&["A", "B", "C"]),
        list(&ten),
        image(json!({ "link": "https://cdn.example/mug.jpg", "caption": "A mug" })),
        with_header(json!({ "type": "image", "image": { "link": "https://cdn.example/mug.jpg" } })),
        with_header(json!({ "type": "text", "text": "Mugs" })),
    ];
    for message in fine {
        let (status, reply) = shop.send(&token, &to, message.clone()).await;
        assert_eq!(status, 200, "{message}: {reply}");
    }
    let wrong = [
        text(&long(4097)),
        text(" "),
        json!({ "type": "text", "text": { "body": "a", "color": "blue" } }),
        buttons(&[]),
        buttons(&["A", "B", "C", "D"]),
        buttons(&["A", "A"]),
        buttons(&[&long(21)]),
        list(&[("A", 6), ("B", 5)]),
        list(&[("", 1), ("B", 1)]),
        list(&[("A", 0)]),
        image(json!({ "caption": "without a picture" })),
        image(json!({ "link": "file:///etc/passwd" })),
        with_header(json!({ "type": "video" })),
        with_header(json!({ "type": "text", "text": long(61) })),
    ];
    for message in wrong {
        let answer = shop.send(&token, &to, message.clone()).await;
        assert!(is_error(&answer, 400, 100, None), "{message}: {}", answer.1);
    }
    assert!(is_error(&shop.send(&token, &to, json!({ "type": "poll" })).await, 400, 131_051, None));
    assert!(is_error(&shop.send(&token, &to, json!({ "type": "template" })).await, 404, 132_001, None));
    assert_eq!(shop.facebook().sent_by_numbers().len(), 6);
}

#[tokio::test]
async fn a_message_is_marked_as_read() {
    let shop = open();
    let token = shop.connected().await;
    let contact = shop.facebook().add_contact();
    let change = shop.facebook().number_update(&shop.number, &contact, &Said::Text("Hi".into()));
    let read = async |id: &str| {
        let body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": id, "typing_indicator": { "type": "text" } });
        shop.call(Method::POST, &format!("{}/messages", shop.number), &token, body).await
    };
    let id = change.value["messages"][0]["id"].as_str().unwrap();
    assert_eq!(read(id).await, (200, json!({ "success": true })));
    assert!(is_error(&read("wamid.unknown").await, 400, 100, None));
    assert!(shop.facebook().sent_by_numbers().is_empty());
}

#[tokio::test]
async fn a_refusal_can_come_later_by_a_status() {
    let shop = open();
    let token = shop.connected().await;
    shop.facebook().set_whatsapp_quirks([WhatsAppQuirk::RefusedLater]);
    let silent = shop.facebook().add_contact();
    let (status, reply) = shop.send(&token, silent.wa_id.as_ref().unwrap(), text("Hello")).await;
    assert_eq!((status, shop.facebook().sent_by_numbers().len()), (200, 0));
    let message_id = reply["messages"][0]["id"].as_str().unwrap().to_owned();
    let failed = Said::Status { message_id: message_id.clone(), status: "failed", error: Some(131_047) };
    let change = shop.facebook().number_update(&shop.number, &silent, &failed);
    assert_eq!(
        (&change.value["statuses"][0]["id"], &change.value["statuses"][0]["errors"][0]["code"]),
        (&json!(message_id), &json!(131_047))
    );
}
