//! Whether the index `by_person` finds all that names a person: through the grant's own item, or,
//! where that is gone, by a mark on the account.
//!
//! Whatever takes the grant's item away marks the accounts that stay. Versions before this one did
//! not always, so what they left is marked by a walk over the whole table. Until it has been
//! everywhere nobody is told that nothing is kept of them.

use crate::Error;

use super::{Tables, records::attributes::DONE_AT, table::Key};

/// After this the index shows what was marked.
const SHOWN_AFTER: u64 = 60;

/// Where the keeper notes how far the walk has come.
pub(super) fn note() -> Key {
    Key::keeper("persons")
}

/// Whether the index finds everything that names a person.
pub(super) async fn grants_are_marked(tables: &Tables) -> Result<bool, Error> {
    let note = tables.database.read("dynamodb.store", note()).await?;
    let done_at = note.and_then(|note| note.get(&DONE_AT));
    Ok(done_at.is_some_and(|done_at| done_at.saturating_add(SHOWN_AFTER) <= tables.clock.now()))
}
