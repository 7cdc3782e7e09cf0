use std::collections::BTreeSet;

use super::*;
use crate::providers::PLATFORMS;

#[test]
fn every_metric_has_a_name_of_its_own() {
    let of_platforms = PLATFORMS.0.iter().flat_map(|platform| platform.metrics.all());
    let all: Vec<Metric> = ALL.into_iter().chain(of_platforms).collect();
    let names: BTreeSet<&str> = all.iter().map(|metric| metric.name).collect();
    assert_eq!(names.len(), all.len());
}
