//! Instagram through the Page: it follows its Page in everything, is found by its own id, and costs nobody their Pages.

use e2e::browser::{Accept, Browser};
use e2e::facebook::{ALL_TASKS, Consent};
use e2e::faults::{Fault, Times};
use e2e::gateway::Request;
use e2e::world::World;
use serde_json::{Value, json};

use crate::support::{assert_error, dump, give_tasks, ids, linked_pages, linked_shop, person_with_page};

const PAGES: [&str; 3] = ["pages_messaging", "pages_show_list", "pages_manage_metadata"];
const SCOPES: &str = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";

struct Linked {
    world: World,
    browser: Browser,
    uuid: String,
    person: String,
    page: String,
    instagram: String,
}

/// A store, a person with a Page that has an Instagram account, and a session in which nothing is linked yet.
async fn begun() -> Linked {
    let world = World::builder().setting("FACEBOOK_SCOPES", SCOPES).start().await;
    let (person, page) = person_with_page(&world.facebook);
    let instagram = world.facebook.link_instagram(&page, "acme.mugs");
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    Linked { world, browser, uuid, person, page, instagram }
}

async fn linked() -> Linked {
    let linked = begun().await;
    let page = linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person)).await;
    assert_eq!(page.json()["pages"]["data"][0]["instagram"], json!({ "id": linked.instagram, "username": "acme.mugs" }), "{}", page.text());
    linked
}

impl Linked {
    /// What the bot is told under an id.
    async fn told(&self, name: &str, id: &str) -> Value {
        self.world.invoke("connection-tokens", json!({ name: id })).await
    }

    async fn by_instagram(&self, id: &str) -> Value {
        self.told("instagram_id", id).await
    }

    /// Its Page is linked and works, and Instagram is not.
    async fn is_without_instagram(&self) {
        let told = self.told("page_id", &self.page).await;
        let page = &told["pages"][0];
        assert_eq!((&page["status"], &page["instagram"]), (&json!("active"), &Value::Null), "{told}");
        assert!(page["access_token"].is_string());
        assert_eq!(self.by_instagram(&self.instagram).await["error"]["code"], "not_found");
        assert!(!names(&self.world, &self.instagram));
    }

    async fn disconnects(&self, platform: &str, account: &str) {
        linked_shop(&self.world, &self.browser, "acme").await;
        let token = self.browser.get("/connections").await.json()["csrf_token"].as_str().unwrap().to_owned();
        let form = format!("platform={platform}&account={account}&csrf_token={token}");
        let form = Request::get("/connections/disconnect").with_method("POST").with_body("application/x-www-form-urlencoded", form);
        assert_eq!(self.browser.send(form).await.status(), 303);
    }

    async fn keeper_comes_by(&self) -> Value {
        self.world.make_due(&self.uuid, &format!("person#{}", self.person)).await;
        self.world.invoke("token-keeper", json!({})).await
    }
}

/// Whether anything that is stored names it.
fn names(world: &World, id: &str) -> bool {
    dump(world).iter().any(|((_, pk, sk), item)| pk.contains(id) || sk.contains(id) || json!(item).to_string().contains(id))
}

#[tokio::test]
async fn it_is_found_by_its_own_id_and_told_with_its_page() {
    let linked = linked().await;
    let told = linked.by_instagram(&linked.instagram).await;
    let page = &told["pages"][0];
    assert_eq!((&told["pages"].as_array().unwrap().len(), &page["page_id"]), (&1, &json!(linked.page)), "{told}");
    assert_eq!(page["instagram"], json!({ "id": linked.instagram, "username": "acme.mugs" }));
    assert_eq!(told["shops"][0]["shop"], "acme.myshopify.com");
    assert_eq!(told, linked.told("page_id", &linked.page).await, "the same, whichever id the bot has");
    assert_eq!(linked.by_instagram("17841400009999999").await["error"]["code"], "not_found");
    // The merchant sees it beneath its Page.
    linked_shop(&linked.world, &linked.browser, "acme").await;
    assert_eq!(linked.browser.get("/connections").await.json()["pages"][0]["instagram"]["username"], "acme.mugs");
    let list = linked.browser.copied().accepting(Accept::Html).get("/connections").await.text();
    assert!(list.contains("<p class=\"sub\">Instagram: <bdi>acme.mugs</bdi></p>"), "{list}");
}

#[tokio::test]
async fn who_has_none_or_unticks_it_loses_nothing() {
    for permissions in [&PAGES[..], &["pages_messaging", "pages_show_list", "pages_manage_metadata", "instagram_basic"]] {
        let linked = begun().await;
        let consent = Consent::of(&linked.person).with_permissions(permissions);
        let page = linked_pages(&linked.world, &linked.browser, &consent).await;
        assert_eq!(ids(&page), [linked.page.as_str()], "{}", page.text());
        assert_eq!(page.json()["warnings"], json!([]));
        linked.is_without_instagram().await;
    }
    let without = begun().await;
    without.world.facebook.edit_page(&without.page, |page| page.instagram = None);
    linked_pages(&without.world, &without.browser, &Consent::of(&without.person)).await;
    without.is_without_instagram().await;
}

