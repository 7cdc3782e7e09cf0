//! Numbers are registered with a PIN of ours, which is the same ever after, and few tries are made.

use e2e::facebook::MERCHANTS_PIN;
use e2e::faults::{Fault, Times};

use crate::support::{case, number, set};
use crate::whatsapp::support::Shop;

#[tokio::test]
async fn each_refusal_has_its_reason_and_the_link_stands() {
    for (error, reason) in [
        (133_005, "pin_required"),
        (133_008, "pin_required"),
        (133_015, "rate_limited"),
        (133_016, "rate_limited"),
        (131_031, "account_restricted"),
        (133_006, "not_verified"),
        (133_010, "not_registered"),
        (131_045, "not_registered"),
        (133_000, "not_checked"),
    ] {
        case(error);
        let shop = Shop::open().await;
        shop.world.facebook.edit_number(&shop.number, |number| number.registration_error = Some(error));
        let reply = shop.links().await;
        assert_eq!(reply.status(), 200);
        let told = &reply.json()["phone_numbers"]["data"][0];
        assert_eq!((&told["messaging_ready"], told["messaging_reason"].as_str()), (&serde_json::json!(false), Some(reason)));
        assert_eq!(shop.reason(&shop.number).as_deref(), Some(reason));
        assert_eq!(shop.tokens(&shop.number).await["phone_numbers"][0]["messaging_reason"], reason);
    }
}

#[tokio::test]
async fn what_the_number_says_itself_costs_no_try() {
    let shop = Shop::open().await;
    let banned = shop.adds_number();
    shop.world.facebook.edit_number(&shop.number, |number| "NOT_VERIFIED".clone_into(&mut number.code_verification_status));
    shop.world.facebook.edit_number(&banned, |number| "BANNED".clone_into(&mut number.status));
    assert_eq!(shop.links().await.status(), 200);
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("not_verified"));
    assert_eq!(shop.reason(&banned).as_deref(), Some("account_restricted"));
    assert_eq!(shop.asked("whatsapp_register"), 0);
}

#[tokio::test]
async fn a_subscription_that_is_not_kept_is_told() {
    let shop = Shop::open().await;
    shop.world.facebook.set_whatsapp_quirks([e2e::facebook::WhatsAppQuirk::SubscriptionNotKept(shop.waba.clone())]);
    assert_eq!(shop.links().await.status(), 200);
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("not_subscribed"));
}

#[tokio::test]
async fn the_pin_is_stored_sealed_before_it_is_sent_and_is_the_same_ever_after() {
    let shop = Shop::open().await;
    // The call gets lost, and with it whether the PIN was set.
    shop.world.facebook.switch_on("whatsapp_register", Fault::LostReply, Times::Once);
    assert_eq!(shop.links().await.status(), 200);
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("not_checked"));
    let [pin] = &shop.pins()[..] else { panic!("one PIN") };
    let [first] = &shop.world.facebook.registrations(&shop.number)[..] else { panic!("one try") };
    let text = serde_json::to_string(&pin.attributes).unwrap();
    for known in [&first.pin, &shop.number, &shop.uuid, &shop.waba] {
        assert!(!text.contains(known.as_str()), "{known}");
    }
    // Deregistered elsewhere, the number asks for the PIN that it got.
    shop.world.facebook.edit_number(&shop.number, |number| "DISCONNECTED".clone_into(&mut number.status));
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    let tries = shop.world.facebook.registrations(&shop.number);
    assert_eq!((tries.len(), &tries[1].pin, tries[1].error), (2, &tries[0].pin, None));
    assert!(shop.is_ready(&shop.number));
}

#[tokio::test]
async fn six_tries_of_three_days_are_made_whoever_makes_them() {
    let shop = Shop::open().await;
    shop.world.facebook.edit_number(&shop.number, |number| number.registration_error = Some(133_000));
    for _ in 0..7 {
        shop.signs_in().await;
        assert_eq!(shop.links().await.status(), 200);
    }
    assert_eq!(shop.world.facebook.registrations(&shop.number).len(), 6);
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("rate_limited"));
    shop.kept().await;
    assert_eq!(shop.world.facebook.registrations(&shop.number).len(), 6, "the keeper's count as well");
}

#[tokio::test]
async fn a_pin_outlives_its_link_by_ninety_days() {
    let shop = Shop::linked().await;
    let first = shop.world.facebook.registrations(&shop.number)[0].pin.clone();
    shop.signs_in().await;
    shop.disconnects(&shop.number).await;
    let [pin] = &shop.pins()[..] else { panic!("it is kept") };
    let ttl: u64 = pin.text("ttl").unwrap().parse().unwrap();
    let now = u64::try_from(shop.world.facebook.now()).unwrap();
    assert!(ttl.abs_diff(now + 90 * 24 * 3600) < 60, "{ttl}");
    // Linked again it is held again.
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    assert_eq!(shop.pins()[0].text("ttl"), None);
    // Over, it is none: another one is made.
    let pk = shop.pins()[0].text("pk").unwrap().to_owned();
    set(&shop.world, "connections", &pk, Some("pin"), "ttl", number(1)).await;
    shop.world.facebook.set_pin(&shop.number, None);
    shop.world.facebook.edit_number(&shop.number, |number| "PENDING".clone_into(&mut number.status));
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    assert_ne!(shop.world.facebook.registrations(&shop.number).last().unwrap().pin, first);
}

#[tokio::test]
async fn a_number_with_its_own_pin_waits_for_its_merchant() {
    let shop = Shop::open().await;
    shop.world.facebook.set_pin(&shop.number, Some(MERCHANTS_PIN));
    assert_eq!(shop.links().await.status(), 200);
    assert_eq!(shop.reason(&shop.number).as_deref(), Some("pin_required"));
    for _ in 0..3 {
        shop.kept().await;
    }
    assert_eq!(shop.world.facebook.registrations(&shop.number).len(), 1, "the keeper does not guess");
    shop.world.facebook.set_pin(&shop.number, None);
    shop.kept().await;
    assert!(shop.is_ready(&shop.number), "switched off, there is nothing to guess");
}
