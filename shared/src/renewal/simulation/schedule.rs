//! One schedule: some workers, what happens to them, and what must be left in the end.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard},
    task::{Context, Waker},
};

use crate::{renewal::Verdict, store::records::Status};

use super::{
    chance::Chance,
    shopify::Shopify,
    tables::Guards,
    tally::Tally,
    workers::{End, Worker},
    world::{Mood, World},
};

const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
/// Far more than any schedule takes.
const MOST_STEPS: u32 = 20_000;
/// Workers in one schedule, including those that follow dead ones.
const MOST_WORKERS: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Job {
    GiveOut,
    LookAfter,
    RenewNow,
    Link,
    GiveUp(u32),
    Uninstall,
}

struct Running {
    worker: Arc<Worker>,
    job: Job,
    future: Pin<Box<dyn Future<Output = End>>>,
}

/// What determines a schedule, apart from its seed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    pub(super) guards: Guards,
    /// Only what loses a pair counts as a violation.
    pub(super) harm_only: bool,
    /// Nothing fails, but every other write arrives again later.
    pub(super) echoing: bool,
    pub(super) traced: bool,
}

impl Setting {
    pub(super) const PLAIN: Self = Self { guards: Guards::ALL, harm_only: false, echoing: false, traced: false };
}

/// A schedule and its progress.
pub(super) struct Schedule {
    world: Arc<Mutex<World>>,
    running: Vec<Option<Running>>,
    pub(super) ends: Vec<Option<End>>,
}

/// What was violated, and the steps that led there.
#[derive(Debug)]
pub(super) struct Violation {
    pub(super) what: &'static str,
    pub(super) trace: String,
}

impl Schedule {
    pub(super) fn new(mut chance: Chance, guards: Guards, mood: Mood, traced: bool) -> Self {
        // An hour, or the shortest observed; and one below the margin, with which every look leads
        // to another renewal.
        let access_life = chance.one_of(&[HOUR, 340, 60, 60]);
        let refresh_life = chance.one_of(&[90 * DAY, 90 * DAY, 90 * DAY, 3 * HOUR]);
        let world = World::new(chance, guards, Shopify::new(access_life, refresh_life), mood, traced);
        Self { world: Arc::new(Mutex::new(world)), running: Vec::with_capacity(16), ends: Vec::with_capacity(16) }
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Starts a worker that begins after `delay` milliseconds.
    pub(super) fn start(&mut self, job: Job, delay: u64) -> usize {
        let id = self.running.len();
        self.world().note(|| format!("w{id} starts: {job:?}"));
        let worker = Arc::new(Worker::new(Arc::clone(&self.world), id));
        let own = Arc::clone(&worker);
        let future = Box::pin(async move {
            if delay > 0 {
                own.sleep(delay).await;
            }
            match job {
                Job::GiveOut => own.give_out().await,
                Job::LookAfter => own.look_after().await,
                Job::RenewNow => own.renew_now().await,
                Job::Link => own.link().await,
                Job::GiveUp(me) => own.give_up(me).await,
                Job::Uninstall => own.uninstall().await,
            }
        });
        self.running.push(Some(Running { worker, job, future }));
        self.ends.push(None);
        self.poll(id);
        id
    }

    fn poll(&mut self, id: usize) {
        let Some(running) = &mut self.running[id] else { return };
        if let std::task::Poll::Ready(end) = running.future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            self.world().note(|| format!("w{id} ends: {end:?}"));
            self.ends[id] = Some(end);
            self.running[id] = None;
        }
    }

    /// Ends a worker where it is. A callback may have been ended by its own deadline, after which
    /// it still returns its claim.
    fn kill(&mut self) {
        let living: Vec<usize> = (0..self.running.len()).filter(|&id| self.running[id].is_some()).collect();
        if living.is_empty() {
            return;
        }
        let (id, by_deadline) = {
            let chance = &mut self.world().chance;
            (chance.one_of(&living), chance.one_in(2))
        };
        let Some(killed) = self.running[id].take() else { return };
        let by_deadline = by_deadline && killed.job == Job::Link;
        {
            let mut world = self.world();
            world.note(|| format!("w{id} is killed"));
            world.abandon(id, by_deadline);
            world.tally.kills += 1;
        }
        let me = killed.worker.owner();
        drop(killed);
        if by_deadline {
            self.start(Job::GiveUp(me), 0);
        }
    }

    /// Runs until no worker is left and nothing is in flight.
    pub(super) fn run(&mut self) {
        for _ in 0..MOST_STEPS {
            let (next, kill, jump) = {
                let mut world = self.world();
                if world.broken.is_some() {
                    return;
                }
                let Some(next) = world.step() else { return };
                let Mood { kills, jumps, .. } = world.mood;
                (next, world.chance.one_in(kills), world.chance.one_in(jumps))
            };
            if let Some(id) = next {
                self.poll(id);
                if self.running[id].is_none() {
                    self.follow();
                }
            }
            if kill {
                self.kill();
                self.follow();
            }
            if jump {
                self.jump();
            }
        }
        self.world().broken.get_or_insert("no end");
    }

