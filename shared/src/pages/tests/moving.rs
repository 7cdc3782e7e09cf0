//! What can be connected or moved, and what asks for it.

use super::*;

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
