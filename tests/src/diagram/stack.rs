//! What the diagram needs to know of the template.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::privileges::Roles;
use crate::template::Template;

/// Kinds of resources that the diagram leaves out.
const LEFT_OUT: [&str; 10] = [
    "AWS::ApiGatewayV2::ApiMapping",
    "AWS::ApiGatewayV2::Integration",
    "AWS::ApiGatewayV2::Stage",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::Logs::MetricFilter",
    "AWS::SQS::QueuePolicy",
];

/// The template, and which of its resources are drawn so far.
pub(super) struct Stack<'t> {
    pub(super) template: &'t Template,
    roles: Roles,
    drawn: BTreeSet<String>,
}

/// A route of the API.
pub(super) struct Entry {
    pub(super) method: String,
    pub(super) path: String,
    /// The parameter that it takes.
    pub(super) needs: Option<String>,
    pub(super) caller: &'static str,
}

impl<'t> Stack<'t> {
    pub(super) fn new(template: &'t Template) -> Self {
        Self { template, roles: Roles::of(template), drawn: BTreeSet::new() }
    }

    fn resource(&self, id: &str) -> &'t Value {
        self.template.value()["Resources"].get(id).unwrap_or_else(|| panic!("there is no resource {id}"))
    }

    /// The properties of a resource that is about to be drawn.
    pub(super) fn draw(&mut self, id: &str) -> &'t Value {
        self.drawn.insert(id.to_owned());
        &self.resource(id)["Properties"]
    }

    /// The ids of all resources of a kind, in order.
    pub(super) fn ids(&self, kind: &str) -> Vec<String> {
        let ids: BTreeSet<&str> = self.template.resources(kind).map(|(id, _)| id).collect();
        ids.into_iter().map(str::to_owned).collect()
    }

    /// The only resource of a kind.
    pub(super) fn only(&self, kind: &str) -> String {
        let ids = self.ids(kind);
        let [id] = ids.as_slice() else { panic!("the diagram has one place for {kind}: {ids:?}") };
        id.clone()
    }

    /// The parameter that switches a resource on, if there is one.
    pub(super) fn needs(&self, id: &str) -> Option<String> {
        let condition = self.resource(id)["Condition"].as_str()?;
        let rule = &self.template.value()["Conditions"][condition];
        Some(parameter(rule).unwrap_or_else(|| panic!("{condition} asks no parameter")).to_owned())
    }

    /// The id of a function.
    pub(super) fn function(&self, name: &str) -> String {
        let of = self.template.resources("AWS::Serverless::Function").find(|(_, of)| of["CodeUri"] == format!("functions/{name}"));
        of.unwrap_or_else(|| panic!("no function {name}")).0.to_owned()
    }

    /// The routes of a function, those of browsers first. A path with a limit of its own is a
    /// provider's, and its first part says whose.
    pub(super) fn routes(&mut self, function: &str) -> Vec<Entry> {
        let stage = self.resource("HttpApiStage");
        let limits = stage["Properties"]["RouteSettings"].as_object().expect("some routes have limits of their own");
        let limited: BTreeSet<&str> = limits.keys().filter_map(|key| key.split_once(' ')).map(|(_, path)| path).collect();
        let mut entries = Vec::new();
        for route in self.template.routes().into_iter().filter(|route| route.function == function) {
            let key = format!("{} {}", route.method, route.pattern);
            let (id, _) = self.template.resources("AWS::ApiGatewayV2::Route").find(|(_, of)| of["RouteKey"] == key).expect("it has a key");
            self.draw(id);
            let caller = match route.pattern.split('/').nth(1) {
                _ if !limited.contains(route.pattern.as_str()) => "Browsers",
                Some("shopify") => "Shopify",
                Some("facebook" | "meta") => "Meta",
                other => panic!("who calls {other:?}?"),
            };
            entries.push(Entry { method: route.method, path: route.pattern, needs: self.needs(id), caller });
        }
        entries.sort_by_key(|entry| entry.caller != "Browsers");
        entries
    }

    /// What a function may do (`read`, `write`, `put`), by the id of the table, secret or bus.
    pub(super) fn access(&self, function: &str) -> BTreeMap<String, String> {
        let mut access: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (resource, action) in self.roles.allowed(function) {
            let id = match resource.split('/').next().unwrap_or_default() {
                "secret" => self.only("AWS::SecretsManager::Secret"),
                "connections" => "ConnectionsTable".to_owned(),
                "sessions" => "SessionsTable".to_owned(),
                bus if bus.starts_with("bus ") => bus.trim_start_matches("bus ").to_owned(),
                // Logs and traces.
                _ => continue,
            };
            access.entry(id).or_default().insert(kind(action));
        }
        access.into_iter().map(|(id, kinds)| (id, Vec::from_iter(kinds).join(", "))).collect()
    }

    /// Whether the policy for the bot's role allows an action on a resource.
    pub(super) fn bot_may(&self, action: &str, id: &str) -> bool {
        let policy = referred(&self.template.value()["Outputs"]["BotPolicyArn"]["Value"]);
        let statements = self.resource(policy)["Properties"]["PolicyDocument"]["Statement"].as_array().into_iter().flatten();
        let mut statements = statements.map(|statement| statement.get("Fn::If").map_or(statement, |either| &either[1]));
        statements
            .any(|statement| referred(&statement["Resource"]) == id && statement["Action"].to_string().contains(&format!("\"{action}\"")))
    }

    /// # Panics
    ///
    /// When a resource has no place in the diagram, which would then be incomplete.
    pub(super) fn is_whole(&self) {
        for (id, resource) in self.template.value()["Resources"].as_object().expect("there are resources") {
            let kind = resource["Type"].as_str().unwrap_or_default();
            assert!(self.drawn.contains(id) || LEFT_OUT.contains(&kind), "{id} ({kind}) has no place in the diagram");
        }
    }
}

