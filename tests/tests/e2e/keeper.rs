//! `token-keeper` through its binary: what it keeps alive, what it marks, and what it leaves alone.

mod facebook;
mod order;
mod stores;

/// The figures of a run but for the time that the oldest record waited.
#[track_caller]
fn without_lag(mut reply: serde_json::Value) -> serde_json::Value {
    let lag = reply.as_object_mut().and_then(|figures| figures.remove("lag_seconds"));
    assert!(reply.get("error").is_some() || lag.is_some_and(|lag| lag.is_u64()), "{reply}");
    reply
}
