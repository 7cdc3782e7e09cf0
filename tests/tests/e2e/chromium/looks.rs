//! Every page there is: right HTML, usable by everybody, fitting every screen, keeping to itself.

use e2e::chromium::Setup;
use e2e::inspect::Inspector;
use e2e::scenes::{self, Merchant, Part};
use e2e::world::World;
use shared::{Code, texts::Language};

use crate::chromium::{Stage, back};

#[expect(clippy::print_stderr, reason = "a check that was left out must not look like one that passed")]
fn say_what_is_left_out(inspector: &Inspector) {
    if !inspector.has_tools() {
        let line = "#".repeat(80);
        eprintln!("{line}\n# LEFT OUT: there is no axe-core and no html-validate. E2E_PAGE_CHECKS=/folder says where they are.\n{line}");
    }
}

/// Comes to each of the scenes with a browser of its own, and has the page inspected, then reloaded and left backwards.
async fn inspected(part: Part) {
    let Some(stage) = Stage::set_in(scenes::world_of(part)).await else { return };
    let inspector = stage.inspector();
    say_what_is_left_out(&inspector);
    for scene in scenes::of(part) {
        let tab = stage.tab(Setup::PHONE).await;
        let merchant = Merchant::new(&stage.front, &tab, scene.name);
        merchant.reaches(scene).await;
        inspector.inspect(&tab, scene.name).await;
        back::survives(&merchant, scene).await;
        tab.close().await;
    }
    inspector.finish().await;
}

/// The same pages for somebody who reads German: other words, all else is the same.
async fn inspected_in_german(part: Part) {
    let Some(stage) = Stage::set_in(scenes::world_of(part)).await else { return };
    let inspector = stage.inspector();
    say_what_is_left_out(&inspector);
    for scene in scenes::of(part) {
        let tab = stage.tab(Setup::PHONE.reading(Language::German)).await;
        Merchant::new(&stage.front, &tab, scene.name).reaches(scene).await;
        inspector.inspect_words(&tab, scene.name).await;
        tab.close().await;
    }
    inspector.finish().await;
}

