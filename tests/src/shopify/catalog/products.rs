//! Products in UCP's form, from what the Admin API says of them, and which of them a question finds.

use serde_json::{Value, json};

use crate::shopify::product::minor;
use crate::shopify::shop::Shop;

/// What stands in every question and finds nothing.
const SMALL_WORDS: [&str; 14] = ["the", "and", "for", "you", "your", "any", "have", "has", "with", "are", "can", "that", "show", "looking"];

/// What a question finds, the best first.
pub(super) fn found(shop: &Shop, query: &str, filters: &Value) -> Vec<Value> {
    let words = words(query);
    let weighed = shop.published().map(|product| (weight(product, &words), product));
    let mut weighed: Vec<_> = weighed.filter(|(weight, _)| *weight > 0).collect();
    weighed.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    let products = weighed.into_iter().map(|(_, product)| told(shop, product, &variants(product)));
    products.filter(|product| passes(product, filters)).collect()
}

/// Products and variants by their ids, each product once and with the variant that was meant; and the ids that are none.
pub(super) fn by_ids<'a>(shop: &Shop, ids: &[&'a str]) -> (Vec<Value>, Vec<&'a str>) {
    let is_of = |product: &Value, id: &str| product["id"] == id || variants(product).iter().any(|variant| variant["id"] == id);
    let missing = ids.iter().copied().filter(|id| !shop.published().any(|product| is_of(product, id))).collect();
    let of_product = |product: &Value| {
        let mut meant: Vec<(Value, Vec<Value>)> = Vec::new();
        for id in ids {
            let all = variants(product);
            let exact = all.iter().find(|variant| variant["id"] == *id);
            let featured = all.first().filter(|_| product["id"] == *id);
            let Some(variant) = exact.or(featured) else { continue };
            let input = json!({"id": id, "match": if exact.is_some() { "exact" } else { "featured" }});
            match meant.iter_mut().find(|(other, _)| other["id"] == variant["id"]) {
                Some((_, inputs)) if inputs.contains(&input) => {}
                Some((_, inputs)) => inputs.push(input),
                None => meant.push((variant.clone(), vec![input])),
            }
        }
        let mut product = told(shop, product, &meant.iter().map(|(variant, _)| variant.clone()).collect::<Vec<_>>());
        for (variant, (_, inputs)) in product["variants"].as_array_mut().into_iter().flatten().zip(meant) {
            variant["inputs"] = Value::Array(inputs);
        }
        product
    };
    let products = shop.published().filter(|product| ids.iter().any(|id| is_of(product, id)));
    (products.map(of_product).collect(), missing)
}

/// One of them in full, the variant that was meant first.
pub(super) fn detail(shop: &Shop, id: &str) -> Option<Value> {
    let meant = |product: &&Value| product["id"] == id || variants(product).iter().any(|variant| variant["id"] == id);
    let product = shop.published().find(meant)?;
    let mut variants = variants(product);
    variants.sort_by_key(|variant| variant["id"] != id);
    let mut told = told(shop, product, &variants);
    told["selected"] = told["variants"][0]["selected_options"].clone();
    Some(told)
}

/// UCP's product, with these of its variants.
fn told(shop: &Shop, product: &Value, chosen: &[Value]) -> Value {
    let price = |amount: &Value| json!({"amount": minor(amount.as_str().unwrap_or_default(), &shop.currency), "currency": shop.currency});
    let option = |option: &Value| json!({"name": option["name"], "label": option["value"]});
    let options = |variant: &Value| variant["selectedOptions"].as_array().into_iter().flatten().map(option).collect::<Vec<_>>();
    let variant = |variant: &Value| {
        json!({
            "id": variant["id"], "sku": variant["sku"], "title": variant["title"],
            "description": {"plain": product["description"]}, "price": price(&variant["price"]),
            "availability": {"available": variant["availableForSale"]}, "selected_options": options(variant),
        })
    };
    let all = variants(product);
    let labels: Vec<_> = all.iter().flat_map(options).map(|option| json!({"label": option["label"]})).collect();
    let name = all.first().map(|variant| variant["selectedOptions"][0]["name"].clone());
    let (range, image) = (&product["priceRangeV2"], &product["featuredMedia"]["preview"]["image"]);
    json!({
        "id": product["id"], "handle": product["handle"], "title": product["title"],
        "description": {"plain": product["description"]}, "url": product["onlineStoreUrl"],
        "categories": [{"value": product["productType"], "taxonomy": "merchant"}], "tags": product["tags"],
        "price_range": {"min": price(&range["minVariantPrice"]["amount"]), "max": price(&range["maxVariantPrice"]["amount"])},
        "media": [{"type": "image", "url": image["url"], "alt_text": image["altText"]}],
        "options": [{"name": name, "values": labels}],
        "variants": chosen.iter().map(variant).collect::<Vec<_>>(),
    })
}

fn variants(product: &Value) -> Vec<Value> {
    product["variants"]["@nodes"].as_array().cloned().unwrap_or_default()
}

/// In lower case, without what ends a plural, without small words.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| word.chars().count() > 2 && !SMALL_WORDS.contains(word));
    words.map(|word| word.strip_suffix('s').unwrap_or(word).to_owned()).collect()
}

/// A word in the title counts more than one elsewhere.
fn weight(product: &Value, wanted: &[String]) -> usize {
    let of = |name: &str| words(product[name].as_str().unwrap_or_default());
    let (title, kind, description) = (of("title"), of("productType"), of("description"));
    let weight = |word: &String| 4 * usize::from(title.contains(word)) + usize::from(kind.contains(word) || description.contains(word));
    wanted.iter().map(weight).sum()
}

/// `available`, and `price` with `min` and `max`; other filters let everything through.
fn passes(product: &Value, filters: &Value) -> bool {
    let available = product["variants"].as_array().into_iter().flatten().any(|variant| variant["availability"]["available"] == true);
    let amount = |side: &str| product["price_range"][side]["amount"].as_u64().unwrap_or_default();
    let (least, most) = (filters["price"]["min"].as_u64(), filters["price"]["max"].as_u64());
    filters["available"].as_bool().is_none_or(|wanted| !wanted || available)
        && least.is_none_or(|least| amount("max") >= least)
        && most.is_none_or(|most| amount("min") <= most)
}
