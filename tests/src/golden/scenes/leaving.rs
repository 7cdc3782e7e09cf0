//! Persons who leave.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::reading::Reading;
use super::super::stage::{Merchant, deliver, forget_note, keeper, note, pages, people, read_leave};
use crate::database::DatabaseFault;
use crate::facebook::delivery;
use crate::world::World;

const DEAUTHORIZE: &str = "/facebook/deauthorize";
const DELETION: &str = "/facebook/data-deletion";

pub(super) async fn reach(world: &World) -> Vec<Reading> {
    let [jo, kim, lee] = people(world, ["Jo Doe", "Kim Roe", "Lee Poe"]);

    // Somebody of whom nothing is kept, settled; for that all persons are marked for a moment.
    let stranger = world.facebook.signed_leave("99999999999999");
    let told = deliver(world, &delivery(DELETION, &stranger)).await;
    let settled = told["confirmation_code"].as_str().expect("a code").to_owned();
    note(world, "persons", &json!({ "done_at": { "N": "1" } }));
    world.set_number(&format!("deletion#{settled}"), "status", "due_at", 1).await;
    keeper(world).await;
    forget_note(world, "persons").await;

    // One who wants to be forgotten while the tables fail, with the keeper as well; one who is
    // forgotten and not settled; one who removed the app.
    let [store, outlet] = pages(world, &jo, ["Acme Store", "Acme Outlet"]);
    let acme = Merchant::with_pages(world, "acme", &jo, &[&store, &outlet]).await;
    let ([kims], [lees]) = (pages(world, &kim, ["Kim's"]), pages(world, &lee, ["Lee's"]));
    let other = Merchant::with_pages(world, "other", &kim, &[&kims]).await;
    let third = Merchant::with_pages(world, "third", &lee, &[&lees]).await;
    let [wish, done, removal] = [&jo, &kim, &lee].map(|person| world.facebook.signed_leave(person));
    let forgotten = deliver(world, &delivery(DELETION, &done)).await;
    deliver(world, &delivery(DEAUTHORIZE, &removal)).await;
    world.database.fail_operation("TransactWriteItems", DatabaseFault::InternalError, 1000);
    let waiting = deliver(world, &delivery(DELETION, &wish)).await;
    keeper(world).await;
    world.database.clear_faults();
    for code in codes(world) {
        let item = world.item(&code, "status").expect("a request");
        if item.text("due_at").is_some() {
            world.set_number(&code, "status", "due_at", 1).await;
        }
    }
    third.links_again().await;

    let status = |told: &Value| {
        let page = told["url"].as_str().expect("a page");
        Reading::open("what became of a wish", page, "")
    };
    vec![
        status(&told),
        status(&forgotten),
        status(&waiting),
        acme.read_tokens(),
        other.read_tokens(),
        third.read_tokens(),
        third.read_list(),
        Reading::send("a wish comes again", &delivery(DELETION, &done)),
        Reading::send("a removal comes again", &delivery(DEAUTHORIZE, &removal)),
        Reading::send("a removal comes as a wish", &delivery(DELETION, &removal)),
        Reading::send("a wish that was settled comes again", &delivery(DELETION, &stranger)),
        read_leave(DELETION, "88888888888888", 0),
        Reading::keeper(),
        status(&waiting),
        status(&forgotten),
        acme.read_tokens(),
        third.relinks_pages("/facebook/login", &lee, &[&lees]),
        Reading::keeper(),
    ]
}

fn codes(world: &World) -> BTreeSet<String> {
    let items = world.database.scan("connections").into_iter();
    let keys = items.filter_map(|item| item.text("pk").map(str::to_owned));
    keys.filter(|pk| pk.starts_with("deletion#")).collect()
}
