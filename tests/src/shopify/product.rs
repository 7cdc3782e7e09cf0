//! What a store sells, as the Admin API would tell it. The catalog and the shop's own pages say the same.

use serde_json::{Value, json};

use super::shop::Shop;

/// A product with one or two variants.
#[derive(Clone, Debug)]
pub struct Product {
    /// Its name, from which its handle and its picture follow.
    pub title: String,
    /// What kind of thing it is.
    pub kind: String,
    /// What is said of it.
    pub description: String,
    /// The price of its first variant in minor units, such as cents.
    pub price: u64,
    /// The price of its second variant, if there is one.
    pub second_price: Option<u64>,
    /// Whether it can be bought.
    pub is_available: bool,
    /// `ACTIVE`, `DRAFT` or `ARCHIVED`; only what is active is shown to customers.
    pub status: &'static str,
}

impl Product {
    /// Active, available and with one variant.
    #[must_use]
    pub fn new(title: &str, kind: &str, description: &str, price: u64) -> Self {
        Self {
            title: title.to_owned(),
            kind: kind.to_owned(),
            description: description.to_owned(),
            price,
            second_price: None,
            is_available: true,
            status: "ACTIVE",
        }
    }

    /// With a second variant at this price.
    #[must_use]
    pub fn or(mut self, price: u64) -> Self {
        self.second_price = Some(price);
        self
    }

    /// Sold out.
    #[must_use]
    pub fn sold_out(mut self) -> Self {
        self.is_available = false;
        self
    }

    /// Not for customers yet.
    #[must_use]
    pub fn draft(mut self) -> Self {
        self.status = "DRAFT";
        self
    }

    fn handle(&self) -> String {
        let words = self.title.to_lowercase();
        let words = words.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-")
    }
}

/// What every store sells at first: a dozen things, and one that nobody may see yet.
pub(super) fn assortment() -> Vec<Product> {
    vec![
        Product::new("Linen shirt", "Clothing", "A light shirt of European linen, washed once before it is sold.", 4990).or(5490),
        Product::new("Wool scarf", "Clothing", "Two metres of merino wool, woven in small numbers.", 3950),
        Product::new("Canvas bag", "Bags", "Carries a week's shopping and folds into a pocket.", 1990).or(2490),
        Product::new("Not for sale yet", "Clothing", "Comes in spring.", 9900).draft(),
        Product::new("Organic cotton sweater", "Clothing", "A warm sweater of organic cotton, knitted in one piece.", 7900).or(8400),
        Product::new("Rain jacket", "Clothing", "Keeps the rain out and rolls up small.", 12900),
        Product::new("Stoneware mug", "Kitchen", "Holds 300 ml of coffee or tea. Safe in the dishwasher.", 1450),
        Product::new("Enamel mug", "Kitchen", "For the campfire: light, and nothing breaks.", 1290).sold_out(),
        Product::new("Ceramic teapot", "Kitchen", "Pours without a drop. For four cups.", 3400),
        Product::new("Oak cutting board", "Kitchen", "Cut from one plank, oiled by hand.", 2750).or(3600),
        Product::new("Beeswax candle", "Home", "Burns for forty hours.", 990),
        Product::new("Leather notebook", "Paper", "Two hundred blank pages that lie flat.", 2200),
        Product::new("Glass carafe", "Kitchen", "One litre, mouth-blown, with a cork.", 2895),
    ]
}

