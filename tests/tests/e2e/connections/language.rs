//! The language that a reader chooses: by a link on every page, kept in a cookie that changes nothing else.

use e2e::browser::{Accept, Browser, Page};
use e2e::facebook::Consent;
use e2e::gateway::Request;
use e2e::world::World;
use shared::texts::Language;

use crate::connections::{LIST, Linked};
use crate::support::case;

/// The language that a page says it is in, and where it leads for each of the others.
fn spoken(page: &Page) -> (String, Vec<String>) {
    let text = page.text();
    let (_, behind) = text.split_once("<html lang=\"").unwrap_or_else(|| panic!("no page: {text}"));
    let links = text.split("<ul class=\"languages\">").nth(1).unwrap().split("</ul>").next().unwrap();
    let links = links.split("href=\"").skip(1).map(|link| link.split('"').next().unwrap().to_owned());
    (behind.split('"').next().unwrap().to_owned(), links.collect())
}

/// The links of a page in English that shows itself in another language at `path`.
fn others(path: &str) -> Vec<String> {
    ["de", "es", "fr", "pt-BR"].map(|tag| format!("{path}?lang={tag}")).into()
}

async fn opened(browser: &Browser, path: &str) -> Page {
    browser.send(Request::get(path).with_header("accept-language", "de")).await
}

#[tokio::test]
async fn a_choice_is_kept_for_a_year_and_counts_before_what_the_browser_says() {
    let linked = Linked::with_pages(1).await;
    let browser = linked.browser.copied().accepting(Accept::Html);
    assert_eq!(spoken(&opened(&browser, LIST).await).0, "de");
    for language in Language::ALL {
        let tag = language.tag();
        case(tag);
        let page = browser.get(&format!("{LIST}?lang={tag}")).await;
        assert_eq!((page.status(), page.header("content-language"), spoken(&page).0.as_str()), (200, Some(tag), tag));
        assert!(page.text().contains(language.words().connections.title));
        assert_eq!(page.set_cookies(), [format!("language={tag}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax")]);
        // From here on every page is in it, errors as well, and nothing else of the cookies changes.
        for path in [LIST, "/", "/facebook/data-deletion/nothing", "/shopify/no_store/login", "/facebook/callback"] {
            let page = opened(&browser, path).await;
            assert_eq!((spoken(&page).0.as_str(), page.set_cookies().len()), (tag, 0), "{path}");
        }
    }
    // What is no tag of ours changes nothing, and what is wrong with a query is refused as ever.
    for query in ["lang=nl", "lang=", "lang=%C3%A9", "x=1", "lang[]=de"] {
        let page = browser.get(&format!("{LIST}?{query}")).await;
        assert_eq!((page.status(), spoken(&page).0.as_str(), page.set_cookies().len()), (200, "pt-BR", 0), "{query}");
    }
    let twice = browser.get("/facebook/login?lang=de&lang=fr").await;
    assert_eq!((twice.status(), spoken(&twice).0.as_str(), twice.set_cookies().len()), (400, "pt-BR", 0));
}

#[tokio::test]
async fn json_stays_english_and_a_twin_of_the_cookie_counts_for_nothing() {
    let linked = Linked::with_pages(0).await;
    let page = linked.browser.get("/?lang=fr").await;
    assert_eq!((page.header("content-language"), page.set_cookies().len()), (Some("en"), 0));
    assert_eq!(page.json()["title"], Language::English.words().about(&[shared::providers::NEXT]).title);
    let browser = linked.world.browser().accepting(Accept::Html);
    for (cookie, tag) in [("language=fr", "fr"), ("language=nl", "de"), ("language=fr; language=es", "de"), ("__Host-language=fr", "de")] {
        let page = browser.send(Request::get("/").with_header("accept-language", "de").with_header("cookie", cookie)).await;
        assert_eq!(spoken(&page).0, tag, "{cookie}");
    }
}

