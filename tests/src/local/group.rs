//! A program that runs beside: its own process group, so that Ctrl-C in the terminal does not reach
//! it before it is told to stop, and so that nothing it started is left behind.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

use crate::settings::Variables;

use super::output::Output;

/// How long it may take to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Variables of the person who runs this that are kept from it: their accounts and settings.
const KEPT_BACK: [&str; 8] = ["AWS_", "SHOPIFY_", "FACEBOOK_", "META_", "MESSAGE_", "STATE_TOKEN_", "TOKEN_", "SECRETS_"];

pub(super) struct Group {
    child: Child,
    group: Option<Pid>,
}

impl Group {
    /// Starts it, with these variables besides; each line it writes begins with `mark`.
    pub(super) fn start(mut command: Command, variables: &Variables, mark: &'static str, output: &Output) -> io::Result<Self> {
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if KEPT_BACK.iter().any(|own| name.starts_with(own)) {
                command.env_remove(&*name);
            }
        }
        command.envs(variables).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
        let mut child = command.spawn()?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(output.clone().follow(mark, stdout));
        }
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(output.clone().follow(mark, stderr));
        }
        Ok(Self { child, group })
    }

    /// Waits for its end, which nobody asked for; says how it ended.
    pub(super) async fn ended(&mut self) -> String {
        self.child.wait().await.map_or_else(|error| error.to_string(), |status: ExitStatus| status.to_string())
    }

    /// Ends it by a signal, and by force where it does not listen.
    pub(super) async fn stop(mut self, signal: Signal) {
        self.signal(signal);
        if tokio::time::timeout(PATIENCE, self.child.wait()).await.is_err() {
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
