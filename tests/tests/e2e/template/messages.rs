//! What customers write: its own bus, the way to the queue, and that nothing of it is there unless somebody asks for it.

use std::collections::BTreeSet;

use e2e::privileges::Roles;
use e2e::template::Template;
use serde_json::{Value, json};

use crate::template::conditions::{least, references};

const FOUR_DAYS: u64 = 4 * 86_400;
const OURS: [&str; 2] = ["HasMetaWebhooks", "HasMessageQueue"];
const QUEUES: [&str; 2] = ["MessagesDeadLetters", "MessagesQueue"];

fn arn(id: &str) -> Value {
    json!({ "Fn::GetAtt": [id, "Arn"] })
}

fn properties<'a>(template: &'a Template, id: &str) -> &'a Value {
    &template.value()["Resources"][id]["Properties"]
}

#[test]
fn messages_are_off_and_then_nothing_of_them_is_there() {
    let template = Template::load();
    let (parameters, conditions) = (&template.value()["Parameters"], &template.value()["Conditions"]);
    let is_on = |name: &str| json!({ "Fn::Equals": [{ "Ref": name }, "on"] });
    assert_eq!(conditions["HasMetaWebhooks"], is_on("MetaWebhooks"));
    assert_eq!(conditions["HasMessageQueue"], json!({ "Fn::And": [{ "Condition": "HasMetaWebhooks" }, is_on("MessageQueue")] }));
    assert_eq!([&parameters["MetaWebhooks"]["Default"], &parameters["MessageQueue"]["Default"]], ["off", "on"]);

    let resources = template.value()["Resources"].as_object().unwrap();
    let condition = |id: &str| resources.get(id).and_then(|resource| resource["Condition"].as_str());
    for id in resources.keys() {
        let of_messages = id.starts_with("Meta") || id.starts_with("Message");
        let conditional = matches!(condition(id), Some("HasMetaWebhooks" | "HasMessageQueue"));
        assert_eq!(of_messages, conditional, "{id}");
    }
    // Whatever is there without them refers to nothing of theirs; with the bus alone to nothing of the queue's.
    let outputs = template.value()["Outputs"].as_object().unwrap();
    for (id, value) in resources.iter().chain(outputs) {
        let own = value["Condition"].as_str();
        let mut named = BTreeSet::new();
        let seen = if own.is_none() { least(value, &OURS) } else { value.clone() };
        references(&seen, &mut named);
        for other in named {
            let (needs_all, needs_queue) = (condition(&other) == Some("HasMetaWebhooks"), condition(&other) == Some("HasMessageQueue"));
            assert!(!needs_all || matches!(own, Some("HasMetaWebhooks" | "HasMessageQueue")), "{id} needs {other}");
            assert!(!needs_queue || own == Some("HasMessageQueue"), "{id} needs {other}");
        }
    }
}

#[test]
fn customers_words_have_a_bus_of_their_own_and_one_function_puts_them_there() {
    let template = Template::load();
    assert_eq!(*properties(&template, "MessageBus"), json!({ "Name": { "Fn::Sub": "${AWS::StackName}-messages" } }));
    assert_eq!(template.environments()["meta-webhooks"]["MESSAGE_BUS_NAME"], json!({ "Ref": "MessageBus" }));
    let buses: BTreeSet<&str> = template.resources("AWS::Events::EventBus").map(|(id, _)| id).collect();
    assert_eq!(buses, ["EventBus", "MessageBus"].into());
    let (roles, put) = (Roles::of(&template), ("bus MessageBus".to_owned(), "events:PutEvents".to_owned()));
    let allowed: Vec<String> = template.environments().into_keys().filter(|function| roles.allowed(function).contains(&put)).collect();
    assert_eq!(allowed, ["meta-webhooks"]);
    // The archive is the other bus's, and no rule logs: nothing else keeps what was written.
    let archived: Vec<_> = template.resources("AWS::Events::Archive").map(|(_, archive)| archive["SourceArn"].clone()).collect();
    assert_eq!(archived, [arn("EventBus")]);
    let rules: Vec<_> = template.resources("AWS::Events::Rule").map(|(id, _)| id).collect();
    assert_eq!(rules, ["MessageRule"]);
    let outputs = &template.value()["Outputs"];
    let told = ["MessageBusName", "MessageBusArn", "MessageQueueUrl", "MessageQueueArn"].map(|name| outputs[name]["Value"].clone());
    let reference = |id: &str| json!({ "Ref": id });
    assert_eq!(told, [reference("MessageBus"), arn("MessageBus"), reference("MessagesQueue"), arn("MessagesQueue")]);
}

#[test]
fn a_message_goes_into_the_queue_as_it_is_and_what_can_not_is_kept_apart() {
    let template = Template::load();
    let mut rule = properties(&template, "MessageRule").clone();
    rule.as_object_mut().unwrap().remove("Description");
    let target = json!({
        "Id": "messages",
        "Arn": arn("MessagesQueue"),
        "RetryPolicy": { "MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185 },
        "DeadLetterConfig": { "Arn": arn("MessagesDeadLetters") },
    });
    let wanted = json!({
        "Name": "messages",
        "EventBusName": { "Ref": "MessageBus" },
        "EventPattern": { "source": ["messenger-link.messages"], "detail-type": ["message"] },
        "Targets": [target],
    });
    assert_eq!(rule, wanted);
    // What a rule may not deliver it does not try again: the queues let it in before it is there.
    assert_eq!(template.value()["Resources"]["MessageRule"]["DependsOn"], json!(["MessagesQueuePolicy", "MessagesDeadLettersPolicy"]));
}

#[test]
fn the_queues_forget_after_four_days_and_let_in_the_rule_alone() {
    let template = Template::load();
    let kept = json!({ "SqsManagedSseEnabled": true, "MessageRetentionPeriod": FOUR_DAYS });
    assert_eq!(*properties(&template, "MessagesDeadLetters"), kept);
    let mut queue = kept;
    queue["VisibilityTimeout"] = json!(180);
    queue["RedrivePolicy"] = json!({ "deadLetterTargetArn": arn("MessagesDeadLetters"), "maxReceiveCount": 5 });
    assert_eq!(*properties(&template, "MessagesQueue"), queue);
    let policies: BTreeSet<&str> = template.resources("AWS::SQS::QueuePolicy").map(|(id, _)| id).collect();
    assert_eq!(policies, ["MessagesDeadLettersPolicy", "MessagesQueuePolicy"].into());
    for queue in QUEUES {
        let rule = json!({ "Fn::Sub": "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/${MessageBus}/messages" });
        let statements = json!([
            {
                "Sid": "Rule",
                "Effect": "Allow",
                "Principal": { "Service": "events.amazonaws.com" },
                "Action": "sqs:SendMessage",
                "Resource": arn(queue),
                "Condition": { "ArnEquals": { "aws:SourceArn": rule } },
            },
            {
                "Sid": "Encrypted",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "sqs:*",
                "Resource": arn(queue),
                "Condition": { "Bool": { "aws:SecureTransport": "false" } },
            },
        ]);
        let document = json!({ "Version": "2012-10-17", "Statement": statements });
        let wanted = json!({ "Queues": [{ "Ref": queue }], "PolicyDocument": document });
        assert_eq!(*properties(&template, &format!("{queue}Policy")), wanted, "{queue}");
    }
}
