//! WhatsApp numbers, in each state that is written down.

use serde_json::json;

use super::super::reading::Reading;
use super::super::stage::{Merchant, deliver, forget_note, read_leave};
use crate::facebook::{AccountEvent, MERCHANTS_PIN, WhatsAppConsent};
use crate::faults::{Fault, Times};
use crate::world::World;

/// A portfolio with an account of one number; returns the ids of all three.
fn portfolio(world: &World, person: &str, name: &str) -> [String; 3] {
    let business = world.facebook.add_business(person, name);
    let account = world.facebook.add_account(&business, name);
    let number = world.facebook.add_number(&account, "+1 631-555-0101");
    [business, account, number]
}

pub(super) async fn reach(world: &World) -> Vec<Reading> {
    let jo = world.facebook.add_person("Jo Doe");
    let [first, _, gone] = portfolio(world, &jo, "Acme Inc.");
    let [second, doubted, waiting] = portfolio(world, &jo, "Outlet Inc.");
    world.facebook.set_pin(&waiting, Some(MERCHANTS_PIN));
    let acme = Merchant::links(world, "acme").await;
    for business in [&first, &second] {
        let linked = world.link_numbers(&acme.browser, &WhatsAppConsent::of(business)).await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
    }
    world.facebook.switch_on("whatsapp_unsubscribe", Fault::ServerError500, Times::UntilCleared);
    acme.disconnects("whatsapp", &gone).await;
    // What is said of an account is about a link of before, and can't be asked for.
    let before = u64::try_from(world.facebook.now()).unwrap_or_default() - 60;
    acme.set(&format!("phone#{waiting}"), "linked_at", before).await;
    acme.set(&format!("phone#{waiting}"), "linked_ms", before * 1000).await;
    world.facebook.switch_on("whatsapp_account", Fault::ServerError500, Times::UntilCleared);
    let removed = world.facebook.account_update(&doubted, &AccountEvent::Removed);
    deliver(world, &world.facebook.whatsapp_webhook([removed]).request()).await;
    // How deliveries went is named by the half-hour, and another scene's.
    for item in world.database.scan("connections") {
        if let Some(sk) = item.text("sk").filter(|sk| sk.starts_with("received#")) {
            forget_note(world, sk).await;
        }
    }
    world.facebook.clear_faults();
    vec![
        Reading::tokens(json!({ "phone_number_id": waiting })),
        Reading::tokens(json!({ "phone_number_id": gone })),
        acme.read_tokens(),
        acme.read_list(),
        Reading::keeper(),
        acme.read_disconnect("whatsapp", &waiting).await,
        acme.read_list(),
        read_leave("/facebook/data-deletion", &jo, 0),
        Reading::keeper(),
        acme.relinks(),
    ]
}
