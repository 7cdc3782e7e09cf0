//! One run: due records, urgent before routine, until all are done or time is up. Concurrent runs
//! share the work: each gets its parts of the index, and if two meet at a record, one of them
//! writes.

mod brake;
mod judging;
mod order;
mod queue;
mod report;
mod sides;
mod width;

use std::time::Duration;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
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
use width::Width;

/// The number of records after which the deaths among them are believed or not.
const WAVE: usize = 64;
/// An index with at most this many records is read in one request, which costs less than reading
/// each of its parts.
const FEW: i32 = 256;
/// The limit for one record, with all its calls; nothing starts that could not be finished.
const LONGEST: Duration = Duration::from_secs(55);

struct Run<'a> {
    keeper: &'a TokenKeeper,
    order: &'a Order,
    sides: Vec<Side<'a>>,
    width: Width,
    /// Subscriptions read back before then may have ended since.
    unchecked_since: Option<UnixSeconds>,
    /// Nothing starts after this.
    last_start: Instant,
    deadline: Instant,
}

/// Processes what is due.
///
/// # Errors
/// `storage_unavailable` if not even the index can be read.
pub(crate) async fn run(keeper: &TokenKeeper, deadline: Instant, order: &Order) -> Result<Value, Error> {
    let left = deadline.saturating_duration_since(Instant::now());
    let last_start = Instant::now() + left.saturating_sub(LONGEST).max(left / 3);
    let unchecked_since = keeper.tables.unchecked_since(order.parts()).await?;
    let sides = Side::all(keeper, deadline, unchecked_since);
    let run = Run { keeper, order, sides, width: Width::of_memory(keeper.memory), unchecked_since, last_start, deadline };
    let mut report = Report::default();
    // Only an optimization: what can't be read as a whole may be read part by part.
    let few = keeper.tables.all_due(FEW).await.unwrap_or_else(|error| {
        tracing::warn!(code = error.code.as_str(), cause = error.cause, "index not read as a whole");
        None
    });
    let urgent = run.read(Urgency::Urgent, few.as_deref(), &mut report).await?;
    // Even if urgent records take all the time, the backlog behind them is reported.
    let routine = run.read(Urgency::Routine, few.as_deref(), &mut report).await?;
    run.work_off(urgent, &mut report).await?;
    // Only a fraction of the time: the routine is waiting.
    let is_unmarked = order.has_first_part() && run.mark(1, run.time_left() / 3).await;
    run.work_off(routine, &mut report).await?;
    run.read_back(&mut report).await?;
    let mut resealed = 0;
    if order.has_first_part() {
        resealed = run.reseal().await;
    }
    if is_unmarked {
        run.mark(usize::MAX, run.time_left()).await;
    }
    Ok(report.told(keeper.clock.now(), &order.parts(), resealed))
}

impl Run<'_> {
    /// Due records, from an index that was read as a whole or from its parts.
    async fn read(&self, urgency: Urgency, few: Option<&[DueRecord]>, report: &mut Report) -> Result<Queue, Error> {
        let (parts, now) = (self.order.parts(), self.keeper.clock.now());
        if let Some(few) = few {
            let queue = Queue::of(few, urgency, &parts, now);
            report.due += queue.len();
            return Ok(queue);
        }
        let mut queue = Queue::begin(urgency, parts, now)?;
        report.due += queue.fill(self.keeper, WAVE).await?;
        Ok(queue)
    }

    /// Returns whether everything was read and maintained. The next record starts whenever one is
    /// done, so that a slow one delays no other.
    async fn work_off(&self, mut queue: Queue, report: &mut Report) -> Result<bool, Error> {
        let left_before = report.remaining();
        let (mut under_way, mut looked, mut unread) = (FuturesUnordered::new(), Vec::new(), Ok(()));
        loop {
            while under_way.len() < self.at_once() && Instant::now() < self.last_start && unread.is_ok() {
                let Some(record) = queue.next() else {
                    match queue.fill(self.keeper, WAVE).await {
                        Ok(0) => break,
                        Ok(more) => report.due += more,
                        Err(error) => unread = Err(error),
                    }
                    continue;
                };
                if self.sides.iter().any(|side| side.leaves_alone(&record)) {
                    report.left_over(record.due_at);
                } else {
                    under_way.push(self.look_after(record));
                }
            }
            let Some(turn) = under_way.next().await else { break };
            self.width.follow(&turn.outcome);
            looked.push(turn);
            if looked.len() >= WAVE || under_way.is_empty() {
                let (now, brake_is_off) = (self.keeper.clock.now(), self.order.brake_is_off());
                let mut judge = Judge { report: &mut *report, now, brake_is_off, deadline: self.deadline };
                judge.judge(&self.sides, &std::mem::take(&mut looked)).await;
            }
        }
        unread?;
        let is_through = queue.is_through();
        queue.rest().for_each(|due_at| report.left_over(due_at));
        Ok(is_through && report.remaining() == left_before)
    }

    /// How many records are currently maintained at the same time.
    fn at_once(&self) -> usize {
        let width = self.width.now();
        self.sides.iter().map(|side| side.width(width)).min().unwrap_or(width)
    }

    /// Checks, due or not, what may have lost its subscription while deliveries failed.
    async fn read_back(&self, report: &mut Report) -> Result<(), Error> {
        let Some(since) = self.unchecked_since else { return Ok(()) };
        let parts = self.order.parts();
        let now = (self.keeper.clock.now(), self.keeper.check_every);
        if self.work_off(Queue::unchecked(parts.clone(), now, since)?, report).await? {
            self.keeper.tables.note_read_back(parts, since).await?;
        }
        Ok(())
    }

    async fn look_after(&self, record: DueRecord) -> Looked {
        let work = async {
            match (&record.key, self.sides.iter().find(|side| side.keeps(&record.key))) {
                (DueKey::Request(code), _) => self.keeper.tables.settle(*code).await.map(|()| Outcome::default()),
                (key, Some(side)) => side.look_after(key).await,
                // From another version of this service.
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
        Looked { record, outcome, is_still_due }
    }

    /// Postpones a record that could not be processed; true if it is due as before.
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
            // It has already failed, or is not ours: the next run will see it again, and that is
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

    /// The time until nothing more starts.
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
