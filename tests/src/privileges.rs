//! What the template's roles allow each function, and what each call of a function needs to be allowed; the same of the commands of `operator`.

pub mod operator;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::template::Template;

/// A resource and an action on it, such as `("sessions", "dynamodb:PutItem")`. An index is a resource of its own, `connections/index/by_due`; the
/// secret is called `secret`, a bus `bus ID`, a function's log group `logs of FUNCTION`.
pub type Privilege = (String, String);

/// What each function's role allows, and the policy of each command of `operator`.
#[derive(Debug)]
pub struct Roles(BTreeMap<String, BTreeSet<Privilege>>);

impl Roles {
    /// Reads the roles of a template.
    ///
    /// # Panics
    ///
    /// When a role holds something that is not understood here: what is not understood can't be compared.
    pub fn of(template: &Template) -> Self {
        let functions: BTreeSet<String> = template.environments().into_keys().collect();
        let roles = template.resources("AWS::IAM::Role").filter_map(|(id, role)| {
            let name = role["Policies"][0]["PolicyName"].as_str().filter(|name| functions.contains(*name))?;
            assert_eq!(role["Policies"].as_array().map(Vec::len), Some(1), "{id}");
            assert!(role["ManagedPolicyArns"].is_null(), "{id} allows more than its own statements say");
            let statements =
                role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap_or_else(|| panic!("{id} has no statements"));
            Some((name.to_owned(), statements.iter().flat_map(|statement| privileges(template, statement)).collect()))
        });
        Self(roles.chain(operator::roles()).collect())
    }

    /// What a function is allowed.
    ///
    /// # Panics
    ///
    /// When it has no role.
    pub fn allowed(&self, function: &str) -> &BTreeSet<Privilege> {
        self.0.get(function).unwrap_or_else(|| panic!("no role for {function}"))
    }

    /// Of the privileges that a call needs, the first that its caller lacks. Who is none of the functions may do anything.
    pub(crate) fn lacking<'a>(&self, caller: &str, needed: &'a BTreeSet<Privilege>) -> Option<&'a Privilege> {
        let allowed = self.0.get(caller)?;
        needed.iter().find(|privilege| !allowed.contains(*privilege))
    }
}

fn privileges(template: &Template, statement: &Value) -> Vec<Privilege> {
    // With what a condition adds.
    let statement = statement.get("Fn::If").map_or(statement, |either| &either[1]);
    assert_eq!(statement["Effect"], "Allow", "{statement}");
    let limit = limit(&statement["Condition"]);
    let some = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let (resources, actions) = (some(&statement["Resource"]), some(&statement["Action"]));
    assert!(!resources.is_empty() && !actions.is_empty(), "{statement}");
    let all = resources.iter().flat_map(|resource| actions.iter().map(move |action| (resource, action)));
    all.map(|(resource, action)| {
        let action = action.as_str().unwrap_or_else(|| panic!("{statement}"));
        assert!(!action.contains(['*', '?']), "any action: {statement}");
        (resource_name(template, resource), format!("{action}{limit}"))
    })
    .collect()
}

/// A condition as part of the action's name: the one kind that is compared limits a reading to some attributes.
fn limit(condition: &Value) -> String {
    if condition.is_null() {
        return String::new();
    }
    let attributes = &condition["ForAllValues:StringEquals"]["dynamodb:Attributes"];
    let whole = json!({
        "ForAllValues:StringEquals": { "dynamodb:Attributes": attributes },
        "StringEquals": { "dynamodb:Select": "SPECIFIC_ATTRIBUTES" },
    });
    assert_eq!(*condition, whole, "a condition that is not compared");
    let attributes = attributes.as_array().unwrap_or_else(|| panic!("no list: {condition}"));
    of_attributes(attributes.iter().filter_map(Value::as_str))
}

fn of_attributes<'a>(attributes: impl IntoIterator<Item = &'a str>) -> String {
    let attributes: BTreeSet<&str> = attributes.into_iter().collect();
    format!(" of {}", Vec::from_iter(attributes).join(", "))
}

fn resource_name(template: &Template, resource: &Value) -> String {
    if resource == "*" {
        return "*".to_owned();
    }
    if resource["Ref"] == "Secrets" {
        return "secret".to_owned();
    }
    let index = resource["Fn::Sub"].as_str().and_then(|text| text.strip_prefix("${")?.split_once("Table.Arn}"));
    if let Some((table, index)) = index {
        return format!("{}{index}", table.to_lowercase());
    }
    assert_eq!(resource["Fn::GetAtt"][1], "Arn", "{resource}");
    let id = resource["Fn::GetAtt"][0].as_str().unwrap_or_default();
    if let Some(table) = id.strip_suffix("Table") {
        return table.to_lowercase();
    }
    if template.resources("AWS::Events::EventBus").any(|(bus, _)| bus == id) {
        return format!("bus {id}");
    }
    let (_, group) = template
        .resources("AWS::Logs::LogGroup")
        .find(|(group, _)| *group == id)
        .unwrap_or_else(|| panic!("no known resource: {resource}"));
    let name = group["LogGroupName"]["Fn::Sub"].as_str().unwrap_or_default();
    format!("logs of {}", name.rsplit('/').next().unwrap_or_default())
}

