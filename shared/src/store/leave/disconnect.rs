//! Disconnecting by the merchant, from a browser with a live session. Each write requires that
//! session, and the identity as it was shown.
//!
//! The session goes on: it carries the result to the list that is shown next, and follows the
//! identity's generation if a disconnect raises it.

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

/// A callback that claimed a state just before the state ended may run for this long after.
const LATE: u64 = 30;

/// Who is acting: the browser's session, as read.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Its key.
    pub key: &'a SessionKey,
    /// The session.
    pub session: &'a Session,
}

/// The outcome of a disconnect.
#[derive(Debug)]
pub enum Attempt<T> {
    /// It was carried out.
    Done(T),
    /// The identity has, or no longer has, nothing of that kind.
    Gone,
    /// Session or identity have changed since they were read; read them again.
    Changed,
}

/// A notice as written, so that later findings can replace it.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    /// What it says.
    pub notice: Notice,
    pub(in crate::store) at_ms: u64,
}

impl<T> Attempt<T> {
    /// Done, if everything was written.
    fn of(written: &Written, done: T) -> Self {
        if written.is_whole() { Self::Done(done) } else { Self::Changed }
    }
}

/// Requires the acting session as it was read, and stores the notice in it.
fn note_in_session(acting: Acting<'_>, noted: Noted, now: UnixSeconds) -> Write {
    Write::change(acting.key.key())
        .when_is(&IDENTITY, acting.session.user_uuid)
        .when_is(&GENERATION, acting.session.generation)
        .when(EXPIRES_AT.above(now))
        .set(&NOTICE, notice_text(noted.notice))
        .set(&NOTICE_AT, noted.at_ms)
}

impl Sessions {
    /// Replaces the notice of the disconnect with what is known by now. Best effort: the earlier
    /// one says less, but nothing wrong.
    pub async fn note(&self, key: &SessionKey, noted: Noted, notice: Notice) {
        if notice == noted.notice {
            return;
        }
        // Another disconnect in this session may have left a notice since.
        let note = Write::change(key.key()).when_is(&NOTICE_AT, noted.at_ms).set(&NOTICE, notice_text(notice));
        if let Err(failure) = self.database.write_one("dynamodb.note", note).await {
            tracing::warn!(cause = failure.cause, "what a disconnect did is not noted");
        }
    }

    /// Whether a callback for this account is running, or died a moment ago.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn has_flow_in_flight(&self, platform: &'static Platform, account: &str) -> Result<bool, Error> {
        let flows = self.database.read("dynamodb.flows", flow(platform, account)).await?;
        Ok(flows.is_some_and(|flows| is_in_flight(&flows, LATE, self.clock.now())))
    }
}
