//! The benchmark, which `./dev bench` starts, and the instruction count, which `./dev instructions` starts. Both drive
//! the binaries of `E2E_PROFILE`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here ends the measurement, and the panic says why"
)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod crowd;
mod flow;
mod front;
mod instructions;
mod keeper;
mod many;
mod model;
mod month;
mod observed;
mod process;
mod runs;
mod starts;
mod steps;
mod tables;

use std::process::ExitCode;

use e2e::certificate::Certificate;
use e2e::lambda::Function;
use e2e::world::World;

use flow::handlers;
use observed::Observed;
use starts::Candidate;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => bench().await,
        ["keeper"] => return keeper_at_scale().await,
        ["pages"] => tables::many(&many::measure().await),
        ["units"] => units(&World::start().await).await,
        ["instructions", limits] => return instructions::check(limits).await,
        _ => {
            eprintln!("bench takes no arguments, or: keeper, or: pages, or: units, or: instructions FILE");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

async fn bench() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let certificate = Certificate::issue(&["127.0.0.1"]);
    let file = folder.path().join("certificate.pem");
    std::fs::write(&file, &certificate.pem).expect("the temporary folder is writable");
    let minimal = Function::start_binary("minimal", starts::minimal(), 1, &[]).await;
    let http = Observed::start(None).await;
    let over_tls = Observed::start(Some((certificate.acceptor, file))).await;

    let mut candidates = vec![
        ("minimal function".to_owned(), Candidate::Minimal(&http, &minimal)),
        ("shopify-login (no database)".to_owned(), Candidate::Whole(&http, "shopify-login")),
    ];
    for (observed, how) in [(&http, "http"), (&over_tls, "TLS")] {
        for handler in handlers().skip(1) {
            candidates.push((format!("{handler}, {how}"), Candidate::Whole(observed, handler)));
            if handler.ends_with("-callback") {
                candidates.push((format!("{handler}, {how}, refused at once"), Candidate::Refused(observed, handler)));
            }
        }
    }
    let (names, candidates): (Vec<_>, Vec<_>) = candidates.into_iter().unzip();
    eprintln!("bench: starting each of {} candidates over and over (about four minutes)", names.len());
    let figures = starts::measure(&candidates).await;
    tables::starts(&names, &figures);
    starts::draw(&names, &figures);
    drop(over_tls);
    eprintln!("bench: counting remote steps");
    tables::steps(&steps::measure(&http).await);
    tables::many(&many::measure().await);
    units(&http.world).await;
}

/// Runs over many records, measured and modelled, and months by the model, which count only if it tells the measured runs.
async fn keeper_at_scale() -> ExitCode {
    eprintln!("bench: running the keeper over 1,000 and 10,000 due persons (some minutes)");
    let (measured, besides, _) = runs::measure().await;
    tables::runs(&measured, besides);
    if !measured.iter().all(runs::Measured::is_met) {
        eprintln!("bench: the model is off by more than a fifth; is the machine busy with something else?");
        return ExitCode::FAILURE;
    }
    let cpu = measured.iter().map(|run| run.cpu).max().unwrap_or_default();
    eprintln!("bench: simulating months (a minute)");
    let months: Vec<_> = month::settings(besides, cpu).into_iter().map(|setting| (setting, month::simulate(setting))).collect();
    tables::months(&months, cpu);
    ExitCode::SUCCESS
}

/// What DynamoDB charges for, which does not depend on how the functions were built.
async fn units(world: &World) {
    tables::usage("linking a store with one Page", &steps::link_usage(world).await);
    tables::usage("connection-tokens by Page id, nothing to refresh", &steps::tokens_usage(world).await);
    for (title, usage) in keeper::measure().await {
        tables::usage(&format!("token-keeper: {title}"), &usage);
    }
}
