//! The functions without a route: who may invoke them, and when.

use e2e::template::Template;
use serde_json::{Value, json};

pub(super) const FUNCTIONS: [&str; 2] = ["connection-tokens", "token-keeper"];

/// The schedules of so many runs side by side.
fn schedules(runs: u64) -> Vec<String> {
    (1..=runs).map(|run| if run == 1 { "TokenKeeperSchedule".to_owned() } else { format!("TokenKeeperSchedule{run}") }).collect()
}

/// The most runs side by side.
const MOST_RUNS: u64 = 16;

/// The logical ids of the same functions.
const IDS: [&str; 2] = ["ConnectionTokensFunction", "TokenKeeperFunction"];

fn properties<'a>(template: &'a Template, id: &str) -> &'a Value {
    &template.value()["Resources"][id]["Properties"]
}

/// Demands that `user` has a role of this service, which is allowed just this, by a policy that is made after the role and
/// before `user`: by then IAM knows both.
#[track_caller]
pub(super) fn assert_role(template: &Template, user: &str, (role, policy): (&str, &str), service: &str, statements: &Value) {
    let trusted = json!({
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": service },
                "Action": "sts:AssumeRole",
                "Condition": { "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } },
            }],
        },
    });
    assert_eq!(*properties(template, role), trusted, "{role}");
    let mut allowed = properties(template, policy).clone();
    assert!(allowed.as_object_mut().unwrap().remove("PolicyName").is_some(), "{policy}");
    let wanted = json!({
        "Roles": [{ "Ref": role }],
        "PolicyDocument": { "Version": "2012-10-17", "Statement": statements },
    });
    assert_eq!(allowed, wanted, "{policy}");
    assert_eq!(template.value()["Resources"][user]["DependsOn"], policy, "{user} races its role");
}

#[test]
fn the_invoked_functions_have_no_route_and_nobody_else_may_invoke_them() {
    let template = Template::load();
    assert!(template.routes().iter().all(|route| !FUNCTIONS.contains(&route.function.as_str())));
    for kind in ["AWS::ApiGatewayV2::Integration", "AWS::Lambda::Permission", "AWS::Lambda::Url"] {
        for (id, resource) in template.resources(kind) {
            for function in IDS {
                assert!(!resource.to_string().contains(function), "{id} leads to {function}");
            }
        }
    }
    for function in IDS {
        for way in ["Events", "FunctionUrlConfig"] {
            assert!(properties(&template, function)[way].is_null(), "{function} has {way}");
        }
    }
}

