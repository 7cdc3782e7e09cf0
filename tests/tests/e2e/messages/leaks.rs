//! Nobody's words are stored or logged: not in the tables, not in a line of the log, not in a
//! metric.

use e2e::event_bus::PUT_EVENTS;
use e2e::facebook::Happening;
use e2e::faults::{Fault, Times};
use e2e::search::Secrets;

use crate::messages::{Linked, text};

/// In every message, and nowhere else.
const WORDS: &str = "MARKEDWORDS5";

#[tokio::test]
async fn nobody_s_words_are_stored_or_logged_whatever_becomes_of_them() {
    let (linked, instagram) = Linked::with_instagram().await;
    let customer = linked.world.facebook.add_customer();
    let happenings = || {
        [
            text(WORDS),
            Happening::Postback { title: format!("{WORDS} title"), payload: format!("{WORDS} payload") },
            Happening::QuickReply { text: WORDS.to_owned(), payload: WORDS.to_owned() },
            Happening::Link { reference: WORDS.to_owned() },
            Happening::Picture(format!("https://example.com/{WORDS}.jpg")),
            Happening::Echo { text: WORDS.to_owned(), app_id: None },
            Happening::Standby(Box::new(text(WORDS))),
            text(&format!("{WORDS}{}", "x".repeat(300_000))),
        ]
    };
    let mut told = 0;
    for account in [&linked.pages[0], &instagram] {
        for happening in happenings() {
            let delivery = || linked.world.facebook.webhook([linked.world.facebook.update(account, &customer, &happening)]);
            told += linked.deliver(&delivery()).await.iter().filter(|told| told.to_string().contains(WORDS)).count();
            linked.world.bus.switch_on(PUT_EVENTS, Fault::ServerError500, Times::UntilCleared);
            assert_eq!(linked.answer(&delivery()).await.status, 503);
            linked.world.bus.clear_faults();
            linked.world.bus.refuse("MalformedDetail", Times::UntilCleared);
            assert_eq!(linked.answer(&delivery()).await.status, 200);
            linked.world.bus.clear_refusals();
            assert_eq!(linked.world.gateway().send(&delivery().signed(None)).await.status, 401);
        }
    }
    assert_eq!(told, 16, "the bus has them");
    let mut secrets = Secrets::default();
    secrets.add("words", WORDS);
    secrets.add("customer", &customer);
    for item in linked.world.database.dump() {
        secrets.assert_not_stored(&item);
    }
    secrets.assert_not_in("logs", linked.world.logs());
}
