//! What a call needs to be allowed. IAM knows no `TransactWriteItems`: each part of a transaction needs its own action.

use serde_json::Value;

/// A table's name and an action without `dynamodb:`, such as `("sessions", "PutItem")`.
pub type Action = (String, String);

pub(super) fn actions(operation: &str, body: &[u8]) -> Vec<Action> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let table = |part: &Value| part["TableName"].as_str().unwrap_or_default().to_owned();
    let Some(parts) = request["TransactItems"].as_array() else {
        return vec![(table(&request), operation.to_owned())];
    };
    let parts = parts.iter().filter_map(Value::as_object).flatten();
    parts.map(|(kind, part)| (table(part), action_of(kind))).collect()
}

fn action_of(part: &str) -> String {
    match part {
        "ConditionCheck" => "ConditionCheckItem".to_owned(),
        "Get" | "Put" | "Update" | "Delete" => format!("{part}Item"),
        unknown => panic!("a transaction with {unknown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_is_told_by_its_parts() {
        let body = br#"{"TransactItems": [{"Put": {"TableName": "a"}}, {"ConditionCheck": {"TableName": "b"}}]}"#;
        let expected = [("a", "PutItem"), ("b", "ConditionCheckItem")].map(|(table, action)| (table.to_owned(), action.to_owned()));
        assert_eq!(actions("TransactWriteItems", body), expected);
        assert_eq!(actions("Query", br#"{"TableName": "a"}"#), [("a".to_owned(), "Query".to_owned())]);
    }
}
