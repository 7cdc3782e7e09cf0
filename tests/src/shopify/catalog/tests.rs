use std::time::Duration;

use serde_json::{Value, json};

use crate::faults::{Fault, Times};
use crate::shopify::{Condition, LocalShopify, Product, ShopifyApp, Throttling};

const SHOP: &str = "acme.myshopify.com";
const PROFILE: &str = "https://link.example.com/.well-known/ucp-profile.json";

struct Store {
    shopify: LocalShopify,
    client: reqwest::Client,
}

fn start() -> Store {
    let shopify = LocalShopify::start(ShopifyApp::new("key", "hush", "http://localhost:9000/shopify/callback"));
    Store { shopify, client: crate::provider::tests::client() }
}

fn arguments(catalog: &Value) -> Value {
    json!({"meta": {"ucp-agent": {"profile": PROFILE}}, "catalog": catalog})
}

impl Store {
    fn url(&self) -> String {
        format!("{}/{SHOP}/api/ucp/mcp", self.shopify.url())
    }

    async fn post(&self, body: &Value) -> (u16, Value) {
        let response = self.client.post(self.url()).json(body).send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn rpc(&self, method: &str, params: &Value) -> Value {
        let (status, answer) = self.post(&json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})).await;
        assert_eq!((status, &answer["id"], &answer["jsonrpc"]), (200, &json!(7), &json!("2.0")), "{answer}");
        answer
    }

    async fn call(&self, tool: &str, catalog: Value) -> Value {
        let answer = self.rpc("tools/call", &json!({"name": tool, "arguments": arguments(&catalog)})).await;
        let result = &answer["result"];
        let text = result["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!((&serde_json::from_str::<Value>(text).unwrap(), &result["isError"]), (&result["structuredContent"], &json!(false)));
        assert_eq!(result["structuredContent"]["ucp"]["version"], "2026-04-08");
        result["structuredContent"].clone()
    }

    async fn titles(&self, catalog: Value) -> Vec<String> {
        let found = self.call("search_catalog", catalog).await;
        found["products"].as_array().unwrap().iter().map(|product| product["title"].as_str().unwrap().to_owned()).collect()
    }

    async fn code(&self, tool: &str, arguments: Value) -> Value {
        self.rpc("tools/call", &json!({"name": tool, "arguments": arguments})).await["error"]["code"].clone()
    }
}

