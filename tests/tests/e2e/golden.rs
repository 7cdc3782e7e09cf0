//! Golden items: what an earlier version wrote is read as that version read it, and what is written
//! now looks as it did then.

mod coverage;

use e2e::golden::{Golden, all, bring_about, differences, play, record, scene, shapes};
use e2e::lambda::profile;

/// The tests of each scene.
macro_rules! scenes {
    ($($module:ident: $name:literal),* $(,)?) => {
        $(mod $module {
            #[tokio::test(flavor = "multi_thread")]
            async fn is_read_as_it_was() {
                super::is_read_as_it_was($name).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn is_written_as_it_was() {
                super::is_written_as_it_was($name).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            #[ignore = "needs the binaries of another version, in E2E_OTHER_PROFILE"]
            async fn is_the_same_to_another_version() {
                super::is_the_same_to_another_version($name).await;
            }
        })*

        /// The scenes that are tested.
        const TESTED: &[&str] = &[$($name),*];
    };
}

scenes! {
    linked: "linked",
    held: "held",
    needing: "needing",
    failing: "failing",
    departed: "departed",
    doubted: "doubted",
    leaving: "leaving",
    unfinished: "unfinished",
    business: "business",
    instagram: "instagram",
    numbers: "numbers",
    resealing: "resealing",
    resealing_again: "resealing-again",
    resealing_later: "resealing-later",
    received: "received",
    earlier: "earlier",
}

#[test]
fn every_scene_is_tested() {
    assert_eq!(all().iter().map(|scene| scene.name).collect::<Vec<_>>(), TESTED);
}

async fn is_read_as_it_was(name: &str) {
    let golden = Golden::load(name);
    let told = differences(&golden.readings, &play(&golden, scene(name), &[&profile()]).await);
    assert!(told.is_empty(), "{name} is read otherwise:\n{told}");
}

async fn is_written_as_it_was(name: &str) {
    let (golden, written) = (Golden::load(name), bring_about(scene(name), &profile()).await);
    let (golden, written) = (shapes(golden.items()), shapes(written.items()));
    let mut told = String::new();
    for kind in golden.keys().chain(written.keys().filter(|kind| !golden.contains_key(*kind))) {
        let of = |shapes: &e2e::golden::Shapes| shapes.get(kind).cloned().unwrap_or_default();
        let (was, is) = (of(&golden), of(&written));
        told.extend(was.difference(&is).map(|shape| format!("{kind} was {shape}\n")));
        told.extend(is.difference(&was).map(|shape| format!("{kind} is {shape}\n")));
    }
    assert!(told.is_empty(), "{name} is written otherwise:\n{told}");
}

/// Both versions are at work for the minutes of an update: what either writes, the other reads as
/// its writer does, also where they take turns.
async fn is_the_same_to_another_version(name: &str) {
    let other = std::env::var("E2E_OTHER_PROFILE").expect("the binaries of another version");
    let (scene, this) = (scene(name), profile());
    for (writer, reader) in [(&this, &other), (&other, &this)] {
        let golden = record(scene, writer).await;
        for readers in [vec![reader.as_str()], vec![writer, reader], vec![reader, writer]] {
            let told = differences(&golden.readings, &play(&golden, scene, &readers).await);
            assert!(told.is_empty(), "{name}, of {writer}, is another to {readers:?}:\n{told}");
        }
    }
}
