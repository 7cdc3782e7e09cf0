//! Whose pages they are: name and links on every page of every function, and what is refused of them.

use e2e::gateway::Request;
use e2e::lambda::Reply;
use e2e::settings::Variables;
use e2e::world::HTTP;

use crate::contract::configuration::assert_misconfigured;
use crate::contract::values::{accepts, refuses};
use crate::contract::{ask, function, functions, start, variables};

const NAME: &str = "Käufer & Co";
const SUPPORT: &str = "mailto:help@brand.example?subject=Help";
const PRIVACY: &str = "https://brand.example/privacy#data";
const NEUTRAL: &str = "Store Link";

fn branded() -> Variables {
    let mut variables = variables(HTTP);
    for (name, value) in [("BRAND_NAME", NAME), ("SUPPORT_URL", SUPPORT), ("PRIVACY_URL", PRIVACY)] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    variables
}

fn footer(reply: &Reply) -> String {
    let html = reply.text();
    let footer = html.split("<footer>").nth(1).unwrap_or_else(|| panic!("no footer: {html}"));
    footer.split("</footer>").next().unwrap().to_owned()
}

/// Name and links as they stand in a footer.
fn assert_footer(reply: &Reply, name: &str, support: Option<&str>, privacy: Option<&str>) {
    let footer = footer(reply);
    assert!(footer.contains(&format!("<bdi>{}</bdi>", name.replace('&', "&#38;"))), "{footer}");
    let who = footer.split("<ul class=\"who\">").nth(1).unwrap().split("</ul>").next().unwrap();
    let links: Vec<&str> = who.split("<a href=\"").skip(1).map(|link| link.split('"').next().unwrap()).collect();
    assert_eq!(links, support.into_iter().chain(privacy).collect::<Vec<_>>(), "{footer}");
}

fn page(path: &str) -> Request {
    Request::get(path).with_header("accept", "text/html")
}

#[tokio::test]
async fn every_function_answers_in_the_name_of_whom_it_belongs_to() {
    for way in functions() {
        let function = start(way.function, &branded()).await;
        for request in [page("/nothing/here"), way.in_the_other_method().with_header("accept", "text/html")] {
            assert_footer(&ask(&function, &request).await, NAME, Some(SUPPORT), Some(PRIVACY));
        }
    }
    let function = start("connections", &branded()).await;
    let welcome = ask(&function, &page("/")).await;
    assert_footer(&welcome, NAME, Some(SUPPORT), Some(PRIVACY));
    let main = welcome.text().split("</main>").next().unwrap().to_owned();
    assert!(main.contains("<bdi>Käufer &#38; Co</bdi>") && main.contains(&format!("href=\"{SUPPORT}\"")), "{main}");
    let told = ask(&function, &Request::get("/")).await.json();
    assert_eq!(
        (told["name"].as_str(), told["support_url"].as_str(), told["privacy_url"].as_str()),
        (Some(NAME), Some(SUPPORT), Some(PRIVACY))
    );
}

#[tokio::test]
async fn without_a_brand_pages_bear_a_neutral_name() {
    for way in functions() {
        for (name, value) in [("BRAND_NAME", ""), ("SUPPORT_URL", "  ")] {
            let mut variables = variables(HTTP);
            variables.insert(name.to_owned(), value.to_owned());
            let reply = ask(&start(way.function, &variables).await, &page("/nothing/here")).await;
            assert_eq!(reply.status, 404);
            assert_footer(&reply, NEUTRAL, None, None);
        }
    }
}

#[tokio::test]
async fn the_page_of_a_function_that_is_not_set_up_says_whose_it_is() {
    for way in functions() {
        let mut variables = branded();
        variables.remove(super::configuration::needed(way.function)[0]);
        let reply = ask(&start(way.function, &variables).await, &page("/")).await;
        assert_eq!(reply.status, 500);
        assert_footer(&reply, NAME, Some(SUPPORT), Some(PRIVACY));
    }
}

#[tokio::test]
async fn what_is_unusable_of_the_brand_is_misconfigured_and_the_rest_stands() {
    let long = "x".repeat(61);
    for way in functions() {
        for (name, value, expected) in [
            ("BRAND_NAME", long.as_str(), (NEUTRAL, Some(SUPPORT), Some(PRIVACY))),
            ("SUPPORT_URL", "http://brand.example/help", (NAME, None, Some(PRIVACY))),
            ("PRIVACY_URL", "mailto:privacy@brand.example", (NAME, Some(SUPPORT), None)),
        ] {
            let mut variables = branded();
            variables.insert(name.to_owned(), value.to_owned());
            assert_misconfigured(way, name, &variables).await;
            let reply = ask(&start(way.function, &variables).await, &page("/")).await;
            assert_footer(&reply, expected.0, expected.1, expected.2);
        }
    }
}

#[tokio::test]
async fn each_part_of_the_brand_has_its_form() {
    const WEB: [&str; 9] = [
        "http://brand.example",
        "brand.example",
        "//brand.example",
        "https:///brand.example",
        "https://user:secret@brand.example",
        "https://brand.example/a b",
        "https://brand.example/<script>",
        "javascript:alert(1)",
        "data:text/html,x",
    ];
    let long = "é".repeat(61);
    refuses(&["shopify-login"], "BRAND_NAME", &["two\nlines", "a\u{7}bell", "\u{202e}emcA", "in\u{200b}visible", &long]).await;
    refuses(&["shopify-login"], "SUPPORT_URL", &WEB).await;
    refuses(&["shopify-login"], "SUPPORT_URL", &["mailto:", "mailto:help", "mailto:help@", "tel:+491234"]).await;
    refuses(&["shopify-login"], "PRIVACY_URL", &WEB).await;
    refuses(&["shopify-login"], "PRIVACY_URL", &["mailto:help@brand.example"]).await;
    refuses(&["facebook-callback"], "RETURN_URL", &WEB).await;
    let own = [
        "mailto:help@brand.example",
        "https://brand.example/?status=linked",
        "https://brand.example/?a=1&status#x",
        "https://brand.example/?st%61tus=1",
    ];
    refuses(&["facebook-callback"], "RETURN_URL", &own).await;
    let longest = "é".repeat(60);
    accepts("shopify-login", "BRAND_NAME", &["A", "Käufer & Co <b>", " Acme \u{a0} GmbH ", "متجر", &longest]).await;
    accepts("shopify-login", "SUPPORT_URL", &["https://brand.example/help?x=1#top", "mailto:help@brand.example", "HTTPS://brand.example"])
        .await;
    accepts("shopify-login", "PRIVACY_URL", &["https://brand.example:8443/privacy"]).await;
    accepts("facebook-callback", "RETURN_URL", &["https://brand.example", "https://brand.example/?a=1&mystatus=2#/?status=3"]).await;
    // Whoever ends no flow has no use for it.
    let mut variables = variables(HTTP);
    variables.insert("RETURN_URL".to_owned(), "nonsense".to_owned());
    let reply = ask(&start("shopify-login", &variables).await, &function("shopify-login").request()).await;
    assert_eq!(reply.json()["code"], "missing_parameter");
}
