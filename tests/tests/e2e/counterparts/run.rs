//! Runs the scripts of `tests/counterparts` with what `./dev counterparts` installed.

use std::path::PathBuf;
use std::process::Stdio;

use e2e::template::project_dir;
use e2e::world::World;
use serde_json::{Value, json};
use shared::providers::shopify::{DEFAULT_SCOPES, versions};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// The installed counterparts.
pub(crate) struct Counterparts {
    home: PathBuf,
}

impl Counterparts {
    /// None, and loudly so, where they are not installed.
    #[expect(clippy::print_stderr, reason = "a test that was left out must not look like one that passed")]
    pub(crate) fn find() -> Option<Self> {
        let home = std::env::var_os("E2E_COUNTERPARTS").filter(|path| !path.is_empty()).map(PathBuf::from);
        if home.is_none() {
            let line = "#".repeat(80);
            eprintln!("{line}\n# LEFT OUT: no counterparts. E2E_COUNTERPARTS says where ./dev counterparts put them.\n{line}");
        }
        home.map(|home| Self { home })
    }

    /// Gives a task to a script for Node.js.
    pub(crate) async fn node(&self, script: &str, task: Value) -> Value {
        self.run("node", script, task).await
    }

    /// Gives a task to a script for Python.
    pub(crate) async fn python(&self, script: &str, task: Value) -> Value {
        self.run("python/bin/python", script, task).await
    }

    /// One of the programs that were installed.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.home.join(name)
    }

    async fn run(&self, program: &str, script: &str, task: Value) -> Value {
        let mut child = Command::new(self.program(program))
            .arg(project_dir().join("tests/counterparts").join(script))
            .env_clear()
            .env("E2E_COUNTERPARTS", &self.home)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the counterpart starts");
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(task.to_string().as_bytes()).await.unwrap();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        let told = || String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{script} {}: {}", task["task"], told());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{script} {}: {error}: {}", task["task"], told()))
    }
}

/// This world's app, as Shopify's library wants to know it.
pub(crate) fn app(world: &World) -> Value {
    app_of(world.setting("SHOPIFY_API_KEY"), world.setting("SHOPIFY_API_SECRET"))
}

/// An app at the service's usual address.
pub(crate) fn app_of(key: &str, secret: &str) -> Value {
    let scopes: Vec<&str> = DEFAULT_SCOPES.split(',').collect();
    json!({
        "apiKey": key, "apiSecretKey": secret, "scopes": scopes, "hostScheme": "http", "hostName": "localhost:9000",
        "apiVersion": versions::DEFAULT,
    })
}
