//! What becomes of a store's pair after the link: renewed, condemned, sealed anew, forgotten. Each write holds only for the record that was read.

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update, builders::UpdateBuilder};

use crate::{
    calls::timed,
    clock::UnixSeconds,
    encryption::Place,
    error::Error,
    providers::shopify::{self, missing_scopes, token::Tokens},
    random,
    secret::Secret,
    signing::hex,
};

use super::{
    Cancelled, Connections, Pause, TRIES,
    due::{LOOK_EVERY, keep_alive_at, store_due_at},
    events::{Event, EventType},
    is_worth_repeating,
    item::{self, b, identity_key, n, s},
    leases::Lease,
    patience::NOTES,
    stores_write::incomplete,
    tokens::{Status, StoreTokens},
    unavailable,
};

/// Nothing is deleted for being dead before this long has passed: the verdict may have been a mistake.
pub const KEEP_DEAD: u64 = 30 * 24 * 3600;
/// Why a store whose scopes do not suffice any more needs its merchant.
pub(super) const MISSING_SCOPE: &str = "missing_scope";
/// Why a store whose domain is another shop's by now needs its merchant.
pub const ANOTHER_SHOP: &str = "another_shop";
/// A time that is still this far away is left as it is, which spares the index a write.
const FAR_AWAY: u64 = 12 * 3600;

