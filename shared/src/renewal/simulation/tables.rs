//! The two items that matter, and the conditions of their writes: the `store` item of the
//! connections table, and the store's item of used states with its lease. Each operation models one
//! write or read of `store::{leases, flows, identity, link::shops, keep::renewals}`, under the same
//! name.

use crate::store::records::Status;

use super::shopify::Pair;

/// Guards that a test can remove, to prove that the simulation notices.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "switches of a test")]
pub(super) struct Guards {
    /// A write of a renewed pair requires the version, or the lease.
    pub(super) save_version: bool,
    pub(super) save_lease: bool,
    /// A link's write requires the version, or the lease.
    pub(super) link_version: bool,
    pub(super) link_lease: bool,
    /// Marking a pair as dead requires the version.
    pub(super) condemn_version: bool,
    /// Every write requires the generation.
    pub(super) generation: bool,
    /// After a 401 the record is reread.
    pub(super) read_again: bool,
    /// A refresh token, or a code, is sent only if the lease outlasts it.
    pub(super) renewal_lasts: bool,
    pub(super) link_lasts: bool,
    /// Links and renewals exclude each other.
    pub(super) one_lease: bool,
    /// Holders of a lease exclude each other.
    pub(super) exclusive: bool,
    /// An earlier attempt to take a lease, arriving late, does not shorten it.
    pub(super) never_shorter: bool,
}

impl Guards {
    pub(super) const ALL: Self = Self {
        save_version: true,
        save_lease: true,
        link_version: true,
        link_lease: true,
        condemn_version: true,
        generation: true,
        read_again: true,
        renewal_lasts: true,
        link_lasts: true,
        one_lease: true,
        exclusive: true,
        never_shorter: true,
    };
}

/// The `store` item.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) status: Status,
    pub(super) generation: u64,
    pub(super) version: u64,
    pub(super) pair: Pair,
}

/// What a writer had read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) generation: u64,
    pub(super) version: u64,
}

/// Times are in Unix milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lease {
    pub(super) owner: Option<u32>,
    pub(super) until: u64,
}

/// The outcome of a used state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Out {
    InFlight,
    Linked,
    Failed,
}

/// The answer to a request for a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Granted,
    Held,
    Failed,
}

#[derive(Debug)]
pub(super) struct Tables {
    pub(super) row: Row,
    pub(super) lease: Lease,
    /// Used only when links and renewals do not exclude each other.
    link_lease: Lease,
    failed_at: Option<u64>,
    /// Used states, by who uses them.
    states: Vec<(u32, Out)>,
    pub(super) guards: Guards,
}

impl Tables {
    pub(super) fn new(pair: Pair, guards: Guards) -> Self {
        Self {
            row: Row { status: Status::Active, generation: 1, version: 1, pair },
            lease: Lease::default(),
            link_lease: Lease::default(),
            failed_at: None,
            states: Vec::new(),
            guards,
        }
    }

    /// The lease that a link takes.
    pub(super) const fn lease_of_links(&mut self) -> &mut Lease {
        if self.guards.one_lease { &mut self.lease } else { &mut self.link_lease }
    }

    const fn is_free(lease: Lease, me: u32, now: u64, until: u64, guards: Guards) -> bool {
        match lease.owner {
            Some(owner) if owner == me && (lease.until <= until || !guards.never_shorter) => true,
            Some(_) => lease.until < now || !guards.exclusive,
            None => true,
        }
    }

    /// `Sessions::lease`. `now` is the caller's time when it sent the request.
    pub(super) fn take(&mut self, me: u32, now: u64, until: u64, since: u64) -> Given {
        if self.failed_at.is_some_and(|at| at >= since) {
            return Given::Failed;
        }
        if !Self::is_free(self.lease, me, now, until, self.guards) {
            return Given::Held;
        }
        self.lease = Lease { owner: Some(me), until };
        Given::Granted
    }

    /// `Sessions::release`.
    pub(super) fn release(&mut self, me: u32, failed_at: Option<u64>) -> bool {
        let mine = self.lease.owner == Some(me);
        if mine {
            self.lease = Lease::default();
            self.failed_at = failed_at.or(self.failed_at);
        }
        mine
    }

    /// `Sessions::try_claim`.
    pub(super) fn claim(&mut self, me: u32, now: u64, until: u64) -> bool {
        let guards = self.guards;
        if !Self::is_free(*self.lease_of_links(), me, now, until, guards) {
            return false;
        }
        *self.lease_of_links() = Lease { owner: Some(me), until };
        match self.states.iter_mut().find(|(by, _)| *by == me) {
            Some((_, out)) => *out = Out::InFlight,
            None => self.states.push((me, Out::InFlight)),
        }
        true
    }

    /// `Sessions::fail`: with the lease or, if another holds that by now, without.
    pub(super) fn fail(&mut self, me: u32) -> bool {
        let Some((_, out)) = self.states.iter_mut().find(|(by, out)| *by == me && *out == Out::InFlight) else { return false };
        *out = Out::Failed;
        if self.lease_of_links().owner == Some(me) {
            *self.lease_of_links() = Lease::default();
        }
        true
    }

    fn is_as_seen(&self, seen: Seen, version: bool) -> bool {
        (!self.guards.generation || self.row.generation == seen.generation) && (!version || self.row.version == seen.version)
    }

    /// `Tables::save_renewed`.
    pub(super) fn save(&mut self, me: u32, seen: Seen, pair: Pair) -> bool {
        let mine = self.lease.owner == Some(me);
        let same = self.is_as_seen(seen, self.guards.save_version) && self.row.status == Status::Active;
        if !same || (self.guards.save_lease && !mine) {
            return false;
        }
        if mine {
            self.lease = Lease::default();
        }
        self.row = Row { status: Status::Active, version: seen.version + 1, pair, ..self.row };
        true
    }

    /// `Tables::condemn_shop`, under a lease or, as the keeper does, without.
    pub(super) fn condemn(&mut self, me: Option<u32>, seen: Seen) -> bool {
        let same = self.is_as_seen(seen, self.guards.condemn_version) && self.row.status == Status::Active;
        if !same || me.is_some_and(|me| self.lease.owner != Some(me)) {
            return false;
        }
        if me.is_some() {
            self.lease = Lease::default();
        }
        self.row.status = Status::ReconnectNeeded;
        true
    }

    /// `Tables::link_shop` of a known store.
    pub(super) fn link(&mut self, me: u32, seen: Seen, pair: Pair) -> bool {
        let (guards, same) = (self.guards, self.is_as_seen(seen, self.guards.link_version));
        let mine = self.lease_of_links().owner == Some(me);
        let Some((_, out)) = self.states.iter_mut().find(|(by, out)| *by == me && *out == Out::InFlight) else { return false };
        if !same || (guards.link_lease && !mine) {
            return false;
        }
        *out = Out::Linked;
        if mine {
            *self.lease_of_links() = Lease::default();
        }
        self.row = Row { status: Status::Active, version: seen.version + 1, pair, ..self.row };
        true
    }

    /// Every end of a link raises the generation.
    pub(super) const fn uninstall(&mut self) {
        self.row.generation += 1;
        self.row.status = Status::Uninstalled;
    }
}
