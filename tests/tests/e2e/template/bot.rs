//! The stack of the sample bot: what it takes from the service's stack, and what its function may do.

use std::collections::BTreeSet;

use e2e::template::{Template, project_dir};
use serde_json::{Value, json};

fn stack() -> Template {
    Template::load_file("examples/bot/template.yaml")
}

fn properties<'a>(template: &'a Template, id: &str) -> &'a Value {
    &template.value()["Resources"][id]["Properties"]
}

fn arn(id: &str) -> Value {
    json!({ "Fn::GetAtt": [id, "Arn"] })
}

#[test]
fn it_takes_outputs_of_the_service_s_stack_under_their_own_names() {
    let (stack, service) = (stack(), Template::load());
    let parameters = stack.value()["Parameters"].as_object().unwrap();
    let needed: BTreeSet<&str> = parameters.iter().filter(|(_, value)| value["Default"].is_null()).map(|(name, _)| name.as_str()).collect();
    assert_eq!(needed, ["BotPolicyArn", "ConnectionTokensFunction", "MessageBusName", "UcpProfile"].into());
    for name in needed.iter().filter(|name| **name != "UcpProfile") {
        assert!(!service.value()["Outputs"][name].is_null(), "{name} is no output");
    }
    for (name, parameter) in parameters {
        assert!(parameter["Description"].as_str().is_some_and(|text| text.len() > 15), "{name}");
    }
}

/// What both functions share.
fn globals(template: &Template) -> &Value {
    &template.value()["Globals"]["Function"]
}

#[test]
fn each_runtime_has_the_sample_in_its_language() {
    let stack = stack();
    let runtimes = stack.value()["Parameters"]["Runtime"]["AllowedValues"].as_array().unwrap();
    let pythons = stack.value()["Conditions"]["IsPython"]["Fn::Or"].as_array().unwrap();
    let is_python = |runtime: &str| pythons.contains(&json!({ "Fn::Equals": [{ "Ref": "Runtime" }, runtime] }));
    let (module, function) = globals(&stack)["Handler"].as_str().and_then(|handler| handler.split_once('.')).unwrap();
    let variables = globals(&stack)["Environment"]["Variables"].as_object().unwrap();
    for runtime in runtimes.iter().filter_map(Value::as_str) {
        assert_eq!(is_python(runtime), runtime.starts_with("python"), "{runtime}");
        let (id, language, kind) = if is_python(runtime) { ("PythonBot", "python", "py") } else { ("NodeBot", "node", "mjs") };
        let file = format!("{module}.{kind}");
        assert_eq!(properties(&stack, id)["CodeUri"], language);
        let code = std::fs::read_to_string(project_dir().join("examples/bot").join(language).join(&file)).unwrap();
        assert!(code.contains(&format!("def {function}(")) || code.contains(&format!("export async function {function}(")), "{file}");
        assert!(variables.keys().all(|name| code.contains(name)), "{file}");
    }
    let chosen = json!({ "Fn::If": ["IsPython", { "Ref": "PythonBot" }, { "Ref": "NodeBot" }] });
    assert_eq!(properties(&stack, "BotMessages")["FunctionName"], chosen);
}

/// What the sample leaves alone does not wake it.
#[test]
fn the_rule_brings_what_the_sample_answers_and_what_did_not_arrive() {
    let stack = stack();
    let rule = properties(&stack, "Rule");
    let code = std::fs::read_to_string(project_dir().join("examples/bot/python/bot.py")).unwrap();
    let (_, rest) = code.split_once("\nANSWERED = (").unwrap();
    let answered = rest.split_once(')').unwrap().0.split(',').map(|kind| kind.trim().trim_matches('"'));
    let kinds: BTreeSet<&str> = answered.chain(["failed"]).collect();
    let pattern = &rule["EventPattern"];
    let asked: BTreeSet<&str> = pattern["detail"]["kind"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!((asked, &pattern["source"]), (kinds, &json!(["messenger-link.messages"])));
    let [target] = rule["Targets"].as_array().unwrap().as_slice() else { panic!("one target") };
    assert_eq!((&target["Arn"], &target["DeadLetterConfig"]["Arn"]), (&arn("Queue"), &arn("DeadLetters")));
    for policy in ["QueuePolicy", "DeadLettersPolicy"] {
        let statement = &properties(&stack, policy)["PolicyDocument"]["Statement"][0];
        let source = &statement["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"];
        assert!(source.as_str().unwrap().ends_with(":rule/${MessageBusName}/${AWS::StackName}"), "{policy}: {source}");
        assert_eq!((&rule["Name"], &statement["Action"]), (&json!({ "Ref": "AWS::StackName" }), &json!("sqs:SendMessage")));
    }
}

#[test]
fn a_message_comes_again_alone_in_time_and_not_for_ever() {
    let stack = stack();
    let (bot, queue) = (globals(&stack), properties(&stack, "Queue"));
    let number = |value: &Value| value.as_u64().unwrap();
    assert!(number(&queue["VisibilityTimeout"]) >= 6 * number(&bot["Timeout"]), "as Lambda asks for");
    assert_eq!(queue["RedrivePolicy"], json!({ "deadLetterTargetArn": arn("DeadLetters"), "maxReceiveCount": 5 }));
    let retention = |id: &str| number(&properties(&stack, id)["MessageRetentionPeriod"]);
    assert!(retention("DeadLetters") >= retention("Queue"));
    let source = properties(&stack, "BotMessages");
    assert_eq!((&source["EventSourceArn"], &source["FunctionResponseTypes"]), (&arn("Queue"), &json!(["ReportBatchItemFailures"])));
    let alarm = properties(&stack, "DeadLettersAlarm");
    assert_eq!(alarm["Dimensions"], json!([{ "Name": "QueueName", "Value": { "Fn::GetAtt": ["DeadLetters", "QueueName"] } }]));
}

#[test]
fn its_function_may_ask_for_tokens_and_reach_what_is_its_own() {
    let stack = stack();
    let role = properties(&stack, "BotRole");
    assert_eq!(role["ManagedPolicyArns"], json!([{ "Ref": "BotPolicyArn" }]));
    assert_eq!(role["Policies"].as_array().map(Vec::len), Some(1));
    let allowed: Vec<(BTreeSet<&str>, &Value)> = role["Policies"][0]["PolicyDocument"]["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .map(|statement| {
            let actions = &statement["Action"];
            let list = actions.as_array().map_or_else(|| vec![actions], |list| list.iter().collect());
            (list.into_iter().filter_map(Value::as_str).collect(), &statement["Resource"])
        })
        .collect();
    let (queue, table, log) = (arn("Queue"), arn("SeenTable"), arn("BotLogGroup"));
    let queues = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"];
    let expected =
        [(queues.into(), &queue), (["dynamodb:PutItem"].into(), &table), (["logs:CreateLogStream", "logs:PutLogEvents"].into(), &log)];
    assert_eq!(allowed, expected);
    assert_eq!(properties(&stack, "SeenTable")["KeySchema"], json!([{ "AttributeName": "event_id", "KeyType": "HASH" }]));
}
