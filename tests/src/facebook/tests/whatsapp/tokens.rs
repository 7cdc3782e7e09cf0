use super::*;

#[tokio::test]
async fn the_dialog_refuses_what_is_not_as_documented() {
    let shop = open();
    let consent = WhatsAppConsent::of(&shop.business);
    let refused = |edit: &dyn Fn(&mut Pairs)| shop.facebook().try_approve_whatsapp(&shop.dialog(edit), &consent).is_err();
    let set = |pairs: &mut Pairs, name: &str, value: &str| {
        pairs.iter_mut().filter(|(known, _)| *known == name).for_each(|(_, old)| value.clone_into(old));
    };
    assert!(!refused(&|_| {}));
    assert!(refused(&|pairs| pairs.retain(|(name, _)| *name != "override_default_response_type")));
    assert!(refused(&|pairs| set(pairs, "override_default_response_type", "1")));
    assert!(refused(&|pairs| set(pairs, "response_type", "token")));
    assert!(refused(&|pairs| set(pairs, "redirect_uri", REDIRECT_URI)));
    assert!(refused(&|pairs| set(pairs, "client_id", APP)));
    assert!(refused(&|pairs| set(pairs, "config_id", "77")), "another configuration is Facebook's");
    assert!(refused(&|pairs| pairs.push(("scope", "whatsapp_business_messaging".to_owned()))));
    let foreign = shop.facebook().add_business(&shop.world.jo, "Other");
    let foreign = shop.facebook().add_account(&foreign, "Other");
    assert!(shop.facebook().try_approve_whatsapp(&shop.dialog(|_| {}), &consent.with_accounts([foreign])).is_err());
    let declined = shop.facebook().decline(&shop.dialog(|_| {}));
    assert!(declined.starts_with(CALLBACK), "{declined}");
    assert_eq!(parameter(&declined, "error_reason").unwrap(), "user_denied");
    assert_eq!(parameter(&declined, "error").unwrap(), "access_denied");
}

#[tokio::test]
async fn a_code_is_short_lived_works_once_and_needs_its_redirect_uri() {
    let shop = open();
    let code = shop.code(&WhatsAppConsent::of(&shop.business));
    assert!(is_error(&shop.token_endpoint(&[("code", &code)]).await, 400, 100, Some(36008)));
    let elsewhere = [("code", &*code), ("redirect_uri", REDIRECT_URI)];
    assert!(is_error(&shop.token_endpoint(&elsewhere).await, 400, 100, Some(36008)));
    let of_pages = shop.world.token(&[("code", &code), ("redirect_uri", CALLBACK)]).await;
    assert!(is_error(&of_pages, 400, 101, None), "the other app's credentials");
    let (_, reply) = shop.exchange(&code).await;
    assert_eq!(reply.as_object().unwrap().len(), 1, "only the token is documented: {reply}");
    assert!(is_error(&shop.exchange(&code).await, 400, 100, Some(36009)));
    let late = shop.code(&WhatsAppConsent::of(&shop.business));
    shop.facebook().advance_clock(Duration::from_secs(31));
    assert!(is_error(&shop.exchange(&late).await, 400, 100, Some(36007)));
    shop.facebook().set_whatsapp_quirks([WhatsAppQuirk::WholeReply]);
    let (_, reply) = shop.exchange(&shop.code(&WhatsAppConsent::of(&shop.business))).await;
    assert_eq!(reply["token_type"], "bearer");
}

#[tokio::test]
async fn a_token_of_sixty_days_is_extended_and_the_old_one_lives_on_to_its_end() {
    let shop = start_apart(|app| app.token_seconds = Some(60 * 86_400));
    let old = shop.token().await;
    let extend = async |token: &str| {
        let fields = [("grant_type", "fb_exchange_token"), ("fb_exchange_token", token), ("set_token_expires_in_60_days", "true")];
        shop.token_endpoint(&fields).await
    };
    assert!(shop.debug(&old).await.1["data"]["expires_at"].as_i64().unwrap() > shop.facebook().now() + 59 * 86_400);
    let without = [("grant_type", "fb_exchange_token"), ("fb_exchange_token", &*old)];
    assert!(is_error(&shop.token_endpoint(&without).await, 400, 100, None));
    shop.facebook().advance_clock(Duration::from_secs(50 * 86_400));
    let (_, reply) = extend(&old).await;
    assert_eq!((&reply["token_type"], &reply["expires_in"]), (&json!("bearer"), &json!(5_183_944)));
    let new = reply["access_token"].as_str().unwrap();
    assert!(new != old && shop.facebook().accepts(&old) && shop.facebook().accepts(new));
    shop.facebook().advance_clock(Duration::from_secs(11 * 86_400));
    assert!(!shop.facebook().accepts(&old) && shop.facebook().accepts(new));
    assert!(is_error(&extend(&old).await, 400, 190, Some(463)), "an expired one can't be exchanged");
    let calls: Vec<_> = shop.facebook().requests_of("whatsapp_extension");
    assert_eq!(calls.len(), 3);
}

