//! Whether several apps share a Page's conversations: asked at the link, noted, told, and never in the way.

use std::time::{Duration, Instant};

use e2e::browser::Accept;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{case, linked_pages, linked_shop, page_of, page_token, person_with_page, warnings};

const META: &str = "https://www.facebook.com/settings?tab=msgr_conversation_routing";

/// What is noted of a Page.
fn noted(world: &World, uuid: &str, page: &str) -> Option<bool> {
    page_of(world, uuid, page).unwrap().attributes.get("thread_routing").and_then(|shared| shared["BOOL"].as_bool())
}

#[tokio::test]
async fn a_page_is_asked_about_with_its_own_token_and_what_it_says_is_noted_and_told() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    for (shared, told) in [(Some(true), json!(true)), (Some(false), json!(false))] {
        world.facebook.set_thread_routing(&page, shared);
        world.facebook.clear_requests();
        let browser = world.browser();
        let uuid = linked_shop(&world, &browser, "acme").await;
        let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
        let entry = &reply.json()["pages"]["data"][0];
        assert_eq!((&entry["thread_routing"], &entry["messaging_ready"], warnings(&reply)), (&told, &json!(true), vec![]));
        assert_eq!(noted(&world, &uuid, &page), shared);
        let asked = world.facebook.requests_of("thread_routing");
        assert_eq!(asked.len(), 1);
        assert_eq!((asked[0].path(), asked[0].field("fields").as_deref()), (&*format!("/v26.0/{page}"), Some("messaging_feature_status")));
        let token = page_token(&world, &uuid, &page);
        assert_eq!(asked[0].header("authorization"), Some(format!("Bearer {token}").as_str()));
        assert!(asked[0].field("appsecret_proof").is_some() && !asked[0].path_and_query.contains(&token));
    }
}

#[tokio::test]
async fn a_question_that_fails_costs_nothing_and_leaves_it_unknown_or_as_it_was() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let mut uuid = String::new();
    let mut faults = Fault::matrix();
    faults.retain(|(_, fault)| !matches!(fault, Fault::ConnectionRefused | Fault::Hang));
    faults.push(("an error", Fault::json(400, &json!({"error": {"message": "x", "code": 100, "fbtrace_id": "A"}}))));
    faults.push(("a dead token", Fault::json(400, &json!({"error": {"message": "x", "code": 190, "fbtrace_id": "A"}}))));
    // Unknown until it was told once; from then on as it was told.
    for known in [None, Some(true)] {
        for (name, fault) in faults.clone() {
            case((name, known));
            world.facebook.switch_on("thread_routing", fault, Times::UntilCleared);
            let browser = world.browser();
            uuid = linked_shop(&world, &browser, "acme").await;
            let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
            world.facebook.clear_faults();
            let entry = &reply.json()["pages"]["data"][0];
            assert_eq!((&entry["messaging_ready"], &entry["thread_routing"], warnings(&reply)), (&json!(true), &Value::Null, vec![]));
            assert_eq!(noted(&world, &uuid, &page), known);
        }
        world.facebook.set_thread_routing(&page, Some(true));
        let browser = world.browser();
        linked_shop(&world, &browser, "acme").await;
        linked_pages(&world, &browser, &Consent::of(&person)).await;
    }
    assert_eq!(noted(&world, &uuid, &page), Some(true));
    // Facebook answers, and says nothing of it.
    world.facebook.set_thread_routing(&page, None);
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert_eq!(noted(&world, &uuid, &page), Some(true));
}

#[tokio::test]
async fn silence_delays_the_merchant_by_seconds_at_most() {
    let world = World::start().await;
    let person = world.facebook.add_person("Jo Doe");
    for number in 0..40 {
        world.facebook.add_page(&person, &format!("Page {number}"));
    }
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    world.facebook.switch_on("thread_routing", Fault::Hang, Times::UntilCleared);
    let started = Instant::now();
    let reply = linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    let pages = reply.json()["pages"]["data"].as_array().unwrap().clone();
    assert!(pages.len() == 40 && pages.iter().all(|page| page["messaging_ready"] == true), "{pages:?}");
}

#[tokio::test]
async fn a_page_whose_conversations_are_shared_says_so_and_where_that_is_set() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let texts = [("en", "Several apps share this Page", "From now on"), ("de", "Mehrere Apps teilen sich", "Ab jetzt")];
    for shared in [Some(true), Some(false), None] {
        for (language, sentence, promise) in texts {
            world.facebook.set_thread_routing(&page, shared);
            // The person's Page without what is known of it so far.
            let shop = format!("{language}-{}", shared.map_or("unknown", |shared| if shared { "shared" } else { "alone" }));
            let browser = world.browser().accepting(Accept::Html);
            assert_eq!(world.link_shop(&browser, &shop).await.status(), 200);
            let dialog = browser.get(&world.move_login(&browser, [&page]).await).await;
            let callback = world.facebook.approve(dialog.location(), &Consent::of(&person));
            let done = browser.send(e2e::gateway::Request::get(path_of(&callback)).with_header("accept-language", language)).await;
            let text = done.text().replace("&#38;", "&");
            case((shared, language));
            let (told, links) = (text.matches(sentence).count(), text.matches(&format!("href=\"{META}\"")).count());
            assert_eq!((told, links), if shared == Some(true) { (1, 1) } else { (0, 0) }, "{text}");
            assert!(!text.contains(promise), "{text}");

            assert_eq!(world.link_shop(&browser, &shop).await.status(), 200);
            let list = e2e::gateway::Request::get("/connections").with_header("accept-language", language);
            let text = browser.send(list).await.text().replace("&#38;", "&");
            let (told, links) = (text.matches(sentence).count(), text.matches(&format!("href=\"{META}\"")).count());
            assert_eq!((told, links), if shared == Some(true) { (1, 1) } else { (0, 0) }, "{text}");
        }
    }
}

/// An address of the service without its origin.
fn path_of(url: &str) -> String {
    let (_, path) = url.split_once("/facebook/callback").expect("a callback");
    format!("/facebook/callback{path}")
}
