//! Two at once: one holds a number, one uses a state, and tries at a registration are counted one by one.

use e2e::world::World;
use tokio::join;

use crate::support::{holder_of, item};
use crate::whatsapp::support::Shop;

fn two_at_once() -> e2e::world::WorldBuilder {
    World::builder().whatsapp().instances("whatsapp-callback", 2)
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_claims_at_once_one_holder_remains() {
    for _ in 0..5 {
        let shop = Shop::of(two_at_once()).await;
        let (browser, uuid) = shop.other_store().await;
        let first = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
        let second = shop.world.approve_numbers(&browser, &shop.consent()).await;
        let (first, second) = join!(shop.browser.get(&first), browser.get(&second));
        let winner = match (first.status(), second.status()) {
            (200, 409) => &shop.uuid,
            (409, 200) => &uuid,
            statuses => panic!("{statuses:?}: {} {}", first.text(), second.text()),
        };
        assert_eq!(holder_of(&shop.world, "phone", &shop.number).as_ref(), Some(winner));
        let companion = item(&shop.world, &format!("waba#{}", shop.waba), &format!("phone#{}", shop.number)).unwrap();
        assert_eq!(companion.text("uuid"), Some(winner.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_comes_twice_at_once_is_used_once() {
    let shop = Shop::of(two_at_once()).await;
    let callback = shop.world.approve_numbers(&shop.browser, &shop.consent()).await;
    let (one, other) = (shop.browser.copied(), shop.browser.copied());
    let (first, second) = join!(one.get(&callback), other.get(&callback));
    let mut statuses = [first.status(), second.status()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400], "{} {}", first.text(), second.text());
    assert_eq!((shop.asked("whatsapp_exchange"), shop.world.facebook.registrations(&shop.number).len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_runs_of_the_keeper_register_a_number_once_or_twice_and_count_each() {
    let shop = Shop::of(World::builder().whatsapp().instances("token-keeper", 2)).await;
    shop.world.facebook.edit_number(&shop.number, |number| number.registration_error = Some(133_000));
    assert_eq!(shop.links().await.status(), 200);
    for _ in 0..4 {
        join!(shop.kept(), shop.kept());
    }
    let tries = shop.world.facebook.registrations(&shop.number);
    assert!(tries.len() <= 6 && tries.iter().all(|one| one.pin == tries[0].pin), "{tries:?}");
    assert_eq!(shop.pins()[0].attributes["tries"]["M"].as_object().unwrap().len(), tries.len());
}
