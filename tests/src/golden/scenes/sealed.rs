//! Where everything is sealed anew and persons are marked, and what earlier versions left.

use serde_json::{Value, json};

use super::super::play::now;
use super::super::reading::Reading;
use super::super::stage::{Merchant, deliver, note, pages, people, remove, set_text};
use crate::database::StoredItem;
use crate::facebook::delivery;
use crate::world::World;

/// Two stores with a Page each; the first one's person.
async fn two(world: &World) -> (String, [Merchant<'_>; 2]) {
    let [jo, kim] = people(world, ["Jo Doe", "Kim Roe"]);
    let ([jos], [kims]) = (pages(world, &jo, ["Jo's"]), pages(world, &kim, ["Kim's"]));
    let acme = Merchant::with_pages(world, "acme", &jo, &[&jos]).await;
    let other = Merchant::with_pages(world, "other", &kim, &[&kims]).await;
    (jo, [acme, other])
}

/// The part of the index in which a merchant's records lie.
fn part(merchant: &Merchant<'_>) -> String {
    let store = merchant.world.item(&merchant.partition(), "store").expect("a store");
    store.text("due_shard").expect("a store lies in the index").to_owned()
}

/// The Pages under all identities.
fn pages_of(world: &World) -> impl Iterator<Item = StoredItem> {
    let items = world.database.scan("connections").into_iter();
    items.filter(|item| item.text("sk").is_some_and(|sk| sk.starts_with("page#")))
}

fn key(item: &StoredItem) -> [&str; 2] {
    ["pk", "sk"].map(|name| item.text(name).unwrap_or_default())
}

/// A number.
fn number(number: i64) -> Value {
    json!({ "N": number.to_string() })
}

fn readings(merchants: &[Merchant<'_>; 2]) -> Vec<Reading> {
    let mut readings = vec![Reading::keeper()];
    readings.extend(merchants.iter().map(Merchant::read_tokens));
    readings.push(Reading::keeper());
    readings
}

pub(super) async fn first(world: &World) -> Vec<Reading> {
    let (_, merchants) = two(world).await;
    let parts = merchants.each_ref().map(part);
    // Of the first one's part all is left, of an empty part the rest.
    let is_empty = |other: &&str| !parts.iter().any(|part| part == other);
    let empty = ["00", "01", "02"].into_iter().find(is_empty);
    let left = json!({ &parts[0]: number(0), empty.unwrap_or_default(): number(now() - 100) });
    note(world, "resealing", &json!({ "sealed_with": { "S": "k2" }, "parts": { "M": left } }));
    note(world, "persons", &json!({ "segment": number(20) }));
    readings(&merchants)
}

pub(super) async fn again(world: &World) -> Vec<Reading> {
    let (jo, merchants) = two(world).await;
    let removal = delivery("/facebook/deauthorize", &world.facebook.signed_leave(&jo));
    deliver(world, &removal).await;
    for page in pages_of(world).filter(|page| page.text("person").is_some()) {
        remove(world, key(&page), &["person"]).await;
    }
    let left = json!({ part(&merchants[1]): number(now() - 100) });
    let mut walk = json!({ "sealed_with": { "S": "k2" }, "parts": { "M": left } });
    walk["second"] = json!({ "BOOL": true });
    note(world, "resealing", &walk);
    note(world, "persons", &json!({ "begin_at": number(now()) }));
    readings(&merchants)
}

pub(super) async fn later(world: &World) -> Vec<Reading> {
    let (_, merchants) = two(world).await;
    let again_at = number(now());
    note(world, "resealing", &json!({ "sealed_with": { "S": "k2" }, "again_at": again_at }));
    note(world, "persons", &json!({ "done_at": number(now()) }));
    readings(&merchants)
}

pub(super) async fn received(world: &World) -> Vec<Reading> {
    let (_, merchants) = two(world).await;
    let (slot, ends) = (1_796_000_400, json!({ "N": (now() + 3600).to_string() }));
    note(world, &format!("received#{slot}"), &json!({ "succeeded": number(3), "failed": number(1), "ttl": ends }));
    let mut read_back: serde_json::Map<String, Value> = (0..64).map(|part| (format!("part_{part:02}"), number(7))).collect();
    read_back.insert("ttl".to_owned(), ends);
    note(world, "received#read_back", &read_back.into());
    readings(&merchants)
}

pub(super) async fn earlier(world: &World) -> Vec<Reading> {
    let (_, merchants) = two(world).await;
    let [acme, other] = &merchants;
    let mut walk = json!({ "sealed_with": { "S": "k2" }, "next": number(7) });
    walk["second"] = json!({ "BOOL": true });
    note(world, "resealing", &walk);
    note(world, "persons", &json!({ "done_at": number(1) }));
    // A store without what came later; an earlier doubt and an earlier Page of it.
    remove(world, [&acme.partition(), "store"], &["issued_at", "linked_ms", "checked_at"]).await;
    acme.token_ends().await;
    deliver(world, &acme.timeless("app/uninstalled").request()).await;
    remove(world, [&acme.partition(), "doubt"], &["request"]).await;
    let page = pages_of(world).find(|page| page.text("pk") == Some(&acme.partition()));
    let page = page.expect("a Page");
    remove(world, key(&page), &["thread_routing", "linked_ms", "messaging_reason"]).await;
    // One that is being erased, among the routine.
    let store = other.partition();
    set_text(world, [&store, "store"], "status", "erasing").await;
    remove(world, [&store, "store"], &["access_token", "refresh_token", "shop_id"]).await;
    other.is_due("store").await;
    readings(&merchants)
}
