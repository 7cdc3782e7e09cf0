//! The load test, which `./dev load` starts: drives the binaries of `E2E_PROFILE` behind the
//! emulated gateway with more and more at once, until more at once brings no more per second;
//! prints the curve, and draws it for the release build.
//!
//! As with Lambda, an instance handles one event at a time, and there are as many of each function as there are events at once. All of it, the tables and the providers' stand-ins
//! included, shares this machine's processors, so the curve bends where these are busy. It tells how requests get along with each other, not how many AWS takes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here ends the measurement, and the panic says why"
)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a terminal")]

mod curve;
mod stories;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use e2e::world::World;
use e2e::{chart, svg};

use curve::{Curve, Level};
use stories::Story;

/// At once, from one level to the next.
const LEVELS: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
/// A level is measured for so long, after a moment in which it settles.
const MEASURED: Duration = Duration::from_secs(4);
const SETTLING: Duration = Duration::from_millis(500);

#[tokio::main]
async fn main() -> ExitCode {
    if std::env::args().len() > 1 {
        eprintln!("load takes no arguments");
        return ExitCode::from(2);
    }
    let profile = std::env::var("E2E_PROFILE").unwrap_or_else(|_| "debug".to_owned());
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    println!("Functions built for {profile}; {processors} processors for the functions, the tables and the providers' stand-ins together.");
    let mut curves = Vec::new();
    for story in Story::ALL {
        let curve = measured(story).await;
        println!("\n{curve}");
        curves.push(curve);
    }
    // The docs show what is deployed.
    if profile == "release" {
        let columns: Vec<_> = curves.iter().map(|curve| (curve.title, curve.drawn())).collect();
        let says = "Throughput and p99 with more and more at once";
        svg::write("docs/diagrams/load.svg", &chart::panels(says, &columns, "at once"));
    }
    if curves.iter().any(Curve::has_errors) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// One story, in a world of its own.
async fn measured(story: Story) -> Curve {
    let world = Arc::new(World::start().await);
    let mut levels: Vec<Level> = Vec::new();
    for at_once in LEVELS {
        for function in story.functions() {
            world.function(function).scale(at_once).await;
        }
        let ready = Arc::new(story.prepare(&world, at_once).await);
        levels.push(level(story, &world, &ready, at_once).await);
        if curve::is_past_its_knee(&levels) {
            break;
        }
    }
    Curve { title: story.title(), unit: story.unit(), levels }
}

/// So many at once, each of them beginning anew as soon as it is done.
async fn level(story: Story, world: &Arc<World>, ready: &Arc<stories::Ready>, at_once: usize) -> Level {
    let begin = Instant::now() + SETTLING;
    let end = begin + MEASURED;
    let workers = (0..at_once).map(|worker| {
        let (world, ready) = (Arc::clone(world), Arc::clone(ready));
        tokio::spawn(async move {
            let (mut times, mut errors) = (Vec::new(), 0_usize);
            loop {
                let started = Instant::now();
                if started >= end {
                    return (times, errors);
                }
                let fine = story.play(&world, &ready, worker).await;
                // What was begun before the measurement is not part of it, and what ends after it is not either.
                if started >= begin && Instant::now() <= end {
                    if fine {
                        times.push(started.elapsed());
                    } else {
                        errors += 1;
                    }
                }
            }
        })
    });
    let (mut times, mut errors) = (Vec::new(), 0);
    for worker in workers.collect::<Vec<_>>() {
        let (of_worker, its_errors) = worker.await.expect("a worker ends by itself");
        times.extend(of_worker);
        errors += its_errors;
    }
    Level::new(at_once, MEASURED, times, errors)
}
