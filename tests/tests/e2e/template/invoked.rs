//! The functions without a route: who may invoke them, and when.

use e2e::template::Template;
use serde_json::{Value, json};

pub(super) const FUNCTIONS: [&str; 2] = ["connection-tokens", "token-keeper"];

/// The runs of the keeper side by side.
const SCHEDULES: [&str; 8] = [
    "TokenKeeperSchedule",
    "TokenKeeperSchedule2",
    "TokenKeeperSchedule3",
    "TokenKeeperSchedule4",
    "TokenKeeperSchedule5",
    "TokenKeeperSchedule6",
    "TokenKeeperSchedule7",
    "TokenKeeperSchedule8",
];

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
    for (number, id) in SCHEDULES.into_iter().enumerate() {
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

/// Whether a condition of the template holds with so many runs.
fn holds(condition: &Value, runs: u64) -> bool {
    match condition.as_object().unwrap().iter().next().unwrap() {
        (name, of) if name == "Fn::Not" => !holds(&of[0], runs),
        (name, of) if name == "Fn::Or" => of.as_array().unwrap().iter().any(|one| holds(one, runs)),
        (name, of) => {
            assert_eq!((name.as_str(), &of[0]), ("Fn::Equals", &json!({ "Ref": "KeeperRuns" })));
            of[1] == runs
        }
    }
}

#[test]
fn runs_side_by_side_share_the_index_out_whole_and_each_part_once() {
    let template = Template::load();
    let (resources, conditions) = (&template.value()["Resources"], &template.value()["Conditions"]);
    assert_eq!(template.resources("AWS::Scheduler::Schedule").count(), SCHEDULES.len());
    for runs in template.value()["Parameters"]["KeeperRuns"]["AllowedValues"].as_array().unwrap() {
        let count = runs.as_u64().unwrap();
        let is_there = |id: &&str| resources[*id]["Condition"].as_str().is_none_or(|condition| holds(&conditions[condition], count));
        assert_eq!(SCHEDULES.iter().filter(|id| is_there(id)).copied().collect::<Vec<_>>(), SCHEDULES[..usize::try_from(count).unwrap()]);
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
