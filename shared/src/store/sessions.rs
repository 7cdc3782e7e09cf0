//! Sessions: what a browser may do between the two flows. Only the hash of the cookie is stored.

mod left_behind;

pub use left_behind::LeftBehind;

use std::fmt;

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    Clock, Code, Error, UnixSeconds,
    facts::{NextStep, Notice},
    platform::{AccountKind, Platforms},
    reply::cookie::{MAX_AGE, Name, Token},
    signing::{base64url, hex},
};

use super::{
    Sessions,
    records::attributes::*,
    table::{Answer, Attribute, Key, Row, Write},
};

/// How long a notice is worth showing, in milliseconds.
const WORTH_TELLING: u64 = 10 * 60 * 1000;
/// How many flows to account platforms may begin from one session.
const MAX_ATTEMPTS: u64 = 20;

/// The key of a session: a hash from which the cookie can't be derived. The cookie itself opens the
/// session's list of accounts left behind, which few sessions have.
#[derive(Clone)]
pub struct SessionKey {
    hash: String,
    token: Token,
}

impl SessionKey {
    /// The key for a cookie.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        Self { hash: base64url(&token.hash(Name::Session)), token: token.clone() }
    }

    /// The key that seals its list of accounts left behind.
    fn sealing(&self) -> Zeroizing<[u8; 32]> {
        self.token.key(LeftBehind::PURPOSE)
    }

    /// The session's key in the table.
    pub(super) fn key(&self) -> Key {
        Key::session(&self.hash)
    }

    /// The hash, as the link lists its sessions.
    pub(super) fn as_str(&self) -> &str {
        &self.hash
    }

    /// The attribute in which the link lists it, with its end.
    pub(super) fn listed(&self) -> Attribute<u64> {
        SESSIONS.entry(self.hash.clone())
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionKey").field(&self.hash).finish()
    }
}

/// A live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The identity that it may add to.
    pub user_uuid: Uuid,
    /// The identity's store.
    pub shop: String,
    /// The identity's generation when the session began, or as its own merchant raised it since.
    pub generation: u64,
    /// What this session disconnected a moment ago.
    pub notice: Option<Notice>,
    /// Accounts that its flows left behind because another identity holds them, latest first.
    pub left_behind: Vec<LeftBehind>,
    attempts: u64,
    /// Its store was disconnected: it shows what is left and begins no more flows.
    list_only: bool,
}

impl Session {
    /// Accounts of a kind that its flows left behind.
    pub fn left_behind_of(&self, kind: &AccountKind) -> impl Iterator<Item = &LeftBehind> {
        self.left_behind.iter().filter(move |one| one.id.kind() == kind)
    }

    /// The session in an item, while it is live.
    fn read(found: &Row, key: &SessionKey, clock: &Clock, platforms: Platforms) -> Option<Self> {
        let live = found.get(&EXPIRES_AT)? > clock.now();
        live.then_some(Self {
            user_uuid: found.get(&IDENTITY)?,
            shop: found.get(&SHOP)?,
            generation: found.get(&GENERATION)?,
            notice: notice(found, platforms, clock.now_millis()),
            left_behind: LeftBehind::read(found, || key.sealing(), platforms),
            attempts: found.get_or_default(&ATTEMPTS),
            list_only: found.has(&LIST_ONLY),
        })
    }

    /// Whether it belongs to the store that one of our pages named, if any.
    fn is_of(&self, shop: Option<&str>) -> bool {
        shop.is_none_or(|shop| shop == self.shop)
    }
}

impl Sessions {
    /// The session of a cookie, in which accounts can be linked. An expired session is none, even
    /// if DynamoDB still has it, and so is one whose store was disconnected.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        Ok(self.load_for_list(key).await?.filter(|session| !session.list_only))
    }

    /// The same, if it belongs to this store; any store will do if none is named.
    ///
    /// # Errors
    /// `invalid_session`, `storage_unavailable`.
    pub async fn load_of(&self, key: &SessionKey, shop: Option<&str>) -> Result<Session, Error> {
        self.load(key).await?.filter(|session| session.is_of(shop)).ok_or_else(invalid)
    }

    /// The same for the list of links, for which a session remains valid after its store was
    /// disconnected.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_for_list(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        let found = self.database.read("dynamodb.session", key.key()).await?;
        Ok(found.and_then(|found| Session::read(&found, key, &self.clock, self.platforms)))
    }

    /// Ends a session. Does nothing if there is none.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn delete(&self, key: &SessionKey) -> Result<(), Error> {
        self.database.write_one("dynamodb.sign_out", Write::delete(key.key())).await?;
        Ok(())
    }

    /// Counts a flow that begins in a session of this store, and returns the session, both in one
    /// write. A retry after a lost answer counts once and refuses nothing.
    ///
    /// # Errors
    /// `invalid_session` as [`Sessions::load_of`]; `too_many_attempts`, which sends the browser to
    /// the store's login; `storage_unavailable`.
    pub async fn count_attempt(&self, key: &SessionKey, shop: Option<&str>) -> Result<Session, Error> {
        // Distinguishes a retry of the same write from another flow.
        let attempt = hex(&crate::random::bytes::<8>()?);
        let mut count = Write::change(key.key())
            .when(EXPIRES_AT.above(self.clock.now()))
            .when(LIST_ONLY.absent())
            .when(ATTEMPTS.below(MAX_ATTEMPTS))
            .when(LAST_ATTEMPT.absent().or(LAST_ATTEMPT.is_not(&attempt)))
            .increase(&ATTEMPTS, 1)
            .set(&LAST_ATTEMPT, &attempt)
            .returning_old()
            .returning_new();
        if let Some(shop) = shop {
            count = count.when_is(&SHOP, shop);
        }
        let answer = self.database.write_one("dynamodb.count_attempt", count).await?;
        let is_written = answer.is_written();
        let (Answer::Written(found) | Answer::Refused(Some(found))) = answer else { return Err(invalid()) };
        let session = Session::read(&found, key, &self.clock, self.platforms).filter(|session| !session.list_only && session.is_of(shop));
        let session = session.ok_or_else(invalid)?;
        if is_written || found.text(&LAST_ATTEMPT) == Some(&attempt) {
            Ok(session)
        } else if session.attempts >= MAX_ATTEMPTS {
            Err(Error::of(Code::TooManyAttempts).leading_to(NextStep::store_login(&session.shop)))
        } else {
            Err(invalid())
        }
    }

    /// Keeps in the session what a flow left behind when the flow itself wrote nothing. Without it
    /// the merchant sees numbers instead of names, so a failure is only logged.
    pub async fn keep_left_behind(&self, key: &SessionKey, session: &Session, kind: &AccountKind, left_behind: &[LeftBehind]) {
        let keep = async {
            let keep = keep_left_behind(key, session.user_uuid, kind, left_behind)?;
            // A session that has ended since keeps nothing.
            Ok::<_, Error>(self.database.write_one("dynamodb.keep_left_behind", keep).await?)
        };
        if let Err(error) = keep.await {
            tracing::warn!(cause = error.cause, "left behind, and not kept");
        }
    }
}

