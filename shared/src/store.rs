//! The two tables. What is written together, and under which condition, is decided here and nowhere else.
//!
//! | table | key | item |
//! |---|---|---|
//! | sessions | `session#HASH` | a browser's session: identity, store, generation, end |
//! | sessions | `flow#PLATFORM#HASH` | used states of an account with their outcome; for a store also the lease |
//! | connections | `uuid#U`, `store` | the link itself: store, generation, status, token pair, version |
//! | connections | `uuid#U`, `page#ID` | a linked Page with its token |
//! | connections | `uuid#U`, `person#ID` | a Facebook person's grant with the user token |
//! | connections | `shop#DOMAIN`, `owner` | which identity a store has |
//! | connections | `page#ID`, `owner` | which identity holds a Page |
//! | connections | `uuid#U`, `event#ID` | an event on its way to the bus |
//! | connections | `uuid#U`, `doubt` | that a webhook doubts the store, until the keeper has asked |
//! | connections | `job#ID`, its kind | what is left to do once a link is gone |
//! | connections | `keeper`, `resealing` | how far sealing everything anew has come |
//! | connections | `keeper`, `persons` | how far marking what names a person has come |
//! | connections | `deletion#CODE`, `status` | a person's request to leave, and what has come of it |
//! | connections | `deletion#CODE`, `told#HASH` | under which identity events tell of it, sealed |
//! | connections | `audit#ID`, `audit` | that something was erased, without saying of whom |
//! | sessions | `delivery#HASH` | a webhook whose effect has happened |
//! | sessions | `body#HASH` | that a webhook's bytes were delivered before |
//!
//! Everything in the sessions table has a `ttl`; in the connections table events, jobs, requests to leave and audit records have.

pub mod audit;
pub mod deliveries;
pub mod departures;
pub mod disconnect;
pub mod doubts;
pub mod due;
pub mod erase;
pub mod events;
pub mod flows;
mod item;
pub mod jobs;
pub mod keys;
pub mod leases;
pub mod leaving;
pub mod listing;
pub mod marks;
pub mod pages;
mod pages_write;
mod patience;
pub mod persons;
pub mod persons_write;
mod records;
pub mod renewals;
pub mod resealing;
mod scopes;
#[cfg(test)]
mod scripted;
pub mod sessions;
pub mod stores;
mod stores_write;
mod table;
pub mod tokens;

use std::{collections::HashMap, fmt, time::Duration};

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{AttributeValue, TransactWriteItem},
};

use crate::{calls::timed, clients::Clients, clock::Clock, config::Vars, encryption::KeyRing, error::Error};

/// An item as DynamoDB has it.
pub type Item = HashMap<String, AttributeValue>;

/// Tries at a write beyond the SDK's own, for what the SDK does not repeat: conflicts with another transaction. (A write without an answer
/// has been repeated by the SDK for three seconds.)
const TRIES: u32 = 5;

/// The sessions table.
#[derive(Clone, Debug)]
pub struct Sessions {
    client: Client,
    table: String,
    clock: Clock,
}

/// The connections table, and the keys for what is sealed in it. Writes of a link reach into the sessions table as well.
#[derive(Clone, Debug)]
pub struct Connections {
    client: Client,
    table: String,
    sessions_table: String,
    keys: KeyRing,
    clock: Clock,
    /// How long an audit record is kept, in seconds.
    audit_retention: u64,
}

impl Sessions {
    /// Reads `SESSIONS_TABLE`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients, clock: Clock) -> Result<Self, Error> {
        Ok(Self { client: clients.dynamodb(vars)?, table: table(vars, "SESSIONS_TABLE")?, clock })
    }

    /// One cheap read, so that connection and credentials are ready before the first request.
    pub async fn warm_up(&self) {
        let read = self.client.get_item().table_name(&self.table).key("pk", item::s("warm-up"));
        let _ = timed("dynamodb.warm_up", read.send()).await;
    }
}

