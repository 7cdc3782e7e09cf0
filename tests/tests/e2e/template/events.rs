//! The way of events from the connections table to the bus.

use e2e::outbox::pipes;
use e2e::template::Template;
use serde_json::{Value, json};

use super::invoked::assert_role;

/// The contract's members of an event's detail that are always there.
const MEMBERS: [&str; 5] = ["event_id", "user_uuid", "platform", "account", "at"];

fn arn(id: &str) -> Value {
    json!({ "Fn::GetAtt": [id, "Arn"] })
}

fn stream() -> Value {
    json!({ "Fn::GetAtt": ["ConnectionsTable", "StreamArn"] })
}

#[test]
fn the_connections_table_has_a_stream_of_new_items_and_sessions_have_none() {
    let template = Template::load();
    let of = |id: &str| template.value()["Resources"][id]["Properties"]["StreamSpecification"].clone();
    assert_eq!(of("ConnectionsTable"), json!({ "StreamViewType": "NEW_IMAGE" }));
    assert_eq!(of("SessionsTable"), Value::Null);
}

#[test]
fn events_of_links_can_be_put_on_the_bus_again_for_as_long_as_is_wished() {
    let template = Template::load();
    let value = template.value();
    let archive = &value["Resources"]["EventArchive"];
    assert_eq!(archive["Condition"], "HasEventArchive");
    let properties = &archive["Properties"];
    assert_eq!(properties["EventPattern"], json!({ "source": ["messenger-link"] }));
    assert_eq!((&properties["SourceArn"], &properties["RetentionDays"]), (&arn("EventBus"), &json!({ "Ref": "EventArchiveDays" })));
    // For AWS, no days would be all days.
    assert_eq!(value["Conditions"]["HasEventArchive"], json!({ "Fn::Not": [{ "Fn::Equals": [{ "Ref": "EventArchiveDays" }, 0] }] }));
    let days = &value["Parameters"]["EventArchiveDays"];
    assert_eq!((&days["Default"], &days["MinValue"]), (&json!(14), &json!(0)));
    assert_eq!(value["Outputs"]["EventArchiveArn"]["Value"], arn("EventArchive"));
}

#[test]
fn two_pipes_carry_events_with_and_without_a_reason() {
    let template = Template::load();
    let mut reasons = Vec::new();
    for (id, pipe) in template.resources("AWS::Pipes::Pipe") {
        let pattern = pipe["SourceParameters"]["FilterCriteria"]["Filters"][0]["Pattern"].as_str().unwrap();
        let pattern: Value = serde_json::from_str(pattern).unwrap();
        let reason = pattern["dynamodb"]["NewImage"]["reason"]["S"][0]["exists"].as_bool().unwrap();
        reasons.push(reason);
        let wanted = json!({
            "eventName": ["INSERT"],
            "dynamodb": { "Keys": { "sk": { "S": [{ "prefix": "event#" }] } }, "NewImage": { "reason": { "S": [{ "exists": reason }] } } },
        });
        assert_eq!(pattern, wanted, "{id}");

        let detail: Value = serde_json::from_str(pipe["TargetParameters"]["InputTemplate"].as_str().unwrap()).unwrap();
        let members = MEMBERS.into_iter().chain(reason.then_some("reason"));
        let wanted: Value = members
            .map(|name| (name.to_owned(), json!(format!("<$.dynamodb.NewImage.{name}.S>"))))
            .collect::<serde_json::Map<_, _>>()
            .into();
        assert_eq!(detail, wanted, "{id}");

        let mut rest = pipe.clone();
        rest["SourceParameters"]["FilterCriteria"]["Filters"][0]["Pattern"].take();
        rest["TargetParameters"]["InputTemplate"].take();
        rest.as_object_mut().unwrap().remove("Description");
        let wanted = json!({
            "RoleArn": arn("EventPipeRole"),
            "Source": stream(),
            "SourceParameters": {
                "FilterCriteria": { "Filters": [{ "Pattern": null }] },
                "DynamoDBStreamParameters": {
                    "StartingPosition": "TRIM_HORIZON",
                    "BatchSize": 10,
                    "OnPartialBatchItemFailure": "AUTOMATIC_BISECT",
                    "MaximumRetryAttempts": -1,
                    "MaximumRecordAgeInSeconds": 43_200,
                    "DeadLetterConfig": { "Arn": arn("EventPipeFailures") },
                },
            },
            "Target": arn("EventBus"),
            "TargetParameters": {
                "EventBridgeEventBusParameters": { "Source": "messenger-link", "DetailType": "$.dynamodb.NewImage.event_type.S" },
                "InputTemplate": null,
            },
            "LogConfiguration": { "Level": "ERROR", "CloudwatchLogsLogDestination": { "LogGroupArn": arn("EventPipeLogGroup") } },
        });
        assert_eq!(rest, wanted, "{id}");
    }
    reasons.sort_unstable();
    assert_eq!(reasons, [false, true], "a stream takes two readers, and each event has to go through one of them");
    assert_eq!(pipes(&template).len(), 2);
}

#[test]
fn the_pipes_role_allows_what_a_pipe_does_and_no_more() {
    let template = Template::load();
    let statement =
        |sid: &str, action: Value, resource: Value| json!({ "Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource });
    let reading = ["DescribeStream", "GetRecords", "GetShardIterator"].map(|action| format!("dynamodb:{action}"));
    let statements = json!([
        statement("Stream", json!(reading), stream()),
        // On one stream it would allow nothing.
        statement("Streams", json!("dynamodb:ListStreams"), json!({ "Fn::Sub": "${ConnectionsTable.Arn}/stream/*" })),
        statement("Bus", json!("events:PutEvents"), arn("EventBus")),
        statement("Failures", json!("sqs:SendMessage"), arn("EventPipeFailures")),
        statement("Logs", json!(["logs:CreateLogStream", "logs:PutLogEvents"]), arn("EventPipeLogGroup")),
    ]);
    for (pipe, _) in template.resources("AWS::Pipes::Pipe") {
        assert_role(&template, pipe, ("EventPipeRole", "EventPipePolicy"), "pipes.amazonaws.com", &statements);
    }
}

#[test]
fn the_bus_is_our_own_and_its_name_is_told() {
    let template = Template::load();
    assert_eq!(template.value()["Resources"]["EventBus"]["Properties"], json!({ "Name": { "Ref": "AWS::StackName" } }));
    let outputs = &template.value()["Outputs"];
    assert_eq!(outputs["EventBusName"]["Value"], json!({ "Ref": "EventBus" }));
    assert_eq!(outputs["EventBusArn"]["Value"], arn("EventBus"));
    let failures = &template.value()["Resources"]["EventPipeFailures"]["Properties"];
    assert_eq!(*failures, json!({ "SqsManagedSseEnabled": true, "MessageRetentionPeriod": 1_209_600 }));
}
