//! Carries a request out.
//!
//! This happens at once, and again a minute later, because the index by person lags and may have
//! missed a link made just before. By then the events about a deletion ([`told`](super::told)) have
//! been delivered, and are deleted. A deletion stays on the schedule until the index is known to be
//! complete (see [`marks`](crate::store::marks)).

use uuid::Uuid;

use crate::Error;
use crate::store::{
    Tables, audit,
    deliveries::RequestId,
    marks::grants_are_marked,
    records::attributes::*,
    table::{Condition, Key, Transaction, Write},
};

use super::{Asked, PrivacyRequest, told::delete_told, work::erase_subject};

/// After this the index by person shows what was linked before the request.
const SETTLE_AFTER: u64 = 60;
/// How long until the next look at a deletion for which the index may be incomplete.
const LOOK_AGAIN_AFTER: u64 = 600;

impl Tables {
    /// Does what a request asks for and is not yet done; `Ok` means that it is done. It can be
    /// repeated after any failure, and run concurrently.
    ///
    /// # Errors
    /// `storage_unavailable`; each record processed by then is complete.
    pub async fn carry_out(&self, request: &PrivacyRequest) -> Result<(), Error> {
        let Some(subject) = request.subject.as_ref().filter(|_| request.done_at.is_none()) else { return Ok(()) };
        erase_subject(self, request, subject).await?;
        self.mark_done(request).await
    }

    /// What the keeper does when a request is due: finishes it, or looks once more for what the
    /// index missed, and forgets the subject.
    ///
    /// # Errors
    /// As [`Self::carry_out`].
    pub async fn settle(&self, code: Uuid) -> Result<(), Error> {
        let Some(request) = self.privacy_request(code).await? else { return Ok(()) };
        let Some(subject) = &request.subject else { return self.mark_settled(code).await };
        if request.done_at.is_none() {
            return self.carry_out(&request).await;
        }
        // Checked before the search that depends on it.
        let finds_all = request.asked == Asked::Deauthorize || grants_are_marked(self).await?;
        erase_subject(self, &request, subject).await?;
        delete_told(self, &request).await?;
        if finds_all {
            return self.mark_settled(code).await;
        }
        let later = self.clock.now().saturating_add(LOOK_AGAIN_AFTER);
        let look = Write::change(Key::request(code)).when(CONTENT.exists()).set(&DUE_AT, later);
        self.database.write_one("dynamodb.look_again", look).await?;
        Ok(())
    }

    /// Everything found is erased. The audit record is written with it.
    async fn mark_done(&self, request: &PrivacyRequest) -> Result<(), Error> {
        let now = self.clock.now();
        // Each batch counted what it erased, in this run or another.
        let records = self.privacy_request(request.code).await?.map_or(request.records, |found| found.records);
        let done = Write::change(Key::request(request.code))
            .when(Condition::known_item().and(DONE_AT.absent()))
            .set(&DONE_AT, now)
            .set(&DUE_AT, now.saturating_add(SETTLE_AFTER))
            .set(&AUDITED, records)
            .remove_each(NOTES);
        self.write_end(done, request, Some(records)).await
    }

    /// Nothing is left to do: the subject is forgotten.
    async fn mark_settled(&self, code: Uuid) -> Result<(), Error> {
        let Some(request) = self.privacy_request(code).await? else { return Ok(()) };
        let settled = Write::change(Key::request(code))
            .when_is(&RECORDS, request.records)
            .when_is(&AUDITED, request.audited)
            .set(&AUDITED, request.records)
            .remove_each([&CONTENT, &DUE_SHARD, &DUE_AT, &FAILURES]);
        let late = request.records.saturating_sub(request.audited);
        self.write_end(settled, &request, (late > 0).then_some(late)).await
    }

    /// With the audit record for this many. If another worker was faster, or will be, its write
    /// counts.
    async fn write_end(&self, end: Write, request: &PrivacyRequest, records: Option<u64>) -> Result<(), Error> {
        // The status page's code can't be derived from it.
        let id = RequestId::of("messenger-link/departure/v1", request.code.as_bytes());
        let audit = records.map(|records| audit::record(self, &request.what(), Some(&id), records)).transpose()?;
        self.database.write(Transaction::<()>::new("dynamodb.end_leave")?.and(end).and_each(audit)).await?;
        Ok(())
    }
}