#[tokio::test]
async fn it_is_not_linked_where_it_was_left_out_of_a_permission() {
    for permission in ["instagram_basic", "instagram_manage_messages"] {
        let linked = begun().await;
        let consent = Consent::of(&linked.person).with_pages([&linked.page]).leaving_out(permission, &linked.page);
        linked_pages(&linked.world, &linked.browser, &consent).await;
        linked.is_without_instagram().await;
    }
}

#[tokio::test]
async fn nobody_is_asked_for_it_unless_it_is_configured() {
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let instagram = world.facebook.link_instagram(&page, "acme.mugs");
    let browser = world.browser();
    linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    assert!(world.facebook.requests().iter().all(|request| !request.path_and_query.contains("instagram")));
    assert!(!names(&world, &instagram));
    let told = world.invoke("connection-tokens", json!({ "page_id": page })).await;
    assert_eq!(told["pages"][0]["instagram"], Value::Null);
}

#[tokio::test]
async fn it_moves_with_its_page() {
    let linked = linked().await;
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    let moved = linked.world.move_pages(&browser, [&linked.page], &Consent::of(&linked.person)).await;
    assert_eq!(moved.json()["pages"]["data"][0]["moved"], true, "{}", moved.text());
    let told = linked.by_instagram(&linked.instagram).await;
    assert_eq!((&told["user_uuid"], &told["shops"][0]["shop"]), (&json!(other), &json!("other.myshopify.com")), "{told}");
    let items = dump(&linked.world);
    let former = &items[&("connections".to_owned(), format!("uuid#{}", linked.uuid), format!("page#{}", linked.page))];
    assert!(!json!(former).to_string().contains("acme.mugs"), "the former holder forgets it");
}

#[tokio::test]
async fn it_is_forgotten_where_its_page_moves_without_it() {
    for replaced in [false, true] {
        let linked = linked().await;
        let consent = Consent::of(&linked.person);
        let consent = if replaced { consent } else { consent.with_permissions(&PAGES) };
        if replaced {
            linked.world.facebook.link_instagram(&linked.page, "acme.cups");
        }
        let browser = linked.world.browser();
        linked_shop(&linked.world, &browser, "other").await;
        let moved = linked.world.move_pages(&browser, [&linked.page], &consent).await;
        assert_eq!(moved.json()["pages"]["data"][0]["moved"], true, "{}", moved.text());
        assert_eq!(linked.by_instagram(&linked.instagram).await["error"]["code"], "not_found");
        assert!(!names(&linked.world, &linked.instagram), "{replaced}");
    }
}

#[tokio::test]
async fn where_it_hangs_on_another_page_later_that_one_answers() {
    let linked = linked().await;
    let (second, account) = (linked.world.facebook.add_page(&linked.person, "Second"), linked.instagram.clone());
    linked.world.facebook.edit_page(&linked.page, |page| page.instagram = None);
    linked.world.facebook.edit_page(&second, |page| page.instagram = Some((account, "acme.mugs".to_owned())));
    let browser = linked.world.browser();
    let other = linked_shop(&linked.world, &browser, "other").await;
    linked_pages(&linked.world, &browser, &Consent::of(&linked.person)).await;
    let told = linked.by_instagram(&linked.instagram).await;
    assert_eq!((&told["user_uuid"], &told["pages"][0]["page_id"]), (&json!(other), &json!(second)), "{told}");
}

#[tokio::test]
async fn a_page_that_keeps_its_grant_is_shown_with_what_is_kept() {
    let linked = begun().await;
    let facebook = &linked.world.facebook;
    linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person).with_permissions(&PAGES)).await;
    let kim = facebook.add_person("Kim Roe");
    give_tasks(facebook, &linked.page, &kim, &["MODERATE"]);
    linked_shop(&linked.world, &linked.browser, "acme").await;
    let page = linked_pages(&linked.world, &linked.browser, &Consent::of(&kim)).await;
    assert_eq!(page.json()["warnings"][0]["code"], "kept_existing", "{}", page.text());
    assert_eq!(page.json()["pages"]["data"][0]["instagram"], Value::Null);
    linked.is_without_instagram().await;
    // The other way round.
    give_tasks(facebook, &linked.page, &kim, ALL_TASKS);
    linked_shop(&linked.world, &linked.browser, "acme").await;
    linked_pages(&linked.world, &linked.browser, &Consent::of(&kim)).await;
    give_tasks(facebook, &linked.page, &linked.person, &["MODERATE"]);
    linked_shop(&linked.world, &linked.browser, "acme").await;
    let page = linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person).with_permissions(&PAGES)).await;
    assert_eq!(page.json()["warnings"][0]["code"], "kept_existing", "{}", page.text());
    assert_eq!(page.json()["pages"]["data"][0]["instagram"]["username"], "acme.mugs");
    assert_eq!(linked.by_instagram(&linked.instagram).await["pages"][0]["page_id"], json!(linked.page));
}

