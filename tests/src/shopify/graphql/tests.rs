use super::super::document::parse;
use super::super::shop::Shop;
use super::*;

fn run(query: &str, variables: &Value, granted: &[&str]) -> Answer {
    let operation = parse(query, None, variables).unwrap();
    let granted: Vec<_> = granted.iter().map(|scope| (*scope).to_owned()).collect();
    execute(&operation, &Shop::new("acme.myshopify.com").root(&granted), &granted)
}

const ALL: &[&str] = &["read_products", "read_inventory", "read_locations", "read_discounts"];

/// What an app of this kind asks for at once: within the limit at these sizes.
const WHOLE: &str = r#"query Store($products: Int!) {
  shop { id name myshopifyDomain contactEmail currencyCode ianaTimezone url primaryDomain { host url }
    plan { publicDisplayName shopifyPlus partnerDevelopment } }
  currentAppInstallation { id accessScopes { handle } }
  products(first: $products, query: "status:active", sortKey: UPDATED_AT) {
    nodes { id title handle status vendor productType tags description(truncateAt: 5) onlineStoreUrl totalInventory
      tracksInventory updatedAt
      priceRangeV2 { minVariantPrice { amount currencyCode } maxVariantPrice { amount currencyCode } }
      featuredMedia { preview { image { url altText } } }
      variants(first: 10) { nodes { id title sku price compareAtPrice availableForSale inventoryQuantity
        selectedOptions { name value } } pageInfo { hasNextPage endCursor } } }
    pageInfo { hasNextPage endCursor } }
  locations(first: 10) { nodes { id name isActive fulfillsOnlineOrders address { formatted city countryCode zip } }
    pageInfo { hasNextPage endCursor } }
  discountNodes(first: 10, query: "status:active") { nodes { id discount { __typename ...Code
    ... on DiscountAutomaticBasic { title status summary startsAt endsAt } } } pageInfo { hasNextPage endCursor } } }
fragment Code on DiscountCodeBasic { title status codes(first: 5) { nodes { code } } }"#;

#[test]
fn answers_what_is_selected_and_nothing_else() {
    let answer = run(WHOLE, &json!({"products": 2}), ALL);
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    let data = answer.data.unwrap();
    let top: Vec<_> = data.as_object().unwrap().keys().cloned().collect();
    assert_eq!(top.len(), 5);
    assert!(data["shop"]["id"].as_str().unwrap().starts_with("gid://shopify/Shop/"));
    let products = &data["products"];
    assert_eq!(products["nodes"].as_array().unwrap().len(), 2);
    assert_eq!(products["pageInfo"]["hasNextPage"], true);
    assert_eq!(products["nodes"][0]["description"].as_str().unwrap().len(), 5);
    assert!(products["nodes"][0].get("__typename").is_none());
    let codes = &data["discountNodes"]["nodes"][0]["discount"]["codes"]["nodes"];
    assert_eq!(codes[0]["code"], "WELCOME10");
    assert!(actual_cost(&data) < 100);
}

#[test]
fn pages_follow_one_another_without_gap_or_overlap() {
    let query = "query P($after: String) { products(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    let (mut after, mut ids) = (Value::Null, Vec::new());
    loop {
        let data = run(query, &json!({"after": after}), ALL).data.unwrap();
        ids.push(data["products"]["nodes"][0]["id"].clone());
        after = data["products"]["pageInfo"]["endCursor"].clone();
        if data["products"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let all = run("{ products(first: 250) { edges { node { id } } } }", &json!({}), ALL).data.unwrap();
    let all: Vec<_> = all["products"]["edges"].as_array().unwrap().iter().map(|edge| edge["node"]["id"].clone()).collect();
    assert_eq!(ids, all);
}

#[test]
fn a_missing_scope_leaves_the_rest_of_the_data() {
    let query = "{ shop { name } stock: locations(first: 5) { nodes { name } } discountNodes(first: 1) { nodes { id } } }";
    let answer = run(query, &json!({}), &["write_discounts"]);
    let data = answer.data.unwrap();
    assert!(data["shop"]["name"].is_string() && data["stock"].is_null() && data["discountNodes"].is_object());
    assert_eq!(answer.errors.len(), 1);
    assert_eq!(answer.errors[0]["extensions"]["code"], "ACCESS_DENIED");
    assert_eq!(answer.errors[0]["path"], json!(["stock"]));
}

#[test]
fn what_the_schema_does_not_have_is_refused() {
    for query in [
        "{ shop { nonsense } }",
        "{ shop }",
        "{ shop { name { x } } }",
        "{ products { nodes { id } } }",
        "{ products(first: 251) { nodes { id } } }",
        "{ products(first: 1, after: \"?\") { nodes { id } } }",
    ] {
        let answer = run(query, &json!({}), ALL);
        assert!(answer.data.is_none() && answer.errors.len() == 1, "{query}");
    }
    let unreadable = [("{ shop {", ""), ("query A { shop { id } } query B { shop { id } }", ""), ("subscription { x }", "")];
    for (query, _) in unreadable {
        assert!(parse(query, None, &json!({})).is_err(), "{query}");
    }
    let missing = parse("query P($first: Int!) { products(first: $first) { nodes { id } } }", None, &json!({}));
    assert!(missing.unwrap_err().contains("$first"));
}

#[test]
fn cost_grows_with_the_sizes_asked_for() {
    let cost_of = |query: &str, variables: &Value| cost(&parse(query, None, variables).unwrap());
    assert_eq!(cost_of("{ shop { name plan { shopifyPlus } } }", &json!({})), 2);
    assert_eq!(cost_of("{ products(first: 10) { nodes { id } pageInfo { endCursor } } }", &json!({})), 12);
    assert_eq!(cost_of("mutation { appUninstall { userErrors { field } } }", &json!({})), 12);
    assert!(cost_of(WHOLE, &json!({"products": 20})) < COST_LIMIT);
    assert!(cost_of(WHOLE, &json!({"products": 50})) > COST_LIMIT);
}

#[test]
fn a_search_finds_what_the_catalog_sells() {
    let query = r#"{ products(first:5, query:"title:*mug* status:active"){nodes{id title onlineStoreUrl featuredMedia{preview{image{url}}}
        priceRangeV2{minVariantPrice{amount currencyCode}}}}}"#;
    let data = run(query, &json!({}), &["read_products"]).data.unwrap();
    let nodes = data["products"]["nodes"].as_array().unwrap();
    let titles: Vec<_> = nodes.iter().map(|node| node["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Stoneware mug", "Enamel mug"]);
    assert_eq!(nodes[0]["onlineStoreUrl"], "https://acme.myshopify.com/products/stoneware-mug");
    assert_eq!(nodes[0]["featuredMedia"]["preview"]["image"]["url"], "https://acme.myshopify.com/cdn/stoneware-mug.png");
    assert_eq!(nodes[0]["priceRangeV2"]["minVariantPrice"], json!({"amount": "14.50", "currencyCode": "EUR"}));
    let refused = run(query, &json!({}), &["read_locations"]);
    assert_eq!((&refused.data.unwrap()["products"], &refused.errors[0]["extensions"]["code"]), (&Value::Null, &json!("ACCESS_DENIED")));
}
