//! A store and what is in it, as the Admin API would tell it.

use serde_json::{Value, json};

use super::product::{self, Product};
use super::storefront::Throttling;

/// A store. Its lists hold objects as the Admin API returns them, a connection within as `{"@nodes": [...]}`.
#[derive(Clone, Debug)]
pub struct Shop {
    /// The `.myshopify.com` domain.
    pub domain: String,
    /// The numeric id, which stays when the domain changes.
    pub id: u64,
    /// The store's name.
    pub name: String,
    /// Three-letter currency code.
    pub currency: String,
    /// See [`Shop::product`].
    pub products: Vec<Value>,
    /// Objects of type `Location`.
    pub locations: Vec<Value>,
    /// Objects of type `DiscountNode`.
    pub discounts: Vec<Value>,
    /// Whether the store can be used at all.
    pub condition: Condition,
    /// Where customers find it, without a slash at the end.
    pub origin: String,
    /// Whether customers need a password.
    pub is_protected: bool,
    /// How its catalog refuses the next so many questions.
    pub(super) throttled: Option<(Throttling, u32)>,
}

/// Whether a store's Admin API answers (shopify.dev, response codes).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// As usual.
    Open,
    /// 402: the merchant hasn't paid.
    Frozen,
    /// 423.
    Locked,
    /// 404: the merchant has closed the store.
    Closed,
}

impl Shop {
    /// A small store: a dozen active products, one draft, two locations, two discounts. The id is derived from the domain.
    #[must_use]
    pub fn new(domain: &str) -> Self {
        Self::at(domain, format!("https://{domain}"))
    }

    /// The same, found by customers elsewhere.
    pub(super) fn at(domain: &str, origin: String) -> Self {
        let handle = domain.split('.').next().unwrap_or_default();
        let id = numeric_id(domain);
        let mut name = handle.replace('-', " ");
        name.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
        let mut shop = Self {
            domain: domain.to_owned(),
            id,
            name: format!("{name} Store"),
            currency: "EUR".to_owned(),
            products: Vec::new(),
            locations: Vec::new(),
            discounts: Vec::new(),
            condition: Condition::Open,
            origin,
            is_protected: false,
            throttled: None,
        };
        shop.sell(&product::assortment());
        shop.locations = vec![shop.location(1, "Warehouse", "Berlin"), shop.location(2, "Shop floor", "Hamburg")];
        shop.discounts = vec![
            shop.discount(1, "DiscountCodeBasic", "Welcome", "ACTIVE"),
            shop.discount(2, "DiscountAutomaticBasic", "Autumn sale", "EXPIRED"),
        ];
        shop
    }

    /// Sells these and nothing else.
    pub fn sell(&mut self, products: &[Product]) {
        self.products = (1..).zip(products).map(|(number, product)| self.product(number, product)).collect();
    }

    /// What customers may see.
    pub(super) fn published(&self) -> impl Iterator<Item = &Value> {
        self.products.iter().filter(|product| product["status"] == "ACTIVE")
    }

    /// The store's global id.
    #[must_use]
    pub fn gid(&self) -> String {
        format!("gid://shopify/Shop/{}", self.id)
    }

    pub(super) fn location(&self, number: u64, name: &str, city: &str) -> Value {
        json!({
            "__typename": "Location",
            "id": format!("gid://shopify/Location/{}", self.id * 100 + number), "name": name, "isActive": true,
            "fulfillsOnlineOrders": number == 1,
            "address": {
                "__typename": "LocationAddress", "formatted": ["Street 1", city, "Germany"], "address1": "Street 1",
                "city": city, "country": "Germany", "countryCode": "DE", "zip": "10115",
            },
        })
    }

    fn discount(&self, number: u64, kind: &str, title: &str, status: &str) -> Value {
        let ends_at = if status == "EXPIRED" { json!("2026-09-30T00:00:00Z") } else { Value::Null };
        let code = json!({"__typename": "DiscountRedeemCode", "code": format!("{}10", title.to_uppercase())});
        json!({
            "__typename": "DiscountNode",
            "id": format!("gid://shopify/DiscountNode/{}", self.id * 100 + number),
            "discount": {
                "__typename": kind, "title": title, "status": status, "summary": "10% off",
                "startsAt": "2026-09-01T00:00:00Z", "endsAt": ends_at, "usageLimit": null,
                "appliesOncePerCustomer": true, "codes": {"@nodes": [code]},
            },
        })
    }

    /// Everything an operation can begin with.
    pub(super) fn root(&self, granted: &[String]) -> Value {
        let handle = |scope: &String| json!({"__typename": "AccessScope", "handle": scope, "description": scope});
        let variants: Vec<_> = self.products.iter().filter_map(|product| product["variants"]["@nodes"].as_array()).flatten().collect();
        let nodes: Vec<_> = self.products.iter().chain(variants).cloned().collect();
        json!({
            "__typename": "QueryRoot",
            "shop": {
                "__typename": "Shop",
                "id": self.gid(), "name": self.name, "myshopifyDomain": self.domain,
                "email": "owner@example.com", "contactEmail": "hello@example.com", "shopOwnerName": "Jo Doe",
                "currencyCode": self.currency, "ianaTimezone": "Europe/Berlin", "url": format!("https://{}", self.domain),
                "primaryDomain": {
                    "__typename": "Domain", "host": self.domain, "url": format!("https://{}", self.domain),
                },
                "plan": {
                    "__typename": "ShopPlan", "publicDisplayName": "Basic", "shopifyPlus": false, "partnerDevelopment": true,
                },
            },
            "currentAppInstallation": {
                "__typename": "AppInstallation", "id": format!("gid://shopify/AppInstallation/{}", self.id + 1),
                "accessScopes": granted.iter().map(handle).collect::<Vec<_>>(),
            },
            "products": {"@nodes": self.products},
            "locations": {"@nodes": self.locations},
            "discountNodes": {"@nodes": self.discounts},
            "nodes": nodes,
            "appUninstall": {"__typename": "AppUninstallPayload", "userErrors": []},
        })
    }
}

/// The same for the same domain in every run, and small enough that ids derived from it stay exact.
fn numeric_id(domain: &str) -> u64 {
    domain.bytes().fold(7_u64, |hash, byte| (hash * 31 + u64::from(byte)) % 89_999_999_999) + 10_000_000_000
}