impl Sessions {
    /// Tells the session's list what a form did.
    ///
    /// # Errors
    /// `storage_unavailable`. A session that has ended since gets no notice.
    pub async fn tell(&self, key: &SessionKey, session: &Session, notice: Notice) -> Result<(), Error> {
        let tell = Write::change(key.key())
            .when_is(&IDENTITY, session.user_uuid)
            .set(&NOTICE, notice_text(notice))
            .set(&NOTICE_AT, self.clock.now_millis());
        self.database.write_one("dynamodb.note", tell).await?;
        Ok(())
    }
}

/// Keeps in this identity's session the accounts of a kind that were left behind.
pub(super) fn keep_left_behind(key: &SessionKey, user_uuid: Uuid, kind: &AccountKind, left_behind: &[LeftBehind]) -> Result<Write, Error> {
    let sealed = LeftBehind::seal(left_behind, &key.sealing())?;
    Ok(Write::change(key.key()).when_is(&IDENTITY, user_uuid).set(&LeftBehind::attribute(kind), sealed))
}

/// A notice as a session stores it.
pub(super) fn notice_text(notice: Notice) -> String {
    notice.words().join(" ").trim_end().to_owned()
}

/// The notice in a session, while it is worth showing.
fn notice(session: &Row, platforms: Platforms, now_ms: u64) -> Option<Notice> {
    let is_fresh = now_ms < session.get(&NOTICE_AT)?.saturating_add(WORTH_TELLING);
    Notice::parse(session.text(&NOTICE)?, platforms).filter(|_| is_fresh)
}

/// The session is unknown, expired, or not the required one.
#[must_use]
pub fn invalid() -> Error {
    Error::of(Code::InvalidSession)
}

/// A new session; it ends with its cookie.
pub(super) fn new_session(key: &SessionKey, user_uuid: Uuid, shop: &str, generation: u64, now: UnixSeconds) -> Write {
    let row = Row::default()
        .with(&IDENTITY, user_uuid)
        .with(&SHOP, shop)
        .with(&GENERATION, generation)
        .with(&ATTEMPTS, 0)
        .with(&EXPIRES_AT, expires_at(now))
        .with(&TTL, expires_at(now));
    Write::put(key.key(), row)
}

/// When a session that begins now ends.
pub(super) fn expires_at(now: u64) -> u64 {
    now.saturating_add(MAX_AGE.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::{Permission, Uninstalled, Unsubscribed},
        providers::{NEXT, PLATFORMS},
    };

    fn every() -> Vec<Notice> {
        let accounts = Unsubscribed::ALL
            .into_iter()
            .flat_map(|unsubscribed| Permission::ALL.map(|permission| Notice::Account { kind: NEXT, unsubscribed, permission }));
        accounts.chain(Uninstalled::ALL.map(|uninstalled| Notice::Store { uninstalled })).chain([Notice::Note]).collect()
    }

    #[test]
    fn a_notice_survives_a_round_trip_and_lasts_ten_minutes() {
        for told in every() {
            let session = Row::default().with(&NOTICE, notice_text(told)).with(&NOTICE_AT, 5000);
            assert_eq!(notice(&session, PLATFORMS, 5000), Some(told));
            assert_eq!(notice(&session, PLATFORMS, 5000 + WORTH_TELLING - 1), Some(told));
            assert_eq!(notice(&session, PLATFORMS, 5000 + WORTH_TELLING), None);
        }
        assert_eq!(notice(&Row::default(), PLATFORMS, 0), None);
    }

    #[test]
    fn unknown_notices_say_nothing() {
        for text in ["", "page", "page done", "page done lost", "store", "store x", "else", "Page done kept"] {
            assert_eq!(Notice::parse(text, PLATFORMS), None, "{text}");
        }
    }
}
