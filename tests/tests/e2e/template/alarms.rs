//! The alarms, what they count, and where they send whoever is woken.

use crate::template::documents::anchors;
use std::collections::BTreeSet;

use e2e::template::{Template, project_dir};
use serde_json::{Map, Value, json};

/// The logical ids of the functions that browsers reach, with their names.
const OF_BROWSERS: [(&str, &str); 7] = [
    ("ShopifyLoginFunction", "shopify-login"),
    ("ShopifyCallbackFunction", "shopify-callback"),
    ("FacebookLoginFunction", "facebook-login"),
    ("FacebookCallbackFunction", "facebook-callback"),
    ("WhatsAppLoginFunction", "whatsapp-login"),
    ("WhatsAppCallbackFunction", "whatsapp-callback"),
    ("ConnectionsFunction", "connections"),
];

/// Those of the functions that providers, the bot and the schedule call.
const OF_SERVICES: [(&str, &str); 5] = [
    ("ShopifyWebhooksFunction", "shopify-webhooks"),
    ("FacebookLifecycleFunction", "facebook-lifecycle"),
    ("ConnectionTokensFunction", "connection-tokens"),
    ("TokenKeeperFunction", "token-keeper"),
    ("MetaWebhooksFunction", "meta-webhooks"),
];

fn stack() -> Value {
    json!({ "Ref": "AWS::StackName" })
}

fn with(mut alarm: Value, more: &Value) -> Value {
    alarm.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    alarm
}

/// What every alarm says besides what it watches and its description.
fn alarm(rule: &Value) -> Value {
    let topic = json!({ "Fn::If": ["HasAlarmTopic", [{ "Ref": "AlarmTopicArn" }], { "Ref": "AWS::NoValue" }] });
    let usual = json!({
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "notBreaching",
        "AlarmActions": topic,
        "OKActions": topic,
    });
    with(usual, rule)
}

fn dimensions(given: &[(&str, Value)]) -> Value {
    given.iter().map(|(name, value)| json!({ "Name": name, "Value": value })).collect()
}

/// An alarm on one metric.
fn plain(namespace: &Value, metric: &str, of: &[(&str, Value)], rule: &Value) -> Value {
    let mut watched = json!({ "Namespace": namespace, "MetricName": metric, "Statistic": "Sum", "Period": 300 });
    if !of.is_empty() {
        watched["Dimensions"] = dimensions(of);
    }
    with(with(alarm(&json!({})), &watched), rule)
}

/// A metric that an alarm calculates with.
fn part(id: &str, (stat, period): (&str, u32), namespace: &Value, metric: &str, of: &[(&str, Value)]) -> Value {
    let mut watched = json!({ "Namespace": namespace, "MetricName": metric });
    if !of.is_empty() {
        watched["Dimensions"] = dimensions(of);
    }
    json!({ "Id": id.replace('-', "_"), "ReturnData": false, "MetricStat": { "Stat": stat, "Period": period, "Metric": watched } })
}

/// What an alarm knows only where there is something to know: with the resource's condition.
fn known(id: &str, part: Value) -> Value {
    match Template::load().value()["Resources"][id]["Condition"].as_str() {
        Some(condition) => only_with(condition, part),
        None => part,
    }
}

fn only_with(condition: &str, part: Value) -> Value {
    json!({ "Fn::If": [condition, part, { "Ref": "AWS::NoValue" }] })
}

/// An alarm that calculates.
fn calculated(expression: &str, label: &str, parts: Vec<Value>, rule: &Value) -> Value {
    let result = json!({ "Id": "result", "Label": label, "Expression": expression });
    let metrics: Vec<Value> = [result].into_iter().chain(parts).collect();
    assert!(metrics.len() <= 11, "an alarm takes ten metrics");
    with(alarm(rule), &json!({ "Metrics": metrics }))
}

/// Crashes of these functions, by way of the alias: during an update those of the new version count among them.
fn crashes(of: &[(&str, &str)]) -> Value {
    let part = |(id, name): &(&str, &str)| {
        let alias = json!({ "Fn::Sub": format!("${{{id}}}:live") });
        let of = [("FunctionName", json!({ "Ref": id })), ("Resource", alias)];
        known(id, part(name, ("Sum", 60), &json!("AWS/Lambda"), "Errors", &of))
    };
    calculated("SUM(METRICS())", "crashes", of.iter().map(part).collect(), &json!({}))
}

