//! The parts of a store's link, as items and conditions.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    clock::UnixSeconds,
    error::Error,
    store::{
        Tables,
        records::{
            Shop, Status,
            attributes::{
                ACCESS_EXPIRES_AT, ACCESS_TOKEN, APP_ID, DEAD_SEEN_AT, DEAD_SINCE, DUE_AT, DUE_SHARD, FAILURES, GENERATION, IDENTITY,
                ISSUED_AT, LINKED_AT, LINKED_MS, REASON, REFRESH_EXPIRES_AT, REFRESH_TOKEN, SCOPES, SESSIONS, SHOP, STATUS, UNCOMPARED,
                UNCONFIRMED, UNINSTALLED_AT, VERSION,
            },
            place_of_shop, seal,
        },
        schedule::{Urgency, keep_alive_at, shop_due_at},
        sessions::expires_at,
        table::{Attribute, Condition, Key, Row, Sealed, Write},
    },
};

use super::{LinkedShop, NewLink};

/// The newest sessions of a store that stay; more would make its item large, and no merchant has
/// that many browsers.
const SESSIONS_KEPT: usize = 20;
/// Sessions that a link ends, at most: together with the link they are one transaction.
const ENDING: usize = 60;
/// When the keeper asks which shop it is, unless the link has found that out by then.
const IDENTIFY_AFTER: u64 = 600;

impl Tables {
    /// The store of a new identity.
    pub(super) fn new_shop(&self, link: &NewLink<'_>, linked: &LinkedShop) -> Result<Write, Error> {
        let session_ends = expires_at(self.clock.now());
        let shop = Write::change(Key::store(linked.user_uuid))
            .when_new()
            .set(&SHOP, link.shop)
            .set(&GENERATION, linked.generation)
            .set(&VERSION, linked.version)
            .set(&SESSIONS, BTreeMap::from([(link.session.as_str().to_owned(), session_ends)]))
            .set(&DUE_SHARD, Urgency::Routine.shard_of(linked.user_uuid));
        self.with_pair(shop, link, linked.user_uuid)
    }

    /// The new pair for a known identity, in which these sessions end. A store that had been
    /// uninstalled stays unconfirmed, and its Pages without tokens, until the shop's id shows that it
    /// is the same shop. One that was linked all the time goes on until then.
    pub(super) fn relink(&self, link: &NewLink<'_>, known: &Shop, ending: &[String]) -> Result<Write, Error> {
        let mark = if known.status == Status::Uninstalled { &UNCONFIRMED } else { &UNCOMPARED };
        let session_ends = expires_at(self.clock.now());
        let shop = Write::change(Key::store(known.user_uuid))
            .when(known.same_pair())
            .set(&VERSION, known.version.saturating_add(1))
            .set(&SESSIONS.entry(link.session.as_str().to_owned()), session_ends)
            .set(mark, true);
        let shop = self.with_pair(shop, link, known.user_uuid)?;
        Ok(ending.iter().fold(shop, |shop, session| shop.remove(&SESSIONS.entry::<u64>(session.clone()))))
    }

    /// All that belongs to the pair. The store is due soon: which shop it is has yet to be read with
    /// the new token.
    fn with_pair(&self, shop: Write, link: &NewLink<'_>, user_uuid: Uuid) -> Result<Write, Error> {
        let tokens = link.tokens;
        let seal = |attribute: &Attribute<Sealed>, token| seal(&self.keys, place_of_shop(user_uuid, link.shop, attribute), token);
        let access_token = seal(&ACCESS_TOKEN, &tokens.access_token)?;
        let refresh_token = tokens.refresh_token.as_ref().map(|token| seal(&REFRESH_TOKEN, token)).transpose()?;
        let now_ms = self.clock.now_millis();
        let now = now_ms / 1000;
        let due_at = link.due_at(user_uuid, now).min(now.saturating_add(IDENTIFY_AFTER));
        Ok(shop
            .set(&ACCESS_TOKEN, access_token)
            .set_or_remove(&ACCESS_EXPIRES_AT, tokens.expires_at)
            .set_or_remove(&REFRESH_TOKEN, refresh_token)
            .set_or_remove(&REFRESH_EXPIRES_AT, tokens.refresh_expires_at)
            .set(&SCOPES, tokens.scopes.as_slice())
            .set(&APP_ID, link.api_key)
            .set(&STATUS, Status::Active)
            .set(&LINKED_AT, now)
            .set(&LINKED_MS, now_ms)
            .set(&ISSUED_AT, now)
            .set(&DUE_AT, due_at)
            .remove_each([&REASON, &DEAD_SINCE, &FAILURES, &DEAD_SEEN_AT, &UNINSTALLED_AT]))
    }
}

impl NewLink<'_> {
    /// Leads from the shop to its identity, in the place of a former one.
    pub(super) fn own(&self, user_uuid: Uuid, former: Option<Uuid>) -> Write {
        let owner = Write::put(Key::owner_of_shop(self.shop), Row::default().with(&IDENTITY, user_uuid));
        match former {
            None => owner.when_new(),
            Some(former) => owner.when_is(&IDENTITY, former),
        }
    }

    /// When a store is due whose shop is known.
    pub(super) fn due_at(&self, user_uuid: Uuid, now: UnixSeconds) -> UnixSeconds {
        let tokens = self.tokens;
        shop_due_at(user_uuid, now, keep_alive_at(tokens.expires_at.is_some(), now, tokens.refresh_expires_at))
    }
}

impl LinkedShop {
    /// The condition that this link is still the one that stands there.
    pub(super) fn is_current(&self) -> Condition {
        GENERATION.is(self.generation).and(VERSION.is(self.version))
    }
}

/// The sessions that end with a new link: all that are over, and of the others the oldest, so that
/// [`SESSIONS_KEPT`] are left with the new one.
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
    fn at_most_sixty_sessions_end_with_a_link() {
        let few = BTreeMap::from([("ended", 99), ("ends", 100), ("lives", 101), ("unreadable", 0)]);
        let few = few.into_iter().map(|(session, end)| (session.to_owned(), end)).collect();
        assert_eq!(ending(&few, 100), ["unreadable", "ended"]);
        let many = (0..70).map(|number| (number.to_string(), 1)).collect();
        assert_eq!(ending(&many, 100).len(), 60);
    }
}
