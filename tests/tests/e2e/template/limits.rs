//! What keeps a flood at one place from being felt at another.

use std::collections::BTreeSet;

use e2e::template::Template;
use serde_json::{Map, Value, json};

use crate::template::conditions::references;

/// The functions of each group, and the parameter that reserves for them.
const GROUPS: [(&str, &str, &[&str]); 5] = [
    (
        "BrowserConcurrency",
        "ReservesForBrowsers",
        &[
            "ConnectionsFunction",
            "FacebookCallbackFunction",
            "FacebookLoginFunction",
            "ShopifyCallbackFunction",
            "ShopifyLoginFunction",
            "WhatsAppCallbackFunction",
            "WhatsAppLoginFunction",
        ],
    ),
    ("WebhookConcurrency", "ReservesForWebhooks", &["FacebookLifecycleFunction", "ShopifyWebhooksFunction"]),
    ("MessageConcurrency", "ReservesForMessages", &["MetaWebhooksFunction"]),
    ("BotConcurrency", "ReservesForBot", &["ConnectionTokensFunction"]),
    ("KeeperConcurrency", "ReservesForKeeper", &["TokenKeeperFunction"]),
];

fn reference(id: &str) -> Value {
    json!({ "Ref": id })
}

/// The routes of providers, and the parameter that limits each. What has no limit of its own has that of the browsers' routes.
const RATES: [(&str, &str); 4] = [
    ("POST /facebook/data-deletion", "WebhookRate"),
    ("POST /facebook/deauthorize", "WebhookRate"),
    ("POST /meta/webhooks", "MessageRate"),
    ("POST /shopify/webhooks", "WebhookRate"),
];

/// The limits that a route has for each value of its parameter.
fn levels(template: &Template, settings: &Value, rate: &str) -> Vec<(&'static str, Value)> {
    let [many, few] = if rate == "MessageRate" { ["ManyMessages", "FewMessages"] } else { ["ManyWebhooks", "FewWebhooks"] };
    let (high, others) = (&settings["Fn::If"][1], &settings["Fn::If"][2]);
    assert_eq!((&settings["Fn::If"][0], &others["Fn::If"][0]), (&json!(many), &json!(few)));
    let is = |value: u64| json!({ "Fn::Equals": [reference(rate), value] });
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
    let settings = stage["RouteSettings"].as_object().unwrap();
    assert_eq!(settings.keys().map(String::as_str).collect::<BTreeSet<_>>(), RATES.map(|(route, _)| route).into());
    for (route, rate) in RATES {
        let allowed: Vec<String> = parameters[rate]["AllowedValues"].as_array().unwrap().iter().map(Value::to_string).collect();
        assert_eq!(allowed, ["50", "200", "1000"], "{rate}");
        let mut found = &settings[route];
        if rate == "MessageRate" {
            // A stage can't have settings for a route that is not there.
            assert_eq!((&found["Fn::If"][0], &found["Fn::If"][2]), (&json!("HasMetaWebhooks"), &reference("AWS::NoValue")));
            found = &found["Fn::If"][1];
        }
        for (value, found) in levels(&template, found, rate) {
            let burst = template.value()["Mappings"]["WebhookBursts"][value]["Burst"].as_str().unwrap();
            let [number, most] = [value, burst].map(|text| text.parse::<u64>().unwrap());
            assert_eq!(most, number * 5 / 2);
            assert_eq!(found, json!({ "ThrottlingRateLimit": number, "ThrottlingBurstLimit": most }), "{route} {value}");
        }
    }
    let default = |name: &str| parameters[name]["Default"].as_u64().unwrap();
    assert_eq!([default("WebhookRate"), default("MessageRate"), default("RequestRate"), default("RequestBurst")], [200, 200, 50, 100]);

    // Made after all routes: CloudFormation would not know what the settings are for, and what comes later is deployed by itself.
    let (routes, resources) = (template.resources("AWS::ApiGatewayV2::Route").map(|(id, _)| id), &template.value()["Resources"]);
    let (sometimes, always): (BTreeSet<&str>, BTreeSet<&str>) = routes.partition(|route| !resources[*route]["Condition"].is_null());
    let waits: BTreeSet<&str> = resources[id]["DependsOn"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(waits, always);
    let mut named = BTreeSet::new();
    for part in stage["Description"]["Fn::Join"][1].as_array().unwrap().iter().filter(|part| !part.is_string()) {
        let (either, mut routes) = (&part["Fn::If"], BTreeSet::new());
        references(&either[1], &mut routes);
        assert!(routes.iter().all(|route| resources[route]["Condition"] == either[0]) && either[2] == "", "{either}");
        named.extend(routes);
    }
    assert_eq!(named, sometimes.into_iter().map(str::to_owned).collect());
}

/// Commands to copy: a parameter would take a deployment.
#[test]
fn the_outputs_stop_requests_in_seconds_and_let_them_in_again() {
    let template = Template::load();
    let outputs = &template.value()["Outputs"];
    let stage = "aws apigatewayv2 update-stage --region ${AWS::Region} --api-id ${HttpApi} --stage-name '${HttpApiStage}' --default-route-settings ";
    let none = "ThrottlingRateLimit=0,ThrottlingBurstLimit=0";
    assert_eq!(outputs["StopBrowsers"]["Value"]["Fn::Sub"], format!("{stage}{none}"));
    let settings = |command: &Value, default: &str, messages: &str| -> Value {
        let text = command.as_str().unwrap().replace("${Messages}", messages);
        let rest = text.strip_prefix(&format!("{stage}{default} --route-settings '")).unwrap();
        let names = ["${WebhookRate}", "${WebhookBurst}", "${MessageRate}", "${MessageBurst}"];
        let numbers = names.iter().fold(rest.to_owned(), |text, name| text.replace(name, "7"));
        serde_json::from_str(numbers.strip_suffix('\'').unwrap()).unwrap()
    };
    // With the route of messages where there is one, and without it where not: no stage takes a limit for nothing.
    let messages = |output: &str| {
        let either = &outputs[output]["Value"]["Fn::Sub"][1]["Messages"]["Fn::If"];
        assert_eq!((&either[0], &either[2]), (&json!("HasMetaWebhooks"), &json!("")), "{output}");
        either[1].clone()
    };
    let all = |limit: u64, messages: bool| -> Value {
        let limits = json!({ "ThrottlingRateLimit": limit, "ThrottlingBurstLimit": limit });
        let routes = RATES.iter().filter(|(_, rate)| messages || *rate != "MessageRate");
        routes.map(|(route, _)| ((*route).to_owned(), limits.clone())).collect::<Map<_, _>>().into()
    };
    let (stop, more) = (&outputs["StopRequests"]["Value"]["Fn::Sub"][0], messages("StopRequests"));
    assert_eq!(settings(stop, none, ""), all(0, false));
    assert_eq!(settings(stop, none, more.as_str().unwrap()), all(0, true));
    let (again, more) = (&outputs["LetRequestsIn"]["Value"]["Fn::Sub"], messages("LetRequestsIn"));
    let default = "ThrottlingRateLimit=${RequestRate},ThrottlingBurstLimit=${RequestBurst}";
    assert_eq!(settings(&again[0], default, ""), all(7, false));
    assert_eq!(settings(&again[0], default, more["Fn::Sub"][0].as_str().unwrap()), all(7, true));
    let burst = |rate: &str| json!({ "Fn::FindInMap": ["WebhookBursts", reference(rate), "Burst"] });
    assert_eq!((&again[1]["WebhookBurst"], &more["Fn::Sub"][1]), (&burst("WebhookRate"), &json!({ "MessageBurst": burst("MessageRate") })));
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
