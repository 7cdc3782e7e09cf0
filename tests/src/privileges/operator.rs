//! What docs/operator.md says that each command of the program `operator` has to be allowed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Privilege, limit};
use crate::template::project_dir;

const PAGE: &str = "docs/operator.md";

/// By command, the statements of the policy, in the order of the page's table.
///
/// # Panics
///
/// When the page has no such table.
pub fn statements() -> BTreeMap<String, Vec<String>> {
    let page = page();
    let (_, table) = page.split_once("| command | statements |\n").expect("a table of commands and statements");
    let words = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let rows = rows.flat_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let of = words(cells.get(1).copied().unwrap_or_default());
        words(cells.first().copied().unwrap_or_default()).into_iter().map(move |command| (command, of.clone()))
    });
    rows.collect()
}

/// Who may do what the commands of a row take, by the key with which they sign: `operator-STATEMENT-…`.
pub(super) fn roles() -> BTreeMap<String, BTreeSet<Privilege>> {
    let policy = policy();
    let of = |sid: &String| {
        let statement = policy.iter().find(|statement| statement["Sid"] == **sid);
        privileges(statement.unwrap_or_else(|| panic!("{PAGE}: no statement {sid}")))
    };
    statements().into_values().map(|of_row| (format!("operator-{}", of_row.join("-")), of_row.iter().flat_map(of).collect())).collect()
}

fn page() -> String {
    std::fs::read_to_string(project_dir().join(PAGE)).unwrap_or_else(|error| panic!("{PAGE}: {error}"))
}

fn policy() -> Vec<Value> {
    let page = page();
    let policy = page.split_once("```json\n").and_then(|(_, rest)| rest.split_once("```")).map(|(policy, _)| policy);
    let policy: Value = serde_json::from_str(policy.expect("a policy")).expect("the policy is JSON");
    policy["Statement"].as_array().cloned().expect("the policy has statements")
}

fn privileges(statement: &Value) -> Vec<Privilege> {
    assert_eq!(statement["Effect"], "Allow", "{statement}");
    let some = |value: &Value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    let (limit, actions) = (limit(&statement["Condition"]), some(&statement["Action"]));
    let resources = some(&statement["Resource"]);
    let all = resources.iter().flat_map(|resource| actions.iter().map(move |action| (resource, action)));
    all.map(|(resource, action)| {
        let (resource, action) = (resource.as_str().unwrap_or_default(), action.as_str().unwrap_or_default());
        assert!(!action.contains(['*', '?']), "any action: {statement}");
        let table = resource.split_once(":table/CONNECTIONS_TABLE").map(|(_, index)| format!("connections{index}"));
        (table.unwrap_or_else(|| resource.to_owned()), format!("{action}{limit}"))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_is_for_some_command_and_names_a_resource() {
        let wanted: BTreeSet<String> = statements().into_values().flatten().collect();
        let there: BTreeSet<String> = policy().iter().filter_map(|statement| Some(statement["Sid"].as_str()?.to_owned())).collect();
        assert_eq!(wanted, there);
        let roles = roles();
        assert!(roles["operator-Look-LookByIndex"].contains(&("connections/index/by_due".to_owned(), "dynamodb:Query".to_owned())));
        assert!(roles.values().flatten().all(|(resource, _)| resource != "*"));
    }
}
