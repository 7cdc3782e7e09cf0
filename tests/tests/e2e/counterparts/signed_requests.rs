//! `signed_request` as other packages read and write it.

use e2e::facebook::{Consent, delivery};
use e2e::world::World;
use serde_json::{Value, json};

use crate::counterparts::run::Counterparts;
use crate::support::{case, linked_pages, linked_shop, page_of, person_with_page};

const DEAUTHORIZE: &str = "/facebook/deauthorize";
const DELETION: &str = "/facebook/data-deletion";
/// Those that read: the package for Node.js, and the two for Python.
const READERS: [&str; 3] = ["fb", "facepy", "social-auth-core"];

async fn read(counterparts: &Counterparts, secret: &str, by: &str, requests: &[String]) -> Value {
    let task = json!({ "task": "read", "secret": secret, "requests": requests });
    match by {
        "fb" => counterparts.node("meta.mjs", task).await,
        _ => {
            let mut task = task;
            task["by"] = json!(by);
            counterparts.python("meta.py", task).await
        }
    }
}

/// The requests as facepy writes them, in its own words and order.
async fn by_facepy(counterparts: &Counterparts, secret: &str, ours: &[String]) -> Vec<String> {
    let task = json!({ "task": "make", "secret": secret, "models": ours });
    let theirs = counterparts.python("meta.py", task).await;
    theirs.as_array().unwrap().iter().map(|request| request.as_str().unwrap().to_owned()).collect()
}

/// What a request is answered on each of the two routes.
async fn statuses(world: &World, request: &str) -> [u16; 2] {
    let status = async |route| world.gateway().send(&delivery(route, request)).await.status;
    [status(DEAUTHORIZE).await, status(DELETION).await]
}

