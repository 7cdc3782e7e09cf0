use super::*;

#[tokio::test]
async fn an_account_tells_its_owner_in_one_of_two_fields() {
    let shop = open();
    let fields = "?fields=id,owner_business_info,on_behalf_of_business_info,account_review_status,timezone_id,currency";
    let path = format!("{}{fields}", shop.account);
    let token = shop.token().await;
    let (_, account) = shop.get(&path, &token).await;
    assert_eq!(account["owner_business_info"], json!({ "id": shop.business, "name": "Acme Inc." }));
    assert_eq!((account.get("on_behalf_of_business_info"), &account["account_review_status"]), (None, &json!("APPROVED")));
    shop.facebook().edit_account(&shop.account, |account| account.is_on_behalf = true);
    let (_, account) = shop.get(&path, &token).await;
    assert_eq!((account.get("owner_business_info"), &account["on_behalf_of_business_info"]["id"]), (None, &json!(shop.business)));
    assert!(is_error(&shop.get(&format!("{}?fields=color", shop.account), &token).await, 400, 100, None));
    assert!(is_error(&shop.get(&format!("{}?fields=color", shop.number), &token).await, 400, 100, None));
    let nested = shop.get(&format!("{}?fields=owner_business_info{{id,name}},name", shop.account), &token).await.1;
    assert_eq!(nested["name"], "Acme", "{nested}");
}

#[tokio::test]
async fn a_shared_account_is_used_and_not_owned() {
    let shop = open();
    let lender = shop.facebook().add_business(&shop.world.jo, "Lender");
    let lent = shop.facebook().add_account(&lender, "Lent");
    shop.facebook().edit_account(&lent, |account| {
        account.shared_with.insert(shop.business.clone());
    });
    let token = shop.token().await;
    let (_, account) = shop.get(&format!("{lent}?fields=owner_business_info"), &token).await;
    let (_, me) = shop.get("me?fields=client_business_id", &token).await;
    assert_eq!((&account["owner_business_info"]["id"], &me["client_business_id"]), (&json!(lender), &json!(shop.business)));
}

#[tokio::test]
async fn accounts_can_answer_with_errors_of_their_own() {
    let shop = open();
    let token = shop.token().await;
    for (error, status, code, subcode) in [(10, 400, 10, None), (33, 400, 33, None), (100, 400, 100, Some(33)), (200, 403, 200, None)] {
        shop.facebook().edit_account(&shop.account, |account| account.error = Some(error));
        for path in [shop.account.clone(), format!("{}/phone_numbers", shop.account), shop.number.clone()] {
            assert!(is_error(&shop.get(&path, &token).await, status, code, subcode), "{path} {error}");
        }
    }
    shop.facebook().remove_account(&shop.account);
    assert!(is_error(&shop.get(&shop.account, &token).await, 400, 100, Some(33)));
}

#[tokio::test]
async fn numbers_come_in_pages_with_what_is_asked_for() {
    let shop = open();
    for last in 2..=5 {
        shop.facebook().add_number(&shop.account, &format!("+1 631-555-010{last}"));
    }
    let token = shop.token().await;
    let mut after = String::new();
    let mut ids = Vec::new();
    loop {
        let path = format!("{}/phone_numbers?fields=id&limit=2&after={after}", shop.account);
        let (_, page) = shop.get(&path, &token).await;
        ids.extend(page["data"].as_array().unwrap().iter().map(|number| number["id"].as_str().unwrap().to_owned()));
        let Some(next) = page["paging"].get("next") else { break };
        assert!(next.as_str().unwrap().contains(&token), "as Facebook's does");
        page["paging"]["cursors"]["after"].as_str().unwrap().clone_into(&mut after);
    }
    assert_eq!((ids.len(), ids.iter().collect::<BTreeSet<_>>().len()), (5, 5));
    assert!(is_error(&shop.get(&format!("{}/phone_numbers?after=nonsense", shop.account), &token).await, 400, 2642, None));
    shop.facebook().edit_number(&shop.number, |number| {
        number.is_on_biz_app = true;
        "NOT_VERIFIED".clone_into(&mut number.code_verification_status);
        "BANNED".clone_into(&mut number.status);
        number.last_onboarded_at = Some(1_787_425_553);
    });
    let fields = "status,code_verification_status,is_on_biz_app,last_onboarded_time,throughput,quality_rating,webhook_configuration,\
                  name_status,account_mode,verified_name,whatsapp_business_manager_messaging_limit";
    let (_, number) = shop.get(&format!("{}?fields={fields}", shop.number), &token).await;
    assert_eq!((&number["status"], &number["code_verification_status"]), (&json!("BANNED"), &json!("NOT_VERIFIED")));
    assert_eq!((&number["is_on_biz_app"], &number["last_onboarded_time"]), (&json!(true), &json!("2026-08-22T19:05:53+0000")));
    assert_eq!(number.as_object().unwrap().len(), 1 + 11, "{number}");
}

