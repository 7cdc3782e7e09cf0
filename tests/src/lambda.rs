//! Runs the built function binaries the way Lambda does: each instance is a process of its own that polls an emulated
//! Runtime API and handles one event at a time.

mod instance;
mod outcome;
mod runtime_api;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{OnceCell, oneshot};
use tokio::time::Instant;

use instance::Instance;
use runtime_api::{Invocation, Queue};

pub use instance::InstanceInfo;
pub use outcome::{FunctionError, Outcome, Reply};

/// The functions' usual timeout in the template, after which Lambda ends an invocation together with its instance.
pub const TIMEOUT: Duration = Duration::from_secs(29);

/// How long an instance may take to initialise: more than the 10 s that Lambda gives, for busy machines and for runs under valgrind.
const INIT_TIMEOUT: Duration = Duration::from_secs(60);

/// One function with its running instances. Dropping it ends them.
pub struct Function {
    name: String,
    env: Vec<(String, String)>,
    binary: PathBuf,
    queue: Arc<Queue>,
    /// Set once an instance was started: from then on it is the caller who says how many there are.
    started: OnceCell<()>,
    instances: Mutex<Vec<Instance>>,
    /// Of instances that are gone.
    old_logs: Mutex<String>,
}

impl Function {
    /// Starts one instance with nothing in its environment but Lambda's own variables and `env`.
    pub async fn start(name: &str, env: &[(String, String)]) -> Self {
        Self::start_many(name, 1, env).await
    }

    /// Starts `count` instances, which then handle up to that many events at once.
    pub async fn start_many(name: &str, count: usize, env: &[(String, String)]) -> Self {
        Self::start_binary(name, binary(name), count, env).await
    }

    /// The same for a binary from elsewhere, such as the benchmark's minimal function.
    pub async fn start_binary(name: &str, binary: PathBuf, count: usize, env: &[(String, String)]) -> Self {
        let function = Self::new(name, binary, TIMEOUT, env);
        function.scale(count).await;
        function
    }

    /// Starts nothing yet: its first event does, with one instance, unless [`Self::scale`] was called before.
    pub fn idle(profile: &str, name: &str, timeout: Duration, env: &[(String, String)]) -> Self {
        Self::new(name, binary_of(profile, name), timeout, env)
    }

    /// The same function from the binaries of another profile; starts nothing yet.
    pub fn of_profile(&self, profile: &str) -> Self {
        Self::idle(profile, &self.name, self.queue.timeout(), &self.env)
    }

    fn new(name: &str, binary: PathBuf, timeout: Duration, env: &[(String, String)]) -> Self {
        Self {
            name: name.to_owned(),
            env: env.to_vec(),
            binary,
            queue: Arc::new(Queue::new(timeout)),
            started: OnceCell::new(),
            instances: Mutex::default(),
            old_logs: Mutex::default(),
        }
    }

    /// The function's name, which is its binary's.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands the event to the next free instance and waits for what comes of it, which is a reply for the gateway.
    ///
    /// Ends at once with an error when the instance dies over it, or when no instance is left to take it.
    pub async fn invoke(&self, event: Value) -> Outcome {
        let started = Instant::now();
        let result = self.invoke_text(&event.to_string()).await;
        Outcome::new(&self.name, result, started.elapsed(), || self.logs())
    }

    /// The same for who invokes the function itself: what comes of it is any JSON.
    ///
    /// # Errors
    ///
    /// What the caller of Lambda's `Invoke` sees as a function error.
    pub async fn invoke_directly(&self, payload: Value) -> Result<Value, FunctionError> {
        let reply = self.invoke_text(&payload.to_string()).await?;
        serde_json::from_slice(&reply)
            .map_err(|error| FunctionError::new("Runtime.MarshalError", format!("{error}: {}", String::from_utf8_lossy(&reply))))
    }

