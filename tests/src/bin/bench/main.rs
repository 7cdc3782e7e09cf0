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

mod flow;
mod front;
mod instructions;
mod process;
mod starts;
mod steps;
mod tables;
mod tls;

use std::process::ExitCode;

use e2e::lambda::Function;
use e2e::world::World;

use flow::HANDLERS;
use front::{Calls, Front};
use starts::Candidate;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => bench().await,
        ["instructions", limits] => return instructions::check(limits).await,
        _ => {
            eprintln!("bench takes no arguments, or: instructions FILE");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

async fn bench() {
    let folder = tempfile::tempdir().expect("the temporary folder is writable");
    let tls = tls::acceptor(folder.path());
    if tls.is_none() {
        eprintln!("bench: no openssl here, so the rows over TLS are LEFT OUT");
    }

    let minimal = Function::start_binary("minimal", starts::minimal(), 1, &[]).await;
    let world = World::start().await;
    let over_tls = match tls {
        Some((acceptor, certificate)) => {
            let front = Front::start(Some(acceptor), &Calls::default()).await.expect("a free port");
            let world = World::builder().env("AWS_ENDPOINT_URL_DYNAMODB", &front.url());
            let world = world.env("SSL_CERT_FILE", certificate.to_str().expect("a path in UTF-8"));
            let world = world.start().await;
            front.lead_to(&world.database.endpoint());
            Some(world)
        }
        None => None,
    };

    let mut candidates = vec![("minimal function".to_owned(), Candidate::Minimal(&world, &minimal))];
    for (world, how) in [(Some(&world), "http"), (over_tls.as_ref(), "TLS")] {
        let Some(world) = world else { continue };
        for handler in HANDLERS {
            let has_database = handler != "shopify-login";
            if handler.ends_with("-callback") {
                candidates.push((format!("{handler}, {how}, refused at once"), Candidate::Refused(world, handler)));
                candidates.push((format!("{handler}, {how}, whole link"), Candidate::Whole(world, handler)));
            } else if has_database {
                candidates.push((format!("{handler}, {how}"), Candidate::Whole(world, handler)));
            } else if how == "http" {
                candidates.push((handler.to_owned(), Candidate::Whole(world, handler)));
            }
        }
    }
    let (names, candidates): (Vec<_>, Vec<_>) = candidates.into_iter().unzip();
    eprintln!("bench: starting each of {} candidates over and over (a minute or two)", names.len());
    tables::starts(&names, &starts::measure(&candidates).await);
    drop(over_tls);

    let calls = Calls::default();
    let mut fronts = Vec::new();
    for _ in 0..3 {
        fronts.push(Front::start(None, &calls).await.expect("a free port"));
    }
    let [database, shopify, facebook] = &fronts[..] else { unreachable!("three were started") };
    let observed = World::builder()
        .env("AWS_ENDPOINT_URL_DYNAMODB", &database.url())
        .env_of("shopify-callback", "SHOPIFY_ENDPOINT_URL", &shopify.url())
        .env_of("facebook-callback", "FACEBOOK_GRAPH_ENDPOINT_URL", &facebook.url())
        .start()
        .await;
    database.lead_to(&observed.database.endpoint());
    shopify.lead_to(&observed.shopify.url());
    facebook.lead_to(&observed.facebook.url());
    eprintln!("bench: counting remote steps");
    tables::steps(&steps::measure(&observed, &calls).await);
    tables::usage(&steps::link_usage(&observed).await);
}
