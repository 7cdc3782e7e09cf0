//! The dialog: what it asks, what it refuses, what it returns.

use super::*;

#[tokio::test]
async fn a_declined_permission_is_asked_again_by_rerequest_only() {
    let world = start();
    let declining = Consent::of(&world.jo).with_permissions(&["pages_show_list", "pages_manage_metadata"]);
    let token = world.long_lived(&declining).await;
    let statuses = async |token: &str| {
        let (_, permissions) = world.get("me/permissions", token).await;
        let entries = permissions["data"].as_array().unwrap().clone();
        let declined = entries.into_iter().filter(|entry| entry["status"] == "declined");
        declined.map(|entry| entry["permission"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
    };
    assert_eq!(statuses(&token).await, BTreeSet::from(["pages_messaging".to_owned()]));
    world.code(&Consent::of(&world.jo));
    assert_eq!(statuses(&token).await.len(), 1, "not asked again");
    let rerequest = world.dialog_url(&[("scope", SCOPE), ("auth_type", "rerequest")]);
    let _callback = world.facebook.approve(&rerequest, &Consent::of(&world.jo));
    assert!(statuses(&token).await.is_empty());
    assert_eq!(world.call(Method::DELETE, "me/permissions", &token, &[]).await.0, 200);
    assert!(!world.facebook.accepts(&token));
}

#[tokio::test]
async fn login_for_business_issues_a_token_without_expiry() {
    let world = start_with(|app| app.config_id = Some("77".to_owned()));
    world.facebook.add_page(&world.jo, "Acme");
    let consent = Consent::of(&world.jo).with_permissions(&["pages_show_list"]);
    let refused = world.facebook.try_approve(&world.dialog_url(&[("scope", SCOPE)]), &consent);
    assert!(refused.is_err());
    let callback = world.facebook.approve(&world.dialog_url(&[("config_id", "77")]), &consent);
    let (_, body) = world.exchange(&parameter(&callback, "code").unwrap()).await;
    assert!(body.get("expires_in").is_none());
    let token = body["access_token"].as_str().unwrap();
    let (_, debug) = world.debug(token).await;
    assert_eq!((&debug["data"]["type"], &debug["data"]["expires_at"]), (&json!("SYSTEM_USER"), &json!(0)));
    assert!(debug["data"]["scopes"].as_array().unwrap().contains(&json!("pages_messaging")), "all or none");
    assert_eq!(world.get("me/accounts", token).await.1["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_dialog_refuses_what_facebook_refuses() {
    let world = start();
    let good = world.dialog_url(&[("scope", SCOPE)]);
    for (from, to) in [
        ("client_id=1", "client_id=2"),
        ("%2Fcallback", "%2Fcallback%3Fx%3D1"),
        ("response_type=code", "response_type=token"),
        ("pages_messaging", "PAGES"),
        ("&scope=", "&config_id=1&scope="),
    ] {
        let bad = good.replace(from, to);
        assert!(world.facebook.try_approve(&bad, &Consent::of(&world.jo)).is_err(), "{from}");
        assert_eq!(world.client.get(&bad).send().await.unwrap().status(), 400);
    }
    assert!(world.facebook.try_approve(&good, &Consent::of("nobody")).is_err());
}

#[tokio::test]
async fn the_dialog_can_be_clicked_through() {
    let world = start();
    let page = world.facebook.add_page(&world.jo, "Acme <b>");
    let kim = world.facebook.add_person("Kim Roe");
    let url = world.dialog_url(&[("scope", SCOPE)]);
    let html = world.client.get(&url).send().await.unwrap().text().await.unwrap();
    let ids = [
        "approve",
        "decline",
        "fail",
        "development",
        "left_out-pages_messaging",
        "usage",
        "webhook",
        "kept",
        "error_call",
        "error",
        "permissions-pages_messaging",
        "foreign_token",
        "switch-on",
    ];
    for id in ids.map(str::to_owned).into_iter().chain([format!("pages-{page}"), format!("person-{kim}")]) {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
    assert!(html.contains("Acme &lt;b&gt;") && !html.contains("<b>"));
    let decide = async |decision: &str| {
        let form = [("person", &*world.jo), ("pages", &*page), ("permissions", "pages_show_list"), ("decision", decision)];
        let response = world.client.post(&url).form(&form).send().await.unwrap();
        assert_eq!(response.status(), 302);
        response.headers()["location"].to_str().unwrap().strip_suffix("#_=_").unwrap().to_owned()
    };
    let (_, token) = world.exchange(&parameter(&decide("approve").await, "code").unwrap()).await;
    let (_, debug) = world.debug(token["access_token"].as_str().unwrap()).await;
    assert_eq!(debug["data"]["scopes"], json!(["pages_show_list", "public_profile"]));
    let declined = decide("decline").await;
    assert_eq!(declined, world.facebook.decline(&url));
    assert_eq!(parameter(&declined, "error").unwrap(), "access_denied");
    assert_eq!(parameter(&declined, "error_code").unwrap(), "200");
    let failed = decide("fail").await;
    assert!(parameter(&failed, "error").is_none() && parameter(&failed, "error_code").unwrap() == "1349048");
    assert_ne!(parameter(&decide("tampered_state").await, "state").unwrap(), "s-1_");
    assert_eq!(decide("repeated_parameter").await.matches("code=").count(), 2);
    assert!(parameter(&decide("code_and_error").await, "error").is_some());
    assert!(parameter(&decide("nothing").await, "code").is_none());
}

#[tokio::test]
async fn situations_can_be_arranged_at_the_dialog() {
    let world = start();
    let pages = ["One", "Two"].map(|name| world.facebook.add_page(&world.jo, name));
    let url = world.dialog_url(&[("scope", SCOPE)]);
    let decide = async |more: &[(&str, &str)]| {
        let mut form = vec![("person", &*world.jo), ("pages", &*pages[0]), ("pages", &*pages[1]), ("decision", "approve")];
        form.extend(SCOPE.split(',').map(|permission| ("permissions", permission)));
        form.extend([("left_out-pages_messaging", ""), ("usage", ""), ("webhook", ""), ("kept", ""), ("error_call", ""), ("error", "")]);
        form.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        form.extend(more);
        let response = world.client.post(&url).form(&form).send().await.unwrap();
        let callback = response.headers()["location"].to_str().unwrap().strip_suffix("#_=_").unwrap().to_owned();
        let (status, token) = world.exchange(&parameter(&callback, "code").unwrap()).await;
        (status, token["access_token"].as_str().unwrap_or_default().to_owned(), token)
    };
    let (_, token, _) = decide(&[("left_out-pages_messaging", &pages[1]), ("webhook", "none")]).await;
    let (_, debug) = world.debug(&token).await;
    let granular = debug["data"]["granular_scopes"].as_array().unwrap();
    assert!(granular.contains(&json!({"scope": "pages_messaging", "target_ids": [pages[0]]})));
    assert!(granular.contains(&json!({"scope": "pages_show_list", "target_ids": pages})));
    let webhooks = async || {
        let request = world.client.get(format!("{}/v26.0/{APP}/subscriptions", world.facebook.url())).bearer_auth(format!("{APP}|secret"));
        request.send().await.unwrap().json::<Value>().await.unwrap()["data"].as_array().unwrap().len()
    };
    assert_eq!(webhooks().await, 1, "the one of another object");
    let (status, _, error) = decide(&[("error_call", "code_exchange"), ("error", "190/460"), ("kept", "no")]).await;
    assert!(is_error(&(status, error), 400, 190, Some(460)));
    assert_eq!(webhooks().await, 3, "each form arranges everything anew");
    let (_, token, _) = decide(&[("kept", "no")]).await;
    let token = world.extend(&token).await.1["access_token"].as_str().unwrap().to_owned();
    let (_, accounts) = world.get("me/accounts", &token).await;
    let page_token = accounts["data"][0]["access_token"].as_str().unwrap();
    let path = format!("{}/subscribed_apps", pages[0]);
    let subscribed = world.call(Method::POST, &path, page_token, &[("subscribed_fields", "messages")]).await;
    assert_eq!((subscribed.1, world.facebook.subscribed_fields(&pages[0]).len()), (json!({"success": true}), 0));
}

#[tokio::test]
async fn instagram_accounts_are_chosen_where_a_permission_is_about_them() {
    let world = start();
    let pages = ["One", "Two", "Three"].map(|name| world.facebook.add_page(&world.jo, name));
    let accounts = [0, 1].map(|index: usize| world.facebook.link_instagram(&pages[index], &format!("acme.{index}")));
    let boxes = async |url: &str| {
        let html = world.client.get(url).send().await.unwrap().text().await.unwrap();
        (accounts.iter().filter(|id| html.contains(&format!("id=\"instagram-{id}\""))).count(), html)
    };
    assert_eq!(boxes(&world.dialog_url(&[("scope", SCOPE)])).await.0, 0, "nothing is asked about them");
    let scope = format!("{SCOPE},instagram_basic,instagram_manage_messages");
    let url = world.dialog_url(&[("scope", &scope)]);
    let (count, html) = boxes(&url).await;
    assert!(count == 2 && html.contains("acme.0 (of One)"), "{html}");
    let targets = async |ticked: &[&str], offered: bool| {
        let mut form = vec![("person", &*world.jo), ("decision", "approve")];
        form.extend(pages.iter().map(|page| ("pages", &**page)));
        form.extend(scope.split(',').map(|permission| ("permissions", permission)));
        form.extend(ticked.iter().map(|id| ("instagram", *id)));
        form.extend(offered.then_some(("instagram_offered", "1")));
        let response = world.client.post(&url).form(&form).send().await.unwrap();
        let callback = response.headers()["location"].to_str().unwrap().strip_suffix("#_=_").unwrap().to_owned();
        let token = world.exchange(&parameter(&callback, "code").unwrap()).await.1["access_token"].as_str().unwrap().to_owned();
        let granular = world.debug(&token).await.1["data"]["granular_scopes"].clone();
        let of = |scope: &str| granular.as_array().unwrap().iter().find(|entry| entry["scope"] == scope).unwrap()["target_ids"].clone();
        (of("instagram_manage_messages"), of("pages_messaging").as_array().unwrap().len())
    };
    assert_eq!(targets(&[&accounts[1]], true).await, (json!([accounts[1]]), 3));
    assert_eq!(targets(&[], true).await, (json!([]), 3));
    assert_eq!(targets(&[], false).await, (json!(accounts), 3), "a form that does not know them changes nothing");
}
