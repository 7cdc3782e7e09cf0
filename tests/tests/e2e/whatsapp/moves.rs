//! A number that another store holds moves where its owner's portfolio wants it, and nowhere else.

use e2e::browser::{Accept, Browser, Page};
use e2e::facebook::WhatsAppConsent;

use crate::support::{assert_error, holder_of, item};
use crate::whatsapp::support::{Shop, ids, warnings};

/// Asks to move a number, and consents for this portfolio.
async fn moves(shop: &Shop, browser: &Browser, consent: &WhatsAppConsent) -> Page {
    let asked = browser.copied().accepting(Accept::Json).get(&format!("/whatsapp/login?move={}", shop.number)).await;
    assert_error(&asked, 403, "forbidden");
    let login = browser.get(asked.json()["next"].as_str().unwrap()).await;
    assert_eq!(login.status(), 302, "{}", login.text());
    browser.get(&shop.world.facebook.approve_whatsapp(login.location(), consent)).await
}

#[tokio::test]
async fn a_number_that_another_store_holds_stays_until_its_owner_moves_it() {
    let shop = Shop::linked().await;
    let pin = shop.world.facebook.registrations(&shop.number)[0].pin.clone();
    let (browser, uuid) = shop.other_store().await;
    let refused = shop.world.link_numbers(&browser, &shop.consent()).await;
    assert_error(&refused, 409, "held_elsewhere");
    assert!(refused.json()["next"].as_str().unwrap().contains(&format!("move={}", shop.number)));
    assert!(!refused.text().contains(&shop.uuid));
    let asked = browser.copied().accepting(Accept::Html).get(&format!("/whatsapp/login?move={}", shop.number)).await;
    assert!(asked.text().contains("+1 631-555-0101 (Acme)"), "people know it by its number: {}", asked.text());
    shop.world.facebook.edit_number(&shop.number, |number| "DISCONNECTED".clone_into(&mut number.status));
    let moved = moves(&shop, &browser, &shop.consent()).await;
    assert_eq!((moved.status(), ids(&moved), warnings(&moved)), (200, vec![shop.number.clone()], vec![]), "{}", moved.text());
    assert_eq!(moved.json()["phone_numbers"]["data"][0]["moved"], true);
    assert_eq!(holder_of(&shop.world, "phone", &shop.number), Some(uuid.clone()));
    assert_eq!(shop.stored(&shop.number).unwrap().text("status"), Some("moved"));
    assert_eq!(shop.world.facebook.registrations(&shop.number).last().unwrap().pin, pin, "the PIN goes along");
    let companion = item(&shop.world, &format!("waba#{}", shop.waba), &format!("phone#{}", shop.number)).unwrap();
    assert_eq!(companion.text("uuid"), Some(uuid.as_str()));
    assert_eq!(shop.tokens(&shop.number).await["user_uuid"], uuid);
}

#[tokio::test]
async fn a_partner_that_an_account_is_shared_with_does_not_move_it() {
    let shop = Shop::linked().await;
    let partner = shop.world.facebook.add_business(&shop.person, "Agency");
    shop.world.facebook.edit_account(&shop.waba, |account| account.shared_with.extend([partner.clone()]));
    let (browser, _) = shop.other_store().await;
    let refused = moves(&shop, &browser, &WhatsAppConsent::of(&partner)).await;
    assert_error(&refused, 409, "held_elsewhere");
    assert_eq!(holder_of(&shop.world, "phone", &shop.number), Some(shop.uuid.clone()));
    assert_eq!((shop.asked("whatsapp_me"), shop.asked("whatsapp_account")), (1, 1));
}

#[tokio::test]
async fn an_account_whose_owner_can_not_be_read_stays() {
    let shop = Shop::linked().await;
    shop.world.facebook.edit_account(&shop.waba, |account| account.is_on_behalf = true);
    let (browser, _) = shop.other_store().await;
    assert_error(&moves(&shop, &browser, &shop.consent()).await, 409, "held_elsewhere");
}
