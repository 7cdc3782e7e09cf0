use std::collections::BTreeSet;

use serde_json::json;

use super::{samples::*, *};
use crate::facts::{Brand, LeftOut, NextStep, StoreState};
use crate::providers::{NEXT, PLATFORMS};
use crate::{Code, Detail, Error, error::FirstUse, moving::MoveList, request::Request, texts::in_english};

/// What stands between the tags of the body.
fn texts(html: &str) -> BTreeSet<String> {
    let body = html.split("<body>").nth(1).unwrap();
    body.split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

fn between<'a>(html: &'a str, start: &str, end: &str) -> &'a str {
    html.split(start).nth(1).unwrap_or_else(|| panic!("no {start} in {html}")).split(end).next().unwrap()
}

/// Where a page leads, the first way first; the links to its translations are below it.
fn links(html: &str) -> Vec<&str> {
    between(html, "<main>", "</main>").split("<a ").skip(1).map(|link| between(link, "href=\"", "\"")).collect()
}

fn refused(method: &str, path: &str, error: &Error) -> String {
    let event = json!({ "rawPath": path, "requestContext": { "http": { "method": method } } });
    ErrorPage { error, request: &Request::from_event(&event), platforms: PLATFORMS }.html(Language::English, &brand())
}

#[test]
fn the_policy_allows_the_style_sheet_as_rendered() {
    use base64::Engine as _;
    use sha2::Digest as _;
    for (name, html) in all() {
        let html = html(Language::English);
        let hash = base64::prelude::BASE64_STANDARD.encode(sha2::Sha256::digest(between(&html, "<style>", "</style>")));
        assert!(content_security_policy().contains(&format!("style-src 'sha256-{hash}';")), "{name}");
    }
}

#[test]
fn every_page_says_in_its_language_where_one_is() {
    for language in Language::ALL {
        for (name, html) in all() {
            let html = html(language);
            assert!(html.starts_with(&format!("<!doctype html>\n<html lang=\"{}\">", language.tag())), "{name}");
            let (title, heading) = (between(&html, "<title>", "</title>"), between(&html, "<h1>", "</h1>"));
            let whole = format!("{heading} – Käufer &#38; Co");
            assert_eq!(title, if whole.chars().count() <= 64 { whole.as_str() } else { heading }, "{name}");
            assert_eq!(html.matches("<h1>").count(), 1, "{name}");
            assert_eq!(html.matches("<link ").count(), html.matches("<link rel=\"icon\" href=\"data:image/svg+xml,").count(), "{name}");
            for word in ["<script", "<img", "src=", "style=", "@import", "url(", "http:"] {
                assert!(!html.contains(word), "{word} in {name}");
            }
            // A list of accounts is as long as it is.
            assert!(html.len() < 14 * 1024 || html.matches("<h3>").count() > 5, "{name} has {} bytes", html.len());
        }
    }
}

#[test]
fn no_text_of_english_stands_in_another_language() {
    let the_same = [
        "English",
        "Deutsch",
        "Español",
        "Français",
        "Português",
        "Käufer &#38; Co",
        "aermel.wien",
        "902",
        "+43 660 1234567",
        "102289599326934",
        "WhatsApp Business Account:",
        "Instagram:",
        SHOP,
        "Ärmel &#38; Söhne",
        "Ärmel Outlet 🧥",
        "Ärmel Wien",
        "Ärmel Graz",
        "Ärmel Linz",
        "Ärmel Salzburg",
        ":",
        "Instagram:",
        "2",
        "0",
        "3",
        "1",
        "104",
        "106",
        "Moved",
        "Kept",
        "GRZ-89K-P5Q",
        "0123456789abcdef0123456789abcdef",
    ];
    let is_name = |text: &str| text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    for (name, html) in all() {
        for language in Language::ALL.into_iter().filter(|language| *language != Language::English) {
            let (english, other) = (texts(&html(Language::English)), texts(&html(language)));
            let both: Vec<&String> =
                english.intersection(&other).filter(|text| !the_same.contains(&text.as_str()) && !is_name(text)).collect();
            assert!(both.is_empty(), "{name}, {language:?}: {both:?}");
            assert_eq!(english.len(), other.len(), "{name}: {english:?} {other:?}");
        }
    }
}

#[test]
fn every_page_is_written_as_its_language_is() {
    let blank = |c: char| c == ' ' || c == '\u{a0}';
    for (name, html) in all() {
        for language in Language::ALL {
            for text in texts(&html(language)) {
                assert!(!text.contains(['{', '}', '$']) && !text.contains("  "), "{name}, {language:?}: {text}");
                // Times, and what the template engine escapes.
                let is_no_word = |word: &str| word.len() == 1 || word.contains("&#") || word.contains(|c: char| c.is_ascii_digit());
                match language {
                    Language::French => {
                        for mark in [':', ';', '?', '!', '»'] {
                            let bare = |word: &str| word.contains(mark) && !word.contains('\u{202f}') && !is_no_word(word);
                            assert!(!text.split(blank).any(bare), "{name}: {text}");
                        }
                        assert!(!text.contains('\'') && !text.contains("&#39;"), "{name}: {text}");
                    }
                    Language::Spanish => {
                        for (opening, closing) in [('¿', '?'), ('¡', '!')] {
                            assert_eq!(text.matches(opening).count(), text.matches(closing).count(), "{name}: {text}");
                        }
                    }
                    Language::English | Language::German | Language::Portuguese => assert!(!text.contains('\u{202f}'), "{name}: {text}"),
                }
            }
        }
    }
}

