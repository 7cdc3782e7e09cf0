//! `cargo lambda watch`, which builds the functions, runs them and puts the routes of `Cargo.toml` in front.

use std::io::ErrorKind;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

use crate::settings::Variables;
use crate::template::project_dir;

use super::folder::Folder;
use super::output::Output;
use super::ports::Ports;

/// What restarts the functions: their sources. Without it anything would that Git knows, and what Git itself writes.
const IGNORED_CHANGES: &str = "*\n!*.rs\n!*.html\n!*.css\n!*.graphql\n!Cargo.toml\n/tests/\n";

/// How long it may take to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// A function to send its first request to.
pub(super) enum Warm {
    /// One behind a route.
    Asked(String),
    /// One that is invoked directly.
    Invoked(String),
}

pub(super) struct Watch {
    child: Child,
    group: Option<Pid>,
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
            .current_dir(project_dir())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A group of its own: Ctrl-C in the terminal must not reach it before it is told to stop.
            .process_group(0)
            .kill_on_drop(true);
        for (name, _) in std::env::vars_os() {
            // The functions get what the env file says: no account and no setting of the person who runs this.
            let name = name.to_string_lossy();
            if ["AWS_", "SHOPIFY_", "FACEBOOK_", "META_", "MESSAGE_", "STATE_TOKEN_", "TOKEN_", "SECRETS_"]
                .iter()
                .any(|own| name.starts_with(own))
            {
                command.env_remove(&*name);
            }
        }
        let output = Output::start(folder, "functions.log")?;
        let mut child = command.spawn().map_err(|error| match error.kind() {
            ErrorKind::NotFound => "cargo-lambda is missing. Start with ./dev run, which installs it.".to_owned(),
            _ => format!("cargo-lambda does not start: {error}"),
        })?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(output.clone().follow(stdout));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(output.clone().follow(stderr));
        }
        Ok(Self { child, group, output })
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
                status = self.child.wait() => return Err(ended(status)),
            };
            if status >= 500 {
                return Err(format!("{function} does not work: it answered {status}: {body}"));
            }
        }
        Ok(())
    }

    /// Waits for its end, which nobody asked for; says what happened.
    pub(super) async fn ended(&mut self) -> String {
        ended(self.child.wait().await)
    }

    /// Ends it; it ends its functions before.
    pub(super) async fn stop(mut self) {
        self.signal(Signal::INT);
        if tokio::time::timeout(PATIENCE, self.child.wait()).await.is_err() {
            // The functions then end by themselves, since nobody answers their polls any more.
            self.signal(Signal::KILL);
            let _ = self.child.wait().await;
        }
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            // Fails only when nobody of the group is left.
            let _ = kill_process_group(group, signal);
        }
    }
}

fn ended(status: std::io::Result<ExitStatus>) -> String {
    let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
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
