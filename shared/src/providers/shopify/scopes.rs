//! Compares access scopes.

/// The scopes of `wanted` that `granted` does not cover. A write scope implies the read scope of
/// the same resource (<https://shopify.dev/docs/api/usage/access-scopes>).
#[must_use]
pub fn missing_scopes(wanted: &[String], granted: &[String]) -> Vec<String> {
    let covers = |scope: &str| {
        granted.iter().any(|g| {
            g == scope
                || match scope.split_once("read_") {
                    Some((prefix @ ("" | "unauthenticated_"), resource)) => *g == format!("{prefix}write_{resource}"),
                    _ => false,
                }
        })
    };
    wanted.iter().filter(|scope| !covers(scope)).cloned().collect()
}

/// The scopes of a comma-separated list.
#[must_use]
pub(super) fn parse_scopes(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_hold() {
        let vectors: serde_json::Value = serde_json::from_str(include_str!("../../../vectors/shopify.json")).unwrap();
        let mut seen = 0;
        for case in vectors["scopes"].as_array().unwrap() {
            let (Some(required), Some(granted)) = (case["required"].as_str(), case["granted"].as_str()) else { continue };
            let missing = missing_scopes(&parse_scopes(required), &parse_scopes(granted));
            let expected: Vec<String> = serde_json::from_value(case["missing"].clone()).unwrap();
            assert_eq!(missing, expected, "{required} | {granted}");
            seen += 1;
        }
        assert!(seen >= 7);
    }
}