#[test]
fn every_page_leads_to_its_translations() {
    for (name, html) in all() {
        let kind = name.split('-').next().unwrap();
        let path = match name.as_str() {
            "store-connected" | "store-connected-bare" | "store-connected-partial" | "store-connected-numbers" => "/connections",
            // The session lives on where another store holds a Page, or more can be connected.
            "accounts-connected-some" | "accounts-connected-numbers" => "/connections",
            _ if ["connections", "notice"].contains(&kind) => "/connections",
            _ if ["welcome", "deletion"].contains(&kind) => "",
            _ => "/",
        };
        for language in Language::ALL {
            let html = html(language);
            let list = between(&html, "<ul class=\"languages\">", "</ul>");
            for other in Language::ALL {
                let (tag, own) = (other.tag(), other.words().frame.language_name);
                let link = format!("<li lang=\"{tag}\"><a href=\"{path}?lang={tag}\" hreflang=\"{tag}\">{own}</a></li>");
                let here = format!("<li lang=\"{tag}\"><span aria-current=\"true\">{own}</span></li>");
                assert!(list.contains(if other == language { &here } else { &link }), "{name}: {list}");
            }
            assert_eq!(html.matches("lang=").count(), 1 + 5 + 4 * 2, "{name}");
        }
    }
}

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
fn hostile_names_are_shown_harmlessly() {
    let hostile = [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=y>",
        "\u{202e}drowssap\u{2066}",
        "</bdi></h3><form>",
        "\u{200b}\u{feff}",
        "-->",
        "{{7*7}}",
    ];
    let long = ["x".repeat(10_000), "👨‍👩‍👧‍👦".repeat(3_000), format!("Z{}", "\u{0301}".repeat(9_000))];
    for name in hostile.into_iter().map(str::to_owned).chain(long) {
        let mut list = connections();
        list.store.name = Some(name.clone());
        list.accounts.truncate(1);
        list.accounts.iter_mut().for_each(|account| account.name.clone_from(&name));
        let mut connected = accounts_connected();
        connected.connected.iter_mut().for_each(|account| account.name.clone_from(&name));
        connected.left_out.push(LeftOutAccount { id: "7".to_owned(), name: Some(name.clone()), reason: LeftOut::Gone, way: None });
        let pages = [
            StoreConnected { name: Some(name.clone()), ..store() }.html(Language::English, &brand()),
            list.html(Language::English, &brand()),
            connected.html(Language::English, &brand()),
        ];
        for html in pages {
            for word in ["<script", "<img", "onerror=\"", "\u{202e}", "\u{2066}", "\u{200b}", "</bdi></h3><form>"] {
                assert!(!html.contains(word), "{word:?} of {name:?} in {html}");
            }
            assert_eq!(html.matches("<bdi>").count(), html.matches("</bdi>").count());
            assert!(!html.contains("<bdi></bdi>") && html.len() < 28 * 1024, "{} bytes with {name:?}", html.len());
        }
    }
}

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

const MOVE: &str = "/facebook/login?shop=acme.myshopify.com&#38;move=";

#[test]
fn the_end_of_a_flow_offers_what_can_move_one_by_one() {
    let mut page = accounts_connected();
    let back = "https://a.example/?x=1&#38;status=linked";
    let html = page.html(Language::English, &brand());
    assert_eq!(links(&html), [back, "/shopify/acme.myshopify.com/login"]);
    assert!(html.contains("<a id=\"next\" class=\"button\" href=\"https://a.example/?x=1&#38;status=linked\" rel=\"noreferrer\">Back to Käufer &#38; Co</a>"), "{html}");
    for offer in offers() {
        page.left_out.push(LeftOutAccount { id: offer.id, name: offer.name, reason: LeftOut::HeldElsewhere, way: Some(offer.next) });
    }
    let html = page.html(Language::English, &brand());
    let ways = [format!("{MOVE}104&#38;csrf_token=q1w2e3"), format!("{MOVE}106&#38;csrf_token=q1w2e3")];
    assert_eq!(links(&html), [back, ways[0].as_str(), &ways[1], "/shopify/acme.myshopify.com/login"]);
    assert_eq!(html.matches("class=\"button\"").count(), 1, "moving is no main button");
    assert_eq!(html.matches("class=\"button small quiet late\"").count(), 2);
    assert!(html.contains("and the other store loses it"), "{html}");
    assert!(
        html.contains(" to this store<span class=\"vh\">: <bdi>Ärmel Wien</bdi>")
            && !html.contains(crate::texts::ENGLISH.accounts_connected.done)
    );
}

