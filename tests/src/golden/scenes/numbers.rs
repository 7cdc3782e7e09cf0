//! WhatsApp numbers, in each state that is written down.

use serde_json::json;

use super::super::play::now;
use super::super::reading::Reading;
use super::super::stage::{Merchant, deliver, read_leave};
use crate::facebook::{AccountEvent, MERCHANTS_PIN, WhatsAppConsent};
use crate::faults::{Fault, Times};
use crate::gate::until;
use crate::world::World;

/// A portfolio with a number of its own; returns their ids, with the account's between them.
fn portfolio(world: &World, person: &str, name: &str) -> (String, String, String) {
    let business = world.facebook.add_business(person, name);
    let account = world.facebook.add_account(&business, name);
    let number = world.facebook.add_number(&account, "+1 631-555-0101");
    (business, account, number)
}

pub(super) async fn reach(world: &World) -> Vec<Reading> {
    let jo = world.facebook.add_person("Jo Doe");
    let (first, _, gone) = portfolio(world, &jo, "Acme Inc.");
    let (second, _, waiting) = portfolio(world, &jo, "Outlet Inc.");
    let (third, doubted_account, doubted) = portfolio(world, &jo, "Studio Inc.");
    world.facebook.set_pin(&waiting, Some(MERCHANTS_PIN));
    let acme = Merchant::links(world, "acme").await;
    for business in [&first, &second, &third] {
        let linked = world.link_numbers(&acme.browser, &WhatsAppConsent::of(business)).await;
        assert_eq!(linked.status(), 200, "{}", linked.text());
    }
    world.facebook.switch_on("whatsapp_unsubscribe", Fault::ServerError500, Times::UntilCleared);
    acme.disconnects("whatsapp", &gone).await;
    world.facebook.clear_faults();

    // A word is of what was linked in an earlier second.
    let linked_at = now();
    until("the next second", || now() > linked_at).await;
    world.facebook.switch_on("whatsapp_account", Fault::ServerError500, Times::UntilCleared);
    deliver(world, &world.facebook.account_event(&doubted_account, &AccountEvent::Removed).request()).await;
    world.facebook.clear_faults();
    vec![
        Reading::tokens(json!({ "phone_number_id": waiting })),
        Reading::tokens(json!({ "phone_number_id": gone })),
        Reading::tokens(json!({ "phone_number_id": doubted })),
        acme.read_tokens(),
        acme.read_list(),
        Reading::keeper(),
        Reading::tokens(json!({ "phone_number_id": doubted })),
        acme.read_disconnect("whatsapp", &waiting).await,
        acme.read_list(),
        read_leave("/facebook/data-deletion", &jo, 0),
        Reading::keeper(),
        acme.relinks(),
    ]
}
