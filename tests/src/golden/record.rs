//! Records a scene.

use serde_json::Value;

use super::change::{differences, dump};
use super::known::Known;
use super::play::{now, played};
use super::reading::{Read, Reading};
use super::scenes::Scene;
use super::store::Golden;
use crate::gate::until;
use crate::settings::Variables;
use crate::world::World;

/// Credentials and keys of nobody. They are always the same, so that a recording shows at a glance
/// that it holds no secret.
fn settings() -> Variables {
    crate::settings::variables([
        ("SHOPIFY_API_KEY", "golden0client0id".to_owned()),
        ("SHOPIFY_API_SECRET", "golden-secret-of-the-local-shopify".to_owned()),
        ("FACEBOOK_APP_ID", "1000000000000001".to_owned()),
        ("FACEBOOK_APP_SECRET", "golden-secret-of-the-local-facebook".to_owned()),
        ("STATE_TOKEN_SECRET", "golden-secret-of-states-which-sign-nothing".to_owned()),
        ("TOKEN_ENCRYPTION_KEYS", [super::scenes::FIRST_KEY, super::scenes::SECOND_KEY].join(",")),
    ])
}

/// Brings a scene about with the binaries of a profile: what stands in the tables then, and what is
/// to be read in it.
///
/// # Panics
///
/// When it can't be brought about.
pub async fn bring_about(scene: &Scene, profile: &str) -> Golden {
    let settings = settings();
    let world = scene.builder(&settings).profile(profile).start().await;
    // Tokens that nobody takes for real ones.
    world.shopify.set_marker("golden");
    world.facebook.set_marker("golden");
    let readings = scene.reach(&world).await;
    snapshot(scene, &settings, &world, readings)
}

/// Records a scene with the binaries of a profile. They play it twice, so that chance shows.
///
/// # Panics
///
/// When it can't be brought about, or when two plays differ in more than chance.
pub async fn record(scene: &Scene, profile: &str) -> Golden {
    let mut golden = bring_about(scene, profile).await;
    let one = played(&golden, scene, &[profile]).await;
    // What follows from the second of a reading is chance as well.
    let began = now();
    until("the next second", || now() > began).await;
    let other = played(&golden, scene, &[profile]).await;
    let known = Known::of(&golden).with_words(&one.text(), &other.text());
    golden.readings = one.plain(&known);
    let told = differences(&golden.readings, &other.plain(&known));
    assert!(told.is_empty(), "{}: two plays differ\n{told}", scene.name);
    golden
}

fn snapshot(scene: &Scene, settings: &Variables, world: &World, readings: Vec<Reading>) -> Golden {
    let mut items = (Vec::new(), Vec::new());
    for ([table, ..], item) in dump(&world.database) {
        if table == "sessions" { items.0.push(item) } else { items.1.push(item) }
    }
    Golden {
        about: scene.about.to_owned(),
        time: now() + scene.aged(),
        settings: settings.clone(),
        shopify: world.shopify.memory(),
        facebook: world.facebook.memory(),
        sessions: items.0,
        connections: items.1,
        readings: readings.into_iter().map(unread).collect(),
    }
}

/// A reading whose outcome is not known yet.
fn unread(reading: Reading) -> Read {
    Read { reading, reply: Value::Null, asked: Vec::new(), changes: Vec::new() }
}