fn throttles(of: &[(&str, &str)]) -> Value {
    let part = |(id, name): &(&str, &str)| {
        let of = [("FunctionName", json!({ "Ref": id }))];
        known(id, part(name, ("Sum", 300), &json!("AWS/Lambda"), "Throttles", &of))
    };
    calculated("SUM(METRICS())", "throttles", of.iter().map(part).collect(), &json!({}))
}

fn outage(provider: &str) -> Value {
    // Both are counts: of latencies a line has a hundred at most.
    let of = |id: &str, metric: &str| part(id, ("Sum", 300), &stack(), &format!("{provider}{metric}"), &[]);
    let parts = vec![of("calls", "Calls"), of("errors", "Errors")];
    calculated("IF(calls >= 5, errors / calls, 0)", "share", parts, &json!({ "EvaluationPeriods": 2, "Threshold": 0.5 }))
}

fn table_throttles() -> Value {
    let table = |name: &str| ("TableName", json!({ "Ref": name }));
    let mut parts = Vec::new();
    for kind in ["Read", "Write"] {
        let metric = format!("{kind}ThrottleEvents");
        let mut of = |id: &str, of: &[(&str, Value)]| {
            let id = format!("{id}_{}", kind.to_lowercase());
            parts.push(part(&id, ("Sum", 300), &json!("AWS/DynamoDB"), &metric, of));
        };
        of("sessions", &[table("SessionsTable")]);
        of("connections", &[table("ConnectionsTable")]);
        for index in ["by_due", "by_person"] {
            of(index, &[table("ConnectionsTable"), ("GlobalSecondaryIndexName", json!(index))]);
        }
    }
    calculated("SUM(FILL(METRICS(), 0))", "throttles", parts, &json!({ "EvaluationPeriods": 2 }))
}

