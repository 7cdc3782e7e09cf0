//! What a link writes: its times, the versions of its accounts, and which of them keep their
//! current grant.

use serde_json::{Value, json};

use super::{NOW, Scripted, UUID, condition_failed, flows, found, logged, refused, sessions, value_of};
use crate::{
    Secret,
    error::Code,
    moving::MoveList,
    platform::{AccountId, GrantedAccount},
    providers::{facebook::PAGE, shopify::token::Tokens},
    reply::cookie::Token,
    store::{
        link::{
            accounts::{AccountsLink, AccountsLinked, NewGrant},
            shops::{Confirmation, LinkedShop, NewLink},
        },
        records::samples::{account_id, grant_id},
        sessions::SessionKey,
    },
};

/// Tokens that Shopify issues without an expiry.
pub(super) fn tokens() -> Tokens {
    Tokens {
        access_token: Secret::new("a"),
        refresh_token: None,
        expires_at: None,
        refresh_expires_at: None,
        scopes: Vec::new(),
        scope: String::new(),
    }
}

/// The item that a transaction puts under this sort key.
fn put<'a>(asked: &'a Value, sk: &str) -> Option<&'a Value> {
    let mut writes = asked["TransactItems"].as_array().unwrap().iter().map(|write| &write["Put"]["Item"]);
    writes.find(|item| item["sk"]["S"] == sk)
}

fn assert_linked_now(item: &Value) {
    assert_eq!((&item["linked_at"]["N"], &item["linked_ms"]["N"]), (&json!(NOW.to_string()), &json!((NOW * 1000).to_string())), "{item}");
}

#[tokio::test]
async fn a_store_is_linked_as_of_now() {
    let claim = flows::claim(&Scripted::new(vec![found(json!({}))])).await.unwrap();
    let (tokens, session) = (tokens(), SessionKey::of(&Token::generate().unwrap()));
    let link = NewLink { shop: "acme.myshopify.com", tokens: &tokens, api_key: "key", session: &session, claim: &claim };
    let table = Scripted::new(vec![found(json!({}))]);
    table.tables().link_shop(&link, None).await.unwrap();
    let asked = table.asked();
    let writes = asked[0]["TransactItems"].as_array().unwrap();
    let store = writes.iter().map(|write| &write["Update"]).find(|update| update["Key"]["sk"]["S"] == "store").unwrap();
    assert_eq!(store["ConditionExpression"], "attribute_not_exists(#pk)");
    let set = json!({ "UpdateExpression": store["UpdateExpression"], "ExpressionAttributeValues": store["ExpressionAttributeValues"] });
    assert_linked_now(&json!({ "linked_at": value_of(&set, "linked_at"), "linked_ms": value_of(&set, "linked_ms") }));
    assert_eq!(value_of(&set, "issued_at")["N"], NOW.to_string());
}

/// A known store with this many expired and live sessions.
fn known_store(over: u64, live: u64) -> Value {
    let session = |number: u64, end: u64| (format!("s{number:03}"), json!({ "N": end.to_string() }));
    let sessions = (0..over).map(|n| session(n, NOW - 1 - n)).chain((0..live).map(|n| session(100 + n, NOW + n)));
    json!({ "Item": { "shop": { "S": "acme.myshopify.com" }, "status": { "S": "active" }, "shop_id": { "S": "42" }, "generation": { "N": "1" },
        "version": { "N": "4" }, "sessions": { "M": sessions.collect::<serde_json::Map<_, _>>() } } })
}

#[tokio::test]
async fn a_link_ends_expired_sessions_and_the_oldest_beyond_twenty() {
    for (over, live, ended) in [
        (0, 19, vec![]),
        (0, 20, vec!["s100"]),
        (2, 22, vec!["s001", "s000", "s100", "s101", "s102"]),
        (3, 0, vec!["s002", "s001", "s000"]),
    ] {
        let owner = json!({ "Item": { "uuid": { "S": UUID.to_string() } } });
        let table = Scripted::new(vec![found(owner), found(known_store(over, live)), found(json!({}))]);
        let claim = flows::claim(&Scripted::new(vec![found(json!({}))])).await.unwrap();
        let (tokens, session) = (tokens(), SessionKey::of(&Token::generate().unwrap()));
        let link = NewLink { shop: "acme.myshopify.com", tokens: &tokens, api_key: "key", session: &session, claim: &claim };
        let known = table.tables().known_shop("acme.myshopify.com").await.unwrap();
        table.tables().link_shop(&link, known.as_ref()).await.unwrap();
        let asked = table.asked().split_off(2).remove(0);
        let writes = asked["TransactItems"].as_array().unwrap();
        let deleted: Vec<&str> =
            writes.iter().filter_map(|write| write["Delete"]["Key"]["pk"]["S"].as_str()?.strip_prefix("session#")).collect();
        assert_eq!(deleted, ended, "{over} {live}");
        let update = writes.iter().find(|write| write["Update"]["Key"]["sk"]["S"] == "store").unwrap();
        let taken_out = update["Update"]["UpdateExpression"].as_str().unwrap().matches("#sessions.#n").count() - 1;
        assert_eq!(taken_out, ended.len());
    }
}

