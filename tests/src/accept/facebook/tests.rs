//! At the local Facebook: as it is, and with one belief broken at a time.

use serde_json::json;

use super::*;
use crate::facebook::{Consent, FacebookApp, LocalFacebook};
use crate::faults::{Fault, Times};
use crate::settings::{fresh_credentials, provider_endpoints, redirect_uris, variables};
use crate::template::project_dir;

/// A person with a Page, and the settings that lead there.
fn facebook() -> (LocalFacebook, Variables, String) {
    let mut settings = fresh_credentials();
    settings.extend(redirect_uris("http://localhost:9000"));
    let of = |name: &str| settings[name].clone();
    let app = FacebookApp::new(&of("FACEBOOK_APP_ID"), &of("FACEBOOK_APP_SECRET"), &of("FACEBOOK_REDIRECT_URI"));
    let facebook = LocalFacebook::start(app);
    settings.extend(provider_endpoints("http://127.0.0.1:1", &facebook.url()));
    let person = facebook.add_person("Jo Doe");
    facebook.add_page(&person, "Acme Store");
    (facebook, settings, person)
}

async fn walked(facebook: &LocalFacebook, settings: &Variables, person: &str, more: &str) -> Report {
    let approve = async |url: String| {
        let callback = facebook.try_approve(&url, &Consent::of(person))?;
        Ok(format!("{}{more}", callback.split_once('?').unwrap().1))
    };
    walk(settings, &Clock::system(), approve).await.unwrap()
}

#[tokio::test]
async fn the_local_facebook_is_as_we_believe_and_the_report_holds_no_secret() {
    let (facebook, settings, person) = facebook();
    let report = walked(&facebook, &settings, &person, "").await;
    let text = report.text();
    assert_eq!(report.differing(), [""; 0], "{text}");
    assert!(BELIEFS.iter().all(|belief| report.mentions(belief)), "{text}");
    let secrets = facebook.issued_secrets();
    assert!(secrets.len() > 3 && secrets.iter().all(|secret| !text.contains(secret.as_str())), "{text}");
    for hidden in [settings["FACEBOOK_APP_SECRET"].as_str(), "Acme Store", &person] {
        assert!(!text.contains(hidden), "{hidden}: {text}");
    }
}

/// After so many calls as they should be.
fn later(facebook: &LocalFacebook, call: &str, calls: u32, fault: Fault) {
    if calls > 0 {
        facebook.switch_on(call, Fault::edit(|_| {}), Times::Exactly(calls));
    }
    facebook.switch_on(call, fault, Times::Once);
}

#[tokio::test]
async fn each_belief_that_is_broken_is_told_and_no_other() {
    let edit = |edit: fn(&mut Value)| Fault::edit(edit);
    let error = |code: i64, subcode: Option<i64>| Fault::json(400, &json!({ "error": { "code": code, "error_subcode": subcode } }));
    let cases: [(&str, &str, u32, Fault); 11] = [
        ("code-token", "code_exchange", 0, edit(|reply| reply["expires_in"] = Value::Null)),
        ("long-lived", "long_lived_exchange", 0, edit(|reply| reply["expires_in"] = json!(86_400))),
        ("inspection", "debug_token", 0, edit(|reply| reply["data"]["app_id"] = json!("1"))),
        (
            "granular-scopes",
            "debug_token",
            0,
            edit(|reply| reply["data"]["granular_scopes"] = json!([{ "scope": "pages_messaging", "target_ids": [] }])),
        ),
        ("accounts", "accounts", 0, edit(|reply| reply["data"][0]["tasks"] = Value::Null)),
        ("page-token", "debug_token", 1, edit(|reply| reply["data"]["expires_at"] = json!(1_900_000_000))),
        ("proof", "accounts", 1, Fault::json(200, &json!({ "data": [] }))),
        ("code-once", "code_exchange", 1, error(190, None)),
        ("junk-code", "code_exchange", 2, error(100, Some(36_007))),
        ("junk-code", "code_exchange", 2, error(1, None)),
        ("pkce", "code_exchange", 3, Fault::json(200, &json!({ "access_token": "EAAx" }))),
    ];
    for (belief, call, calls, fault) in cases {
        let (facebook, settings, person) = facebook();
        later(&facebook, call, calls, fault);
        let report = walked(&facebook, &settings, &person, "").await;
        assert_eq!(report.differing(), [belief], "{}", report.text());
    }
    let (facebook, settings, person) = facebook();
    assert_eq!(walked(&facebook, &settings, &person, "&granted_scopes=email").await.differing(), ["callback"]);
    // One that has ended is served by the oldest that lives.
    let (facebook, mut settings, person) = self::facebook();
    settings.extend(variables([("FACEBOOK_API_VERSION", "v3.0".to_owned())]));
    assert_eq!(walked(&facebook, &settings, &person, "").await.differing(), ["version"]);
}

/// Whoever reads the open questions finds all of them here, and the other way round.
#[test]
fn the_beliefs_are_the_open_questions_of_the_documentation() {
    let text = std::fs::read_to_string(project_dir().join("docs/counterparts.md")).unwrap();
    let (_, section) = text.split_once("\n## Open questions\n").unwrap();
    let (_, section) = section.split_once("\n**Facebook**\n").unwrap();
    let told: Vec<&str> = section.lines().skip(1).map_while(|line| line.strip_prefix("- ")).collect();
    assert_eq!(told, BELIEFS.iter().map(|belief| belief.text).collect::<Vec<_>>());
}
