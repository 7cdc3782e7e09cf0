//! A merchant disconnects what is linked, from the browser of a live session. Each write requires
//! that session, and that the identity is the one that it was shown.
//!
//! The session goes on: it carries what was done to the list that is shown next, and it moves with
//! the identity's generation where a disconnect raises that.

pub mod account;
pub mod shop;

use crate::store::{
    Sessions,
    flows::{flow, is_in_flight},
    records::attributes::*,
    sessions::{Session, SessionKey, notice_text},
    table::{Write, Written},
};
use crate::{Error, UnixSeconds, facts::Notice, platform::Platform};

/// A callback that claimed a state just before it ended may work for this long after.
const LATE: u64 = 30;

/// Whose wish it is: the browser's session, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Its key.
    pub key: &'a SessionKey,
    /// The session.
    pub session: &'a Session,
}

/// What became of a wish.
#[derive(Debug)]
pub enum Attempt<T> {
    /// It was carried out.
    Done(T),
    /// There is nothing of that kind under the identity, or not any more.
    Gone,
    /// Session or identity are not as they were read; to be read again.
    Changed,
}

/// A notice as it was written, so that what is found out later can take its place.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    /// What it says.
    pub notice: Notice,
    pub(in crate::store) at_ms: u64,
}

impl<T> Attempt<T> {
    /// Done, if all of it was written.
    fn of(written: &Written, done: T) -> Self {
        if written.is_whole() { Self::Done(done) } else { Self::Changed }
    }
}

/// Requires the acting session as it was read, and leaves the notice in it.
fn note_in_session(acting: Acting<'_>, noted: Noted, now: UnixSeconds) -> Write {
    Write::change(acting.key.key())
        .when_is(&IDENTITY, acting.session.user_uuid)
        .when_is(&GENERATION, acting.session.generation)
        .when(EXPIRES_AT.above(now))
        .set(&NOTICE, notice_text(noted.notice))
        .set(&NOTICE_AT, noted.at_ms)
}

impl Sessions {
    /// Puts what is known by now in the place of what was noted with the disconnect. Best effort:
    /// the other one says less, and nothing wrong.
    pub async fn note(&self, key: &SessionKey, noted: Noted, notice: Notice) {
        if notice == noted.notice {
            return;
        }
        // Another disconnect of this session may have said something since.
        let note = Write::change(key.key()).when_is(&NOTICE_AT, noted.at_ms).set(&NOTICE, notice_text(notice));
        if let Err(failure) = self.database.write_one("dynamodb.note", note).await {
            tracing::warn!(cause = failure.cause, "what a disconnect did is not noted");
        }
    }

    /// Whether a callback of this account is at work, or died at it a moment ago.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn has_flow_in_flight(&self, platform: &'static Platform, account: &str) -> Result<bool, Error> {
        let flows = self.database.read("dynamodb.flows", flow(platform, account)).await?;
        Ok(flows.is_some_and(|flows| is_in_flight(&flows, LATE, self.clock.now())))
    }
}
