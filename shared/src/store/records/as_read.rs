//! Identifies an account or a grant as the one that was read: a new link under the same key has
//! another time or another version.

use crate::store::table::{Condition, Row, Sealed};

use super::attributes::*;

/// What distinguishes a record, as read, from a later one under the same key.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct AsRead {
    pub(in crate::store) linked_at: Option<u64>,
    pub(in crate::store) linked_ms: Option<u64>,
    version: Option<u64>,
    granted_by: Option<String>,
    pub(in crate::store) access_token: Option<Sealed>,
}

impl AsRead {
    pub(in crate::store) fn of(row: &Row) -> Self {
        Self {
            linked_at: row.get(&LINKED_AT),
            linked_ms: row.get(&LINKED_MS),
            version: row.get(&VERSION),
            granted_by: row.get(&GRANTED_BY),
            access_token: row.get(&ACCESS_TOKEN),
        }
    }

    /// Requires that it is still the same.
    pub(in crate::store) fn condition(&self) -> Condition {
        LINKED_AT
            .is_still(self.linked_at)
            .and(LINKED_MS.is_still(self.linked_ms))
            .and(VERSION.is_still(self.version))
            .and(GRANTED_BY.is_still(self.granted_by.as_ref()))
            .and(ACCESS_TOKEN.is_still(self.access_token.clone()))
    }
}
