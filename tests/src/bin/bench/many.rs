//! The end of a Facebook flow with one, some and many Pages, each provider call taking its time.

use std::time::{Duration, Instant};

use e2e::facebook::Consent;
use e2e::world::World;

use super::starts::median;

/// What every call of Facebook takes.
const DELAY: Duration = Duration::from_millis(100);
const PAGES: [usize; 3] = [1, 25, 250];
const ROUNDS: usize = 3;

/// One row: so many Pages.
pub(crate) struct Many {
    pub(crate) pages: usize,
    /// Facebook's calls in all.
    pub(crate) calls: usize,
    /// With the delay.
    pub(crate) wall: Duration,
    /// Without it.
    pub(crate) undelayed: Duration,
    /// DynamoDB's write units.
    pub(crate) write_units: f64,
}

impl Many {
    /// How many of the delays came one after the other.
    pub(crate) fn steps(&self) -> f64 {
        (self.wall.saturating_sub(self.undelayed)).as_secs_f64() / DELAY.as_secs_f64()
    }
}

/// Measures `facebook-callback`.
pub(crate) async fn measure() -> Vec<Many> {
    let mut figures = Vec::new();
    for pages in PAGES {
        let world = World::start().await;
        link(&world, pages, Duration::ZERO).await;
        let (mut wall, mut undelayed) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            undelayed.push(link(&world, pages, Duration::ZERO).await);
            wall.push(link(&world, pages, DELAY).await);
        }
        let calls = world.facebook.requests().len();
        let write_units = world.database.usage().total().write;
        figures.push(Many { pages, calls, wall: median(wall), undelayed: median(undelayed), write_units });
    }
    figures
}

/// Links so many Pages of a new person to a new store; returns how long the callback took.
async fn link(world: &World, pages: usize, delay: Duration) -> Duration {
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    for number in 0..pages {
        world.facebook.add_page(&person, &format!("Page {number}"));
    }
    let shop = format!("many-{person}");
    assert_eq!(world.link_shop(&browser, &shop).await.status(), 200);
    let callback = world.approve_pages(&browser, &Consent::of(&person)).await;
    world.facebook.clear_requests();
    world.database.reset_usage();
    world.facebook.set_delay(delay);
    let started = Instant::now();
    let reply = browser.get(&callback).await;
    let wall = started.elapsed();
    world.facebook.set_delay(Duration::ZERO);
    assert_eq!(reply.json()["pages"]["data"].as_array().map(Vec::len), Some(pages), "{}", reply.text());
    assert_eq!(reply.json()["warnings"].as_array().map(Vec::len), Some(0), "{}", reply.text());
    wall
}
