//! An update reaches what calls the functions, by way of their alias, and can be taken back.

use std::collections::BTreeSet;

use e2e::template::Template;
use serde_json::{Value, json};

fn reference(id: &str) -> Value {
    json!({ "Ref": id })
}

/// Every parameter that a value depends on, by way of conditions too.
fn parameters(template: &Template, value: &Value, found: &mut BTreeSet<String>) {
    let known = |name: &&str| !template.value()["Parameters"][name].is_null();
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                match (key.as_str(), value) {
                    ("Ref", Value::String(id)) => found.extend([id.as_str()].into_iter().filter(known).map(str::to_owned)),
                    ("Fn::Sub", Value::String(text)) => {
                        let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
                        found.extend(names.filter(known).map(str::to_owned));
                    }
                    ("Fn::If", Value::Array(parts)) => {
                        parameters(template, &template.value()["Conditions"][parts[0].as_str().unwrap()], found);
                        parameters(template, value, found);
                    }
                    _ => parameters(template, value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| parameters(template, item, found)),
        _ => {}
    }
}

#[test]
fn every_function_is_called_by_its_alias_alone() {
    let template = Template::load();
    assert_eq!(template.value()["Globals"]["Function"]["AutoPublishAlias"], "live");
    let ids: BTreeSet<&str> = template.resources("AWS::Serverless::Function").map(|(id, _)| id).collect();
    for (id, function) in template.resources("AWS::Serverless::Function") {
        assert!(function["AutoPublishAlias"].is_null() && function["FunctionName"].is_null(), "{id}");
    }
    let called = |value: &Value| ids.contains(value["Ref"].as_str().and_then(|id| id.strip_suffix(".Alias")).unwrap_or_default());
    for (id, integration) in template.resources("AWS::ApiGatewayV2::Integration") {
        assert!(called(&integration["IntegrationUri"]), "{id}");
    }
    for (id, permission) in template.resources("AWS::Lambda::Permission") {
        assert!(called(&permission["FunctionName"]), "{id}: an alias has a policy of its own");
    }
    for (id, schedule) in template.resources("AWS::Scheduler::Schedule") {
        assert!(called(&schedule["Target"]["Arn"]), "{id}");
    }
    // Nothing else names a function besides the metrics of alarms and dashboard.
    for (id, resource) in template.value()["Resources"].as_object().unwrap() {
        if ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"].contains(&resource["Type"].as_str().unwrap()) {
            continue;
        }
        let text = resource["Properties"].to_string();
        for function in &ids {
            let forms = [format!("[\"{function}\",\"Arn\"]"), format!("{{\"Ref\":\"{function}\"}}"), format!("${{{function}")];
            assert!(forms.iter().all(|form| !text.contains(form)), "{id} calls {function} past its alias");
        }
    }
}

