//! What a person, or an account, asked for by leaving: the privacy request itself, as a record.
//!
//! One item per signed request, under a code derived from what was signed. The item remembers the
//! request (a repeat has no further effect, and a request first made at one route can't ask for
//! something else at the other), is the job still to do (due until settled, with the subject sealed
//! in it), and is what the status page shows. When the work is finished, the subject is deleted
//! from it.
//!
//! [`settling`] carries it out.

mod plan;
pub mod settling;
mod told;
mod work;

use uuid::Uuid;

pub use crate::store::records::Asked;
use crate::store::{
    Tables,
    records::{attributes::*, open, place_at, seal},
    schedule::Urgency,
    table::{Answer, Condition, Key, Row, Write},
};
use crate::{
    Error, Secret, UnixSeconds,
    platform::{AccountId, GrantId, Platform, Subject},
};

/// The account name under which a request's content is sealed.
const DEPARTURE: &str = "departure";
/// The attribute name under which its subject is sealed.
const SUBJECT: &str = "subject";

/// A verified request.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// Identifies the request to its sender; reveals nothing about the subject.
    pub code: Uuid,
    /// The platform that it came from.
    pub platform: &'static Platform,
    /// What it asks for.
    pub asked: Asked,
    /// Who leaves.
    pub subject: Subject,
    /// When the platform signed it.
    pub issued_at: UnixSeconds,
}

/// A request as stored.
#[derive(Clone, Debug)]
pub struct PrivacyRequest {
    /// Its code.
    pub code: Uuid,
    /// The platform that it came from.
    pub platform: &'static Platform,
    /// What it first asked for.
    pub asked: Asked,
    /// When it was first received.
    pub received_at: UnixSeconds,
    /// When everything was erased, if it was.
    pub done_at: Option<UnixSeconds>,
    /// How many records were erased or lost their tokens.
    pub records: u64,
    /// Nothing more will be found, and its subject is forgotten.
    pub settled: bool,
    /// Who leaves, until it is settled.
    subject: Option<Subject>,
    issued_at: UnixSeconds,
    received_ms: u64,
    /// How many of those records the audit knows about.
    audited: u64,
}

impl PrivacyRequest {
    fn read(code: Uuid, row: &Row, tables: &Tables) -> Result<Self, Error> {
        // What another version wrote is left to that version.
        let (platform, asked) = row.text(&ASKED).and_then(|text| asked_in(text, tables)).ok_or_else(|| unknown("asks for what"))?;
        let subject = open(&tables.keys, place_at(platform, code, DEPARTURE, SUBJECT), row.get(&CONTENT).as_ref())?;
        let subject = subject.token().map(|subject| from_secret(subject, platform).ok_or_else(|| unknown("is about whom"))).transpose()?;
        let received_ms: u64 = row.get_or_default(&RECEIVED_MS);
        Ok(Self {
            code,
            platform,
            asked,
            received_at: received_ms / 1000,
            done_at: row.get(&DONE_AT),
            records: row.get_or_default(&RECORDS),
            settled: !row.has(&CONTENT),
            subject,
            issued_at: row.get_or_default(&ISSUED_AT),
            received_ms,
            audited: row.get_or_default(&AUDITED),
        })
    }

    /// What it asks for, as stored and audited: `PLATFORM/WHAT`.
    pub(in crate::store) fn what(&self) -> String {
        text_of(self.platform, self.asked)
    }
}

fn text_of(platform: &Platform, asked: Asked) -> String {
    format!("{}/{}", platform.name, asked.as_str())
}

fn asked_in(text: &str, tables: &Tables) -> Option<(&'static Platform, Asked)> {
    let (platform, asked) = text.split_once('/')?;
    // An unknown word asks for the least.
    Some((tables.platforms.named(platform)?, Asked::parse(asked).unwrap_or_default()))
}

fn unknown(what: &str) -> Error {
    Error::storage_unavailable(format!("a request {what} is not known here"))
}

impl Tables {
    /// Records a request before acting on it, so that nothing is lost. A request that came before
    /// is returned as stored, under whichever of its codes it was recorded.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn record_request(&self, request: &NewRequest, older_codes: &[Uuid]) -> Result<PrivacyRequest, Error> {
        for code in older_codes {
            if let Some(known) = self.privacy_request(*code).await? {
                return Ok(known);
            }
        }
        let code = request.code;
        let received_ms = self.clock.now_millis();
        let now = received_ms / 1000;
        let row = Row::default()
            .with(&ASKED, text_of(request.platform, request.asked))
            .with(&ISSUED_AT, request.issued_at)
            .with(&RECEIVED_MS, received_ms)
            .with(&RECORDS, 0)
            .with(&AUDITED, 0)
            .with(&CONTENT, seal(&self.keys, place_at(request.platform, code, DEPARTURE, SUBJECT), &to_secret(&request.subject))?)
            .with(&DUE_SHARD, Urgency::Urgent.shard_of(code))
            .with(&DUE_AT, now)
            .with(&TTL, now.saturating_add(self.audit_retention));
        let write = Write::put(Key::request(code), row.clone()).when(Condition::new_item()).returning_old();
        match self.database.write_one("dynamodb.take_leave", write).await? {
            Answer::Written(_) => PrivacyRequest::read(code, &row, self),
            // Also when only the answer to this write was lost.
            Answer::Refused(Some(found)) => PrivacyRequest::read(code, &found, self),
            Answer::Refused(None) => {
                let known = self.privacy_request(code).await?;
                known.ok_or_else(|| Error::storage_unavailable("take_leave: neither new nor known"))
            }
        }
    }

    /// A request by its code, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key it is sealed with is not known here yet.
    pub async fn privacy_request(&self, code: Uuid) -> Result<Option<PrivacyRequest>, Error> {
        let found = self.database.read("dynamodb.store", Key::request(code)).await?;
        found.map(|found| PrivacyRequest::read(code, &found, self)).transpose()
    }
}

fn to_secret(subject: &Subject) -> Secret {
    Secret::new(match subject {
        Subject::Grant(id) => format!("{} {id}", id.kind().key),
        Subject::Account(id) => format!("{} {id}", id.kind().key),
        Subject::Nobody => "nobody".to_owned(),
    })
}

fn from_secret(subject: &Secret, platform: &Platform) -> Option<Subject> {
    let Some((key, id)) = subject.expose().split_once(' ') else { return Some(Subject::Nobody) };
    let grant = platform.grant.filter(|kind| kind.key == key).and_then(|kind| GrantId::parse(kind, id)).map(Subject::Grant);
    grant.or_else(|| AccountId::parse(platform.account.filter(|kind| kind.key == key)?, id).map(Subject::Account))
}
