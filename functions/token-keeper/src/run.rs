//! One run: what is due, in waves, until all is done or the time is up. Several runs at once share the work: whoever holds the lease on an account does it.

use std::{collections::VecDeque, time::Duration};

use futures_util::{StreamExt as _, stream};
use serde_json::{Value, json};
use shared::{
    Error,
    calls::count,
    lambda, metrics, random,
    store::{
        Item,
        due::{DueKey, shards},
    },
};
use tokio::time::Instant;

use crate::{
    TokenKeeper, jobs,
    outcome::{Brake, Condemned, Outcome},
    people::People,
    reseal,
    stores::Stores,
};

/// Records looked after at the same time.
const CONCURRENCY: usize = 16;
/// Records after which the deaths among them are believed or not.
const WAVE: usize = 64;
/// Due records read from a shard at once.
const PER_SHARD: i32 = 32;
/// Shards read at the same time.
const READERS: usize = 8;
/// What one record may take, with all its calls; nothing is begun that could not be ended.
const LONGEST: Duration = Duration::from_secs(55);

/// What a run did, as the contract names it.
#[derive(Debug, Default)]
struct Report {
    due: u64,
    refreshed: u64,
    checked: u64,
    reconnect_needed: u64,
    failed: u64,
}

/// A platform in this run.
#[derive(Debug, Default)]
struct Side {
    brake: Brake,
    stopped: bool,
}

/// Where reading the index stands.
struct Shards {
    waiting: VecDeque<(String, Option<Item>)>,
}

/// Does what is due.
///
/// # Errors
/// `storage_unavailable` when not even the index can be read.
pub(crate) async fn run(keeper: &TokenKeeper, deadline: Instant, brake_is_off: bool) -> Result<Value, Error> {
    let left = deadline.saturating_duration_since(Instant::now());
    let last_start = Instant::now() + left.saturating_sub(LONGEST).max(left / 3);
    let (stores, people) = (Stores::new(keeper), People::new(keeper));
    let (mut shopify, mut facebook) = (Side::default(), Side::default());
    let mut report = Report::default();
    let mut shards = Shards::begin()?;
    let mut keys: VecDeque<DueKey> = VecDeque::new();
    let mut left_out = 0;
    loop {
        if keys.len() < WAVE && Instant::now() < last_start {
            let found = shards.read(keeper).await?;
            report.due += u64::try_from(found.len()).unwrap_or_default();
            keys.extend(found);
        }
        let wave: Vec<DueKey> = keys.drain(..keys.len().min(WAVE)).collect();
        if wave.is_empty() && shards.waiting.is_empty() || Instant::now() >= last_start {
            left_out += wave.len();
            break;
        }
        let (skipped, wave): (Vec<_>, Vec<_>) =
            wave.into_iter().partition(|key| asks_a_provider(key) && if is_of_shopify(key) { shopify.stopped } else { facebook.stopped });
        left_out += skipped.len();
        let outcomes: Vec<(bool, Outcome)> = stream::iter(wave)
            .map(|key| {
                let (stores, people) = (&stores, &people);
                async move {
                    let looked_after = async {
                        match &key {
                            DueKey::Store(user_uuid) => stores.look_after(*user_uuid).await,
                            DueKey::Doubt(user_uuid) => stores.settle_doubt(*user_uuid).await,
                            DueKey::Person(user_uuid, user_id) => people.look_after(*user_uuid, user_id).await,
                            DueKey::Job(id, kind) => jobs::carry_out(keeper, people, *id, kind).await,
                            DueKey::Departure(code) => keeper.connections.settle_leave(*code).await.map(|()| Outcome::default()),
                        }
                    };
                    let outcome = tokio::time::timeout_at(deadline, looked_after).await.unwrap_or_else(|_elapsed| Ok(failed()));
                    let outcome = outcome.unwrap_or_else(|error| {
                        tracing::warn!(code = error.code.as_str(), cause = error.cause, "record not looked after");
                        if error.credentials_refused {
                            lambda::doubt_secrets();
                        }
                        failed()
                    });
                    (is_of_shopify(&key), outcome)
                }
            })
            .buffer_unordered(CONCURRENCY)
            .collect()
            .await;
        for (of_shopify, platform, side) in [(true, "shopify", &mut shopify), (false, "facebook", &mut facebook)] {
            let mut dead = Vec::new();
            for (_, outcome) in outcomes.iter().filter(|(of, _)| *of == of_shopify) {
                // By record: a person's death takes all their Pages along, and is one death for all that.
                let is_dead = !outcome.dead.is_empty();
                side.brake.count(u64::from(!is_dead && outcome.checked + outcome.refreshed > 0), u64::from(is_dead));
                side.stopped |= outcome.stop;
                report.refreshed += outcome.refreshed;
                report.checked += outcome.checked;
                report.failed += outcome.failed;
                report.reconnect_needed += outcome.reconnect_needed;
                dead.extend(&outcome.dead);
            }
            if side.brake.holds() && !brake_is_off {
                let (judged, dead_so_far) = side.brake.figures();
                tracing::error!(
                    alarm = "too_many_dead",
                    platform,
                    judged,
                    dead = dead_so_far,
                    "too many turned out dead; none of these is marked"
                );
                count(metrics::TOO_MANY_DEAD, 1);
                side.stopped = true;
                report.failed += u64::try_from(dead.len()).unwrap_or_default();
                continue;
            }
            for condemned in dead {
                match condemn(keeper, &people, condemned).await {
                    Ok(true) => report.reconnect_needed += 1,
                    // Somebody was faster, or linked it anew.
                    Ok(false) => {}
                    Err(error) => {
                        tracing::warn!(code = error.code.as_str(), cause = error.cause, "death not marked");
                        report.failed += 1;
                    }
                }
            }
        }
    }
    let resealed = reseal::everything(keeper, last_start).await.unwrap_or_else(|error| {
        tracing::warn!(code = error.code.as_str(), cause = error.cause, "not everything sealed anew");
        0
    });
    let remaining = left_out + keys.len() + shards.waiting.iter().filter(|(_, from)| from.is_some()).count();
    let Report { due, refreshed, checked, reconnect_needed, failed } = report;
    tracing::info!(due, refreshed, checked, reconnect_needed, failed, remaining, resealed, "run");
    let left = u64::try_from(remaining).unwrap_or(u64::MAX);
    for (metric, figure) in
        [(metrics::KEEPER_RUNS, 1), (metrics::KEEPER_DUE, due), (metrics::KEEPER_REMAINING, left), (metrics::KEEPER_FAILED, failed)]
    {
        count(metric, figure);
    }
    Ok(json!({
        "due": due, "refreshed": refreshed, "checked": checked,
        "reconnect_needed": reconnect_needed, "failed": failed, "remaining": remaining,
    }))
}

