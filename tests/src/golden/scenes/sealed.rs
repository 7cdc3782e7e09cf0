//! Where everything is sealed anew and persons are marked, and what earlier versions left.

use serde_json::{Map, Value, json};

use super::super::play::now;
use super::super::reading::Reading;
use super::super::stage::{Merchant, deliver, remove, set_text, write};
use crate::facebook::delivery;
use crate::world::World;

/// Two stores with a Page each.
async fn two(world: &World) -> ([String; 2], [Merchant<'_>; 2]) {
    let [jo, kim] = ["Jo Doe", "Kim Roe"].map(|name| world.facebook.add_person(name));
    let [jos, kims] = [(&jo, "Jo's"), (&kim, "Kim's")].map(|(person, name)| world.facebook.add_page(person, name));
    let acme = Merchant::with_pages(world, "acme", &jo, &[&jos]).await;
    let other = Merchant::with_pages(world, "other", &kim, &[&kims]).await;
    ([jo, kim], [acme, other])
}

/// A note of the keeper.
fn note(world: &World, sk: &str, attributes: Value) {
    let mut note = json!({ "pk": { "S": "keeper" }, "sk": { "S": sk } });
    note.as_object_mut().expect("a note").extend(attributes.as_object().cloned().expect("attributes"));
    write(world, note);
}

/// What is left of a walk.
fn parts(parts: impl IntoIterator<Item = (String, i64)>) -> Value {
    let parts: Map<String, Value> = parts.into_iter().map(|(shard, from)| (shard, json!({ "N": from.to_string() }))).collect();
    json!({ "M": parts })
}

/// The part of the index in which a merchant's records lie.
fn shard(merchant: &Merchant<'_>) -> String {
    let store = merchant.world.item(&merchant.partition(), "store").expect("a store");
    store.text("due_shard").expect("a store lies in the index").to_owned()
}

fn readings(merchants: &[Merchant<'_>; 2]) -> Vec<Reading> {
    let mut readings = vec![Reading::keeper()];
    readings.extend(merchants.iter().map(Merchant::read_tokens));
    readings.push(Reading::keeper());
    readings
}

pub(super) async fn first(world: &World) -> Vec<Reading> {
    let (_, merchants) = two(world).await;
    let others = shard(&merchants[1]);
    let mut elsewhere = ["00", "01", "02"].into_iter().filter(|part| *part != shard(&merchants[0]) && *part != others);
    let left = parts([(shard(&merchants[0]), 0), (elsewhere.next().unwrap_or_default().to_owned(), now() - 100)]);
    note(world, "resealing", json!({ "sealed_with": { "S": "k2" }, "parts": left }));
    note(world, "persons", json!({ "segment": { "N": "20" } }));
    readings(&merchants)
}

pub(super) async fn again(world: &World) -> Vec<Reading> {
    let ([jo, _], merchants) = two(world).await;
    deliver(world, &delivery("/facebook/deauthorize", &world.facebook.signed_leave(&jo))).await;
    let items = world.database.scan("connections").into_iter();
    let marked = items.filter(|item| item.text("sk").is_some_and(|sk| sk.starts_with("page#")) && item.text("person").is_some());
    for page in marked {
        remove(world, ["pk", "sk"].map(|name| page.text(name).unwrap_or_default()), &["person"]).await;
    }
    let left = parts([(shard(&merchants[1]), now() - 100)]);
    note(world, "resealing", json!({ "sealed_with": { "S": "k2" }, "parts": left, "second": { "BOOL": true } }));
    note(world, "persons", json!({ "begin_at": { "N": now().to_string() } }));
    readings(&merchants)
}

pub(super) async fn later(world: &World) -> Vec<Reading> {
    let (_, merchants) = two(world).await;
    note(world, "resealing", json!({ "sealed_with": { "S": "k2" }, "again_at": { "N": now().to_string() } }));
    note(world, "persons", json!({ "done_at": { "N": now().to_string() } }));
    readings(&merchants)
}

pub(super) async fn earlier(world: &World) -> Vec<Reading> {
    let (_, merchants) = two(world).await;
    let [acme, other] = &merchants;
    note(world, "resealing", json!({ "sealed_with": { "S": "k2" }, "next": { "N": "7" }, "second": { "BOOL": true } }));
    note(world, "persons", json!({ "done_at": { "N": "1" } }));
    // A store without what came later; an earlier doubt and an earlier Page of it.
    remove(world, [&acme.partition(), "store"], &["issued_at", "linked_ms"]).await;
    acme.token_ends().await;
    deliver(world, &acme.timeless("app/uninstalled").request()).await;
    remove(world, [&acme.partition(), "doubt"], &["request"]).await;
    let page = world
        .database
        .scan("connections")
        .into_iter()
        .find(|item| item.text("pk") == Some(&acme.partition()) && item.text("sk").is_some_and(|sk| sk.starts_with("page#")));
    let page = page.expect("a Page").text("sk").unwrap_or_default().to_owned();
    remove(world, [&acme.partition(), &page], &["thread_routing", "linked_ms", "messaging_reason"]).await;
    // One that is being erased, among the routine.
    set_text(world, [&other.partition(), "store"], "status", "erasing").await;
    remove(world, [&other.partition(), "store"], &["access_token", "refresh_token", "shop_id"]).await;
    other.is_due("store").await;
    readings(&merchants)
}