    /// Starts another worker after one that ended, at once or a little later.
    fn follow(&mut self) {
        let job = self.any_job();
        let more = {
            let mut world = self.world();
            let delay = if world.chance.one_in(2) { world.chance.below(20_000) } else { 0 };
            (world.mood.followed && world.chance.below(4) < 3).then_some(delay)
        };
        if let Some(delay) = more
            && self.running.len() < MOST_WORKERS
        {
            self.start(job, delay);
        }
    }

    /// Lets time pass while everyone sleeps: minutes or hours, so that leases and access tokens
    /// expire; rarely weeks.
    fn jump(&mut self) {
        let mut world = self.world();
        let seconds = match world.chance.below(12) {
            0 => world.chance.between(20, 70) * DAY,
            1..6 => world.chance.between(8, 400),
            _ => world.chance.between(50, 200) * 60,
        };
        world.clock += seconds * 1000;
        world.note(|| format!("{seconds} s pass"));
    }

    fn any_job(&self) -> Job {
        match self.world().chance.below(80) {
            0..48 => Job::GiveOut,
            48..62 => Job::LookAfter,
            62..79 => Job::Link,
            _ => Job::Uninstall,
        }
    }

    /// Runs a whole schedule: the seed decides everything.
    pub(super) fn of_seed(seed: u64, setting: Setting) -> Result<Tally, Violation> {
        let mut chance = Chance::new(seed);
        let mixed = Mood {
            faults: chance.one_of(&[0, 60, 20, 8]),
            echoes: chance.one_of(&[0, 0, 0, 3]),
            kills: chance.one_of(&[0, 150, 50]),
            jumps: chance.one_of(&[0, 400, 120]),
            slow: !chance.one_in(4),
            followed: true,
        };
        let echoing = Mood { echoes: 2, slow: true, followed: true, ..Mood::default() };
        let workers = chance.between(2, 6);
        let mut schedule = Self::new(chance, setting.guards, if setting.echoing { echoing } else { mixed }, setting.traced);
        schedule.world().harm_only = setting.harm_only;
        // Usually the access token has expired, so that everybody wants the next one.
        if !schedule.world().chance.one_in(5) {
            schedule.jump();
        }
        for _ in 0..workers {
            let job = schedule.any_job();
            schedule.start(job, 0);
        }
        schedule.run();
        let tally = schedule.world().tally;
        schedule.finish();
        let mut world = schedule.world();
        match world.broken {
            None => Ok(Tally { lost_links: world.tally.lost_links, ..tally }),
            Some(what) => Err(Violation { what, trace: world.trace.take().unwrap_or_default().join("\n") }),
        }
    }

    /// What must be left: without further faults the next renewal succeeds; if the pair was lost in
    /// the documented way, the next link repairs that.
    fn finish(&mut self) {
        if self.world().broken.is_some() {
            return;
        }
        {
            let mut world = self.world();
            world.mood = Mood::default();
            world.note(|| "no more faults".to_owned());
            // Renewals outlast each other's leases, but not the longer one of a dead link.
            if world.tables.lease.until > world.clock + 9_000 {
                world.clock = world.tables.lease.until;
            }
            // A failure in this very millisecond would be taken as the answer for those who come
            // now.
            world.clock += 1;
        }
        let expected = {
            let world = self.world();
            // Nor may it expire during the check.
            world.tables.row.status == Status::Active && !world.is_excused(60)
        };
        if expected {
            self.expect(Job::RenewNow, &End::Verdict(Verdict::Renewed), "the pair can't be renewed in the end");
        } else {
            self.world().tally.lost_links += 1;
            self.start(Job::RenewNow, 0);
            self.run();
        }
        self.expect(Job::Link, &End::Linked, "the store can't be linked in the end");
        self.expect(Job::RenewNow, &End::Verdict(Verdict::Renewed), "what was linked can't be renewed");
        let mut world = self.world();
        let (number, now) = (world.tables.row.pair.number, world.now());
        if world.broken.is_none() && !world.shopify.accepts(number, now) {
            world.broken = Some("the pair is dead in the end");
        }
    }

    fn expect(&mut self, job: Job, end: &End, otherwise: &'static str) {
        let id = self.start(job, 0);
        self.run();
        if self.ends[id].as_ref() != Some(end) {
            let mut world = self.world();
            world.note(|| format!("VIOLATION: {otherwise}"));
            world.broken.get_or_insert(otherwise);
        }
    }
}
