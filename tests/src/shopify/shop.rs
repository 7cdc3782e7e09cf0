//! A store and what is in it, as the Admin API would tell it.

use serde_json::{Value, json};

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
}

impl Shop {
    /// A small store: three active products, one draft, two locations, two discounts. The id is derived from the domain.
    #[must_use]
    pub fn new(domain: &str) -> Self {
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
        };
        for (number, title) in (1..).zip(["Linen shirt", "Wool scarf", "Canvas bag"]) {
            shop.products.push(shop.product(number, title, "ACTIVE"));
        }
        shop.products.push(shop.product(4, "Not for sale yet", "DRAFT"));
        shop.locations = vec![shop.location(1, "Warehouse", "Berlin"), shop.location(2, "Shop floor", "Hamburg")];
        shop.discounts = vec![
            shop.discount(1, "DiscountCodeBasic", "Welcome", "ACTIVE"),
            shop.discount(2, "DiscountAutomaticBasic", "Autumn sale", "EXPIRED"),
        ];
        shop
    }

    /// The store's global id.
    #[must_use]
    pub fn gid(&self) -> String {
        format!("gid://shopify/Shop/{}", self.id)
    }

    /// A product with two variants.
    #[must_use]
    pub fn product(&self, number: u64, title: &str, status: &str) -> Value {
        let id = self.id * 1000 + number;
        let money = |amount: &str| json!({"__typename": "MoneyV2", "amount": amount, "currencyCode": self.currency});
        let handle = title.to_lowercase().replace(' ', "-");
        let variants: Vec<_> = (1..=2).map(|size| self.variant(id * 10 + size, &handle, size)).collect();
        json!({
            "__typename": "Product",
            "id": format!("gid://shopify/Product/{id}"), "title": title, "handle": handle, "status": status,
            "vendor": self.name, "productType": "Clothing", "tags": ["local", "sample"],
            "description": format!("{title}, made for trying things out."),
            "descriptionHtml": format!("<p>{title}, made for trying things out.</p>"),
            "onlineStoreUrl": format!("https://{}/products/{handle}", self.domain),
            "totalInventory": 15, "tracksInventory": true,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": format!("2026-10-{:02}T08:00:00Z", number % 28 + 1),
            "publishedAt": "2026-01-02T00:00:00Z",
            "priceRangeV2": {
                "__typename": "ProductPriceRangeV2", "minVariantPrice": money("19.90"), "maxVariantPrice": money("24.90"),
            },
            "featuredMedia": {
                "__typename": "MediaImage", "id": format!("gid://shopify/MediaImage/{id}"),
                "preview": {
                    "__typename": "MediaPreviewImage",
                    "image": {
                        "__typename": "Image", "url": format!("https://cdn.shopify.com/{handle}.jpg"), "altText": title,
                    },
                },
            },
            "variants": {"@nodes": variants},
        })
    }

    fn variant(&self, id: u64, handle: &str, size: u64) -> Value {
        let stock = |name: &str, quantity: u64| {
            json!({
                "__typename": "InventoryQuantity", "name": name, "quantity": quantity, "updatedAt": "2026-10-01T08:00:00Z",
            })
        };
        let level = json!({
            "__typename": "InventoryLevel", "id": format!("gid://shopify/InventoryLevel/{id}"),
            "location": self.location(1, "Warehouse", "Berlin"),
            "quantities": [stock("available", 5), stock("on_hand", 6), stock("committed", 1), stock("incoming", 0)],
        });
        json!({
            "__typename": "ProductVariant",
            "id": format!("gid://shopify/ProductVariant/{id}"), "title": format!("Size {size}"),
            "sku": format!("{handle}-{size}"), "price": "19.90", "compareAtPrice": null, "availableForSale": true,
            "inventoryQuantity": 5, "barcode": null,
            "selectedOptions": [{"__typename": "SelectedOption", "name": "Size", "value": size.to_string()}],
            "inventoryItem": {
                "__typename": "InventoryItem", "id": format!("gid://shopify/InventoryItem/{id}"), "tracked": true,
                "inventoryLevels": {"@nodes": [level]},
            },
        })
    }

    fn location(&self, number: u64, name: &str, city: &str) -> Value {
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
