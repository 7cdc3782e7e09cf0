use super::*;
use serde_json::json;
use shared::providers::{
    PLATFORMS,
    facebook::{INSTAGRAM, PAGE},
    whatsapp::PHONE,
};

fn read(payload: &Value) -> Result<Wanted, Error> {
    Wanted::read(payload, PLATFORMS)
}

#[test]
fn exactly_one_id_is_accepted() {
    assert_eq!(read(&json!({"page_id": "12"})).unwrap(), Wanted::Account(AccountId::parse(&PAGE, "12").unwrap()));
    let acme = ShopDomain::parse("acme.myshopify.com").unwrap();
    assert_eq!(read(&json!({"shop": "ACME.myshopify.com"})).unwrap(), Wanted::Shop(acme));
    let uuid = "0a6f9dc8-5a84-4e6a-8f3e-3a2b6a2d7f10";
    assert_eq!(read(&json!({"user_uuid": uuid})).unwrap(), Wanted::Identity(uuid.parse().unwrap()));
    assert_eq!(read(&json!({"instagram_id": "12"})).unwrap(), Wanted::Companion(CompanionId::parse(&INSTAGRAM, "12").unwrap()));
    assert_eq!(read(&json!({"phone_number_id": "12"})).unwrap(), Wanted::Account(AccountId::parse(&PHONE, "12").unwrap()));
    for payload in [
        json!({"instagram_id": "a"}),
        json!({"waba_id": "12"}),
        json!({"phone_number_id": 12}),
        json!({"page_id": "12", "instagram_id": "12"}),
        json!(null),
        json!([]),
        json!("12"),
        json!({}),
        json!({"page_id": 12}),
        json!({"page_id": ""}),
        json!({"page_id": "12a"}),
        json!({"page_id": "12", "shop": "acme.myshopify.com"}),
        json!({"page_id": "12", "else": 1}),
        json!({"shop": "acme"}),
        json!({"shop": "acme.myshopify.com.evil.example"}),
        json!({"user_uuid": "acme"}),
        json!({"user": "acme"}),
    ] {
        assert_eq!(read(&payload).unwrap_err().code, Code::InvalidRequest, "{payload}");
    }
}
