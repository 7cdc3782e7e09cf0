//! Everything outside the workers: the clock, the calls in flight and what happens to them,
//! Shopify, the tables, and what must hold at every moment.

use crate::http::CALL_TIMEOUT;

use super::{
    chance::Chance,
    shopify::{Pair, Shopify},
    tables::{Given, Guards, Row, Seen, Tables},
    tally::Tally,
};

/// After this a call to DynamoDB has ended from its caller's point of view.
const STORAGE_TIMEOUT: u64 = 3_000;
pub(super) const PROVIDER_TIMEOUT: u64 = CALL_TIMEOUT.as_millis() as u64;
/// A request that nobody waits for any more takes effect within this time, or never.
const LONGEST_WAY: u64 = 60_000;

/// A worker's call. `me` is the owner of a lease; times are in Unix milliseconds, as of when the
/// call was made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Load,
    Lease { me: u32, now: u64, until: u64, since: u64 },
    Release { me: u32, failed_at: Option<u64> },
    Ask { me: u32, number: u32 },
    Save { me: u32, seen: Seen, pair: Pair },
    Condemn { me: Option<u32>, seen: Seen },
    Claim { me: u32, now: u64, until: u64 },
    Fail { me: u32 },
    Exchange { me: u32 },
    Link { me: u32, seen: Seen, pair: Pair, until: u64 },
    Uninstall,
    Pause { millis: u64 },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Answer {
    Done,
    /// The conditions failed.
    Refused,
    Given(Given),
    Row(Row),
    Pair(Pair),
    /// The final 401.
    Dead,
    /// An answer that means: not now. Nothing was done.
    Declined,
    /// No answer. The call may have taken effect, or still may.
    Lost,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    /// On its way there.
    Sent,
    /// On its way back.
    Answered(Answer),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    worker: usize,
    pub(super) op: Op,
    pub(super) sent: u64,
    ready_at: u64,
    stage: Stage,
    /// Its caller was told that there is no answer, and may have returned its lease since.
    pub(super) given_up: bool,
}

/// The mood of a schedule: one in this many calls fails or arrives again later, and in one of this
/// many steps a worker dies or hours pass; 0 is never.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Mood {
    pub(super) faults: u64,
    pub(super) echoes: u64,
    pub(super) kills: u64,
    pub(super) jumps: u64,
    pub(super) slow: bool,
    /// Others come after those that ended.
    pub(super) followed: bool,
}

pub(super) struct World {
    /// Unix milliseconds.
    pub(super) clock: u64,
    pub(super) chance: Chance,
    pub(super) mood: Mood,
    pub(super) shopify: Shopify,
    pub(super) tables: Tables,
    calls: Vec<Option<Call>>,
    answers: Vec<Option<Answer>>,
    /// Requests that go on without a caller.
    strays: Vec<Call>,
    owners: u32,
    /// The pair of the last code exchange, until a link has stored it: meanwhile the stored refresh
    /// token is dead, and only the merchant can help.
    pub(super) lost: Option<u32>,
    /// The first violation.
    pub(super) broken: Option<&'static str>,
    pub(super) trace: Option<Vec<String>>,
    pub(super) tally: Tally,
    /// Only what loses a pair counts.
    pub(super) harm_only: bool,
}

impl World {
    pub(super) fn new(chance: Chance, guards: Guards, mut shopify: Shopify, mood: Mood, traced: bool) -> Self {
        let clock = 1_800_000_000_000;
        let pair = shopify.exchange(clock / 1000);
        let (calls, answers) = (Vec::with_capacity(16), Vec::with_capacity(16));
        let trace = traced.then(Vec::new);
        let tables = Tables::new(pair, guards);
        let (strays, tally) = (Vec::new(), Tally::default());
        Self {
            clock,
            chance,
            mood,
            shopify,
            tables,
            calls,
            answers,
            strays,
            owners: 0,
            lost: None,
            broken: None,
            trace,
            tally,
            harm_only: false,
        }
    }

    pub(super) const fn now(&self) -> u64 {
        self.clock / 1000
    }

