//! Where events tell of a deletion, so that they can go with it: they name the accounts that a
//! person wanted forgotten.
//!
//! The stream carries an event on from the moment it is written, so nobody misses one that goes a
//! minute later. Which identities it was is noted under the request, sealed, in the transaction
//! that tells of it.

use uuid::Uuid;

use crate::store::{
    Tables,
    deliveries::RequestId,
    records::{StoredEvent, attributes::*, key, open, place_at, seal},
    table::{Key, Query, Row, Transaction, Write},
};
use crate::{Error, Secret};

use super::{DEPARTURE, PrivacyRequest};

/// What the event of such a deletion says.
pub(super) const DATA_DELETION: &str = "data_deletion";
/// What an identity is sealed as in a note.
const TOLD_OF: &str = "identity";
/// A note of a request that is never settled; its events have gone with their own TTL by then.
const KEEP: u64 = 7 * 24 * 3600;
/// The 100 writes of a transaction.
const BATCH: usize = 100;

/// Notes that events under this identity tell of a request; once for both, however often it is
/// written.
pub(super) fn note_told(tables: &Tables, request: &PrivacyRequest, user_uuid: Uuid) -> Result<Write, Error> {
    let name = RequestId::of("messenger-link/told/v1", &[request.code.into_bytes(), user_uuid.into_bytes()].concat());
    let identity = Secret::new(user_uuid.to_string());
    let row = Row::default()
        .with(&CONTENT, seal(&tables.keys, place_at(request.platform, request.code, DEPARTURE, TOLD_OF), &identity)?)
        .with(&TTL, tables.clock.now().saturating_add(KEEP));
    Ok(Write::put(Key::told(request.code, name.as_str()), row))
}

/// Deletes what was told of a request, and then the note of where that was.
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