async fn condemn(keeper: &TokenKeeper, people: &People<'_>, condemned: &Condemned) -> Result<bool, Error> {
    match condemned {
        Condemned::Store(record, reason) => keeper.connections.condemn_store(record, reason, None).await,
        Condemned::Facebook(condemned) => people.condemn(condemned).await,
    }
}

/// Erasing what a person wants erased needs no provider.
fn asks_a_provider(key: &DueKey) -> bool {
    !matches!(key, DueKey::Departure(_))
}

/// Whose trouble is a reason to leave a record alone for this run.
fn is_of_shopify(key: &DueKey) -> bool {
    matches!(key, DueKey::Store(_) | DueKey::Doubt(_))
}

fn failed() -> Outcome {
    Outcome { failed: 1, ..Outcome::default() }
}

impl Shards {
    /// Begins anywhere, so that two runs at once meet late.
    fn begin() -> Result<Self, Error> {
        let mut waiting: VecDeque<(String, Option<Item>)> = shards().into_iter().map(|shard| (shard, None)).collect();
        let [chance] = random::bytes::<1>()?;
        let start = usize::from(chance) % waiting.len().max(1);
        waiting.rotate_left(start);
        Ok(Self { waiting })
    }

    /// The next due records: one reading of each shard that may have more.
    async fn read(&mut self, keeper: &TokenKeeper) -> Result<Vec<DueKey>, Error> {
        let now = keeper.clock.now();
        let reading = std::mem::take(&mut self.waiting);
        let read: Vec<_> = stream::iter(reading)
            .map(|(shard, from)| async move {
                let due = keeper.connections.due(&shard, now, PER_SHARD, from).await;
                (shard, due)
            })
            .buffered(READERS)
            .collect()
            .await;
        let mut found = Vec::new();
        for (shard, due) in read {
            let due = due?;
            found.extend(due.keys);
            if due.next.is_some() {
                self.waiting.push_back((shard, due.next));
            }
        }
        Ok(found)
    }
}
