//! Whether the index `by_person` finds everything that names a person: through the grant's own item
//! or, if that is gone, through a mark on the account.
//!
//! Deleting a grant's item marks the accounts that stay. Earlier versions did not always do that,
//! so the keeper scans the whole table and marks what they left. Until the scan is complete, nobody
//! is told that we keep nothing about them.

use crate::Error;

use super::{Tables, records::attributes::DONE_AT, table::Key};

/// After this the index shows what was marked.
const SHOWN_AFTER: u64 = 60;

/// The key of the keeper's note on the scan's progress.
pub(super) fn note() -> Key {
    Key::keeper("persons")
}

/// Whether the index finds everything that names a person.
pub(super) async fn grants_are_marked(tables: &Tables) -> Result<bool, Error> {
    let note = tables.database.read("dynamodb.store", note()).await?;
    let done_at = note.and_then(|note| note.get(&DONE_AT));
    Ok(done_at.is_some_and(|done_at| done_at.saturating_add(SHOWN_AFTER) <= tables.clock.now()))
}
