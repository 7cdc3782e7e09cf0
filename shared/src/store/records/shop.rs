//! A merchant's store, as it is linked: the item that makes an identity.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    clock::UnixSeconds,
    encryption::{KeyRing, Place},
    error::Error,
    providers::shopify,
    secret::Secret,
    store::table::{Attribute, Condition, Row, Sealed},
};

use super::{
    Status,
    attributes::{
        ACCESS_EXPIRES_AT, ACCESS_TOKEN, APP_ID, DEAD_SEEN_AT, DEAD_SINCE, DUE_AT, ERASE_RECORDS, ERASE_REQUEST, ERASE_WHAT, GENERATION,
        ISSUED_AT, LINKED_AT, LINKED_MS, NAME, REASON, REFRESH_EXPIRES_AT, REFRESH_TOKEN, SCOPES, SESSIONS, SHOP, SHOP_ID, STATUS,
        UNCOMPARED, UNCONFIRMED, UNINSTALLED_AT, VERSION,
    },
    sealed::{open, seal},
};

/// Uninstalled for this long counts as redacted.
pub const KEEP_UNINSTALLED: u64 = 30 * 24 * 3600;

/// A store with its token pair: sealed as it lies there, or opened.
#[derive(Clone, Debug)]
pub struct Shop<T = Option<Sealed>> {
    /// Its identity.
    pub user_uuid: Uuid,
    /// The domain.
    pub shop: String,
    /// The numeric id of the shop, once it is known.
    pub shop_id: Option<String>,
    /// The name, once it is known.
    pub name: Option<String>,
    /// Whether the pair can be used.
    pub status: Status,
    /// Why it can't.
    pub reason: Option<String>,
    /// Since when it can't.
    pub dead_since: Option<UnixSeconds>,
    /// When it was first found dead, where too many were for that to be believed.
    pub dead_seen_at: Option<UnixSeconds>,
    /// Raised by whatever ends a link; a write of an older generation does not count.
    pub generation: u64,
    /// Counts the pairs.
    pub version: u64,
    /// For the Admin API.
    pub access_token: T,
    /// Its end; none when it does not expire.
    pub access_expires_at: Option<UnixSeconds>,
    /// For the next pair.
    pub refresh_token: T,
    /// Its end, if it was stated.
    pub refresh_expires_at: Option<UnixSeconds>,
    /// When the pair was issued.
    pub issued_at: UnixSeconds,
    /// What was granted.
    pub scopes: Vec<String>,
    /// The client id that it was issued to.
    pub app_id: String,
    /// When the link was made.
    pub linked_at: UnixSeconds,
    /// The same in Unix milliseconds.
    pub linked_ms: u64,
    /// Linked again after an uninstall, and not yet known to be the same shop: nothing of the
    /// former link counts until then.
    pub unconfirmed: bool,
    /// Linked again, and not yet compared with the shop that it was. It works meanwhile.
    pub uncompared: bool,
    /// When the keeper looks at it again.
    pub due_at: Option<UnixSeconds>,
    /// When the store uninstalled the app.
    pub uninstalled_at: Option<UnixSeconds>,
    /// Of an opened pair: it is sealed with another key than the one for new writes.
    pub old_key: bool,
    /// The hash of each session's cookie, and its end.
    pub sessions: BTreeMap<String, UnixSeconds>,
    /// What asked for it to be erased, as a word.
    pub erase_what: Option<String>,
    /// The hash of the request that did, if one did.
    pub erase_request: Option<String>,
    /// How many records there were when erasing began.
    pub erase_records: Option<u64>,
}

/// A store with its pair opened.
pub type OpenShop = Shop<Option<Secret>>;

impl Shop {
    pub(in crate::store) fn read(user_uuid: Uuid, row: &Row) -> Self {
        let linked_at: u64 = row.get_or_default(&LINKED_AT);
        let linked_ms = row.get(&LINKED_MS).filter(|millis| millis / 1000 == linked_at);
        Self {
            user_uuid,
            shop: row.get_or_default(&SHOP),
            shop_id: row.get(&SHOP_ID),
            name: row.get(&NAME),
            status: row.get_or_default(&STATUS),
            reason: row.get(&REASON),
            dead_since: row.get(&DEAD_SINCE),
            dead_seen_at: row.get(&DEAD_SEEN_AT),
            generation: row.get_or_default(&GENERATION),
            version: row.get_or_default(&VERSION),
            access_token: row.get(&ACCESS_TOKEN),
            access_expires_at: row.get(&ACCESS_EXPIRES_AT),
            refresh_token: row.get(&REFRESH_TOKEN),
            refresh_expires_at: row.get(&REFRESH_EXPIRES_AT),
            issued_at: row.get(&ISSUED_AT).unwrap_or(linked_at),
            scopes: row.get_or_default(&SCOPES),
            app_id: row.get_or_default(&APP_ID),
            linked_at,
            linked_ms: linked_ms.unwrap_or(linked_at.saturating_mul(1000)),
            unconfirmed: row.has(&UNCONFIRMED),
            uncompared: row.has(&UNCOMPARED),
            due_at: row.get(&DUE_AT),
            uninstalled_at: row.get(&UNINSTALLED_AT),
            old_key: false,
            sessions: row.get_or_default(&SESSIONS),
            erase_what: row.get(&ERASE_WHAT),
            erase_request: row.get(&ERASE_REQUEST),
            erase_records: row.get(&ERASE_RECORDS),
        }
    }

