//! What happens to a store's pair after the link: it is renewed, condemned or forgotten. Each write
//! applies only to the record that was read.

mod renewed;

use crate::store::{
    Tables,
    events::{self, EventType},
    leases::Lease,
    records::{MISSING_SCOPE, OpenShop, Status, attributes::*},
    schedule::{LOOK_EVERY, keep_alive_at, shop_due_at},
    table::{Key, Transaction, Write},
};
use crate::{Error, UnixSeconds, providers::shopify::token::Tokens};

use renewed::{has_lost, renewed};

/// Reason: the store needs its merchant because its domain now belongs to another shop.
pub const ANOTHER_SHOP: &str = "another_shop";

impl Tables {
    /// Stores a renewed pair, both tokens in one transaction that also ends the lease. None if the
    /// lease is lost or the record is no longer the one that was read; then nothing was written. A
    /// pair with fewer scopes than before is stored as well, because the earlier one is being
    /// retired; the store then needs its merchant.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn save_renewed(
        &self,
        lease: &Lease,
        shop: &OpenShop,
        tokens: &Tokens,
        wanted_scopes: &[String],
    ) -> Result<Option<OpenShop>, Error> {
        let now = self.clock.now();
        let renewed = renewed(shop, tokens, wanted_scopes, now);
        let refresh_token = tokens.refresh_token.as_ref().map(|token| shop.seal(&self.keys, &REFRESH_TOKEN, token)).transpose()?;
        let pair = of_working(shop)
            .set(&VERSION, renewed.version)
            .set(&ACCESS_TOKEN, shop.seal(&self.keys, &ACCESS_TOKEN, &tokens.access_token)?)
            .set_some(&REFRESH_TOKEN, refresh_token)
            .set(&ISSUED_AT, now)
            .set(&CHECKED_AT, now)
            .set(&SCOPES, renewed.scopes.as_slice())
            .set_or_remove(&ACCESS_EXPIRES_AT, renewed.access_expires_at)
            .set_or_remove(&REFRESH_EXPIRES_AT, renewed.refresh_expires_at);
        let transaction = Transaction::<()>::repeated("dynamodb.save_renewed", lease.token()).and(lease.end());
        let due_at = renewed.due_at.unwrap_or(now);
        let transaction = match &renewed.reason {
            // The merchant was told already.
            Some(_) if shop.lacks_scopes() => transaction.and(pair),
            Some(reason) => transaction.and_each(needs_merchant(shop, pair, reason, now)?),
            None if shop.lacks_scopes() => transaction.and_each(works_again(shop, pair, due_at, now)?),
            None => transaction.and(pair.set(&DUE_AT, due_at).remove_each(NOTES)),
        };
        Ok(self.database.write(transaction).await?.is_whole().then_some(renewed))
    }

    /// Marks a pair as dead, once, in one transaction with its event and, if a lease is held, the
    /// end of the lease. The version stays, so that a link in progress is not refused. The accounts
    /// of a store that is [`ANOTHER_SHOP`] become unusable: they belong to the former shop. False
    /// if the record (or the lease) has changed since it was read.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn condemn_shop(&self, shop: &OpenShop, reason: &str, lease: Option<&Lease>) -> Result<bool, Error> {
        let now = self.clock.now();
        let is_another = (reason == ANOTHER_SHOP).then_some(true);
        let transaction = Transaction::<()>::new("dynamodb.condemn_store")?
            .and_each(needs_merchant(shop, of_active(shop).set_some(&UNCONFIRMED, is_another), reason, now)?)
            .and_each(lease.map(Lease::end));
        Ok(self.database.write(transaction).await?.is_whole())
    }

    /// Notes the pair's current scopes, which the merchant can change without a login. If a scope
    /// that we need is gone, the store needs its merchant; if it is back, the store works again.
    /// Both are published as events. False if the record has changed since it was read.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_scopes(&self, shop: &OpenShop, scopes: &[String], wanted_scopes: &[String]) -> Result<bool, Error> {
        let (noted, now) = (of_working(shop).set(&SCOPES, scopes), self.clock.now());
        let transaction = Transaction::<()>::new("dynamodb.note_scopes")?;
        let transaction = match (has_lost(shop, scopes, wanted_scopes), shop.lacks_scopes()) {
            (true, false) => transaction.and_each(needs_merchant(shop, noted, MISSING_SCOPE, now)?),
            (false, true) => transaction.and_each(works_again(shop, noted, usual_due_at(shop, now), now)?),
            _ => transaction.and(noted),
        };
        Ok(self.database.write(transaction).await?.is_whole())
    }

    /// Deletes the tokens of a pair that has been dead for
    /// [`KEEP_DEAD`](super::super::schedule::KEEP_DEAD); the link itself stays.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn forget_dead_shop(&self, shop: &OpenShop) -> Result<bool, Error> {
        let write = as_read(shop)
            .when_is(&STATUS, Status::ReconnectNeeded)
            .when_is(&DEAD_SINCE, shop.dead_since.unwrap_or_default())
            .remove_each([&ACCESS_TOKEN, &REFRESH_TOKEN, &ACCESS_EXPIRES_AT, &REFRESH_EXPIRES_AT, &DUE_AT])
            .remove_each(NOTES);
        Ok(self.database.write_one("dynamodb.forget_store", write).await?.is_written())
    }

    /// Notes which shop a store is, once Shopify has said so, and when it is due next. False if the
    /// record has changed since it was read, or is known as another shop.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn confirm_shop(&self, shop: &OpenShop, shop_id: &str, name: Option<&str>, due_at: UnixSeconds) -> Result<bool, Error> {
        let write = as_read(shop)
            .when(SHOP_ID.absent().or(SHOP_ID.is(shop_id)))
            .set(&SHOP_ID, shop_id)
            .set(&NAME, name.unwrap_or(&shop.shop))
            .set(&DUE_AT, due_at)
            .set(&CHECKED_AT, self.clock.now())
            .remove_each([&UNCONFIRMED, &UNCOMPARED])
            .remove_each(NOTES);
        Ok(self.database.write_one("dynamodb.confirm_store", write).await?.is_written())
    }

    /// Schedules the next check of a store, if its record is still the one that was read. This
    /// check succeeded, so earlier notes are cleared.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_shop(&self, shop: &OpenShop, due_at: UnixSeconds) -> Result<bool, Error> {
        Ok(self.database.write_one("dynamodb.postpone_store", postpone(shop, due_at)).await?.is_written())
    }

    /// The same for a store whose token the platform has just accepted.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_checked_shop(&self, shop: &OpenShop, due_at: UnixSeconds) -> Result<bool, Error> {
        let write = postpone(shop, due_at).set(&CHECKED_AT, self.clock.now());
        Ok(self.database.write_one("dynamodb.postpone_store", write).await?.is_written())
    }

    /// Reports, once per link, that a pair will soon end and Shopify does not renew it. False if
    /// that was already reported, or the record has changed since it was read.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn tell_expiring_shop(&self, shop: &OpenShop) -> Result<bool, Error> {
        let now = self.clock.now();
        // An earlier version's relink keeps the previous link's note.
        let is_new = EXPIRING_TOLD.absent().or(EXPIRING_TOLD.below(shop.linked_at));
        let noted = of_active(shop).when(is_new).set(&EXPIRING_TOLD, now);
        let event = events::of_shop(shop.user_uuid, &shop.shop, EventType::ExpiringSoon, Some("token_expires"), now)?;
        let transaction = Transaction::<()>::new("dynamodb.expiring_store")?.and_each([noted, event]);
        Ok(self.database.write(transaction).await?.is_whole())
    }

    /// Notes when a pair was first found dead that is not yet marked because too many were. It is
    /// due from now on, behind records that have waited longer.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_dead_shop(&self, shop: &OpenShop) -> Result<bool, Error> {
        let now = self.clock.now();
        let write = as_read(shop).when(DUE_AT.exists()).set_if_absent(&DEAD_SEEN_AT, now).set(&DUE_AT, now);
        Ok(self.database.write_one("dynamodb.note_dead_store", write).await?.is_written())
    }
}

