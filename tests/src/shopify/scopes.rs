//! Access scopes: the list as Shopify writes it, and that writing includes reading.

/// The scopes of a comma-separated list, each once, without those that another one implies.
pub(super) fn parse(list: &str) -> Vec<String> {
    let all: Vec<_> = list.split(',').map(str::trim).filter(|scope| !scope.is_empty()).collect();
    let mut scopes: Vec<String> = Vec::new();
    for scope in &all {
        let implied = write_for(scope).is_some_and(|write| all.iter().any(|other| *other == write));
        if !implied && !scopes.iter().any(|known| known == scope) {
            scopes.push((*scope).to_owned());
        }
    }
    scopes
}

/// The list as it stands in a reply.
pub(super) fn joined(scopes: &[String]) -> String {
    scopes.join(",")
}

/// Whether a scope is among the granted ones, or implied by one (shopify.dev, manage access scopes).
pub(super) fn grants(granted: &[String], wanted: &str) -> bool {
    let write = write_for(wanted);
    granted.iter().any(|scope| scope == wanted || Some(scope.as_str()) == write.as_deref())
}

/// Whether Shopify would know what this text asks for.
pub(super) fn is_scope(text: &str) -> bool {
    let rest = text.strip_prefix("unauthenticated_").unwrap_or(text);
    let resource = rest.strip_prefix("read_").or_else(|| rest.strip_prefix("write_")).unwrap_or_default();
    !resource.is_empty() && resource.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

fn write_for(scope: &str) -> Option<String> {
    if let Some(rest) = scope.strip_prefix("unauthenticated_read_") {
        return Some(format!("unauthenticated_write_{rest}"));
    }
    scope.strip_prefix("read_").map(|resource| format!("write_{resource}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing_includes_reading() {
        let granted = parse("read_products, write_products,,read_locations");
        assert_eq!(granted, ["write_products", "read_locations"]);
        assert!(grants(&granted, "read_products") && grants(&granted, "read_locations"));
        assert!(!grants(&granted, "write_locations") && !grants(&granted, "unauthenticated_read_products"));
        assert!(is_scope("read_products") && !is_scope("products") && !is_scope("read_"));
    }
}
