//! The list of connections, and what its entries say.

use super::*;

#[test]
fn forms_are_there_only_with_a_token_that_makes_them_work() {
    let list = connections();
    let html = list.html(Language::English, &brand());
    assert!(list.has_form());
    assert_eq!(html.matches("<form method=\"post\" action=\"/connections/disconnect\">").count(), 1 + list.accounts.len());
    assert_eq!(html.matches("<form class=\"bare\" method=\"post\" action=\"/connections/sign-out\">").count(), 1);
    assert_eq!(html.matches("<input type=\"hidden\" name=\"csrf_token\" value=\"q1w2e3\">").count(), 2 + list.accounts.len());
    assert_eq!(html.matches("name=\"uninstall\" value=\"1\"").count(), 1);
    assert!(html.contains(
        "<input type=\"hidden\" name=\"platform\" value=\"shopify\">\n<input type=\"hidden\" name=\"account\" value=\"acme.myshopify.com\">"
    ));
    assert!(
        html.contains(
            "<input type=\"hidden\" name=\"platform\" value=\"facebook\">\n<input type=\"hidden\" name=\"account\" value=\"205\">"
        )
    );

    let end = Connections { csrf_token: None, ..list };
    let html = end.html(Language::English, &brand());
    assert!(!end.has_form() && !html.contains("<form") && !html.contains("<details"));
    assert!(links(&html).contains(&"/connections"), "{html}");
    assert!(!store().has_form() && !accounts_connected().has_form());
}

#[test]
fn what_needs_attention_comes_first_and_can_be_mended() {
    let html = connections().html(Language::English, &brand());
    let places: Vec<usize> =
        ["Ärmel Outlet", "Ärmel Graz", "Ärmel Wien", "Ärmel Linz"].map(|name| html.find(&format!("<h3><bdi>{name}")).unwrap()).into();
    assert!(places.is_sorted(), "{places:?}");
    let repairs: Vec<&str> = html.split("<a class=\"button").skip(1).map(|link| between(link, "href=\"", "\"")).collect();
    assert_eq!(
        repairs,
        [
            "/facebook/login?shop=acme.myshopify.com&#38;rerequest=1",
            "/facebook/login?shop=acme.myshopify.com",
            "https://www.facebook.com/settings?tab=msgr_conversation_routing",
        ]
    );
    assert_eq!(between(&html, "<h2>", "</h2>"), "The Page is disconnected");
    // The store and five Pages; the sixth is only a note.
    assert!(html.contains("<h2>2 of 6 need you</h2>"), "{html}");
    let list = html.split("<h2>2 of 6 need you</h2>").nth(1).unwrap();
    assert_eq!(between(list, "<h3><bdi>", "</bdi>"), "Ärmel Outlet 🧥");
    assert_eq!(list.matches("<a class=\"button late\"").count(), 2, "what mends them is filled: {list}");
    let mut healthy = connections();
    healthy.accounts.retain(|account| !account.state.needs_merchant());
    assert!(!healthy.html(Language::English, &brand()).contains("need you"));
    // Without its store no account can be mended, and the store itself can.
    for state in [StoreState::ReconnectNeeded, StoreState::Disconnected] {
        let mut list = connections();
        list.store.state = state;
        let html = list.html(Language::English, &brand());
        assert!(html.contains("<h2>1 of 6 needs you</h2>"), "{html}");
        assert_eq!(html.split("<a ").skip(1).filter(|link| link.starts_with("class=\"button")).count(), 1);
        assert_eq!(links(&html)[0], "/shopify/acme.myshopify.com/login");
        assert_eq!(html.contains("value=\"shopify\""), state == StoreState::ReconnectNeeded);
    }
}

#[test]
fn a_healthy_entry_tells_its_times_and_leads_to_what_everybody_sees() {
    let html = shown(&connections());
    let healthy = between(&html, "<h3><bdi>Ärmel &#38; Söhne</bdi></h3><p class=\"pill good\">", "<details>");
    assert!(healthy.contains("Connected since: <time datetime=\"2026-11-02T14:03:59Z\">2 November 2026</time>"), "{healthy}");
    assert!(healthy.contains("Last checked: <time datetime=\"2026-12-01T07:00:00Z\">1 December 2026, 07:00 UTC</time>"), "{healthy}");
    let page = html.split("https://www.facebook.com/201\"").nth(1).unwrap();
    assert!(page.split("</li>").next().unwrap().contains("href=\"https://m.me/201\""), "{page}");
    // What receives nothing can't be tried, and what moved away is nobody's to look at here.
    assert!(html.contains("https://www.facebook.com/203\"") && !html.contains("https://m.me/203\""));
    assert!(!html.contains("https://www.facebook.com/205\""));
    let old = connections().accounts.into_iter().map(|account| AccountEntry { times: Times::default(), ..account }).collect();
    let store = StoreEntry { times: Times::default(), ..connections().store };
    assert!(!shown(&Connections { accounts: old, store, ..connections() }).contains("<time"), "older records have no times");
}

#[test]
fn two_of_one_name_are_told_apart() {
    let (_, html) = all().into_iter().find(|(name, _)| name == "connections-of-one-name").unwrap();
    let html = html(Language::English);
    for (id, number) in [("301", 1), ("302", 1), ("303", 0)] {
        assert_eq!(html.matches(&format!("<p class=\"sub\">Number {id}</p>")).count(), number, "{id}");
    }
    assert!(html.contains("<bdi>aermel.wien</bdi>") && html.contains("<bdi>902</bdi>"), "{html}");
    let mut linked = accounts_connected();
    linked.connected.iter_mut().for_each(|account| "Ärmel".clone_into(&mut account.name));
    linked.left_out.push(LeftOutAccount { id: "7".to_owned(), name: Some("Ärmel ".to_owned()), reason: LeftOut::Gone, way: None });
    let html = shown(&linked);
    for id in ["101", "102", "7"] {
        assert!(html.contains(&format!("<p class=\"sub\">Number {id}</p>")), "{id}: {html}");
    }
    let offer = |id: &str| crate::facts::Offer { name: Some("Ärmel".to_owned()), id: id.to_owned(), next: NextStep::connections() };
    let html = shown(&starting(Asked::Move(vec![offer("8"), offer("9")])));
    assert!(html.contains("Number 8") && html.contains("Number 9"), "{html}");
}