#[tokio::test]
async fn an_inspection_names_targets_in_another_order_each_time() {
    let shop = open();
    let more = ["Two", "Three"].map(|name| shop.facebook().add_account(&shop.business, name));
    let token = shop.token_of(&WhatsAppConsent::of(&shop.business)).await;
    let targets = async |scope: &str| {
        let data = shop.debug(&token).await.1["data"].clone();
        let entry = data["granular_scopes"].as_array().unwrap().iter().find(|entry| entry["scope"] == scope).cloned();
        let entry = entry.unwrap_or_default();
        (data["granular_scopes"][0]["scope"].clone(), entry.get("target_ids").cloned())
    };
    let (first, second) = (targets("whatsapp_business_messaging").await, targets("whatsapp_business_messaging").await);
    assert_ne!(first, second);
    let sorted =
        |ids: Option<Value>| ids.unwrap().as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
    let all: BTreeSet<String> = more.iter().cloned().chain([shop.account.clone()]).collect();
    assert!(sorted(first.1) == all && sorted(second.1) == all);
    shop.facebook().set_whatsapp_quirks([WhatsAppQuirk::NumericTargets, WhatsAppQuirk::TypeUser]);
    let numeric = targets("whatsapp_business_management").await.1.unwrap();
    assert!(numeric.as_array().unwrap().iter().all(Value::is_u64), "{numeric}");
    assert_eq!(shop.debug(&token).await.1["data"]["type"], "USER");
    shop.facebook().set_targets(&shop.business, "business_management", Targets::These(vec![shop.business.clone()]));
    assert_eq!(targets("business_management").await.1.unwrap()[0].to_string(), shop.business);
    shop.facebook().set_targets(&shop.business, "whatsapp_business_management", Targets::These(Vec::new()));
    assert_eq!(targets("whatsapp_business_management").await.1, Some(json!([])));
    shop.facebook().set_targets(&shop.business, "whatsapp_business_messaging", Targets::Unnamed);
    assert_eq!(targets("whatsapp_business_messaging").await.1, None);
    shop.facebook().take_back_from_business(&shop.business, "whatsapp_business_messaging");
    let scopes = shop.debug(&token).await.1["data"]["scopes"].clone();
    assert!(!scopes.as_array().unwrap().contains(&json!("whatsapp_business_messaging")));
}

#[tokio::test]
async fn a_later_sign_up_adds_to_what_the_portfolio_granted() {
    let shop = open();
    let second = shop.facebook().add_account(&shop.business, "Second");
    let first = shop.token_of(&WhatsAppConsent::of(&shop.business).with_accounts([&shop.account])).await;
    assert!(is_error(&shop.get(&second, &first).await, 400, 100, Some(33)), "not shared yet");
    let later = shop.token_of(&WhatsAppConsent::of(&shop.business).with_accounts([&second])).await;
    for account in [&shop.account, &second] {
        assert_eq!(shop.get(account, &later).await.0, 200);
    }
    shop.facebook().unshare_account(&shop.business, &shop.account);
    assert_eq!((shop.get(&shop.account, &later).await.0, shop.get(&second, &later).await.0), (400, 200));
}

#[tokio::test]
async fn tokens_of_a_system_user_end() {
    let shop = open();
    let url = format!("{}/v26.0/oauth/revoke", shop.facebook().url());
    let revoke = async |token: &str, secret: &str| {
        let fields = [("client_id", WHATSAPP), ("client_secret", secret), ("revoke_token", token), ("access_token", token)];
        let response = shop.world.client.get(&url).query(&fields).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap())
    };
    let [token, other] = [shop.token().await, shop.token().await];
    assert!(is_error(&revoke(&token, "wrong").await, 400, 1, None));
    assert_eq!(revoke(&token, "whatsapp-secret").await, (200, json!({ "success": "true" })));
    assert!(!shop.facebook().accepts(&token) && shop.facebook().accepts(&other), "one token, not the grant");
    assert!(is_error(&shop.get("me", &token).await, 400, 190, None));
    assert_eq!(shop.debug(&token).await.1["data"]["is_valid"], false);
    assert_eq!(shop.call(Method::DELETE, "me/permissions", &other, Value::Null).await.0, 400);
    shop.facebook().kill_token(&other, Some(460));
    assert!(is_error(&shop.get("me", &other).await, 400, 190, Some(460)));
    let last = shop.token().await;
    shop.facebook().remove_app_from_business(&shop.business);
    assert!(is_error(&shop.get("me", &last).await, 400, 190, Some(458)));
}

