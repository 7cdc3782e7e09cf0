//! What customers see of a store: pages and pictures of products, and the page in front of a store that is not open to everybody.

use serde_json::{Value, json};

use super::shop::{Condition, Shop};
use super::{LocalShopify, Product, Shopify, picture};
use crate::consent;
use crate::provider::{Reply, lock};

/// How a store's catalog says that it is asked too often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Throttling {
    /// By HTTP's status 429.
    Status,
    /// By JSON-RPC's error -32000 under 200.
    Error,
}

impl LocalShopify {
    /// What a store sells from now on, in place of all that it sold.
    pub fn set_products(&self, domain: &str, products: &[Product]) {
        self.edit_shop(domain, |shop| shop.sell(products));
    }

    /// Whether a store's storefront asks for a password: then its catalog and its pages lead to `/password`.
    pub fn protect(&self, domain: &str, is_protected: bool) {
        self.edit_shop(domain, |shop| shop.is_protected = is_protected);
    }

    /// The store's catalog refuses the next so many questions, each with `Retry-After: 2`. Other failures are faults of the call `catalog`.
    pub fn throttle_catalog(&self, domain: &str, throttling: Throttling, times: u32) {
        self.edit_shop(domain, |shop| shop.throttled = Some((throttling, times)));
    }

    /// What a store's catalog was asked, in the order of arrival; `null` for what was no JSON.
    #[must_use]
    pub fn catalog_questions(&self, domain: &str) -> Vec<Value> {
        let requests = self.requests_of("catalog").into_iter().filter(|request| request.segments().first() == Some(&domain));
        requests.map(|request| serde_json::from_slice(&request.body).unwrap_or_default()).collect()
    }
}

impl Shopify {
    /// The store, where customers get in; else what they get. What stands at a store that is not paid for is not documented.
    pub(super) fn entered(&self, domain: &str) -> Result<Shop, Reply> {
        let shop = lock(&self.state).shop(domain).clone();
        match shop.condition {
            Condition::Closed => Err(not_found()),
            Condition::Frozen | Condition::Locked => Err(page(402, "This store is unavailable", "")),
            Condition::Open if shop.is_protected => Err(Reply::redirect(302, format!("{}/password", shop.origin))),
            Condition::Open => Ok(shop),
        }
    }

    /// `GET /{shop}/products/{handle}`.
    pub(super) fn product_page(&self, domain: &str, handle: &str) -> Reply {
        let shop = match self.entered(domain) {
            Ok(shop) => shop,
            Err(reply) => return reply,
        };
        let Some(product) = shop.published().find(|product| product["handle"] == handle) else { return not_found() };
        let of = |pointer: &str| consent::escape(product.pointer(pointer).and_then(Value::as_str).unwrap_or_default());
        let available = product["variants"]["@nodes"].as_array().into_iter().flatten().any(|variant| variant["availableForSale"] == true);
        let body = format!(
            "<p><img id=\"picture\" src=\"{}\" alt=\"{}\" width=\"240\" height=\"240\"></p><p id=\"description\">{}</p>\
             <p id=\"price\">{} {}</p><p id=\"availability\">{}</p>",
            of("/featuredMedia/preview/image/url"),
            of("/featuredMedia/preview/image/altText"),
            of("/description"),
            of("/priceRangeV2/minVariantPrice/amount"),
            of("/priceRangeV2/minVariantPrice/currencyCode"),
            if available { "In stock" } else { "Sold out" },
        );
        page(200, product["title"].as_str().unwrap_or_default(), &body)
    }

    /// `GET /{shop}/cdn/{handle}.png`; pictures ask for no password (they are on another host at Shopify).
    pub(super) fn picture(&self, domain: &str, file: &str) -> Reply {
        let shop = lock(&self.state).shop(domain).clone();
        let handle = file.strip_suffix(".png").unwrap_or_default();
        if shop.products.iter().any(|product| product["handle"] == handle) {
            Reply::new(200, "image/png", picture::png(handle))
        } else {
            not_found()
        }
    }

    /// `GET /{shop}/password`.
    pub(super) fn password_page(&self) -> Reply {
        page(200, "Opening soon", "<p id=\"password\">This store is password protected.</p>")
    }
}

fn page(status: u16, title: &str, body: &str) -> Reply {
    Reply::html(status, consent::page("Shopify", title, body))
}

fn not_found() -> Reply {
    Reply::json(404, &json!({"errors": "Not Found"}))
}
