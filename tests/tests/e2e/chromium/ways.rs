//! No dead end: the way on of every page is followed, and ends with the Pages, or the numbers, connected.

use e2e::chromium::{Setup, Tab};
use e2e::scenes::{self, Merchant, Part, Scene, Way};

use crate::chromium::{Stage, linked, numbers, sessions};

/// Moves a Page from another store.
const A_MOVE: &str = "a[href*='&move=']";
const ADMIN: &str = "https://admin.shopify.com/";

/// Follows the way on of the page of a scene as far as it goes by itself.
async fn takes_the_way(merchant: &Merchant<'_>, scene: &Scene) {
    let Merchant { tab, world, .. } = merchant;
    match scene.way {
        Way::Done => {
            assert!(!tab.has("#next").await, "{}: a way on that nobody expects: {}", scene.name, tab.text().await);
            return;
        }
        Way::Admin => {
            assert_eq!(tab.attribute("#next", "href").await, ADMIN, "{}", scene.name);
            // There the merchant opens the app.
            merchant.launches().await;
            return;
        }
        Way::Back => {
            assert_eq!(tab.attribute("#next", "href").await, scenes::BACK, "{}", scene.name);
            merchant.launches().await;
            return;
        }
        Way::Shopify | Way::Facebook | Way::List | Way::Question | Way::Again => {}
    }
    let before = tab.url().await;
    tab.follow("#next").await;
    let there = match scene.way {
        Way::Shopify => world.shopify.url(),
        Way::Facebook => world.facebook.url(),
        Way::List => merchant.at("/connections"),
        Way::Question => merchant.at("/facebook/login"),
        Way::Again | Way::Admin | Way::Back | Way::Done => before,
    };
    let url = tab.url().await;
    // Shopify asks nobody twice, and sends who approved back at once.
    let at_once = scene.way == Way::Shopify && url.starts_with(&merchant.at("/shopify/callback"));
    assert!(url.starts_with(&there) || at_once, "{}: the way on leads to {url}: {}", scene.name, tab.text().await);
}

/// Says yes to everything and takes every way on, until the Pages or numbers are connected.
async fn goes_on(merchant: &Merchant<'_>) -> bool {
    const STEPS: usize = 6;
    let Merchant { tab, world, .. } = merchant;
    for _ in 0..STEPS {
        let is_connected = !linked(merchant).1.is_empty() || !numbers(merchant).is_empty();
        if is_connected && tab.status() == 200 && tab.url().await.starts_with(&merchant.origin) {
            return true;
        }
        let url = tab.url().await;
        if url.starts_with(&world.shopify.url()) {
            tab.follow("#approve").await;
        } else if url.starts_with(&world.facebook.url()) {
            merchant.logs_in().await;
            tab.follow("#approve").await;
        } else if tab.has(A_MOVE).await {
            tab.follow(A_MOVE).await;
        } else if tab.has("#next").await {
            tab.follow("#next").await;
        } else {
            return false;
        }
    }
    false
}

async fn lead_on(part: Part, setup: Setup) {
    let Some(stage) = Stage::set_in(scenes::world_of(part)).await else { return };
    for scene in scenes::of(part).iter().filter(|scene| scene.code.is_some()) {
        let tab: Tab = stage.tab(setup).await;
        let merchant = Merchant::new(&stage.front, &tab, scene.name);
        merchant.reaches(scene).await;
        if scene.name == "no-page" {
            stage.front.world.facebook.add_page(&merchant.person, "The first Page");
        }
        if scene.name == "no-phone-number" {
            let _first = merchant.gets_number("+1 631-555-0101");
        }
        takes_the_way(&merchant, scene).await;
        assert!(goes_on(&merchant).await, "{}: it ends at {}: {}", scene.name, tab.url().await, tab.text().await);
        assert!(sessions(&merchant) < 100);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refused_states_lead_on() {
    lead_on(Part::States, Setup::DESKTOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_lead_on() {
    lead_on(Part::Errors, Setup::PHONE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_the_list_lead_on() {
    lead_on(Part::List, Setup::DESKTOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_of_numbers_lead_on() {
    lead_on(Part::Numbers, Setup::PHONE).await;
}