/// A write to the link as read, with the pair as read.
fn as_read(shop: &OpenShop) -> Write {
    Write::change(Key::store(shop.user_uuid)).when(shop.same_pair())
}

fn postpone(shop: &OpenShop, due_at: UnixSeconds) -> Write {
    as_read(shop).when_is(&DUE_AT, shop.due_at.unwrap_or_default()).set(&DUE_AT, due_at).remove_each(NOTES)
}

/// The same, requiring that the pair works.
fn of_active(shop: &OpenShop) -> Write {
    as_read(shop).when_is(&STATUS, Status::Active)
}

/// The same, requiring that it works at least in part, as when it was read.
fn of_working(shop: &OpenShop) -> Write {
    let write = as_read(shop).when_is(&STATUS, if shop.lacks_scopes() { Status::ReconnectNeeded } else { Status::Active });
    if shop.lacks_scopes() { write.when_is(&REASON, MISSING_SCOPE) } else { write }
}

fn usual_due_at(shop: &OpenShop, now: UnixSeconds) -> UnixSeconds {
    shop_due_at(shop.user_uuid, now, keep_alive_at(shop.access_expires_at.is_some(), shop.issued_at, shop.refresh_expires_at))
}

/// With this write the pair has all needed scopes again; plus the event that reports it.
fn works_again(shop: &OpenShop, write: Write, due_at: UnixSeconds, now: UnixSeconds) -> Result<[Write; 2], Error> {
    let write = write.set(&STATUS, Status::Active).set(&DUE_AT, due_at).remove_each([&REASON, &DEAD_SINCE]).remove_each(NOTES);
    Ok([write, events::of_shop(shop.user_uuid, &shop.shop, EventType::Recovered, None, now)?])
}

/// With this write the pair becomes unusable, for this reason; plus the event that reports it.
fn needs_merchant(shop: &OpenShop, write: Write, reason: &str, now: UnixSeconds) -> Result<[Write; 2], Error> {
    let write = write
        .set(&STATUS, Status::ReconnectNeeded)
        .set(&REASON, reason)
        .set(&DEAD_SINCE, now)
        .set(&DUE_AT, now.saturating_add(LOOK_EVERY))
        .remove_each(NOTES);
    Ok([write, events::of_shop(shop.user_uuid, &shop.shop, EventType::ReconnectNeeded, Some(reason), now)?])
}
