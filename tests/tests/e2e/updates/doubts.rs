//! Meta does not say whether its word is so: the keeper asks again.

use e2e::facebook::AccountEvent;
use e2e::faults::{Fault, Times};
use serde_json::json;

use crate::updates::{ASKED, ENDS, INACTIVE, needs_link};
use crate::whatsapp::support::Shop;

const DOUBT: &str = "whatsapp/doubt";

impl Shop {
    fn falls_silent(&self, fault: Fault) {
        self.world.facebook.switch_on(ASKED, fault, Times::UntilCleared);
    }

    fn speaks(&self) {
        self.world.facebook.clear_faults();
    }

    async fn runs_keeper(&self) -> serde_json::Value {
        self.world.invoke("token-keeper", json!({})).await
    }
}

#[tokio::test]
async fn without_an_answer_the_number_stays_and_the_keeper_ends_it_in_its_next_run() {
    for fault in [Fault::Hang, Fault::ServerError500, Fault::Throttled429, Fault::HtmlBody, Fault::Reset, Fault::TruncatedJson] {
        let shop = Shop::linked_before().await;
        shop.falls_silent(fault);
        shop.befalls(&AccountEvent::Removed).await;
        shop.assert_untouched().await;
        assert_eq!(shop.jobs(), [DOUBT]);
        shop.speaks();
        assert_eq!(shop.runs_keeper().await["due"], 1);
        shop.assert_gone("app_removed").await;
        assert_eq!(shop.jobs(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn each_word_is_settled_as_it_would_have_been_at_once() {
    for (event, reason) in ENDS {
        let shop = Shop::linked_before().await;
        shop.falls_silent(Fault::ServerError500);
        shop.befalls(&event).await;
        shop.speaks();
        shop.runs_keeper().await;
        shop.assert_gone(reason).await;
    }
    let shop = Shop::linked_before().await;
    shop.falls_silent(Fault::ServerError500);
    shop.befalls(&INACTIVE).await;
    shop.speaks();
    shop.runs_keeper().await;
    assert_eq!((shop.events(), shop.jobs()), (vec![needs_link(&shop.number, "primary_inactivity")], Vec::new()));
}

#[tokio::test]
async fn a_doubt_that_was_wrong_is_forgotten() {
    let shop = Shop::linked_before().await;
    shop.falls_silent(Fault::ServerError500);
    shop.is_said(&AccountEvent::Removed).await;
    shop.speaks();
    assert_eq!(shop.runs_keeper().await["failed"], 0);
    shop.assert_untouched().await;
    assert_eq!(shop.jobs(), Vec::<String>::new());
}

#[tokio::test]
async fn a_doubt_waits_for_an_answer_and_piles_up_nothing() {
    let shop = Shop::linked_before().await;
    shop.falls_silent(Fault::ServerError500);
    let delivery = shop.world.facebook.account_event(&shop.waba, &AccountEvent::Removed);
    for _ in 0..3 {
        shop.deliver(&delivery).await;
    }
    assert_eq!(shop.jobs(), [DOUBT]);
    let run = shop.runs_keeper().await;
    assert_eq!((&run["due"], &run["failed"]), (&json!(1), &json!(1)));
    shop.assert_untouched().await;
    assert_eq!((shop.jobs(), shop.runs_keeper().await["due"].clone()), (vec![DOUBT.to_owned()], json!(0)), "after a pause");
    // Told once more it is settled at once, and the doubt finds nothing.
    shop.speaks();
    shop.deliver(&delivery).await;
    shop.assert_gone("app_removed").await;
}

#[tokio::test]
async fn what_is_linked_meanwhile_outlives_the_doubt() {
    let shop = Shop::linked_before().await;
    shop.falls_silent(Fault::ServerError500);
    shop.befalls(&AccountEvent::Removed).await;
    shop.speaks();
    shop.signs_in().await;
    assert_eq!(shop.links().await.status(), 200);
    shop.world.facebook.edit_account(&shop.waba, |account| account.error = Some(100));
    shop.runs_keeper().await;
    assert!(shop.stored(&shop.number).is_some());
    assert!(shop.events().is_empty() && shop.jobs().is_empty());
}

#[tokio::test]
async fn a_doubt_names_nobody() {
    let shop = Shop::linked_before().await;
    shop.falls_silent(Fault::ServerError500);
    shop.befalls(&AccountEvent::Removed).await;
    let items = shop.world.database.scan("connections").into_iter();
    let doubt = items.into_iter().find(|item| item.text("sk") == Some(DOUBT)).unwrap();
    let text = serde_json::to_string(&doubt.attributes).unwrap();
    for name in [&shop.waba, &shop.number, &shop.uuid, &shop.business] {
        assert!(!text.contains(name.as_str()), "{text}");
    }
}