impl Connections {
    /// Stores a renewed pair, both tokens in one transaction that also ends the lease. None when the lease is lost or the record is no longer the one that was read;
    /// nothing was written then. A pair that may do less than before is stored as well, since the earlier one is on its way out, and the store then needs the merchant.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn save_renewed(
        &self,
        lease: &Lease,
        record: &StoreTokens,
        tokens: &Tokens,
        wanted_scopes: &[String],
    ) -> Result<Option<StoreTokens>, Error> {
        let now = self.clock.now();
        let renewed = renewed(record, tokens, wanted_scopes, now);
        let mut set = vec!["version = :next", "access_token = :access", "issued_at = :now", "scopes = :scopes", "due_at = :due"];
        let mut remove = Vec::new();
        let mut update = self
            .update_of(record)
            .condition_expression("generation = :generation AND version = :version AND #status = :active")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":active", s(Status::Active.as_str()))
            .expression_attribute_values(":next", n(renewed.version))
            .expression_attribute_values(":access", b(self.seal(record, "access_token", &tokens.access_token)?))
            .expression_attribute_values(":now", n(now))
            .expression_attribute_values(":scopes", item::list(&renewed.scopes))
            .expression_attribute_values(":due", n(renewed.due_at.unwrap_or(now)));
        if let Some(refresh_token) = &tokens.refresh_token {
            set.push("refresh_token = :refresh");
            update = update.expression_attribute_values(":refresh", b(self.seal(record, "refresh_token", refresh_token)?));
        }
        for (name, value, set_it, end) in [
            ("access_expires_at", ":access_end", "access_expires_at = :access_end", renewed.access_expires_at),
            ("refresh_expires_at", ":refresh_end", "refresh_expires_at = :refresh_end", renewed.refresh_expires_at),
        ] {
            match end {
                Some(end) => {
                    set.push(set_it);
                    update = update.expression_attribute_values(value, n(end));
                }
                None => remove.push(name),
            }
        }
        let mut items = vec![lease.end(&self.sessions_table)?];
        if let Some(reason) = &renewed.reason {
            set.extend(["#status = :dead", "reason = :reason", "dead_since = :now"]);
            update = update
                .expression_attribute_values(":dead", s(Status::ReconnectNeeded.as_str()))
                .expression_attribute_values(":reason", s(reason));
            items.push(self.put_event(&reconnect_needed(record, reason))?);
        }
        remove.push(NOTES);
        items.push(write(update.update_expression(format!("SET {} REMOVE {}", set.join(", "), remove.join(", "))))?);
        match self.transact("dynamodb.save_renewed", lease.token(), items).await {
            Ok(()) => Ok(Some(renewed)),
            Err(Cancelled::Conditions(_)) => Ok(None),
            Err(Cancelled::Failed(error)) => Err(error),
        }
    }

    /// Marks a pair as dead, once, in one transaction with its event, and with the end of the lease where one is held. The version stays, so that a link that is being
    /// made at this moment is not refused for it. The Pages of a store that is [`ANOTHER_SHOP`] yield nothing from then on: they are the former shop's. False when the record (or the lease) is no longer what it was.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn condemn_store(&self, record: &StoreTokens, reason: &str, lease: Option<&Lease>) -> Result<bool, Error> {
        let now = self.clock.now();
        let mut set = "SET #status = :dead, reason = :reason, dead_since = :now, due_at = :due".to_owned();
        let mut update = self.update_of(record);
        if reason == ANOTHER_SHOP {
            set.push_str(", unconfirmed = :true");
            update = update.expression_attribute_values(":true", AttributeValue::Bool(true));
        }
        let update = update
            .update_expression(format!("{set} REMOVE {NOTES}"))
            .condition_expression("generation = :generation AND version = :version AND #status = :active")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":active", s(Status::Active.as_str()))
            .expression_attribute_values(":dead", s(Status::ReconnectNeeded.as_str()))
            .expression_attribute_values(":reason", s(reason))
            .expression_attribute_values(":now", n(now))
            .expression_attribute_values(":due", n(now.saturating_add(LOOK_EVERY)));
        let mut items = vec![write(update)?, self.put_event(&reconnect_needed(record, reason))?];
        items.extend(lease.map(|lease| lease.end(&self.sessions_table)).transpose()?);
        match self.transact("dynamodb.condemn_store", &hex(&random::bytes::<16>()?), items).await {
            Ok(()) => Ok(true),
            Err(Cancelled::Conditions(_)) => Ok(false),
            Err(Cancelled::Failed(error)) => Err(error),
        }
    }

    /// Takes the tokens of a pair out that has been dead for [`KEEP_DEAD`]; the link itself stays.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn forget_dead_store(&self, record: &StoreTokens) -> Result<bool, Error> {
        let update = self
            .update_of(record)
            .update_expression(format!("REMOVE access_token, refresh_token, access_expires_at, refresh_expires_at, due_at, {NOTES}"))
            .condition_expression("generation = :generation AND version = :version AND #status = :dead AND dead_since = :since")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":dead", s(Status::ReconnectNeeded.as_str()))
            .expression_attribute_values(":since", n(record.dead_since.unwrap_or_default()));
        self.write_alone("dynamodb.forget_store", update).await
    }

    /// Seals the pair with the first key. The version stays, since the tokens do; they are those that were read, or nothing is written.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn reseal_store(&self, record: &StoreTokens) -> Result<bool, Error> {
        let mut set = Vec::new();
        let mut update = self.update_of(record);
        // Tokens that were dead for long go without a new version.
        let mut conditions = vec!["generation = :generation", "version = :version"];
        for (token, is_there, set_it, value, attribute) in [
            (&record.access_token, "attribute_exists(access_token)", "access_token = :access", ":access", "access_token"),
            (&record.refresh_token, "attribute_exists(refresh_token)", "refresh_token = :refresh", ":refresh", "refresh_token"),
        ] {
            if let Some(token) = token {
                set.push(set_it);
                conditions.push(is_there);
                update = update.expression_attribute_values(value, b(self.seal(record, attribute, token)?));
            }
        }
        if set.is_empty() {
            return Ok(false);
        }
        let update = update.condition_expression(conditions.join(" AND ")).update_expression(format!("SET {}", set.join(", ")));
        self.write_alone("dynamodb.reseal_store", update).await
    }

    /// Notes which shop a store is, once Shopify has said so, and when it is due next. False when the record is no longer what it was, or is known as another shop.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn confirm_store(&self, record: &StoreTokens, shop_id: &str, name: Option<&str>, due_at: UnixSeconds) -> Result<bool, Error> {
        let update = self
            .update_of(record)
            .update_expression(format!("SET shop_id = :id, #name = :name, due_at = :due REMOVE unconfirmed, uncompared, {NOTES}"))
            .expression_attribute_values(":due", n(due_at))
            .condition_expression("generation = :generation AND version = :version AND (attribute_not_exists(shop_id) OR shop_id = :id)")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":id", s(shop_id))
            .expression_attribute_values(":name", s(name.unwrap_or(&record.shop)));
        self.write_alone("dynamodb.confirm_store", update).await
    }

    /// Looks at a store again at another time, while the record is still the one that was read. It was dealt with: what was noted until then goes.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn postpone_store(&self, record: &StoreTokens, due_at: UnixSeconds) -> Result<bool, Error> {
        let update = self
            .update_of(record)
            .update_expression(format!("SET due_at = :due REMOVE {NOTES}"))
            .condition_expression("generation = :generation AND version = :version AND due_at = :read")
            .expression_attribute_values(":due", n(due_at))
            .expression_attribute_values(":read", n(record.due_at.unwrap_or_default()));
        self.write_alone("dynamodb.postpone_store", update).await
    }

    /// Notes when a pair was first found dead that is not marked yet, since too many were. It is due anew from now on, behind those that have waited.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_dead_store(&self, record: &StoreTokens) -> Result<bool, Error> {
        let update = self
            .update_of(record)
            .update_expression("SET dead_seen_at = if_not_exists(dead_seen_at, :now), due_at = :now")
            .condition_expression("generation = :generation AND version = :version AND attribute_exists(due_at)")
            .expression_attribute_values(":now", n(self.clock.now()));
        self.write_alone("dynamodb.note_dead_store", update).await
    }

    async fn write_alone(&self, name: &'static str, update: UpdateBuilder) -> Result<bool, Error> {
        let update = update.build().map_err(incomplete)?;
        let write = self
            .client
            .update_item()
            .table_name(update.table_name())
            .set_key(Some(update.key().clone()))
            .update_expression(update.update_expression())
            .set_condition_expression(update.condition_expression().map(str::to_owned))
            .set_expression_attribute_names(update.expression_attribute_names().cloned())
            .set_expression_attribute_values(update.expression_attribute_values().cloned());
        let mut pause = Pause::default();
        loop {
            match timed(name, write.clone().send()).await {
                Ok(_) => return Ok(true),
                Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => return Ok(false),
                // Such as a transaction under the same identity that is at work.
                Err(error) if pause.tries < TRIES && is_worth_repeating(&error) => pause.wait().await,
                Err(error) => return Err(unavailable(name, &error)),
            }
        }
    }

    /// A write to the record as it was read.
    pub(super) fn update_of(&self, record: &StoreTokens) -> UpdateBuilder {
        Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(record.user_uuid)))
            .key("sk", s("store"))
            .expression_attribute_values(":generation", n(record.generation))
            .expression_attribute_values(":version", n(record.version))
    }

    fn seal(&self, record: &StoreTokens, attribute: &str, token: &Secret) -> Result<Vec<u8>, Error> {
        let place = Place { user_uuid: record.user_uuid, platform: shopify::PLATFORM.name, account: &record.shop, attribute };
        self.keys.seal(place, token)
    }
}

