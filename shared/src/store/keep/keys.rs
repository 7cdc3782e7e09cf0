//! Which encryption keys are still in use: scans the whole table, for an operator and never for a
//! request.

use std::collections::BTreeMap;

use crate::store::records::attributes;
use crate::store::table::{Attribute, Condition, Database, Named, Scan, Sealed};
use crate::{Error, clients::Clients, config::Vars, encryption::key_id};

/// How many values are sealed with each key.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KeysInUse {
    /// Sealed values by key id.
    pub values: BTreeMap<String, u64>,
    /// Sealed values that can't be read.
    pub unreadable: u64,
}

/// Counts the sealed values of the connections table by key. It sees only key ids and needs no key.
/// It may miss values written during the scan, so a key is out of use once nothing seals with it
/// any more *and* this finds nothing.
///
/// # Errors
/// `storage_unavailable`, `misconfigured`.
pub async fn keys_in_use(vars: &Vars, clients: &Clients, table: &str) -> Result<KeysInUse, Error> {
    count(&Database::new(clients.dynamodb(vars)?, None, Some(table.to_owned()))).await
}

pub(in crate::store) async fn count(database: &Database) -> Result<KeysInUse, Error> {
    let sealed = attributes::sealed();
    let has_any = sealed.iter().map(Attribute::exists).reduce(Condition::or);
    let Some(has_any) = has_any else { return Ok(KeysInUse::default()) };
    let scan = Scan::of(sealed.iter().map(|attribute| attribute as &dyn Named), has_any);
    let (mut found, mut from) = (KeysInUse::default(), None);
    loop {
        let (rows, next) = database.scan("dynamodb.keys", &scan, from).await?;
        for Sealed(value) in rows.iter().flat_map(|row| sealed.iter().filter_map(|attribute| row.get(attribute))) {
            match key_id(&value) {
                Some(id) => *found.values.entry(id.to_owned()).or_default() += 1,
                None => found.unreadable += 1,
            }
        }
        from = next;
        if from.is_none() {
            return Ok(found);
        }
    }
}
