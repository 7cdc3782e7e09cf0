//! The sample bot, run beside everything, or one that somebody else runs.

use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use rustix::process::Signal;
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::event_bus::EventBus;
use crate::sample;
use crate::settings::Variables;
use crate::template::project_dir;

use super::arguments::Chosen;
use super::feed;
use super::folder::Folder;
use super::group::Group;
use super::output::Output;
use super::ports::Ports;

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(15);

/// Who answers customers here.
pub(super) struct Bot {
    /// Says so to a person.
    pub(super) told: String,
    sample: Option<Group>,
}

impl Bot {
    /// Starts the chosen bot and brings it what customers write. Whatever is in the way of the
    /// sample is told; the rest runs without it.
    pub(super) async fn start(chosen: Chosen, is_real: bool, environment: &Variables, bus: &EventBus, output: &Output) -> Self {
        let nobody = |told: &str| Self { told: told.to_owned(), sample: None };
        match chosen {
            Chosen::Nobody => nobody("none"),
            Chosen::At(url) => {
                feed::start(bus, url.clone(), output.clone());
                nobody(&format!("yours, at {url}"))
            }
            Chosen::Sample if is_real => nobody("none: the sample does not answer real customers"),
            Chosen::Sample if !sample().exists() => nobody("none: there is no sample"),
            Chosen::Sample => match run(environment, output).await {
                Ok((sample, url)) => {
                    feed::start(bus, url, output.clone());
                    let told = "the sample in examples/bot (--no-bot leaves it out)".to_owned();
                    Self { told, sample: Some(sample) }
                }
                Err(problem) => nobody(&format!("none: {problem}")),
            },
        }
    }

    /// Waits for the end of the sample, which nobody asked for; for ever where it does not run.
    pub(super) async fn ended(&mut self) -> String {
        match &mut self.sample {
            Some(sample) => {
                let how = sample.ended().await;
                self.sample = None;
                format!("The sample bot ended by itself ({how}). Nobody answers any more.")
            }
            None => std::future::pending().await,
        }
    }

    pub(super) async fn stop(self) {
        if let Some(sample) = self.sample {
            sample.stop(Signal::TERM).await;
        }
    }
}

fn sample() -> PathBuf {
    project_dir().join(sample::FILE)
}

/// What leads a bot to the parts of the local run.
pub(super) fn environment(ports: Ports, is_real: bool) -> Variables {
    let mut environment = sample::aws(&Ports::url(ports.service));
    if !is_real {
        environment.extend(sample::providers(&Ports::url(ports.facebook), &Ports::url(ports.shopify), &ports.origin()));
    }
    environment
}

/// Writes these variables into a file for a bot of somebody's own.
pub(super) fn write_environment(folder: &Folder, environment: &Variables) -> Result<PathBuf, String> {
    folder.write_env_file("bot.env", environment)
}

/// Starts the sample with the Python that has what it needs, and waits until it listens.
async fn run(environment: &Variables, output: &Output) -> Result<(Group, String), String> {
    let python = std::env::var_os("E2E_PYTHON").filter(|python| !python.is_empty()).unwrap_or_else(|| "python3".into());
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(|error| error.to_string())?.port();
    let mut command = Command::new(&python);
    command.arg(sample()).arg(port.to_string()).current_dir(project_dir()).env("PYTHONUNBUFFERED", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    let started = Group::start(command, environment, "bot: ", output);
    let mut sample = started.map_err(|error| format!("{} does not start: {error}", python.display()))?;
    let listening = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::select! {
        () = listening => return Ok((sample, format!("{}/events", Ports::url(port)))),
        how = sample.ended() => return Err(format!("the sample ended at once ({how}); the log says why")),
        () = tokio::time::sleep(PATIENCE) => {}
    }
    sample.stop(Signal::TERM).await;
    Err("the sample does not listen; the log may say why".to_owned())
}
