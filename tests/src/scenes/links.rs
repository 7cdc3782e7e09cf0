//! Links that are made, and data that is deleted.

use super::{Merchant, Scene, Way, success};
use crate::facebook::Quirk;
use crate::faults::{Fault, Times};

pub(super) const SCENES: &[Scene] = &[
    success("store-connected", Way::Facebook),
    success("store-connected-without-data", Way::Facebook),
    success("start-asks", Way::Facebook),
    success("move-asks", Way::List),
    success("move-asks-for-what", Way::Facebook),
    success("pages-connected", Way::Back),
    success("pages-connected-in-part", Way::Back),
    success("pages-connected-without-messages", Way::Back),
    success("pages-connected-shared", Way::Back),
    success("pages-connected-hostile-names", Way::Back),
    success("pages-moved", Way::Back),
    success("data-deleted", Way::Done),
];

pub(super) async fn reach(merchant: &Merchant<'_>, name: &str) {
    let Merchant { world, tab, person, pages, .. } = merchant;
    match name {
        "store-connected" => merchant.connects_store().await,
        "store-connected-without-data" => {
            world.shopify.switch_on("graphql", Fault::ServerError500, Times::UntilCleared);
            merchant.connects_store().await;
        }
        // By its address, as from another site.
        "start-asks" => {
            merchant.connects_store().await;
            merchant.opens(&format!("/facebook/login?shop={}", merchant.domain())).await;
        }
        "move-asks" => {
            merchant.with_shop(&format!("{}-before", merchant.shop)).connects_pages().await;
            merchant.comes_to_facebook().await;
            tab.follow("#approve").await;
            merchant.opens(&format!("/facebook/login?move={},424242424242", pages.join(","))).await;
        }
        "move-asks-for-what" => {
            merchant.connects_store().await;
            merchant.opens("/facebook/login?move=1").await;
        }
        "pages-connected" => merchant.connects_pages().await,
        "pages-connected-in-part" => {
            // One Page is another store's, of one the person may see the figures alone, and one is free.
            merchant.with_shop(&format!("{}-before", merchant.shop)).connects_pages().await;
            let seen = world.facebook.add_page(person, "Acme Archive");
            world.facebook.edit_page(&seen, |page| {
                page.tasks.insert(person.clone(), vec!["ANALYZE".to_owned()]);
            });
            world.facebook.add_page(person, "Acme Wholesale");
            merchant.connects_pages().await;
        }
        "pages-connected-without-messages" => {
            world.facebook.set_quirks([Quirk::SubscriptionNotKept(pages[0].clone())]);
            merchant.connects_pages().await;
            world.facebook.set_quirks([]);
        }
        "pages-connected-shared" => {
            world.facebook.set_thread_routing(&pages[0], Some(true));
            merchant.connects_pages().await;
        }
        "pages-connected-hostile-names" => {
            for (page, name) in pages.iter().zip(HOSTILE) {
                world.facebook.edit_page(page, |page| name.clone_into(&mut page.name));
            }
            for name in HOSTILE.iter().skip(pages.len()) {
                world.facebook.add_page(person, name);
            }
            world.facebook.add_page(person, &"Rindfleischetikettierung ".repeat(400));
            world.facebook.add_page(person, &"👩‍👩‍👧‍👦".repeat(1000));
            world.shopify.edit_shop(&merchant.domain(), |shop| HOSTILE[0].clone_into(&mut shop.name));
            merchant.connects_pages().await;
        }
        "pages-moved" => {
            merchant.with_shop(&format!("{}-before", merchant.shop)).connects_pages().await;
            merchant.comes_to_facebook().await;
            tab.follow("#approve").await;
            for page in pages {
                tab.follow(&format!("a[href*='&move={page}&']")).await;
                merchant.logs_in().await;
                tab.follow("#approve").await;
            }
        }
        "data-deleted" => {
            merchant.connects_pages().await;
            let delivery = crate::facebook::delivery("/facebook/data-deletion", &world.facebook.signed_leave(person));
            let reply = world.gateway().send(&delivery).await.json();
            tab.open(reply["url"].as_str().expect("the address of the status page")).await;
        }
        _ => panic!("no scene {name}"),
    }
}

/// Names that want to be more than text, or less.
pub const HOSTILE: [&str; 6] = [
    "</style></title><script>document.title='taken'</script><img src=x onerror=alert(1)>\"'&amp;",
    "\u{202e}erotS emcA\u{202d} \u{2067}\u{200f}شركة\u{2066}",
    "\u{200b}\u{feff}\u{2060}\u{ad}",
    "Z\u{351}\u{36b}\u{343}\u{36a}\u{302}\u{36b}\u{33d}\u{34f}\u{334}\u{319}\u{324}\u{31e}\u{349}\u{35a}\u{32f}\u{31e}\u{320}\u{34d}algo",
    "الأزياء الراقية — חנות האופנה",
    "Ma\nny\r\n\tlines\u{0}\u{7f}\u{1b}[31m",
];
