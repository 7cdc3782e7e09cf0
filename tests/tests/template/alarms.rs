//! The alarms, and what they count.

use std::collections::BTreeSet;

use e2e::template::Template;
use serde_json::{Value, json};

fn stack() -> Value {
    json!({ "Ref": "AWS::StackName" })
}

/// An alarm without its texts.
fn alarm(namespace: &Value, metric: &str, dimension: Option<(&str, Value)>, rule: &Value) -> Value {
    let mut alarm = json!({
        "Namespace": namespace,
        "MetricName": metric,
        "Statistic": "Sum",
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": { "Fn::If": ["HasAlarmTopic", [{ "Ref": "AlarmTopicArn" }], { "Ref": "AWS::NoValue" }] },
    });
    if let Some((name, value)) = dimension {
        alarm["Dimensions"] = json!([{ "Name": name, "Value": value }]);
    }
    for (name, value) in rule.as_object().unwrap() {
        alarm[name] = value.clone();
    }
    alarm
}

#[test]
fn the_alarms_are_these() {
    let at_once = json!({ "Period": 300, "EvaluationPeriods": 1 });
    let lasting = json!({ "Period": 300, "EvaluationPeriods": 3 });
    let silent =
        json!({ "Period": 1800, "EvaluationPeriods": 1, "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching" });
    let often = json!({ "Period": 300, "EvaluationPeriods": 6, "DatapointsToAlarm": 2 });
    let lost = json!({ "Period": 300, "EvaluationPeriods": 1, "Statistic": "Maximum" });
    let of = |name: &'static str, id: &str| Some((name, json!({ "Ref": id })));
    let queue = Some(("QueueName", json!({ "Fn::GetAtt": ["EventPipeFailures", "QueueName"] })));
    let pipes = json!("AWS/EventBridge/Pipes");
    let expected = [
        ("TokenKeeperSilentAlarm", alarm(&stack(), "KeeperRuns", None, &silent)),
        ("TokenKeeperErrorsAlarm", alarm(&json!("AWS/Lambda"), "Errors", of("FunctionName", "TokenKeeperFunction"), &often)),
        ("TooManyDeadAlarm", alarm(&stack(), "TooManyDead", None, &at_once)),
        ("CredentialsRefusedAlarm", alarm(&stack(), "CredentialsRefused", None, &at_once)),
        ("EventPipeAlarm", alarm(&pipes, "ExecutionFailed", of("PipeName", "EventPipe"), &lasting)),
        ("EventWithReasonPipeAlarm", alarm(&pipes, "ExecutionFailed", of("PipeName", "EventWithReasonPipe"), &lasting)),
        ("EventsLostAlarm", alarm(&json!("AWS/SQS"), "ApproximateNumberOfMessagesVisible", queue, &lost)),
    ];
    let template = Template::load();
    let ids: BTreeSet<&str> = template.resources("AWS::CloudWatch::Alarm").map(|(id, _)| id).collect();
    assert_eq!(ids, expected.iter().map(|(id, _)| *id).collect());
    for (id, expected) in expected {
        let mut found = template.value()["Resources"][id]["Properties"].clone();
        assert!(found["AlarmDescription"].is_string(), "{id}");
        found.as_object_mut().unwrap().remove("AlarmDescription");
        assert_eq!(found, expected, "{id}");
    }
    assert_eq!(template.value()["Parameters"]["AlarmTopicArn"]["Default"], "");
}

#[test]
fn what_the_functions_log_is_counted() {
    let expected = [
        ("ConnectionTokensCredentialsRefused", "ConnectionTokensLogGroup", r#"{ $.alarm = "credentials_refused" }"#, "CredentialsRefused"),
        ("TokenKeeperCredentialsRefused", "TokenKeeperLogGroup", r#"{ $.alarm = "credentials_refused" }"#, "CredentialsRefused"),
        ("TokenKeeperRuns", "TokenKeeperLogGroup", r#"{ $.message = "invocation" && $.outcome = "ok" }"#, "KeeperRuns"),
        ("TooManyDead", "TokenKeeperLogGroup", r#"{ $.alarm = "too_many_dead" }"#, "TooManyDead"),
    ];
    let template = Template::load();
    assert_eq!(template.resources("AWS::Logs::MetricFilter").count(), expected.len());
    for (id, group, pattern, metric) in expected {
        let wanted = json!({
            "LogGroupName": { "Ref": group },
            "FilterPattern": pattern,
            "MetricTransformations": [{ "MetricNamespace": stack(), "MetricName": metric, "MetricValue": "1" }],
        });
        assert_eq!(template.value()["Resources"][id]["Properties"], wanted, "{id}");
    }
}

/// The filter of finished runs against the line that the keeper writes.
#[tokio::test(flavor = "multi_thread")]
async fn a_finished_run_writes_the_line_that_is_counted() {
    let world = e2e::world::World::start().await;
    let reply = world.invoke("token-keeper", json!({})).await;
    assert!(reply["error"].is_null(), "{reply}");
    let logs = world.function("token-keeper").logs();
    let lines = logs.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let counted = lines.filter(|line| line["message"] == "invocation" && line["outcome"] == "ok");
    assert_eq!(counted.count(), 1, "{logs}");
}