/// The id in a reference.
pub(super) fn referred(value: &Value) -> &str {
    let id = value["Ref"].as_str().or_else(|| value["Fn::GetAtt"][0].as_str()).unwrap_or_default();
    id.split('.').next().unwrap_or_default()
}

/// The first parameter in a condition's own expression.
fn parameter(rule: &Value) -> Option<&str> {
    match rule {
        Value::Object(of) => of.iter().find_map(|(name, of)| if name == "Ref" { of.as_str() } else { parameter(of) }),
        Value::Array(of) => of.iter().find_map(parameter),
        _ => None,
    }
}

fn kind(action: &str) -> &'static str {
    let name = action.split([':', ' ']).nth(1).unwrap_or_default();
    match name {
        "PutEvents" => "put",
        "BatchGetItem" | "ConditionCheckItem" | "GetItem" | "GetSecretValue" | "Query" | "Scan" => "read",
        "DeleteItem" | "PutItem" | "UpdateItem" => "write",
        other => panic!("does {other} read or write?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_always_there_says_which_parameter_it_takes() {
        let template = Template::load();
        let stack = Stack::new(&template);
        let needs = ["SessionsTable", "MessagesQueue", "MessageBus", "TokenKeeperSchedule4"].map(|id| stack.needs(id));
        let expected = [None, Some("MessageQueue"), Some("MetaWebhooks"), Some("KeeperRuns")];
        assert_eq!(needs, expected.map(|name| name.map(str::to_owned)));
    }

    #[test]
    fn who_calls_a_route_is_told_by_its_limit_and_its_path() {
        let template = Template::load();
        let mut stack = Stack::new(&template);
        let callers = |entries: Vec<Entry>| Vec::from_iter(entries.into_iter().map(|entry| (entry.path, entry.caller)));
        let expected = [
            ("/facebook/data-deletion/{confirmation_code}", "Browsers"),
            ("/facebook/data-deletion", "Meta"),
            ("/facebook/deauthorize", "Meta"),
        ];
        assert_eq!(callers(stack.routes("facebook-lifecycle")), expected.map(|(path, caller)| (path.to_owned(), caller)));
        assert_eq!(callers(stack.routes("shopify-webhooks")), [("/shopify/webhooks".to_owned(), "Shopify")]);
    }

    #[test]
    fn rights_are_told_by_reading_and_writing() {
        let template = Template::load();
        let access = Stack::new(&template).access("meta-webhooks");
        let access = access.iter().map(|(id, kinds)| (id.as_str(), kinds.as_str()));
        let expected = [("ConnectionsTable", "read, write"), ("MessageBus", "put"), ("Secrets", "read")];
        assert_eq!(Vec::from_iter(access), expected);
    }

    #[test]
    #[should_panic(expected = "has no place in the diagram")]
    fn nothing_is_left_out_unseen() {
        Stack::new(&Template::load()).is_whole();
    }
}
