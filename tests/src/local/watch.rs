//! `cargo lambda watch`, which builds the functions, runs them and puts the routes of `Cargo.toml` in front.

use std::io::ErrorKind;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustix::process::Signal;
use tokio::process::Command;

use crate::settings::Variables;
use crate::template::project_dir;

use super::folder::Folder;
use super::group::Group;
use super::output::Output;
use super::ports::Ports;

/// What restarts the functions: their sources. Without it anything would that Git knows, and what Git itself writes.
const IGNORED_CHANGES: &str = "*\n!*.rs\n!*.html\n!*.css\n!*.graphql\n!Cargo.toml\n/tests/\n";

/// A function to send its first request to.
pub(super) enum Warm {
    /// One behind a route.
    Asked(String),
    /// One that is invoked directly.
    Invoked(String),
}

pub(super) struct Watch {
    group: Group,
    output: Output,
}

impl Watch {
    pub(super) fn start(folder: &Folder, environment: &Variables, port: u16) -> Result<Self, String> {
        let env_file = folder.write_env_file("functions.env", environment)?;
        let ignored = folder.write("watch-ignore", IGNORED_CHANGES.to_owned())?;
        let mut command = Command::new("cargo-lambda");
        command
            .args(["lambda", "watch", "--invoke-address", "127.0.0.1", "--invoke-port", &port.to_string()])
            // Replies carry the headers that the functions give them, and no more.
            .args(["--disable-cors", "--env-file"])
            .arg(env_file)
            .env("CARGO_LAMBDA_IGNORE_FILE", ignored)
            .current_dir(project_dir());
        let output = Output::start(folder, "functions.log")?;
        // The functions get what the env file says, and nothing of the person who runs this.
        let group = Group::start(command, &Variables::new(), "", &output).map_err(|error| match error.kind() {
            ErrorKind::NotFound => "cargo-lambda is missing. Start with ./dev run, which installs it.".to_owned(),
            _ => format!("cargo-lambda does not start: {error}"),
        })?;
        Ok(Self { group, output })
    }

    /// What it and the functions write.
    pub(super) fn output(&self) -> &Output {
        &self.output
    }

    /// Sends one request to each function, one after the other: at its first request a function is built and started,
    /// and several `cargo` at once would wait for each other.
    pub(super) async fn warm_up(&mut self, functions: &[Warm], port: u16) -> Result<(), String> {
        let service = Ports::url(port);
        for warm in functions {
            let (Warm::Asked(function) | Warm::Invoked(function)) = warm;
            let (status, body) = tokio::select! {
                answer = answer(warm, &service) => answer,
                how = self.group.ended() => return Err(ended(&how)),
            };
            if status >= 500 {
                return Err(format!("{function} does not work: it answered {status}: {body}"));
            }
        }
        Ok(())
    }

    /// Waits for its end, which nobody asked for; says what happened.
    pub(super) async fn ended(&mut self) -> String {
        ended(&self.group.ended().await)
    }

    /// Ends it; it ends its functions before.
    pub(super) async fn stop(self) {
        // By force, the functions end by themselves, since nobody answers their polls any more.
        self.group.stop(Signal::INT).await;
    }
}

fn ended(how: &str) -> String {
    format!("cargo lambda watch ended by itself ({how}).")
}

/// Asks until somebody listens.
async fn answer(warm: &Warm, service: &str) -> (u16, String) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    loop {
        let request = match warm {
            Warm::Asked(function) => Request::get(format!("{service}/lambda-url/{function}/")).body(Full::default()),
            // As the SDKs do: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.
            Warm::Invoked(function) => {
                Request::post(format!("{service}/2015-03-31/functions/{function}/invocations")).body(Full::from("{}"))
            }
        };
        if let Ok(answer) = client.request(request.expect("a URL of numbers and names")).await {
            let status = answer.status().as_u16();
            let body = answer.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
            return (status, String::from_utf8_lossy(&body).into_owned());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
