//! Takes a picture of every page, on a desktop and on a phone, light and dark, in every language where that is worth it:
//! `./dev screenshots [FOLDER [NAME [LANGUAGE]]]`. With a language, of every page in it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a command of the developer's; whatever goes wrong ends it with the reason"
)]

use std::path::{Path, PathBuf};

use e2e::chromium::{Chromium, Device, Names, Scheme, Setup};
use e2e::front::Front;
use e2e::scenes::{self, Merchant, Scene};
use futures_util::{StreamExt as _, stream};
use shared::texts::Language;

/// More at once take no less time.
const AT_ONCE: usize = 2;

#[tokio::main]
async fn main() {
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from(".local/screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap_or_else(|error| panic!("{} can't be made: {error}", folder.display()));
    let executable = Chromium::executable().expect("E2E_CHROMIUM says where Chromium is");
    let browser = Chromium::start(&executable, &Names::Loopback).await;
    let part = std::env::args().nth(2).unwrap_or_default();
    let only = std::env::args().nth(3).map(|tag| Language::tagged(&tag).unwrap_or_else(|| panic!("there is no language {tag}")));
    let wanted = Language::ALL.into_iter().flat_map(|language| scenes::all().map(move |scene| (scene, language)));
    let wanted = wanted.filter(|(scene, language)| match only {
        Some(only) => *language == only,
        None => scene.is_important || *language == Language::English,
    });
    let wanted = wanted.filter(|(scene, _)| scene.name.contains(&part));
    let taken = stream::iter(wanted).map(|(scene, language)| pictures(&browser, scene, language, &folder)).buffer_unordered(AT_ONCE);
    let count: usize = taken.fold(0, async |sum, count| sum + count).await;
    println!("{count} pictures are in {}", folder.display());
}

/// The pictures of one page. Each page has a world of its own, so that all of them show the same store.
async fn pictures(browser: &Chromium, scene: &Scene, language: Language, folder: &Path) -> usize {
    let front = Front::start(scenes::world_of(scene.part())).await;
    let tab = browser.tab(Setup::DESKTOP.reading(language)).await;
    Merchant::new(&front, &tab, "acme").reaches(scene).await;
    let mut count = 0;
    for (device, place) in [(Device::Desktop, "desktop"), (Device::Phone, "phone")] {
        for scheme in [Scheme::Light, Scheme::Dark] {
            tab.shown_on(device, scheme).await;
            let name = format!("{}.{place}.{}.{}.png", scene.name, scheme.as_str(), language.tag());
            tab.screenshot(&folder.join(name)).await;
            count += 1;
        }
    }
    tab.close().await;
    count
}
