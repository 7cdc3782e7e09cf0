//! What keeps a flood at one place from being felt at another.

use std::collections::BTreeSet;

use e2e::template::Template;
use serde_json::{Map, Value, json};

/// The functions of each group, and the parameter that reserves for them.
const GROUPS: [(&str, &str, &[&str]); 4] = [
    (
        "BrowserConcurrency",
        "ReservesForBrowsers",
        &["ConnectionsFunction", "FacebookCallbackFunction", "FacebookLoginFunction", "ShopifyCallbackFunction", "ShopifyLoginFunction"],
    ),
    ("WebhookConcurrency", "ReservesForWebhooks", &["FacebookLifecycleFunction", "ShopifyWebhooksFunction"]),
    ("BotConcurrency", "ReservesForBot", &["ConnectionTokensFunction"]),
    ("KeeperConcurrency", "ReservesForKeeper", &["TokenKeeperFunction"]),
];

fn reference(id: &str) -> Value {
    json!({ "Ref": id })
}

/// The settings of the providers' routes for each value of `WebhookRate`.
fn levels(template: &Template) -> Vec<(&'static str, Value)> {
    let (_, stage) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    let [many, few] = ["ManyWebhooks", "FewWebhooks"];
    let (high, others) = (&stage["RouteSettings"]["Fn::If"][1], &stage["RouteSettings"]["Fn::If"][2]);
    assert_eq!((&stage["RouteSettings"]["Fn::If"][0], &others["Fn::If"][0]), (&json!(many), &json!(few)));
    let is = |rate: u64| json!({ "Fn::Equals": [reference("WebhookRate"), rate] });
    let conditions = &template.value()["Conditions"];
    assert_eq!((&conditions[many], &conditions[few]), (&is(1000), &is(50)));
    vec![("1000", high.clone()), ("50", others["Fn::If"][1].clone()), ("200", others["Fn::If"][2].clone())]
}

