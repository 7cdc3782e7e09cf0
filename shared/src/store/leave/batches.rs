//! Writes that succeed or fail together, split into transactions.

/// Groups that fit in one transaction of at most `most` writes, in order.
pub(super) fn batches<G>(groups: Vec<G>, most: usize, writes: impl Fn(&G) -> usize) -> Vec<Vec<G>> {
    let mut batches: Vec<Vec<G>> = Vec::new();
    for group in groups {
        let size = |batch: &[G]| batch.iter().map(&writes).sum::<usize>();
        match batches.last_mut().filter(|batch| size(batch) + writes(&group) <= most) {
            Some(batch) => batch.push(group),
            None => batches.push(vec![group]),
        }
    }
    batches
}
