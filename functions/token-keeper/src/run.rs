//! One run: what is due, the urgent before the routine, in waves, until all is done or the time is
//! up. Several runs at once share the work: whoever holds the lease on an account does it.

mod brake;
mod judging;
mod order;
mod queue;
mod report;
mod sides;

use std::time::Duration;

use futures_util::{StreamExt as _, stream};
use serde_json::Value;
use shared::{
    Error,
    clock::UnixSeconds,
    lambda,
    store::{
        keep::due::{DueKey, DueRecord},
        schedule::Urgency,
    },
};
use tokio::time::{Instant, timeout_at};

use crate::{
    keeper::TokenKeeper,
    marks,
    outcome::{Again, Outcome},
    reseal,
};

use judging::{Judge, Looked};
pub(crate) use order::Order;
use queue::Queue;
use report::Report;
use sides::Side;

/// Records looked after at the same time.
const CONCURRENCY: usize = 16;
/// Records after which the deaths among them are believed or not.
const WAVE: usize = 64;
/// What one record may take, with all its calls; nothing is begun that could not be ended.
const LONGEST: Duration = Duration::from_secs(55);

struct Run<'a> {
    keeper: &'a TokenKeeper,
    order: &'a Order,
    sides: Vec<Side<'a>>,
    report: Report,
    /// Subscriptions that were read back before then may have been ended since.
    unchecked_since: Option<UnixSeconds>,
    /// Nothing is begun after this.
    last_start: Instant,
    deadline: Instant,
}

/// There was no time left when the record's turn came.
struct TooLate(DueRecord);

/// Does what is due.
///
/// # Errors
/// `storage_unavailable` when not even the index can be read.
pub(crate) async fn run(keeper: &TokenKeeper, deadline: Instant, order: &Order) -> Result<Value, Error> {
    let left = deadline.saturating_duration_since(Instant::now());
    let last_start = Instant::now() + left.saturating_sub(LONGEST).max(left / 3);
    let unchecked_since = keeper.tables.unchecked_since(order.parts()).await?;
    let sides = Side::all(keeper, deadline, unchecked_since);
    let mut run = Run { keeper, order, sides, report: Report::default(), unchecked_since, last_start, deadline };
    let urgent = run.read(Urgency::Urgent).await?;
    // Also where what is urgent takes all the time, what waits behind it is told.
    let routine = run.read(Urgency::Routine).await?;
    run.work_off(urgent).await?;
    // A part of the time, and no more: the routine waits for it.
    let is_unmarked = order.has_first_part() && run.mark(1, run.time_left() / 3).await;
    run.work_off(routine).await?;
    run.read_back().await?;
    let mut resealed = 0;
    if order.has_first_part() {
        resealed = run.reseal().await;
    }
    if is_unmarked {
        run.mark(usize::MAX, run.time_left()).await;
    }
    Ok(run.report.told(keeper.clock.now(), resealed))
}

