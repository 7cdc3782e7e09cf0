//! How many remote steps of a handler come one after the other, what is left of its time without them, and what a link
//! costs in DynamoDB's capacity units.

use std::time::Duration;

use e2e::database::Usage;
use e2e::world::World;

use super::flow::{TOKENS, handlers, prepare};
use super::observed::Observed;
use super::starts::median;

/// What is put on each call to count those that wait for each other.
const DELAY: Duration = Duration::from_millis(100);
/// Requests sent right after each other: the first few warm up, of the others the own time is taken.
const WARM_UP: usize = 5;
const WARM: usize = 40;

/// The figures of one handler.
pub(crate) struct Steps {
    pub(crate) handler: &'static str,
    /// Sequential calls of a provider.
    pub(crate) provider: f64,
    /// Sequential calls of the database.
    pub(crate) database: f64,
    /// Both, with the delay on all calls: fewer than the sum where a provider's call and the database's run side by side.
    pub(crate) both: f64,
    /// A warm request.
    pub(crate) wall: Duration,
    /// The same without the time in which a remote call was under way.
    pub(crate) own: Duration,
}

/// Measures every handler.
pub(crate) async fn measure(Observed { world, calls }: &Observed) -> Vec<Steps> {
    let mut figures = Vec::new();
    for handler in handlers() {
        let mut requests = Vec::new();
        for _ in 0..WARM_UP + WARM {
            requests.push(prepare(world, handler).await);
        }
        let (mut wall, mut own) = (Vec::new(), Vec::new());
        for (round, request) in requests.into_iter().enumerate() {
            let _ = calls.take();
            let duration = request.send(world.function(handler)).await;
            let remote = calls.take();
            if round >= WARM_UP {
                wall.push(duration);
                own.push(duration.saturating_sub(remote));
            }
        }
        let undelayed = median(wall.iter().copied());
        let mut steps = [0.0; 3];
        for (steps, (providers, database)) in steps.iter_mut().zip([(true, false), (false, true), (true, true)]) {
            let delayed = delayed(world, handler, providers, database).await;
            *steps = ((delayed.as_secs_f64() - undelayed.as_secs_f64()) / DELAY.as_secs_f64()).max(0.0);
        }
        let [provider, database, both] = steps;
        figures.push(Steps { handler, provider, database, both, wall: undelayed, own: median(own) });
    }
    figures
}

/// Capacity of linking a new store with one Page, from the store's link to the Page.
pub(crate) async fn link_usage(world: &World) -> Usage {
    // What the handlers' init reads is not part of a link; it is over by now.
    world.database.reset_usage();
    let prepared = prepare(world, "facebook-callback").await;
    prepared.send(world.function("facebook-callback")).await;
    world.database.usage()
}

/// Capacity of asking for the tokens of a Page when nothing has to be refreshed.
pub(crate) async fn tokens_usage(world: &World) -> Usage {
    let prepared = prepare(world, TOKENS).await;
    world.database.reset_usage();
    prepared.send(world.function(TOKENS)).await;
    world.database.usage()
}

async fn delayed(world: &World, handler: &str, providers: bool, database: bool) -> Duration {
    let mut walls = Vec::new();
    for _ in 0..3 {
        let prepared = prepare(world, handler).await;
        if providers {
            world.shopify.set_delay(DELAY);
            world.facebook.set_delay(DELAY);
        }
        if database {
            world.database.delay(DELAY);
        }
        walls.push(prepared.send(world.function(handler)).await);
        world.shopify.set_delay(Duration::ZERO);
        world.facebook.set_delay(Duration::ZERO);
        world.database.delay(Duration::ZERO);
    }
    median(walls)
}
