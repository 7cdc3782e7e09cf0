//! What each command does, and what it is refused.

use std::collections::BTreeSet;

use e2e::database::DatabaseFault;
use e2e::privileges::Roles;
use e2e::template::Template;
use serde_json::{Value, json};

use crate::operator::{ACME, BLOOM, Desk};

const LOOK: &str = "Look LookByIndex";

#[tokio::test(flavor = "multi_thread")]
async fn who_needs_help_is_listed_and_by_whatever_is_asked_for() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme Store").await;
    let bloom = desk.merchant("bloom", "Bloom").await;
    assert!(desk.run(LOOK, "operator list").await.contains("Nothing of the kind among 2 stores"));
    desk.loses_its_page(&acme).await;
    desk.world.set_number(&format!("uuid#{}", acme.uuid), &format!("page#{}", acme.page), "dead_since", 1_700_000_000).await;
    let lines = desk.json(LOOK, "operator list --json").await;
    let [line] = &lines["lines"].as_array().unwrap()[..] else { panic!("{lines}") };
    let expected = json!({
        "shop": ACME, "user_uuid": acme.uuid, "platform": "facebook", "kind": "page", "id": acme.page, "name": "Acme Store", "state": "reconnect_needed",
        "reason": "password_changed", "since": "2023-11-14T22:13:20Z", "login_url": "https://link.example.com/shopify/acme/login",
    });
    assert_eq!((line, &lines["next"]), (&expected, &Value::Null));
    for (filter, found) in [
        ("--state reconnect_needed", 1),
        ("--state active", 3),
        ("--state active,reconnect_needed", 4),
        ("--state active --platform shopify", 2),
        ("--platform shopify", 0),
        ("--reason password_changed", 1),
        ("--reason checkpoint", 0),
        ("--age 300d", 1),
        ("--age 30000d", 0),
        ("--state erasing", 0),
    ] {
        let lines = desk.json(LOOK, &format!("operator list --json {filter}")).await;
        assert_eq!(lines["lines"].as_array().map(Vec::len), Some(found), "{filter}: {lines}");
    }
    let told = desk.line(LOOK, "operator list --platform telegram").await;
    assert!(told.code == 2 && told.complaint.contains("shopify, facebook"), "{told:?}");

    // A store that removed the app takes its Page along, without being in need of help.
    desk.world.shopify.uninstall(BLOOM);
    desk.world.set_number(&format!("uuid#{}", bloom.uuid), "store", "issued_at", 1).await;
    desk.world.make_due(&bloom.uuid, "store").await;
    desk.world.invoke("token-keeper", json!({})).await;
    let lines = desk.json(LOOK, "operator list --json --platform shopify").await;
    assert_eq!((&lines["lines"][0]["shop"], &lines["lines"][0]["reason"]), (&json!(BLOOM), &json!("token_refused")), "{lines}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_list_is_read_page_by_page_and_no_store_twice() {
    let desk = Desk::open().await;
    let names: BTreeSet<String> = (0..23).map(|n| format!("store-{n}.myshopify.com")).collect();
    for n in 0..23 {
        desk.signed_in(&format!("store-{n}")).await;
    }
    let (mut seen, mut next, mut pages) = (Vec::new(), String::new(), 0);
    loop {
        let lines = desk.json(LOOK, &format!("operator list --json --state active --limit 5 {next}")).await;
        seen.extend(lines["lines"].as_array().unwrap().iter().map(|line| line["shop"].as_str().unwrap().to_owned()));
        pages += 1;
        match lines["next"].as_str() {
            Some(token) => next = format!("--next '{token}'"),
            None => break,
        }
    }
    assert_eq!((seen.len(), seen.into_iter().collect()), (23, names));
    assert!(pages >= 3, "{pages}");
    let told = desk.run(LOOK, "operator list --state active --limit 5").await;
    assert!(told.contains("There may be more: --next '"), "{told}");
    let told = desk.line(LOOK, "operator list --next nowhere").await;
    assert!(told.code == 2 && told.complaint.contains("nowhere is no place to go on"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_linked_is_shown_by_whatever_leads_to_it_and_never_a_token() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme\u{1b}[31m Store").await;
    desk.signed_in("acme").await;
    let by_shop = desk.json(LOOK, "operator show acme --json").await;
    for whom in [ACME, &acme.page, &acme.person, &acme.uuid] {
        let mut shown = desk.json(LOOK, &format!("operator show {whom} --json")).await;
        shown[0]["sessions"].take();
        assert_eq!(shown[0]["user_uuid"], by_shop[0]["user_uuid"], "{whom}");
    }
    let shown = &by_shop[0];
    assert_eq!(
        (&shown["standing"]["state"], &shown["sessions"], &shown["has_token"]),
        (&json!("active"), &json!(1), &json!(true)),
        "{shown}"
    );
    assert_eq!((&shown["accounts"][0]["id"], &shown["accounts"][0]["granted_by"]), (&json!(acme.page), &json!(acme.person)));
    assert_eq!((&shown["grants"][0]["id"], &shown["grants"][0]["has_token"]), (&json!(acme.person), &json!(true)));
    assert!(shown["events"].as_array().is_some_and(|events| events.len() >= 2), "{shown}");
    let told = desk.run(LOOK, &format!("operator show {}", acme.page)).await;
    assert!(told.contains("Acme[31m Store") && !told.contains('\u{1b}'), "{told}");
    for secret in desk.world.secrets() {
        assert!(!told.contains(&secret) && !by_shop.to_string().contains(&secret));
    }
    let told = desk.line(LOOK, "operator show nobody").await;
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    assert!(told.complaint.contains("nothing is linked under nobody"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_in_need_is_told_about_with_what_to_say() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme Store").await;
    desk.loses_its_page(&acme).await;
    let told = desk.run(LOOK, "operator show acme").await;
    for text in [
        "reconnect_needed",
        "Who connected it changed their password at Facebook.",
        "Open the login link and connect it again.",
        "https://link.example.com/shopify/acme/login",
    ] {
        assert!(told.contains(text), "{text}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_fails_is_tried_again_waits_or_is_given_up() {
    let desk = Desk::open().await;
    let bloom = desk.merchant("bloom", "Bloom").await;
    let (store, job) = (desk.fails_to_renew(&bloom).await, desk.leaves_a_job("gone").await);
    let failing = desk.json(LOOK, "operator list --failing --json").await;
    let named: BTreeSet<&str> = failing["lines"].as_array().unwrap().iter().filter_map(|line| line["record"].as_str()).collect();
    assert_eq!(named, [store.as_str(), job.as_str()].into());
    let number = |name: &str| {
        let (pk, sk) = store.split_once('/').unwrap();
        desk.world.item(pk, sk)?.text(name)?.parse::<u64>().ok()
    };

    let due = number("due_at").unwrap();
    desk.run("Act", &format!("operator put-off '{store}' --days 3")).await;
    assert!(number("due_at").unwrap() > due + 2 * 86_400 && number("failures") == Some(1));
    desk.run("Act", &format!("operator put-off '{store}' --until 2099-01-01T00:00:00Z || test $? = 1")).await;
    desk.run("Act", &format!("operator retry '{store}'")).await;
    let told = desk.world.invoke("token-keeper", json!({})).await;
    assert_eq!((&told["refreshed"], number("failures")), (&json!(1), None), "{told}");

    // What somebody relies on is not given up.
    for record in [store.clone(), format!("uuid#{}/person#{}", bloom.uuid, bloom.person)] {
        let refused = desk.line("Act", &format!("operator drop '{record}' --yes")).await;
        assert!(refused.code == 1 && refused.complaint.contains("has to be looked after"), "{refused:?}");
    }
    let asked = desk.line("Act", &format!("operator drop '{job}'")).await;
    assert!(asked.code == 1 && asked.complaint.contains("--yes"), "nobody said that it is meant: {asked:?}");
    assert!(desk.world.item(job.split_once('/').unwrap().0, "unsubscribe").is_some());
    desk.run("Act", &format!("operator drop '{job}' --yes")).await;
    assert!(desk.world.item(job.split_once('/').unwrap().0, "unsubscribe").is_none());
    let audits = desk.world.database.scan("connections").into_iter();
    let audits: BTreeSet<String> =
        audits.filter(|item| item.text("sk") == Some("audit")).filter_map(|item| Some(item.text("what")?.to_owned())).collect();
    assert!(audits.contains("operator/drop-unsubscribe"), "{audits:?}");
    let again = desk.line("Act", &format!("operator drop '{job}' --yes")).await;
    assert!(again.code == 1 && again.complaint.contains("or it is gone"), "{again:?}");
    for wrong in ["retry store", "put-off nothing --days 1", "drop audit#1/audit --yes"] {
        let refused = desk.line("Act", &format!("operator {wrong}")).await;
        assert!(refused.code == 1 && refused.complaint.contains("no record of this name"), "{wrong}: {refused:?}");
    }
    assert_eq!(desk.run(LOOK, "operator list --failing").await.lines().next().map(|line| line.starts_with("None of ")), Some(true));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_erased_waits_for_nothing() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme Store").await;
    // An erasing that stops after its mark.
    desk.world.database.fail_after(4, DatabaseFault::InternalError);
    desk.world.invoke("token-keeper", json!({ "erase": ACME })).await;
    desk.world.database.clear_faults();
    let store = desk.world.item(&format!("uuid#{}", acme.uuid), "store").unwrap();
    assert_eq!(store.text("status"), Some("erasing"));
    let record = format!("uuid#{}/store", acme.uuid);
    for line in [format!("operator put-off '{record}' --days 1"), format!("operator drop '{record}' --yes")] {
        let refused = desk.line("Act", &line).await;
        assert!(refused.code == 1 && refused.complaint.contains("has to be erased"), "{refused:?}");
    }
    desk.run("Act", &format!("operator retry '{record}'")).await;
    desk.world.invoke("token-keeper", json!({})).await;
    assert!(desk.world.item(&format!("uuid#{}", acme.uuid), "store").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_sessions_of_a_store_end_and_what_is_linked_stays() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme Store").await;
    let (one, two, other) = (desk.signed_in("acme").await, desk.signed_in("acme").await, desk.signed_in("bloom").await);
    assert_eq!((one.get("/connections").await.status(), two.get("/connections").await.status()), (200, 200));
    let before = desk.world.item(&format!("uuid#{}", acme.uuid), "store").unwrap();
    let told = desk.json("Act", "operator sign-out acme --json").await;
    assert_eq!((&told["signed_out"], &told["sessions"]), (&json!("whole"), &json!(2)), "{told}");
    for browser in [&one, &two] {
        assert_eq!(browser.get("/connections").await.code().as_deref(), Some("invalid_session"));
    }
    assert_eq!(other.get("/connections").await.status(), 200);
    let mut after = desk.world.item(&format!("uuid#{}", acme.uuid), "store").unwrap();
    assert_eq!(after.attributes["sessions"], json!({ "M": {} }));
    after.attributes.insert("sessions".to_owned(), before.attributes["sessions"].clone());
    assert_eq!(after, before, "nothing else has changed");
    assert_eq!(desk.json("Act", "operator sign-out acme --json").await["sessions"], 0);
    let nobody = desk.line("Act", "operator sign-out nobody").await;
    assert!(nobody.code == 1 && nobody.complaint.contains("nothing is linked under nobody.myshopify.com"), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn hundreds_of_sessions_end_in_batches() {
    let desk = Desk::open().await;
    desk.signed_in("acme").await;
    let [uuid] = &Vec::from_iter(desk.world.identities_of(ACME))[..] else { panic!("one store") };
    let mut store = desk.world.item(&format!("uuid#{uuid}"), "store").unwrap();
    for n in 0..300 {
        store.attributes["sessions"]["M"][format!("hash-{n}")] = json!({ "N": "9999999999" });
    }
    desk.world.database.put(&store);
    assert_eq!(desk.json("Act", "operator sign-out acme --json").await["sessions"], 301);
    assert_eq!(desk.world.item(&format!("uuid#{uuid}"), "store").unwrap().attributes["sessions"], json!({ "M": {} }));
}

#[tokio::test(flavor = "multi_thread")]
async fn stores_and_persons_are_forgotten_where_that_is_meant() {
    let desk = Desk::open().await;
    let (acme, bloom) = (desk.merchant("acme", "Acme Store").await, desk.merchant("bloom", "Bloom").await);
    let asked = desk.line("Act", "operator forget acme").await;
    assert!(asked.code == 1 && asked.complaint.contains("--yes"), "{asked:?}");
    assert!(desk.world.owner(&format!("page#{}", acme.page)).is_some());
    assert_eq!(desk.run("Act", "operator forget acme --yes").await, format!("{ACME} is erased.\n"));
    assert!(desk.world.item(&format!("uuid#{}", acme.uuid), "store").is_none());
    assert_eq!(desk.line("Act", "operator forget acme --yes").await.code, 1);
    let told = desk.json("Act", &format!("operator forget {} --yes --json", bloom.person)).await;
    assert_eq!(told["forgotten"], "whole", "{told}");
    assert!(desk.world.owner(&format!("page#{}", bloom.page)).is_none());
    assert_eq!(desk.line("Act", &format!("operator forget {} --platform telegram --yes", bloom.person)).await.code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_counted_and_one_that_is_needed_ends_with_1() {
    let desk = Desk::open().await;
    desk.merchant("acme", "Acme Store").await;
    let counted = desk.json("CountKeys", "operator keys --json").await;
    assert_eq!(counted, json!({ "values": { "k1": 4 }, "unreadable": 0, "needed": null }));
    let needed = desk.line("CountKeys", "operator keys k1").await;
    assert!(needed.code == 1 && needed.complaint.contains("k1 is still needed"), "{needed:?}");
    assert!(desk.run("CountKeys", "operator keys k0").await.contains("k0 is no longer needed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_is_waited_for_and_one_that_fails_says_why() {
    let desk = Desk::open().await;
    let told = desk.run("Replay", "operator events --since 2026-12-01T08:00:00Z --until 2026-12-01T10:00:00Z").await;
    assert!(told.contains("from 2026-12-01T08:00:00Z to 2026-12-01T10:00:00Z are on the bus again"), "{told}");
    let (asked, looks) = desk.replays.asked();
    assert_eq!((looks, &asked["Destination"]["Arn"]), (3, &json!(super::replays::BUS)));
    assert_eq!((asked["EventStartTime"].as_f64(), asked["EventEndTime"].as_f64()), (Some(1_796_112_000.0), Some(1_796_119_200.0)));
    desk.replays.go_through(&["RUNNING", "FAILED"]);
    let failed = desk.line("Replay", "operator events --since 1h").await;
    assert!(failed.code == 2 && failed.complaint.contains("ended as FAILED: told by a test"), "{failed:?}");
    desk.replays.go_through(&["RUNNING"]);
    assert_eq!(desk.json("Replay", "operator events --since 1h --no-wait --json").await["state"], "STARTING");
    assert_eq!(desk.line("Replay", "operator events --since 1h --until 2h").await.code, 2);
    let missing = desk.line("Replay", "operator --event-archive arn:else events --since 1h").await;
    assert!(missing.code == 2 && missing.complaint.contains("events:StartReplay: ResourceNotFoundException"), "{missing:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_done_says_what_is_missing() {
    let desk = Desk::open().await;
    desk.merchant("acme", "Acme Store").await;
    let told = desk.line(LOOK, "env -u STACK_OUTPUTS operator show acme").await;
    assert!(told.code == 2 && told.complaint.contains("which stack?") && told.complaint.contains("--connections-table"), "{told:?}");
    // Whoever may only look may not count, and the other way round.
    let told = desk.line(LOOK, "operator keys").await;
    assert!(told.code == 2 && told.complaint.contains("AccessDeniedException"), "{told:?}");
    let told = desk.line("CountKeys", "operator show acme").await;
    assert!(told.code == 2 && told.complaint.contains("AccessDeniedException"), "{told:?}");
    let told = desk.line("Act", "operator --keeper nobody sign-out acme").await;
    assert!(told.code == 2 && told.complaint.contains("lambda:InvokeFunction: ResourceNotFoundException"), "{told:?}");
    desk.world.database.fail_operation("GetItem", DatabaseFault::InternalError, 1000);
    let told = desk.line("Act", "operator sign-out acme").await;
    assert!(told.code == 2 && told.complaint.contains("token-keeper: storage_unavailable"), "{told:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_command_needs_what_its_statements_allow_and_no_more() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme Store").await;
    desk.run(LOOK, "operator list --state active --json").await;
    desk.run(LOOK, "operator list --failing").await;
    desk.run(LOOK, &format!("operator show {}", acme.person)).await;
    desk.run("CountKeys", "operator keys").await;
    let roles = Roles::of(&Template::load());
    for caller in ["operator-Look-LookByIndex", "operator-CountKeys"] {
        assert_eq!(desk.world.database.needed_by(caller), *roles.allowed(caller), "{caller}");
    }
    // What changes something never touches a table itself.
    desk.run("Act", "operator sign-out acme").await;
    assert_eq!(desk.world.database.needed_by("operator-Act"), [].into());
}
