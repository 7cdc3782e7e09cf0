//! What needs a new connection, and what the keeper has noted on the way there.

use serde_json::json;

use super::super::play::now;
use super::super::reading::Reading;
use super::super::stage::{DAY, Merchant, deliver, jobs_are_due, keeper, pages, people, set_text};
use crate::faults::{Fault, Times};
use crate::world::World;

pub(super) async fn needing(world: &World) -> Vec<Reading> {
    let long_ago = u64::try_from(now()).expect("after 1970") - 31 * DAY;

    // A store and a person whose tokens are dead, and Pages that died one by one.
    let jo = world.facebook.add_person("Jo Doe");
    let jos = pages(world, &jo, ["Page 0 of Jo", "Page 1 of Jo", "Page 2 of Jo", "Page 3 of Jo"]);
    let acme = Merchant::with_pages(world, "acme", &jo, &jos.each_ref()).await;
    acme.links_again().await;
    let token = |sk: &str| world.opened(&acme.uuid, sk, "access_token");
    world.facebook.kill_token(&token(&format!("person#{jo}")), Some(460));
    for (page, subcode) in jos.iter().zip([460, 458, 492]) {
        world.facebook.kill_token(&token(&format!("page#{page}")), Some(subcode));
    }
    acme.is_due(&format!("person#{jo}")).await;
    world.shopify.uninstall(&acme.shop());
    acme.fades().await;

    // Another that has been dead for long, whose tokens are gone, those of its person and Page as
    // well.
    let ann = world.facebook.add_person("Ann Low");
    let anns = world.facebook.add_page(&ann, "Ann's");
    let gone = Merchant::with_pages(world, "gone", &ann, &[&anns]).await;
    world.shopify.uninstall(&gone.shop());
    world.facebook.change_password(&ann);
    let (person, page) = (format!("person#{ann}"), format!("page#{anns}"));
    gone.fades().await;
    gone.is_due(&person).await;
    keeper(world).await;
    for sk in ["store", &person, &page] {
        gone.set(sk, "dead_since", long_ago).await;
    }
    gone.is_due("store").await;
    gone.is_due(&person).await;
    keeper(world).await;

    // A permission that holds for no Page, a visit that came to its middle, and a person whom
    // nobody could be asked about.
    let [kim, lee, max] = people(world, ["Kim Roe", "Lee Poe", "Max Moe"]);
    let ([kims], [lees]) = (pages(world, &kim, ["Kim's"]), pages(world, &lee, ["Lee's"]));
    let [maxs] = pages(world, &max, ["Max's"]);
    let withheld = Merchant::with_pages(world, "withheld", &kim, &[&kims]).await;
    let for_none = Fault::edit(|answer| {
        let scopes = json!([{ "scope": "pages_messaging", "target_ids": [] }]);
        answer["data"]["granular_scopes"] = scopes;
    });
    world.facebook.switch_on("debug_token", for_none, Times::UntilCleared);
    withheld.is_due(&format!("person#{kim}")).await;
    keeper(world).await;
    world.facebook.clear_faults();
    let failing = Merchant::with_pages(world, "failing", &lee, &[&lees]).await;
    world.facebook.switch_on("debug_token", Fault::ServerError500, Times::UntilCleared);
    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    failing.is_due(&format!("person#{lee}")).await;
    failing.fades().await;
    keeper(world).await;
    world.facebook.clear_faults();
    world.shopify.clear_faults();
    failing.is_due("store").await;
    failing.is_due(&format!("person#{lee}")).await;
    let noted = Merchant::with_pages(world, "noted", &max, &[&maxs]).await;
    noted.fades().await;
    noted.set("store", "dead_seen_at", long_ago).await;
    let person = format!("person#{max}");
    noted.set(&person, "dead_seen_at", long_ago).await;
    set_text(world, [&noted.partition(), &person], "progress", &format!("messages#{maxs}")).await;
    noted.is_due(&person).await;

    // Due again: what is dead as well.
    acme.is_due("store").await;
    acme.is_due(&format!("person#{jo}")).await;
    acme.set(&format!("page#{}", jos[1]), "dead_since", long_ago).await;
    acme.set(&format!("person#{jo}"), "dead_since", long_ago).await;
    withheld.set(&format!("page#{kims}"), "withheld_since", long_ago).await;
    withheld.is_due(&format!("person#{kim}")).await;

    let stores = [&acme, &gone, &withheld, &failing, &noted];
    let mut readings = vec![acme.read_tokens(), acme.read_list()];
    readings.extend([gone.read_tokens(), withheld.read_tokens()]);
    readings.extend(jos.iter().map(|page| Reading::tokens(json!({ "page_id": page }))));
    readings.push(Reading::keeper());
    readings.extend(stores.iter().map(|merchant| merchant.read_tokens()));
    // What is dead lives again with the next link.
    readings.push(gone.relinks());
    readings.push(acme.relinks());
    readings.push(acme.read_tokens());
    readings
}

/// A store, a person, a doubt and a job that fail.
pub(super) async fn failing(world: &World) -> Vec<Reading> {
    let [jo, kim] = people(world, ["Jo Doe", "Kim Roe"]);
    let [jos] = pages(world, &jo, ["Jo's"]);
    let [kims, more] = pages(world, &kim, ["Kim's", "More"]);
    let acme = Merchant::with_pages(world, "acme", &jo, &[&jos]).await;
    acme.fades().await;
    let person = format!("person#{jo}");
    let doubted = Merchant::links(world, "doubted").await;
    doubted.token_ends().await;
    deliver(world, &doubted.timeless("app/uninstalled").request()).await;
    let left = Merchant::with_pages(world, "left", &kim, &[&kims, &more]).await;
    left.links_again().await;

    world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
    for call in ["debug_token", "unsubscribe"] {
        world.facebook.switch_on(call, Fault::ServerError500, Times::UntilCleared);
    }
    left.disconnects("facebook", &kims).await;
    acme.is_due(&person).await;
    jobs_are_due(world, "unsubscribe").await;
    keeper(world).await;
    world.shopify.clear_faults();
    world.facebook.clear_faults();
    for sk in ["store", &person] {
        acme.is_due(sk).await;
    }
    doubted.is_due("doubt").await;
    jobs_are_due(world, "unsubscribe").await;
    vec![
        Reading::fail(&["refresh"], &["debug_token", "unsubscribe"]),
        acme.read_tokens(),
        Reading::keeper(),
        Reading::fail(&[], &[]),
        acme.read_tokens(),
        Reading::keeper(),
    ]
}
