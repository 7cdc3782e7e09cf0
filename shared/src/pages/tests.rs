mod list;
mod moving;
mod refusals;
mod samples;

use std::collections::BTreeSet;

use serde_json::json;

use super::*;
use crate::facts::{Brand, LeftOut, NextStep, StoreState};
use crate::providers::{NEXT, PLATFORMS};
use crate::{Code, Detail, Error, error::FirstUse, moving::MoveList, request::Request, texts::in_english};

use samples::*;

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
