//! Sessions, which authorize a browser between the two flows. Only the hash of the cookie is
//! stored.

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

/// How long a notice is shown, in milliseconds.
const WORTH_TELLING: u64 = 10 * 60 * 1000;
/// Flows to platforms of accounts that may begin from one session.
const MAX_ATTEMPTS: u64 = 20;

/// The key of a session: a hash, from which the cookie can't be recovered. The cookie itself
/// decrypts the session's list of what was left behind, which few have.
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

    /// The key for its list of what was left behind.
    fn sealing(&self) -> Zeroizing<[u8; 32]> {
        self.token.key(LeftBehind::PURPOSE)
    }

    /// The session's key.
    pub(super) fn key(&self) -> Key {
        Key::session(&self.hash)
    }

    /// The hash, as listed in the link.
    pub(super) fn as_str(&self) -> &str {
        &self.hash
    }

    /// The link's entry for it, with its expiry.
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
    /// The identity it may link accounts to.
    pub user_uuid: Uuid,
    /// The identity's store.
    pub shop: String,
    /// The identity's generation when the session began, or when its own merchant raised it.
    pub generation: u64,
    /// What this session just disconnected.
    pub notice: Option<Notice>,
    /// What its flows left behind because another identity holds it, the latest first.
    pub left_behind: Vec<LeftBehind>,
    attempts: u64,
    /// Its store was disconnected: it shows what is left, and begins no more flows.
    list_only: bool,
}

impl Session {
    /// What its flows left behind of a kind.
    pub fn left_behind_of(&self, kind: &AccountKind) -> impl Iterator<Item = &LeftBehind> {
        self.left_behind.iter().filter(move |one| one.id.kind() == kind)
    }

    /// The session in an item, while it lives.
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

    /// Whether it belongs to the store that our page named, if any.
    fn is_of(&self, shop: Option<&str>) -> bool {
        shop.is_none_or(|shop| shop == self.shop)
    }
}

impl Sessions {
    /// The session of a cookie, in which accounts can be linked. None if it has expired, however
    /// long DynamoDB keeps it, or its store was disconnected.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        Ok(self.load_for_list(key).await?.filter(|session| !session.list_only))
    }

    /// The same, if it belongs to this store; any store if none is named.
    ///
    /// # Errors
    /// `invalid_session`, `storage_unavailable`.
    pub async fn load_of(&self, key: &SessionKey, shop: Option<&str>) -> Result<Session, Error> {
        self.load(key).await?.filter(|session| session.is_of(shop)).ok_or_else(invalid)
    }

    /// The same for the list of what is linked, which a session may show even after its store was
    /// disconnected.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_for_list(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        let found = self.database.read("dynamodb.session", key.key()).await?;
        Ok(found.and_then(|found| Session::read(&found, key, &self.clock, self.platforms)))
    }

    /// Ends a session. Nothing happens when there is none.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn delete(&self, key: &SessionKey) -> Result<(), Error> {
        self.database.write_one("dynamodb.sign_out", Write::delete(key.key())).await?;
        Ok(())
    }

    /// Counts a flow that begins in a session of this store, and returns the session, in one write.
    /// Resent after a lost answer, it counts once and refuses nothing.
    ///
    /// # Errors
    /// `invalid_session` as [`Sessions::load_of`]; `too_many_attempts`, which leads to the store's
    /// login; `storage_unavailable`.
    pub async fn count_attempt(&self, key: &SessionKey, shop: Option<&str>) -> Result<Session, Error> {
        // Distinguishes a resend of the same write from another flow.
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

    /// Stores in the session what a flow left behind, if the flow itself wrote nothing. Without it
    /// the merchant sees ids instead of names, so a failure is only logged.
    pub async fn keep_left_behind(&self, key: &SessionKey, session: &Session, kind: &AccountKind, left_behind: &[LeftBehind]) {
        let keep = async {
            let keep = keep_left_behind(key, session.user_uuid, kind, left_behind)?;
            // A session that has ended in between stores nothing.
            Ok::<_, Error>(self.database.write_one("dynamodb.keep_left_behind", keep).await?)
        };
        if let Err(error) = keep.await {
            tracing::warn!(cause = error.cause, "left behind, and not kept");
        }
    }
}

impl Sessions {
    /// Stores a form's result for the session's list.
    ///
    /// # Errors
    /// `storage_unavailable`. A session that has ended in between gets none.
    pub async fn tell(&self, key: &SessionKey, session: &Session, notice: Notice) -> Result<(), Error> {
        let tell = Write::change(key.key())
            .when_is(&IDENTITY, session.user_uuid)
            .set(&NOTICE, notice_text(notice))
            .set(&NOTICE_AT, self.clock.now_millis());
        self.database.write_one("dynamodb.note", tell).await?;
        Ok(())
    }
}

/// Stores in the session of this identity what was left behind of a kind.
pub(super) fn keep_left_behind(key: &SessionKey, user_uuid: Uuid, kind: &AccountKind, left_behind: &[LeftBehind]) -> Result<Write, Error> {
    let sealed = LeftBehind::seal(left_behind, &key.sealing())?;
    Ok(Write::change(key.key()).when_is(&IDENTITY, user_uuid).set(&LeftBehind::attribute(kind), sealed))
}

/// A notice as stored in a session.
pub(super) fn notice_text(notice: Notice) -> String {
    notice.words().join(" ").trim_end().to_owned()
}

/// The notice in a session, while it is current.
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

/// When a session that begins now expires.
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
    fn a_notice_is_read_as_it_was_written_and_for_ten_minutes() {
        for told in every() {
            let session = Row::default().with(&NOTICE, notice_text(told)).with(&NOTICE_AT, 5000);
            assert_eq!(notice(&session, PLATFORMS, 5000), Some(told));
            assert_eq!(notice(&session, PLATFORMS, 5000 + WORTH_TELLING - 1), Some(told));
            assert_eq!(notice(&session, PLATFORMS, 5000 + WORTH_TELLING), None);
        }
        assert_eq!(notice(&Row::default(), PLATFORMS, 0), None);
    }

    #[test]
    fn what_this_version_does_not_know_says_nothing() {
        for text in ["", "page", "page done", "page done lost", "store", "store x", "else", "Page done kept"] {
            assert_eq!(Notice::parse(text, PLATFORMS), None, "{text}");
        }
    }
}