#[test]
fn a_refusal_of_accounts_that_another_store_holds_lists_each_with_its_own_way() {
    let error = Error::new(Code::HeldElsewhere, Detail::HeldElsewhere(NEXT, offers())).leading_to(NextStep::move_here(
        NEXT,
        SHOP,
        false,
        &MoveList::first_of(["104", "106"]),
        "q1w2e3",
    ));
    let html = refused("GET", "/facebook/callback", &error);
    let ways = [format!("{MOVE}104&#38;csrf_token=q1w2e3"), format!("{MOVE}106&#38;csrf_token=q1w2e3")];
    assert_eq!(links(&html), [ways[0].as_str(), &ways[1], "/facebook/login?shop=acme.myshopify.com"]);
    assert!(html.contains("<bdi>Ärmel Wien</bdi>"), "{html}");
}

#[test]
fn a_question_has_one_way_on() {
    let page = starting(Asked::Connect(NextStep::go_on(NEXT, SHOP, true)));
    let html = page.html(Language::English, &brand());
    assert_eq!(links(&html), ["/facebook/login?shop=acme.myshopify.com&#38;rerequest=1"]);
    assert!(html.contains("<bdi>acme.myshopify.com</bdi>") && !html.contains("<form"), "{html}");
    assert_eq!(between(&html, "<main>", "</main>").matches("<li>").count(), 3);
}

#[test]
fn on_every_page_a_way_to_a_start_takes_no_pointer_at_first_and_no_other_way_waits() {
    let mut seen = 0;
    for (name, html) in all() {
        let html = html(Language::English);
        for tag in html.split("<a ").skip(1).map(|link| link.split('>').next().unwrap()) {
            let starts = ["facebook", "whatsapp"].iter().any(|platform| tag.contains(&format!("href=\"/{platform}/login")));
            assert_eq!(tag.contains(" late\""), starts, "{name}: {tag}");
            seen += usize::from(starts);
        }
    }
    assert!(seen > 20, "{seen}");
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
fn what_is_known_by_its_number_alone_is_told_so_and_is_no_main_button() {
    let html = starting(Asked::Move(offers())).html(Language::English, &brand());
    let unknown = between(&html, "<h3><bdi>106</bdi></h3>", "</li>");
    assert!(
        unknown.contains(&crate::texts::ENGLISH.of(NEXT).starting.unknown.replace('\'', "&#39;"))
            && unknown.contains("class=\"button small quiet late\""),
        "{unknown}"
    );
    assert!(!between(&html, "<h3><bdi>Ärmel Wien</bdi></h3>", "</li>").contains("number"));
    assert_eq!(links(&html).last(), Some(&"/connections"));
}

#[test]
fn steps_say_where_one_is() {
    let marks = |html: &str| {
        let steps = html.split("class=\"steps\"").nth(1)?.split("</ol>").next()?;
        Some(steps.split("<li class=\"").skip(1).map(|li| li.split('"').next().unwrap().to_owned()).collect::<Vec<_>>().join(" "))
    };
    assert_eq!(marks(&store().html(Language::English, &brand())).unwrap(), "done now");
    assert_eq!(marks(&accounts_connected().html(Language::English, &brand())).unwrap(), "done done");
    assert_eq!(marks(&connections().html(Language::English, &brand())), None);
    for (path, expected) in [
        ("/shopify/acme/login", Some("now ahead")),
        ("/facebook/callback", Some("done now")),
        ("/connections", None),
        ("/facebook/data-deletion/x", None),
    ] {
        assert_eq!(marks(&refused("GET", path, &Error::of(Code::NotFound))).as_deref(), expected, "{path}");
    }
}

#[test]
fn what_a_connected_store_goes_on_to_stands_first_on_the_list() {
    assert_eq!(PLATFORMS.accounts().next(), Some(NEXT), "an error at the store names the step that follows");
}

#[test]
fn every_page_says_whose_it_is_and_whom_to_ask() {
    for (name, html) in all() {
        let html = html(Language::English);
        let footer = between(&html, "<footer>", "</footer>");
        assert!(footer.contains("<bdi>Käufer &#38; Co</bdi>"), "{name}: {footer}");
        assert!(
            footer.contains("<a href=\"mailto:help@a.example?subject=A&#38;body=B\" rel=\"help noreferrer\">Help</a>"),
            "{name}: {footer}"
        );
        assert!(footer.contains("<a href=\"https://a.example/privacy\" rel=\"privacy-policy noreferrer\">Privacy</a>"), "{name}: {footer}");
    }
    let neutral = Welcome { kinds: vec![NEXT], is_translated: false }.html(Language::English, &Brand::default());
    assert!(between(&neutral, "<footer>", "</footer>").contains("<bdi>Store Link</bdi>") && links(&neutral).is_empty(), "{neutral}");
    assert!(neutral.contains(crate::texts::ENGLISH.welcome.ask_sender), "{neutral}");
    let html = shown(&Welcome { kinds: vec![NEXT], is_translated: false });
    assert!(between(&html, "<main>", "</main>").contains("<bdi>Käufer &#38; Co</bdi>"), "{html}");
    assert_eq!(links(&html), ["mailto:help@a.example?subject=A&#38;body=B"]);
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
