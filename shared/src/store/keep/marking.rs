//! A scan of the whole table that marks what earlier versions left without a mark (see
//! [`marks`](super::super::marks)). It reads only keys and persons' ids. It begins an hour after
//! the first run of this version, when no earlier version is running any more.

use std::collections::HashSet;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use tokio::time::Instant;

use crate::store::{
    Tables, marks,
    records::{Account, Grant, attributes::*},
    table::{Answer, Attribute, Condition, Named, PK, Pause, Row, SK, Scan, Write},
};
use crate::{Error, platform::GrantId};

/// Segments of the table. An unfinished segment is begun again, so that the note needs no table
/// key.
const SEGMENTS: u16 = 64;
/// Marks written concurrently.
const WRITERS: usize = 8;
/// After the first run of this version: longer than any update takes to replace the previous one.
const BEGIN_AFTER: u64 = 3600;

impl Tables {
    /// Where to resume the scan now; none if it is over or not yet due.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn marking(&self) -> Result<Option<u16>, Error> {
        let now = self.clock.now();
        let Some(note) = self.database.read("dynamodb.store", marks::note()).await? else {
            self.note_marking(BEGIN_AT, now.saturating_add(BEGIN_AFTER)).await?;
            return Ok(None);
        };
        let is_time = note.get(&BEGIN_AT).is_none_or(|begin_at| begin_at <= now);
        let next = note.get(&SEGMENT).and_then(|segment| segment.try_into().ok()).unwrap_or_default();
        Ok((is_time && !note.has(&DONE_AT)).then_some(next))
    }

    /// Scans a segment, retrying throttled calls until then, and notes that. Returns how many
    /// accounts it marked, and where to resume while there is more.
    /// # Errors
    /// `storage_unavailable`; marks already written stay.
    pub async fn mark_next(&self, segment: u16, until: Instant) -> Result<(u64, Option<u16>), Error> {
        let marked = self.mark_segment(segment, until).await?;
        let next = Some(segment.saturating_add(1)).filter(|next| *next < SEGMENTS);
        let (what, value) = next.map_or((DONE_AT, self.clock.now()), |next| (SEGMENT, next.into()));
        let is_noted = self.note_marking(what, value).await?;
        Ok((marked, next.filter(|_| is_noted)))
    }

    /// False if another run has noted that the scan is over; it stays over.
    async fn note_marking(&self, what: Attribute<u64>, value: u64) -> Result<bool, Error> {
        let note = Write::put(marks::note(), Row::default().with(&what, value)).when(DONE_AT.absent());
        Ok(self.database.write_one("dynamodb.note_marking", note).await?.is_written())
    }

    async fn mark_segment(&self, segment: u16, until: Instant) -> Result<u64, Error> {
        let of = |key: &str| SK.begins_with(&format!("{key}#"));
        let unmarked = self.platforms.accounts().map(|kind| of(kind.key).and(GRANTED_BY.exists()).and(GRANT_MARK.absent()));
        let Some(wanted) = self.platforms.grants().map(|kind| of(kind.key)).chain(unmarked).reduce(Condition::or) else { return Ok(0) };
        let scan = Scan::of([&PK as &dyn Named, &SK, &GRANTED_BY, &GRANT_MARK], wanted).segment(segment, SEGMENTS);
        let (mut marked, mut from) = (0, None);
        // The items of an identity come together.
        let mut identity: Vec<Row> = Vec::new();
        let mut pause = Pause::default();
        loop {
            let found = self.database.scan("dynamodb.marking", &scan, from.clone()).await;
            if found.as_ref().is_err_and(|failure| failure.is_passing && Instant::now() < until) {
                pause.wait().await;
                continue;
            }
            let (rows, next) = found?;
            pause = Pause::default();
            for row in rows {
                if identity.last().is_some_and(|last| last.text(&PK) != row.text(&PK)) {
                    marked += self.mark_left_behind(std::mem::take(&mut identity)).await?;
                }
                identity.push(row);
            }
            from = next;
            if from.is_none() {
                return Ok(marked.saturating_add(self.mark_left_behind(identity).await?));
            }
        }
    }

    /// Marks the accounts of an identity that name a grant whose own item is not among these. An
    /// account that belongs to another identity by now is left alone.
    async fn mark_left_behind(&self, identity: Vec<Row>) -> Result<u64, Error> {
        let grants: HashSet<GrantId> = identity.iter().filter_map(|row| Grant::read(row, self.platforms)).map(|grant| grant.id).collect();
        let marks = identity.iter().filter_map(|row| {
            let (key, account) = (row.key()?, Account::read(row, self.platforms)?);
            let grant = account.grant().filter(|grant| account.is_unmarked(grant) && !grants.contains(grant))?;
            Some(Write::change(key).when_is(&GRANTED_BY, &account.granted_by).set(&GRANT_MARK, grant.mark()))
        });
        let marks: Vec<Write> = marks.collect();
        let writing = stream::iter(marks).map(|mark| self.database.write_one("dynamodb.mark_page", mark));
        let answers: Vec<Answer> = writing.buffer_unordered(WRITERS).try_collect().await?;
        Ok(answers.iter().map(|answer| u64::from(answer.is_written())).sum())
    }
}