fn expected() -> Vec<(&'static str, &'static str, Value)> {
    let reference = |id: &str| json!({ "Ref": id });
    // Without a dimension: of all functions. One merchant alone can neither ring it nor take an update back.
    let faults = |period| {
        vec![part("faults", ("Sum", period), &stack(), "Faults", &[]), part("events", ("SampleCount", period), &stack(), "Faults", &[])]
    };
    let many = "IF((faults >= 10 AND faults / events >= 0.05) OR faults >= 100, 1, 0)";
    let [shopify, facebook, whatsapp] = ["Shopify", "Facebook", "WhatsApp"]
        .map(|provider| part(&provider.to_lowercase(), ("Sum", 900), &stack(), &format!("{provider}RefreshFailed"), &[]));
    let refreshes = vec![shopify, facebook, only_with("HasWhatsApp", whatsapp)];
    let started = |provider: &str| {
        let of = [("function", json!(format!("{provider}-login")))];
        part(&format!("started_at_{provider}"), ("Sum", 21_600), &stack(), "LinksStarted", &of)
    };
    let starts = vec![
        part("without", ("Sum", 21_600), &stack(), "StartsWithoutFetchMetadata", &[]),
        started("facebook"),
        only_with("HasWhatsApp", started("whatsapp")),
    ];
    let often = json!({ "EvaluationPeriods": 5, "DatapointsToAlarm": 2, "Threshold": 0.05 });
    let api = [("ApiId", reference("HttpApi")), ("Stage", reference("HttpApiStage"))];
    let pipe = |id: &str| {
        plain(&json!("AWS/EventBridge/Pipes"), "ExecutionFailed", &[("PipeName", reference(id))], &json!({ "EvaluationPeriods": 3 }))
    };
    let own = |metric: &str, rule: &Value| plain(&stack(), metric, &[], rule);
    let queue = |id: &str, metric: &str, rule: &Value| {
        let of = [("QueueName", json!({ "Fn::GetAtt": [id, "QueueName"] }))];
        plain(&json!("AWS/SQS"), metric, &of, &with(json!({ "Statistic": "Maximum" }), rule))
    };
    // As the metrics of a bus of our own have it, by the name that the rule was given.
    let rule = [("EventBusName", reference("MessageBus")), ("RuleName", json!("messages"))];
    let silent = json!({ "Period": 1800, "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "breaching" });
    vec![
        ("BrowserCrashesAlarm", "crashes", crashes(&OF_BROWSERS)),
        ("ServiceCrashesAlarm", "crashes", crashes(&OF_SERVICES)),
        ("FaultsAlarm", "faults", calculated(many, "many", faults(60), &json!({ "EvaluationPeriods": 5, "DatapointsToAlarm": 2 }))),
        (
            "MostlyFaultsAlarm",
            "faults",
            calculated("IF(faults >= 5, faults / events, 0)", "share", faults(900), &json!({ "Threshold": 0.5 })),
        ),
        (
            "ApiErrorsAlarm",
            "api-errors",
            plain(&json!("AWS/ApiGateway"), "5xx", &api, &with(often, &json!({ "Statistic": "Average", "Period": 60 }))),
        ),
        ("BrowserThrottlesAlarm", "lambda-throttles", throttles(&OF_BROWSERS)),
        ("ServiceThrottlesAlarm", "lambda-throttles", throttles(&OF_SERVICES)),
        ("TableThrottlesAlarm", "table-throttles", table_throttles()),
        ("WebhooksTurnedAwayAlarm", "webhooks-turned-away", own("WebhooksTurnedAway", &json!({}))),
        ("BrowsersTurnedAwayAlarm", "browsers-turned-away", own("BrowsersTurnedAway", &json!({ "Threshold": 50 }))),
        ("ShopifyOutageAlarm", "provider-outage", outage("Shopify")),
        ("FacebookOutageAlarm", "provider-outage", outage("Facebook")),
        ("WhatsAppOutageAlarm", "provider-outage", outage("WhatsApp")),
        (
            "RefreshFailuresAlarm",
            "refresh-failures",
            calculated("SUM(METRICS())", "failures", refreshes, &json!({ "EvaluationPeriods": 2, "Threshold": 10 })),
        ),
        ("TokenKeeperSilentAlarm", "keeper-silent", own("KeeperRuns", &silent)),
        (
            "TokenKeeperBehindAlarm",
            "keeper-behind",
            // How much is left says little: a run sees the beginning of what is due. And of runs side by side one may be
            // behind.
            own("KeeperLag", &json!({ "Statistic": "Maximum", "Period": 600, "EvaluationPeriods": 3, "Threshold": 3600 })),
        ),
        ("TooManyDeadAlarm", "too-many-dead", own("TooManyDead", &json!({}))),
        ("CredentialsRefusedAlarm", "credentials-refused", own("CredentialsRefused", &json!({}))),
        ("RefusedSignaturesAlarm", "refused-signatures", own("RefusedSignatures", &json!({ "Period": 3600, "Threshold": 50 }))),
        (
            "StartsWithoutFetchMetadataAlarm",
            "starts-without-fetch-metadata",
            calculated(r#"IF(without >= 10, without / SUM(METRICS("started")), 0)"#, "share", starts, &json!({ "Threshold": 0.5 })),
        ),
        ("EventPipeAlarm", "events-stuck", pipe("EventPipe")),
        ("EventWithReasonPipeAlarm", "events-stuck", pipe("EventWithReasonPipe")),
        ("EventsLostAlarm", "events-lost", queue("EventPipeFailures", "ApproximateNumberOfMessagesVisible", &json!({}))),
        ("MessagesTurnedAwayAlarm", "messages-turned-away", own("MessagesTurnedAway", &json!({}))),
        ("MessagesLostAlarm", "messages-lost", own("MessagesLost", &json!({}))),
        ("MessagesWaitingAlarm", "messages-waiting", queue("MessagesQueue", "ApproximateAgeOfOldestMessage", &json!({ "Threshold": 900 }))),
        ("MessagesDeadAlarm", "messages-given-up", queue("MessagesDeadLetters", "ApproximateNumberOfMessagesVisible", &json!({}))),
        ("MessageRuleAlarm", "messages-not-delivered", plain(&json!("AWS/Events"), "FailedInvocations", &rule, &json!({}))),
    ]
}

#[test]
fn the_alarms_are_these_and_each_has_its_page_in_the_runbook() {
    let template = Template::load();
    let runbook = anchors(&std::fs::read_to_string(project_dir().join("docs/operations.md")).unwrap());
    let expected = expected();
    let ids: BTreeSet<&str> = template.resources("AWS::CloudWatch::Alarm").map(|(id, _)| id).collect();
    assert_eq!(ids, expected.iter().map(|(id, ..)| *id).collect());
    for (id, page, expected) in expected {
        let mut found = template.value()["Resources"][id]["Properties"].clone();
        let description = found.as_object_mut().and_then(|alarm: &mut Map<String, Value>| alarm.remove("AlarmDescription")).unwrap();
        let (_, anchor) =
            description.as_str().unwrap().split_once("; docs/operations.md#").unwrap_or_else(|| panic!("{id}: {description}"));
        assert_eq!(anchor, format!("alarm-{page}"), "{id}");
        assert!(runbook.contains(anchor), "{id}: docs/operations.md has no heading {anchor}");
        assert_eq!(found, expected, "{id}");
    }
    assert_eq!(template.value()["Parameters"]["AlarmTopicArn"]["Default"], "");
}

#[test]
fn the_alarms_know_every_function_once_and_have_room_for_more() {
    let template = Template::load();
    let known = || OF_BROWSERS.iter().chain(&OF_SERVICES);
    let ids: BTreeSet<&str> = template.resources("AWS::Serverless::Function").map(|(id, _)| id).collect();
    assert_eq!((known().count(), known().map(|(id, _)| *id).collect()), (ids.len(), ids));
    let names: BTreeSet<String> = template.environments().into_keys().collect();
    assert_eq!(names, known().map(|(_, name)| (*name).to_owned()).collect());
    // An alarm takes ten metrics, and another provider brings two functions.
    assert!(OF_BROWSERS.len() <= 8 && OF_SERVICES.len() <= 8);
}

#[test]
fn what_the_api_turned_away_itself_is_counted() {
    let of_webhooks = r#"($.routeKey = "POST /shopify/webhooks" || $.routeKey = "POST /facebook/*")"#;
    let of_browsers = r#"($.httpMethod = "GET" || $.routeKey = "POST /connections/*")"#;
    let of_messages = r#"$.routeKey = "POST /meta/webhooks""#;
    let expected = [("WebhooksTurnedAway", of_webhooks), ("MessagesTurnedAway", of_messages), ("BrowsersTurnedAway", of_browsers)];
    let template = Template::load();
    assert_eq!(template.resources("AWS::Logs::MetricFilter").count(), expected.len());
    for (id, routes) in expected {
        let wanted = json!({
            "LogGroupName": { "Ref": "HttpApiLogGroup" },
            "FilterPattern": format!(r#"{{ $.status = "429" && $.lambdaStatus = "-" && {routes} }}"#),
            "MetricTransformations": [{ "MetricNamespace": stack(), "MetricName": id, "MetricValue": "1" }],
        });
        assert_eq!(template.value()["Resources"][id]["Properties"], wanted, "{id}");
    }
    // Every route is of one of the three, and the access log has what the patterns ask for.
    for route in template.routes() {
        let of_a_provider = route.method == "POST" && !route.pattern.starts_with("/connections/");
        let listed = ["/shopify/webhooks", "/meta/webhooks"].contains(&route.pattern.as_str()) || route.pattern.starts_with("/facebook/");
        assert!(!of_a_provider || listed, "{route:?}");
    }
    let (_, stage) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    let line: Value = serde_json::from_str(stage["AccessLogSettings"]["Format"].as_str().unwrap()).unwrap();
    for field in ["status", "routeKey", "httpMethod"] {
        assert!(line[field].is_string(), "{field}");
    }
    // The function's own, and what Lambda says when it does not start one: 429 and 403 are Lambda's.
    let statuses = [&line["integrationStatus"], &line["lambdaStatus"]];
    assert_eq!(statuses, ["$context.integration.status", "$context.integration.integrationStatus"]);
}