/// Below `RouteSettings` CloudFormation knows no types, and a parameter's value would arrive as text.
#[test]
fn providers_and_browsers_have_throttles_of_their_own_and_all_are_numbers() {
    let template = Template::load();
    let (id, stage) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    let default = json!({
        "ThrottlingRateLimit": reference("RequestRate"),
        "ThrottlingBurstLimit": reference("RequestBurst"),
        "DetailedMetricsEnabled": false,
    });
    assert_eq!(stage["DefaultRouteSettings"], default);
    let parameters = &template.value()["Parameters"];
    let allowed: Vec<String> = parameters["WebhookRate"]["AllowedValues"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert_eq!(allowed, ["50", "200", "1000"]);
    let routes = ["POST /facebook/data-deletion", "POST /facebook/deauthorize", "POST /shopify/webhooks"];
    for (rate, found) in levels(&template) {
        let burst = template.value()["Mappings"]["WebhookBursts"][rate]["Burst"].as_str().unwrap();
        let [number, most] = [rate, burst].map(|text| text.parse::<u64>().unwrap());
        assert_eq!(most, number * 5 / 2);
        let limits = json!({ "ThrottlingRateLimit": number, "ThrottlingBurstLimit": most });
        let wanted: Map<_, _> = routes.iter().map(|key| ((*key).to_owned(), limits.clone())).collect();
        assert_eq!(found, Value::Object(wanted), "{rate}");
    }
    let default = |name: &str| parameters[name]["Default"].as_u64().unwrap();
    assert_eq!([default("WebhookRate"), default("RequestRate"), default("RequestBurst")], [200, 50, 100]);

    // Made after all routes: CloudFormation would not know what the settings are for, and what comes later is deployed by itself.
    let waits: BTreeSet<&str> =
        template.value()["Resources"][id]["DependsOn"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(waits, template.resources("AWS::ApiGatewayV2::Route").map(|(id, _)| id).collect());
}

/// Commands to copy: a parameter would take a deployment.
#[test]
fn the_outputs_stop_requests_in_seconds_and_let_them_in_again() {
    let template = Template::load();
    let outputs = &template.value()["Outputs"];
    let stage = "aws apigatewayv2 update-stage --region ${AWS::Region} --api-id ${HttpApi} --stage-name '${HttpApiStage}' --default-route-settings ";
    let none = "ThrottlingRateLimit=0,ThrottlingBurstLimit=0";
    assert_eq!(outputs["StopBrowsers"]["Value"]["Fn::Sub"], format!("{stage}{none}"));
    let settings = |command: &Value, default: &str| -> Value {
        let rest = command.as_str().and_then(|text| text.strip_prefix(&format!("{stage}{default} --route-settings '"))).unwrap();
        let numbers = ["${WebhookRate}", "${WebhookBurst}"].iter().fold(rest.to_owned(), |text, name| text.replace(name, "7"));
        serde_json::from_str(numbers.strip_suffix('\'').unwrap()).unwrap()
    };
    let (_, of_providers) = levels(&template).remove(0);
    let all = |limit: u64| -> Value {
        let limits = json!({ "ThrottlingRateLimit": limit, "ThrottlingBurstLimit": limit });
        of_providers.as_object().unwrap().keys().map(|key| (key.clone(), limits.clone())).collect::<Map<_, _>>().into()
    };
    assert_eq!(settings(&outputs["StopRequests"]["Value"]["Fn::Sub"], none), all(0));
    let again = &outputs["LetRequestsIn"]["Value"]["Fn::Sub"];
    assert_eq!(settings(&again[0], "ThrottlingRateLimit=${RequestRate},ThrottlingBurstLimit=${RequestBurst}"), all(7));
    assert_eq!(again[1], json!({ "WebhookBurst": { "Fn::FindInMap": ["WebhookBursts", reference("WebhookRate"), "Burst"] } }));
}

/// Off until somebody sets them.
#[test]
fn what_a_mistake_can_cost_has_an_end_for_whoever_wants_one() {
    let template = Template::load();
    let given = |name: &str| json!({ "Fn::Not": [{ "Fn::Equals": [reference(name), 0] }] });
    for (condition, parameter) in [("HasWriteCeiling", "TableWriteCeiling"), ("HasBudget", "MonthlyBudget")] {
        assert_eq!(template.value()["Conditions"][condition], given(parameter));
        assert_eq!(template.value()["Parameters"][parameter]["Default"], 0);
    }
    let ceiling = json!({ "MaxWriteRequestUnits": reference("TableWriteCeiling") });
    let wanted = json!({ "Fn::If": ["HasWriteCeiling", ceiling, reference("AWS::NoValue")] });
    for (id, table) in template.resources("AWS::DynamoDB::Table") {
        assert_eq!(table["OnDemandThroughput"], wanted, "{id}");
    }
    let budget = &template.value()["Resources"]["Budget"];
    assert_eq!(budget["Condition"], "HasBudget");
    assert_eq!(budget["Properties"]["Budget"]["BudgetLimit"], json!({ "Amount": reference("MonthlyBudget"), "Unit": "USD" }));
    assert_eq!(budget["Properties"]["Budget"]["BudgetName"]["Fn::Sub"], "${AWS::StackName}-${AWS::Region}");
    let listener = json!({ "Fn::If": [
        "HasBudgetMail",
        { "SubscriptionType": "EMAIL", "Address": reference("BudgetMail") },
        { "SubscriptionType": "SNS", "Address": reference("AlarmTopicArn") },
    ] });
    let notifications = budget["Properties"]["NotificationsWithSubscribers"].as_array().unwrap();
    assert!(notifications.iter().all(|one| one["Subscribers"] == json!([listener])));
    let rule = &template.value()["Rules"]["BudgetNeedsListener"];
    let named = |name: &str| json!({ "Fn::Not": [{ "Fn::Equals": [reference(name), ""] }] });
    assert_eq!(rule["RuleCondition"], given("MonthlyBudget"));
    assert_eq!(rule["Assertions"][0]["Assert"], json!({ "Fn::Or": [named("BudgetMail"), named("AlarmTopicArn")] }));
}

#[test]
fn concurrency_is_reserved_by_group_and_off_until_somebody_asks_for_it() {
    let template = Template::load();
    let mut all = BTreeSet::new();
    for (parameter, condition, functions) in GROUPS {
        let wanted = json!({ "Fn::Not": [{ "Fn::Equals": [reference(parameter), 0] }] });
        assert_eq!(template.value()["Conditions"][condition], wanted);
        assert_eq!(template.value()["Parameters"][parameter]["Default"], 0);
        for id in functions {
            let reserved = &template.value()["Resources"][id]["Properties"]["ReservedConcurrentExecutions"];
            assert_eq!(*reserved, json!({ "Fn::If": [condition, reference(parameter), reference("AWS::NoValue")] }), "{id}");
            all.insert(*id);
        }
    }
    assert_eq!(all, template.resources("AWS::Serverless::Function").map(|(id, _)| id).collect());
}

/// Its own address answers only where nothing else could: whoever stands in front can't be walked around.
#[test]
fn the_api_answers_under_one_name() {
    let template = Template::load();
    let resources = &template.value()["Resources"];
    assert_eq!(resources["HttpApi"]["Properties"]["DisableExecuteApiEndpoint"], json!({ "Fn::If": ["HasCertificate", true, false] }));
    let conditions = ["HttpApiDomain", "HttpApiDomainMapping", "HttpApiDomainRecord"].map(|id| resources[id]["Condition"].clone());
    assert_eq!(conditions, ["HasCertificate", "HasCertificate", "HasHostedZone"]);
    let domain = &resources["HttpApiDomain"]["Properties"];
    assert_eq!(domain["DomainName"], json!({ "Fn::If": ["HasOriginHost", reference("OriginHost"), reference("PublicHost")] }));
    let truststore = json!({ "TruststoreUri": reference("OriginTruststore") });
    assert_eq!(domain["MutualTlsAuthentication"], json!({ "Fn::If": ["HasOriginTruststore", truststore, reference("AWS::NoValue")] }));
    let of = |name: &str| json!({ "Fn::GetAtt": ["HttpApiDomain", name] });
    let record = json!({
        "HostedZoneId": reference("HostedZoneId"),
        "Name": reference("HttpApiDomain"),
        "Type": "A",
        "AliasTarget": { "DNSName": of("RegionalDomainName"), "HostedZoneId": of("RegionalHostedZoneId") },
    });
    assert_eq!(resources["HttpApiDomainRecord"]["Properties"], record);
    // Each needs the one before: otherwise the record would lead nowhere.
    let given = |name: &str| json!({ "Fn::Not": [{ "Fn::Equals": [reference(name), ""] }] });
    for (rule, needs, needed) in [
        ("CertificateNeedsHost", "CertificateArn", "PublicHost"),
        ("HostedZoneNeedsCertificate", "HostedZoneId", "CertificateArn"),
        ("OriginHostNeedsCertificate", "OriginHost", "CertificateArn"),
        ("OriginTruststoreNeedsOriginHost", "OriginTruststore", "OriginHost"),
    ] {
        let rule = &template.value()["Rules"][rule];
        assert_eq!(rule["RuleCondition"], given(needs));
        assert_eq!(rule["Assertions"][0]["Assert"], given(needed));
        for name in [needs, needed] {
            assert_eq!(template.value()["Parameters"][name]["Default"], "", "{name}");
        }
    }
    // Browsers and providers know the public name in any case.
    let environments = serde_json::to_string(&template.environments()).unwrap();
    assert!(environments.contains("PublicHost") && !environments.contains("OriginHost"));
}
