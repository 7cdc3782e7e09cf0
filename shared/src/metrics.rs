//! What is measured: metrics by their names. How they stand in a log line is the runner's to know
//! (`lambda/measured.rs`).
//!
//! Each combination of a metric with the values of its dimensions is paid by the month, so a
//! dimension is never anything that has many values.

use serde::Serialize;

/// Where the metrics stand unless `METRICS_NAMESPACE` says otherwise. A deployed stack has one of
/// its own, so that two of one account do not add up.
pub const NAMESPACE: &str = "MessengerLink";

/// A metric; it stands in the line under its name, and its dimensions are fields of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `Count`, `Milliseconds` or `Seconds`.
    pub unit: &'static str,
    /// The fields that tell its values apart. With more than one set, each value counts once under
    /// each of them.
    #[serde(skip)]
    pub dimensions: Dimensions,
}

/// Sets of names of fields; an empty set is the metric as a whole.
pub type Dimensions = &'static [&'static [&'static str]];

impl Metric {
    /// One that counts.
    #[must_use]
    pub const fn count(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Count", dimensions }
    }

    /// One that takes milliseconds.
    #[must_use]
    pub const fn time(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Milliseconds", dimensions }
    }
}

/// A metric as a whole.
pub const NONE: Dimensions = &[&[]];
const BY_FUNCTION: Dimensions = &[&["function"]];
/// So that an alarm on all functions is one on one metric, however many functions there are.
const BY_FUNCTION_AND_WHOLE: Dimensions = &[&["function"], &[]];

/// A browser was sent to the provider.
pub const LINKS_STARTED: Metric = Metric::count("LinksStarted", BY_FUNCTION);
/// A flow that puts accounts under a session's identity began, and the browser did not say from
/// where.
pub const STARTS_WITHOUT_FETCH_METADATA: Metric = Metric::count("StartsWithoutFetchMetadata", NONE);
/// A link was made.
pub const LINKS_FINISHED: Metric = Metric::count("LinksFinished", BY_FUNCTION);
/// An error reply, by its code; for refused signatures see [`REFUSED_SIGNATURES`].
pub const FAILURES: Metric = Metric::count("Failures", &[&["function", "outcome"]]);
/// 1 where the fault is ours or a provider's, 0 with every other line: its average is the error
/// rate.
pub const FAULTS: Metric = Metric::count("Faults", BY_FUNCTION_AND_WHOLE);
/// From the start of an instance until it was ready; once in its life, so the number of values is
/// that of the cold starts.
pub const INIT_TIME: Metric = Metric::time("InitTime", BY_FUNCTION);
/// Each operation on the tables, the repetitions of the SDK included.
pub const DYNAMODB_LATENCY: Metric = Metric::time("DynamoDBLatency", NONE);
/// Runs of the keeper that came to their end.
pub const KEEPER_RUNS: Metric = Metric::count("KeeperRuns", NONE);
/// What was due in a run.
pub const KEEPER_DUE: Metric = Metric::count("KeeperDue", NONE);
/// What a run left over.
pub const KEEPER_REMAINING: Metric = Metric::count("KeeperRemaining", NONE);
/// What could not be judged in a run.
pub const KEEPER_FAILED: Metric = Metric::count("KeeperFailed", NONE);
/// How long the oldest record has waited that a run left due.
pub const KEEPER_LAG: Metric = Metric { name: "KeeperLag", unit: "Seconds", dimensions: NONE };
/// The keeper's brake held deaths back.
pub const TOO_MANY_DEAD: Metric = Metric::count("TooManyDead", NONE);
/// A provider refused our own credentials.
pub const CREDENTIALS_REFUSED: Metric = Metric::count("CredentialsRefused", NONE);

/// What a provider is said to have signed and has not. Counted in the instance and told by a later
/// line.
pub const REFUSED_SIGNATURES: Metric = Metric::count("RefusedSignatures", BY_FUNCTION_AND_WHOLE);

/// Messages that were put on the bus.
pub const MESSAGES_PUT: Metric = Metric::count("MessagesPut", NONE);
/// Messages for nobody, and those whose time is over.
pub const MESSAGES_DROPPED: Metric = Metric::count("MessagesDropped", NONE);
/// Messages that the bus takes in no form.
pub const MESSAGES_LOST: Metric = Metric::count("MessagesLost", NONE);

/// All of them but those of the platforms.
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

/// What is measured of one platform.
#[derive(Clone, Copy)]
pub struct PlatformMetrics {
    /// How long its calls took: the first hundred of an event.
    pub latency: Metric,
    /// All of its calls: what their errors are a share of.
    pub calls: Metric,
    /// Its calls without an answer, or with one that says that the platform can't.
    pub errors: Metric,
    /// Credentials that were renewed in time.
    pub refreshed: Metric,
    /// Renewals that failed; the credential is not dead for that.
    pub refresh_failed: Metric,
    /// Accounts that only their merchant can link again.
    pub reconnect_needed: Metric,
}

impl PlatformMetrics {
    /// Each of them.
    #[must_use]
    pub const fn all(&self) -> [Metric; 6] {
        [self.latency, self.calls, self.errors, self.refreshed, self.refresh_failed, self.reconnect_needed]
    }
}

/// The metrics of a platform, whose name stands at the beginning of theirs.
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
