//! `signed_request` as other packages read and write it.

use e2e::facebook::delivery;
use e2e::world::World;
use serde_json::{Value, json};

use crate::run::Counterparts;
use crate::support::case;

const ROUTE: &str = "/facebook/deauthorize";
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

async fn status(world: &World, request: &str) -> u16 {
    world.gateway().send(&delivery(ROUTE, request)).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_side_signs_the_other_side_reads() {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let secret = world.setting("FACEBOOK_APP_SECRET");
    // The shape that facepy can read and write anew: with a person's particulars and a token.
    let payload = json!({
        "algorithm": "HMAC-SHA256", "issued_at": world.facebook.now(), "expires": world.facebook.now() + 3600, "user_id": "10000000000000001",
        "user": { "country": "de", "locale": "de_DE" }, "oauth_token": "token",
    });
    let ours = world.facebook.signed(&payload);
    assert_eq!(status(&world, &ours).await, 200);
    for by in READERS {
        assert_eq!(read(&counterparts, secret, by, std::slice::from_ref(&ours)).await[0], payload, "{by}");
    }

    // Facebook writes no padding, facepy does; the text and its order are its own.
    let task = json!({ "task": "make", "secret": secret, "model": ours });
    let theirs = counterparts.python("meta.py", task).await.as_str().unwrap().to_owned();
    assert!(theirs.contains('=') && theirs != ours, "{theirs}");
    assert_eq!(status(&world, &theirs).await, 200);
    for by in ["facepy", "social-auth-core"] {
        assert_eq!(read(&counterparts, secret, by, std::slice::from_ref(&theirs)).await[0]["user_id"], payload["user_id"], "{by}");
    }
    let (signature, text) = theirs.split_once('.').unwrap();
    for forged in [format!("A{}.{text}", &signature[1..]), format!("{signature}.{}", text.replacen('e', "f", 1))] {
        assert_eq!(status(&world, &forged).await, 401, "{forged}");
    }
}

/// Each difference with its reason in docs/counterparts.md.
#[tokio::test(flavor = "multi_thread")]
async fn verdicts_on_odd_requests() {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let secret = world.setting("FACEBOOK_APP_SECRET");
    let now = world.facebook.now();
    let signed = |algorithm: &str, issued_at: Value| {
        world.facebook.signed(&json!({ "algorithm": algorithm, "issued_at": issued_at, "user_id": "10000000000000001" }))
    };
    let usual = signed("HMAC-SHA256", json!(now));
    let padded = format!("{}=.{}", usual.split_once('.').unwrap().0, usual.split_once('.').unwrap().1);
    let other_secret = e2e::facebook::signed_request("another", &json!({ "algorithm": "HMAC-SHA256", "issued_at": now, "user_id": "1" }));
    // Whether fb, facepy and social-auth-core take it, and what we answer.
    let cases = [
        ("as Facebook signs", usual.clone(), [true, true, true], 200),
        ("another secret", other_secret, [false, false, false], 401),
        ("no signature", usual.split_once('.').unwrap().1.to_owned(), [false, false, false], 401),
        ("another algorithm", signed("HMAC-SHA1", json!(now)), [false, false, true], 401),
        ("the algorithm in small letters", signed("hmac-sha256", json!(now)), [true, true, true], 401),
        ("a padded signature", padded, [false, true, true], 200),
        ("no time", signed("HMAC-SHA256", Value::Null), [true, true, false], 401),
        ("two days old", signed("HMAC-SHA256", json!(now - 2 * 86_400)), [true, true, false], 200),
        ("from the future", signed("HMAC-SHA256", json!(now + 3600)), [true, true, true], 401),
    ];
    let requests: Vec<String> = cases.iter().map(|(_, request, ..)| request.clone()).collect();
    let mut verdicts = Vec::new();
    for by in READERS {
        verdicts.push(read(&counterparts, secret, by, &requests).await);
    }
    for (index, (name, request, readers, ours)) in cases.iter().enumerate() {
        case(name);
        let taken: Vec<bool> = verdicts.iter().map(|verdicts| !verdicts[index].is_null()).collect();
        assert_eq!((taken.as_slice(), status(&world, request).await), (readers.as_slice(), *ours), "{name}");
    }
}