#[tokio::test]
async fn the_services_own_page_says_that_a_language_was_chosen_and_that_one_can_go_back() {
    let world = World::start().await;
    let browser = world.browser().accepting(Accept::Html);
    for language in Language::ALL {
        let said = &language.words().language_chosen;
        let page = browser.get(&format!("/?lang={}", language.tag())).await;
        assert!(page.text().contains(said.title) && page.text().contains(&*said.text), "{}", page.text());
        assert!(!browser.get("/").await.text().contains(said.title));
    }
}

#[tokio::test]
async fn a_page_repeats_its_own_address_only_where_that_does_no_harm() {
    let world = World::start().await;
    let (person, page) = crate::support::person_with_page(&world.facebook);
    let browser = world.browser().accepting(Accept::Html);
    let links = |page: &Page| spoken(page).1;
    assert_eq!(links(&browser.get("/").await), others(""));
    // The callback's address holds a code.
    let connected = world.link_shop(&browser, "acme").await;
    assert_eq!((connected.status(), links(&connected)), (200, others("/connections")));
    assert_eq!(links(&browser.get(LIST).await), others("/connections"));
    // A start, and the end of a flow, after which there is no session.
    let asked = browser.send(Request::get("/facebook/login?shop=acme.myshopify.com").with_header("sec-fetch-site", "none")).await;
    assert_eq!((asked.status(), links(&asked)), (200, others("/")));
    let dialog = browser.get("/facebook/login").await;
    let callback = world.facebook.approve(dialog.location(), &Consent::of(&person));
    let done = browser.get(&callback).await;
    assert_eq!((done.status(), links(&done)), (200, others("/")));
    // The callback again, in the language that was chosen meanwhile: the way back leads here.
    let code = callback.split("code=").nth(1).unwrap().split('&').next().unwrap();
    assert!(!done.text().contains(code) && !connected.text().contains("code="));
    browser.get("/?lang=es").await;
    let again = browser.get(&callback).await;
    assert_eq!((again.code(), spoken(&again).0.as_str()), (None, "es"), "{}", again.text());
    assert!(again.text().contains("Tus páginas están conectadas"));
    // While another store holds a Page, the session stays, and so does the list.
    let other = world.browser().accepting(Accept::Html);
    world.link_shop(&other, "other").await;
    let dialog = other.get("/facebook/login").await;
    world.facebook.add_page(&person, "Free");
    let held = other.get(&world.facebook.approve(dialog.location(), &Consent::of(&person))).await;
    assert!(held.text().contains(&page), "{}", held.text());
    assert_eq!((held.status(), links(&held)), (200, others("/connections")));
}

#[tokio::test]
async fn the_choice_travels_to_no_provider_and_into_no_way_on() {
    let linked = Linked::with_pages(0).await;
    let browser = linked.browser.copied().accepting(Accept::Html);
    for path in ["/shopify/acme/login?lang=fr", "/facebook/login?lang=fr"] {
        let begun = browser.get(path).await;
        assert_eq!(begun.status(), 302, "{}", begun.text());
        assert!(!begun.location().contains("lang"), "{}", begun.location());
        assert!(begun.set_cookies().iter().any(|cookie| cookie.starts_with("language=fr;")), "{:?}", begun.set_cookies());
    }
    let asked = linked.browser.send(Request::get("/facebook/login?lang=fr").with_header("sec-fetch-site", "cross-site")).await;
    assert_eq!((asked.status(), asked.json()["next"].as_str().map(|next| next.contains("lang"))), (403, Some(false)), "{}", asked.text());
    let page = browser.send(Request::get("/facebook/login?lang=fr").with_header("sec-fetch-site", "cross-site")).await;
    let main = page.text().split("<main>").nth(1).unwrap().split("</main>").next().unwrap().to_owned();
    assert!(page.status() == 200 && !main.contains("lang="), "{main}");
}
