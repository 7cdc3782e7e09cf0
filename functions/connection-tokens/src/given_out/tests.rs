use super::*;
use serde_json::json;
use shared::providers::PLATFORMS;

fn marks(range: std::ops::Range<usize>) -> impl Iterator<Item = String> {
    range.map(|number| number.to_string())
}

#[test]
fn only_accounts_whose_token_leaves_are_logged() {
    let reply = json!({
        "shops": [{"shop": "a.myshopify.com", "access_token": null}, {"shop": "b.myshopify.com", "access_token": "t"}],
        "pages": [{"page_id": "1", "access_token": "t"}, {"page_id": "2"}],
        "phone_numbers": [],
    });
    assert_eq!(accounts(&reply, PLATFORMS).collect::<Vec<_>>(), [("shopify", "b.myshopify.com"), ("facebook", "1")]);
    assert_eq!(accounts(&json!({"error": {}}), PLATFORMS).count(), 0);
}

#[test]
fn an_account_is_logged_once_in_fifteen_minutes() {
    let mut told = Told::default();
    assert_eq!(told.news(marks(0..2), 1000), ["0", "1"]);
    assert_eq!(told.news(marks(0..3), 1899), ["2"]);
    assert_eq!(told.news(marks(0..3), 1900), ["0", "1"]);
}

#[test]
fn memory_is_bounded_and_no_account_goes_unlogged() {
    let mut told = Told::default();
    assert_eq!(told.news(marks(0..MOST), 1000).len(), MOST);
    assert_eq!(told.news(marks(0..MOST), 1001).len(), 0);
    assert_eq!(told.news(marks(MOST..MOST + 1), 1001).len(), 1, "no room: the others are forgotten");
    assert_eq!((told.0.len(), told.news(marks(0..MOST - 1), 1001).len()), (1, MOST - 1));
    assert_eq!(told.news(marks(0..MOST), 5000).len(), MOST);
    assert!(told.0.len() <= MOST);
}
