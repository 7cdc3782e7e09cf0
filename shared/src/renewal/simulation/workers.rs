//! The workers that change a store's pair: the real `renew` in both of its uses, and a link.

use std::{
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard},
    task::Poll,
};

use uuid::Uuid;

use crate::{
    error::Error,
    http::CALL_TIMEOUT,
    providers::shopify::{Refusal, token::Tokens},
    renewal::{Backend, LEASE, NEEDED, OnDead, Verdict, renew},
    secret::Secret,
    store::{
        leases::LeaseAnswer,
        records::{OpenShop, Status, samples},
    },
};

use super::{
    shopify::Pair,
    tables::{Given, Row, Seen},
    world::{Answer, Op, World},
};

/// The margin of `connection-tokens`, in seconds.
const MARGIN: u64 = 330;
/// From `store::flows`: how long a link's lease lasts and how long a link waits for one, in
/// milliseconds.
const LINK_LEASE: u64 = 15_000;
const LINK_WAIT: u64 = 16_000;

/// How a worker ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    Verdict(Verdict),
    Linked,
    Failed,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Grip {
    me: u32,
    until: u64,
}

/// One worker's view of the world.
pub(super) struct Worker {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) id: usize,
    /// The record for which Shopify refused it, until it reads again.
    refused: Mutex<Option<Row>>,
    /// The owner of its lease.
    me: Mutex<u32>,
}

impl Worker {
    pub(super) const fn new(world: Arc<Mutex<World>>, id: usize) -> Self {
        Self { world, id, refused: Mutex::new(None), me: Mutex::new(0) }
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    async fn call(&self, op: Op) -> Answer {
        self.world().send(self.id, op);
        poll_fn(|_| self.world().take_answer(self.id).map_or(Poll::Pending, Poll::Ready)).await
    }

    pub(super) async fn sleep(&self, millis: u64) {
        self.call(Op::Pause { millis }).await;
    }

    /// Longer pauses than the real ones, to keep a schedule short.
    async fn wait(&self, tries: u32) {
        self.sleep(50_u64 << tries.min(6)).await;
    }

    async fn read(&self) -> Option<Row> {
        match self.call(Op::Load).await {
            Answer::Row(row) => Some(row),
            _ => None,
        }
    }

    /// As `connection-tokens` does.
    pub(super) async fn give_out(&self) -> End {
        let Some(row) = self.read().await else { return End::Failed };
        let ending = |record: &OpenShop| record.access_expires_at.is_some_and(|end| end < self.world().now() + MARGIN);
        match renew(self, record(&row), ending, OnDead::Condemn).await {
            Ok((_, verdict)) => End::Verdict(verdict),
            Err(_) => End::Failed,
        }
    }

    /// As `token-keeper` does: it marks a death at the end of a wave, without a lease.
    pub(super) async fn look_after(&self) -> End {
        let Some(row) = self.read().await else { return End::Failed };
        let now = self.world().now();
        match renew(self, record(&row), |record| record.is_fading(now), OnDead::Report).await {
            Ok((record, verdict)) => {
                if matches!(verdict, Verdict::Dead(_)) {
                    self.wait(4).await;
                    self.call(Op::Condemn { me: None, seen: seen(&record) }).await;
                }
                End::Verdict(verdict)
            }
            Err(_) => End::Failed,
        }
    }

    /// Renews unconditionally.
    pub(super) async fn renew_now(&self) -> End {
        let Some(row) = self.read().await else { return End::Failed };
        renew(self, record(&row), |_| true, OnDead::Condemn).await.map_or(End::Failed, |(_, verdict)| End::Verdict(verdict))
    }

    /// The merchant links the store again. Mirrors `shopify-callback` from the claim to the link's
    /// transaction: `Sessions::claim_with_lease`, `Tables::known_shop`, `Sessions::check_lease`,
    /// `token::exchange_code`, `Tables::link_shop`, and `Sessions::fail` for any error after the
    /// claim.
    pub(super) async fn link(&self) -> End {
        let (me, started) = (self.new_owner(), self.now_millis());
        let mut tries = 0;
        let until = loop {
            let now = self.now_millis();
            let until = now + LINK_LEASE;
            match self.call(Op::Claim { me, now, until }).await {
                Answer::Done => break until,
                Answer::Refused if self.now_millis() - started <= LINK_WAIT => {
                    self.wait(tries).await;
                    tries += 1;
                }
                Answer::Lost => {
                    self.call(Op::Fail { me }).await;
                    return End::Failed;
                }
                _ => return End::Failed,
            }
        };
        if self.link_under(me, until).await.is_none() {
            self.call(Op::Fail { me }).await;
            return End::Failed;
        }
        End::Linked
    }

    async fn link_under(&self, me: u32, until: u64) -> Option<()> {
        let known = self.read().await?;
        let left = until.saturating_sub(self.now_millis());
        if u128::from(left) < CALL_TIMEOUT.as_millis() && self.world().tables.guards.link_lasts {
            return None;
        }
        let Answer::Pair(pair) = self.call(Op::Exchange { me }).await else { return None };
        let seen = Seen { generation: known.generation, version: known.version };
        matches!(self.call(Op::Link { me, seen, pair, until }).await, Answer::Done).then_some(())
    }

    /// What remains to do for a callback whose time is up.
    pub(super) async fn give_up(&self, me: u32) -> End {
        self.call(Op::Fail { me }).await;
        End::Failed
    }

    /// The store leaves.
    pub(super) async fn uninstall(&self) -> End {
        self.call(Op::Uninstall).await;
        End::Failed
    }

    fn new_owner(&self) -> u32 {
        let me = self.world().new_owner();
        *self.me.lock().unwrap() = me;
        me
    }

    pub(super) fn owner(&self) -> u32 {
        *self.me.lock().unwrap()
    }
}

impl Backend for Worker {
    type Lease = Grip;