#[tokio::test]
async fn a_question_finds_products_with_price_picture_and_page() {
    let store = start();
    let found = store.call("search_catalog", json!({"query": "Do you have a mug?", "context": {"currency": "EUR"}})).await;
    let titles: Vec<_> = found["products"].as_array().unwrap().iter().map(|product| product["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Stoneware mug", "Enamel mug"]);
    assert_eq!(found["pagination"], json!({"has_next_page": false, "total_count": 2}));
    let mug = &found["products"][0];
    assert!(mug["id"].as_str().unwrap().starts_with("gid://shopify/Product/"));
    let price = json!({"amount": 1450, "currency": "EUR"});
    assert_eq!(mug["price_range"], json!({"min": price, "max": price}));
    assert!(mug["description"]["plain"].as_str().unwrap().contains("300 ml"));
    let available = |product: &Value| product["variants"][0]["availability"]["available"].clone();
    assert_eq!((available(mug), available(&found["products"][1])), (json!(true), json!(false)));
    // Both addresses lead somewhere.
    let page = store.client.get(mug["url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    let picture = mug["media"][0]["url"].as_str().unwrap();
    assert!(page.contains("<h1>Stoneware mug</h1>") && page.contains("14.50 EUR") && page.contains(picture), "{page}");
    let picture = store.client.get(picture).send().await.unwrap();
    assert_eq!((picture.status().as_u16(), &picture.headers()["content-type"]), (200, &"image/png".parse().unwrap()));
    assert!(picture.bytes().await.unwrap().starts_with(b"\x89PNG"));
    // What is asked can be read afterwards.
    assert_eq!(store.shopify.catalog_questions(SHOP)[0]["params"]["arguments"]["catalog"]["query"], "Do you have a mug?");
}

#[tokio::test]
async fn answers_come_in_pages_and_by_filters() {
    let store = start();
    let first = store.call("search_catalog", json!({"query": "kitchen", "pagination": {"limit": 3}})).await;
    assert_eq!((first["products"].as_array().unwrap().len(), &first["pagination"]["has_next_page"]), (3, &json!(true)));
    let more = json!({"query": "kitchen", "pagination": {"limit": 3, "cursor": first["pagination"]["cursor"]}});
    let second = store.call("search_catalog", more).await;
    assert_eq!((second["products"].as_array().unwrap().len(), second["pagination"].get("cursor")), (2, None));
    assert!(first["products"].as_array().unwrap().iter().all(|product| !second["products"].as_array().unwrap().contains(product)));
    assert_eq!(store.titles(json!({"query": "mugs", "filters": {"available": true}})).await, ["Stoneware mug"]);
    assert_eq!(store.titles(json!({"query": "mug", "filters": {"price": {"max": 1300}}})).await, ["Enamel mug"]);
    for nothing in ["bicycle", "not for sale yet", "the", ""] {
        assert!(store.titles(json!({"query": nothing})).await.is_empty(), "{nothing}");
    }
}

#[tokio::test]
async fn products_are_looked_up_by_their_ids() {
    let store = start();
    let found = store.call("search_catalog", json!({"query": "linen shirt"})).await;
    let shirt = &found["products"][0];
    let second = &shirt["variants"][1]["id"];
    let looked_up = store.call("lookup_catalog", json!({"ids": [shirt["id"], second, shirt["id"], "gid://shopify/Product/1"]})).await;
    assert_eq!(looked_up["products"].as_array().unwrap().len(), 1);
    let inputs = |index: usize| looked_up["products"][0]["variants"][index]["inputs"].clone();
    assert_eq!(inputs(0), json!([{"id": shirt["id"], "match": "featured"}]));
    assert_eq!(inputs(1), json!([{"id": second, "match": "exact"}]));
    assert_eq!(looked_up["messages"], json!([{"type": "info", "code": "not_found", "content": "gid://shopify/Product/1"}]));

    let detail = store.call("get_product", json!({"id": second})).await;
    assert_eq!((&detail["product"]["id"], &detail["product"]["variants"][0]["id"]), (&shirt["id"], second));
    assert_eq!(detail["product"]["selected"], json!([{"name": "Size", "label": "2"}]));
    let unknown = store.call("get_product", json!({"id": "gid://shopify/Product/1"})).await;
    assert_eq!((&unknown["ucp"]["status"], &unknown["messages"][0]["code"]), (&json!("error"), &json!("not_found")));
    assert_eq!(store.code("lookup_catalog", arguments(&json!({"ids": vec!["x"; 11]}))).await, -32602);
}

#[tokio::test]
async fn what_is_no_question_is_refused_by_its_code() {
    let store = start();
    assert_eq!(store.rpc("resources/list", &json!({})).await["error"]["code"], -32601);
    assert_eq!(store.code("search_shop_catalog", arguments(&json!({"query": "mug"}))).await, -32602);
    for catalog in [json!({}), json!({"query": 7}), json!({"query": "mug", "pagination": {"limit": 0}}), Value::Null] {
        assert_eq!(store.code("search_catalog", arguments(&catalog)).await, -32602, "{catalog}");
    }
    for profile in [Value::Null, json!("link.example.com"), json!("ftp://link.example.com/x"), json!("https://"), json!(7)] {
        let asked = json!({"meta": {"ucp-agent": {"profile": profile}}, "catalog": {"query": "mug"}});
        let answer = store.rpc("tools/call", &json!({"name": "search_catalog", "arguments": asked})).await;
        assert_eq!((&answer["error"]["code"], &answer["error"]["data"]["code"]), (&json!(-32001), &json!("invalid_profile_url")));
    }
    assert_eq!(store.rpc("tools/list", &json!({})).await["error"]["code"], -32001);
    let tools = store.rpc("tools/list", &json!({"arguments": arguments(&Value::Null)})).await["result"]["tools"].clone();
    let names: Vec<_> = tools.as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["search_catalog", "lookup_catalog", "get_product"]);
    assert_eq!(store.post(&json!({"id": 1})).await.1["error"]["code"], -32600);
    let response = store.client.post(store.url()).body("{").send().await.unwrap();
    assert_eq!(response.json::<Value>().await.unwrap()["error"]["code"], -32700);
}

#[tokio::test]
async fn a_catalog_is_throttled_as_often_as_a_test_says() {
    let store = start();
    let question = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"arguments": arguments(&Value::Null)}});
    for (throttling, status) in [(Throttling::Status, 429), (Throttling::Error, 200)] {
        store.shopify.throttle_catalog(SHOP, throttling, 2);
        for _ in 0..2 {
            let response = store.client.post(store.url()).json(&question).send().await.unwrap();
            assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (status, &"2".parse().unwrap()));
            assert_eq!(response.json::<Value>().await.unwrap()["error"]["code"], -32000);
        }
        assert!(store.post(&question).await.1.get("result").is_some());
    }
    store.shopify.switch_on("catalog", Fault::Hang, Times::Once);
    let hung = store.client.post(store.url()).json(&question).timeout(Duration::from_millis(100)).send().await;
    assert!(hung.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_store_that_is_not_open_has_no_catalog() {
    let store = start();
    store.shopify.protect(SHOP, true);
    for path in ["api/ucp/mcp", "products/linen-shirt"] {
        let url = format!("{}/{SHOP}/{path}", store.shopify.url());
        let asked = if path.ends_with("mcp") { store.client.post(url) } else { store.client.get(url) };
        let response = asked.send().await.unwrap();
        let password = format!("{}/{SHOP}/password", store.shopify.url());
        assert_eq!((response.status().as_u16(), response.headers()["location"].to_str().unwrap()), (302, password.as_str()));
        assert!(store.client.get(password).send().await.unwrap().text().await.unwrap().contains("password protected"));
    }
    store.shopify.protect(SHOP, false);
    store.shopify.edit_shop(SHOP, |shop| shop.condition = Condition::Closed);
    assert_eq!(store.post(&json!({})).await.0, 404);
    let foreign = format!("{}/acme.example.com/api/ucp/mcp", store.shopify.url());
    assert_eq!(store.client.post(foreign).send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn a_test_chooses_what_is_sold() {
    let store = start();
    let products = [
        Product::new("Blue bicycle", "Bicycles", "With bell.", 49_900).or(59_900),
        Product::new("Red bell", "Bells", "Rings.", 900).draft(),
    ];
    store.shopify.set_products(SHOP, &products);
    assert_eq!(store.titles(json!({"query": "bell"})).await, ["Blue bicycle"]);
    let found = store.call("search_catalog", json!({"query": "bicycles"})).await;
    let range = &found["products"][0]["price_range"];
    assert_eq!((&range["min"]["amount"], &range["max"]["amount"]), (&json!(49_900), &json!(59_900)));
    store.shopify.edit_shop(SHOP, |shop| {
        "JPY".clone_into(&mut shop.currency);
        shop.sell(&products);
    });
    let found = store.call("search_catalog", json!({"query": "bicycle"})).await;
    assert_eq!(found["products"][0]["price_range"]["min"], json!({"amount": 49_900, "currency": "JPY"}));
    assert_eq!(store.shopify.shop(SHOP).products[0]["priceRangeV2"]["minVariantPrice"]["amount"], "49900");
}
