use super::*;
use crate::providers::facebook;
use crate::scripted::{Log, Scripted, outbound};
use serde_json::json;

fn fields(list: &str) -> Fields {
    Fields::from_vars(&Vars::from_pairs([("FACEBOOK_SUBSCRIBED_FIELDS", list)])).unwrap()
}

fn list(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn fields_without_messages_are_refused() {
    let cause = |list| Fields::from_vars(&Vars::from_pairs([("FACEBOOK_SUBSCRIBED_FIELDS", list)])).unwrap_err().cause.unwrap();
    assert_eq!(cause("messaging_postbacks"), "FACEBOOK_SUBSCRIBED_FIELDS lacks messages");
    assert_eq!(cause("messages,../x"), "FACEBOOK_SUBSCRIBED_FIELDS has an unusable value");
    assert_eq!(Fields::from_vars(&Vars::default()).unwrap().of_pages.join(","), DEFAULT_FIELDS);
}

#[test]
fn messages_and_requested_buttons_must_be_subscribed_on_both_levels() {
    let wanted = fields("messages,messaging_postbacks,message_echoes");
    let (all, needed, half) =
        (list(&["messages", "messaging_postbacks", "message_echoes"]), list(&["messages", "messaging_postbacks"]), list(&["messages"]));
    assert_eq!(heard(Ok(()), &wanted, Some(&all)), Ok(()));
    assert_eq!(heard(Ok(()), &wanted, Some(&needed)), Ok(()));
    assert_eq!(heard(Ok(()), &wanted, Some(&half)), Err(Unready::AppNotSubscribed));
    assert_eq!(heard(Ok(()), &fields("messages"), Some(&half)), Ok(()));
    assert_eq!(heard(Ok(()), &wanted, Some(&[])), Err(Unready::AppNotSubscribed));
    assert_eq!(heard(Ok(()), &wanted, None), Err(Unready::NotChecked));
    assert_eq!(heard(Err(Unready::MissingTask), &wanted, None), Err(Unready::MissingTask));
    assert!(wanted.are_heard_by(&needed) && !wanted.are_all_in(&needed) && wanted.are_all_in(&all));
}

#[test]
fn field_names_come_in_two_forms() {
    assert_eq!(names(&json!(["messages", {"name": "feed", "version": "v26.0"}, 7, {"name": 7}, null])), ["messages", "feed"]);
    assert!(names(&json!("messages")).is_empty() && names(&Value::Null).is_empty());
}

#[test]
fn a_refusal_is_explained_by_the_persons_tasks() {
    let load = Load::default();
    let because = |verdict, tasks: &[&str]| unready("test".into(), Setback { verdict, throttles_all: false }, &list(tasks), &load);
    assert_eq!(because(Verdict::MissingPermission, &["MESSAGING", "ADVERTISE"]), Unready::MissingTask);
    for task in TASKS {
        assert_eq!(because(Verdict::MissingPermission, &["MESSAGING", task]), Unready::MissingPermission);
    }
    assert_eq!(because(Verdict::Wait, &[]), Unready::RateLimited);
    assert!(!load.is_exhausted(), "one Page alone is throttled");
    unready("test".into(), Setback { verdict: Verdict::Wait, throttles_all: true }, &[], &load);
    assert!(load.is_exhausted());
}

#[test]
fn every_reason_has_its_own_word() {
    let words: std::collections::BTreeSet<&str> = Unready::ALL.iter().map(|unready| unready.as_str()).collect();
    assert_eq!(words.len(), Unready::ALL.len());
    assert!(Unready::ALL.iter().all(|unready| Unready::parse(unready.as_str()) == Some(*unready)));
}

async fn heard_by_the_app(listed: Value, wanted: &str) -> Option<Vec<String>> {
    let stand_in = Scripted::new(vec![(200, json!({ "data": listed }).to_string())]);
    let graph = facebook::tests::graph(&stand_in.endpoint, "hush", 1_800_000_000);
    app_fields(&graph, &outbound(), &fields(wanted)).await
}

#[tokio::test]
async fn only_active_page_subscriptions_of_the_app_count() {
    let listed = json!([
        {"object": "page", "active": true, "fields": ["messages"]},
        {"object": "page", "fields": [{"name": "message_echoes"}]},
        {"object": "page", "active": false, "fields": ["feed"]},
        {"object": "user", "active": true, "fields": ["email"]},
        {"object": "user", "active": false, "fields": ["about"]},
    ]);
    assert_eq!(heard_by_the_app(listed, "messages").await, Some(list(&["messages", "message_echoes"])));
}

#[tokio::test]
async fn missing_app_fields_are_logged() {
    let listed = json!([{"object": "page", "active": true, "fields": ["messages", "feed"]}]);
    let log = Log::listen();
    heard_by_the_app(listed.clone(), "messages,message_echoes,messaging_optins").await;
    let told = log.take();
    assert!(told.contains(r#"app not subscribed missing="message_echoes,messaging_optins""#), "{told}");
    heard_by_the_app(listed, "messages,feed").await;
    assert_eq!(log.take(), "");
}

#[tokio::test]
async fn a_missing_instagram_subscription_is_logged_if_wanted() {
    let told = async |listed: Value, scopes: &str| {
        let stand_in = Scripted::new(vec![(200, json!({ "data": listed }).to_string())]);
        let graph = facebook::tests::graph(&stand_in.endpoint, "hush", 1_800_000_000);
        let vars = [("FACEBOOK_SUBSCRIBED_FIELDS", "messages"), ("FACEBOOK_SCOPES", scopes)];
        let log = Log::listen();
        app_fields(&graph, &outbound(), &Fields::from_vars(&Vars::from_pairs(vars)).unwrap()).await;
        log.take()
    };
    let of = |object: &str, active: bool| json!({"object": object, "active": active, "fields": ["messages"]});
    let both = "pages_messaging,instagram_basic,instagram_manage_messages";
    assert_eq!(told(json!([of("page", true), of("instagram", true)]), both).await, "");
    assert_eq!(told(json!([of("page", true)]), "pages_messaging").await, "");
    for listed in [json!([of("page", true)]), json!([of("page", true), of("instagram", false)])] {
        let told = told(listed, both).await;
        assert!(told.contains(r#"app not subscribed object="instagram" missing="messages""#), "{told}");
    }
}