    fn now_millis(&self) -> u64 {
        self.world().clock
    }

    async fn pause(&self, tries: u32) {
        self.wait(tries).await;
    }

    async fn lease(&self, _: &str, since: u64) -> Result<LeaseAnswer<Grip>, Error> {
        let (me, now) = (self.new_owner(), self.now_millis());
        let until = now + u64::try_from(LEASE.as_millis()).unwrap();
        match self.call(Op::Lease { me, now, until, since }).await {
            Answer::Given(Given::Granted) => Ok(LeaseAnswer::Granted(Grip { me, until })),
            Answer::Given(Given::Held) => Ok(LeaseAnswer::Held),
            Answer::Given(Given::Failed) => Ok(LeaseAnswer::Failed("failed".to_owned())),
            Answer::Lost => {
                self.call(Op::Release { me, failed_at: None }).await;
                Err(unavailable())
            }
            _ => Err(unavailable()),
        }
    }

    fn lasts(&self, lease: &Grip) -> bool {
        let left = lease.until.saturating_sub(self.now_millis());
        u128::from(left) >= NEEDED.as_millis() || !self.world().tables.guards.renewal_lasts
    }

    async fn release(&self, lease: &Grip, failure: Option<&str>) {
        let failed_at = failure.map(|_| self.now_millis());
        self.call(Op::Release { me: lease.me, failed_at }).await;
    }

    async fn load(&self, _: &OpenShop) -> Result<Option<OpenShop>, Error> {
        let refused = self.refused.lock().unwrap().take();
        if let Some(stale) = refused
            && !self.world().tables.guards.read_again
        {
            return Ok(Some(record(&stale)));
        }
        self.read().await.map(|row| Some(record(&row))).ok_or_else(unavailable)
    }

    async fn ask(&self, record: &OpenShop) -> Result<Tokens, Refusal> {
        let Some(number) = record.refresh_token.as_ref().map(number) else { return Err(Refusal::Dead("no_refresh_token")) };
        let me = self.owner();
        match self.call(Op::Ask { me, number }).await {
            Answer::Pair(pair) => Ok(tokens(pair)),
            Answer::Dead => {
                let pair = self.world().shopify.pair(number);
                let stale = Row { status: record.status, generation: record.generation, version: record.version, pair };
                *self.refused.lock().unwrap() = Some(stale);
                Err(Refusal::Dead("token_refused"))
            }
            Answer::Declined => {
                let others = [Refusal::Passing("throttled"), Refusal::Stopped("shop_frozen"), Refusal::OurCredentials];
                Err(self.world().chance.one_of(&others))
            }
            _ => Err(Refusal::Passing("provider_timeout")),
        }
    }

    async fn save(&self, lease: &Grip, before: &OpenShop, tokens: &Tokens) -> Result<Option<OpenShop>, Error> {
        let pair = self.world().shopify.pair(number(&tokens.access_token));
        assert_eq!(tokens.refresh_token.as_ref().map(number), Some(pair.number), "two halves of one pair");
        let seen = seen(before);
        match self.call(Op::Save { me: lease.me, seen, pair }).await {
            Answer::Done => {
                let after = Row { status: Status::Active, generation: seen.generation, version: seen.version + 1, pair };
                Ok(Some(record(&after)))
            }
            Answer::Refused => Ok(None),
            _ => Err(unavailable()),
        }
    }

    async fn condemn(&self, lease: &Grip, record: &OpenShop, _: &str) -> Result<bool, Error> {
        match self.call(Op::Condemn { me: Some(lease.me), seen: seen(record) }).await {
            Answer::Done => Ok(true),
            Answer::Refused => Ok(false),
            _ => Err(unavailable()),
        }
    }
}

fn unavailable() -> Error {
    Error::storage_unavailable("simulated")
}

const fn seen(record: &OpenShop) -> Seen {
    Seen { generation: record.generation, version: record.version }
}

/// A token's text is its pair's number.
fn number(token: &Secret) -> u32 {
    token.expose().parse().unwrap()
}

fn tokens(pair: Pair) -> Tokens {
    let token = Secret::new(pair.number.to_string());
    Tokens {
        access_token: token.clone(),
        refresh_token: Some(token),
        expires_at: Some(pair.access_end),
        refresh_expires_at: Some(pair.refresh_end),
        scopes: Vec::new(),
        scope: String::new(),
    }
}

fn record(row: &Row) -> OpenShop {
    let Tokens { access_token, refresh_token, expires_at, refresh_expires_at, scopes, .. } = tokens(row.pair);
    let mut record = samples::opened(Uuid::nil(), row.pair.issued_at, refresh_expires_at);
    (record.status, record.generation, record.version) = (row.status, row.generation, row.version);
    (record.access_token, record.refresh_token) = (Some(access_token), refresh_token);
    (record.access_expires_at, record.scopes) = (expires_at, scopes);
    record
}
