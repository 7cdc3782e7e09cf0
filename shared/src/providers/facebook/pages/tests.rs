use super::*;
use crate::providers::facebook;
use crate::scripted::{Scripted, outbound};
use serde_json::{Value, json};

/// The result of lists with these cursors, one Page on each, and how many lists were requested.
async fn listed(cursors: &[Option<&str>]) -> (Pages, usize) {
    let list = |(number, cursor): (usize, &Option<&str>)| {
        let paging = cursor.map(|after| json!({ "cursors": { "after": after }, "next": "https://elsewhere.example/" }));
        (200, json!({ "data": [{ "id": format!("{number}") }], "paging": paging }).to_string())
    };
    let stand_in = Scripted::new(cursors.iter().enumerate().map(list).collect());
    let pages = super::list(&facebook::tests::graph(&stand_in.endpoint, "hush", 1_800_000_000), &outbound(), &Secret::new("EAAx"), &[])
        .await
        .unwrap();
    (pages, stand_in.asked().len())
}

#[tokio::test]
async fn a_list_is_followed_by_cursor_to_its_end() {
    let (pages, lists) = listed(&[Some("a"), Some("b"), None, None]).await;
    assert_eq!((pages.found.len(), pages.truncated, lists), (3, false, 3));
}

#[tokio::test]
async fn a_repeated_or_oversized_cursor_ends_the_list() {
    let (pages, lists) = listed(&[Some("a"), Some("a"), None]).await;
    assert_eq!((pages.found.len(), pages.truncated, lists), (2, true, 2));
    let (pages, lists) = listed(&[Some(&"c".repeat(1025)), None]).await;
    assert_eq!((pages.found.len(), pages.truncated, lists), (1, true, 1));
}

fn read(reply: Value) -> Option<GrantedAccount> {
    super::read(serde_json::from_value(reply).unwrap())
}

#[test]
fn a_malformed_page_is_read_as_far_as_possible() {
    let page = read(json!({
        "id": "123", "name": "ä".repeat(300), "category": "c".repeat(300), "tasks": ["t".repeat(64), "t".repeat(65), "MESSAGING"], "access_token": "EAAx",
    }))
    .unwrap();
    assert_eq!((page.id.as_str(), page.name, page.category), ("123", "ä".repeat(255), Some("c".repeat(255))));
    assert_eq!(page.tasks, ["t".repeat(64), "MESSAGING".to_owned()]);
    assert_eq!(page.access_token.unwrap().expose(), "EAAx");
    assert_eq!(read(json!({"id": "123"})).unwrap().name, "123");
    assert_eq!(read(json!({"id": "123", "tasks": vec!["t"; 40]})).unwrap().tasks.len(), 32);
    assert_eq!(read(json!({"id": 123})).unwrap().id.as_str(), "123");
    for id in [json!("12/3"), json!(-1), json!(1.5), json!(null), json!(["1"])] {
        assert!(read(json!({ "id": id })).is_none(), "{id}");
    }
}

#[test]
fn cursors_have_a_maximum_length() {
    assert!(is_usable(&"c".repeat(1024)) && !is_usable(&"c".repeat(1025)) && !is_usable(&"c".repeat(2000)));
}

#[test]
fn an_unusable_token_counts_as_none() {
    for token in ["", "EAA x", "EAA\nx", "EAAä"] {
        assert!(read(json!({"id": "123", "access_token": token})).unwrap().access_token.is_none(), "{token:?}");
    }
}

#[test]
fn a_refused_list_says_what_to_do() {
    let code = |verdict| refused(verdict).code;
    for verdict in [Verdict::ReconnectNeeded, Verdict::TokenOfAnotherApp, Verdict::RestartLogin] {
        assert_eq!(code(verdict), Code::TokenExchangeFailed);
    }
    assert_eq!(code(Verdict::MissingPermission), Code::MissingPermission);
    for verdict in [Verdict::OurConfiguration, Verdict::Retry, Verdict::Wait, Verdict::NotFound] {
        assert_eq!(code(verdict), Code::ProviderError);
    }
    assert!(refused(Verdict::OurConfiguration).credentials_refused && !refused(Verdict::Retry).credentials_refused);
}

#[tokio::test]
async fn pages_refused_with_instagram_are_requested_without_it() {
    let scopes: Vec<String> = INSTAGRAM.scopes.iter().map(|scope| (*scope).to_owned()).collect();
    for code in [100, 10, 200] {
        let refusal = (400, json!({ "error": { "code": code, "message": "no" } }).to_string());
        let list = (200, json!({ "data": [{ "id": "1" }] }).to_string());
        let stand_in = Scripted::new(vec![refusal.clone(), list.clone()]);
        let graph = facebook::tests::graph(&stand_in.endpoint, "hush", 1_800_000_000);
        let mut pages = super::list(&graph, &outbound(), &Secret::new("EAAx"), &scopes).await.unwrap();
        assert_eq!(pages.found.len(), 1, "{code}");
        assert_eq!(stand_in.asked().len(), 2);
        // The same for a single one.
        let stand_in = Scripted::new(vec![refusal.clone(), (200, json!({ "id": "2" }).to_string()), refusal.clone(), refusal]);
        let graph = facebook::tests::graph(&stand_in.endpoint, "hush", 1_800_000_000);
        let ids = ["2", "3"].map(|id| AccountId::parse(&PAGE, id).unwrap());
        for id in &ids {
            fetch_missing(&graph, &outbound(), &Secret::new("EAAx"), &scopes, std::slice::from_ref(id), &mut pages).await;
        }
        assert_eq!((pages.found.last().unwrap().id.as_str(), pages.unreadable.as_slice()), ("2", &ids[1..]), "{code}");
        assert_eq!(stand_in.asked().len(), 4);
    }
}
