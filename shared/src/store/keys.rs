//! Which encryption keys are still needed: the one place that reads a whole table, for an operator and never for a request.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::Client;

use crate::{encryption::key_id, error::Error};

use super::{item, unavailable};

/// The attributes that hold something sealed.
const SEALED: [&str; 3] = ["access_token", "refresh_token", "sealed"];

/// How many sealed values each key has, by its id.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KeysInUse {
    /// Sealed values by key id.
    pub values: BTreeMap<String, u64>,
    /// Sealed values that can't be read.
    pub unreadable: u64,
}

/// Counts the sealed values of the connections table by key. It sees key ids alone and needs no key. What is written meanwhile may be missed, so a key is
/// out of use once nothing seals with it any more *and* this finds nothing.
///
/// # Errors
/// `storage_unavailable`.
pub async fn keys_in_use(client: &Client, table: &str) -> Result<KeysInUse, Error> {
    let mut found = KeysInUse::default();
    let mut from = None;
    loop {
        let scan = client
            .scan()
            .table_name(table)
            .projection_expression("access_token, refresh_token, sealed")
            .filter_expression("attribute_exists(access_token) OR attribute_exists(refresh_token) OR attribute_exists(sealed)")
            .set_exclusive_start_key(from);
        let page = scan.send().await.map_err(|e| unavailable("keys", &e))?;
        for sealed in page.items().iter().flat_map(|found| SEALED.map(|name| item::bytes(found, name))).flatten() {
            match key_id(sealed) {
                Some(id) => *found.values.entry(id.to_owned()).or_default() += 1,
                None => found.unreadable += 1,
            }
        }
        from = page.last_evaluated_key.filter(|key| !key.is_empty());
        if from.is_none() {
            return Ok(found);
        }
    }
}
