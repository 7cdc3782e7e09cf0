//! Remembers where events report a deletion, so that they can be deleted with it: they name the
//! accounts that a person wanted forgotten.
//!
//! The stream picks up an event as soon as it is written, so nobody misses one that is deleted a
//! minute later. The identities concerned are noted under the request, sealed, in the transaction
//! that writes the event.

use uuid::Uuid;

use crate::store::{
    Tables,
    deliveries::RequestId,
    records::{StoredEvent, attributes::*, key, open, place_at, seal},
    table::{Key, Query, Row, Transaction, Write},
};
use crate::{Error, Secret};

use super::{DEPARTURE, PrivacyRequest};

/// The reason in the event of such a deletion.
pub(super) const DATA_DELETION: &str = "data_deletion";
/// The attribute name under which an identity is sealed in a note.
const TOLD_OF: &str = "identity";
/// For the note of a request that is never settled; its events are gone with their own TTL by then.
const KEEP: u64 = 7 * 24 * 3600;
/// The 100 writes of a transaction.
const BATCH: usize = 100;

/// Notes that events under this identity report a request. Writing it repeatedly makes one note.
pub(super) fn note_told(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid) -> Result<Write, Error> {
    let name = RequestId::of("messenger-link/told/v1", &[request.code.into_bytes(), user_uuid.into_bytes()].concat());
    let identity = Secret::new(user_uuid.to_string());
    let row = Row::default()
        .with(&CONTENT, seal(&tables.keys, place_at(request.platform, request.code, DEPARTURE, TOLD_OF), &identity)?)
        .with(&TTL, tables.clock.now().saturating_add(KEEP));
    Ok(Write::put(Key::told(request.code, name.as_str()), row))
}

/// Deletes the events about a request, and then the notes of where they were.
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
