//! The figures of a story, level by level.

use std::fmt;
use std::time::Duration;

use e2e::chart;

/// What more at once has to bring to be worth it.
const GAIN: f64 = 1.1;

/// The figures of a level.
pub(crate) struct Level {
    at_once: usize,
    per_second: f64,
    /// The middle, and what 95 and 99 of a hundred are below.
    percentiles: [Duration; 3],
    errors: usize,
}

/// All levels of a story.
pub(crate) struct Curve {
    pub(crate) title: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) levels: Vec<Level>,
}

impl Level {
    pub(crate) fn new(at_once: usize, measured: Duration, mut times: Vec<Duration>, errors: usize) -> Self {
        times.sort_unstable();
        let at = |percent: usize| times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default();
        let per_second = times.len() as f64 / measured.as_secs_f64();
        Self { at_once, per_second, percentiles: [at(50), at(95), at(99)], errors }
    }
}

/// The first level over which none that was measured after it brought a tenth more per second.
fn knee(levels: &[Level]) -> Option<usize> {
    let later = |place: usize| levels.get(place + 1..).unwrap_or_default();
    let is_knee = |place: usize| later(place).iter().all(|level| level.per_second < levels[place].per_second * GAIN);
    (0..levels.len()).find(|place| is_knee(*place)).filter(|place| !later(*place).is_empty())
}

/// Two levels after the knee show that it is one.
pub(crate) fn is_past_its_knee(levels: &[Level]) -> bool {
    knee(levels).is_some_and(|knee| levels.len() >= knee + 3)
}

impl Curve {
    pub(crate) fn has_errors(&self) -> bool {
        self.levels.iter().any(|level| level.errors > 0)
    }

    /// Throughput and p99 by the number at once.
    pub(crate) fn drawn(&self) -> Vec<chart::Curve<'static>> {
        let points = |value: fn(&Level) -> f64| self.levels.iter().map(|level| (level.at_once as f64, value(level))).collect();
        let p99 = points(|level| level.percentiles[2].as_secs_f64() * 1e3);
        vec![chart::Curve { title: self.unit, points: points(|level| level.per_second) }, chart::Curve { title: "p99, ms", points: p99 }]
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.title)?;
        writeln!(formatter, "{:>8} {:>14} {:>9} {:>9} {:>9} {:>7}", "at once", self.unit, "p50 ms", "p95 ms", "p99 ms", "errors")?;
        for Level { at_once, per_second, percentiles, errors } in &self.levels {
            let [p50, p95, p99] = percentiles.map(|time| time.as_secs_f64() * 1e3);
            writeln!(formatter, "{at_once:>8} {per_second:>14.1} {p50:>9.1} {p95:>9.1} {p99:>9.1} {errors:>7}")?;
        }
        match knee(&self.levels).and_then(|knee| self.levels.get(knee)) {
            Some(level) => write!(formatter, "Knee: {} at once, {:.1} {}.", level.at_once, level.per_second, self.unit),
            None => write!(formatter, "No knee: more at once still brought more."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(per_second: &[u64]) -> Vec<Level> {
        let level = |(place, count): (usize, &u64)| {
            Level::new(1 << place, Duration::from_secs(1), (0..*count).map(Duration::from_millis).collect(), 0)
        };
        per_second.iter().enumerate().map(level).collect()
    }

    #[test]
    fn the_knee_is_where_more_at_once_brings_no_more() {
        let found = levels(&[100, 190, 205, 200]);
        assert_eq!(knee(&found), Some(1));
        assert!(is_past_its_knee(&found) && !is_past_its_knee(&found[..3]));
        assert_eq!(knee(&levels(&[100, 150, 140, 180])), None, "one bad level is no knee");
        assert_eq!((knee(&levels(&[100, 150, 200])), knee(&levels(&[100])), knee(&[])), (None, None, None));
    }

    #[test]
    fn percentiles_are_those_of_the_times_in_order() {
        let level = Level::new(1, Duration::from_secs(2), (1..=100).rev().map(Duration::from_millis).collect(), 3);
        assert_eq!(level.percentiles, [50, 95, 99].map(Duration::from_millis));
        assert!((level.per_second - 50.0).abs() < 1e-9);
        assert_eq!(Level::new(1, Duration::from_secs(1), Vec::new(), 0).percentiles, [Duration::ZERO; 3]);
    }
}