/// What Lambda itself does under a function's role.
pub fn of_lambda(function: &str) -> BTreeSet<Privilege> {
    let logs = ["CreateLogStream", "PutLogEvents"].map(|action| (format!("logs of {function}"), format!("logs:{action}")));
    // X-Ray knows no narrower resource.
    let traces = ["PutTelemetryRecords", "PutTraceSegments"].map(|action| ("*".to_owned(), format!("xray:{action}")));
    logs.into_iter().chain(traces).collect()
}

/// What a call to DynamoDB needs. IAM knows no `TransactWriteItems`: each part of a transaction needs its own action.
pub(crate) fn of_database_call(operation: &str, body: &[u8]) -> BTreeSet<Privilege> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let table = |part: &Value| part["TableName"].as_str().unwrap_or_default().to_owned();
    let action = |name: &str| format!("dynamodb:{name}");
    if let Some(tables) = request["RequestItems"].as_object() {
        return tables.keys().map(|table| (table.clone(), action(operation))).collect();
    }
    let Some(parts) = request["TransactItems"].as_array() else {
        let index = request["IndexName"].as_str().map(|index| format!("/index/{index}"));
        let projected = request["ProjectionExpression"].as_str().filter(|_| request["Select"] == "SPECIFIC_ATTRIBUTES");
        // IAM sees the attributes themselves, not the placeholders that stand for them.
        let name = |name| request["ExpressionAttributeNames"][name].as_str().unwrap_or(name);
        let limit = projected.map(|names| of_attributes(names.split(',').map(str::trim).map(name))).unwrap_or_default();
        return BTreeSet::from([(table(&request) + &index.unwrap_or_default(), action(operation) + &limit)]);
    };
    let parts = parts.iter().filter_map(Value::as_object).flatten();
    parts
        .map(|(kind, part)| match kind.as_str() {
            "ConditionCheck" => (table(part), action("ConditionCheckItem")),
            "Get" | "Put" | "Update" | "Delete" => (table(part), action(&format!("{kind}Item"))),
            unknown => panic!("a transaction with {unknown}"),
        })
        .collect()
}

/// Who signed a call to AWS, by the access key: that of a function is its name here.
pub(crate) fn caller(authorization: &str) -> &str {
    authorization.split_once("Credential=").and_then(|(_, scope)| scope.split('/').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(resource: &str, action: &str) -> Privilege {
        (resource.to_owned(), action.to_owned())
    }

    #[test]
    fn a_transaction_is_told_by_its_parts() {
        let body = br#"{"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]}"#;
        let expected = [pair("a", "dynamodb:PutItem"), pair("b", "dynamodb:ConditionCheckItem")];
        assert_eq!(of_database_call("TransactWriteItems", body), expected.into());
        assert_eq!(of_database_call("Query", br#"{"TableName": "a"}"#), [pair("a", "dynamodb:Query")].into());
    }

    #[test]
    fn an_index_is_told_from_its_table_and_a_batch_by_its_tables() {
        let query = of_database_call("Query", br#"{"TableName": "a", "IndexName": "by_x"}"#);
        assert_eq!(query, [pair("a/index/by_x", "dynamodb:Query")].into());
        let scan = br#"{"TableName": "a", "Select": "SPECIFIC_ATTRIBUTES", "ProjectionExpression": "sk, pk"}"#;
        assert_eq!(of_database_call("Scan", scan), [pair("a", "dynamodb:Scan of pk, sk")].into());
        let scan = br##"{"TableName": "a", "Select": "SPECIFIC_ATTRIBUTES", "ProjectionExpression": "#sk, #pk",
            "ExpressionAttributeNames": {"#sk": "sk", "#pk": "pk"}}"##;
        assert_eq!(of_database_call("Scan", scan), [pair("a", "dynamodb:Scan of pk, sk")].into());
        let batch = of_database_call("BatchGetItem", br#"{"RequestItems": {"a": {"Keys": []}}}"#);
        assert_eq!(batch, [pair("a", "dynamodb:BatchGetItem")].into());
    }

    #[test]
    fn a_caller_is_told_by_its_access_key() {
        let header = "AWS4-HMAC-SHA256 Credential=shopify-login/20261101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=ab";
        assert_eq!((caller(header), caller("")), ("shopify-login", ""));
    }

    #[test]
    fn what_a_role_does_not_name_is_lacking() {
        let roles = Roles::of(&Template::load());
        let needed = [pair("sessions", "dynamodb:GetItem"), pair("sessions", "dynamodb:Scan")].into();
        assert_eq!(roles.lacking("facebook-login", &needed), Some(&pair("sessions", "dynamodb:Scan")));
        assert_eq!(roles.lacking("facebook-login", roles.allowed("facebook-login")), None);
        assert_eq!(roles.lacking("local", &needed), None, "a test's own client");
    }
}
