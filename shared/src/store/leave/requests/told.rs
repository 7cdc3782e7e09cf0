//! Remembers where a deletion's events are, so that they can be deleted too: they name accounts
//! that the person asked to delete.
//!
//! The stream picks up an event once written, so no listener misses one deleted a minute later. The
//! identities are recorded under the request, sealed, in the transaction of the event.

use uuid::Uuid;

use crate::store::{
    Tables,
    deliveries::RequestId,
    records::{StoredEvent, attributes::*, key, open, place_at, seal},
    table::{Key, Query, Row, Transaction, Write},
};
use crate::{Error, Secret};

use super::{DEPARTURE, PrivacyRequest};

/// The reason in a deletion's event.
pub(super) const DATA_DELETION: &str = "data_deletion";
/// The attribute name an identity is sealed with in a note.
const TOLD_OF: &str = "identity";
/// The TTL of a note, for a request that is never settled; its events expire earlier.
const KEEP: u64 = 7 * 24 * 3600;
/// A transaction's limit of 100 writes.
const BATCH: usize = 100;

/// Records that events under this identity mention a request; once for each pair, however often it
/// is written.
pub(super) fn note_told(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid) -> Result<Write, Error> {
    let name = RequestId::of("messenger-link/told/v1", &[request.code.into_bytes(), user_uuid.into_bytes()].concat());
    let identity = Secret::new(user_uuid.to_string());
    let row = Row::default()
        .with(&CONTENT, seal(&tables.keys, place_at(request.platform, request.code, DEPARTURE, TOLD_OF), &identity)?)
        .with(&TTL, tables.clock.now().saturating_add(KEEP));
    Ok(Write::put(Key::told(request.code, name.as_str()), row))
}

/// Deletes the events of a request, and then the notes of their identities.
///
/// # Errors
/// `storage_unavailable`, also when the key of a note is not known here yet.
pub(super) async fn delete_told(tables: &Tables, request: &PrivacyRequest) -> Result<(), Error> {
    let notes = Query::partition(&key::request(request.code)).beginning_with(key::TOLD);
    for note in tables.database.query("dynamodb.told", &notes).await? {
        let identity = open(&tables.keys, place_at(request.platform, request.code, DEPARTURE, TOLD_OF), note.get(&CONTENT).as_ref())?;
        let mut deletes = Vec::new();
        if let Some(user_uuid) = identity.token().and_then(|identity| identity.expose().parse().ok()) {
            let events = Query::partition(&key::identity(user_uuid)).beginning_with(key::EVENTS);
            let events = tables.database.query("dynamodb.told", &events).await?;
            let events = events.iter().filter_map(|event| StoredEvent::read(user_uuid, event));
            deletes.extend(events.filter(|event| event.reason.as_deref() == Some(DATA_DELETION)).map(|event| event.key));
        }
        deletes.extend(note.key());
        for batch in deletes.chunks(BATCH) {
            let delete = Transaction::<()>::new("dynamodb.delete_told")?.and_each(batch.iter().cloned().map(Write::delete));
            tables.database.write(delete).await?;
        }
    }
    Ok(())
}
