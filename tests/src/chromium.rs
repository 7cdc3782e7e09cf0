//! A real browser, driven through the Chrome DevTools Protocol over a pipe: <https://chromedevtools.github.io/devtools-protocol/>.
//! Needs nothing but Chromium itself, neither a driver nor a port.

mod pipe;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use pipe::Pipe;

/// How long a page may take to load.
const PATIENCE: Duration = Duration::from_secs(20);

/// `--no-sandbox`: the sandbox refuses to run as root. The rest keeps it from talking to anybody by itself, and makes any
/// host but this one unknown to it.
const FLAGS: [&str; 13] = [
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
    "--window-size=900,1000",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    "--remote-debugging-pipe",
];

/// One window of a fresh profile. The browser ends when dropped.
pub struct Chromium {
    pipe: Pipe,
    session: String,
    screenshots: PathBuf,
    _browser: Child,
    _profile: TempDir,
}

impl Chromium {
    /// The browser that `E2E_CHROMIUM` names, as `./dev test` does.
    #[must_use]
    pub fn executable() -> Option<PathBuf> {
        std::env::var_os("E2E_CHROMIUM").filter(|path| !path.is_empty()).map(PathBuf::from)
    }

    /// Starts it with an empty profile and opens a window.
    ///
    /// # Panics
    ///
    /// When it does not start.
    pub async fn start(executable: &Path) -> Self {
        let profile = tempfile::tempdir().expect("the temporary folder is writable");
        // Chromium reads commands from descriptor 3 and writes to 4; its own output goes nowhere.
        let mut browser = Command::new("sh")
            .args(["-c", r#"exec "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, "sh"])
            .arg(executable)
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", executable.display()));
        let pipe = Pipe::new(browser.stdin.take().expect("a pipe"), browser.stdout.take().expect("a pipe"));
        let target = pipe.call(None, "Target.createTarget", json!({"url": "about:blank"})).await;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = pipe.call(None, "Target.attachToTarget", attach).await;
        let session = session["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Network", "Log"] {
            pipe.call(Some(&session), &format!("{domain}.enable"), json!({})).await;
        }
        let screenshots = crate::lambda::target_dir().join("screenshots");
        std::fs::create_dir_all(&screenshots).expect("the target directory is writable");
        Self { pipe, session, screenshots, _browser: browser, _profile: profile }
    }

    /// Opens a URL and waits until the page has loaded.
    pub async fn open(&self, url: &str) {
        self.loading(self.call("Page.navigate", json!({"url": url}))).await;
    }

    /// Loads the same URL again.
    pub async fn reload(&self) {
        self.loading(self.call("Page.reload", json!({}))).await;
    }

    /// Clicks with the mouse on what a CSS selector finds, and waits for the page that follows.
    pub async fn follow(&self, selector: &str) {
        self.loading(self.click(selector)).await;
    }

    /// Clicks with the mouse on what a CSS selector finds.
    pub async fn click(&self, selector: &str) {
        let find = format!(
            "(() => {{ const found = document.querySelector({}); if (!found) return null; \
             found.scrollIntoView({{block: 'center', behavior: 'instant'}}); const box = found.getBoundingClientRect(); \
             return [box.x + box.width / 2, box.y + box.height / 2]; }})()",
            json!(selector)
        );
        let place = self.evaluate(&find).await;
        let (Some(x), Some(y)) = (place[0].as_f64(), place[1].as_f64()) else {
            panic!("no {selector} on the page: {}", self.text().await);
        };
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", event).await;
        }
    }

    /// The value of a script's expression.
    ///
    /// # Panics
    ///
    /// When the script fails.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let answer = self.call("Runtime.evaluate", json!({"expression": expression, "returnByValue": true})).await;
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// The text that a reader sees.
    pub async fn text(&self) -> String {
        self.evaluate("document.body.innerText").await.as_str().unwrap_or_default().to_owned()
    }

    /// Where the browser is.
    pub async fn url(&self) -> String {
        self.evaluate("location.href").await.as_str().unwrap_or_default().to_owned()
    }

    /// The cookies of a URL, those hidden from scripts as well: `name`, `value`, `httpOnly`, `sameSite`, `expires`, ….
    pub async fn cookies(&self, url: &str) -> Vec<Value> {
        let answer = self.call("Network.getCookies", json!({"urls": [url]})).await;
        answer["cookies"].as_array().cloned().unwrap_or_default()
    }

    /// The URL of every request so far.
    #[must_use]
    pub fn requested(&self) -> Vec<String> {
        let requests = self.pipe.events("Network.requestWillBeSent");
        requests.iter().filter_map(|event| event["request"]["url"].as_str().map(str::to_owned)).collect()
    }

    /// What stands in the console as an error: scripts, refused contents, failed requests.
    #[must_use]
    pub fn errors(&self) -> Vec<String> {
        let logged = self.pipe.events("Log.entryAdded").into_iter().map(|event| event["entry"].clone());
        let logged = logged.filter(|entry| entry["level"] == "error" || entry["source"] == "security");
        let thrown = self.pipe.events("Runtime.exceptionThrown").into_iter();
        logged.chain(thrown).map(|error| error.to_string()).collect()
    }

    /// Keeps a picture of the page in `target/screenshots`.
    pub async fn screenshot(&self, name: &str) {
        let answer = self.call("Page.captureScreenshot", json!({"format": "png"})).await;
        let picture = STANDARD.decode(answer["data"].as_str().unwrap_or_default()).expect("a picture in base64");
        std::fs::write(self.screenshots.join(format!("{name}.png")), picture).expect("the target directory is writable");
    }

    async fn call(&self, method: &str, parameters: Value) -> Value {
        self.pipe.call(Some(&self.session), method, parameters).await
    }

    /// Waits for the page that an action leads to.
    async fn loading<T>(&self, action: impl Future<Output = T>) {
        const LOADED: &str = "Page.loadEventFired";
        let before = self.pipe.events(LOADED).len();
        action.await;
        let loaded = tokio::time::timeout(PATIENCE, self.pipe.reached(LOADED, before + 1)).await;
        assert!(loaded.is_ok(), "the page that should follow did not load");
    }
}
