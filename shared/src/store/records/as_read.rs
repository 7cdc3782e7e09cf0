//! That an account or a person is the very one that was read: one of its place that was linked anew has
//! another time, or another version.

use crate::store::table::{Condition, Row};

use super::attributes::*;

/// A record as it was read, which tells it from any other that may come to lie in its place.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct AsRead(pub(in crate::store) Row);

impl AsRead {
    /// The condition that it still is.
    pub(in crate::store) fn condition(&self) -> Condition {
        let Self(row) = self;
        LINKED_AT
            .is_still(row.get(&LINKED_AT))
            .and(LINKED_MS.is_still(row.get(&LINKED_MS)))
            .and(VERSION.is_still(row.get(&VERSION)))
            .and(GRANTED_BY.is_still(row.get(&GRANTED_BY)))
            .and(ACCESS_TOKEN.is_still(row.get(&ACCESS_TOKEN)))
    }
}
