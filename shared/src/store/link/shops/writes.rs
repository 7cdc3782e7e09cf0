//! The parts of a store's link, as items and conditions.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    Error, UnixSeconds,
    providers::shopify::token::Tokens,
    random,
    store::{
        Tables,
        events::{self, EventType},
        flows::Claim,
        records::{Shop, Status, attributes::*, place_of_shop, seal},
        schedule::{Urgency, keep_alive_at, shop_due_at},
        sessions::{SessionKey, expires_at, new_session},
        table::{Attribute, Condition, Key, Row, Sealed, Transaction, Write},
    },
};

/// How many of a store's newest sessions stay. More would make its item large, and no merchant has
/// that many browsers.
const SESSIONS_KEPT: usize = 20;
/// The most sessions that a link ends: together with the link they are one transaction.
const ENDING: usize = 60;
/// When the keeper asks which shop it is, unless the link has found out by then.
const IDENTIFY_AFTER: u64 = 600;

/// What a link writes.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// The shop's domain.
    pub shop: &'a str,
    /// What Shopify issued.
    pub tokens: &'a Tokens,
    /// The client id it was issued to.
    pub api_key: &'a str,
    /// The new session.
    pub session: &'a SessionKey,
    /// The state that this link uses, with its lease.
    pub claim: &'a Claim,
}

/// A store that has just been linked.
#[derive(Clone, Debug)]
pub struct LinkedShop {
    /// Its identity.
    pub user_uuid: Uuid,
    /// The identity's generation.
    pub generation: u64,
    /// The numeric id by which it was known before.
    pub known_shop_id: Option<String>,
    /// The version of the token pair: a later pair has retired this one.
    pub(in crate::store) version: u64,
}

/// What every link writes: the store, the session, the event.
pub(super) fn with_link(
    transaction: Transaction<&'static str>,
    link: &NewLink<'_>,
    linked: &LinkedShop,
    shop: Write,
    now: UnixSeconds,
) -> Result<Transaction<&'static str>, Error> {
    Ok(transaction
        .and_as("store", shop)
        .and(new_session(link.session, linked.user_uuid, link.shop, linked.generation, now))
        .and(events::of_shop(linked.user_uuid, link.shop, EventType::Linked, None, now)?))
}

/// A new identity's store.
pub(super) fn new_shop(tables: &Tables, link: &NewLink<'_>, linked: &LinkedShop) -> Result<Write, Error> {
    let session_ends = expires_at(tables.clock.now());
    let shop = Write::change(Key::store(linked.user_uuid))
        .when(Condition::new_item())
        .set(&SHOP, link.shop)
        .set(&GENERATION, linked.generation)
        .set(&VERSION, linked.version)
        .set(&SESSIONS, BTreeMap::from([(link.session.as_str().to_owned(), session_ends)]))
        .set(&DUE_SHARD, Urgency::Routine.shard_of(linked.user_uuid));
    with_pair(tables, shop, link, linked.user_uuid)
}

/// The new pair of a known identity, ending these sessions. A store that had been uninstalled stays
/// unconfirmed, and its accounts without tokens, until the shop's id proves that it is the same
/// shop. One that was linked all along keeps working until then.
pub(super) fn relink(tables: &Tables, link: &NewLink<'_>, known: &Shop, ending: &[String]) -> Result<Write, Error> {
    let mark = if known.status == Status::Uninstalled { &UNCONFIRMED } else { &UNCOMPARED };
    let shop = Write::change(Key::store(known.user_uuid))
        .when(known.same_pair())
        .set(&VERSION, known.version.saturating_add(1))
        .set(&link.session.listed(), expires_at(tables.clock.now()))
        .set(mark, true);
    let shop = with_pair(tables, shop, link, known.user_uuid)?;
    Ok(ending.iter().fold(shop, |shop, session| shop.remove(&SESSIONS.entry::<u64>(session.clone()))))
}

