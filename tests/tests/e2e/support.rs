//! What the tests of the flows look for in the tables, and how they reach into them.

pub(crate) mod linked;

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine as _;
use e2e::browser::{Browser, Page};
use e2e::database::StoredItem;
use e2e::facebook::{Consent, LocalFacebook};
use e2e::world::World;
use serde_json::{Map, Value, json};
use shared::config::Vars;
use shared::encryption::{KeyRing, Place};

/// Everything stored, by table and keys, so that two moments can be compared.
pub(crate) type Dump = BTreeMap<(String, String, String), Map<String, Value>>;

/// All items of both tables, but for how far the keeper has come with sealing anew.
pub(crate) fn dump(world: &World) -> Dump {
    let key = |item: &StoredItem| {
        (item.table.clone(), item.text("pk").unwrap_or_default().to_owned(), item.text("sk").unwrap_or_default().to_owned())
    };
    let items = world.database.dump().into_iter().filter(|item| item.text("pk") != Some("keeper"));
    items.map(|item| (key(&item), item.attributes)).collect()
}

/// The items of the connections table.
pub(crate) fn connections(world: &World) -> Dump {
    dump(world).into_iter().filter(|((table, ..), _)| table == "connections").collect()
}

/// The items of the sessions table that are sessions.
pub(crate) fn sessions(world: &World) -> Dump {
    dump(world).into_iter().filter(|((table, pk, _), _)| table == "sessions" && pk.starts_with("session#")).collect()
}

/// One item of the connections table.
pub(crate) fn item(world: &World, pk: &str, sk: &str) -> Option<StoredItem> {
    world.database.scan("connections").into_iter().find(|item| item.text("pk") == Some(pk) && item.text("sk") == Some(sk))
}

/// A Page as it stands under an identity.
pub(crate) fn page_of(world: &World, uuid: &str, page: &str) -> Option<StoredItem> {
    item(world, &format!("uuid#{uuid}"), &format!("page#{page}"))
}

/// The identity that holds a Page.
pub(crate) fn holder(world: &World, page: &str) -> Option<String> {
    holder_of(world, "page", page)
}

/// The identity that holds an account of any kind.
pub(crate) fn holder_of(world: &World, kind: &str, account: &str) -> Option<String> {
    item(world, &format!("{kind}#{account}"), "owner")?.text("uuid").map(str::to_owned)
}

/// A sealed token of a Facebook account, opened.
pub(crate) fn opened(world: &World, uuid: &str, account: &str, attribute: &str, item: &StoredItem) -> String {
    let keys = KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", world.setting("TOKEN_ENCRYPTION_KEYS"))])).unwrap();
    let sealed = item.attributes["access_token"]["B"].as_str().expect("a sealed token");
    let sealed = base64::prelude::BASE64_STANDARD.decode(sealed).unwrap();
    let place = Place { user_uuid: uuid.parse().unwrap(), platform: "facebook", account, attribute };
    keys.open(place, &sealed).expect("it opens in its place").expose().to_owned()
}

/// The token of a Page under an identity.
pub(crate) fn page_token(world: &World, uuid: &str, page: &str) -> String {
    opened(world, uuid, page, "page_token", &page_of(world, uuid, page).expect("the Page is linked"))
}

/// Sets one attribute of an item.
pub(crate) async fn set(world: &World, table: &str, pk: &str, sk: Option<&str>, attribute: &str, value: AttributeValue) {
    let mut update = world
        .database
        .client()
        .update_item()
        .table_name(table)
        .key("pk", AttributeValue::S(pk.to_owned()))
        .update_expression("SET #a = :v")
        .expression_attribute_names("#a", attribute)
        .expression_attribute_values(":v", value);
    if let Some(sk) = sk {
        update = update.key("sk", AttributeValue::S(sk.to_owned()));
    }
    update.send().await.unwrap();
}

/// Sets one attribute of the only session there is.
pub(crate) async fn set_in_session(world: &World, attribute: &str, value: AttributeValue) {
    let sessions = sessions(world);
    assert_eq!(sessions.len(), 1, "one session");
    for (_, pk, _) in sessions.keys() {
        set(world, "sessions", pk, None, attribute, value.clone()).await;
    }
}

/// A number as DynamoDB has it.
pub(crate) fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// What ends a link raises its generation; here by hand.
pub(crate) async fn raise_generation(world: &World, uuid: &str) {
    set(world, "connections", &format!("uuid#{uuid}"), Some("store"), "generation", number(2)).await;
}

/// Links a store in this browser; returns the identity.
pub(crate) async fn linked_shop(world: &World, browser: &Browser, shop: &str) -> String {
    let page = world.link_shop(browser, shop).await;
    assert_eq!(page.status(), 200, "{}", page.text());
    page.json()["user_uuid"].as_str().unwrap().to_owned()
}

/// Links Pages in this browser, which must succeed.
pub(crate) async fn linked_pages(world: &World, browser: &Browser, consent: &Consent) -> Page {
    let page = world.link_pages(browser, consent).await;
    assert_eq!(page.status(), 200, "{}", page.text());
    page
}

/// Begins at a Facebook login of this browser and consents; returns the callback URL, not opened yet.
pub(crate) async fn approved(world: &World, browser: &Browser, login: &str, consent: &Consent) -> String {
    let login = browser.get(login).await;
    world.facebook.approve(login.location(), consent)
}

/// A person with one Page.
pub(crate) fn person_with_page(facebook: &LocalFacebook) -> (String, String) {
    let person = facebook.add_person("Jo Doe");
    let page = facebook.add_page(&person, "Acme Store");
    (person, page)
}

/// Gives somebody these tasks on a Page.
pub(crate) fn give_tasks(facebook: &LocalFacebook, page: &str, person: &str, tasks: &[&str]) {
    let tasks = tasks.iter().map(|task| (*task).to_owned()).collect();
    facebook.edit_page(page, |page| {
        page.tasks.insert(person.to_owned(), tasks);
    });
}

/// Says which case is being tried, for whoever reads the output of a failed test.
#[expect(clippy::print_stderr, reason = "a test's output, shown when it fails")]
pub(crate) fn case(text: impl std::fmt::Debug) {
    eprintln!("{text:?}");
}

/// An error in JSON with this status and code.
#[track_caller]
pub(crate) fn assert_error(page: &Page, status: u16, code: &str) {
    assert_eq!((page.status(), page.code().as_deref()), (status, Some(code)), "{}", page.text());
    assert_eq!(page.header("content-type"), Some("application/problem+json"));
    assert_eq!(page.json()["status"], json!(status));
}

/// The ids of the Pages in a success reply.
pub(crate) fn ids(page: &Page) -> Vec<String> {
    let page = page.json();
    page["pages"]["data"].as_array().unwrap().iter().map(|page| page["id"].as_str().unwrap().to_owned()).collect()
}

/// The warnings of a success reply as pairs of code and Page id.
pub(crate) fn warnings(page: &Page) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let page = page.json();
    page["warnings"].as_array().unwrap().iter().map(|warning| (text(&warning["code"]), text(&warning["page_id"]))).collect()
}

/// A warning about one Page.
pub(crate) fn warning(code: &str, page: &str) -> (String, String) {
    (code.to_owned(), page.to_owned())
}

/// A query parameter of a URL, decoded.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The same URL with a parameter of another value, or without it.
pub(crate) fn with_parameter(url: &str, name: &str, value: Option<&str>) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().filter(|(key, _)| key != name).collect();
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    format!("{path}?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}
