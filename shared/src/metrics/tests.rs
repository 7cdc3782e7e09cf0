use std::collections::BTreeSet;

use super::*;
use crate::providers::PLATFORMS;

#[test]
fn every_metric_has_a_unique_name() {
    let all: Vec<Metric> = ALL.into_iter().chain(PLATFORMS.metrics()).collect();
    let names: BTreeSet<&str> = all.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), all.len());
}