impl Connections {
    /// Reads `CONNECTIONS_TABLE`, `SESSIONS_TABLE` and `TOKEN_ENCRYPTION_KEYS`.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients, clock: Clock) -> Result<Self, Error> {
        Ok(Self {
            client: clients.dynamodb(vars)?,
            table: table(vars, "CONNECTIONS_TABLE")?,
            sessions_table: table(vars, "SESSIONS_TABLE")?,
            keys: KeyRing::from_vars(vars)?,
            clock,
            audit_retention: audit::DEFAULT_RETENTION,
        })
    }

    /// Reads `AUDIT_RETENTION_DAYS`, for a function that erases.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn with_audits(self, vars: &Vars) -> Result<Self, Error> {
        Ok(Self { audit_retention: audit::retention(vars)?, ..self })
    }

    /// Writes all or nothing. `token` makes a repeated try the same write (it is good for ten minutes).
    async fn transact(&self, name: &'static str, token: &str, items: Vec<TransactWriteItem>) -> Result<(), Cancelled> {
        let mut pause = Pause::default();
        for tries_left in (0..TRIES).rev() {
            let write = self.client.transact_write_items().client_request_token(token).set_transact_items(Some(items.clone()));
            let error = match timed(name, write.send()).await {
                Ok(_) => {
                    events::counted(&items);
                    return Ok(());
                }
                Err(error) => error,
            };
            if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() {
                let reasons = cancelled.cancellation_reasons();
                let failed: Vec<(usize, Item)> = reasons
                    .iter()
                    .enumerate()
                    .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
                    .map(|(index, reason)| (index, reason.item().cloned().unwrap_or_default()))
                    .collect();
                if !failed.is_empty() {
                    return Err(Cancelled::Conditions(failed));
                }
                let passing =
                    |code: &str| matches!(code, "None" | "TransactionConflict" | "ThrottlingError" | "ProvisionedThroughputExceeded");
                if !reasons.iter().all(|reason| passing(reason.code().unwrap_or("None"))) {
                    return Err(Cancelled::Failed(unavailable(name, &error)));
                }
            }
            if tries_left == 0 || !is_worth_repeating(&error) {
                return Err(Cancelled::Failed(unavailable(name, &error)));
            }
            pause.wait().await;
        }
        Err(Cancelled::Failed(Error::storage_unavailable(format!("{name}: gave up"))))
    }
}

/// Why a transaction wrote nothing.
#[derive(Debug)]
enum Cancelled {
    /// Conditions that did not hold: the position in the transaction, and the item as it is, where it was asked for.
    Conditions(Vec<(usize, Item)>),
    /// DynamoDB failed.
    Failed(Error),
}

fn table(vars: &Vars, name: &str) -> Result<String, Error> {
    vars.checked(name, None, |table| (3..=1024).contains(&table.len()) && table.bytes().all(|b| b.is_ascii_graphic()))
}

/// `storage_unavailable` with the operation and the error's code for the log.
fn unavailable<E: ProvideErrorMetadata, R: fmt::Debug>(name: &str, error: &SdkError<E, R>) -> Error {
    Error::storage_unavailable(format!("{name}: {}", kind(error)))
}

fn kind<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> &str {
    match error {
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "no connection",
        SdkError::ServiceError(service) => service.err().code().unwrap_or("unknown"),
        _ => "unreadable answer",
    }
}

/// Where the last part of `count` begins when `size` of them make a part: what ends the work goes with it.
const fn last_part(count: usize, size: usize) -> usize {
    count.saturating_sub(1) / size * size
}

/// Whether another try may end differently: no answer, a conflict, a throttle. All writes here may be sent twice.
fn is_worth_repeating<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> bool {
    match error {
        SdkError::ServiceError(service) => matches!(
            service.err().code(),
            Some(
                "TransactionCanceledException"
                    | "TransactionConflictException"
                    | "TransactionInProgressException"
                    | "ThrottlingException"
                    | "ProvisionedThroughputExceededException"
                    | "RequestLimitExceeded"
                    | "InternalServerError"
            )
        ),
        // The SDK has had its tries within 3 s; one more would keep the merchant waiting for long.
        _ => false,
    }
}

/// A pause that doubles, with chance in it so that those who collided do not collide again.
#[derive(Debug, Default)]
struct Pause {
    tries: u32,
}

impl Pause {
    const FIRST: Duration = Duration::from_millis(20);
    const LONGEST: Duration = Duration::from_millis(250);

    async fn wait(&mut self) {
        // Without randomness the pause is merely less random.
        let chance = crate::random::bytes::<1>().map_or(128, |[byte]| byte);
        tokio::time::sleep(self.next(chance)).await;
    }

    fn next(&mut self, chance: u8) -> Duration {
        let longest = Self::FIRST.saturating_mul(1 << self.tries.min(8)).min(Self::LONGEST);
        self.tries += 1;
        longest / 2 + longest.mul_f64(f64::from(chance) / 512.0)
    }
}
