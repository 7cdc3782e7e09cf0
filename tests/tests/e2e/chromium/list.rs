//! The list of what is connected: what is on it, what disconnecting does and says, and how it is undone.

use e2e::chromium::{Setup, Tab};
use e2e::scenes::{Merchant, SIGN_OUT, STORE, form_of};
use serde_json::{Value, json};

use crate::chromium::{Stage, connections, linked};

/// What the bot gets for the store.
async fn for_the_bot(merchant: &Merchant<'_>) -> Value {
    merchant.world.invoke("connection-tokens", json!({"shop": merchant.domain()})).await
}

fn statuses(bot: &Value) -> Vec<&str> {
    let entries = ["shops", "pages"].into_iter().flat_map(|kind| bot[kind].as_array().into_iter().flatten());
    entries.filter_map(|entry| entry["status"].as_str()).collect()
}

fn tokens(bot: &Value) -> usize {
    let entries = ["shops", "pages"].into_iter().flat_map(|kind| bot[kind].as_array().into_iter().flatten());
    entries.filter(|entry| entry["access_token"].is_string()).count()
}

async fn notice(tab: &Tab) -> String {
    tab.evaluated_text("document.querySelector('[role=status]')?.innerText ?? ''").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_disconnected_and_connected_again() {
    let Some(stage) = Stage::set().await else { return };
    for (setup, shop) in [(Setup::DESKTOP, "at-the-desk"), (Setup::PHONE, "by-phone")] {
        let tab = stage.tab(setup).await;
        let merchant = Merchant::new(&stage.front, &tab, shop);
        merchant.opens_list().await;
        assert_eq!(tokens(&for_the_bot(&merchant).await), 3);
        merchant.disconnects(&form_of(&merchant.pages[0])).await;
        assert_eq!((tab.status(), tab.url().await), (200, merchant.at("/connections")));
        assert!(!notice(&tab).await.is_empty(), "{}", tab.text().await);
        assert!(!tab.has(&form_of(&merchant.pages[0])).await && tab.has(&form_of(&merchant.pages[1])).await);
        assert_eq!(linked(&merchant).1, [merchant.pages[1].clone()]);
        assert_eq!(tokens(&for_the_bot(&merchant).await), 2);
        assert!(merchant.world.facebook.subscribed_fields(&merchant.pages[0]).is_empty(), "the bot hears of it no more");
        assert!(!merchant.world.facebook.subscribed_fields(&merchant.pages[1]).is_empty());
        // What was done is said for a while, and back and reload do nothing.
        let before = connections(&merchant);
        tab.reload().await;
        assert_eq!(tab.status(), 200);
        tab.back().await;
        assert_eq!(connections(&merchant), before);
        merchant.opens("/connections").await;
        tab.follow("#next").await;
        merchant.logs_in().await;
        tab.follow("#approve").await;
        assert_eq!((tab.status(), linked(&merchant).1), (200, merchant.pages.clone()), "{}", tab.text().await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_page_is_disconnected() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    for page in &merchant.pages {
        merchant.disconnects(&form_of(page)).await;
    }
    assert_eq!((tab.status(), linked(&merchant).1), (200, vec![]));
    assert!(tab.has(STORE).await && tab.has("#next").await, "{}", tab.text().await);
    assert_eq!(statuses(&for_the_bot(&merchant).await), ["active"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_disconnected_and_comes_back_with_its_pages() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    let (uuid, _) = linked(&merchant);
    merchant.disconnects(STORE).await;
    assert_eq!((tab.status(), tab.url().await), (200, merchant.at("/connections")));
    assert!(!notice(&tab).await.is_empty(), "{}", tab.text().await);
    let bot = for_the_bot(&merchant).await;
    assert!(tokens(&bot) == 0 && bot["shops"][0]["status"] == "uninstalled", "{bot}");
    tab.reload().await;
    assert_eq!(tab.status(), 200);
    let again = format!("a[href=\"/shopify/{}/login\"]", merchant.domain());
    assert!(tab.has(&again).await, "there is a way to connect it again: {}", tab.text().await);
    tab.follow(&again).await;
    if tab.url().await.starts_with(&merchant.world.shopify.url()) {
        tab.follow("#approve").await;
    }
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    assert_eq!(linked(&merchant), (uuid, merchant.pages.clone()), "the same identity with its Pages");
    let bot = for_the_bot(&merchant).await;
    assert!(tokens(&bot) == 3 && statuses(&bot) == ["active"; 3], "{bot}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_is_disconnected_and_the_app_removed_from_it() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    let bot = for_the_bot(&merchant).await;
    let token = bot["shops"][0]["access_token"].as_str().expect("the store's token").to_owned();
    assert!(merchant.world.shopify.accepts(&token));
    merchant.asks(STORE).await;
    tab.click(&format!("{STORE} input[name=uninstall]")).await;
    tab.follow(&format!("{STORE} button")).await;
    assert!(tab.status() == 200 && !notice(&tab).await.is_empty(), "{}", tab.text().await);
    assert!(!merchant.world.shopify.accepts(&token), "Shopify has removed the app");
    assert_eq!(tokens(&for_the_bot(&merchant).await), 0);
    // Shopify asks anew, and the Pages are there again.
    merchant.connects_store().await;
    assert_eq!(tokens(&for_the_bot(&merchant).await), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_alone_disconnects_a_page() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    let form = form_of(&merchant.pages[0]);
    let reach = |selector: String| {
        let tab = &tab;
        async move {
            for _ in 0..40 {
                tab.press_tab().await;
                if tab.evaluate(&format!("document.activeElement.matches({})", json!(selector))).await == true {
                    return;
                }
            }
            panic!("the tabulator key does not lead to {selector}");
        }
    };
    reach(format!("{form} > summary")).await;
    tab.press_enter().await;
    reach(format!("{form} button")).await;
    tab.loading(tab.press_enter()).await;
    assert_eq!((tab.status(), linked(&merchant).1), (200, vec![merchant.pages[1].clone()]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_of_another_site_disconnects_nothing() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::DESKTOP).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    let token = tab.attribute(&format!("{STORE} input[name=csrf_token]"), "value").await;
    let before = connections(&merchant);
    // The other site would even know the token.
    tab.open(&format!("{}/settings", merchant.world.facebook.url())).await;
    let fields = json!({"csrf_token": token, "platform": "shopify", "account": merchant.domain()});
    let send = format!(
        "(() => {{ const form = document.createElement('form'); form.method = 'post'; form.action = {}; \
         for (const [name, value] of Object.entries({fields})) {{ const field = document.createElement('input'); field.name = name; \
         field.value = value; form.append(field); }} document.body.append(form); setTimeout(() => form.submit()); }})()",
        json!(merchant.at("/connections/disconnect"))
    );
    tab.loading(tab.evaluate(&send)).await;
    assert_eq!(tab.status(), 403, "{}", tab.text().await);
    assert_eq!(connections(&merchant), before);
    tab.follow("#next").await;
    assert_eq!((tab.status(), tab.url().await), (200, merchant.at("/connections")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_whose_session_has_ended_leads_to_a_new_one() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    let before = connections(&merchant);
    tab.drop_cookie(&merchant.origin, "session_id").await;
    merchant.disconnects(STORE).await;
    assert!(tab.status() == 400 && tab.has("#next").await, "{}", tab.text().await);
    assert_eq!(connections(&merchant), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_out_leaves_nothing_behind_to_go_back_to() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    merchant.opens_list().await;
    tab.follow(SIGN_OUT).await;
    assert_eq!((tab.status(), tab.url().await), (200, merchant.at("/")), "{}", tab.text().await);
    let cookies = tab.cookies(&merchant.origin).await;
    assert!(cookies.iter().all(|cookie| cookie["name"] != "session_id"), "{cookies:?}");
    tab.back().await;
    assert_eq!(tab.status(), 400, "{}", tab.text().await);
    assert!(tab.text().await.contains("Open the app from your Shopify admin") && !tab.text().await.contains("Acme Outlet"));
    assert_eq!(linked(&merchant).1.len(), 2, "the Pages stay connected");
}