    /// The same with its pair opened.
    ///
    /// # Errors
    /// `storage_unavailable` when a token does not open, or its key is not known here yet.
    pub(in crate::store) fn open(self, keys: &KeyRing) -> Result<OpenShop, Error> {
        let mut old_key = false;
        let mut open = |attribute: &Attribute<Sealed>, sealed: &Option<Sealed>| {
            let kept = open(keys, self.place(attribute), sealed.as_ref())?;
            old_key |= kept.to_reseal().is_some();
            kept.required(attribute.name())
        };
        let access_token = open(&ACCESS_TOKEN, &self.access_token)?;
        let refresh_token = open(&REFRESH_TOKEN, &self.refresh_token)?;
        Ok(self.with_pair(access_token, refresh_token, old_key))
    }

    /// The same with the access token, if that opens: whoever leaves is not kept waiting for a key.
    pub(in crate::store) fn open_leniently(self, keys: &KeyRing) -> OpenShop {
        let kept = open(keys, self.place(&ACCESS_TOKEN), self.access_token.as_ref());
        let access_token = kept.ok().and_then(|kept| kept.token().cloned());
        self.with_pair(access_token, None, false)
    }
}

impl<T> Shop<T> {
    /// Whether it is the link that was read, with the pair that was read.
    #[must_use]
    pub const fn is_same(&self, generation: u64, version: u64) -> bool {
        self.generation == generation && self.version == version
    }

    /// The condition that it still is that link with that pair.
    pub(in crate::store) fn same_pair(&self) -> Condition {
        GENERATION.is(self.generation).and(VERSION.is(self.version))
    }

    /// Whether Shopify has yet to say which shop this is, or whether it is the one that it was.
    #[must_use]
    pub const fn is_unidentified(&self) -> bool {
        self.shop_id.is_none() || self.unconfirmed || self.uncompared
    }

    /// Whether it uninstalled so long ago that it counts as redacted: it is neither told nor
    /// revived, whether or not the keeper has come by.
    #[must_use]
    pub fn counts_as_redacted(&self, now: UnixSeconds) -> bool {
        let is_over = |at: UnixSeconds| at.saturating_add(KEEP_UNINSTALLED) <= now;
        self.status == Status::Uninstalled && self.uninstalled_at.is_some_and(is_over)
    }

    /// Whether it is erased, being erased, or to be.
    #[must_use]
    pub fn is_gone(&self, now: UnixSeconds) -> bool {
        self.status == Status::Erasing || self.counts_as_redacted(now)
    }

    /// Seals a token of its pair.
    ///
    /// # Errors
    /// `storage_unavailable` without randomness.
    pub(in crate::store) fn seal(&self, keys: &KeyRing, attribute: &Attribute<Sealed>, token: &Secret) -> Result<Sealed, Error> {
        seal(keys, self.place(attribute), token)
    }

    fn place<'a>(&'a self, attribute: &'a Attribute<Sealed>) -> Place<'a> {
        place(self.user_uuid, &self.shop, attribute)
    }

    fn with_pair<U>(self, access_token: U, refresh_token: U, old_key: bool) -> Shop<U> {
        Shop {
            access_token,
            refresh_token,
            old_key,
            user_uuid: self.user_uuid,
            shop: self.shop,
            shop_id: self.shop_id,
            name: self.name,
            status: self.status,
            reason: self.reason,
            dead_since: self.dead_since,
            dead_seen_at: self.dead_seen_at,
            generation: self.generation,
            version: self.version,
            access_expires_at: self.access_expires_at,
            refresh_expires_at: self.refresh_expires_at,
            issued_at: self.issued_at,
            scopes: self.scopes,
            app_id: self.app_id,
            linked_at: self.linked_at,
            linked_ms: self.linked_ms,
            unconfirmed: self.unconfirmed,
            uncompared: self.uncompared,
            due_at: self.due_at,
            uninstalled_at: self.uninstalled_at,
            sessions: self.sessions,
            erase_what: self.erase_what,
            erase_request: self.erase_request,
            erase_records: self.erase_records,
        }
    }
}

/// Where a token of a store's pair belongs.
pub(in crate::store) fn place<'a>(user_uuid: Uuid, shop: &'a str, attribute: &'a Attribute<Sealed>) -> Place<'a> {
    Place { user_uuid, platform: shopify::PLATFORM.name, account: shop, attribute: attribute.name() }
}

#[cfg(test)]
impl OpenShop {
    /// The same, sealed so.
    pub(super) fn sealed(self, pair: Option<Sealed>) -> Shop {
        self.with_pair(pair.clone(), pair, false)
    }
}
