//! Several numbers, accounts and stores.

use e2e::facebook::{AccountEvent, WhatsAppConsent};
use e2e::world::World;
use serde_json::json;

use crate::support::holder_of;
use crate::updates::{ASKED, ENDS, gone};
use crate::whatsapp::support::Shop;

#[tokio::test]
async fn numbers_of_another_account_stay_with_their_grant() {
    let shop = Shop::of(World::builder().whatsapp_apart()).await;
    let other_account = shop.world.facebook.add_account(&shop.business, "Outlet");
    let other = shop.world.facebook.add_number(&other_account, "+1 631-555-0150");
    assert_eq!(shop.links().await.status(), 200);
    shop.was_linked_before(60).await;
    shop.befalls(&AccountEvent::Removed).await;
    assert_eq!(shop.tokens(&shop.number).await["error"]["code"], "not_found");
    let entry = shop.entry(&other).await;
    assert_eq!((&entry["status"], entry["access_token"].is_string()), (&json!("active"), true));
    assert!(shop.grant().is_some() && shop.jobs().is_empty());
    assert_eq!(shop.events(), [gone(&shop.number, "app_removed")]);
}

#[tokio::test]
async fn all_numbers_of_an_account_end_together() {
    let shop = Shop::of(World::builder().whatsapp_apart()).await;
    let mut numbers = vec![shop.number.clone()];
    numbers.extend((0..44).map(|n| shop.world.facebook.add_number(&shop.waba, &format!("+1 631-555-{:04}", 2000 + n))));
    assert_eq!(shop.links().await.status(), 200);
    shop.was_linked_before(60).await;
    shop.befalls(&AccountEvent::Deleted).await;
    let mut told: Vec<_> = numbers.iter().map(|number| gone(number, "account_deleted")).collect();
    told.sort();
    assert_eq!((shop.events(), shop.grant().is_none(), shop.asked(ASKED)), (told, true, 1));
    assert!(numbers.iter().all(|number| holder_of(&shop.world, "phone", number).is_none()));
}

#[tokio::test]
async fn an_account_whose_numbers_two_stores_hold_ends_at_both() {
    let shop = Shop::linked_in(World::builder().whatsapp_apart()).await;
    let second = shop.adds_number();
    let (browser, other_uuid) = shop.other_store().await;
    let reply = shop.world.link_numbers(&browser, &WhatsAppConsent::of(&shop.business)).await;
    assert_eq!(reply.status(), 200, "{}", reply.text());
    assert_eq!(holder_of(&shop.world, "phone", &second), Some(other_uuid.clone()));
    shop.was_linked_before(60).await;
    let other = Shop { uuid: other_uuid, ..shop };
    other.was_linked_before(60).await;
    other.befalls(&AccountEvent::Removed).await;
    let mut told = vec![gone(&other.number, "app_removed"), gone(&second, "app_removed")];
    told.sort();
    assert_eq!(other.events(), told);
    for number in [&other.number, &second] {
        assert_eq!(holder_of(&other.world, "phone", number), None);
    }
    assert!(other.grant().is_none() && other.jobs().is_empty());
}

#[tokio::test]
async fn many_words_in_one_delivery_are_all_heeded() {
    let shop = Shop::of(World::builder().whatsapp_apart()).await;
    let accounts: Vec<String> = (0..20).map(|n| shop.world.facebook.add_account(&shop.business, &format!("Account {n}"))).collect();
    let numbers: Vec<String> = accounts.iter().map(|account| shop.world.facebook.add_number(account, "+1 631-555-0177")).collect();
    assert_eq!(shop.links().await.status(), 200);
    shop.was_linked_before(60).await;
    for account in &accounts {
        shop.world.facebook.edit_account(account, |account| account.error = Some(100));
    }
    let words = ENDS.map(|(event, _)| event);
    let changes = accounts.iter().zip(words.iter().cycle()).map(|(account, event)| shop.world.facebook.account_update(account, event));
    shop.deliver(&shop.world.facebook.whatsapp_webhook(changes.collect::<Vec<_>>())).await;
    assert_eq!(shop.events().len(), numbers.len());
    assert!(numbers.iter().all(|number| holder_of(&shop.world, "phone", number).is_none()));
    assert_eq!(shop.entry(&shop.number).await["status"], "active");
}

#[tokio::test]
async fn a_store_that_is_away_loses_its_numbers_too() {
    let shop = Shop::linked_before().await;
    let partition = format!("uuid#{}", shop.uuid);
    let uninstalled = aws_sdk_dynamodb::types::AttributeValue::S("uninstalled".to_owned());
    crate::support::set(&shop.world, "connections", &partition, Some("store"), "status", uninstalled).await;
    shop.befalls(&AccountEvent::Removed).await;
    assert!(shop.stored(&shop.number).is_none() && shop.grant().is_none());
}
