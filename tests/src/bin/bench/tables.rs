//! The figures as Markdown.

use std::time::Duration;

use e2e::database::{Capacity, Usage};

use super::many::Many;
use super::month::{Month, Setting};
use super::runs::Measured;
use super::starts::Figures;
use super::steps::Steps;

/// Starts, memory, processor time. The first row is what the others are compared with.
pub(crate) fn starts(names: &[String], figures: &[Figures]) {
    let yardstick = figures[0].sum.as_secs_f64();
    println!(
        "\n| | init p50, ms | first reply p50, ms | init + first, ms | × minimal | without remote calls, ms | × minimal | CPU per warm request, µs \
         | max RSS, MiB | zipped, MB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, of) in names.iter().zip(figures) {
        let ratio = |duration: Duration| duration.as_secs_f64() / yardstick;
        println!(
            "| {name} | {} | {} | {} | {:.2} | {} | {:.2} | {} | {:.1} | {:.2} |",
            ms(of.init),
            ms(of.first),
            ms(of.sum),
            ratio(of.sum),
            ms(of.own),
            ratio(of.own),
            of.cpu.as_micros(),
            of.max_rss_mib,
            of.zipped_mb
        );
    }
}

/// Remote steps and own time.
pub(crate) fn steps(figures: &[Steps]) {
    println!("\n| warm request | sequential steps: provider | database | both together | duration p50, ms | own time p50, ms |");
    println!("|---|---|---|---|---|---|");
    for of in figures {
        let (handler, wall, own) = (of.handler, ms(of.wall), ms(of.own));
        println!("| {handler} | {:.0} | {:.0} | {:.0} | {wall} | {own} |", of.provider, of.database, of.both);
    }
}

/// A Facebook flow's end with many Pages.
pub(crate) fn many(figures: &[Many]) {
    println!(
        "\n| facebook-callback, 100 ms per call of Facebook | calls of Facebook | sequential steps: provider | wall time, ms | without the delay, ms | write units |"
    );
    println!("|---|---|---|---|---|---|");
    for of in figures {
        println!("| {} | {} | {:.0} | {} | {} | {} |", of.pages, of.calls, of.steps(), ms(of.wall), ms(of.undelayed), of.write_units);
    }
}

/// Runs of the keeper, measured and modelled.
pub(crate) fn runs(measured: &[Measured], besides: Duration) {
    println!(
        "\n| due persons | memory, MB | ms a call | seconds | persons a minute | CPU each, ms | max RSS, MiB | the model says, s | off by |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for of in measured {
        println!(
            "| {} | {} | {} | {:.1} | {:.0} | {} | {:.0} | {:.1} | {:+.0} % |",
            of.persons,
            of.memory,
            of.latency.as_millis(),
            of.took.as_secs_f64(),
            of.a_minute(),
            ms(of.cpu),
            of.rss,
            of.modelled.as_secs_f64(),
            of.off_by() * 100.0
        );
    }
    println!("\nBesides its calls a visit waits for {} ms.", besides.as_millis());
}

/// Simulated months.
pub(crate) fn months(months: &[(Setting, Month)], cpu: Duration) {
    println!("\nWith {} ms of a whole processor for each visit:\n", ms(cpu));
    println!(
        "| merchants | ms a call | `KeeperRuns` | `KeeperMemorySize` | longest lag, min | with Meta away, h | below an hour again after, h | calls of Facebook a second, at most | of Shopify | write units, million | read units, million | runs for 2,500 Pages |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (setting, month) in months {
        println!(
            "| {} | {} | {} | {:.0} | {} | {:.1} | {:.1} | {:.0} | {:.2} | {:.1} | {:.1} | {} |",
            setting.merchants,
            setting.place.latency.as_millis(),
            setting.runs,
            setting.place.memory,
            month.lag / 60,
            month.lag_of_outage as f64 / 3600.0,
            month.recovered_after as f64 / 3600.0,
            month.facebook,
            month.shopify,
            month.writes as f64 / 1e6,
            month.reads as f64 / 1e6,
            month.large
        );
    }
}

/// Capacity units of what `title` says.
pub(crate) fn usage(title: &str, usage: &Usage) {
    println!("\n| {title} | calls | read units | write units |");
    println!("|---|---|---|---|");
    let row = |name: &str, of: Capacity| println!("| {name} | {} | {} | {} |", of.calls, of.read, of.write);
    for (operation, capacity) in &usage.0 {
        row(operation, *capacity);
    }
    row("together", usage.total());
}

fn ms(duration: Duration) -> String {
    format!("{:.2}", duration.as_secs_f64() * 1e3)
}