impl Run<'_> {
    async fn read(&mut self, urgency: Urgency) -> Result<Queue, Error> {
        let mut queue = Queue::begin(urgency, self.order.parts(), self.keeper.clock.now())?;
        self.report.due += queue.fill(self.keeper, WAVE).await?;
        Ok(queue)
    }

    /// Whether everything was read and looked after.
    async fn work_off(&mut self, mut queue: Queue) -> Result<bool, Error> {
        let left_before = self.report.remaining();
        while Instant::now() < self.last_start {
            self.report.due += queue.fill(self.keeper, WAVE).await?;
            let wave = queue.take(WAVE);
            if wave.is_empty() {
                break;
            }
            let (wave, left_out): (Vec<_>, Vec<_>) =
                wave.into_iter().partition(|record| !self.sides.iter().any(|side| side.leaves_alone(record)));
            left_out.iter().for_each(|record| self.report.left_over(record.due_at));
            let turns: Vec<_> = stream::iter(wave).map(|record| self.look_after(record)).buffer_unordered(CONCURRENCY).collect().await;
            let mut looked = Vec::new();
            for turn in turns {
                match turn {
                    Ok(turn) => looked.push(turn),
                    Err(TooLate(record)) => self.report.left_over(record.due_at),
                }
            }
            let (now, brake_is_off) = (self.keeper.clock.now(), self.order.brake_is_off());
            let mut judge = Judge { report: &mut self.report, now, brake_is_off, deadline: self.deadline };
            judge.judge(&mut self.sides, &looked).await;
        }
        let is_through = queue.is_through();
        queue.rest().for_each(|due_at| self.report.left_over(due_at));
        Ok(is_through && self.report.remaining() == left_before)
    }

    /// Checks, due or not, what may have lost its subscription while deliveries failed.
    async fn read_back(&mut self) -> Result<(), Error> {
        let Some(since) = self.unchecked_since else { return Ok(()) };
        let parts = self.order.parts();
        if self.work_off(Queue::unchecked(parts.clone(), self.keeper.clock.now(), since)?).await? {
            self.keeper.tables.note_read_back(parts, since).await?;
        }
        Ok(())
    }

    async fn look_after(&self, record: DueRecord) -> Result<Looked, TooLate> {
        if Instant::now() >= self.last_start {
            return Err(TooLate(record));
        }
        let work = async {
            match (&record.key, self.sides.iter().find(|side| side.keeps(&record.key))) {
                (DueKey::Request(code), _) => self.keeper.tables.settle(*code).await.map(|()| Outcome::default()),
                (key, Some(side)) => side.look_after(key).await,
                // Of another version of this service.
                (_, None) => Ok(Outcome::default()),
            }
        };
        let outcome = match timeout_at(self.deadline, work).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(error)) => {
                tracing::warn!(code = error.code.as_str(), cause = error.cause, "record not looked after");
                if error.credentials_refused {
                    lambda::doubt_secrets();
                }
                Outcome::failed()
            }
            Err(_elapsed) => Outcome { failed: 1, ..Outcome::unfinished() },
        };
        let is_still_due = self.put_off(&record, outcome.again).await;
        Ok(Looked { record, outcome, is_still_due })
    }

    /// Has a record wait that could not be dealt with; true when it is due as before.
    async fn put_off(&self, record: &DueRecord, again: Again) -> bool {
        let tables = &self.keeper.tables;
        let put_off = match again {
            Again::AsWritten => return false,
            Again::NextRun => return true,
            Again::Patiently => timeout_at(self.deadline, tables.put_off(record)).await,
            Again::Tomorrow => timeout_at(self.deadline, tables.put_off_a_day(record)).await,
        };
        match put_off {
            Ok(Ok(())) => false,
            // It has failed already, or is none of ours: the next run comes by again, and that is
            // all.
            Ok(Err(error)) => {
                tracing::warn!(code = error.code.as_str(), cause = error.cause, "record not put off");
                true
            }
            Err(_elapsed) => true,
        }
    }

    async fn reseal(&self) -> u64 {
        let walk = timeout_at(self.deadline, reseal::everything(self.keeper, self.last_start)).await;
        let resealed = walk.unwrap_or_else(|_elapsed| Err(Error::storage_unavailable("resealing: the time is up")));
        resealed.unwrap_or_else(|error| {
            tracing::warn!(code = error.code.as_str(), cause = error.cause, "not everything sealed anew");
            0
        })
    }

    /// Until nothing is begun any more.
    fn time_left(&self) -> Duration {
        self.last_start.saturating_duration_since(Instant::now())
    }

    /// Whether there is more to mark.
    async fn mark(&self, parts: usize, time: Duration) -> bool {
        let until = Instant::now() + time;
        match timeout_at(until, marks::parts(self.keeper, parts, until)).await {
            Ok(Ok(is_unmarked)) => is_unmarked,
            Ok(Err(error)) => {
                tracing::warn!(code = error.code.as_str(), cause = error.cause, "not everything marked");
                true
            }
            Err(_elapsed) => {
                tracing::info!("not everything marked: the time is up");
                true
            }
        }
    }
}
