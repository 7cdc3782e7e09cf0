//! DynamoDB fails at every operation of every function: once, and for as long as anybody tries.

use e2e::browser::{Browser, Page};
use e2e::database::DatabaseFault;
use e2e::facebook::Consent;
use e2e::world::World;
use futures_util::future::join_all;

use crate::faults::without_flows;
use crate::support::{Dump, assert_error, case, connections, dump, holder, item, linked_pages, linked_shop, page_token, person_with_page};

/// What the merchant's browser opens while the database fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    FacebookLogin,
    ShopifyCallback,
    FacebookCallback,
}
use Step::{FacebookCallback, FacebookLogin, ShopifyCallback};

const CASES: [(Step, &str); 9] = [
    (FacebookLogin, "UpdateItem"),
    (ShopifyCallback, "UpdateItem"),
    (ShopifyCallback, "GetItem"),
    (ShopifyCallback, "TransactWriteItems"),
    (FacebookCallback, "UpdateItem"),
    (FacebookCallback, "GetItem"),
    (FacebookCallback, "Query"),
    (FacebookCallback, "TransactWriteItems"),
    // Fails whatever the operation is.
    (FacebookCallback, ""),
];

fn faults(operation: &str) -> Vec<DatabaseFault> {
    use DatabaseFault::{AnswerLost, InternalError, RequestLost, Throttled, TransactionConflict};
    let mut faults = vec![Throttled, InternalError, RequestLost, AnswerLost];
    if operation == "TransactWriteItems" {
        faults.push(TransactionConflict);
    }
    faults
}

/// A merchant on the way to a step.
struct Merchant {
    shop: String,
    person: String,
    page: String,
    browser: Browser,
    /// What the browser opens next.
    url: String,
}

impl Merchant {
    async fn before(world: &World, step: Step, shop: &str) -> Self {
        let (person, page) = person_with_page(&world.facebook);
        let browser = world.browser();
        if step != ShopifyCallback {
            linked_shop(world, &browser, shop).await;
        }
        let url = match step {
            FacebookLogin => "/facebook/login".to_owned(),
            ShopifyCallback => world.approve_shop(&browser, shop).await,
            FacebookCallback => world.approve_pages(&browser, &Consent::of(&person)).await,
        };
        Self { shop: shop.to_owned(), person, page, browser, url }
    }

    /// The whole way once more, from the store: it must end with the Page under the store's one identity.
    async fn tries_again(&self, world: &World) {
        let known = item(world, &format!("shop#{}.myshopify.com", self.shop), "owner").map(|owner| owner.text("uuid").unwrap().to_owned());
        if self.browser.cookie("session_id").is_some() && self.browser.get("/facebook/login").await.status() == 302 {
            linked_pages(world, &self.browser, &Consent::of(&self.person)).await;
        }
        let uuid = linked_shop(world, &self.browser, &self.shop).await;
        assert!(known.is_none_or(|known| known == uuid), "one identity per store");
        linked_pages(world, &self.browser, &Consent::of(&self.person)).await;
        assert_eq!(holder(world, &self.page).as_deref(), Some(uuid.as_str()));
        assert!(world.facebook.accepts(&page_token(world, &uuid, &self.page)));
    }
}

fn fail(world: &World, operation: &str, fault: DatabaseFault, calls: usize) {
    if operation.is_empty() { world.database.fail(fault, calls) } else { world.database.fail_operation(operation, fault, calls) }
}

#[track_caller]
fn assert_unavailable(reply: &Page) {
    assert_error(reply, 503, "storage_unavailable");
    assert!(reply.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok_and(|seconds| seconds > 0)));
    assert!(reply.set_cookies().is_empty(), "{:?}", reply.set_cookies());
}

/// Each item of a link is there whole with its partners, or not at all.
fn assert_whole(world: &World, merchant: &Merchant) {
    let all = connections(world);
    let has = |pk: &str, sk: &str| all.contains_key(&("connections".to_owned(), pk.to_owned(), sk.to_owned()));
    let uuid = item(world, &format!("shop#{}.myshopify.com", merchant.shop), "owner").map(|owner| owner.text("uuid").unwrap().to_owned());
    match uuid {
        None => {
            assert!(!all.values().any(|item| item.get("shop").is_some_and(|shop| shop["S"] == format!("{}.myshopify.com", merchant.shop))))
        }
        Some(uuid) => {
            let partition = format!("uuid#{uuid}");
            assert!(has(&partition, "store"));
            let linked = holder(world, &merchant.page).is_some();
            assert_eq!(has(&partition, &format!("page#{}", merchant.page)), linked);
            assert_eq!(has(&partition, &format!("person#{}", merchant.person)), linked);
        }
    }
}

