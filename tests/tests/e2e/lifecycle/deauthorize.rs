//! A person, or a Page, removed the app: the tokens of that grant go, the Pages stay in their store's list.

use e2e::facebook::Consent;
use serde_json::json;

use crate::lifecycle::{DEAUTHORIZE, Linked, json_of, keys};
use crate::support::{dump, item, linked_pages, linked_shop, page_of, person_with_page};

#[tokio::test]
async fn the_tokens_of_a_grant_go_and_the_pages_stay_in_the_list() {
    let linked = Linked::with_pages(3).await;
    let reply = linked.send(DEAUTHORIZE, &linked.leave()).await;
    assert_eq!((reply.status, json_of(&reply)), (200, json!({ "status": "ok" })));
    for page in &linked.pages {
        let found = page_of(&linked.world, &linked.uuid, page).unwrap();
        assert_eq!((found.text("status"), found.text("reason")), (Some("reconnect_needed"), Some("app_removed")));
        assert!(!linked.has_token(page) && found.text("dead_since").is_some() && !found.attributes.contains_key("messaging_ready"));
        assert!(item(&linked.world, &format!("page#{page}"), "owner").is_some(), "it is still held");
    }
    assert!(!linked.grant_is_there());
    let told: Vec<_> = linked.pages.iter().map(|page| (page.clone(), "app_removed".to_owned())).collect();
    assert_eq!(linked.disconnected(), told);
    assert_eq!(keys(&linked.world, "job#").len(), 0, "the permission to unsubscribe is gone with the grant");
    let asked = linked.world.invoke("connection-tokens", json!({ "page_id": linked.pages[0] })).await;
    let page = &asked["pages"][0];
    assert_eq!(
        (&page["status"], &page["access_token"], &page["reason"]),
        (&json!("reconnect_needed"), &json!(null), &json!("app_removed"))
    );
    assert_eq!(asked["shops"][0]["status"], "active", "the store is none of that person's business");
}

#[tokio::test]
async fn only_what_rests_on_that_grant_goes() {
    let linked = Linked::with_pages(1).await;
    let (kim, kims) = person_with_page(&linked.world.facebook);
    linked_shop(&linked.world, &linked.browser, "acme").await;
    linked_pages(&linked.world, &linked.browser, &Consent::of(&kim)).await;
    assert_eq!(linked.send(DEAUTHORIZE, &linked.leave()).await.status, 200);
    assert!(!linked.has_token(&linked.pages[0]) && linked.has_token(&kims));
    assert!(item(&linked.world, &format!("uuid#{}", linked.uuid), &format!("person#{kim}")).is_some());
}

#[tokio::test]
async fn a_grant_is_found_under_every_identity() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    let second = linked.world.facebook.add_page(&linked.person, "Second");
    linked_pages(&linked.world, &browser, &Consent::of(&linked.person).with_pages([&second])).await;
    assert_eq!(linked.send(DEAUTHORIZE, &linked.leave()).await.status, 200);
    assert!(!linked.has_token(&linked.pages[0]));
    assert!(!page_of(&linked.world, &other, &second).unwrap().attributes.contains_key("access_token"));
}

#[tokio::test]
async fn a_page_that_removes_the_app_loses_its_own_token_alone() {
    let linked = Linked::with_pages(2).await;
    let leave = linked.world.facebook.signed_leave_of_page(&linked.pages[0]);
    assert_eq!(linked.send(DEAUTHORIZE, &leave).await.status, 200);
    assert!(!linked.has_token(&linked.pages[0]) && linked.has_token(&linked.pages[1]) && linked.grant_is_there());
    assert_eq!(linked.disconnected(), [(linked.pages[0].clone(), "app_removed".to_owned())]);
}

#[tokio::test]
async fn nobody_and_strangers_take_nothing_with_them() {
    let linked = Linked::with_pages(1).await;
    let facebook = &linked.world.facebook;
    let of = |user_id: serde_json::Value| {
        facebook.signed(&json!({ "algorithm": "HMAC-SHA256", "issued_at": facebook.now(), "user_id": user_id }))
    };
    let before = dump(&linked.world);
    for leave in [of(json!("0")), of(json!(0)), facebook.signed_leave("99999999999999"), facebook.signed_leave_of_page("99999999999999")] {
        assert_eq!(linked.send(DEAUTHORIZE, &leave).await.status, 200);
    }
    let mut after = dump(&linked.world);
    after.retain(|(_, pk, _), _| !pk.starts_with("deletion#") && !pk.starts_with("audit#"));
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_new_consent_heals_what_a_removal_took() {
    let linked = Linked::with_pages(2).await;
    assert_eq!(linked.send(DEAUTHORIZE, &linked.leave()).await.status, 200);
    linked.links().await;
    linked.assert_linked();
}
