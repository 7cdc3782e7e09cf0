//! Joining and leaving as it happens over time: each step ten seconds after the one before, some words of Shopify lost, every delivery come again, the keeper at the end. What
//! is left is what a small model says, and what was erased stands nowhere.

mod model;
mod play;

use e2e::world::World;

use model::{Model, STEPS, Step};
use play::Play;

/// Steps of the longest story. With five, all hold as well, and take some minutes.
const LONGEST: usize = 4;

/// All stories that begin so and whose every step but the last changes something: one without effect leaves what a shorter story leaves.
fn stories(begin: &[Step]) -> Vec<Vec<Step>> {
    let mut found = Vec::new();
    let mut open = vec![begin.to_vec()];
    while let Some(story) = open.pop() {
        let mut model = Model::default();
        let effects: Vec<bool> = story.iter().map(|step| model.take(*step)).collect();
        if effects[..story.len() - 1].contains(&false) {
            continue;
        }
        if story.len() < LONGEST && effects.last() == Some(&true) {
            open.extend(STEPS.iter().map(|step| [story.as_slice(), &[*step]].concat()));
        } else {
            found.push(story);
        }
    }
    found
}

async fn tell(begin: &[Step]) {
    let world = World::start().await;
    for story in stories(begin) {
        Play::begin(&world).tell(&story).await;
    }
}

#[test]
fn the_stories_are_all_that_there_are() {
    let told: Vec<Vec<Step>> = STEPS.iter().flat_map(|step| stories(&[*step])).collect();
    let mut all: Vec<Vec<Step>> = vec![Vec::new()];
    for _ in 0..LONGEST {
        all = all.iter().flat_map(|story| STEPS.iter().map(move |step| [story.as_slice(), &[*step]].concat())).collect();
    }
    for story in all {
        // Without its steps that change nothing.
        let mut model = Model::default();
        let effective: Vec<Step> = story.into_iter().filter(|step| model.take(*step)).collect();
        assert!(effective.is_empty() || told.iter().any(|told| told.starts_with(&effective)), "{effective:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_who_was_never_linked_can_leave() {
    for step in STEPS.into_iter().filter(|step| *step != Step::Link) {
        tell(&[step]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_linked_again() {
    tell(&[Step::Link, Step::Link]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_uninstalled() {
    tell(&[Step::Link, Step::Uninstall]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_uninstalled_without_a_word() {
    tell(&[Step::Link, Step::Vanish]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_redacted() {
    tell(&[Step::Link, Step::Redact]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_deauthorized() {
    tell(&[Step::Link, Step::Deauthorize]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_deleted() {
    tell(&[Step::Link, Step::Delete]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_the_store_disconnected() {
    tell(&[Step::Link, Step::DisconnectStore]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_and_the_pages_disconnected() {
    tell(&[Step::Link, Step::DisconnectPages]).await;
}