impl Shop {
    /// A product as an object of the Admin API; the number tells it from the store's others.
    #[must_use]
    pub fn product(&self, number: u64, product: &Product) -> Value {
        let id = self.id * 1000 + number;
        let (handle, title) = (product.handle(), &product.title);
        let money = |minor| json!({"__typename": "MoneyV2", "amount": self.amount(minor), "currencyCode": self.currency});
        let prices: Vec<u64> = [Some(product.price), product.second_price].into_iter().flatten().collect();
        let variants: Vec<_> = (1..).zip(&prices).map(|(size, price)| self.variant(id * 10 + size, product, size, *price)).collect();
        let stock = if product.is_available { 5 * variants.len() } else { 0 };
        let is_active = product.status == "ACTIVE";
        json!({
            "__typename": "Product",
            "id": format!("gid://shopify/Product/{id}"), "title": title, "handle": handle, "status": product.status,
            "vendor": self.name, "productType": product.kind, "tags": ["local", "sample"],
            "description": product.description,
            "descriptionHtml": format!("<p>{}</p>", crate::consent::escape(&product.description)),
            "onlineStoreUrl": is_active.then(|| format!("{}/products/{handle}", self.origin)),
            "totalInventory": stock, "tracksInventory": true,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": format!("2026-10-{:02}T08:00:00Z", number % 28 + 1),
            "publishedAt": is_active.then_some("2026-01-02T00:00:00Z"),
            "priceRangeV2": {
                "__typename": "ProductPriceRangeV2",
                "minVariantPrice": money(prices.iter().copied().min().unwrap_or_default()),
                "maxVariantPrice": money(prices.iter().copied().max().unwrap_or_default()),
            },
            "featuredMedia": {
                "__typename": "MediaImage", "id": format!("gid://shopify/MediaImage/{id}"),
                "preview": {
                    "__typename": "MediaPreviewImage",
                    "image": {"__typename": "Image", "url": format!("{}/cdn/{handle}.png", self.origin), "altText": title},
                },
            },
            "variants": {"@nodes": variants},
        })
    }

    fn variant(&self, id: u64, product: &Product, size: u64, price: u64) -> Value {
        let available = if product.is_available { 5 } else { 0 };
        let stock = |name: &str, quantity: u64| {
            json!({
                "__typename": "InventoryQuantity", "name": name, "quantity": quantity, "updatedAt": "2026-10-01T08:00:00Z",
            })
        };
        let level = json!({
            "__typename": "InventoryLevel", "id": format!("gid://shopify/InventoryLevel/{id}"),
            "location": self.location(1, "Warehouse", "Berlin"),
            "quantities": [stock("available", available), stock("on_hand", available + 1), stock("committed", 1), stock("incoming", 0)],
        });
        // What has one variant alone has this one (shopify.dev, product model).
        let (title, option, value) = match product.second_price {
            Some(_) => (format!("Size {size}"), "Size", size.to_string()),
            None => ("Default Title".to_owned(), "Title", "Default Title".to_owned()),
        };
        json!({
            "__typename": "ProductVariant",
            "id": format!("gid://shopify/ProductVariant/{id}"), "title": title,
            "sku": format!("{}-{size}", product.handle()), "price": self.amount(price), "compareAtPrice": null,
            "availableForSale": product.is_available, "inventoryQuantity": available, "barcode": null,
            "selectedOptions": [{"__typename": "SelectedOption", "name": option, "value": value}],
            "inventoryItem": {
                "__typename": "InventoryItem", "id": format!("gid://shopify/InventoryItem/{id}"), "tracked": true,
                "inventoryLevels": {"@nodes": [level]},
            },
        })
    }

    fn amount(&self, minor: u64) -> String {
        match decimals(&self.currency) {
            0 => minor.to_string(),
            _ => format!("{}.{:02}", minor / 100, minor % 100),
        }
    }
}

/// How many digits of an amount stand behind the point (ISO 4217), for the currencies of tests.
pub(super) fn decimals(currency: &str) -> usize {
    if matches!(currency, "JPY" | "KRW" | "VND") { 0 } else { 2 }
}

/// An amount of the Admin API in minor units.
pub(super) fn minor(amount: &str, currency: &str) -> u64 {
    let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = format!("{whole}{fraction:0<width$.width$}", width = decimals(currency));
    digits.parse().unwrap_or_default()
}
