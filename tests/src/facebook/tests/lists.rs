//! Pages: lists, single ones, subscriptions.

use super::*;

const FIELDS: &str = "id,name,access_token,tasks,category";

/// Every answer of `me/accounts`, following the cursors at most ten times.
async fn answers(world: &World, token: &str, limit: &str) -> Vec<Value> {
    let (mut answers, mut after) = (Vec::new(), String::new());
    while answers.len() < 10 {
        let query = [("fields", FIELDS), ("limit", limit), ("after", &after)];
        let (status, answer) = world.call(Method::GET, "me/accounts", token, &query).await;
        assert_eq!(status, 200, "{answer}");
        let has_next = answer["paging"]["next"].is_string();
        after = answer["paging"]["cursors"]["after"].as_str().unwrap_or_default().to_owned();
        answers.push(answer);
        if !has_next {
            break;
        }
    }
    answers
}

fn ids(answers: &[Value]) -> Vec<String> {
    let pages = answers.iter().flat_map(|answer| answer["data"].as_array().unwrap());
    pages.map(|page| page["id"].as_str().unwrap().to_owned()).collect()
}

async fn with_pages(count: usize) -> (World, Vec<String>, String) {
    let world = start();
    let pages = (0..count).map(|number| world.facebook.add_page(&world.jo, &format!("Page {number}"))).collect();
    let token = world.long_lived(&Consent::of(&world.jo)).await;
    (world, pages, token)
}

#[tokio::test]
async fn a_long_list_comes_in_pages_of_at_most_a_hundred() {
    let (world, pages, token) = with_pages(230).await;
    let all = answers(&world, &token, "1000").await;
    assert_eq!(all.len(), 3);
    assert_eq!(ids(&all), pages);
    assert!(all[0]["paging"]["next"].as_str().unwrap().contains(&token), "it carries the token, as Facebook's does");
    assert_eq!(world.get("me/accounts", &token).await.1["data"].as_array().unwrap().len(), 25);
    let bad = world.call(Method::GET, "me/accounts", &token, &[("after", "nonsense")]).await;
    assert!(is_error(&bad, 400, 2642, None));
}

#[tokio::test]
async fn a_list_that_ends_exactly_at_a_page_has_no_next() {
    let (world, pages, token) = with_pages(4).await;
    let all = answers(&world, &token, "2").await;
    assert_eq!((all.len(), ids(&all)), (2, pages));
}

#[tokio::test]
async fn lists_can_be_odd() {
    let (world, pages, token) = with_pages(5).await;
    world.facebook.set_largest_page(2);
    world.facebook.set_quirks([Quirk::RepeatedCursor]);
    let all = answers(&world, &token, "100").await;
    assert_eq!(all.len(), 10, "it never ends");
    assert_eq!(all[1]["paging"]["cursors"]["after"], all[2]["paging"]["cursors"]["after"]);
    world.facebook.set_quirks([Quirk::EmptyMiddlePage]);
    let all = answers(&world, &token, "100").await;
    assert_eq!(all.iter().map(|answer| answer["data"].as_array().unwrap().len()).collect::<Vec<_>>(), [2, 0, 2, 1]);
    assert_eq!(ids(&all), pages);
    world.facebook.set_quirks([Quirk::DuplicateIds, Quirk::PageWithoutToken(pages[0].clone())]);
    let all = answers(&world, &token, "100").await;
    assert_eq!(ids(&all).len(), 7);
    assert!(all[0]["data"][0].get("access_token").is_none() && all[0]["data"][1]["access_token"].is_string());
}

#[tokio::test]
async fn pages_of_a_business_portfolio_are_left_out_but_can_be_had() {
    let (world, pages, token) = with_pages(2).await;
    world.facebook.edit_page(&pages[1], |page| page.business_owned = true);
    assert_eq!(ids(&answers(&world, &token, "100").await), pages[..1]);
    let (_, debug) = world.debug(&token).await;
    let granular = debug["data"]["granular_scopes"].as_array().unwrap();
    assert!(granular.contains(&json!({"scope": "pages_messaging", "target_ids": pages})));
    let (_, page) = world.call(Method::GET, &pages[1], &token, &[("fields", FIELDS)]).await;
    assert!(page["id"] == pages[1] && page["access_token"].is_string());
    assert!(is_error(&world.get("1", &token).await, 400, 803, None));
    let bad = world.call(Method::GET, &pages[0], &token, &[("fields", "nonsense")]).await;
    assert!(is_error(&bad, 400, 100, None));
}