#[test]
fn the_bots_policy_lets_it_ask_for_tokens_take_messages_and_nothing_else() {
    let template = Template::load();
    let (id, policy) = ("BotPolicy", properties(&template, "BotPolicy"));
    let allowing = template.resources("AWS::IAM::ManagedPolicy").filter(|(_, policy)| policy.to_string().contains("\"Allow\""));
    assert_eq!(allowing.map(|(id, _)| id).collect::<Vec<_>>(), [id]);
    let function = json!({ "Ref": "ConnectionTokensFunction.Alias" });
    let statement = json!({ "Sid": "ConnectionTokens", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": function });
    let actions =
        ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map(|action| format!("sqs:{action}"));
    let queue = json!({ "Fn::GetAtt": ["MessagesQueue", "Arn"] });
    let messages = json!({ "Sid": "Messages", "Effect": "Allow", "Action": actions, "Resource": queue });
    let messages = json!({ "Fn::If": ["HasMessageQueue", messages, { "Ref": "AWS::NoValue" }] });
    assert_eq!(policy["PolicyDocument"], json!({ "Version": "2012-10-17", "Statement": [statement, messages] }));
    assert!(policy["Roles"].is_null() && policy["Users"].is_null() && policy["Groups"].is_null());
    let outputs = &template.value()["Outputs"];
    assert_eq!(outputs["BotPolicyArn"]["Value"], json!({ "Ref": id }));
    assert_eq!(outputs["ConnectionTokensFunction"]["Value"], json!({ "Fn::Sub": "${ConnectionTokensFunction}:live" }));
    assert_eq!(outputs["ConnectionTokensFunctionArn"]["Value"], function);
}

#[test]
fn the_keeper_runs_every_five_minutes_and_no_run_is_repeated() {
    let template = Template::load();
    let keeper = json!({ "Ref": "TokenKeeperFunction.Alias" });
    for (number, id) in schedules(MOST_RUNS).iter().enumerate() {
        let mut schedule = properties(&template, id).clone();
        schedule.as_object_mut().unwrap().remove("Description");
        let expected = json!({
            "ScheduleExpression": "rate(5 minutes)",
            "FlexibleTimeWindow": { "Mode": "OFF" },
            "Target": {
                "Arn": keeper,
                "RoleArn": { "Fn::GetAtt": ["TokenKeeperScheduleRole", "Arn"] },
                "Input": { "Fn::FindInMap": ["KeeperParts", { "Ref": "KeeperRuns" }, format!("Run{}", number + 1)] },
                "RetryPolicy": { "MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60 },
            },
        });
        assert_eq!(schedule, expected);
        assert_eq!(template.value()["Resources"][id]["DependsOn"], "TokenKeeperSchedulePolicy");
    }
    let invoke = json!([{ "Sid": "TokenKeeper", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": keeper }]);
    let role = ("TokenKeeperScheduleRole", "TokenKeeperSchedulePolicy");
    assert_role(&template, "TokenKeeperSchedule", role, "scheduler.amazonaws.com", &invoke);
    let repeated = &properties(&template, "TokenKeeperFunction")["EventInvokeConfig"];
    assert_eq!(*repeated, json!({ "MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 0 }));
    assert_eq!(template.timeout("token-keeper").as_secs(), 300);
    assert!(template.timeout("connection-tokens").as_secs() < 60, "a bot's SDK waits for a minute");
}

/// Whether an expression of the template holds with these parameters.
fn holds(template: &Template, expression: &Value, parameters: &[(&str, u64)]) -> bool {
    let value = |of: &Value| match of.as_object() {
        Some(reference) => parameters.iter().find(|(name, _)| reference["Ref"] == *name).expect("a known parameter").1.to_string(),
        None => of.as_str().map_or_else(|| of.to_string(), str::to_owned),
    };
    let (name, of) = expression.as_object().unwrap().iter().next().unwrap();
    match name.as_str() {
        "Condition" => holds(template, &template.value()["Conditions"][of.as_str().unwrap()], parameters),
        "Fn::Not" => !holds(template, &of[0], parameters),
        "Fn::And" => of.as_array().unwrap().iter().all(|one| holds(template, one, parameters)),
        "Fn::Or" => of.as_array().unwrap().iter().any(|one| holds(template, one, parameters)),
        "Fn::Equals" => value(&of[0]) == value(&of[1]),
        "Fn::Contains" => of[0].as_array().unwrap().iter().any(|one| value(one) == value(&of[1])),
        _ => panic!("{name} is not known here"),
    }
}

/// What `KeeperRuns` may be.
fn allowed_runs(template: &Template) -> Vec<u64> {
    let allowed = template.value()["Parameters"]["KeeperRuns"]["AllowedValues"].as_array().unwrap().clone();
    allowed.iter().map(|runs| runs.as_u64().unwrap()).collect()
}

#[test]
fn parallel_runs_cover_each_shard_exactly_once() {
    let template = Template::load();
    let resources = &template.value()["Resources"];
    let all = schedules(MOST_RUNS);
    assert_eq!(template.resources("AWS::Scheduler::Schedule").count(), all.len());
    for count in allowed_runs(&template) {
        let is_there = |id: &&String| {
            let condition = &resources[id.as_str()]["Condition"];
            condition.is_null() || holds(&template, &json!({ "Condition": condition }), &[("KeeperRuns", count)])
        };
        assert_eq!(all.iter().filter(is_there).cloned().collect::<Vec<_>>(), schedules(count));
        let mut parts = Vec::new();
        for run in 1..=count {
            let input = template.value()["Mappings"]["KeeperParts"][count.to_string()][format!("Run{run}")].as_str().unwrap();
            let input: Value = serde_json::from_str(input).unwrap();
            if count == 1 {
                assert_eq!(input, json!({}), "a run of a version before takes any payload");
                continue;
            }
            let [from, to] = [0, 1].map(|end| input["shards"][end].as_u64().unwrap());
            parts.extend(from..=to);
        }
        assert!(count == 1 || parts == (0..64).collect::<Vec<_>>(), "{parts:?}");
    }
}

#[test]
fn reserved_concurrency_below_the_number_of_runs_is_refused() {
    let template = Template::load();
    let rule = &template.value()["Rules"]["KeeperConcurrencyCoversKeeperRuns"];
    assert!(rule["RuleCondition"].is_null());
    let most = template.value()["Parameters"]["KeeperConcurrency"]["MaxValue"].as_u64().unwrap();
    for runs in allowed_runs(&template) {
        for reserved in 0..=most {
            let parameters = [("KeeperRuns", runs), ("KeeperConcurrency", reserved)];
            let holds = holds(&template, &rule["Assertions"][0]["Assert"], &parameters);
            assert_eq!(holds, reserved == 0 || reserved >= runs, "{parameters:?}");
        }
    }
}
