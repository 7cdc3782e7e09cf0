//! A merchant who has linked a store and Pages. Each family of tests adds what its own do with them.

use std::future::Future;
use std::marker::PhantomData;

use e2e::browser::Browser;
use e2e::database::{DatabaseFault, StoredItem};
use e2e::facebook::Consent;
use e2e::world::World;

use super::{item, linked_pages, linked_shop};

/// A store with Pages of one person, and the browser that linked them. `Tests` tells the families
/// apart, since the same word means to each of them what its tests need.
pub(crate) struct Linked<Tests> {
    pub(crate) world: World,
    pub(crate) browser: Browser,
    pub(crate) uuid: String,
    pub(crate) person: String,
    pub(crate) pages: Vec<String>,
    of: PhantomData<Tests>,
}

impl<Tests> Linked<Tests> {
    /// With so many Pages, linked at this moment.
    pub(crate) async fn begun(world: World, count: usize) -> Self {
        let person = world.facebook.add_person("Jo Doe");
        let pages = (0..count).map(|n| world.facebook.add_page(&person, &format!("Page {n} of Jo"))).collect();
        let browser = world.browser();
        let mut linked = Self { world, browser, uuid: String::new(), person, pages, of: PhantomData };
        linked.uuid = linked.links().await;
        linked
    }

    /// The merchant links the store, and the Pages if there are any; returns the identity.
    pub(crate) async fn links(&self) -> String {
        let uuid = linked_shop(&self.world, &self.browser, "acme").await;
        if !self.pages.is_empty() {
            linked_pages(&self.world, &self.browser, &Consent::of(&self.person)).await;
        }
        uuid
    }

    pub(crate) fn partition(&self) -> String {
        format!("uuid#{}", self.uuid)
    }

    /// An item of the identity.
    pub(crate) fn item(&self, sk: &str) -> Option<StoredItem> {
        item(&self.world, &self.partition(), sk)
    }

    /// Forgets what the providers were asked so far.
    pub(crate) fn clear_requests(&self) {
        self.world.shopify.clear_requests();
        self.world.facebook.clear_requests();
    }
}

/// Kills a function at its call number `at` of the database while it works on what is sent; none when it was killed, the answer when it was done before that.
pub(crate) async fn killed_at<T>(world: &World, function: &str, at: usize, sent: impl Future<Output = T>) -> Option<T> {
    let calls = || world.database.usage().0.values().map(|operation| operation.calls).sum::<usize>();
    world.database.reset_usage();
    world.database.fail_after(at, DatabaseFault::Hang);
    let killed = async {
        while calls() <= at {
            tokio::task::yield_now().await;
        }
        world.function(function).kill().await;
    };
    let answer = tokio::select! {
        answer = sent => Some(answer),
        () = killed => None,
    };
    world.database.clear_faults();
    world.function(function).scale(1).await;
    answer
}