/// The same pages for whoever reads another language still: what their words can break.
async fn fitting(part: Part, language: Language) {
    let Some(stage) = Stage::set_in(scenes::world_of(part)).await else { return };
    let inspector = stage.inspector();
    say_what_is_left_out(&inspector);
    for scene in scenes::of(part) {
        let tab = stage.tab(Setup::PHONE.reading(language)).await;
        Merchant::new(&stage.front, &tab, scene.name).reaches(scene).await;
        inspector.inspect_translation(&tab, scene.name).await;
        tab.close().await;
    }
    inspector.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_links_are_sound() {
    inspected(Part::Links).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_list_are_sound() {
    inspected(Part::List).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_numbers_are_sound() {
    inspected(Part::Numbers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_refused_states_are_sound() {
    inspected(Part::States).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_errors_are_sound() {
    inspected(Part::Errors).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_links_are_sound() {
    inspected_in_german(Part::Links).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_the_list_are_sound() {
    inspected_in_german(Part::List).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_numbers_are_sound() {
    inspected_in_german(Part::Numbers).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_refused_states_are_sound() {
    inspected_in_german(Part::States).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_errors_are_sound() {
    inspected_in_german(Part::Errors).await;
}

/// A test for each, so that each has its time.
macro_rules! fits {
    ($($name:ident: $part:ident in $language:ident,)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            fitting(Part::$part, Language::$language).await;
        }
    )*};
}

fits! {
    spanish_pages_of_links_fit: Links in Spanish,
    spanish_pages_of_the_list_fit: List in Spanish,
    spanish_pages_of_numbers_fit: Numbers in Spanish,
    spanish_pages_of_refused_states_fit: States in Spanish,
    spanish_pages_of_errors_fit: Errors in Spanish,
    french_pages_of_links_fit: Links in French,
    french_pages_of_the_list_fit: List in French,
    french_pages_of_numbers_fit: Numbers in French,
    french_pages_of_refused_states_fit: States in French,
    french_pages_of_errors_fit: Errors in French,
    portuguese_pages_of_links_fit: Links in Portuguese,
    portuguese_pages_of_the_list_fit: List in Portuguese,
    portuguese_pages_of_numbers_fit: Numbers in Portuguese,
    portuguese_pages_of_refused_states_fit: States in Portuguese,
    portuguese_pages_of_errors_fit: Errors in Portuguese,
}

/// A service that lacks a variable answers nothing else, so it is a world of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_service_that_is_not_set_up_is_sound() {
    let Some(stage) = Stage::set_in(World::builder().without("SHOPIFY_API_KEY")).await else { return };
    let inspector = stage.inspector();
    for language in Language::ALL {
        let tab = stage.tab(Setup::DESKTOP.reading(language)).await;
        tab.open(&format!("{}/shopify/acme/login", stage.front.origin())).await;
        assert_eq!(tab.status(), 500);
        inspector.inspect(&tab, "misconfigured").await;
    }
    inspector.finish().await;
}

/// A page on which everything is wrong that is looked for, so that nobody trusts an inspector who is asleep.
const WRONG: &str = "<!doctype html><html><head><style>a{outline:0}</style></head><body><p>One<h2 id=x>Two</h2><div id=x style='width:2000px'>Wide</div>\
    <p style='color:#ccc'>Pale</p><a href='#' style='font-size:9px'>a</a><button tabindex=3>Late</button>\
    <img src='http://127.0.0.1:1/x.png'><script>console.error('oh')</script></body></html>";

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_page_is_found() {
    let Some(stage) = Stage::set().await else { return };
    let inspector = stage.inspector();
    let mut expected = vec![
        "the page says it is in",
        "the title is",
        "there are 0 headings",
        "something active",
        "an id stands twice",
        "may be stored",
        "the key leads to",
        "scrolls sideways",
        "sticks out",
        "is set in 9px",
        "is a target of",
        "a request to http://127.0.0.1:1/x.png",
        "oh",
    ];
    if inspector.has_tools() {
        expected.extend([
            "axe color-contrast",
            "axe html-has-lang",
            "axe image-alt",
            "axe target-size",
            "(no-dup-id)",
            "(element-required-attributes)",
        ]);
    }
    let tab = stage.tab(Setup::DESKTOP).await;
    let page: String = form_urlencoded::byte_serialize(WRONG.as_bytes()).collect();
    tab.open(&format!("data:text/html,{}", page.replace('+', "%20"))).await;
    inspector.inspect(&tab, "wrong").await;
    let found = inspector.found().await;
    let missed: Vec<&&str> = expected.iter().filter(|problem| !found.iter().any(|found| found.contains(**problem))).collect();
    assert!(missed.is_empty(), "{missed:?} not among\n{}", found.join("\n"));

    // The same for a focus that nobody sees.
    let inspector = stage.inspector();
    tab.open("data:text/html,<style>a{outline:0}</style><a href='x'>Somewhere</a>").await;
    inspector.inspect(&tab, "unseen").await;
    let found = inspector.found().await;
    assert!(found.iter().any(|problem| problem.contains("the focus is hardly seen")), "{}", found.join("\n"));
}

/// What no browser comes to see: the API has no route for it, or only programs ask for it.
const UNSEEN: [Code; 3] = [Code::MethodNotAllowed, Code::InvalidRequest, Code::Misconfigured];

#[test]
fn there_is_a_scene_for_every_error() {
    let seen: Vec<Code> = scenes::all().filter_map(|scene| scene.code).collect();
    let missing: Vec<&Code> = Code::ALL.iter().filter(|code| !seen.contains(code) && !UNSEEN.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let mut names: Vec<&str> = scenes::all().map(|scene| scene.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "a name stands for one scene");
}