#[tokio::test]
async fn a_fault_that_passes_is_not_noticed() {
    let world = World::start().await;
    let mut number = 0;
    for (step, operation) in CASES {
        for fault in faults(operation) {
            number += 1;
            case((step, operation, fault));
            let merchant = Merchant::before(&world, step, &format!("shop{number}")).await;
            world.shopify.clear_requests();
            world.facebook.clear_requests();
            fail(&world, operation, fault, 1);
            let reply = merchant.browser.get(&merchant.url).await;
            world.database.clear_faults();
            assert_eq!(reply.status(), if step == FacebookLogin { 302 } else { 200 }, "{}", reply.text());
            let sent = (world.shopify.requests_of("token").len(), world.facebook.requests_of("code_exchange").len());
            assert_eq!(sent, (usize::from(step == ShopifyCallback), usize::from(step == FacebookCallback)));
            assert_whole(&world, &merchant);
            if step == FacebookLogin {
                let attempts = attempts(&dump(&world), &merchant.shop);
                assert_eq!(attempts, ["1"], "one flow counts once");
            } else {
                assert_error(&merchant.browser.get(&merchant.url).await, 400, "used_state");
            }
            if step == FacebookCallback {
                assert!(holder(&world, &merchant.page).is_some());
            }
            merchant.tries_again(&world).await;
        }
    }
}

fn attempts(dump: &Dump, shop: &str) -> Vec<String> {
    let of_shop = |item: &serde_json::Map<String, serde_json::Value>| {
        item.get("shop").is_some_and(|value| value["S"] == format!("{shop}.myshopify.com"))
    };
    let attempts = dump.values().filter(|item| of_shop(item)).filter_map(|item| item.get("attempts")?["N"].as_str().map(str::to_owned));
    attempts.collect()
}

#[tokio::test]
async fn a_fault_that_lasts_is_told_and_leaves_nothing_half_linked() {
    let world = World::start().await;
    let mut number = 0;
    for (step, operation) in CASES {
        for fault in faults(operation) {
            number += 1;
            case((step, operation, fault));
            let merchant = Merchant::before(&world, step, &format!("shop{number}")).await;
            let before = without_flows(dump(&world));
            fail(&world, operation, fault, 1000);
            let reply = merchant.browser.get(&merchant.url).await;
            world.database.clear_faults();
            assert_unavailable(&reply);
            assert_whole(&world, &merchant);
            if fault != DatabaseFault::AnswerLost {
                assert_eq!(without_flows(dump(&world)), before);
            }
            let started = std::time::Instant::now();
            merchant.tries_again(&world).await;
            assert!(started.elapsed().as_secs() < 6, "nobody waits for the lease of a callback that gave up");
        }
    }
}

#[tokio::test]
async fn a_state_that_could_not_be_claimed_is_still_good() {
    let world = World::start().await;
    for (number, fault) in [DatabaseFault::Throttled, DatabaseFault::InternalError].into_iter().enumerate() {
        for step in [ShopifyCallback, FacebookCallback] {
            let merchant = Merchant::before(&world, step, &format!("shop{number}{}", step as u8)).await;
            world.database.fail_operation("UpdateItem", fault, 1000);
            let reply = merchant.browser.get(&merchant.url).await;
            world.database.clear_faults();
            assert_unavailable(&reply);
            let way_on = if step == ShopifyCallback { "/shopify/" } else { "/facebook/login?shop=" };
            assert!(reply.json()["next"].as_str().is_some_and(|next| next.starts_with(way_on)), "{}", reply.text());
            let reload = merchant.browser.get(&merchant.url).await;
            assert_eq!(reload.status(), 200, "{}", reload.text());
        }
    }
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_and_works_again_when_it_is_back() {
    for step in [FacebookLogin, ShopifyCallback, FacebookCallback] {
        let world = World::start().await;
        let merchant = Merchant::before(&world, step, "acme").await;
        let before = dump(&world);
        world.database.stop().await;
        let reply = merchant.browser.get(&merchant.url).await;
        world.database.resume().await;
        assert_unavailable(&reply);
        assert_eq!(dump(&world), before);
        assert_eq!(
            (world.shopify.requests_of("token").len(), world.facebook.requests_of("code_exchange").len()),
            (usize::from(step != ShopifyCallback), 0)
        );
        merchant.tries_again(&world).await;
    }
}

#[tokio::test]
async fn a_database_that_hangs_is_told_in_time() {
    let cases = CASES.map(|(step, operation)| async move {
        let world = World::start().await;
        let merchant = Merchant::before(&world, step, "acme").await;
        let before = without_flows(dump(&world));
        fail(&world, operation, DatabaseFault::Hang, 1000);
        let started = std::time::Instant::now();
        let reply = merchant.browser.get(&merchant.url).await;
        let waited = started.elapsed();
        world.database.clear_faults();
        assert_unavailable(&reply);
        assert!(waited.as_secs() < 10, "{step:?} {operation}: {waited:?}");
        assert_eq!(without_flows(dump(&world)), before, "{step:?} {operation}");
        merchant.tries_again(&world).await;
    });
    join_all(cases).await;
}
