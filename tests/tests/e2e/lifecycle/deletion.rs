//! A person wants to be forgotten: everything that was kept because of them goes.

use e2e::facebook::Consent;
use e2e::search::Secrets;
use e2e::world::{HTTP, World};
use serde_json::json;

use crate::lifecycle::{DELETION, Linked, json_of, keys, send};
use crate::support::{holder, item, linked_pages, linked_shop, page_of, person_with_page};

#[tokio::test]
async fn everything_that_was_kept_because_of_a_person_goes() {
    let linked = Linked::with_pages(3).await;
    linked.everything_is_marked().await;
    let mut gone = Secrets::default();
    gone.add("the person's id", &linked.person);
    gone.add_all("a Page's name", (0..3).map(|n| format!("Page {n} of Jo")));
    gone.add_all("a token", linked.world.facebook.issued_secrets());
    let reply = linked.send(DELETION, &linked.leave()).await;
    let told = json_of(&reply);
    let code = told["confirmation_code"].as_str().unwrap();
    assert_eq!((reply.status, &told["url"]), (200, &json!(format!("{HTTP}{DELETION}/{code}"))));
    for page in &linked.pages {
        assert!(page_of(&linked.world, &linked.uuid, page).is_none() && holder(&linked.world, page).is_none());
    }
    assert!(!linked.grant_is_there());
    let events: Vec<_> = linked.pages.iter().map(|page| (page.clone(), "data_deletion".to_owned())).collect();
    assert_eq!(linked.disconnected(), events);
    for stored in linked.world.database.dump() {
        gone.assert_not_stored(&stored);
    }
    gone.assert_not_in("the reply", &reply.body);
    gone.assert_not_in("the log", linked.world.function("facebook-lifecycle").logs());
    // The store stays, and with it the merchant's own link.
    let store = item(&linked.world, &format!("uuid#{}", linked.uuid), "store").unwrap();
    assert_eq!((store.text("status"), store.text("generation")), (Some("active"), Some("2")));
    // The keeper unsubscribes the Pages, looks once more, and forgets whom it was about.
    assert_eq!(keys(&linked.world, "job#").len(), 3);
    linked.keeper_runs().await;
    for page in &linked.pages {
        assert_eq!(linked.world.facebook.subscribed_fields(page), Vec::<String>::new());
    }
    assert_eq!(keys(&linked.world, "job#").len(), 0);
    let request = item(&linked.world, &format!("deletion#{code}"), "status").unwrap();
    assert!(!request.attributes.contains_key("sealed") && request.text("due_at").is_none() && request.text("ttl").is_some());
}

/// They name the Pages that the person wanted forgotten, and have been delivered by then.
#[tokio::test]
async fn what_was_told_of_a_deletion_goes_once_it_is_settled() {
    for count in [2, 70] {
        let linked = Linked::with_pages(count).await;
        let (kim, kims) = person_with_page(&linked.world.facebook);
        linked_shop(&linked.world, &linked.browser, "acme").await;
        linked_pages(&linked.world, &linked.browser, &Consent::of(&kim)).await;
        linked.send(DELETION, &linked.leave()).await;
        for _ in 0..2 {
            // The first run may still have to finish it.
            linked.keeper_runs().await;
        }
        assert_eq!(linked.disconnected(), []);
        let mut pages = Secrets::default();
        pages.add_all("a Page", &linked.pages);
        for stored in linked.world.database.dump() {
            pages.assert_not_stored(&stored);
        }
        assert!(linked.world.events().iter().any(|event| event.account == kims), "what is told of others stays");
        assert!(linked.world.database.scan("connections").iter().all(|item| !item.text("sk").unwrap().starts_with("told#")));
    }
}

#[tokio::test]
async fn the_audit_says_what_when_and_how_much_and_never_of_whom() {
    let linked = Linked::with_pages(2).await;
    linked.send(DELETION, &linked.leave()).await;
    linked.keeper_runs().await;
    let audits = keys(&linked.world, "audit#");
    let [audit] = &audits[..] else { panic!("one record: {audits:?}") };
    let audit = item(&linked.world, audit, "audit").unwrap();
    assert_eq!((audit.text("what"), audit.text("records")), (Some("facebook/data-deletion"), Some("3")));
    let names: Vec<&str> = audit.attributes.keys().map(String::as_str).collect();
    assert_eq!(names, ["at", "pk", "records", "request", "sk", "ttl", "what"]);
}

