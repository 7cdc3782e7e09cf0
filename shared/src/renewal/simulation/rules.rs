//! The effect of each call when it arrives, and what must hold then.

use crate::store::records::Status;

use super::{
    tables::{Given, Row},
    world::{Answer, Call, Op, PROVIDER_TIMEOUT, World},
};

impl World {
    /// Harmless by itself, but should not happen while all guards are in place.
    fn should(&mut self, holds: bool, what: &'static str) {
        self.must(holds || self.harm_only, what);
    }

    fn must(&mut self, holds: bool, what: &'static str) {
        if !holds && self.broken.is_none() {
            self.note(|| format!("VIOLATION: {what}"));
            self.broken = Some(what);
        }
    }

    /// The effect of a call when it arrives. `stray`: nobody is waiting for it any more.
    pub(super) fn effect(&mut self, call: &Call, stray: bool) -> Answer {
        let (before, now) = (self.tables.row, self.now());
        let done = |done: bool| if done { Answer::Done } else { Answer::Refused };
        let answer = match call.op {
            Op::Load => return Answer::Row(before),
            Op::Lease { me, now, until, since } => {
                let over = self.tables.lease.owner.is_some_and(|owner| owner != me);
                let given = self.tables.take(me, now, until, since);
                self.tally.taken_over += u32::from(over && given == Given::Granted);
                return Answer::Given(given);
            }
            Op::Release { me, failed_at } => return done(self.tables.release(me, failed_at)),
            Op::Claim { me, now, until } => return done(self.tables.claim(me, now, until)),
            Op::Fail { me } => return done(self.tables.fail(me)),
            Op::Pause { .. } => return Answer::Done,
            Op::Ask { me, number } => {
                self.is_alone(call, self.tables.lease.owner == Some(me));
                self.tally.refreshes += 1;
                self.tally.recovered += u32::from(self.shopify.was_used(number));
                match self.shopify.refresh(number, now) {
                    Some(pair) => Answer::Pair(pair),
                    None => Answer::Dead,
                }
            }
            Op::Exchange { me } => {
                let mine = self.tables.lease_of_links().owner == Some(me);
                self.is_alone(call, mine);
                let pair = self.shopify.exchange(now);
                self.lost = Some(pair.number);
                Answer::Pair(pair)
            }
            Op::Save { me, seen, pair } => {
                let in_time = self.tables.lease.owner == Some(me) && self.clock <= self.tables.lease.until;
                let same = before.generation == seen.generation && before.status == Status::Active;
                let saved = self.tables.save(me, seen, pair);
                self.should(saved || stray || !in_time || !same, "a renewed pair was refused though its lease was held");
                self.must(!saved || before.generation == seen.generation, "a renewal revived a link that had ended");
                self.tally.renewed += u32::from(saved);
                self.tally.stale_saves += u32::from(!saved);
                done(saved)
            }
            Op::Condemn { me, seen } => {
                let usable = self.shopify.accepts(before.pair.number, now);
                let condemned = self.tables.condemn(me, seen);
                self.must(!condemned || !usable, "a usable pair was marked as dead");
                self.tally.condemned += u32::from(condemned);
                done(condemned)
            }
            Op::Link { me, seen, pair, until } => {
                let in_time = self.clock <= until;
                let linked = self.tables.link(me, seen, pair);
                let same = before.generation == seen.generation;
                self.must(linked || stray || !in_time || !same, "a link was refused within the time of its lease");
                self.must(!linked || same, "a link revived what had ended meanwhile");
                if linked && self.lost == Some(pair.number) {
                    self.lost = None;
                }
                self.tally.links += u32::from(linked);
                self.tally.stale_links += u32::from(!linked);
                done(linked)
            }
            Op::Uninstall => {
                self.shopify.revoke();
                self.tables.uninstall();
                Answer::Done
            }
        };
        self.tally.refused += u32::from(matches!(answer, Answer::Dead));
        self.check(before);
        answer
    }

    /// Of requests whose caller is still there (or died with them), only one at a time reaches
    /// Shopify: its sender holds the lease.
    fn is_alone(&mut self, call: &Call, holds_lease: bool) {
        let in_time = self.clock - call.sent <= PROVIDER_TIMEOUT;
        self.should(holds_lease || !in_time || call.given_up, "two asked Shopify at once");
    }

    fn check(&mut self, before: Row) {
        let (row, now) = (self.tables.row, self.now());
        let usable = self.shopify.accepts(row.pair.number, now);
        self.should(row.version >= before.version, "the version went back");
        self.should(row.pair == before.pair || row.version > before.version, "another pair under the same version");
        self.must(row.status == Status::Active || !usable, "a usable pair is marked as dead");
        if row.status == Status::Active {
            self.must(usable || self.is_excused(0), "the stored refresh token is dead");
        }
    }

    /// Whether the stored token may be dead: a code exchange retired it but its link was not made
    /// (the merchant starts again), or it has expired, or will within this many seconds.
    pub(super) fn is_excused(&self, seconds: u64) -> bool {
        let number = self.tables.row.pair.number;
        self.lost.is_some() || (!self.shopify.is_retired(number) && self.shopify.has_lapsed(number, self.now() + seconds))
    }
}