#[test]
fn an_update_goes_back_by_the_alarms_on_crashes_and_faults_unless_it_is_all_at_once() {
    let template = Template::load();
    let preference = json!({
        "Enabled": { "Fn::FindInMap": ["UpdateTypes", reference("UpdateType"), "Gradual"] },
        "Type": reference("UpdateType"),
        // A function that a condition leaves out has nothing that moves its alias either.
        "PassthroughCondition": true,
        "Alarms": [reference("BrowserCrashesAlarm"), reference("ServiceCrashesAlarm"), reference("FaultsAlarm")],
    });
    assert_eq!(template.value()["Globals"]["Function"]["DeploymentPreference"], preference);
    for (id, function) in template.resources("AWS::Serverless::Function") {
        assert!(function["DeploymentPreference"].is_null(), "{id}");
    }
    let parameter = &template.value()["Parameters"]["UpdateType"];
    assert_eq!(parameter["Default"], "Canary10Percent5Minutes");
    let types = template.value()["Mappings"]["UpdateTypes"].as_object().unwrap();
    let allowed: BTreeSet<&str> = parameter["AllowedValues"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(types.keys().map(String::as_str).collect::<BTreeSet<_>>(), allowed);
    for (name, of) in types {
        assert_eq!(of["Gradual"], if name == "AllAtOnce" { "false" } else { "true" }, "{name}");
    }
}

/// SAM's hash of a function has the references in it, not what they refer to.
#[test]
fn a_new_value_of_a_parameter_is_a_new_version_too() {
    let template = Template::load();
    let mut used = BTreeSet::new();
    let global = &template.value()["Globals"]["Function"];
    for part in ["Architectures", "MemorySize", "Timeout", "Tracing", "Environment"] {
        parameters(&template, &global[part], &mut used);
    }
    for (id, function) in template.resources("AWS::Serverless::Function") {
        assert_eq!(function["AutoPublishAliasAllProperties"], true, "{id}");
        assert_eq!(function["VersionDescription"], reference("Settings"), "{id}");
        let mut versioned = function.clone();
        // Not of a version but of the function.
        versioned.as_object_mut().unwrap().remove("ReservedConcurrentExecutions");
        parameters(&template, &versioned, &mut used);
    }
    // Without it in the function itself Lambda would find that nothing has changed.
    assert_eq!(global["Description"], reference("Settings"));
    let policies = Settings::load(&template);
    assert_eq!(policies.listed, used);
    // A policy's description has 1000 characters at most. None can be longer, and all could hold twice as much.
    let mut room = 0;
    for (id, parts) in &policies.lengths {
        let most: usize = parts.iter().map(|(length, _)| length + 1).sum();
        assert!(most <= 1000, "{id}: {most}");
        room += 1000 - parts.iter().filter(|(_, is_name)| *is_name).map(|(length, _)| length + 1).sum::<usize>();
    }
    let values: usize =
        policies.lengths.iter().flat_map(|(_, parts)| parts).filter(|(_, is_name)| !is_name).map(|(length, _)| length + 1).sum();
    assert!(2 * values <= room, "{values} of {room}");
}

/// The policies whose descriptions hold the values, from the one that functions name.
struct Settings {
    listed: BTreeSet<String>,
    /// How long each part of a description can be, and whether it is another policy's name.
    lengths: Vec<(String, Vec<(usize, bool)>)>,
}

impl Settings {
    /// `arn:aws-us-gov:iam::123456789012:policy/` and 128 characters.
    const NAME: usize = 168;

    fn load(template: &Template) -> Self {
        let mut found = Self { listed: BTreeSet::new(), lengths: Vec::new() };
        found.add(template, "Settings");
        found
    }

    fn add(&mut self, template: &Template, id: &str) {
        let resource = &template.value()["Resources"][id];
        assert_eq!(resource["Type"], "AWS::IAM::ManagedPolicy", "{id}");
        let policy = &resource["Properties"];
        // Nobody has it, and whoever takes it is allowed nothing by it.
        assert_eq!(policy.as_object().unwrap().len(), 2, "{id}: {policy}");
        let nothing = json!([{ "Sid": "Nothing", "Effect": "Deny", "Action": "*", "Resource": "*" }]);
        assert_eq!(policy["PolicyDocument"], json!({ "Version": "2012-10-17", "Statement": nothing }), "{id}");
        let mut parts = Vec::new();
        for part in policy["Description"]["Fn::Join"][1].as_array().unwrap() {
            let name = part["Ref"].as_str().unwrap();
            let is_policy = template.value()["Parameters"][name].is_null();
            if is_policy {
                self.add(template, name);
            } else {
                assert!(self.listed.insert(name.to_owned()), "{name} stands in two policies");
            }
            parts.push((if is_policy { Self::NAME } else { longest(template, name) }, is_policy));
        }
        self.lengths.push((id.to_owned(), parts));
    }
}

/// The characters that a parameter's value can have.
fn longest(template: &Template, name: &str) -> usize {
    let parameter = &template.value()["Parameters"][name];
    let values = parameter["AllowedValues"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::len).max();
    let number = parameter["MaxValue"].as_u64().map(|number| number.to_string().len());
    let length = parameter["MaxLength"].as_u64().map(|length| usize::try_from(length).unwrap());
    // {16,64} and the like, and what else stands in the pattern.
    let pattern = || {
        let pattern = parameter["AllowedPattern"].as_str().unwrap_or_else(|| panic!("{name} has no bounds"));
        let counts = pattern.split('{').skip(1).filter_map(|rest| rest.split_once('}')?.0.rsplit(',').next()?.parse::<usize>().ok());
        assert!(!pattern.contains(['*', '+']), "{name} has no bounds");
        counts.sum::<usize>() + 8
    };
    values.or(number).or(length).unwrap_or_else(pattern)
}
