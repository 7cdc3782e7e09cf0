//! What is refused, and where that leads.

use super::*;

#[test]
fn every_error_leads_on() {
    for (name, html) in all() {
        let html = html(Language::English);
        if name.starts_with("error-") || name.starts_with("detail-") {
            assert!(html.contains("<a id=\"next\" class=\"button"), "{name}");
            assert!(between(&html, "<p class=\"lead\">", "</p>").len() > 20, "{name}");
        }
    }
    let admin = "https://admin.shopify.com/";
    // What may have been a passing trouble of ours can be asked for again; nothing else.
    for code in Code::ALL {
        let passing = matches!(code, Code::StorageUnavailable | Code::Misconfigured | Code::ProviderTimeout | Code::ProviderError);
        let ways: &[&str] = if passing { &["", admin] } else { &[admin] };
        assert_eq!(links(&refused("GET", "/connections", &Error::of(code))), ways, "{}", code.as_str());
        assert_eq!(links(&refused("POST", "/shopify/webhooks", &Error::of(code))), [admin], "{}", code.as_str());
        let list = if matches!(code, Code::MissingSession | Code::InvalidSession) { admin } else { "/connections" };
        assert_eq!(links(&refused("POST", "/connections/disconnect", &Error::of(code))), [list], "{}", code.as_str());
    }
    let ways = |next| {
        links(&refused("GET", "/", &Error::of(Code::StorageUnavailable).leading_to(next)))
            .iter()
            .map(|way| way.replace("&#38;", "&"))
            .collect::<Vec<_>>()
    };
    assert_eq!(ways(NextStep::store_login("a.myshopify.com")), ["/shopify/a.myshopify.com/login"]);
    assert_eq!(ways(NextStep::ask_again(NEXT, "a.myshopify.com")), ["/facebook/login?shop=a.myshopify.com&rerequest=1"]);
    assert_eq!(ways(NextStep::connect(NEXT, "a.myshopify.com")), ["/facebook/login?shop=a.myshopify.com", "/connections"]);
    assert_eq!(
        ways(NextStep::move_here(NEXT, "a.myshopify.com", false, &MoveList::first_of(["7", "8"]), "T")),
        ["/facebook/login?shop=a.myshopify.com"],
        "nothing moves them all"
    );
}

#[test]
fn what_is_for_programs_stands_in_no_page() {
    let error = Error::missing_parameter("hmac");
    assert!(in_english(&error).contains("'hmac'"));
    let html = refused("GET", "/shopify/callback", &error);
    assert!(!html.contains("hmac") && html.contains(&*(crate::texts::ENGLISH.error)(Code::MissingParameter).text), "{html}");
}

#[test]
fn every_detail_says_more_than_its_code() {
    for language in Language::ALL {
        let words = language.words();
        for (code, detail) in details() {
            let (said, general) = (words.saying(code, &detail), words.saying(code, &Detail::General));
            assert_eq!(said.text == general.text, matches!(detail, Detail::Technical(_)), "{detail:?}");
        }
    }
}

#[test]
fn a_reference_is_shown_where_there_is_one() {
    let page = |id: &str| {
        let event = json!({ "requestContext": { "requestId": id } });
        ErrorPage { error: &Error::of(Code::NotFound), request: &Request::from_event(&event), platforms: PLATFORMS }
            .html(Language::English, &brand())
    };
    let request = Request::from_event(&json!({ "requestContext": { "requestId": "abc=" } }));
    assert!(page("abc=").contains(&format!("Reference: <span class=\"ref\">{}</span>", request.reference().unwrap())));
    assert!(!page("abc=").contains("abc="), "what is read out is short");
    assert!(!page("").contains("Reference"));
}

#[test]
fn a_failed_login_is_tried_again_by_way_of_the_question() {
    for code in [Code::StorageUnavailable, Code::Misconfigured, Code::ProviderTimeout, Code::ProviderError] {
        let html = refused("GET", "/facebook/login", &Error::of(code));
        assert_eq!(links(&html)[0], "/facebook/login?confirm=1");
        assert_eq!(links(&refused("GET", "/facebook/callback", &Error::of(code)))[0], "");
    }
}

#[test]
fn what_is_done_already_leads_back_and_to_the_list() {
    let done = |next: NextStep| {
        let error = Error::new(Code::UsedState, Detail::Used(NEXT.platform, FirstUse::Linked));
        refused("GET", "/facebook/callback", &error.leading_to(NextStep::store_manage(SHOP)).leading_back(next))
    };
    let html = done(NextStep::back(None, SHOP));
    assert_eq!(links(&html), ["https://admin.shopify.com/store/acme", "/shopify/acme.myshopify.com/login"]);
    assert!(html.contains(">Back to your Shopify admin</a>"), "{html}");
    assert!(done(NextStep::back(Some("https://b.example/"), SHOP)).contains(">Back to Käufer &#38; Co</a>"));
    let nameless = AccountsConnected { back: NextStep::back(Some("https://b.example/"), SHOP), ..accounts_connected() };
    assert!(nameless.html(Language::English, &Brand::default()).contains(">Go back</a>"));
}
