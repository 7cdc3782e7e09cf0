//! What keeps a flood at one place from being felt at another.

use std::collections::BTreeSet;

use e2e::template::Template;
use serde_json::{Value, json};

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

#[test]
fn providers_and_browsers_have_throttles_of_their_own() {
    let template = Template::load();
    let (_, stage) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    let limits = |rate: &str, burst: &str| json!({ "ThrottlingRateLimit": reference(rate), "ThrottlingBurstLimit": reference(burst), "DetailedMetricsEnabled": true });
    assert_eq!(stage["DefaultRouteSettings"], limits("RequestRate", "RequestBurst"));
    let routes = ["POST /facebook/data-deletion", "POST /facebook/deauthorize", "POST /shopify/webhooks"];
    let wanted: Value =
        routes.iter().map(|key| ((*key).to_owned(), limits("WebhookRate", "WebhookBurst"))).collect::<serde_json::Map<_, _>>().into();
    assert_eq!(stage["RouteSettings"], wanted);

    // The stage is made after those routes, or CloudFormation does not know what the settings are for.
    let keys: BTreeSet<(String, String)> = template
        .resources("AWS::ApiGatewayV2::Route")
        .map(|(id, route)| (route["RouteKey"].as_str().unwrap().to_owned(), id.to_owned()))
        .collect();
    let needed: BTreeSet<&str> = keys.iter().filter(|(key, _)| routes.contains(&key.as_str())).map(|(_, id)| id.as_str()).collect();
    let (id, _) = template.resources("AWS::ApiGatewayV2::Stage").next().unwrap();
    let waits: BTreeSet<&str> =
        template.value()["Resources"][id]["DependsOn"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!((waits.len(), waits), (routes.len(), needed));

    let default = |name: &str| template.value()["Parameters"][name]["Default"].as_u64().unwrap();
    assert!(default("WebhookRate") > default("RequestRate") && default("WebhookBurst") > default("RequestBurst"));
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

#[test]
fn the_api_answers_under_one_name() {
    let template = Template::load();
    let resources = &template.value()["Resources"];
    assert_eq!(resources["HttpApi"]["Properties"]["DisableExecuteApiEndpoint"], json!({ "Fn::If": ["HasCertificate", true, false] }));
    let conditions = ["HttpApiDomain", "HttpApiDomainMapping", "HttpApiDomainRecord"].map(|id| resources[id]["Condition"].clone());
    assert_eq!(conditions, ["HasCertificate", "HasCertificate", "HasHostedZone"]);
    assert_eq!(resources["HttpApiDomain"]["Properties"]["DomainName"], reference("PublicHost"));
    let of = |name: &str| json!({ "Fn::GetAtt": ["HttpApiDomain", name] });
    let record = json!({
        "HostedZoneId": reference("HostedZoneId"),
        "Name": reference("PublicHost"),
        "Type": "A",
        "AliasTarget": { "DNSName": of("RegionalDomainName"), "HostedZoneId": of("RegionalHostedZoneId") },
    });
    assert_eq!(resources["HttpApiDomainRecord"]["Properties"], record);
    // Each needs the one before: otherwise the record would lead nowhere.
    let given = |name: &str| json!({ "Fn::Not": [{ "Fn::Equals": [reference(name), ""] }] });
    for (rule, needs, needed) in
        [("CertificateNeedsHost", "CertificateArn", "PublicHost"), ("HostedZoneNeedsCertificate", "HostedZoneId", "CertificateArn")]
    {
        let rule = &template.value()["Rules"][rule];
        assert_eq!(rule["RuleCondition"], given(needs));
        assert_eq!(rule["Assertions"][0]["Assert"], given(needed));
        for name in [needs, needed] {
            assert_eq!(template.value()["Parameters"][name]["Default"], "", "{name}");
        }
    }
}
