//! What is measured: metrics by their names. How they stand in a log line is the runner's to know (`lambda/measured.rs`).
//!
//! Each combination of a metric with the values of its dimensions is paid by the month, so a dimension is never anything that has many values.

use serde::Serialize;

/// Where the metrics stand unless `METRICS_NAMESPACE` says otherwise. A deployed stack has one of its own, so that two of one account do not add up.
pub const NAMESPACE: &str = "MessengerLink";

/// A metric; it stands in the line under its name, and its dimensions are fields of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// `Count`, `Milliseconds` or `Seconds`.
    pub unit: &'static str,
    /// The fields that tell its values apart. With more than one set, each value counts once under each of them.
    #[serde(skip)]
    pub dimensions: Dimensions,
}

/// Sets of names of fields; an empty set is the metric as a whole.
pub type Dimensions = &'static [&'static [&'static str]];

impl Metric {
    const fn count(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Count", dimensions }
    }

    const fn time(name: &'static str, dimensions: Dimensions) -> Self {
        Self { name, unit: "Milliseconds", dimensions }
    }
}

const NONE: Dimensions = &[&[]];
const BY_FUNCTION: Dimensions = &[&["function"]];
/// So that an alarm on all functions is one on one metric, however many functions there are.
const BY_FUNCTION_AND_WHOLE: Dimensions = &[&["function"], &[]];

/// A browser was sent to the provider.
pub const LINKS_STARTED: Metric = Metric::count("LinksStarted", BY_FUNCTION);
/// A flow that puts accounts under a session's identity began, and the browser did not say from where.
pub const STARTS_WITHOUT_FETCH_METADATA: Metric = Metric::count("StartsWithoutFetchMetadata", NONE);
/// A link was made.
pub const LINKS_FINISHED: Metric = Metric::count("LinksFinished", BY_FUNCTION);
/// An error reply, by its code; for refused signatures see [`REFUSED_SIGNATURES`].
pub const FAILURES: Metric = Metric::count("Failures", &[&["function", "outcome"]]);
/// 1 where the fault is ours or a provider's, 0 with every other line: its average is the error rate.
pub const FAULTS: Metric = Metric::count("Faults", BY_FUNCTION_AND_WHOLE);
/// From the start of an instance until it was ready; once in its life, so the number of values is that of the cold starts.
pub const INIT_TIME: Metric = Metric::time("InitTime", BY_FUNCTION);
/// How long calls to Shopify took: the first hundred of an event.
pub const SHOPIFY_LATENCY: Metric = Metric::time("ShopifyLatency", NONE);
/// Calls to Shopify, all of them: what their errors are a share of.
pub const SHOPIFY_CALLS: Metric = Metric::count("ShopifyCalls", NONE);
/// Calls to Shopify without an answer, or with one that says that Shopify can't.
pub const SHOPIFY_ERRORS: Metric = Metric::count("ShopifyErrors", NONE);
/// How long calls to Facebook took: the first hundred of an event.
pub const FACEBOOK_LATENCY: Metric = Metric::time("FacebookLatency", NONE);
/// Calls to Facebook, all of them: what their errors are a share of.
pub const FACEBOOK_CALLS: Metric = Metric::count("FacebookCalls", NONE);
/// Calls to Facebook without an answer, or with one that says that Facebook can't.
pub const FACEBOOK_ERRORS: Metric = Metric::count("FacebookErrors", NONE);
/// Each operation on the tables, the repetitions of the SDK included.
pub const DYNAMODB_LATENCY: Metric = Metric::time("DynamoDBLatency", NONE);
/// Pairs of tokens that Shopify renewed.
pub const SHOPIFY_REFRESHED: Metric = Metric::count("ShopifyRefreshed", NONE);
/// Renewals that Shopify or the tables failed; the token is not dead for that.
pub const SHOPIFY_REFRESH_FAILED: Metric = Metric::count("ShopifyRefreshFailed", NONE);
/// Stores that only their merchant can link again.
pub const SHOPIFY_RECONNECT_NEEDED: Metric = Metric::count("ShopifyReconnectNeeded", NONE);
/// Tokens of persons that were exchanged in time.
pub const FACEBOOK_REFRESHED: Metric = Metric::count("FacebookRefreshed", NONE);
/// Exchanges that failed; the token is not dead for that.
pub const FACEBOOK_REFRESH_FAILED: Metric = Metric::count("FacebookRefreshFailed", NONE);
/// Pages that only their merchant can link again.
pub const FACEBOOK_RECONNECT_NEEDED: Metric = Metric::count("FacebookReconnectNeeded", NONE);
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

/// What a provider is said to have signed and has not. Counted in the instance and told by a later line.
pub const REFUSED_SIGNATURES: Metric = Metric::count("RefusedSignatures", BY_FUNCTION_AND_WHOLE);

/// All of them.
pub const ALL: [Metric; 27] = [
    LINKS_STARTED,
    STARTS_WITHOUT_FETCH_METADATA,
    LINKS_FINISHED,
    FAILURES,
    FAULTS,
    INIT_TIME,
    SHOPIFY_LATENCY,
    SHOPIFY_CALLS,
    SHOPIFY_ERRORS,
    FACEBOOK_LATENCY,
    FACEBOOK_CALLS,
    FACEBOOK_ERRORS,
    DYNAMODB_LATENCY,
    SHOPIFY_REFRESHED,
    SHOPIFY_REFRESH_FAILED,
    SHOPIFY_RECONNECT_NEEDED,
    FACEBOOK_REFRESHED,
    FACEBOOK_REFRESH_FAILED,
    FACEBOOK_RECONNECT_NEEDED,
    KEEPER_RUNS,
    KEEPER_DUE,
    KEEPER_REMAINING,
    KEEPER_FAILED,
    KEEPER_LAG,
    TOO_MANY_DEAD,
    CREDENTIALS_REFUSED,
    REFUSED_SIGNATURES,
];

/// What is measured of one platform.
pub(crate) struct PlatformMetrics {
    /// Its name, with which the names of its calls begin.
    pub(crate) platform: &'static str,
    /// How long its calls took.
    pub(crate) latency: Metric,
    /// All of its calls.
    pub(crate) calls: Metric,
    /// A call without an answer, or with one that says that the platform can't.
    pub(crate) errors: Metric,
    /// An account that only its merchant can link again.
    pub(crate) reconnect_needed: Metric,
}

/// Those that are measured.
pub(crate) const PLATFORMS: [PlatformMetrics; 2] = [
    PlatformMetrics {
        platform: "shopify",
        latency: SHOPIFY_LATENCY,
        calls: SHOPIFY_CALLS,
        errors: SHOPIFY_ERRORS,
        reconnect_needed: SHOPIFY_RECONNECT_NEEDED,
    },
    PlatformMetrics {
        platform: "facebook",
        latency: FACEBOOK_LATENCY,
        calls: FACEBOOK_CALLS,
        errors: FACEBOOK_ERRORS,
        reconnect_needed: FACEBOOK_RECONNECT_NEEDED,
    },
];

/// The metrics of a platform; none where nothing is measured of it.
pub(crate) fn of_platform(platform: &str) -> Option<&'static PlatformMetrics> {
    PLATFORMS.iter().find(|metrics| metrics.platform == platform)
}

/// The metrics of the platform that a call goes to.
pub(crate) fn of_call(name: &str) -> Option<&'static PlatformMetrics> {
    of_platform(platform_of(name))
}

/// The platform in the name of a call, which is `platform.what`.
pub(crate) fn platform_of(call: &str) -> &str {
    call.split_once('.').map_or(call, |(platform, _)| platform)
}

#[cfg(test)]
mod tests;