#[tokio::test]
async fn tokens_and_apps_are_kept_apart() {
    let shop = open();
    let token = shop.token().await;
    assert!(is_error(&shop.debug_by(&token, &format!("{APP}|secret")).await, 400, 100, None), "the other app's inspection");
    let url = format!("{}/v26.0/me", shop.facebook().url());
    let with = async |query: &[(&str, String)]| shop.world.client.get(&url).bearer_auth(&token).query(query).send().await.unwrap().status();
    assert_eq!(with(&[]).await, 400);
    assert_eq!(with(&[("appsecret_proof", appsecret_proof(&token, "secret", None))]).await, 400, "the other app's secret");
    assert_eq!(with(&[("appsecret_proof", appsecret_proof(&token, "whatsapp-secret", None))]).await, 200);
    let foreign = shop.token_of(&WhatsAppConsent::of(&shop.business).with(Misbehaviour::ForeignToken)).await;
    assert!(is_error(&shop.debug(&foreign).await, 400, 100, None));
    assert_eq!(shop.debug("nonsense").await.1["data"]["is_valid"], false);
}

#[tokio::test]
async fn another_one_goes_on_where_it_ended() {
    let shop = open();
    let token = shop.token().await;
    assert_eq!(shop.register(&token, "123456").await.0, 200);
    let other = open();
    other.facebook().remember(&shop.facebook().memory(), 5);
    assert!(other.facebook().accepts(&token));
    assert_eq!(other.facebook().number(&shop.number).pin.as_deref(), Some("123456"));
}

#[tokio::test]
async fn the_sign_up_can_be_clicked_through() {
    let shop = open();
    let kim = shop.facebook().add_person("Kim Roe");
    let url = shop.dialog(|_| {});
    let html = shop.world.client.get(&url).send().await.unwrap().text().await.unwrap();
    let ids = ["business", "new_account", "new_number", "number_state", "approve", "half_way", "decline", "fail", "foreign_token"];
    for id in ids.map(str::to_owned).into_iter().chain([format!("accounts-{}", shop.account), format!("person-{kim}")]) {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    let decide = async |more: &[(&str, &str)]| {
        let mut form = vec![("person", &*shop.world.jo), ("business", &*shop.business)];
        form.extend(more);
        let response = shop.world.client.post(&url).form(&form).send().await.unwrap();
        let callback = response.headers()["location"].to_str().unwrap().strip_suffix("#_=_").unwrap().to_owned();
        let token = match parameter(&callback, "code") {
            Some(code) => shop.exchange(&code).await.1["access_token"].as_str().unwrap().to_owned(),
            None => String::new(),
        };
        (callback, token)
    };
    let targets = async |token: &str| {
        let data = shop.debug(token).await.1["data"].clone();
        data["granular_scopes"][0]["target_ids"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (_, token) = decide(&[("accounts", &shop.account), ("decision", "approve")]).await;
    assert_eq!(targets(&token).await, [&*shop.account]);
    let number = [("new_account", "Second"), ("new_number", "+49 151 00000001"), ("number_state", "pin")];
    let (_, token) = decide(&[&number[..], &[("decision", "approve")]].concat()).await;
    let made = targets(&token).await.into_iter().find(|id| *id != shop.account).unwrap();
    let numbers = shop.get(&format!("{made}/phone_numbers?fields=display_phone_number,is_pin_enabled"), &token).await.1;
    assert_eq!(numbers["data"][0]["display_phone_number"], "+49 151 00000001");
    assert_eq!(numbers["data"][0]["is_pin_enabled"], true);
    let (_, token) = decide(&[("business", ""), ("decision", "half_way")]).await;
    let half = targets(&token).await;
    assert_eq!(half.len(), 2 + 1, "a new account beside the two");
    let (callback, _) = decide(&[("decision", "decline")]).await;
    assert_eq!(callback, shop.facebook().decline(&url));
    let (callback, _) = decide(&[("decision", "nothing")]).await;
    assert!(parameter(&callback, "code").is_none() && parameter(&callback, "error").is_none());
}
