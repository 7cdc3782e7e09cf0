//! What an operator meets: the parameters, the stages, the outputs, and what is left when a stack is gone.

use std::collections::BTreeSet;

use e2e::template::{Template, project_dir};
use serde_json::{Value, json};

fn names(value: &Value) -> BTreeSet<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn stages() -> toml::Table {
    let text = std::fs::read_to_string(project_dir().join("samconfig.toml")).unwrap();
    text.parse().unwrap()
}

/// A parameter's list in `samconfig.toml`.
fn list<'a>(stages: &'a toml::Table, stage: &str, name: &str) -> Vec<(&'a str, &'a str)> {
    let items = stages[stage]["deploy"]["parameters"][name].as_array().unwrap().iter();
    items.map(|item| item.as_str().and_then(|text| text.split_once('=')).unwrap()).collect()
}

#[test]
fn every_parameter_says_what_it_is_takes_only_what_can_be_right_and_has_its_place() {
    let template = Template::load();
    let parameters = &template.value()["Parameters"];
    for (name, parameter) in parameters.as_object().unwrap() {
        assert!(parameter["Description"].as_str().is_some_and(|text| text.len() > 15), "{name}");
        let bounds = ["AllowedPattern", "AllowedValues", "MaxValue"].map(|bound| parameter[bound].is_null());
        assert!(bounds.contains(&false), "{name} takes anything");
        assert!(!parameter["AllowedValues"].is_null() || parameter["ConstraintDescription"].is_string(), "{name}: what is wrong with it?");
        assert!(parameter["NoEcho"].is_null(), "{name} looks like a secret");
        let pattern = parameter["AllowedPattern"].as_str().unwrap_or("^$");
        assert!(pattern.starts_with('^') && pattern.ends_with('$'), "{name}: {pattern}");
    }
    let groups = template.value()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"].as_array().unwrap();
    let placed: Vec<&str> = groups.iter().filter_map(|group| group["Parameters"].as_array()).flatten().filter_map(Value::as_str).collect();
    assert_eq!(placed.iter().copied().collect::<BTreeSet<_>>(), names(parameters));
    assert_eq!(placed.len(), names(parameters).len(), "one stands in two groups");
}

