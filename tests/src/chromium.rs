//! A real browser, driven through the Chrome DevTools Protocol over a pipe: <https://chromedevtools.github.io/devtools-protocol/>.
//! Needs nothing but Chromium itself, neither a driver nor a port.

mod input;
mod pipe;
mod setup;
mod tab;
mod watch;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use tokio::process::{Child, Command};

pub use setup::{Device, Scheme, Setup};
pub use tab::Tab;

use pipe::Pipe;

/// `--no-sandbox`: the sandbox refuses to run as root. Going back asks the server again, as it does wherever the browser had to forget the page; what is asked for on
/// http is not tried on https first. The rest keeps Chromium from talking to anybody by itself.
const FLAGS: [&str; 14] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-features=BackForwardCache,HttpsUpgrades",
    "--hide-scrollbars",
    "--window-size=1280,800",
    "--remote-debugging-pipe",
];

/// Where names lead.
pub enum Names {
    /// `localhost` alone is known.
    Loopback,
    /// Some names are this host, on the ports that these stand in for.
    Some {
        /// Names, or patterns of names.
        names: &'static [&'static str],
        /// In place of port 80.
        http: u16,
        /// In place of port 443.
        https: u16,
        /// The key that is trusted there: SHA-256 in base64.
        key_fingerprint: String,
    },
}

impl Names {
    fn flags(&self) -> Vec<String> {
        match self {
            Self::Loopback => vec!["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1".to_owned()],
            Self::Some { names, http, https, key_fingerprint } => {
                let rules = names.iter().map(|name| format!("MAP {name}:443 127.0.0.1:{https}, MAP {name}:80 127.0.0.1:{http}, "));
                let rules: String = rules.collect();
                vec![
                    format!("--host-resolver-rules={rules}MAP * ~NOTFOUND"),
                    format!("--ignore-certificate-errors-spki-list={key_fingerprint}"),
                ]
            }
        }
    }
}

/// A browser without profiles and windows. It ends when dropped.
pub struct Chromium {
    pipe: Arc<Pipe>,
    user_agent: String,
    _browser: Child,
    _profile: TempDir,
}

impl Chromium {
    /// The browser that `E2E_CHROMIUM` names, as `./dev test` does.
    #[must_use]
    pub fn executable() -> Option<PathBuf> {
        std::env::var_os("E2E_CHROMIUM").filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// Starts it.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn start(executable: &Path, names: &Names) -> Self {
        let profile = tempfile::tempdir().expect("the temporary folder is writable");
        // Chromium reads commands from descriptor 3 and writes to 4; its own output goes nowhere.
        let mut browser = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, "sh"])
            .arg(executable)
            .args(FLAGS)
            .args(names.flags())
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", executable.display()));
        let pipe = Arc::new(Pipe::new(browser.stdin.take().expect("a pipe"), browser.stdout.take().expect("a pipe")));
        let version = pipe.call(None, "Browser.getVersion", json!({})).await;
        let user_agent = version["userAgent"].as_str().unwrap_or_default().to_owned();
        Self { pipe, user_agent, _browser: browser, _profile: profile }
    }

    /// A tab of a fresh profile, with cookies of its own.
    pub async fn tab(&self, setup: Setup) -> Tab {
        let context = self.pipe.call(None, "Target.createBrowserContext", json!({})).await;
        let context = context["browserContextId"].as_str().expect("a context").to_owned();
        Tab::open_in(Arc::clone(&self.pipe), context, self.user_agent.clone(), setup).await
    }
}
