//! What an operator can see from outside: lines that lead to each other, and metrics.

mod format;
mod journeys;
mod metrics;

use e2e::world::World;
use serde_json::Value;

const ACME: &str = "acme.myshopify.com";

/// All lines of all functions.
fn lines(world: &World) -> Vec<Value> {
    world.logs().lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}