pub(super) fn write(update: UpdateBuilder) -> Result<TransactWriteItem, Error> {
    Ok(TransactWriteItem::builder().update(update.build().map_err(incomplete)?).build())
}

pub(super) fn reconnect_needed<'a>(record: &'a StoreTokens, reason: &'a str) -> Event<'a> {
    Event {
        event_type: EventType::ReconnectNeeded,
        user_uuid: record.user_uuid,
        platform: shopify::PLATFORM.name,
        account: &record.shop,
        reason: Some(reason),
    }
}

/// Whether something that is wanted was there and is not any more. Scopes that were added to the configuration since are asked for at the next launch; only what was taken away
/// needs the merchant.
pub(super) fn has_lost(record: &StoreTokens, scopes: &[String], wanted_scopes: &[String]) -> bool {
    let lacked = missing_scopes(wanted_scopes, &record.scopes);
    missing_scopes(wanted_scopes, scopes).iter().any(|scope| !lacked.contains(scope))
}

/// The record with its next pair.
fn renewed(record: &StoreTokens, tokens: &Tokens, wanted_scopes: &[String], now: UnixSeconds) -> StoreTokens {
    // A reply need not repeat scopes that did not change (RFC 6749, section 5.1).
    let scopes = if tokens.scopes.is_empty() { &record.scopes } else { &tokens.scopes };
    let lost = has_lost(record, scopes, wanted_scopes);
    // A pair without a refresh token leaves the one that there is.
    let (refresh_token, refresh_expires_at) = match &tokens.refresh_token {
        Some(refresh_token) => (Some(refresh_token.clone()), tokens.refresh_expires_at),
        None => (record.refresh_token.clone(), record.refresh_expires_at),
    };
    let due_at = store_due_at(record.user_uuid, now, keep_alive_at(tokens.expires_at.is_some(), now, refresh_expires_at));
    StoreTokens {
        status: if lost { Status::ReconnectNeeded } else { Status::Active },
        reason: lost.then(|| MISSING_SCOPE.to_owned()),
        dead_since: lost.then_some(now),
        version: record.version.saturating_add(1),
        access_token: Some(tokens.access_token.clone()),
        access_expires_at: tokens.expires_at,
        refresh_token,
        refresh_expires_at,
        issued_at: now,
        scopes: scopes.clone(),
        due_at: if lost {
            Some(now.saturating_add(LOOK_EVERY))
        } else if record.is_unidentified() {
            // Whoever asks which shop it is comes for that as soon as before.
            record.due_at.or(Some(due_at))
        } else {
            record.due_at.filter(|due| (now.saturating_add(FAR_AWAY)..=due_at).contains(due)).or(Some(due_at))
        },
        old_key: false,
        ..record.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: UnixSeconds = 1_000_000;
    const DAY: u64 = 24 * 3600;

    fn tokens(scopes: &[&str], refresh: Option<&str>) -> Tokens {
        Tokens {
            access_token: Secret::new("a2"),
            refresh_token: refresh.map(Secret::new),
            expires_at: Some(NOW + 3600),
            refresh_expires_at: refresh.map(|_| NOW + 90 * DAY),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            scope: scopes.join(","),
        }
    }

    fn record() -> StoreTokens {
        let scopes = vec!["read_products".to_owned(), "read_locations".to_owned()];
        StoreTokens { scopes, ..super::super::tokens::tests::record(Uuid::from_u128(5), NOW - 3600, Some(NOW + 80 * DAY)) }
    }

    fn wanted(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    #[test]
    fn only_scopes_that_were_taken_away_need_the_merchant() {
        let wanted = wanted(&["read_products", "read_locations", "read_discounts"]);
        let status = |granted: &[&str]| renewed(&record(), &tokens(granted, Some("r2")), &wanted, NOW).status;
        assert_eq!(status(&["read_products", "read_locations"]), Status::Active);
        assert_eq!(status(&["write_products", "read_locations"]), Status::Active);
        assert_eq!(status(&[]), Status::Active);
        assert_eq!(status(&["read_products"]), Status::ReconnectNeeded);
    }

    #[test]
    fn a_pair_without_a_refresh_token_keeps_the_old_one() {
        let renewed = renewed(&record(), &tokens(&[], None), &[], NOW);
        assert_eq!(renewed.refresh_token.unwrap().expose(), "r");
        assert_eq!((renewed.refresh_expires_at, renewed.version), (Some(NOW + 80 * DAY), 2));
    }

    #[test]
    fn a_new_pair_takes_the_place_of_all_that_was_said_of_the_old_one() {
        let before = || StoreTokens { status: Status::ReconnectNeeded, dead_since: Some(NOW - 5), old_key: true, ..record() };
        let after = renewed(&before(), &tokens(&[], Some("r2")), &[], NOW);
        assert_eq!((after.status, after.dead_since, after.reason.as_deref()), (Status::Active, None, None));
        assert_eq!((after.access_token.unwrap().expose(), after.access_expires_at), ("a2", Some(NOW + 3600)));
        assert_eq!((after.refresh_token.unwrap().expose(), after.refresh_expires_at), ("r2", Some(NOW + 90 * DAY)));
        assert_eq!((after.issued_at, after.old_key), (NOW, false));
        let lost = renewed(&record(), &tokens(&["read_products"], Some("r2")), &wanted(&["read_locations"]), NOW);
        assert_eq!((lost.status, lost.dead_since, lost.reason.as_deref()), (Status::ReconnectNeeded, Some(NOW), Some(MISSING_SCOPE)));
    }

    #[test]
    fn a_due_time_that_is_far_enough_away_stays() {
        let known = || StoreTokens { shop_id: Some("42".to_owned()), ..record() };
        let due = |due_at| renewed(&StoreTokens { due_at, ..known() }, &tokens(&[], Some("r2")), &[], NOW).due_at.unwrap();
        assert_eq!(due(Some(NOW + 3 * DAY)), NOW + 3 * DAY);
        assert_eq!(due(Some(NOW + DAY / 2)), NOW + DAY / 2);
        for other in [None, Some(NOW + 3600), Some(NOW + DAY / 2 - 1), Some(NOW + 40 * DAY)] {
            let set = due(other);
            assert!((NOW + 6 * DAY..=NOW + 7 * DAY).contains(&set), "{set}");
        }
        // Somebody is about to ask which shop these are.
        for unknown in [record(), StoreTokens { unconfirmed: true, ..known() }, StoreTokens { uncompared: true, ..known() }] {
            let record = StoreTokens { due_at: Some(NOW - 60), ..unknown };
            assert_eq!(renewed(&record, &tokens(&[], Some("r2")), &[], NOW).due_at, Some(NOW - 60));
        }
    }
}
