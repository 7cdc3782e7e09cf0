use std::collections::BTreeSet;

use super::*;

#[test]
fn a_call_counts_for_the_platform_that_it_names_and_for_no_other() {
    let of = |call: &str| of_call(call).map(|metrics| metrics.platform);
    assert_eq!([of("shopify.token"), of("facebook.page")], [Some("shopify"), Some("facebook")]);
    for other in ["whatsapp.register", "facebooks.page", "dynamodb.claim", "shopif", ""] {
        assert_eq!(of(other), None, "{other}");
    }
}

#[test]
fn every_metric_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = ALL.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), ALL.len());
}
