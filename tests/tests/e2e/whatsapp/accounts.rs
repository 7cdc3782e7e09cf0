//! Which accounts a token was granted for, and what becomes of those that can't be linked.

use e2e::facebook::{Targets, WhatsAppQuirk};

use crate::support::{assert_error, case};
use crate::whatsapp::support::{Shop, ids, warnings};

const MANAGEMENT: &str = "whatsapp_business_management";
const MESSAGING: &str = "whatsapp_business_messaging";

fn these<const N: usize>(ids: [&str; N]) -> Targets {
    Targets::These(ids.map(str::to_owned).to_vec())
}

#[tokio::test]
async fn numbers_as_targets_are_read_like_texts() {
    let shop = Shop::open().await;
    shop.world.facebook.set_whatsapp_quirks([WhatsAppQuirk::NumericTargets, WhatsAppQuirk::TypeUser, WhatsAppQuirk::WholeReply]);
    let reply = shop.links().await;
    assert_eq!((reply.status(), ids(&reply)), (200, vec![shop.number.clone()]));
}

#[tokio::test]
async fn without_the_permission_for_messages_nothing_is_linked() {
    for targets in [None, Some(these([]))] {
        case(&targets);
        let shop = Shop::open().await;
        // A first consent makes the grant.
        let login = shop.browser.get("/whatsapp/login").await;
        let callback = shop.world.facebook.approve_whatsapp(login.location(), &shop.consent());
        match targets {
            None => shop.world.facebook.take_back_from_business(&shop.business, MESSAGING),
            Some(none) => shop.world.facebook.set_targets(&shop.business, MESSAGING, none),
        }
        let reply = shop.browser.get(&callback).await;
        assert_error(&reply, 403, "missing_permission");
        assert!(reply.json()["next"].as_str().unwrap().starts_with("/whatsapp/login?shop=acme.myshopify.com"));
        assert!(shop.grant().is_none());
    }
}

#[tokio::test]
async fn without_any_targets_there_is_no_number() {
    let shop = Shop::open().await;
    let callback = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
    for permission in [MANAGEMENT, MESSAGING] {
        shop.world.facebook.set_targets(&shop.business, permission, Targets::Unnamed);
    }
    assert_error(&shop.browser.get(&callback).await, 403, "no_phone_number");
    assert_eq!(shop.links().await.status(), 403, "and the session stays");
}

#[tokio::test]
async fn an_account_without_messages_is_left_out_with_a_word() {
    let shop = Shop::open().await;
    let outlet = shop.world.facebook.add_account(&shop.business, "Outlet");
    shop.world.facebook.add_number(&outlet, "+1 631-555-0102");
    let callback = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
    shop.world.facebook.set_targets(&shop.business, MESSAGING, these([&shop.waba]));
    let reply = shop.browser.get(&callback).await;
    assert_eq!((reply.status(), ids(&reply)), (200, vec![shop.number.clone()]), "{}", reply.text());
    assert_eq!(warnings(&reply), [("missing_permission".to_owned(), outlet)]);
}

#[tokio::test]
async fn an_account_with_an_error_of_its_own_is_left_out() {
    for error in [10, 33, 100, 200] {
        case(error);
        let shop = Shop::open().await;
        let outlet = shop.world.facebook.add_account(&shop.business, "Outlet");
        shop.world.facebook.add_number(&outlet, "+1 631-555-0102");
        shop.world.facebook.edit_account(&outlet, |account| account.error = Some(error));
        let reply = shop.links().await;
        assert_eq!((reply.status(), ids(&reply)), (200, vec![shop.number.clone()]), "{}", reply.text());
        assert_eq!(warnings(&reply), [("account_unreadable".to_owned(), outlet)]);
    }
}

#[tokio::test]
async fn where_no_account_can_be_read_there_is_no_number() {
    let shop = Shop::open().await;
    shop.world.facebook.edit_account(&shop.waba, |account| account.error = Some(200));
    assert_error(&shop.links().await, 403, "no_phone_number");
}

#[tokio::test]
async fn what_is_beyond_one_flow_is_told() {
    let shop = Shop::open().await;
    for number in 0..260 {
        shop.world.facebook.add_number(&shop.waba, &format!("+1 631-556-{number:04}"));
    }
    let reply = shop.links().await;
    assert_eq!((reply.status(), ids(&reply).len()), (200, 250));
    let beyond = warnings(&reply).into_iter().filter(|(code, _)| code == "too_many").count();
    assert_eq!(beyond, 11);
}
