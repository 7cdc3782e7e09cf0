//! A merchant's store, as linked: the item that makes an identity.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    Error, Secret, UnixSeconds,
    encryption::{KeyRing, Place},
    providers::shopify,
    store::table::{Attribute, Condition, Row, Sealed},
};

use super::{Status, attributes::*, open, seal};

/// Reason: the store needs its merchant because scopes are missing.
pub const MISSING_SCOPE: &str = "missing_scope";
/// A store that has been uninstalled for this long counts as redacted.
pub const KEEP_UNINSTALLED: u64 = 30 * 24 * 3600;

record! {
    /// A store with its token pair, sealed as stored or opened.
    Shop from (user_uuid: Uuid, row: &Row);
    tokens {
        /// For the Admin API.
        access_token = row.get(&ACCESS_TOKEN),
        /// For obtaining the next pair.
        refresh_token = row.get(&REFRESH_TOKEN),
    }
    /// Its identity.
    pub user_uuid: Uuid = user_uuid,
    /// The domain.
    pub shop: String = row.get_or_default(&SHOP),
    /// The shop's numeric id, once known.
    pub shop_id: Option<String> = row.get(&SHOP_ID),
    /// The name, once known.
    pub name: Option<String> = row.get(&NAME),
    /// Whether the pair can be used.
    pub status: Status = row.get_or_default(&STATUS),
    /// Why it can't.
    pub reason: Option<String> = row.get(&REASON),
    /// Since when it can't.
    pub dead_since: Option<UnixSeconds> = row.get(&DEAD_SINCE),
    /// When it was first found dead, if too many were for that to be believed.
    pub dead_seen_at: Option<UnixSeconds> = row.get(&DEAD_SEEN_AT),
    /// When its merchant was told that the pair ends soon.
    pub expiring_told: Option<UnixSeconds> = row.get(&EXPIRING_TOLD),
    /// Raised whenever a link ends; a write of an older generation does not count.
    pub generation: u64 = row.get_or_default(&GENERATION),
    /// Counts the token pairs.
    pub version: u64 = row.get_or_default(&VERSION),
    /// When the access token ends; none if it does not expire.
    pub access_expires_at: Option<UnixSeconds> = row.get(&ACCESS_EXPIRES_AT),
    /// When the refresh token ends, if stated.
    pub refresh_expires_at: Option<UnixSeconds> = row.get(&REFRESH_EXPIRES_AT),
    /// When the pair was issued.
    pub issued_at: UnixSeconds = row.get(&ISSUED_AT).or(row.get(&LINKED_AT)).unwrap_or_default(),
    /// The granted scopes.
    pub scopes: Vec<String> = row.get_or_default(&SCOPES),
    /// The client id that it was issued to.
    pub app_id: String = row.get_or_default(&APP_ID),
    /// When the link was made.
    pub linked_at: UnixSeconds = row.get_or_default(&LINKED_AT),
    /// The same in Unix milliseconds.
    pub linked_ms: u64 = linked_ms(row),
    /// When it was last found working, if noted.
    pub checked_at: Option<UnixSeconds> = row.get(&CHECKED_AT),
    /// Linked again after an uninstall, and not yet known to be the same shop: until then nothing
    /// of the former link counts.
    pub unconfirmed: bool = row.has(&UNCONFIRMED),
    /// Linked again, and not yet compared with the former shop. It works in the meantime.
    pub uncompared: bool = row.has(&UNCOMPARED),
    /// When the keeper checks it next.
    pub due_at: Option<UnixSeconds> = row.get(&DUE_AT),
    /// When the store uninstalled the app.
    pub uninstalled_at: Option<UnixSeconds> = row.get(&UNINSTALLED_AT),
    /// For an opened pair: it is sealed with a key other than the one for new writes.
    pub old_key: bool = false,
    /// The hash of each session's cookie, and when the session ends.
    pub sessions: BTreeMap<String, UnixSeconds> = row.get_or_default(&SESSIONS),
    /// What asked for the erasure, as a word.
    pub erase_what: Option<String> = row.get(&ERASE_WHAT),
    /// The hash of the request for it, if there was one.
    pub erase_request: Option<String> = row.get(&ERASE_REQUEST),
    /// How many records there were when erasing began.
    pub erase_records: Option<u64> = row.get(&ERASE_RECORDS),
}

/// In milliseconds if noted and consistent with the second.
fn linked_ms(row: &Row) -> u64 {
    let linked_at: UnixSeconds = row.get_or_default(&LINKED_AT);
    row.get(&LINKED_MS).filter(|millis| millis / 1000 == linked_at).unwrap_or(linked_at.saturating_mul(1000))
}

/// A store with its pair opened.
pub type OpenShop = Shop<Option<Secret>>;

impl Shop {
    /// The same with its pair opened.
    ///
    /// # Errors
    /// `storage_unavailable` when a token does not open, or its key is not known here yet.
    pub(in crate::store) fn open(self, keys: &KeyRing) -> Result<OpenShop, Error> {
        let mut old_key = false;
        let mut open = |attribute: &Attribute<Sealed>, sealed: &Option<Sealed>| {
            let kept = open(keys, place(self.user_uuid, &self.shop, attribute), sealed.as_ref())?;
            old_key |= kept.to_reseal().is_some();
            kept.required(attribute.name())
        };
        let access_token = open(&ACCESS_TOKEN, &self.access_token)?;
        let refresh_token = open(&REFRESH_TOKEN, &self.refresh_token)?;
        Ok(Shop { old_key, ..self.with(access_token, refresh_token) })
    }

