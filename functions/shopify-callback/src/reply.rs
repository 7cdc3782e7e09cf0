//! What the merchant sees once the store is connected.

use serde_json::{Value, json};
use shared::{
    next::NextStep,
    providers::shopify::{ShopDomain, admin::ShopData},
    reply::{Item, Page, Reply},
    request::Request,
};

use crate::Callback;

/// The reply to a link that stands; without `data` the link stands all the same.
pub(crate) fn linked(request: &Request, callback: &Callback, user_uuid: impl ToString, scope: &str, data: Option<&ShopData>) -> Reply {
    let shop = &callback.shop;
    let next = if callback.moving { NextStep::facebook_move(shop.as_str()) } else { NextStep::facebook_login(shop.as_str()) };
    let warnings = match data {
        None => vec![json!({"code": "shop_data_unavailable", "detail": "The store is connected, but its data could not be read yet."})],
        Some(data) if data.partial => {
            vec![json!({"code": "shop_data_partial", "detail": "The store is connected, but some of its data could not be read."})]
        }
        Some(_) => Vec::new(),
    };
    let body = json!({
        "user_uuid": user_uuid.to_string(),
        "shop": shop.as_str(),
        "scope": scope,
        "shopify_data": data.map_or(Value::Null, |data| data.json.clone()),
        "warnings": warnings,
        "next": "/facebook/login",
    });
    Reply::ok(request, &page(shop, data).leading_to(next), &body)
}

fn page(shop: &ShopDomain, data: Option<&ShopData>) -> Page {
    let count = |key: &str| data.and_then(|data| data.json.get(key)?.as_array()).map(Vec::len);
    let name = data.and_then(|data| data.name.as_deref()).unwrap_or(shop.as_str());
    let found = [("products", "Products"), ("locations", "Locations"), ("discounts", "Discounts")]
        .into_iter()
        .filter_map(|(key, label)| count(key).map(|count| Item::new(label, count.to_string())));
    let page = Page::new("Your store is connected").items([Item::new(name, shop.as_str())]).items(found);
    let page = match data {
        Some(_) => page,
        None => page.paragraph("Its products could not be read yet; that does not matter for the connection."),
    };
    page.paragraph("One step is left: choose the Facebook Pages on which the assistant answers your customers.")
}
