//! The published description of the routes: the same routes as the template's, and replies as it says, tried by schemathesis.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::Duration;

use e2e::facebook::Consent;
use e2e::front::Front;
use e2e::gateway::Description;
use e2e::template::{Template, project_dir};
use e2e::world::World;
use serde_json::Value;
use tokio::process::Command;

use crate::counterparts::run::Counterparts;
use crate::support::{case, linked_pages, parameter};

fn description() -> String {
    std::fs::read_to_string(project_dir().join("docs/openapi.yaml")).unwrap()
}

#[test]
fn it_has_the_templates_routes_and_no_other() {
    let described: BTreeSet<_> = Description::published().operations().collect();
    let routes = Template::load().routes();
    let routes: BTreeSet<_> = routes.iter().map(|route| (route.method.as_str(), route.pattern.as_str())).collect();
    assert_eq!(described, routes);
}

/// The description with examples that this world takes, each in the place of the one that is printed.
async fn with_live_examples(front: &Front) -> (String, String) {
    let world = &front.world;
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    let browser = world.browser();
    let sent = world.facebook.signed_leave(&world.facebook.add_person("Kim Roe"));
    let deletion = world.gateway().send(&e2e::facebook::delivery("/facebook/data-deletion", &sent)).await.json();

    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    linked_pages(world, &browser, &Consent::of(&person)).await;
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    let list = browser.get("/connections").await;
    let callback = world.approve_shop(&browser, "acme").await;
    let of = |name: &str| parameter(&callback, name).unwrap();
    let cookie = ["session_id", "browser_id"].map(|name| format!("{name}={}", browser.cookie(name).unwrap())).join("; ");
    let replaced = [
        ("3f0c5e9a7b1d42c68e5f90a1b2c3d4e5", deletion["confirmation_code"].as_str().unwrap().to_owned()),
        ("SIGNATURE.PAYLOAD", sent),
        ("VERIFY-TOKEN-OF-THE-SERVICE", world.setting("META_VERIFY_TOKEN").to_owned()),
        ("CSRF-TOKEN", list.json()["csrf_token"].as_str().unwrap().to_owned()),
        ("\"123456789012345\"", format!("\"{page}\"")),
        ("0907a61c0c8d55e99db179b68161bc00", of("code")),
        ("AQdzaG9waWZ5", of("state")),
        ("\"1337178173\"", format!("\"{}\"", of("timestamp"))),
        ("700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf", of("hmac")),
        // The callback is signed with it.
        ("      description: Not used, but signed like everything else.", format!("      example: {}", of("host"))),
    ];
    let mut text = description();
    for (printed, live) in replaced {
        assert!(text.contains(printed), "{printed}");
        text = text.replace(printed, &live);
    }
    (text, cookie)
}

/// A route and a status.
type Answer = (String, u64);

/// How often the functions answered what.
fn answered(world: &World) -> BTreeMap<Answer, usize> {
    let mut counts = BTreeMap::new();
    for line in world.logs().lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        if let (Some(route), Some(status)) = (line["route"].as_str(), line["status"].as_u64()) {
            *counts.entry((route.to_owned(), status)).or_default() += 1;
        }
    }
    counts
}

async fn tried(accept: &str, phases: &str) -> Option<BTreeSet<Answer>> {
    let counterparts = Counterparts::find()?;
    let front = Front::start(World::builder()).await;
    let (text, cookie) = with_live_examples(&front).await;
    let before = answered(&front.world);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), text).unwrap();
    const CHECKS: &str =
        "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance";
    let run = Command::new(counterparts.program("python/bin/schemathesis"))
        .args(["run", "openapi.yaml", "--url", front.origin(), "--checks", CHECKS, "--phases", phases, "--max-redirects", "0"])
        .args(["--max-examples", "10", "--seed", "1", "--no-color", "--continue-on-failure", "--warnings", "off"])
        .args(["--header", &format!("Cookie: {cookie}"), "--header", &format!("Accept: {accept}")])
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let run = tokio::time::timeout(Duration::from_secs(150), run).await.expect("it ends").expect("schemathesis starts");
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    case(&told);
    assert!(run.status.success(), "{told}\n{}", String::from_utf8_lossy(&run.stderr));
    let more = answered(&front.world).into_iter().filter(|(answer, count)| before.get(answer).is_none_or(|before| count > before));
    Some(more.map(|(answer, _)| answer).collect())
}

/// Demands that the requests got past the refusals wherever an example can. What is missing needs a signature of its own request: the launch and the webhooks of
/// Shopify, and Facebook's code; or ends the session, as signing out does.
fn assert_past_the_refusals(answered: Option<BTreeSet<Answer>>) {
    let Some(answered) = answered else { return };
    case(&answered);
    for (route, status) in [
        ("/shopify/{shop_name}/login", 302),
        ("/shopify/callback", 200),
        ("/facebook/login", 302),
        ("/facebook/deauthorize", 200),
        ("/facebook/data-deletion", 200),
        ("/facebook/data-deletion/{confirmation_code}", 200),
        ("/", 200),
        ("/.well-known/ucp-profile.json", 200),
        ("/connections", 200),
        ("/connections/disconnect", 303),
    ] {
        assert!(answered.contains(&(route.to_owned(), status)), "{route} {status}: {answered:?}");
    }
}

/// RFC 9700 section 4.12.
#[tokio::test(flavor = "multi_thread")]
async fn replies_in_json_are_as_described() {
    assert_past_the_refusals(tried("application/json", "examples,coverage,fuzzing").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_as_described() {
    assert_past_the_refusals(tried("text/html", "examples,coverage").await);
}
