//! What the merchant sees after connecting the store.

use serde_json::{Value, json};
use shared::{
    connections::Overview,
    facts::Found,
    pages::{Count, StoreConnected},
    platform::AccountKind,
    providers::{
        NEXT,
        shopify::{App, ShopDomain, admin::ShopData},
    },
    reply::Reply,
    request::Request,
    store::records::Identity,
    texts::ENGLISH,
};
use uuid::Uuid;

/// A valid link.
pub(crate) struct Linked<'a> {
    pub(crate) user_uuid: Uuid,
    pub(crate) scope: &'a str,
    /// The link is valid without them.
    pub(crate) data: Option<&'a ShopData>,
    /// What was linked before.
    pub(crate) listing: Option<&'a Identity>,
    /// What can be connected to it.
    pub(crate) offered: &'a [&'static AccountKind],
}

/// The reply to a valid link. Merchants whose accounts are already connected see them, as after a
/// launch from the store's admin; others connect accounts next.
pub(crate) fn linked(request: &Request, shop: &ShopDomain, app: &App, linked: &Linked<'_>) -> Reply {
    let Linked { user_uuid, scope, data, listing, offered } = *linked;
    let warning = match data {
        None => Some(("shop_data_unavailable", ENGLISH.store_connected.nothing_read)),
        Some(data) if data.partial => Some(("shop_data_partial", ENGLISH.store_connected.partly_read)),
        Some(_) => None,
    };
    let warnings: Vec<Value> = warning.into_iter().map(|(code, detail)| json!({ "code": code, "detail": detail })).collect();
    let body = json!({
        "user_uuid": user_uuid.to_string(),
        "shop": shop.as_str(),
        "scope": scope,
        "shopify_data": data.map_or(Value::Null, |data| data.json.clone()),
        "warnings": warnings,
        "next": format!("/{}/login", NEXT.platform.name),
    });
    match listing.filter(|listing| listing.holds_accounts()) {
        Some(listing) => Reply::ok(request, &Overview { listing, app, app_ids: &[], offered }.page(None, None), &body),
        None => Reply::ok(request, &page(shop, data, offered), &body),
    }
}

fn page(shop: &ShopDomain, data: Option<&ShopData>, offered: &[&'static AccountKind]) -> StoreConnected {
    let counted = |(found, key): (Found, &str)| {
        let data = data?;
        let number = data.json.get(key)?.as_array()?.len();
        Some((found, Count { number, more: data.longer.contains(&key) }))
    };
    StoreConnected {
        domain: shop.as_str().to_owned(),
        name: data.and_then(|data| data.name.clone()),
        found: [(Found::Products, "products"), (Found::Locations, "locations"), (Found::Discounts, "discounts")]
            .into_iter()
            .filter_map(counted)
            .collect(),
        partial: data.is_none_or(|data| data.partial),
        next: NEXT,
        others: offered.iter().copied().filter(|kind| *kind != NEXT).collect(),
    }
}
