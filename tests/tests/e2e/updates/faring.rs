//! Restrictions, and that they are over: nothing ends.

use e2e::facebook::AccountEvent;
use serde_json::json;

use crate::updates::{ASKED, Told};
use crate::whatsapp::support::Shop;

const BANNED: AccountEvent = AccountEvent::Ban { state: "DISABLE", date: "April 17, 2025" };
const ANNOUNCED: AccountEvent = AccountEvent::Ban { state: "SCHEDULE_FOR_DISABLE", date: "April 17, 2025" };
const REINSTATED: AccountEvent = AccountEvent::Ban { state: "REINSTATE", date: "April 17, 2025" };
const RESTRICTED: AccountEvent = AccountEvent::Restricted { kind: "RESTRICTED_BIZ_INITIATED_MESSAGING", expiration: None };
const VIOLATED: AccountEvent = AccountEvent::Violation { kind: "ADULT" };

impl Shop {
    async fn assert_unready(&self, reason: &str) {
        let entry = self.entry(&self.number).await;
        assert_eq!((&entry["status"], entry["access_token"].is_string()), (&json!("active"), true), "{entry}");
        assert_eq!((&entry["messaging_ready"], &entry["messaging_reason"]), (&json!(false), &json!(reason)), "{entry}");
    }

    async fn assert_ready(&self) {
        let entry = self.entry(&self.number).await;
        assert_eq!((&entry["messaging_ready"], &entry["messaging_reason"]), (&json!(true), &json!(null)), "{entry}");
    }

    fn recovered(&self) -> Vec<Told> {
        vec![("recovered".to_owned(), self.number.clone(), None)]
    }
}

#[tokio::test]
async fn a_restricted_number_stays_linked_and_says_so() {
    for event in [BANNED, ANNOUNCED, RESTRICTED, VIOLATED] {
        let shop = Shop::linked_before().await;
        shop.assert_ready().await;
        shop.befalls(&event).await;
        shop.assert_unready("account_restricted").await;
        shop.is_said(&event).await;
        assert_eq!((shop.events(), shop.jobs(), shop.asked(ASKED)), (Vec::new(), Vec::new(), 0), "{event:?}");
    }
}

#[tokio::test]
async fn a_ban_that_is_taken_back_is_looked_into_in_the_next_run_and_told() {
    let shop = Shop::linked_before().await;
    shop.befalls(&BANNED).await;
    shop.kept().await;
    shop.assert_unready("account_restricted").await;
    assert_eq!(shop.world.invoke("token-keeper", json!({})).await["due"], 0);
    shop.befalls(&REINSTATED).await;
    shop.assert_unready("account_restricted").await;
    shop.world.invoke("token-keeper", json!({})).await;
    shop.assert_ready().await;
    assert_eq!(shop.events(), shop.recovered());
    shop.kept().await;
    assert_eq!(shop.events(), shop.recovered(), "told once");
}

#[tokio::test]
async fn a_restriction_that_is_over_by_itself_is_told_with_the_daily_look() {
    let shop = Shop::linked_before().await;
    shop.befalls(&VIOLATED).await;
    shop.assert_unready("account_restricted").await;
    shop.kept().await;
    shop.assert_ready().await;
    assert_eq!(shop.events(), shop.recovered());
}

#[tokio::test]
async fn words_in_the_wrong_order_leave_what_the_keeper_found() {
    let shop = Shop::linked_before().await;
    shop.deliver(&shop.said_at(&REINSTATED, -10)).await;
    shop.world.invoke("token-keeper", json!({})).await;
    shop.deliver(&shop.said_at(&BANNED, -20)).await;
    shop.assert_ready().await;
    // Linked in that second, or after it.
    shop.deliver(&shop.said_at(&BANNED, -3600)).await;
    shop.assert_ready().await;
}

#[tokio::test]
async fn a_device_that_changes_is_waited_for() {
    let shop = Shop::linked_before().await;
    shop.world.facebook.edit_number(&shop.number, |number| number.is_on_biz_app = true);
    shop.befalls(&AccountEvent::Offboarded).await;
    shop.assert_unready("not_checked").await;
    shop.befalls(&AccountEvent::Reconnected).await;
    shop.world.invoke("token-keeper", json!({})).await;
    shop.assert_ready().await;
    assert_eq!(shop.events(), Vec::<Told>::new(), "nobody was needed");
    // Where nobody says that it is over, the keeper comes in a quarter of an hour.
    let now = shop.world.facebook.now();
    shop.is_said(&AccountEvent::Offboarded).await;
    let due_at: i64 = shop.grant().unwrap().text("due_at").unwrap().parse().unwrap();
    assert!((now..now + 1000).contains(&due_at), "{}", due_at - now);
}

#[tokio::test]
async fn a_restriction_is_not_hidden_by_a_device_that_changes() {
    let shop = Shop::linked_before().await;
    shop.befalls(&BANNED).await;
    shop.is_said(&AccountEvent::Offboarded).await;
    shop.assert_unready("account_restricted").await;
}