#[tokio::test]
async fn another_takes_its_place() {
    let linked = linked().await;
    let second = linked.world.facebook.link_instagram(&linked.page, "acme.cups");
    linked_shop(&linked.world, &linked.browser, "acme").await;
    linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person)).await;
    assert_eq!(linked.by_instagram(&second).await["pages"][0]["instagram"]["username"], "acme.cups");
    assert_eq!(linked.by_instagram(&linked.instagram).await["error"]["code"], "not_found");
    assert!(!names(&linked.world, &linked.instagram));
}

#[tokio::test]
async fn it_goes_with_its_page_and_with_its_store() {
    let one = linked().await;
    one.disconnects("facebook", &one.page).await;
    assert_eq!(one.by_instagram(&one.instagram).await["error"]["code"], "not_found");
    assert!(!names(&one.world, &one.instagram));
    let other = linked().await;
    assert_eq!(other.world.invoke("token-keeper", json!({ "erase": "acme.myshopify.com" })).await, json!({ "erased": "whole" }));
    assert!(!names(&other.world, &other.instagram) && !names(&other.world, "acme.mugs"));
}

#[tokio::test]
async fn it_goes_when_who_granted_it_wants_to_be_forgotten() {
    let linked = linked().await;
    let told = linked.world.invoke("token-keeper", json!({ "forget": linked.person })).await;
    assert_eq!((&told["forgotten"], &told["records"]), (&json!("whole"), &json!(2)), "{told}");
    assert!(!names(&linked.world, &linked.instagram) && !names(&linked.world, "acme.mugs"));
}

#[tokio::test]
async fn where_its_permission_ends_later_its_page_goes_on_without_it() {
    let linked = linked().await;
    assert_eq!(linked.keeper_comes_by().await["checked"], json!(2));
    assert!(names(&linked.world, &linked.instagram), "it may still be answered for");
    linked.world.facebook.take_back(&linked.person, "instagram_manage_messages");
    let run = linked.keeper_comes_by().await;
    assert_eq!((&run["checked"], &run["reconnect_needed"], &run["failed"]), (&json!(2), &json!(0), &json!(0)), "{run}");
    linked.is_without_instagram().await;
}

#[tokio::test]
async fn a_permission_that_is_granted_for_no_instagram_account_counts_once_it_is_said_again_a_day_later() {
    let linked = linked().await;
    let (uuid, page) = (format!("uuid#{}", linked.uuid), format!("page#{}", linked.page));
    let noted = || dump(&linked.world)[&("connections".to_owned(), uuid.clone(), page.clone())].contains_key("companion_withheld_since");
    let for_none = || Fault::edit(|answer| answer["data"]["granular_scopes"] = json!([{"scope": "instagram_basic", "target_ids": []}]));
    for _ in 0..2 {
        linked.world.facebook.switch_on("debug_token", for_none(), Times::UntilCleared);
        for _ in 0..2 {
            assert_eq!(linked.keeper_comes_by().await["checked"], json!(2));
            assert!(noted() && names(&linked.world, &linked.instagram));
        }
        linked.world.facebook.clear_faults();
        linked.keeper_comes_by().await;
        assert!(!noted(), "it is said no more");
    }
    linked.world.facebook.switch_on("debug_token", for_none(), Times::UntilCleared);
    linked.keeper_comes_by().await;
    linked.world.set_number(&uuid, &page, "companion_withheld_since", 1).await;
    assert_eq!(linked.keeper_comes_by().await["checked"], json!(2));
    linked.is_without_instagram().await;
    assert!(!noted());
}

#[tokio::test]
async fn many_pages_are_linked_with_theirs() {
    let linked = begun().await;
    let more: Vec<String> = (0..70).map(|n| linked.world.facebook.add_page(&linked.person, &format!("Page {n}"))).collect();
    let accounts: Vec<String> = more.iter().map(|page| linked.world.facebook.link_instagram(page, "one of many")).collect();
    let page = linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person)).await;
    assert_eq!(ids(&page).len(), 71);
    for account in [&accounts[0], &accounts[35], &accounts[69]] {
        assert_eq!(linked.by_instagram(account).await["pages"][0]["instagram"]["id"], json!(account));
    }
    // Each of them with another, in the same batches.
    linked_shop(&linked.world, &linked.browser, "acme").await;
    for page in &more {
        linked.world.facebook.link_instagram(page, "another");
    }
    linked_pages(&linked.world, &linked.browser, &Consent::of(&linked.person)).await;
    assert!(accounts.iter().all(|account| !names(&linked.world, account)));
}

#[tokio::test]
async fn what_is_no_id_of_it_is_refused() {
    let linked = begun().await;
    assert_eq!(linked.by_instagram("acme.mugs").await["error"]["code"], "invalid_request");
    let page = linked.browser.get("/facebook/callback").await;
    assert_error(&page, 400, "missing_parameter");
}