/// What Facebook may send, in shapes that facepy can read: it asks the Graph API where there is no `user`, and wants `expires` beside a token.
fn payloads(now: i64) -> [(&'static str, Value); 5] {
    let user = json!({ "country": "de", "locale": "de_DE" });
    let person = "10000000000000001";
    let told = json!({ "country": "日本", "locale": "Zoë ✓ 😀 \"quoted\" </script>" });
    [
        (
            "with a token that ends",
            json!({
                "algorithm": "HMAC-SHA256", "issued_at": now, "expires": now + 3600, "user_id": person, "user": user, "oauth_token": "token",
            }),
        ),
        (
            "with a token that does not",
            json!({ "algorithm": "HMAC-SHA256", "issued_at": now, "expires": 0, "user_id": person, "user": user, "oauth_token": "token" }),
        ),
        ("without an end", json!({ "algorithm": "HMAC-SHA256", "issued_at": now, "user_id": person, "user": user })),
        (
            "with text beyond ASCII",
            json!({ "algorithm": "HMAC-SHA256", "issued_at": now, "expires": now + 3600, "user_id": person, "user": told, "app_data": "é ✓ 😀" }),
        ),
        // Few enough digits for JavaScript, whose numbers are exact up to 2^53.
        (
            "an id that is a number",
            json!({ "algorithm": "HMAC-SHA256", "issued_at": now, "user_id": 100_000_123_456_789_u64, "user": user }),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_side_signs_the_other_side_reads() {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let secret = world.setting("FACEBOOK_APP_SECRET");
    let payloads = payloads(world.facebook.now());
    let ours: Vec<String> = payloads.iter().map(|(_, payload)| world.facebook.signed(payload)).collect();
    for by in READERS {
        let read = read(&counterparts, secret, by, &ours).await;
        for ((name, payload), read) in payloads.iter().zip(read.as_array().unwrap()) {
            assert_eq!(read, payload, "{name}, read by {by}");
        }
    }

    let theirs = by_facepy(&counterparts, secret, &ours).await;
    for by in ["facepy", "social-auth-core"] {
        let read = read(&counterparts, secret, by, &theirs).await;
        for ((name, payload), read) in payloads.iter().zip(read.as_array().unwrap()) {
            for (field, value) in payload.as_object().unwrap() {
                assert_eq!(&read[field], value, "{field} {name}, written by facepy, read by {by}");
            }
        }
    }
    for ((name, _), (ours, theirs)) in payloads.iter().zip(ours.iter().zip(&theirs)) {
        case(name);
        // Facebook writes no padding, facepy does.
        assert!(theirs.contains('=') && theirs != ours, "{theirs}");
        assert_eq!((statuses(&world, ours).await, statuses(&world, theirs).await), ([200, 200], [200, 200]), "{name}");
        let (signature, text) = theirs.split_once('.').unwrap();
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        for forged in [format!("{first}{}.{text}", &signature[1..]), format!("{signature}.{}", text.replacen('e', "f", 1))] {
            assert_eq!(statuses(&world, &forged).await, [401, 401], "{name}: {forged}");
        }
    }
}

/// Not only taken, but of the right person, whose id comes as a number.
#[tokio::test(flavor = "multi_thread")]
async fn what_facepy_signs_removes_the_app_and_then_the_data() {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let (person, page) = person_with_page(&world.facebook);
    let browser = world.browser();
    let uuid = linked_shop(&world, &browser, "acme").await;
    linked_pages(&world, &browser, &Consent::of(&person)).await;
    let id: u64 = person.parse().unwrap();
    let ours = [0, 1].map(|later| {
        let issued_at = world.facebook.now() + later;
        world.facebook.signed(&json!({ "algorithm": "HMAC-SHA256", "issued_at": issued_at, "user_id": id, "user": { "locale": "Zoë" } }))
    });
    let theirs = by_facepy(&counterparts, world.setting("FACEBOOK_APP_SECRET"), &ours).await;
    let has_token = || page_of(&world, &uuid, &page).map(|page| page.attributes.contains_key("access_token"));
    assert_eq!(has_token(), Some(true));
    assert_eq!(world.gateway().send(&delivery(DEAUTHORIZE, &theirs[0])).await.status, 200);
    assert_eq!(has_token(), Some(false));
    assert_eq!(world.gateway().send(&delivery(DELETION, &theirs[1])).await.status, 200);
    assert_eq!(has_token(), None);
}

/// Each difference with its reason in docs/counterparts.md.
/// WSTG-SESS-10.
#[tokio::test(flavor = "multi_thread")]
async fn verdicts_on_odd_requests() {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let secret = world.setting("FACEBOOK_APP_SECRET");
    let now = world.facebook.now();
    let payload = || json!({ "algorithm": "HMAC-SHA256", "issued_at": now, "user_id": "10000000000000001" });
    let with = |field: &str, value: Value| {
        let mut payload = payload();
        payload[field] = value;
        world.facebook.signed(&payload)
    };
    let without = |field: &str| {
        let mut payload = payload();
        payload.as_object_mut().unwrap().remove(field);
        world.facebook.signed(&payload)
    };
    let usual = world.facebook.signed(&payload());
    let padded = format!("{}=.{}", usual.split_once('.').unwrap().0, usual.split_once('.').unwrap().1);
    let other_secret = e2e::facebook::signed_request("another", &payload());
    // Whether fb, facepy and social-auth-core take it, and what we answer.
    let cases = [
        ("as Facebook signs", usual.clone(), [true, true, true], 200),
        ("another secret", other_secret, [false, false, false], 401),
        ("no signature", usual.split_once('.').unwrap().1.to_owned(), [false, false, false], 401),
        ("another algorithm", with("algorithm", json!("HMAC-SHA1")), [false, false, true], 401),
        ("the algorithm `none`", with("algorithm", json!("none")), [false, false, true], 401),
        ("an empty algorithm", with("algorithm", json!("")), [false, false, true], 401),
        ("no algorithm", without("algorithm"), [false, false, true], 401),
        ("the algorithm in small letters", with("algorithm", json!("hmac-sha256")), [true, true, true], 401),
        ("a padded signature", padded, [false, true, true], 200),
        ("no time", without("issued_at"), [true, true, false], 401),
        ("two days old", with("issued_at", json!(now - 2 * 86_400)), [true, true, false], 200),
        ("from the future", with("issued_at", json!(now + 3600)), [true, true, true], 401),
    ];
    let requests: Vec<String> = cases.iter().map(|(_, request, ..)| request.clone()).collect();
    let mut verdicts = Vec::new();
    for by in READERS {
        verdicts.push(read(&counterparts, secret, by, &requests).await);
    }
    for (index, (name, request, readers, ours)) in cases.iter().enumerate() {
        case(name);
        let taken: Vec<bool> = verdicts.iter().map(|verdicts| !verdicts[index].is_null()).collect();
        assert_eq!((taken.as_slice(), statuses(&world, request).await), (readers.as_slice(), [*ours; 2]), "{name}");
    }
}
