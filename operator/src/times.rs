//! Times and durations: parsing and formatting.

use std::time::Duration;

use shared::{
    UnixSeconds,
    clock::{read_rfc3339, rfc3339},
};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A moment, or so long before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    At(UnixSeconds),
    Ago(Duration),
}

impl Since {
    /// The time, relative to now.
    pub(crate) fn seen_from(self, now: UnixSeconds) -> UnixSeconds {
        match self {
            Self::At(at) => at,
            Self::Ago(ago) => now.saturating_sub(ago.as_secs()),
        }
    }
}

/// Reads `90m`, `12h` or `7d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let unit = match text.chars().last() {
        Some('m') => MINUTE,
        Some('h') => HOUR,
        Some('d') => DAY,
        _ => return Err("a number with m, h or d behind it, such as 90m, 12h or 7d".to_owned()),
    };
    let number = text.get(..text.len() - 1).and_then(|number| number.parse::<u32>().ok());
    let number = number.filter(|number| *number > 0).ok_or("a number from 1 on, such as in 7d")?;
    Ok(Duration::from_secs(u64::from(number) * unit))
}

/// Reads a time in RFC 3339.
pub(crate) fn moment(text: &str) -> Result<UnixSeconds, String> {
    let millis = read_rfc3339(text).ok_or("a moment such as 2026-12-01T08:00:00Z")?;
    Ok(millis / 1000)
}

/// Reads either.
pub(crate) fn since(text: &str) -> Result<Since, String> {
    let either = || "a moment such as 2026-12-01T08:00:00Z, or how long ago, such as 90m, 12h or 7d".to_owned();
    moment(text).map(Since::At).or_else(|_| duration(text).map(Since::Ago)).map_err(|_| either())
}

/// A duration in the largest unit that fits.
pub(crate) fn told(seconds: u64) -> String {
    let (number, unit) = match seconds {
        0..MINUTE => return "less than a minute".to_owned(),
        MINUTE..HOUR => (seconds / MINUTE, "minute"),
        HOUR..DAY => (seconds / HOUR, "hour"),
        _ => (seconds / DAY, "day"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

/// A time, with how long ago or how soon it is.
pub(crate) fn at(at: UnixSeconds, now: UnixSeconds) -> String {
    let distance = if at > now { format!("in {}", told(at - now)) } else { format!("{} ago", told(now - at)) };
    format!("{}, {distance}", rfc3339(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_is_a_time_or_a_duration() {
        assert_eq!(since("2026-12-01T08:00:00Z"), Ok(Since::At(1_796_112_000)));
        assert_eq!(since("2026-12-01T09:00:00+01:00"), Ok(Since::At(1_796_112_000)));
        assert_eq!(since("90m").map(|since| since.seen_from(10_000)), Ok(4600));
        assert_eq!((duration("12h"), duration("7d")), (Ok(Duration::from_secs(43_200)), Ok(Duration::from_secs(604_800))));
        for wrong in ["", "m", "0d", "-1d", "1", "1w", "1.5h", "yesterday", "2026-12-01", "1960-01-01T00:00:00Z", "9999999999d", "7ü"] {
            assert!(since(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_duration_is_shown_in_its_largest_unit() {
        let told_as =
            [(59, "less than a minute"), (60, "1 minute"), (7199, "1 hour"), (7200, "2 hours"), (86_400, "1 day"), (172_800, "2 days")];
        for (seconds, text) in told_as {
            assert_eq!(told(seconds), text);
        }
        assert_eq!(at(1_796_112_000, 1_796_112_000 + 7200), "2026-12-01T08:00:00Z, 2 hours ago");
        assert_eq!(at(1_796_112_000, 1_796_112_000 - 120), "2026-12-01T08:00:00Z, in 2 minutes");
    }
}
