//! The metrics, by name. The runner decides how a log line contains them (`lambda/measured.rs`).
//!
//! Each combination of a metric with its dimensions' values is billed monthly, so a dimension never
//! has many values.

use serde::Serialize;

/// The namespace, unless `METRICS_NAMESPACE` says otherwise. A deployed stack has one of its own,
/// so that two stacks in one account do not add up.
pub const NAMESPACE: &str = "MessengerLink";

/// A metric: a field of the log line under its name, with its dimensions as further fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `Count`, `Milliseconds` or `Seconds`.
    pub unit: &'static str,
    /// The fields that tell its values apart. With several sets, each value counts once under each
    /// of them.
    #[serde(skip)]
    pub dimensions: Dimensions,
}

/// Sets of field names; an empty set is the metric as a whole.
pub type Dimensions = &'static [&'static [&'static str]];

impl Metric {
    /// A counter.
    #[must_use]
    pub const fn count(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Count", dimensions }
    }

    /// A duration in milliseconds.
    #[must_use]
    pub const fn time(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Milliseconds", dimensions }
    }
}

/// The metric as a whole.
pub const NONE: Dimensions = &[&[]];
const BY_FUNCTION: Dimensions = &[&["function"]];
/// So that one alarm on one metric covers all functions, no matter how many there are.
const BY_FUNCTION_AND_WHOLE: Dimensions = &[&["function"], &[]];

/// A browser was sent to the provider.
pub const LINKS_STARTED: Metric = Metric::count("LinksStarted", BY_FUNCTION);
/// A flow that adds accounts to a session's identity began, and the browser did not say where.
pub const STARTS_WITHOUT_FETCH_METADATA: Metric = Metric::count("StartsWithoutFetchMetadata", NONE);
/// A link was made.
pub const LINKS_FINISHED: Metric = Metric::count("LinksFinished", BY_FUNCTION);
/// An error reply, by its code; for refused signatures see [`REFUSED_SIGNATURES`].
pub const FAILURES: Metric = Metric::count("Failures", &[&["function", "outcome"]]);
/// 1 if the fault is ours or a provider's, 0 with every other line: its average is the error rate.
pub const FAULTS: Metric = Metric::count("Faults", BY_FUNCTION_AND_WHOLE);
/// From the start of an instance until it was ready; once in its life, so that the number of values
/// is the number of cold starts.
pub const INIT_TIME: Metric = Metric::time("InitTime", BY_FUNCTION);
/// Each operation on the tables, including the SDK's retries.
pub const DYNAMODB_LATENCY: Metric = Metric::time("DynamoDBLatency", NONE);
/// Runs of the keeper that finished.
pub const KEEPER_RUNS: Metric = Metric::count("KeeperRuns", NONE);
/// Records that were due in a run.
pub const KEEPER_DUE: Metric = Metric::count("KeeperDue", NONE);
/// Records that a run left over.
pub const KEEPER_REMAINING: Metric = Metric::count("KeeperRemaining", NONE);
/// Records that could not be judged in a run.
pub const KEEPER_FAILED: Metric = Metric::count("KeeperFailed", NONE);
/// How long the oldest record that a run left due has waited.
pub const KEEPER_LAG: Metric = Metric { name: "KeeperLag", unit: "Seconds", dimensions: NONE };
/// The keeper's brake held deaths back.
pub const TOO_MANY_DEAD: Metric = Metric::count("TooManyDead", NONE);
/// A provider refused our own credentials.
pub const CREDENTIALS_REFUSED: Metric = Metric::count("CredentialsRefused", NONE);

/// Requests whose provider signature is invalid. Counted in the instance and reported by a later
/// line.
pub const REFUSED_SIGNATURES: Metric = Metric::count("RefusedSignatures", BY_FUNCTION_AND_WHOLE);

/// Messages that were put on the bus.
pub const MESSAGES_PUT: Metric = Metric::count("MessagesPut", NONE);
/// Messages for nobody, and outdated ones.
pub const MESSAGES_DROPPED: Metric = Metric::count("MessagesDropped", NONE);
/// Messages that the bus accepts in no form.
pub const MESSAGES_LOST: Metric = Metric::count("MessagesLost", NONE);

/// All metrics except the platforms'.
pub const ALL: [Metric; 18] = [
    LINKS_STARTED,
    STARTS_WITHOUT_FETCH_METADATA,
    LINKS_FINISHED,
    FAILURES,
    FAULTS,
    INIT_TIME,
    DYNAMODB_LATENCY,
    KEEPER_RUNS,
    KEEPER_DUE,
    KEEPER_REMAINING,
    KEEPER_FAILED,
    KEEPER_LAG,
    TOO_MANY_DEAD,
    CREDENTIALS_REFUSED,
    REFUSED_SIGNATURES,
    MESSAGES_PUT,
    MESSAGES_DROPPED,
    MESSAGES_LOST,
];

/// The metrics of one platform.
#[derive(Clone, Copy)]
pub struct PlatformMetrics {
    /// How long its calls took: the first hundred of an event.
    pub latency: Metric,
    /// All of its calls: the base for the share of errors.
    pub calls: Metric,
    /// Its calls without an answer, or with one that reports a failure of the platform.
    pub errors: Metric,
    /// Credentials renewed in time.
    pub refreshed: Metric,
    /// Renewals that failed; that does not make the credential dead.
    pub refresh_failed: Metric,
    /// Accounts that only their merchant can link again.
    pub reconnect_needed: Metric,
}

impl PlatformMetrics {
    /// All of them.
    #[must_use]
    pub const fn all(&self) -> [Metric; 6] {
        [self.latency, self.calls, self.errors, self.refreshed, self.refresh_failed, self.reconnect_needed]
    }
}

/// A platform's metrics, whose names begin with its own.
#[macro_export]
macro_rules! platform_metrics {
    ($name:literal) => {
        $crate::metrics::PlatformMetrics {
            latency: $crate::metrics::Metric::time(concat!($name, "Latency"), $crate::metrics::NONE),
            calls: $crate::metrics::Metric::count(concat!($name, "Calls"), $crate::metrics::NONE),
            errors: $crate::metrics::Metric::count(concat!($name, "Errors"), $crate::metrics::NONE),
            refreshed: $crate::metrics::Metric::count(concat!($name, "Refreshed"), $crate::metrics::NONE),
            refresh_failed: $crate::metrics::Metric::count(concat!($name, "RefreshFailed"), $crate::metrics::NONE),
            reconnect_needed: $crate::metrics::Metric::count(concat!($name, "ReconnectNeeded"), $crate::metrics::NONE),
        }
    };
}
pub use platform_metrics;

#[cfg(test)]
mod tests;