/// Everything about the pair. The store is due soon, because the new token has yet to be used to
/// read which shop it is.
fn with_pair(tables: &Tables, shop: Write, link: &NewLink<'_>, user_uuid: Uuid) -> Result<Write, Error> {
    let tokens = link.tokens;
    let seal = |attribute: &Attribute<Sealed>, token| seal(&tables.keys, place_of_shop(user_uuid, link.shop, attribute), token);
    let now_ms = tables.clock.now_millis();
    let now = now_ms / 1000;
    Ok(shop
        .set(&ACCESS_TOKEN, seal(&ACCESS_TOKEN, &tokens.access_token)?)
        .set_or_remove(&ACCESS_EXPIRES_AT, tokens.expires_at)
        .set_or_remove(&REFRESH_TOKEN, tokens.refresh_token.as_ref().map(|token| seal(&REFRESH_TOKEN, token)).transpose()?)
        .set_or_remove(&REFRESH_EXPIRES_AT, tokens.refresh_expires_at)
        .set(&SCOPES, tokens.scopes.as_slice())
        .set(&APP_ID, link.api_key)
        .set(&STATUS, Status::Active)
        .set(&LINKED_AT, now)
        .set(&LINKED_MS, now_ms)
        .set(&CHECKED_AT, now)
        .set(&ISSUED_AT, now)
        .set(&DUE_AT, link.due_at(user_uuid, now).min(now.saturating_add(IDENTIFY_AFTER)))
        .remove_each([&REASON, &DEAD_SINCE, &FAILURES, &DEAD_SEEN_AT, &EXPIRING_TOLD, &UNINSTALLED_AT]))
}

impl NewLink<'_> {
    /// Points the shop to its identity, replacing a former one.
    pub(super) fn own(&self, user_uuid: Uuid, former: Option<Uuid>) -> Write {
        let owner = Write::put(Key::owner_of_shop(self.shop), Row::default().with(&IDENTITY, user_uuid));
        owner.when(former.map_or_else(Condition::new_item, |former| IDENTITY.is(former)))
    }

    /// When a store with a known shop is due.
    pub(super) fn due_at(&self, user_uuid: Uuid, now: UnixSeconds) -> UnixSeconds {
        shop_due_at(user_uuid, now, keep_alive_at(self.tokens.expires_at.is_some(), now, self.tokens.refresh_expires_at))
    }
}

impl LinkedShop {
    /// Under a new identity.
    pub(super) fn new(known_shop_id: Option<String>) -> Result<Self, Error> {
        Ok(Self { user_uuid: random::uuid()?, generation: 1, known_shop_id, version: 1 })
    }

    /// Under the shop's existing identity, with its next pair.
    pub(super) fn again(known: &Shop) -> Self {
        let (user_uuid, generation, version) = (known.user_uuid, known.generation, known.version.saturating_add(1));
        Self { user_uuid, generation, known_shop_id: known.shop_id.clone(), version }
    }

    /// Requires that this link is still the current one.
    pub(super) fn is_current(&self) -> Condition {
        GENERATION.is(self.generation).and(VERSION.is(self.version))
    }
}

/// The sessions that end with a new link: all expired ones, and the oldest of the others, so that
/// [`SESSIONS_KEPT`] are left including the new one.
pub(super) fn ending(listed: &BTreeMap<String, UnixSeconds>, now: UnixSeconds) -> Vec<String> {
    let mut sessions: Vec<(UnixSeconds, &String)> = listed.iter().map(|(session, end)| (*end, session)).collect();
    sessions.sort_unstable();
    let live = sessions.iter().filter(|(end, _)| *end >= now).count();
    let ending = sessions.len() - live + (live + 1).saturating_sub(SESSIONS_KEPT);
    sessions.into_iter().take(ending.min(ENDING)).map(|(_, session)| session.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_ends_at_most_sixty_sessions() {
        let few = BTreeMap::from([("ended", 99), ("ends", 100), ("lives", 101), ("unreadable", 0)]);
        let few = few.into_iter().map(|(session, end)| (session.to_owned(), end)).collect();
        assert_eq!(ending(&few, 100), ["unreadable", "ended"]);
        let many = (0..70).map(|number| (number.to_string(), 1)).collect();
        assert_eq!(ending(&many, 100).len(), 60);
    }
}
