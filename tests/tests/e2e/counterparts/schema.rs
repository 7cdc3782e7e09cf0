//! Our documents, and the local Shopify's answers to them, in Shopify's own schema.

use std::collections::BTreeMap;
use std::path::Path;

use e2e::shopify::{LocalShopify, ShopifyApp};
use e2e::template::project_dir;
use serde_json::{Value, json};
use shared::providers::shopify::{DEFAULT_SCOPES, versions};

use crate::counterparts::run::{Counterparts, app_of};
use crate::counterparts::shopify::linked_by_the_library;
use crate::support::case;

const SCRIPT: &str = "schema.mjs";

fn files(folder: &Path, ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|extension| extension == ending) {
            let name = path.strip_prefix(project_dir()).unwrap().display().to_string();
            found.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// In what becomes the functions.
fn ours(ending: &str) -> BTreeMap<String, String> {
    ["shared/src", "functions"].iter().flat_map(|folder| files(&project_dir().join(folder), ending)).collect()
}

async fn check(counterparts: &Counterparts, scopes: &str, documents: impl Into<BTreeMap<String, String>>) -> Value {
    let scopes: Vec<&str> = scopes.split(',').collect();
    let documents = documents.into();
    counterparts.node(SCRIPT, json!({ "task": "documents", "version": versions::DEFAULT, "scopes": scopes, "documents": documents })).await
}

#[tokio::test]
async fn every_document_is_valid_now_and_next_and_asks_for_no_scope_beyond_ours() {
    let Some(counterparts) = Counterparts::find() else { return };
    let documents = ours("graphql");
    assert!(documents.len() >= 3, "{documents:?}");
    let checked = check(&counterparts, DEFAULT_SCOPES, documents).await;
    assert_eq!(checked["problems"], json!([]), "against {} and {}", versions::DEFAULT, checked["next"]);
    // Every document would be permitted without these two, now and next. They are configured all the same, since the contract fixes the default scopes.
    let unused = json!(["read_product_listings", "read_inventory"]);
    assert_eq!(checked["unused"], json!([unused, unused]));
}

#[test]
fn no_document_hides_in_the_code() {
    for (file, text) in ours("rs") {
        for beginning in ["\"query ", "\"query{", "\"mutation ", "\"mutation{", "\"{ shop"] {
            assert!(!text.contains(beginning), "{file}: a GraphQL document belongs into a file of its own, where it is checked");
        }
    }
}

#[tokio::test]
async fn a_mistake_in_a_document_is_noticed() {
    let Some(counterparts) = Counterparts::find() else { return };
    let mistakes = [
        ("no GraphQL", "query { shop {", "Syntax Error"),
        ("no such field", "query { shop { nmae } }", "Cannot query field"),
        ("deprecated", "query { shop { products(first: 1) { nodes { id } } } }", "is deprecated"),
        ("another scope", "query { orders(first: 1) { nodes { id } } }", "Order needs read_orders"),
        ("a right of a person", "query { shop { staffMembers(first: 1) { nodes { id } } } }", "StaffMember"),
    ];
    let documents: BTreeMap<_, _> = mistakes.iter().map(|(name, text, _)| ((*name).to_owned(), (*text).to_owned())).collect();
    let checked = check(&counterparts, DEFAULT_SCOPES, documents).await;
    let problems: Vec<&str> = checked["problems"].as_array().unwrap().iter().map(|problem| problem.as_str().unwrap()).collect();
    for (name, _, expected) in mistakes {
        for version in [versions::DEFAULT, checked["next"].as_str().unwrap()] {
            let beginning = format!("{version}: {name}: ");
            let found = problems.iter().any(|problem| problem.starts_with(&beginning) && problem.contains(expected));
            assert!(found, "{beginning}{expected}: {problems:#?}");
        }
    }
}

#[tokio::test]
async fn one_scope_of_several_is_enough_only_where_the_schema_says_or() {
    let Some(counterparts) = Counterparts::find() else { return };
    let checked = async |scopes, text: &str| check(&counterparts, scopes, [("it".to_owned(), text.to_owned())]).await;
    // Either of the two, so one of them can go, and not the other as well.
    let either = checked("read_inventory,read_locations", "query { locations(first: 1) { nodes { id } } }").await;
    assert_eq!((&either["problems"], &either["unused"]), (&json!([]), &json!([["read_inventory"], ["read_inventory"]])));
    // `read_returns` and one of two others; what is granted here is one of the three.
    let fees = "query { order(id: 1) { agreements(first: 1) { nodes { sales(first: 1) { nodes { ... on FeeSale { fee { id } } } } } } } }";
    let fees = checked("read_orders", fees).await;
    let version = versions::DEFAULT;
    let told = fees["problems"].as_array().unwrap().iter().filter_map(Value::as_str);
    let told =
        told.filter(|problem| problem.starts_with(&format!("{version}: it: Fee has to be looked at: `read_returns` access scope and (")));
    assert_eq!(told.count(), 1, "{fees}");
}

#[tokio::test]
async fn the_webhooks_that_we_wait_for_exist() {
    let Some(counterparts) = Counterparts::find() else { return };
    let topics = counterparts.node(SCRIPT, json!({ "task": "webhook_topics", "version": versions::DEFAULT })).await;
    // Those of privacy law are no subscriptions, so the schema does not list them.
    for topic in ["APP_UNINSTALLED", "APP_SCOPES_UPDATE"] {
        assert!(topics.as_array().unwrap().contains(&json!(topic)), "{topic}: {topics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_local_shopifys_answers_are_what_the_schema_allows() {
    let Some(counterparts) = Counterparts::find() else { return };
    let app = app_of("key", "hush");
    let shopify = LocalShopify::start(ShopifyApp::new("key", "hush", "http://localhost:9000/shopify/callback"));
    let session = linked_by_the_library(&counterparts, &shopify, &app).await;
    let mut replies = Vec::new();
    // What changes something comes last: after the app's removal its token is worth nothing.
    let is_mutation = |(_, document): &(String, String)| document.trim_start().starts_with("mutation");
    let (changing, reading): (Vec<_>, Vec<_>) = ours("graphql").into_iter().partition(is_mutation);
    assert_eq!(changing.len(), 1, "{changing:?}");
    for (name, document) in reading.into_iter().chain(changing) {
        case(&name);
        let variables = json!({ "products": 20, "variants": 10 });
        let task = json!({
            "task": "graphql", "app": app, "base": shopify.url(), "shop": session["shop"], "accessToken": session["accessToken"],
            "query": document, "variables": variables,
        });
        let data = counterparts.node("shopify.mjs", task).await;
        assert!(data.get("error").is_none(), "{name}: {data}");
        replies.push(json!({ "document": document, "variables": variables, "data": data }));
    }
    assert!(!shopify.accepts(session["accessToken"].as_str().unwrap()), "the app is removed");
    let replayed = counterparts.node(SCRIPT, json!({ "task": "replies", "version": versions::DEFAULT, "replies": replies })).await;
    for (reply, replayed) in replies.iter().zip(replayed.as_array().unwrap()) {
        assert_eq!(replayed["errors"], json!([]), "{}", reply["document"]);
        assert_eq!(replayed["data"], reply["data"], "{}", reply["document"]);
    }
}
