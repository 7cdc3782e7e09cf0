//! The sample bot as a process, and what leads a bot to the parts that run on this machine.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::Full;
use hyper::Request;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::invoke_api::InvokeApi;
use crate::provider::lock;
use crate::settings::{Variables, variables};
use crate::template::project_dir;
use crate::world::World;

/// Serves the sample: `local.py PORT` takes events at `POST /events`.
pub(crate) const FILE: &str = "examples/bot/python/local.py";
/// The same in the other language.
const NODE_FILE: &str = "examples/bot/node/local.mjs";
/// The version of the Graph API that the local Facebook is asked for.
const VERSION: &str = "v26.0";
/// How long it may take to listen.
const STARTING: Duration = Duration::from_secs(20);
/// As long as a bot may take for an answer, with what it asks for meanwhile.
const PATIENCE: Duration = Duration::from_secs(30);

/// The languages that the sample is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `examples/bot/python`.
    Python,
    /// `examples/bot/node`.
    Node,
}

impl Language {
    /// What runs it, which `./dev test` found; none, said loudly, where there is none.
    #[expect(clippy::print_stderr, reason = "a test that was left out must not look like one that passed")]
    #[must_use]
    pub fn program(self) -> Option<PathBuf> {
        let (variable, missing, wanted) = match self {
            Self::Python => ("E2E_PYTHON", "Python with boto3", "/path/to/python3"),
            Self::Node => ("E2E_NODE", "Node.js with AWS's SDK", "/path/to/node"),
        };
        let program = std::env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
        if program.is_none() {
            let line = "#".repeat(80);
            eprintln!("{line}\n# LEFT OUT: no {missing}. {variable}={wanted} says where one is.\n{line}");
        }
        program
    }

    /// What is put before the port.
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["-B", "-u", FILE],
            Self::Node => &[NODE_FILE],
        }
    }
}

/// The Python with boto3 that `./dev test` found; none, said loudly, where there is none.
#[must_use]
pub fn python() -> Option<PathBuf> {
    Language::Python.program()
}

/// What leads a bot to `connection-tokens` behind this emulation of AWS.
pub(crate) fn aws(lambda: &str) -> Variables {
    variables([
        ("CONNECTION_TOKENS", "connection-tokens".to_owned()),
        ("AWS_ENDPOINT_URL_LAMBDA", lambda.to_owned()),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
        ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
    ])
}

/// What leads it to the stand-ins of the providers, and tells them who asks.
pub(crate) fn providers(facebook: &str, shopify: &str, origin: &str) -> Variables {
    variables([
        ("GRAPH_URL", format!("{facebook}/{VERSION}")),
        ("SHOP_URL", shopify.to_owned()),
        ("UCP_PROFILE", format!("{origin}/.well-known/ucp-profile.json")),
    ])
}

/// Brings an event to a bot, with what it knows the bus by, if anything; returns the status of its
/// answer.
///
/// # Errors
/// What was in the way, where there is no answer.
pub async fn bring(url: &str, event: &Value, authorization: Option<&str>) -> Result<u16, String> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let mut request = Request::post(url).header("content-type", "application/json");
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    let request = request.body(Full::from(event.to_string())).map_err(|error| error.to_string())?;
    match timeout(PATIENCE, client.request(request)).await {
        Ok(Ok(answer)) => Ok(answer.status().as_u16()),
        Ok(Err(_)) => Err("it is not there, or ended the connection".to_owned()),
        Err(_) => Err(format!("no answer within {} s", PATIENCE.as_secs())),
    }
}

/// The sample beside a world. It ends when dropped.
pub struct Sample {
    url: String,
    written: Arc<Mutex<String>>,
    _process: Child,
    _api: InvokeApi,
}

impl Sample {
    /// Starts it on a free port, with what `./dev run` gives it; none where nothing can run it.
    ///
    /// # Panics
    /// When it does not listen in time.
    pub async fn start(world: &Arc<World>, language: Language) -> Option<Self> {
        let program = language.program()?;
        let api = InvokeApi::start(world).await;
        let mut environment = aws(api.url());
        environment.extend(providers(&world.facebook.url(), &world.shopify.url(), world.gateway().origin()));
        // AWS's SDK tells of versions of Node.js that it will not know some day.
        environment.insert("NODE_NO_WARNINGS".to_owned(), "1".to_owned());
        let mut command = Command::new(program);
        command.args(language.arguments()).arg("0").current_dir(project_dir()).env_clear().envs(environment).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the sample starts");
        let written = Arc::default();
        follow(process.stderr.take().expect("it is a pipe"), Arc::clone(&written));
        let mut output = BufReader::new(process.stdout.take().expect("it is a pipe"));
        let mut first = String::new();
        let read = timeout(STARTING, output.read_line(&mut first)).await;
        let url = first.trim_end().rsplit_once(' ').map(|(_, url)| url.to_owned()).filter(|url| url.starts_with("http"));
        let url = url.unwrap_or_else(|| panic!("the sample does not listen ({read:?}): {first}{}", lock(&written)));
        follow(output, Arc::clone(&written));
        Some(Self { url, written, _process: process, _api: api })
    }

    /// Where it takes events.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Brings it an event; returns the status of its answer.
    ///
    /// # Panics
    /// When there is none.
    pub async fn take(&self, event: &Value) -> u16 {
        let status = bring(&self.url, event, None).await;
        status.unwrap_or_else(|problem| panic!("{problem}\n{}", self.written()))
    }

    /// What it wrote since it listens, errors among it.
    #[must_use]
    pub fn written(&self) -> String {
        lock(&self.written).clone()
    }
}

/// Keeps what comes through a pipe.
fn follow(pipe: impl AsyncRead + Unpin + Send + 'static, written: Arc<Mutex<String>>) {
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            lock(&written).push_str(&(line + "\n"));
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The sample puts a store behind it, and knows no place for one.
    #[test]
    fn the_address_of_stores_is_one_that_a_store_can_follow() {
        let environment = providers("http://127.0.0.1:2", "http://127.0.0.1:1", "http://localhost:3");
        assert_eq!(environment["SHOP_URL"], "http://127.0.0.1:1");
        assert_eq!(environment["GRAPH_URL"], "http://127.0.0.1:2/v26.0");
    }
}