/// Links two accounts, given the identity's existing items; returns the requests made, too.
async fn link_accounts(known: &[Value]) -> (AccountsLinked, Vec<Value>) {
    let claim = flows::claim(&Scripted::new(vec![found(json!({}))])).await.unwrap();
    let answers = vec![found(json!({ "Items": known, "Count": known.len(), "ScannedCount": known.len() })), found(json!({}))];
    let table = Scripted::new(answers);
    let tables = table.tables();
    let known = tables.load_accounts(UUID, &PAGE).await.unwrap();
    let account = |id: &str| GrantedAccount {
        id: account_id(id),
        name: "Acme".to_owned(),
        tasks: vec!["MESSAGING".to_owned()],
        may_move: false,
        category: None,
        display: None,
        access_token: Some(Secret::new("EAAx")),
        companion: None,
    };
    let (accounts, session, access_token) = ([account("1"), account("2")], sessions::session().await, Secret::new("EAAy"));
    let link = AccountsLink {
        session: &session,
        session_key: &SessionKey::of(&Token::generate().unwrap()),
        claim: &claim,
        app_id: "7",
        kind: &PAGE,
        grant: NewGrant {
            id: &grant_id("5"),
            kind: "USER",
            access_token: &access_token,
            expires_at: None,
            data_access_expires_at: None,
            scopes: &[],
        },
        keeps_session: false,
        accounts: accounts.iter().collect(),
        moving: &MoveList::default(),
        not_granted: Vec::new(),
    };
    let linked = tables.link_accounts(&link, known).await.unwrap();
    (linked, table.asked().split_off(1))
}

fn known(id: &str, grant: &str, tasks: &[&str], version: u64) -> Value {
    let tasks: Vec<Value> = tasks.iter().map(|task| json!({ "S": task })).collect();
    json!({ "sk": { "S": format!("page#{id}") }, "status": { "S": "active" }, "granted_by": { "S": grant }, "tasks": { "L": tasks }, "version": { "N": version.to_string() } })
}

#[tokio::test]
async fn a_page_and_its_person_are_linked_as_of_now_with_a_newer_version() {
    let (linked, asked) = link_accounts(&[known("2", "5", &[], 4)]).await;
    assert_eq!(asked.len(), 1);
    for sk in ["page#1", "page#2", "person#5"] {
        assert_linked_now(put(&asked[0], sk).unwrap());
    }
    let version = |sk: &str| put(&asked[0], sk).unwrap()["version"]["N"].clone();
    assert_eq!((version("page#1"), version("page#2")), (json!("1"), json!("5")));
    let written: Vec<(&str, u64)> = linked.written.iter().map(|(id, version)| (id.as_str(), *version)).collect();
    assert_eq!(written, [("1", 1), ("2", 5)]);
    assert!(linked.kept.is_empty());
}

#[tokio::test]
async fn a_page_keeps_another_persons_grant_that_can_do_more() {
    let (linked, asked) = link_accounts(&[known("2", "6", &["MANAGE", "MESSAGING"], 4)]).await;
    let ids = |accounts: &[AccountId]| accounts.iter().map(AccountId::to_string).collect::<Vec<_>>();
    assert_eq!((ids(&linked.kept), linked.linked.len()), (vec!["2".to_owned()], 2));
    assert!(put(&asked[0], "page#1").is_some() && put(&asked[0], "page#2").is_none());
}

#[tokio::test]
async fn a_dangling_shop_owner_is_deleted_unless_it_was_relinked() {
    let owner = json!({ "Item": { "uuid": { "S": UUID.to_string() } } });
    let gone = || found(json!({}));
    let table =
        Scripted::new(vec![found(owner.clone()), gone(), found(json!({})), found(owner.clone()), gone(), condition_failed(Value::Null)]);
    for _ in 0..2 {
        assert!(table.tables().known_shop("acme.myshopify.com").await.unwrap().is_none());
    }
    let asked = &table.asked()[2];
    assert_eq!((&asked["Key"]["pk"]["S"], &asked["Key"]["sk"]["S"]), (&json!("shop#acme.myshopify.com"), &json!("owner")));
    assert_eq!(value_of(asked, "uuid")["S"], UUID.to_string());

    let table = Scripted::new(vec![found(owner), gone(), refused("ResourceNotFoundException")]);
    let error = table.tables().known_shop("acme.myshopify.com").await.unwrap_err();
    assert_eq!(error.code, Code::StorageUnavailable);
}

#[tokio::test]
async fn a_newer_link_wins_silently_and_a_storage_failure_is_logged() {
    let table = Scripted::new(vec![found(json!({})), condition_failed(Value::Null), refused("ResourceNotFoundException")]);
    let tokens = tokens();
    let (tables, session) = (table.tables(), SessionKey::of(&Token::generate().unwrap()));
    let claim = flows::claim(&Scripted::new(vec![found(json!({}))])).await.unwrap();
    let link = NewLink { shop: "acme.myshopify.com", tokens: &tokens, api_key: "key", session: &session, claim: &claim };
    for (confirmation, is_told) in [(Confirmation::Written, false), (Confirmation::Outdated, false), (Confirmation::Failed, true)] {
        let linked = LinkedShop { user_uuid: UUID, generation: 1, known_shop_id: None, version: 1 };
        let log = logged(async {
            let identified = tables.identify_shop(&link, linked, "42", Some("Acme")).await.unwrap();
            assert_eq!((identified.linked.user_uuid, identified.confirmation), (UUID, confirmation));
        });
        let log = log.await;
        assert_eq!(log.contains("shop id not noted"), is_told, "{log}");
    }
}
