//! The PIN with which an account is registered, if its platform asks for one, and how often it was
//! tried.
//!
//! A PIN follows its account regardless of the holder. It is stored before it is first sent, stays
//! the same from then on, and outlives a link by ninety days, because the platform has no way to
//! withdraw it. Its key names neither the account nor an identity. Each try is counted before it is
//! made: after ten tries by anyone, the platform blocks the account for three days.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    Error, Secret, UnixSeconds,
    encryption::Place,
    platform::AccountId,
    random,
    signing::{base64url, hex, labelled_sha256},
};

use super::{
    Tables,
    records::{Kept, attributes::*, open, place_at, seal},
    table::{Key, Row, Write},
};

/// The attribute name under which a PIN is sealed.
const PIN: &str = "pin";
/// After the end of a link, in seconds.
const KEEP: u64 = 90 * 24 * 3600;
/// Tries count for this many milliseconds (`business-phone-numbers/registration`: ten in 72 hours).
const WINDOW: u64 = 72 * 3600 * 1000;
/// The most tries in that time, which leaves some to the merchant.
const MOST: usize = 6;
/// Of those, the most with a PIN that the merchant gave.
const MOST_GIVEN: usize = 2;
/// Attempts at reading an item that others are changing.
const READINGS: usize = 5;
/// Prefix of the name of a try with our own PIN.
const OWN: &str = "own";
/// The same for one with the merchant's.
const GIVEN: &str = "given";

impl Tables {
    /// Counts a try at registering an account and returns the PIN to use: the `given` one, which is
    /// kept from now on, or the known one, or a new one. None if there were too many tries.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of the PIN is not known here yet.
    pub async fn count_registering(&self, id: &AccountId, given: Option<&Secret>) -> Result<Option<Secret>, Error> {
        for _ in 0..READINGS {
            let now_ms = self.clock.now_millis();
            let found = self.database.read("dynamodb.pin", key(id)).await?.unwrap_or_default();
            let mut tries: BTreeMap<String, u64> = found.get_or_default(&TRIES);
            tries.retain(|_, at| now_ms < at.saturating_add(WINDOW));
            let of_merchant = tries.keys().filter(|by| by.starts_with(GIVEN)).count();
            if tries.len() >= MOST || given.is_some() && of_merchant >= MOST_GIVEN {
                return Ok(None);
            }
            let pin = match given {
                Some(pin) => pin.clone(),
                None => self.known_pin(id, &found)?.map_or_else(new_pin, Ok)?,
            };
            let by = if given.is_some() { GIVEN } else { OWN };
            tries.insert(format!("{by}_{}", hex(&random::bytes::<8>()?)), now_ms);
            let version = found.get(&VERSION);
            let count = Write::change(key(id))
                .when(VERSION.is_still(version))
                .set(&VERSION, version.unwrap_or_default().saturating_add(1))
                .set(&CONTENT, seal(&self.keys, place(id), &pin)?)
                .set(&TRIES, tries)
                .remove(&TTL);
            if self.database.write_one("dynamodb.count_registering", count).await?.is_written() {
                return Ok(Some(pin));
            }
        }
        Err(Error::storage_unavailable("count_registering: the PIN keeps changing").provoked(true))
    }

    /// The PIN in an item, unless it has expired or does not open.
    fn known_pin(&self, id: &AccountId, found: &Row) -> Result<Option<Secret>, Error> {
        if found.get(&TTL).is_some_and(|end| end <= self.clock.now()) {
            return Ok(None);
        }
        Ok(open(&self.keys, place(id), found.get(&CONTENT).as_ref())?.token().cloned())
    }

    /// An account that is linked again keeps its PIN. Best effort: if this fails, the PIN expires
    /// within ninety days.
    pub async fn hold_pin(&self, id: &AccountId) {
        let hold = Write::change(key(id)).when(TTL.above(self.clock.now())).remove(&TTL);
        if let Err(failure) = self.database.write_one("dynamodb.hold_pin", hold).await {
            tracing::warn!(cause = failure.cause, "a PIN is not held");
        }
    }

    /// Seals a PIN with the first key; false if there was nothing to do.
    ///
    /// # Errors
    /// `storage_unavailable`, also when a key is not known here.
    pub(super) async fn reseal_pin(&self, id: &AccountId) -> Result<bool, Error> {
        let Some(found) = self.database.read("dynamodb.pin", key(id)).await? else { return Ok(false) };
        let sealed = found.get(&CONTENT);
        let Kept::Open { token: pin, old_key: true } = open(&self.keys, place(id), sealed.as_ref())? else { return Ok(false) };
        let reseal = Write::change(key(id)).when(CONTENT.is_still(sealed)).set(&CONTENT, seal(&self.keys, place(id), &pin)?);
        Ok(self.database.write_one("dynamodb.reseal_pin", reseal).await?.is_written())
    }
}

/// An account's link ends; its PIN, if its kind has one, expires later. Written even if there is no
/// PIN: a failed condition would fail the end of the link.
pub(super) fn outlive(id: &AccountId, now: UnixSeconds) -> Option<Write> {
    id.kind().registers.then(|| Write::change(key(id)).set(&TTL, now.saturating_add(KEEP)))
}

/// Deletes the PIN with everything else about an account.
pub(super) fn forget(id: &AccountId) -> Option<Write> {
    id.kind().registers.then(|| Write::delete(key(id)))
}

fn key(id: &AccountId) -> Key {
    Key::pin(&base64url(&labelled_sha256("messenger-link/pin/v1", id.place().as_bytes())))
}

/// Sealed for the account alone, so that it can move with it.
fn place(id: &AccountId) -> Place<'_> {
    place_at(id.kind().platform, Uuid::nil(), id.as_str(), PIN)
}

/// Six digits.
fn new_pin() -> Result<Secret, Error> {
    const PINS: u32 = 1_000_000;
    loop {
        let chance = u32::from_be_bytes(random::bytes()?);
        // Discards the incomplete last range, which would make some PINs likelier than others.
        if chance < u32::MAX - u32::MAX % PINS {
            return Ok(Secret::new(format!("{:06}", chance % PINS)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_six_digits() {
        for _ in 0..100 {
            let pin = new_pin().unwrap();
            assert!(pin.expose().len() == 6 && pin.expose().bytes().all(|b| b.is_ascii_digit()));
        }
        assert_ne!((new_pin().unwrap().expose(), new_pin().unwrap().expose()), (new_pin().unwrap().expose(), new_pin().unwrap().expose()));
    }
}
