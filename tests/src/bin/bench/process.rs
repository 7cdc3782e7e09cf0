//! What Linux tells about a process.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// Time its threads spent on a processor.
pub(crate) fn cpu(pid: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split_ascii_whitespace().next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// The most memory it ever held, in MiB.
pub(crate) fn max_rss_mib(pid: u32) -> f64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_ascii_whitespace().next()?.parse::<f64>().ok());
    kib.map_or(f64::NAN, |kib| kib / 1024.0)
}

/// What a zip of the file takes, in MB: the same compression, a hundred bytes apart. Not a number without `gzip`.
pub(crate) fn zipped_mb(file: &Path) -> f64 {
    let gzip = Command::new("gzip").args(["-9", "-c"]).arg(file).stderr(Stdio::null()).output();
    gzip.ok().filter(|output| output.status.success()).map_or(f64::NAN, |output| output.stdout.len() as f64 / 1e6)
}