#[tokio::test]
async fn an_account_is_subscribed_listed_and_unsubscribed() {
    let shop = open();
    let token = shop.token().await;
    let path = format!("{}/subscribed_apps", shop.account);
    let ids = async || {
        let (_, list) = shop.get(&path, &token).await;
        let entries = list["data"].as_array().unwrap().clone();
        entries.iter().map(|entry| entry["whatsapp_business_api_data"]["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let subscribe = async |body: Value| shop.call(Method::POST, &path, &token, body).await;
    assert_eq!(ids().await, ["999999999999999"], "another app's");
    let elsewhere = json!({ "override_callback_uri": "https://bot.example/wa", "verify_token": "v" });
    assert!(is_error(&subscribe(elsewhere.clone()).await, 400, 100, None), "before it is subscribed");
    assert_eq!(subscribe(Value::Null).await, (200, json!({ "success": true })));
    assert_eq!(ids().await, ["999999999999999", WHATSAPP]);
    assert_eq!(subscribe(elsewhere).await.0, 200);
    assert_eq!(shop.get(&path, &token).await.1["data"][1]["override_callback_uri"], "https://bot.example/wa");
    assert_eq!(subscribe(Value::Null).await.0, 200);
    assert!(shop.get(&path, &token).await.1["data"][1].get("override_callback_uri").is_none());
    assert_eq!(shop.call(Method::DELETE, &path, &token, Value::Null).await, (200, json!({ "success": true })));
    assert!(!shop.facebook().is_subscribed(&shop.account));
    shop.facebook().set_whatsapp_quirks([WhatsAppQuirk::SubscriptionNotKept(shop.account.clone())]);
    assert_eq!((subscribe(Value::Null).await.0, ids().await.len()), (200, 1));
    shop.facebook().set_whatsapp_quirks([]);
    assert_eq!((subscribe(Value::Null).await.0, ids().await.len()), (200, 2));
    shop.facebook().lose_subscription(&shop.account);
    assert_eq!(ids().await.len(), 1);
    let of_events = Targets::These(vec![shop.account.clone()]);
    shop.facebook().set_targets(&shop.business, "whatsapp_business_management", Targets::These(Vec::new()));
    assert!(is_error(&subscribe(Value::Null).await, 403, 200, None));
    shop.facebook().set_targets(&shop.business, "whatsapp_business_manage_events", of_events);
    assert_eq!(subscribe(Value::Null).await.0, 200);
}

#[tokio::test]
async fn each_app_lists_what_it_listens_to() {
    let shop = open();
    let objects = async |app: &str, secret: &str| {
        let url = format!("{}/v26.0/{app}/subscriptions", shop.facebook().url());
        let list: Value = shop.world.client.get(url).bearer_auth(format!("{app}|{secret}")).send().await.unwrap().json().await.unwrap();
        list["data"].as_array().unwrap().iter().map(|entry| entry["object"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(objects(APP, "secret").await, ["instagram", "page", "user"]);
    assert_eq!(objects(WHATSAPP, "whatsapp-secret").await, ["whatsapp_business_account"]);
    shop.facebook().set_app_fields_of("whatsapp_business_account", None);
    assert!(objects(WHATSAPP, "whatsapp-secret").await.is_empty());
}