#[tokio::test]
async fn without_choice_of_pages_the_grant_names_none() {
    let (world, pages, _) = with_pages(1).await;
    let mut consent = Consent::of(&world.jo);
    consent.pages = Some(Pages::AllAndFuture);
    let token = world.long_lived(&consent).await;
    let (_, debug) = world.debug(&token).await;
    assert!(debug["data"]["granular_scopes"].as_array().unwrap().contains(&json!({"scope": "pages_show_list"})));
    let later = world.facebook.add_page(&world.jo, "Later");
    assert_eq!(ids(&answers(&world, &token, "100").await), [pages[0].clone(), later]);
}

#[tokio::test]
async fn a_page_without_a_sufficient_task_has_no_token() {
    let (world, pages, token) = with_pages(1).await;
    world.facebook.edit_page(&pages[0], |page| {
        page.tasks.insert(world.jo.clone(), vec!["ANALYZE".to_owned()]);
    });
    let all = answers(&world, &token, "100").await;
    assert!(all[0]["data"][0].get("access_token").is_none());
    assert_eq!(all[0]["data"][0]["tasks"], json!(["ANALYZE"]));
}

#[tokio::test]
async fn only_chosen_pages_are_listed() {
    let (world, pages, _) = with_pages(3).await;
    let token = world.long_lived(&Consent::of(&world.jo).with_pages([&pages[1]])).await;
    assert_eq!(ids(&answers(&world, &token, "100").await), pages[1..2]);
    assert!(is_error(&world.get(&pages[0], &token).await, 403, 200, None));
}

#[tokio::test]
async fn a_page_is_subscribed_with_its_own_token() {
    let (world, pages, token) = with_pages(2).await;
    let all = answers(&world, &token, "100").await;
    let page_token = all[0]["data"][0]["access_token"].as_str().unwrap();
    let path = format!("{}/subscribed_apps", pages[0]);
    let fields = [("subscribed_fields", "messages,messaging_postbacks")];
    assert!(is_error(&world.call(Method::POST, &path, &token, &fields).await, 400, 210, None));
    assert!(is_error(&world.call(Method::POST, &path, page_token, &[]).await, 400, 100, None));
    assert_eq!(world.call(Method::POST, &path, page_token, &fields).await.1, json!({"success": true}));
    let (_, apps) = world.get(&path, page_token).await;
    assert_eq!(apps["data"][1]["subscribed_fields"], json!(["messages", "messaging_postbacks"]));
    assert!(apps["data"][1]["id"] == APP && apps["data"][0]["id"] != APP, "another app's stand there as well");
    assert_eq!(world.facebook.subscribed_fields(&pages[0]).len(), 2);
    let other = format!("{}/subscribed_apps", pages[1]);
    assert!(is_error(&world.call(Method::POST, &other, page_token, &fields).await, 403, 200, None));
    assert_eq!(world.call(Method::DELETE, &path, page_token, &[]).await.0, 200);
    assert!(world.facebook.subscribed_fields(&pages[0]).is_empty());
    let consent = Consent::of(&world.jo).with_permissions(&["pages_messaging", "pages_show_list"]);
    let _code = world.code(&consent);
    assert!(is_error(&world.get(&path, page_token).await, 403, 200, None));
}

#[tokio::test]
async fn usage_is_told_in_headers() {
    let (world, pages, token) = with_pages(1).await;
    world.facebook.set_usage(95);
    let proof = appsecret_proof(&token, "secret", None);
    let header = async |path: &str, name: &str| {
        let request = world.client.get(format!("{}/v26.0/{path}", world.facebook.url())).bearer_auth(&token);
        let response = request.query(&[("appsecret_proof", &proof)]).send().await.unwrap();
        serde_json::from_str::<Value>(response.headers()[name].to_str().unwrap()).unwrap()
    };
    assert_eq!(header("me/accounts", "x-app-usage").await["call_count"], 95);
    let business = header(&pages[0], "x-business-use-case-usage").await;
    assert_eq!(business[&pages[0]][0]["type"], "pages");
}

#[tokio::test]
async fn a_populated_facebook_has_every_sort_of_page() {
    let world = start();
    let jo = world.facebook.populate();
    let token = world.long_lived(&Consent::of(&jo)).await;
    let all = answers(&world, &token, "100").await;
    let tokens = all[0]["data"].as_array().unwrap().iter().filter(|page| page["access_token"].is_string()).count();
    assert_eq!((ids(&all).len(), tokens), (3, 2));
}
