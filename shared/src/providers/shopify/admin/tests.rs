use super::*;
use crate::Vars;
use crate::scripted::{Scripted, outbound};

fn read_json(data: Value) -> Option<ShopData> {
    let Value::Object(data) = data else { panic!("no object") };
    read(data, &ShopDomain::parse("acme.myshopify.com").unwrap(), false)
}

#[test]
fn the_numeric_id_is_extracted_and_lists_are_flattened() {
    let data = read_json(json!({
        "shop": {"id": "gid://shopify/Shop/42", "name": "Acme", "myshopifyDomain": "acme.myshopify.com"},
        "products": {"nodes": [{"id": "p"}]}, "locations": {"nodes": []}, "discountNodes": {"nodes": []},
    }))
    .unwrap();
    assert_eq!((data.shop_id.as_deref(), data.name.as_deref(), data.partial), (Some("42"), Some("Acme"), false));
    assert_eq!(data.json["products"][0]["id"], "p");
}

#[test]
fn scopes_are_read_completely_or_not_at_all() {
    let read = |data: Value| data.as_object().and_then(read_scopes);
    let whole = json!({"currentAppInstallation": {"accessScopes": [{"handle": "read_products"}, {"handle": "write_orders"}]}});
    assert_eq!(read(whole), Some(vec!["read_products".to_owned(), "write_orders".to_owned()]));
    for broken in [json!({}), json!({"currentAppInstallation": null}), json!({"currentAppInstallation": {"accessScopes": [{"x": 1}]}})] {
        assert_eq!(read(broken), None);
    }
}

#[test]
fn another_shops_data_are_refused_and_a_malformed_id_is_no_id() {
    assert!(read_json(json!({"shop": {"id": "gid://shopify/Shop/1", "myshopifyDomain": "other.myshopify.com"}})).is_none());
    assert!(read_json(json!({"products": {}})).is_none());
    assert!(read_json(json!({"shop": {"id": 1, "myshopifyDomain": 7}})).is_none());
    let data = read_json(json!({"shop": {"id": "gid://shopify/Shop/1?x"}})).unwrap();
    assert_eq!((data.shop_id, data.partial), (None, true));
}

#[test]
fn a_missing_list_makes_the_data_partial() {
    let whole = json!({"shop": {}, "products": {"nodes": []}, "locations": {"nodes": []}, "discountNodes": {"nodes": []}});
    assert!(!read_json(whole.clone()).unwrap().partial);
    for list in ["products", "locations", "discountNodes"] {
        let mut data = whole.clone();
        data[list] = Value::Null;
        assert!(read_json(data).unwrap().partial, "{list}");
    }
}

#[test]
fn only_unfinished_lists_are_longer() {
    let list = |more: Value| json!({"nodes": [], "pageInfo": {"hasNextPage": more}});
    let data = read_json(json!({
        "shop": {}, "products": list(json!(true)), "locations": list(json!(false)), "discountNodes": {"nodes": []},
    }))
    .unwrap();
    assert_eq!(data.longer, ["products"]);
}

#[test]
fn errors_are_recognized_by_code_only() {
    let coded = |code: &str| json!({"message": "x", "extensions": {"code": code}});
    assert!(error_codes(&Value::Null).is_empty() && error_codes(&json!([])).is_empty());
    assert_eq!(error_codes(&json!([coded("THROTTLED"), coded("MAX_COST_EXCEEDED")])), ["THROTTLED", "MAX_COST_EXCEEDED"]);
    assert_eq!(error_codes(&json!([coded("No such"), {"message": "THROTTLED"}, "THROTTLED"])), ["UNKNOWN"; 3]);
    assert_eq!(error_codes(&json!("THROTTLED")), ["UNKNOWN"]);
}

async fn fetched(shopify: &Scripted) -> Result<ShopData, String> {
    let vars = [
        ("SHOPIFY_API_KEY", "key"),
        ("SHOPIFY_API_SECRET", "hush"),
        ("SHOPIFY_REDIRECT_URI", "https://link.example/shopify/callback"),
        ("SHOPIFY_ENDPOINT_URL", shopify.endpoint.as_str()),
    ];
    let app = App::from_vars(&Vars::from_pairs(vars)).unwrap();
    let shop = ShopDomain::parse("acme.myshopify.com").unwrap();
    let (outbound, access_token) = (outbound(), Secret::new("token"));
    let admin = Admin { app: &app, version: versions::DEFAULT, outbound: &outbound, shop: &shop, access_token: &access_token };
    admin.fetch_shop_data().await.map_err(|FetchError(cause)| cause)
}

fn reply(errors: Value) -> (u16, String) {
    let data = json!({"shop": {"name": "Acme"}, "products": {"nodes": []}, "locations": {"nodes": []}, "discountNodes": {"nodes": []}});
    (200, json!({ "data": data, "errors": errors }).to_string())
}

fn too_costly() -> (u16, String) {
    (200, json!({"errors": [{"extensions": {"code": "MAX_COST_EXCEEDED"}}]}).to_string())
}

/// The sizes requested each time, products and variants.
fn sizes(shopify: &Scripted) -> Vec<(u64, u64)> {
    let size = |body: &String| {
        let variables = &serde_json::from_str::<Value>(body).unwrap()["variables"];
        (variables["products"].as_u64().unwrap(), variables["variants"].as_u64().unwrap())
    };
    shopify.asked().iter().map(size).collect()
}

#[tokio::test]
async fn a_query_that_costs_too_much_is_retried_once_and_smaller() {
    let shopify = Scripted::new(vec![too_costly(), reply(Value::Null)]);
    assert_eq!(fetched(&shopify).await.unwrap().name.as_deref(), Some("Acme"));
    assert_eq!(sizes(&shopify), [(20, 10), (10, 5)]);
    let shopify = Scripted::new(vec![too_costly(), too_costly(), reply(Value::Null)]);
    assert_eq!(fetched(&shopify).await.unwrap_err(), "no shop in the answer, errors [\"MAX_COST_EXCEEDED\"]");
    assert_eq!(sizes(&shopify), [(20, 10), (10, 5)]);
}

#[tokio::test]
async fn data_beside_an_error_are_partial() {
    for (errors, partial) in [(Value::Null, false), (json!([{"extensions": {"code": "ACCESS_DENIED"}}]), true)] {
        let shopify = Scripted::new(vec![reply(errors)]);
        assert_eq!(fetched(&shopify).await.unwrap().partial, partial);
        assert_eq!(sizes(&shopify), [(20, 10)]);
    }
}