    pub(super) fn note(&mut self, line: impl FnOnce() -> String) {
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{:>10} {}", self.clock - 1_800_000_000_000, line()));
        }
    }

    pub(super) fn new_owner(&mut self) -> u32 {
        self.owners += 1;
        self.owners
    }

    /// Usually short, so that calls overlap; sometimes so long that a lease runs out on the way.
    fn latency(&mut self) -> u64 {
        match (self.mood.slow, self.chance.below(100)) {
            (false, _) | (true, 0..65) => self.chance.below(80),
            (true, 65..85) => self.chance.below(1_000),
            (true, 85..95) => self.chance.between(1_000, 9_000),
            (true, _) => self.chance.between(9_000, 45_000),
        }
    }

    /// A worker makes a call; each has one at a time.
    pub(super) fn send(&mut self, worker: usize, op: Op) {
        while self.calls.len() <= worker {
            self.calls.push(None);
            self.answers.push(None);
        }
        let mut call = Call { worker, op, sent: self.clock, ready_at: self.clock + self.latency(), stage: Stage::Sent, given_up: false };
        if let Op::Pause { millis } = op {
            call = Call { stage: Stage::Answered(Answer::Done), ready_at: call.ready_at + millis, ..call };
        } else if self.chance.one_in(self.mood.faults) {
            self.spoil(&mut call);
        } else if self.chance.one_in(self.mood.echoes) {
            self.echo(&call);
        }
        self.calls[worker] = Some(call);
    }

    fn spoil(&mut self, call: &mut Call) {
        let timeout = timeout(call.op);
        match self.chance.below(4) {
            0 => {
                self.note(|| format!("w{} {:?} will be declined", call.worker, call.op));
                call.stage = Stage::Answered(Answer::Declined);
            }
            // The answer is lost, or the request itself takes longer than anyone waits, or forever.
            1 | 2 => {
                let way = if self.chance.one_in(2) { self.chance.below(timeout) } else { self.chance.below(2 * LONGEST_WAY) };
                self.strays.push(Call { ready_at: self.clock + way, given_up: true, ..*call });
                // A broken connection is noticed at once, silence after the timeout.
                let noticed = if self.chance.one_in(2) { timeout } else { self.chance.below(timeout) };
                self.note(|| format!("w{} {:?} will have no answer", call.worker, call.op));
                *call = Call { ready_at: self.clock + noticed, stage: Stage::Answered(Answer::Lost), ..*call };
            }
            _ => self.echo(call),
        }
    }

    /// Sent twice by the SDK, and the first one arrives later. Transactions have a token against
    /// that; providers are asked only once.
    fn echo(&mut self, call: &Call) {
        if matches!(call.op, Op::Lease { .. } | Op::Release { .. } | Op::Claim { .. } | Op::Fail { .. }) {
            let way = self.chance.below(LONGEST_WAY);
            self.strays.push(Call { ready_at: self.clock + way, ..*call });
        }
    }

    pub(super) fn take_answer(&mut self, worker: usize) -> Option<Answer> {
        self.answers.get_mut(worker)?.take()
    }

    /// The worker is gone. Its requests go on.
    pub(super) fn abandon(&mut self, worker: usize, given_up: bool) {
        if let Some(call) = self.calls.get_mut(worker).and_then(Option::take)
            && matches!(call.stage, Stage::Sent)
        {
            self.strays.push(Call { given_up, ..call });
        }
    }

    /// Lets the next event happen. None if nothing is in flight; otherwise the worker that now has
    /// an answer, if any.
    pub(super) fn step(&mut self) -> Option<Option<usize>> {
        let stray = self.strays.iter().enumerate().map(|(at, call)| (call.ready_at, at)).min();
        let call = self.calls.iter().enumerate().filter_map(|(at, call)| Some((call.as_ref()?.ready_at, at))).min();
        if let Some((ready_at, at)) = stray
            && call.is_none_or(|(other, _)| ready_at < other)
        {
            let stray = self.strays.swap_remove(at);
            self.clock = self.clock.max(ready_at);
            if self.clock - stray.sent <= LONGEST_WAY {
                self.tally.late += 1;
                let answer = self.effect(&stray, true);
                self.note(|| format!("w{} (nobody waits) {:?} -> {answer:?}", stray.worker, stray.op));
            }
            return Some(None);
        }
        let (ready_at, worker) = call?;
        self.clock = self.clock.max(ready_at);
        let mut call = self.calls[worker].take()?;
        match call.stage {
            Stage::Sent => {
                let answer = self.effect(&call, false);
                self.note(|| format!("w{worker} {:?} -> {answer:?}", call.op));
                call.stage = Stage::Answered(answer);
                call.ready_at = self.clock + self.latency();
                self.calls[worker] = Some(call);
                Some(None)
            }
            Stage::Answered(answer) => {
                let pause = matches!(call.op, Op::Pause { .. });
                // A worker that slept through the timeout sees either that or the answer, whichever
                // it checks first.
                let too_late = !pause && self.clock - call.sent > timeout(call.op) && self.chance.one_in(2);
                self.answers[worker] = Some(if too_late { Answer::Lost } else { answer });
                Some(Some(worker))
            }
        }
    }
}

const fn timeout(op: Op) -> u64 {
    match op {
        Op::Ask { .. } | Op::Exchange { .. } => PROVIDER_TIMEOUT,
        _ => STORAGE_TIMEOUT,
    }
}
