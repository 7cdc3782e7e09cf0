//! What a call needs to be allowed. IAM knows no `TransactWriteItems`: each part of a transaction needs its own action.

use serde_json::Value;

/// A table's name and an action without `dynamodb:`, such as `("sessions", "PutItem")`. An index is a resource of its own:
/// `connections/index/by_due`.
pub type Action = (String, String);

pub(super) fn actions(operation: &str, body: &[u8]) -> Vec<Action> {
    let request: Value = serde_json::from_slice(body).unwrap_or_default();
    let table = |part: &Value| part["TableName"].as_str().unwrap_or_default().to_owned();
    if let Some(tables) = request["RequestItems"].as_object() {
        return tables.keys().map(|table| (table.clone(), operation.to_owned())).collect();
    }
    let Some(parts) = request["TransactItems"].as_array() else {
        let index = request["IndexName"].as_str().map(|index| format!("/index/{index}"));
        return vec![(table(&request) + &index.unwrap_or_default(), operation.to_owned())];
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

    #[test]
    fn an_index_is_told_from_its_table_and_a_batch_by_its_tables() {
        let query = actions("Query", br#"{"TableName": "a", "IndexName": "by_x"}"#);
        assert_eq!(query, [("a/index/by_x".to_owned(), "Query".to_owned())]);
        let batch = actions("BatchGetItem", br#"{"RequestItems": {"a": {"Keys": []}}}"#);
        assert_eq!(batch, [("a".to_owned(), "BatchGetItem".to_owned())]);
    }
}
