//! The metrics, by name. `lambda/measured.rs` writes them into log lines.
//!
//! Each combination of a metric and its dimensions' values costs money each month, so a dimension
//! never has many values.

use serde::Serialize;

/// The default namespace (`METRICS_NAMESPACE`). A deployed stack has its own, so that two stacks in
/// one account do not add up.
pub const NAMESPACE: &str = "MessengerLink";

/// A metric; it is a field of the line, and so are its dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `Count`, `Milliseconds` or `Seconds`.
    pub unit: &'static str,
    /// The fields that distinguish its values. With more than one set, each value counts once in
    /// each.
    #[serde(skip)]
    pub dimensions: Dimensions,
}

/// Sets of field names; an empty set is the metric as a whole.
pub type Dimensions = &'static [&'static [&'static str]];

impl Metric {
    /// A count.
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

/// A metric as a whole.
pub const NONE: Dimensions = &[&[]];
const BY_FUNCTION: Dimensions = &[&["function"]];
/// So that an alarm on all functions needs one metric, however many functions there are.
const BY_FUNCTION_AND_WHOLE: Dimensions = &[&["function"], &[]];

/// A browser was sent to the provider.
pub const LINKS_STARTED: Metric = Metric::count("LinksStarted", BY_FUNCTION);
/// A flow that links accounts began, and the browser did not say from where.
pub const STARTS_WITHOUT_FETCH_METADATA: Metric = Metric::count("StartsWithoutFetchMetadata", NONE);
/// A link was made.
pub const LINKS_FINISHED: Metric = Metric::count("LinksFinished", BY_FUNCTION);
/// An error reply, by its code; for refused signatures see [`REFUSED_SIGNATURES`].
pub const FAILURES: Metric = Metric::count("Failures", &[&["function", "outcome"]]);
/// 1 if the fault is ours or a provider's, 0 for every other line: its average is the error rate.
pub const FAULTS: Metric = Metric::count("Faults", BY_FUNCTION_AND_WHOLE);
/// From the start of an instance until it was ready; once per instance, so the number of values is
/// the number of cold starts.
pub const INIT_TIME: Metric = Metric::time("InitTime", BY_FUNCTION);
/// Each operation on the tables, including the SDK's retries.
pub const DYNAMODB_LATENCY: Metric = Metric::time("DynamoDBLatency", NONE);
/// Completed runs of the keeper.
pub const KEEPER_RUNS: Metric = Metric::count("KeeperRuns", NONE);
/// What was due in a run.
pub const KEEPER_DUE: Metric = Metric::count("KeeperDue", NONE);
/// What a run left over.
pub const KEEPER_REMAINING: Metric = Metric::count("KeeperRemaining", NONE);
/// What could not be checked in a run.
pub const KEEPER_FAILED: Metric = Metric::count("KeeperFailed", NONE);
/// How overdue the oldest record is that a run left.
pub const KEEPER_LAG: Metric = Metric { name: "KeeperLag", unit: "Seconds", dimensions: NONE };
/// The keeper's brake held deaths back.
pub const TOO_MANY_DEAD: Metric = Metric::count("TooManyDead", NONE);
/// A provider refused our own credentials.
pub const CREDENTIALS_REFUSED: Metric = Metric::count("CredentialsRefused", NONE);

/// Requests that a provider did not sign. Counted in the instance and reported in a later line.
pub const REFUSED_SIGNATURES: Metric = Metric::count("RefusedSignatures", BY_FUNCTION_AND_WHOLE);

/// Messages that were put on the bus.
pub const MESSAGES_PUT: Metric = Metric::count("MessagesPut", NONE);
/// Messages without a holder, and outdated ones.
pub const MESSAGES_DROPPED: Metric = Metric::count("MessagesDropped", NONE);
/// Messages that the bus rejects in any form.
pub const MESSAGES_LOST: Metric = Metric::count("MessagesLost", NONE);

/// All of them except those of the platforms.
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
    /// The duration of its calls: the first hundred of an event.
    pub latency: Metric,
    /// All its calls: the base of the error rate.
    pub calls: Metric,
    /// Its calls without an answer, or with a throttle or server error.
    pub errors: Metric,
    /// Credentials that were renewed in time.
    pub refreshed: Metric,
    /// Renewals that failed; that does not mean the credential is dead.
    pub refresh_failed: Metric,
    /// Accounts that their merchant must link again.
    pub reconnect_needed: Metric,
}

impl PlatformMetrics {
    /// Each of them.
    #[must_use]
    pub const fn all(&self) -> [Metric; 6] {
        [self.latency, self.calls, self.errors, self.refreshed, self.refresh_failed, self.reconnect_needed]
    }
}

/// The metrics of a platform, prefixed with its name.
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
