//! Shopify's search syntax, as far as tests use it: `field:value`, `*` in a value, quotes around one, and bare words (shopify.dev, search syntax).

use serde_json::Value;

/// Whether an object is found. Fields other than these match everything.
pub(super) fn matches(node: &Value, query: &str) -> bool {
    split(query).iter().all(|term| match term.split_once(':') {
        Some(("status", wanted)) => status(node).is_none_or(|status| status.eq_ignore_ascii_case(wanted)),
        Some(("title", wanted)) => node["title"].as_str().is_none_or(|title| is_like(title, wanted)),
        Some(_) => true,
        None => text(node).is_none_or(|text| is_like(&text, term)),
    })
}

fn status(node: &Value) -> Option<&str> {
    let status = if node["discount"].is_object() { &node["discount"]["status"] } else { &node["status"] };
    status.as_str()
}

/// What a bare word looks at: of products alone.
fn text(node: &Value) -> Option<String> {
    let of = |name: &str| node[name].as_str().unwrap_or_default();
    (node["__typename"] == "Product").then(|| [of("title"), of("productType"), of("vendor")].join(" "))
}

/// Terms without their quotes; a space within quotes ends no term. All of them count, so `AND` says nothing.
fn split(query: &str) -> Vec<String> {
    let (mut terms, mut term, mut quote) = (Vec::new(), String::new(), None);
    for letter in query.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (_, Some(open)) if letter == open => quote = None,
            (' ', None) => terms.push(std::mem::take(&mut term)),
            _ => term.push(letter),
        }
    }
    terms.push(term);
    terms.retain(|term| !term.is_empty() && term != "AND");
    terms
}

/// Without `*` one of the words, or all of it; with it the whole, or one word, fits the pattern.
fn is_like(text: &str, wanted: &str) -> bool {
    let (text, wanted) = (text.to_lowercase(), wanted.to_lowercase());
    let mut candidates = text.split_whitespace().chain([text.as_str()]);
    if wanted.contains(' ') && !wanted.contains('*') {
        return text.contains(&wanted);
    }
    candidates.any(|candidate| fits(candidate, &wanted))
}

fn fits(text: &str, pattern: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else { return text == pattern };
    let Some(rest) = text.strip_prefix(before) else { return false };
    after.is_empty() || (0..=rest.len()).filter_map(|start| rest.get(start..)).any(|rest| fits(rest, after))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn terms_choose_as_shopifys_do() {
        let node =
            json!({"__typename": "Product", "title": "Stoneware mug", "status": "ACTIVE", "productType": "Kitchen", "vendor": "Acme"});
        for found in [
            "",
            "status:active",
            "title:*mug* status:active",
            "title:stone*",
            "title:mug",
            "title:'Stoneware mug' AND status:ACTIVE",
            "title:*ware*m*",
            "mug",
            "kitchen mug",
            "created_at:>2020-01-01",
        ] {
            assert!(matches(&node, found), "{found}");
        }
        for missed in ["status:draft", "title:*mug* status:draft", "title:ug", "title:*teapot*", "scarf", "title:'mug stoneware'"] {
            assert!(!matches(&node, missed), "{missed}");
        }
        let discount = json!({"discount": {"status": "EXPIRED", "title": "Autumn sale"}});
        assert!(matches(&discount, "status:expired autumn") && !matches(&discount, "status:active"));
    }
}
