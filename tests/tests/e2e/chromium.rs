//! The pages in a real browser, as merchants meet them: on a desktop and on a phone, with every click on what the pages show and no script of ours.

mod back;
mod flows;
mod hostile;
mod https;
mod list;
mod looks;
mod merchant;
mod messenger;
mod replay;
mod tabs;
mod ways;
mod whatsapp;

use std::collections::BTreeMap;
use std::path::PathBuf;

use e2e::chromium::{Chromium, Names, Setup, Tab};
use e2e::database::StoredItem;
use e2e::front::Front;
use e2e::inspect::Inspector;
use e2e::scenes::{self, Merchant};
use e2e::world::WorldBuilder;
use serde_json::{Map, Value};
use shared::texts::Language;

/// A browser before the service.
pub(crate) struct Stage {
    pub(crate) front: Front,
    browser: Chromium,
}

impl Stage {
    /// None where there is no Chromium.
    pub(crate) async fn set() -> Option<Self> {
        Self::set_in(scenes::world()).await
    }

    /// The same in a world of the test's own.
    pub(crate) async fn set_in(world: WorldBuilder) -> Option<Self> {
        let executable = executable()?;
        let (front, browser) = tokio::join!(Front::start(world), Chromium::start(&executable, &Names::Loopback));
        Some(Self { front, browser })
    }

    /// A tab of a fresh profile.
    pub(crate) async fn tab(&self, setup: Setup) -> Tab {
        self.browser.tab(setup).await
    }

    /// Inspects pages of this service, which may be in touch with the stand-ins of the providers and nobody else.
    pub(crate) fn inspector(&self) -> Inspector {
        let world = &self.front.world;
        Inspector::new([self.front.origin().to_owned(), world.shopify.url(), world.facebook.url()])
    }
}

/// None, said loudly, where there is no Chromium.
#[expect(clippy::print_stderr, reason = "a test that was left out must not look like one that passed")]
pub(crate) fn executable() -> Option<PathBuf> {
    let found = Chromium::executable();
    if found.is_none() {
        let line = "#".repeat(80);
        eprintln!("{line}\n# LEFT OUT: there is no Chromium. E2E_CHROMIUM=/path/to/chromium says where one is.\n{line}");
    }
    found
}

/// The titles of the pages, as an English reader sees them.
pub(crate) fn heading_of_store() -> &'static str {
    Language::English.words().store_connected.title
}

/// What is linked: the store's UUID, if there is one, and the ids of the Pages that it holds.
pub(crate) fn linked(merchant: &Merchant<'_>) -> (Option<String>, Vec<String>) {
    let items = merchant.world.database.scan("connections");
    let owner = |key: &str| items.iter().find(|item| item.text("pk") == Some(key) && item.text("sk") == Some("owner"));
    let uuid = owner(&format!("shop#{}", merchant.domain())).and_then(|item| item.text("uuid")).map(str::to_owned);
    let pages = uuid.as_deref().map(|uuid| held(&items, uuid, "page#")).unwrap_or_default();
    (uuid, pages)
}

/// The ids of the WhatsApp numbers that the store's identity holds.
pub(crate) fn numbers(merchant: &Merchant<'_>) -> Vec<String> {
    let items = merchant.world.database.scan("connections");
    linked(merchant).0.map(|uuid| held(&items, &uuid, "phone#")).unwrap_or_default()
}

fn held(items: &[StoredItem], uuid: &str, of_kind: &str) -> Vec<String> {
    let held = items.iter().filter(|item| item.text("sk") == Some("owner") && item.text("uuid") == Some(uuid));
    let mut ids: Vec<String> = held.filter_map(|item| item.text("pk")?.strip_prefix(of_kind).map(str::to_owned)).collect();
    ids.sort();
    ids
}

/// How many sessions there are, whosever they are.
pub(crate) fn sessions(merchant: &Merchant<'_>) -> usize {
    let items = merchant.world.database.scan("sessions");
    items.iter().filter(|item| item.text("pk").is_some_and(|pk| pk.starts_with("session#"))).count()
}

/// Everything that is linked, by keys.
pub(crate) fn connections(merchant: &Merchant<'_>) -> BTreeMap<(String, String), Map<String, Value>> {
    let items = merchant.world.database.scan("connections");
    let key = |name: &str, item: &StoredItem| item.text(name).unwrap_or_default().to_owned();
    items.into_iter().map(|item| ((key("pk", &item), key("sk", &item)), item.attributes)).collect()
}
