use super::*;

const HOURS: u64 = 3600;

#[tokio::test]
async fn a_pin_is_set_once_and_has_to_be_the_same_ever_after() {
    let shop = open();
    let token = shop.token().await;
    assert_eq!(shop.register(&token, "111111").await.0, 200);
    assert_eq!(shop.register(&token, "111111").await.0, 200, "again, with the same");
    let wrong = shop.register(&token, "222222").await;
    assert!(is_error(&wrong, 400, 133_005, None), "{}", wrong.1);
    assert_eq!(wrong.1["error"]["error_data"]["messaging_product"], "whatsapp");
    shop.facebook().set_pin(&shop.number, None);
    assert_eq!(shop.register(&token, "222222").await.0, 200, "switched off by the merchant");
    let tried: Vec<_> = shop.facebook().registrations(&shop.number).into_iter().map(|tried| (tried.pin, tried.error)).collect();
    let expected = [("111111", None), ("111111", None), ("222222", Some(133_005)), ("222222", None)];
    assert_eq!(tried, expected.map(|(pin, error)| (pin.to_owned(), error)));
}

#[tokio::test]
async fn guesses_end_and_can_be_too_fast() {
    let shop = open();
    let token = shop.token().await;
    shop.facebook().set_pin(&shop.number, Some("271828"));
    shop.facebook().edit_number(&shop.number, |number| number.guess_pause_seconds = 5);
    assert!(is_error(&shop.register(&token, "000000").await, 400, 133_005, None));
    assert!(is_error(&shop.register(&token, "271828").await, 400, 133_009, None), "the right one, too fast");
    shop.facebook().edit_number(&shop.number, |number| number.guess_pause_seconds = 0);
    for _ in 0..4 {
        assert!(is_error(&shop.register(&token, "000000").await, 400, 133_005, None));
    }
    assert!(is_error(&shop.register(&token, "271828").await, 400, 133_008, None));
    shop.facebook().advance_clock(Duration::from_secs(HOURS));
    assert_eq!(shop.register(&token, "271828").await.0, 200);
}

#[tokio::test]
async fn ten_tries_in_three_days_are_all() {
    let shop = open();
    let token = shop.token().await;
    for _ in 0..10 {
        assert_eq!(shop.register(&token, "111111").await.0, 200);
    }
    assert!(is_error(&shop.register(&token, "111111").await, 400, 133_016, None));
    shop.facebook().advance_clock(Duration::from_secs(71 * HOURS));
    assert!(is_error(&shop.register(&token, "111111").await, 400, 133_016, None));
    shop.facebook().advance_clock(Duration::from_secs(HOURS));
    assert_eq!(shop.register(&token, "111111").await.0, 200, "what was refused for it does not count");
    assert_eq!(shop.facebook().registrations(&shop.number).len(), 13);
}

#[tokio::test]
async fn a_number_can_be_refused_for_what_it_is() {
    let shop = open();
    let token = shop.token().await;
    let body = json!({ "messaging_product": "whatsapp", "pin": "111111" });
    let path = format!("{}/register", shop.number);
    for wrong in [json!({ "pin": "111111" }), json!({ "messaging_product": "whatsapp", "pin": "11111" })] {
        assert!(is_error(&shop.call(Method::POST, &path, &token, wrong).await, 400, 100, None));
    }
    shop.facebook().edit_number(&shop.number, |number| "EXPIRED".clone_into(&mut number.code_verification_status));
    assert!(is_error(&shop.register(&token, "111111").await, 400, 133_006, None));
    for error in [133_015, 133_000, 133_004] {
        shop.facebook().edit_number(&shop.number, |number| number.registration_error = Some(error));
        assert!(is_error(&shop.register(&token, "111111").await, 400, error, None));
    }
    shop.facebook().edit_account(&shop.account, |account| account.is_locked = true);
    assert!(is_error(&shop.register(&token, "111111").await, 400, 131_031, None));
    assert!(shop.facebook().number(&shop.number).pin.is_none(), "none of them set it");
    shop.facebook().take_back_from_business(&shop.business, "whatsapp_business_messaging");
    assert!(is_error(&shop.call(Method::POST, &path, &token, body).await, 403, 200, None));
    assert_eq!(shop.facebook().registrations(&shop.number).len(), 5, "what never came to the number is no try");
}

#[tokio::test]
async fn a_number_is_deregistered_and_keeps_its_pin() {
    let shop = open();
    let token = shop.token().await;
    assert_eq!(shop.register(&token, "111111").await.0, 200);
    let path = format!("{}/deregister", shop.number);
    assert_eq!(shop.call(Method::POST, &path, &token, Value::Null).await.0, 200);
    let number = shop.facebook().number(&shop.number);
    assert_eq!((&*number.status, number.pin.as_deref()), ("DISCONNECTED", Some("111111")));
    shop.facebook().edit_number(&shop.number, |number| number.is_on_biz_app = true);
    assert!(is_error(&shop.call(Method::POST, &path, &token, Value::Null).await, 400, 100, None));
}