#[test]
fn what_has_no_default_is_the_two_apps_ids() {
    let template = Template::load();
    let parameters = template.value()["Parameters"].as_object().unwrap();
    let needed: BTreeSet<&str> = parameters.iter().filter(|(_, value)| value["Default"].is_null()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(needed, ["FacebookAppId", "ShopifyApiKey"].into());
}

#[test]
fn staging_and_production_differ_in_name_and_care_and_have_to_be_told_their_apps() {
    let (template, stages) = (Template::load(), stages());
    let parameters = &template.value()["Parameters"];
    let mut stacks = BTreeSet::new();
    for (stage, update) in [("staging", "AllAtOnce"), ("production", "Canary10Percent5Minutes")] {
        let deploy = &stages[stage]["deploy"]["parameters"];
        assert!(stacks.insert(deploy["stack_name"].as_str().unwrap()), "{stage}");
        assert_eq!(deploy["capabilities"].as_str(), stages["default"]["deploy"]["parameters"]["capabilities"].as_str());
        assert!(list(&stages, stage, "tags").contains(&("stage", stage)));
        let overrides = list(&stages, stage, "parameter_overrides");
        assert!(overrides.contains(&("UpdateType", update)), "{stage}");
        for (name, value) in overrides {
            let parameter = &parameters[name];
            assert!(!parameter.is_null(), "{stage}: there is no parameter {name}");
            if let Some(allowed) = parameter["AllowedValues"].as_array() {
                assert!(allowed.iter().any(|one| one.to_string().trim_matches('"') == value), "{stage}: {name}={value}");
            } else {
                // Of ids: CloudFormation refuses what nobody has entered, by the pattern.
                assert!(
                    value.starts_with('(') && parameter["AllowedPattern"].as_str().unwrap().starts_with("^["),
                    "{stage}: {name}={value}"
                );
            }
        }
    }
    let production = &stages["production"]["deploy"]["parameters"];
    assert_eq!(production["confirm_changeset"].as_bool(), Some(true), "somebody reads what changes");
    assert!(stacks.insert(stages["default"]["global"]["parameters"]["stack_name"].as_str().unwrap()));
}

#[test]
fn two_stacks_of_one_account_share_no_name() {
    let template = Template::load();
    let names = [
        "BucketName",
        "DashboardName",
        "FunctionName",
        "LogGroupName",
        "ManagedPolicyName",
        "QueueName",
        "RoleName",
        "TableName",
        "AlarmName",
    ];
    for (id, resource) in template.value()["Resources"].as_object().unwrap() {
        // Of permissions, integrations and filters it is a reference.
        let named = resource["Properties"].as_object().into_iter().flatten().filter(|(key, _)| names.contains(&key.as_str()));
        for (key, name) in named.filter(|(_, name)| name["Ref"].is_null()) {
            assert!(name["Fn::Sub"].as_str().is_some_and(|text| text.contains("${AWS::StackName}")), "{id}: {key} {name}");
        }
    }
}

/// Everything that has to be entered somewhere else can be copied.
#[test]
fn the_outputs_name_every_url_that_a_provider_has_to_know() {
    let template = Template::load();
    let outputs = &template.value()["Outputs"];
    let host = json!({ "Fn::If": ["HasPublicHost", { "Fn::Sub": "https://${PublicHost}" }, { "Fn::GetAtt": ["HttpApi", "ApiEndpoint"] }] });
    let routes = template.routes();
    for (output, method) in [
        ("AppUrl", "GET"),
        ("ShopifyRedirectUri", "GET"),
        ("ShopifyWebhooksUrl", "POST"),
        ("FacebookRedirectUri", "GET"),
        ("FacebookDeauthorizeUrl", "POST"),
        ("FacebookDataDeletionUrl", "POST"),
        ("WhatsAppRedirectUri", "GET"),
        ("MetaWebhooksUrl", "POST"),
        ("LoginUrl", "GET"),
        ("ConnectionsUrl", "GET"),
    ] {
        let parts = &outputs[output]["Value"]["Fn::Sub"];
        assert_eq!(parts[1]["BaseUrl"], host, "{output}");
        let path = parts[0].as_str().and_then(|text| text.strip_prefix("${BaseUrl}")).unwrap();
        assert!(routes.iter().any(|route| route.method == method && route.pattern == path), "{output}: {method} {path}");
    }
    assert_eq!(outputs["Version"]["Value"], env!("CARGO_PKG_VERSION"));
    let fill = outputs["FillSecrets"]["Value"]["Fn::Sub"].as_str().unwrap();
    assert!(fill.starts_with("aws secretsmanager put-secret-value ") && fill.contains("${Secrets}"), "{fill}");
    let described = outputs.as_object().unwrap().iter().filter(|(_, output)| output["Description"].is_string()).count();
    assert_eq!(described, names(outputs).len());
}

/// What is never lost with a stack, with what is left of it when the first deployment fails.
const KEPT: [(&str, &str); 3] =
    [("ConnectionsTable", "Retain"), ("Secrets", "RetainExceptOnCreate"), ("SessionsTable", "RetainExceptOnCreate")];

#[test]
fn what_outlives_a_stack_can_be_taken_into_a_new_one_as_it_is() {
    let (template, adopt) = (Template::load(), Template::load_file("adopt.yaml"));
    let (all, adopted) = (&template.value()["Resources"], &adopt.value()["Resources"]);
    assert_eq!(names(adopted), KEPT.map(|(id, _)| id).into());
    for (id, resource) in all.as_object().unwrap() {
        let deletion = KEPT.iter().find(|(kept, _)| kept == id).map(|(_, deletion)| *deletion);
        let replaced = deletion.map(|_| "Retain");
        let policies =
            ["DeletionPolicy", "UpdateReplacePolicy"].map(|policy| resource[policy].as_str().filter(|policy| *policy != "Delete"));
        assert_eq!(policies, [deletion, replaced], "{id}");
        if deletion.is_some() {
            // Whatever becomes of the import, it is no first deployment of theirs.
            assert_eq!(["DeletionPolicy", "UpdateReplacePolicy"].map(|policy| &adopted[id][policy]), ["Retain"; 2], "{id}");
            let mut properties = resource["Properties"].clone();
            // Off unless a parameter says otherwise; an import has no parameters.
            properties.as_object_mut().unwrap().remove("OnDemandThroughput");
            assert_eq!(adopted[id]["Properties"], properties, "{id}: CloudFormation would change it at once");
        }
    }
    // An import takes nothing besides.
    assert_eq!(names(adopt.value()), ["AWSTemplateFormatVersion", "Description", "Resources"].into());
}

/// Without a `PublicHost` the API's id is the host that both providers know.
#[test]
fn no_update_replaces_or_deletes_what_can_not_be_made_again() {
    let text = std::fs::read_to_string(project_dir().join("stack-policy.json")).unwrap();
    let policy: Value = serde_json::from_str(&text).unwrap();
    let everything = json!({ "Effect": "Allow", "Principal": "*", "Action": "Update:*", "Resource": "*" });
    let template = Template::load();
    let kept: Vec<String> = ["HttpApi"].into_iter().chain(KEPT.map(|(id, _)| id)).map(|id| format!("LogicalResourceId/{id}")).collect();
    let nothing = json!({
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["Update:Replace", "Update:Delete"],
        "Resource": kept,
    });
    assert_eq!(policy, json!({ "Statement": [everything, nothing] }));
    assert_eq!(template.value()["Resources"]["HttpApi"]["Type"], "AWS::ApiGatewayV2::Api");
}

/// A key of the account's own would cost a call, and money, for what is sealed anyway.
#[test]
fn the_tables_are_encrypted_with_dynamodbs_own_key() {
    for (id, table) in Template::load().resources("AWS::DynamoDB::Table") {
        assert!(table["SSESpecification"].is_null(), "{id}");
    }
}

#[test]
fn the_connections_can_be_restored_and_cannot_be_deleted_by_mistake() {
    let template = Template::load();
    let table = &template.value()["Resources"]["ConnectionsTable"]["Properties"];
    assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
    assert_eq!(table["DeletionProtectionEnabled"], true);
    let secret = &template.value()["Resources"]["Secrets"]["Properties"];
    assert!(secret["SecretString"].is_null() && secret["GenerateSecretString"].is_null(), "a value here would overwrite the real one");
}
