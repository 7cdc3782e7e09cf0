//! Names that somebody else chose, with more in them than a name: they stay text, stay in their place, and can be told apart.

use e2e::chromium::{Setup, Tab};
use e2e::scenes::{self, HOSTILE, Merchant};
use serde_json::json;

use crate::chromium::Stage;

/// The names on the page as the browser holds them.
async fn names(tab: &Tab) -> Vec<String> {
    let names = tab.evaluate("[...document.querySelectorAll('main bdi')].map((name) => name.textContent)").await;
    names.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

async fn is_harmless(tab: &Tab) {
    let made = tab.evaluate("document.querySelectorAll('script,img,iframe,object,b,main style,[onerror]').length").await;
    assert_eq!(made, 0, "{}", tab.source().await);
    let title = tab.evaluated_text("document.title").await;
    assert!(!title.contains("taken"), "{title}");
    let names = names(tab).await;
    assert!(!names.is_empty(), "{}", tab.text().await);
    let hidden = |character: char| matches!(character, '\0'..='\u{1f}' | '\u{7f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    for name in &names {
        assert!(!name.trim().is_empty() && name.len() < 4000 && !name.contains(hidden), "{name:?}");
    }
    // Each name is a line of its own, however it is written.
    let boxes = "[...document.querySelectorAll('main bdi')].filter((name) => name.checkVisibility()).every((name) => \
                 name.getBoundingClientRect().width > 0 && name.getBoundingClientRect().height < 400)";
    assert_eq!(tab.evaluate(boxes).await, true, "{}", tab.text().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_are_shown_harmlessly_on_every_page_that_shows_names() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab(Setup::PHONE).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    let scene = scenes::all().find(|scene| scene.name == "pages-connected-hostile-names").expect("there is such a scene");
    merchant.reaches(scene).await;
    is_harmless(&tab).await;
    let shown = names(&tab).await;
    assert!(shown.iter().any(|name| name.contains("<script>")), "markup is text: {shown:?}");
    assert!(shown.iter().any(|name| name == HOSTILE[4]), "Arabic and Hebrew are names like others: {shown:?}");
    assert!(
        shown.iter().any(|name| merchant.pages.contains(name) || name.chars().all(|sign| sign.is_ascii_digit())),
        "a name without any sign is its id: {shown:?}"
    );

    merchant.launches().await;
    is_harmless(&tab).await;
    merchant.opens("/connections").await;
    is_harmless(&tab).await;
    // The words of the service beside a name are read from left to right, whatever the name is.
    let direction = tab.evaluate("getComputedStyle(document.querySelector('main')).direction").await;
    assert_eq!(direction, json!("ltr"));
}
