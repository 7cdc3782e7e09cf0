//! How close the app is to Facebook's limits, from response headers.
//!
//! `X-App-Usage` counts calls with a person's token, `X-Business-Use-Case-Usage` those with a
//! Page's or system user's. Both give percentages over a rolling hour; at 100, calls are refused
//! (`docs/graph-api/overview/rate-limiting`).

use serde_json::Value;

use crate::providers::load::{EXHAUSTED, Load};
use crate::{calls::Call, http::Answer};

/// The cap for absurd figures.
const MOST: f64 = 1000.0;

/// The percentages in one answer; 0 if absent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    app: u32,
    business: u32,
    regain_minutes: u32,
}

impl Usage {
    /// Reads both headers, with any content.
    #[must_use]
    pub fn of(answer: &Answer) -> Self {
        let read = |name| answer.header(name).and_then(|text| serde_json::from_str::<Value>(text).ok());
        let mut usage = Self { app: read("x-app-usage").map_or(0, |entry| percent(&entry)), ..Self::default() };
        let business = read("x-business-use-case-usage");
        for entry in business.iter().filter_map(Value::as_object).flat_map(|by_id| by_id.values()).filter_map(Value::as_array).flatten() {
            usage.business = usage.business.max(percent(entry));
            usage.regain_minutes = usage.regain_minutes.max(figure(entry, "estimated_time_to_regain_access"));
        }
        usage
    }

    /// Whether the limit for one Page's calls is exhausted.
    #[must_use]
    pub fn is_exhausted(self) -> bool {
        self.app.max(self.business) >= EXHAUSTED
    }
}

/// Records the answer to a call with a grant's token: either limit affects the whole run.
pub fn note(load: &Load, call: Call, answer: &Answer) {
    let usage = Usage::of(answer);
    raise(load, call, usage.app.max(usage.business), usage);
}

/// Records the answer to a call with an account's token, whose business limit affects that account
/// only.
pub fn note_account(load: &Load, call: Call, answer: &Answer) {
    let usage = Usage::of(answer);
    raise(load, call, usage.app, usage);
}

/// Meta is already refusing calls.
pub fn exhaust(load: &Load, call: Call) {
    raise(load, call, 100, Usage::default());
}

fn raise(load: &Load, call: Call, percent: u32, usage: Usage) {
    if load.raise(percent) {
        tracing::warn!(
            %call,
            percent,
            app_percent = usage.app,
            business_percent = usage.business,
            regain_minutes = usage.regain_minutes,
            "graph api usage is high"
        );
    }
}

fn percent(entry: &Value) -> u32 {
    ["call_count", "total_time", "total_cputime"].into_iter().map(|name| figure(entry, name)).max().unwrap_or_default()
}

/// A number that is at least 0, rounded up; anything else is 0.
fn figure(entry: &Value, name: &str) -> u32 {
    entry.get(name).and_then(Value::as_f64).unwrap_or_default().clamp(0.0, MOST).ceil() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::Log;
    use proptest::prelude::*;

    fn usage(app: &str, business: &str) -> Usage {
        Usage::of(&Answer::default().with_header("x-app-usage", app).with_header("x-business-use-case-usage", business))
    }

    #[test]
    fn the_highest_figure_counts() {
        let business = r#"{"1":[{"type":"pages","call_count":12,"total_time":86,"total_cputime":3,"estimated_time_to_regain_access":0}],
                           "2":[{"call_count":1},{"call_count":2,"estimated_time_to_regain_access":9}]}"#;
        let usage = usage(r#"{"call_count":28,"total_time":25.4,"total_cputime":96}"#, business);
        assert_eq!(usage, Usage { app: 96, business: 86, regain_minutes: 9 });
        assert_eq!(Usage::of(&Answer::default()), Usage::default());
    }

    #[test]
    fn malformed_headers_are_no_usage() {
        for text in
            ["", "null", "[]", "{", "7", r#"{"call_count":"99"}"#, r#"{"call_count":-5}"#, r#"{"1":{"call_count":99}}"#, r#"{"1":[7]}"#]
        {
            assert_eq!(usage(text, text), Usage::default(), "{text}");
        }
        assert_eq!(usage(r#"{"call_count":1e300}"#, "").app, 1000);
    }

    #[test]
    fn high_usage_narrows_and_then_stops_calls() {
        let load = Load::default();
        let used = |percent: u32| {
            note(&load, "test".into(), &Answer::default().with_header("x-app-usage", &format!("{{\"call_count\":{percent}}}")))
        };
        used(84);
        assert_eq!((load.width(16), load.is_exhausted()), (16, false));
        used(85);
        used(3);
        assert_eq!((load.width(16), load.is_exhausted()), (2, false), "the highest of the flow counts");
        used(95);
        assert!(load.is_exhausted());
    }

    #[test]
    fn one_pages_limit_does_not_affect_the_others() {
        let load = Load::default();
        let answer = Answer::default().with_header("x-business-use-case-usage", r#"{"1":[{"call_count":99}]}"#);
        note_account(&load, "test".into(), &answer);
        assert!(!load.is_exhausted() && Usage::of(&answer).is_exhausted());
        note(&load, "test".into(), &answer);
        assert!(load.is_exhausted(), "a system user's calls count there as well");
    }

    #[test]
    fn the_apps_limit_affects_every_page() {
        let load = Load::default();
        note_account(&load, "test".into(), &Answer::default().with_header("x-app-usage", r#"{"call_count":95}"#));
        assert!(load.is_exhausted());
    }

    #[test]
    fn each_threshold_is_logged_once_when_crossed() {
        let (load, log) = (Load::default(), Log::listen());
        let told = |percent| {
            raise(&load, "test".into(), percent, Usage::default());
            log.take().contains("graph api usage is high")
        };
        let upwards = [(0, false), (84, false), (85, true), (85, false), (86, false), (94, false), (95, true), (95, false), (96, false)];
        for (percent, expected) in upwards {
            assert_eq!(told(percent), expected, "{percent}");
        }
        assert!(!told(3) && !told(100), "the highest of the flow counts");
    }

    #[test]
    fn crossing_both_thresholds_at_once_is_logged_once() {
        let (load, log) = (Load::default(), Log::listen());
        raise(&load, "test".into(), 100, Usage { app: 100, business: 7, regain_minutes: 9 });
        let told = log.take();
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains("percent=100 app_percent=100 business_percent=7 regain_minutes=9"), "{told}");
    }

    proptest! {
        #[test]
        fn any_header_is_read(app in ".*", business in ".*") {
            usage(&app, &business);
        }
    }
}
