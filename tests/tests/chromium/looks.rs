//! Every page there is: right HTML, usable by everybody, fitting every screen, keeping to itself.

use e2e::chromium::{Language, Setup};
use e2e::inspect::Inspector;
use e2e::scenes::{self, Merchant, Part, Scene};
use e2e::world::World;
use shared::Code;

use crate::Stage;

#[expect(clippy::print_stderr, reason = "a check that was left out must not look like one that passed")]
fn say_what_is_left_out(inspector: &Inspector) {
    if !inspector.has_tools() {
        let line = "#".repeat(80);
        eprintln!("{line}\n# LEFT OUT: there is no axe-core and no html-validate. E2E_PAGE_CHECKS=/folder says where they are.\n{line}");
    }
}

/// Comes to each of the scenes with a browser of its own, and has the page inspected.
async fn inspected(scenes: impl Iterator<Item = &Scene>, language: Language) {
    let Some(stage) = Stage::set().await else { return };
    let inspector = stage.inspector();
    say_what_is_left_out(&inspector);
    for scene in scenes {
        let tab = stage.tab(Setup::PHONE.reading(language)).await;
        let merchant = Merchant::new(&stage.front, &tab, scene.name);
        merchant.reaches(scene).await;
        inspector.inspect(&tab, scene.name).await;
        tab.close().await;
    }
    inspector.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_links_are_sound() {
    inspected(scenes::of(Part::Links).iter(), Language::English).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_list_are_sound() {
    inspected(scenes::of(Part::List).iter(), Language::English).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_refused_states_are_sound() {
    inspected(scenes::of(Part::States).iter(), Language::English).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_errors_are_sound() {
    inspected(scenes::of(Part::Errors).iter(), Language::English).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_links_are_sound() {
    inspected(scenes::of(Part::Links).iter(), Language::German).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_the_list_are_sound() {
    inspected(scenes::of(Part::List).iter(), Language::German).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_refused_states_are_sound() {
    inspected(scenes::of(Part::States).iter(), Language::German).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn german_pages_of_errors_are_sound() {
    inspected(scenes::of(Part::Errors).iter(), Language::German).await;
}

/// A service that lacks a variable answers nothing else, so it is a world of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_service_that_is_not_set_up_is_sound() {
    let Some(stage) = Stage::set_in(World::builder().without("SHOPIFY_API_KEY")).await else { return };
    let inspector = stage.inspector();
    for language in [Language::English, Language::German] {
        let tab = stage.tab(Setup::DESKTOP.reading(language)).await;
        tab.open(&format!("{}/shopify/acme/login", stage.front.origin())).await;
        assert_eq!(tab.status(), 500);
        inspector.inspect(&tab, "misconfigured").await;
    }
    inspector.finish().await;
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