    /// The same with the access token, if it opens: leaving does not wait for a key.
    pub(in crate::store) fn open_leniently(self, keys: &KeyRing) -> OpenShop {
        let kept = open(keys, place(self.user_uuid, &self.shop, &ACCESS_TOKEN), self.access_token.as_ref());
        let access_token = kept.ok().and_then(|kept| kept.token().cloned());
        self.with(access_token, None)
    }
}

impl<T> Shop<T> {
    /// Requires the same link with the same pair.
    pub(in crate::store) fn same_pair(&self) -> Condition {
        GENERATION.is(self.generation).and(VERSION.is(self.version))
    }

    /// Whether its pair works but lacks scopes that we need.
    #[must_use]
    pub fn lacks_scopes(&self) -> bool {
        self.status == Status::ReconnectNeeded && self.reason.as_deref() == Some(MISSING_SCOPE)
    }

    /// Whether its pair can be renewed: it works, at least in part.
    #[must_use]
    pub fn may_be_renewed(&self) -> bool {
        self.status == Status::Active || self.lacks_scopes()
    }

    /// Whether Shopify has yet to say which shop this is, or whether it is the same one.
    #[must_use]
    pub const fn is_unidentified(&self) -> bool {
        self.shop_id.is_none() || self.unconfirmed || self.uncompared
    }

    /// Whether it uninstalled so long ago that it counts as redacted: it gets no events and can't
    /// be revived, even if the keeper has not come by yet.
    #[must_use]
    pub fn counts_as_redacted(&self, now: UnixSeconds) -> bool {
        let is_over = |at: UnixSeconds| at.saturating_add(KEEP_UNINSTALLED) <= now;
        self.status == Status::Uninstalled && self.uninstalled_at.is_some_and(is_over)
    }

    /// Whether it is erased, being erased, or about to be.
    #[must_use]
    pub fn is_gone(&self, now: UnixSeconds) -> bool {
        self.status == Status::Erasing || self.counts_as_redacted(now)
    }

    /// Seals a token of its pair.
    ///
    /// # Errors
    /// `storage_unavailable` without randomness.
    pub(in crate::store) fn seal(&self, keys: &KeyRing, attribute: &Attribute<Sealed>, token: &Secret) -> Result<Sealed, Error> {
        seal(keys, place(self.user_uuid, &self.shop, attribute), token)
    }
}

/// Where a token of a store's pair belongs.
pub(in crate::store) fn place<'a>(user_uuid: Uuid, shop: &'a str, attribute: &'a Attribute<Sealed>) -> Place<'a> {
    Place { user_uuid, platform: shopify::PLATFORM.name, account: shop, attribute: attribute.name() }
}

#[cfg(test)]
impl OpenShop {
    /// The same with this sealed pair.
    pub(super) fn sealed(self, pair: Option<Sealed>) -> Shop {
        self.with(pair.clone(), pair)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};
    use crate::config::Vars;

    #[test]
    fn a_pair_has_an_old_key_if_either_half_does() {
        let ring = |keys: &[(&str, &str)]| {
            let keys: Vec<_> = keys.iter().map(|(id, letter)| format!("{id}:{}=", letter.repeat(42) + "A")).collect();
            KeyRing::from_vars(&Vars::from_pairs([("TOKEN_ENCRYPTION_KEYS", keys.join(",").as_str())])).unwrap()
        };
        let (old, new) = (ring(&[("k1", "A")]), ring(&[("k2", "B"), ("k1", "A")]));
        for (access, refresh, is_old) in [(&old, &old, true), (&old, &new, true), (&new, &old, true), (&new, &new, false)] {
            let shop = samples::shop();
            let access_token = Some(shop.seal(access, &ACCESS_TOKEN, &Secret::new("a")).unwrap());
            let refresh_token = Some(shop.seal(refresh, &REFRESH_TOKEN, &Secret::new("r")).unwrap());
            let opened = Shop { access_token, refresh_token, ..shop }.open(&new).unwrap();
            assert_eq!(opened.access_token.as_ref().map(Secret::expose), Some("a"));
            assert_eq!((opened.refresh_token.as_ref().map(Secret::expose), opened.old_key), (Some("r"), is_old));
        }
    }

    #[test]
    fn a_store_counts_as_redacted_thirty_days_after_uninstalling() {
        let shop = |status, uninstalled_at| Shop { status, uninstalled_at, ..samples::shop() };
        let (away, over) = (shop(Status::Uninstalled, Some(1000)), 1000 + 2_592_000);
        assert!(!away.counts_as_redacted(over - 1) && !away.is_gone(over - 1));
        assert!(away.counts_as_redacted(over) && away.is_gone(over));
        for (status, since) in [(Status::Uninstalled, None), (Status::Active, Some(1000))] {
            let shop = shop(status, since);
            assert!(!shop.counts_as_redacted(over) && !shop.is_gone(over), "{status:?}");
        }
        let erasing = shop(Status::Erasing, None);
        assert!(erasing.is_gone(0) && !erasing.counts_as_redacted(0));
    }
}