    /// The same for a payload that need not be anything; what comes of it need not be either.
    ///
    /// # Errors
    ///
    /// What the caller of Lambda's `Invoke` sees as a function error.
    pub async fn invoke_text(&self, payload: &str) -> Result<Vec<u8>, FunctionError> {
        self.started.get_or_init(|| self.start_missing(1)).await;
        let (reply, answer) = oneshot::channel();
        self.queue.push(Invocation { id: crate::random::uuid().to_string(), event: payload.as_bytes().to_vec(), reply });
        tokio::select! {
            biased;
            answer = answer => answer.unwrap_or_else(|_| Err(FunctionError::no_instance(&self.name))),
            () = self.all_gone() => Err(FunctionError::no_instance(&self.name)),
        }
    }

    /// Ends every instance with SIGKILL, in the middle of whatever it does.
    pub async fn kill(&self) {
        let instances = std::mem::take(&mut *self.instances.lock().unwrap());
        for instance in &instances {
            instance.kill();
        }
        for instance in &instances {
            instance.gone().await;
            self.old_logs.lock().unwrap().push_str(&instance.logs());
        }
    }

    /// Replaces all instances with as many fresh ones, as Lambda does after a crash or a deployment.
    pub async fn restart(&self) {
        let count = self.instances.lock().unwrap().len().max(1);
        self.kill().await;
        self.scale(count).await;
    }

    /// Starts instances until there are `count` that live.
    pub async fn scale(&self, count: usize) {
        let _ = self.started.set(());
        self.start_missing(count).await;
    }

    async fn start_missing(&self, count: usize) {
        let started: Vec<Instance> = {
            let instances = self.instances.lock().unwrap();
            let alive = instances.iter().filter(|instance| instance.is_alive()).count();
            (alive..count).map(|_| Instance::spawn(&self.name, &self.binary, &self.env, Arc::clone(&self.queue))).collect()
        };
        for instance in &started {
            instance.ready(INIT_TIMEOUT).await;
        }
        self.instances.lock().unwrap().extend(started);
    }

    /// All that the instances wrote so far, to stdout and stderr.
    pub fn logs(&self) -> String {
        let mut logs = self.old_logs.lock().unwrap().clone();
        for instance in self.instances.lock().unwrap().iter() {
            logs.push_str(&instance.logs());
        }
        logs
    }

    /// Process id and init time of each instance, for the benchmark.
    pub fn instances(&self) -> Vec<InstanceInfo> {
        self.instances.lock().unwrap().iter().map(Instance::info).collect()
    }

    async fn all_gone(&self) {
        loop {
            let next = self.instances.lock().unwrap().iter().find(|instance| instance.is_alive()).map(Instance::exit);
            match next {
                Some(mut exit) => exit.wait().await,
                None => return,
            }
        }
    }
}

/// Where Cargo put the function's binary: beside this executable's own profile, in `debug` or, with
/// `E2E_PROFILE=release`, in `release`.
///
/// # Panics
///
/// When it has not been built.
pub fn binary(name: &str) -> PathBuf {
    binary_of(&profile(), name)
}

/// The profile whose binaries run where nothing else is asked for; a whole path names a folder of its own.
pub fn profile() -> String {
    std::env::var("E2E_PROFILE").unwrap_or_else(|_| "debug".to_owned())
}

fn binary_of(profile: &str, name: &str) -> PathBuf {
    let path = target_dir().join(profile).join(name);
    assert!(path.is_file(), "{} is missing: run ./dev test, which builds the functions first", path.display());
    path
}

/// Cargo's target directory: this executable lies in `PROFILE/` or `PROFILE/deps/` of it.
pub fn target_dir() -> PathBuf {
    let executable = std::env::current_exe().expect("the running executable has a path");
    let folder = executable.parent().expect("an executable lies in a folder");
    let profile = if folder.ends_with("deps") { folder.parent() } else { Some(folder) };
    profile.and_then(|profile| profile.parent()).expect("a profile lies in the target directory").to_owned()
}