#[tokio::test]
async fn other_peoples_grants_stay() {
    let linked = Linked::with_pages(1).await;
    let (kim, kims) = person_with_page(&linked.world.facebook);
    linked_shop(&linked.world, &linked.browser, "acme").await;
    linked_pages(&linked.world, &linked.browser, &Consent::of(&kim)).await;
    linked.send(DELETION, &linked.leave()).await;
    assert!(linked.has_token(&kims) && !linked.has_token(&linked.pages[0]));
    assert_eq!(holder(&linked.world, &kims).as_deref(), Some(linked.uuid.as_str()));
}

#[tokio::test]
async fn the_note_of_a_page_that_moved_away_goes_and_its_new_holder_stays() {
    let linked = Linked::with_pages(1).await;
    let page = &linked.pages[0];
    let kim = linked.world.facebook.add_person("Kim Roe");
    crate::support::give_tasks(&linked.world.facebook, page, &kim, &["MANAGE", "MODERATE", "MESSAGING"]);
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    assert_eq!(linked.world.move_pages(&browser, [page], &Consent::of(&kim).with_pages([page])).await.status(), 200);
    assert_eq!(linked.status_of(page).as_deref(), Some("moved"));
    linked.send(DELETION, &linked.leave()).await;
    assert_eq!(linked.status_of(page), None);
    assert_eq!(holder(&linked.world, page), Some(other.clone()));
    assert!(page_of(&linked.world, &other, page).unwrap().attributes.contains_key("access_token"));
    assert_eq!(keys(&linked.world, "job#").len(), 0, "nobody unsubscribes a Page that another holds");
}

#[tokio::test]
async fn a_page_that_is_held_again_is_not_unsubscribed() {
    let linked = Linked::with_pages(1).await;
    linked.send(DELETION, &linked.leave()).await;
    linked.links().await;
    linked.keeper_runs().await;
    assert!(!linked.world.facebook.subscribed_fields(&linked.pages[0]).is_empty());
    assert_eq!(keys(&linked.world, "job#").len(), 0);
    linked.assert_linked();
}

#[tokio::test]
async fn more_pages_than_one_transaction_takes_are_deleted_within_the_answer_or_by_the_keeper() {
    let linked = Linked::with_pages(70).await;
    let started = std::time::Instant::now();
    assert_eq!(linked.send(DELETION, &linked.leave()).await.status, 200);
    assert!(started.elapsed().as_millis() < 2000, "{:?}", started.elapsed());
    linked.keeper_runs().await;
    assert!(linked.pages.iter().all(|page| linked.status_of(page).is_none() && holder(&linked.world, page).is_none()));
    let deletion = keys(&linked.world, "deletion#");
    assert_eq!(item(&linked.world, &deletion[0], "status").unwrap().text("records"), Some("71"));
}

#[tokio::test]
async fn a_flow_in_flight_does_not_outlive_a_deletion() {
    let linked = Linked::with_pages(2).await;
    linked_shop(&linked.world, &linked.browser, "acme").await;
    let callback = linked.world.approve_pages(&linked.browser, &Consent::of(&linked.person)).await;
    linked.send(DELETION, &linked.leave()).await;
    let late = linked.browser.get(&callback).await;
    assert_eq!((late.status(), late.code().as_deref()), (400, Some("invalid_session")), "{}", late.text());
    assert!(linked.pages.iter().all(|page| holder(&linked.world, page).is_none()) && !linked.grant_is_there());
}

#[tokio::test]
async fn somebody_unknown_gets_a_code_as_well() {
    let world = World::start().await;
    let leave = world.facebook.signed_leave("12345678901234567");
    let reply = send(&world, DELETION, &leave).await;
    assert_eq!((reply.status, json_of(&reply)["confirmation_code"].as_str().map(str::len)), (200, Some(32)));
}

#[tokio::test]
async fn who_removed_the_app_before_is_found_by_the_pages_that_stayed() {
    let linked = Linked::with_pages(2).await;
    let (removed, wish) = (linked.world.facebook.now() - 20, linked.world.facebook.now() - 10);
    linked.age(60).await;
    linked.send(super::DEAUTHORIZE, &linked.world.facebook.signed_leave_at(&linked.person, removed)).await;
    linked.keeper_runs().await;
    assert!(!linked.grant_is_there());
    linked.send(DELETION, &linked.world.facebook.signed_leave_at(&linked.person, wish)).await;
    for page in &linked.pages {
        assert!(page_of(&linked.world, &linked.uuid, page).is_none() && holder(&linked.world, page).is_none());
    }
}
