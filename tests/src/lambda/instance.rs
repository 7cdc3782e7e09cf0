//! One instance of a function: its process, its Runtime API, its logs.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::Instant;

use super::outcome::FunctionError;
use super::runtime_api::{Queue, RuntimeApi};

/// What the benchmark wants to know of an instance.
#[derive(Debug, Clone, Copy)]
pub struct InstanceInfo {
    /// The process id, for `/proc`.
    pub pid: u32,
    /// From starting the process to its first poll.
    pub init: Duration,
}

pub(super) struct Instance {
    name: String,
    pid: u32,
    started: Instant,
    init: Mutex<Duration>,
    api: Arc<RuntimeApi>,
    /// Stdout and stderr. A file rather than a pipe, so that what was written before a reply can be read after it.
    log: File,
    /// `true` once the process has ended and has been waited for.
    gone: watch::Receiver<bool>,
}

/// Waits for one instance's end without holding on to the instance.
pub(super) struct Exit(watch::Receiver<bool>);

impl Exit {
    pub(super) async fn wait(&mut self) {
        // A closed channel means that the watching task has ended, and with it the process.
        let _ = self.0.wait_for(|gone| *gone).await;
    }
}

impl Instance {
    pub(super) fn spawn(name: &str, binary: &Path, env: &[(String, String)], queue: Arc<Queue>) -> Self {
        let api = Arc::new(RuntimeApi::new(queue));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
        listener.set_nonblocking(true).expect("a socket can be made non-blocking");
        let address = listener.local_addr().expect("a bound socket has an address");
        let listener = TcpListener::from_std(listener).expect("called within a runtime");
        tokio::spawn(Arc::clone(&api).serve(listener));

        let log = tempfile::tempfile().expect("the temporary folder is writable");
        let output = || Stdio::from(log.try_clone().expect("a file can be cloned"));
        // Before the start: the new process may have run for long when this thread goes on.
        let started = Instant::now();
        let child = Command::new(binary)
            .env_clear()
            .envs(lambda_environment(name, &address.to_string()))
            .envs(env.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .stdout(output())
            .stderr(output())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", binary.display()));
        let pid = child.id().expect("a child that was not waited for has an id");
        let (set_gone, gone) = watch::channel(false);
        tokio::spawn(watch_over(child, Arc::clone(&api), set_gone));
        Self { name: name.to_owned(), pid, started, init: Mutex::default(), api, log, gone }
    }

    /// Waits for the first poll.
    pub(super) async fn ready(&self, limit: Duration) {
        let mut ready = self.api.ready();
        tokio::select! {
            _ = ready.wait_for(|ready| *ready) => *self.init.lock().unwrap() = self.started.elapsed(),
            () = self.gone() => panic!("{} ended while it initialised:\n{}", self.name, self.logs()),
            () = tokio::time::sleep(limit) => panic!("{} did not initialise in {limit:?}:\n{}", self.name, self.logs()),
        }
    }

    pub(super) fn is_alive(&self) -> bool {
        !*self.gone.borrow()
    }

    pub(super) fn exit(&self) -> Exit {
        Exit(self.gone.clone())
    }

    pub(super) async fn gone(&self) {
        self.exit().wait().await;
    }

    pub(super) fn kill(&self) {
        self.api.end();
    }

    pub(super) fn info(&self) -> InstanceInfo {
        InstanceInfo { pid: self.pid, init: *self.init.lock().unwrap() }
    }

    pub(super) fn logs(&self) -> String {
        let length = self.log.metadata().expect("a file has metadata").len();
        let mut bytes = vec![0; usize::try_from(length).expect("a log fits in memory")];
        let read = self.log.read_at(&mut bytes, 0).expect("a temporary file can be read");
        bytes.truncate(read);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.api.end();
    }
}

/// Ends the process when the instance is over, and the instance when the process has ended.
async fn watch_over(mut child: Child, api: Arc<RuntimeApi>, set_gone: watch::Sender<bool>) {
    let mut over = api.over();
    let ended = tokio::select! {
        status = child.wait() => Some(status),
        _ = over.wait_for(|over| *over) => None,
    };
    let status = match ended {
        Some(status) => status,
        None => {
            // SIGKILL. It fails only if the process is already gone.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    api.end();
    api.answer(None, Err(exit_error(status)));
    set_gone.send_replace(true);
}

fn exit_error(status: std::io::Result<ExitStatus>) -> FunctionError {
    let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
    FunctionError::new("Runtime.ExitError", format!("the instance ended: {how}"))
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html>, with credentials that open nothing.
fn lambda_environment(name: &str, runtime_api: &str) -> Vec<(&'static str, String)> {
    [
        ("AWS_LAMBDA_RUNTIME_API", runtime_api),
        ("AWS_LAMBDA_FUNCTION_NAME", name),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"),
        ("AWS_LAMBDA_LOG_FORMAT", "JSON"),
        ("AWS_LAMBDA_LOG_LEVEL", "INFO"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/e2e"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "e2e"),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023"),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        // What tells the local database whose call it is.
        ("AWS_ACCESS_KEY_ID", name),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_SESSION_TOKEN", "local"),
        ("_HANDLER", "bootstrap"),
        ("LAMBDA_TASK_ROOT", "/var/task"),
        ("LANG", "en_US.UTF-8"),
        ("TZ", ":UTC"),
        ("PATH", "/usr/local/bin:/usr/bin:/bin"),
    ]
    .map(|(key, value)| (key, value.to_owned()))
    .to_vec()
}
