//! WhatsApp: off until somebody names a configuration, and then nothing of it is there.

use std::collections::BTreeSet;

use e2e::privileges::Roles;
use e2e::template::Template;
use serde_json::{Value, json};

use crate::template::conditions::{least, references};

const OURS: [&str; 2] = ["HasWhatsApp", "HasWhatsAppApp"];

fn is_given(parameter: &str) -> Value {
    json!({ "Fn::Not": [{ "Fn::Equals": [{ "Ref": parameter }, ""] }] })
}

fn none() -> Value {
    json!({ "Ref": "AWS::NoValue" })
}

#[test]
fn whatsapp_is_off_and_then_nothing_of_it_is_there() {
    let template = Template::load();
    let (parameters, conditions) = (&template.value()["Parameters"], &template.value()["Conditions"]);
    assert_eq!([&parameters["WhatsAppConfigId"]["Default"], &parameters["WhatsAppAppId"]["Default"]], ["", ""]);
    assert_eq!(conditions["HasWhatsApp"], is_given("WhatsAppConfigId"));
    assert_eq!(conditions["HasWhatsAppApp"], json!({ "Fn::And": [{ "Condition": "HasWhatsApp" }, is_given("WhatsAppAppId")] }));
    // An app without a configuration would do nothing.
    let rule = &template.value()["Rules"]["WhatsAppAppNeedsConfig"];
    assert_eq!((&rule["RuleCondition"], &rule["Assertions"][0]["Assert"]), (&is_given("WhatsAppAppId"), &is_given("WhatsAppConfigId")));

    let resources = template.value()["Resources"].as_object().unwrap();
    let is_ours = |value: &Value| value["Condition"] == "HasWhatsApp";
    for (id, resource) in resources {
        assert_eq!(id.starts_with("WhatsApp"), is_ours(resource), "{id}");
    }
    // Whatever is there without it refers to nothing of it.
    let outputs = template.value()["Outputs"].as_object().unwrap();
    for (id, value) in resources.iter().chain(outputs).filter(|(_, value)| !is_ours(value)) {
        let mut named = BTreeSet::new();
        references(&least(value, &OURS), &mut named);
        let ours: Vec<_> = named.into_iter().filter(|other| resources.get(other).is_some_and(is_ours)).collect();
        assert!(ours.is_empty(), "{id} needs {ours:?}");
    }
}

/// An empty value counts as none, but only a function that needs the variable has it at all.
#[test]
fn what_switches_whatsapp_on_is_no_value_where_it_is_off() {
    let template = Template::load();
    for (function, variables) in template.environments() {
        let is_ours = function.starts_with("whatsapp-");
        let config = json!({ "Ref": "WhatsAppConfigId" });
        let config = if is_ours { config } else { json!({ "Fn::If": ["HasWhatsApp", config, none()] }) };
        let app = json!({ "Fn::If": ["HasWhatsAppApp", { "Ref": "WhatsAppAppId" }, none()] });
        for (name, wanted) in [("WHATSAPP_CONFIG_ID", config), ("WHATSAPP_APP_ID", app)] {
            assert!(variables.get(name).is_none_or(|value| *value == wanted), "{function}: {name}");
        }
        // The app's default is the Facebook app.
        assert!(!variables.contains_key("WHATSAPP_APP_ID") || variables.contains_key("FACEBOOK_APP_ID"), "{function}");
        assert_eq!(variables.contains_key("WHATSAPP_REDIRECT_URI"), is_ours, "{function}");
    }
}

#[test]
fn metas_webhooks_may_end_a_link_with_whatsapp_alone() {
    let template = Template::load();
    let role = &template.value()["Resources"]["MetaWebhooksRole"]["Properties"];
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    let more: Vec<&Value> = statements.iter().filter_map(|statement| statement.get("Fn::If")).collect();
    assert!(more.iter().all(|either| either[0] == "HasWhatsApp" && either[2] == none()), "{more:?}");
    let sids: Vec<&str> = more.iter().filter_map(|either| either[1]["Sid"].as_str()).collect();
    assert_eq!(sids, ["Endings"]);
    let pair = |action: &str| ("connections".to_owned(), format!("dynamodb:{action}"));
    let roles = Roles::of(&template);
    for action in ["ConditionCheckItem", "DeleteItem", "PutItem"] {
        assert!(roles.allowed("meta-webhooks").contains(&pair(action)), "{action}");
        assert!(!statements.iter().any(|statement| statement["Action"].to_string().contains(action)), "{action} without WhatsApp");
    }
}
