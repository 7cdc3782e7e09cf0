//! One tab: where it goes and what it shows.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::pipe::Pipe;
use super::setup::{Device, Scheme, Setup, accepted};

/// How long a page may take to load.
const PATIENCE: Duration = Duration::from_secs(30);

/// A tab of a profile.
pub struct Tab {
    pub(super) pipe: Arc<Pipe>,
    pub(super) session: String,
    context: String,
    user_agent: String,
    setup: Mutex<Setup>,
}

impl Tab {
    pub(super) async fn open_in(pipe: Arc<Pipe>, context: String, user_agent: String, setup: Setup) -> Self {
        let target = pipe.call(None, "Target.createTarget", json!({"url": "about:blank", "browserContextId": context})).await;
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = pipe.call(None, "Target.attachToTarget", attach).await;
        let session = session["sessionId"].as_str().expect("a session").to_owned();
        let tab = Self { pipe, session, context, user_agent, setup: Mutex::new(setup) };
        for domain in ["Page", "Runtime", "Network", "Log", "Audits"] {
            tab.call(&format!("{domain}.enable"), json!({})).await;
        }
        // Each tab behaves as if it were in front: focus is shown, nothing is throttled.
        tab.call("Emulation.setFocusEmulationEnabled", json!({"enabled": true})).await;
        tab.set_up(setup).await;
        tab
    }

    /// Another tab of the same profile.
    pub async fn beside(&self) -> Self {
        Self::open_in(Arc::clone(&self.pipe), self.context.clone(), self.user_agent.clone(), self.setup()).await
    }

    /// Closes the tab and its profile.
    pub async fn close(self) {
        self.pipe.call(None, "Target.disposeBrowserContext", json!({"browserContextId": self.context})).await;
    }

    /// What the tab pretends to be.
    #[must_use]
    pub fn setup(&self) -> Setup {
        *self.setup.lock().unwrap()
    }

    /// Pretends to be something else; the page stays and is laid out anew. The language counts from the next request on.
    pub async fn set_up(&self, setup: Setup) {
        *self.setup.lock().unwrap() = setup;
        let (width, height, pixels) = setup.device.screen();
        let touched = setup.device.is_touched();
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": pixels, "mobile": touched});
        self.call("Emulation.setDeviceMetricsOverride", metrics).await;
        self.call("Emulation.setTouchEmulationEnabled", json!({"enabled": touched, "maxTouchPoints": 1})).await;
        let scheme = json!([{"name": "prefers-color-scheme", "value": setup.scheme.as_str()}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": scheme})).await;
        let reader = json!({"userAgent": self.user_agent, "acceptLanguage": accepted(setup.language)});
        self.call("Network.setUserAgentOverride", reader).await;
    }

    /// The same page on another screen and in other colours.
    pub async fn shown_on(&self, device: Device, scheme: Scheme) {
        self.set_up(Setup { device, scheme, ..self.setup() }).await;
    }

    /// Text of another size, as a reader sets it for the whole browser: 16 is usual.
    pub async fn set_text_size(&self, pixels: u32) {
        self.call("Page.setFontSizes", json!({"fontSizes": {"standard": pixels, "fixed": pixels}})).await;
    }

    /// Opens a URL and waits until the page has loaded.
    pub async fn open(&self, url: &str) {
        self.loading(self.call("Page.navigate", json!({"url": url}))).await;
    }

    /// Loads the same URL again.
    pub async fn reload(&self) {
        self.loading(self.call("Page.reload", json!({}))).await;
    }

    /// Clicks or taps on what a CSS selector finds, and waits for the page that follows.
    pub async fn follow(&self, selector: &str) {
        self.loading(self.click(selector)).await;
    }

    /// Goes back to the page before.
    pub async fn back(&self) {
        let (current, entries) = self.navigation().await;
        let before = current.checked_sub(1).and_then(|before| entries.get(before)).expect("there is a page before");
        self.loading(self.call("Page.navigateToHistoryEntry", json!({"entryId": before["id"]}))).await;
    }

    /// The URLs that the tab's history holds.
    pub async fn history(&self) -> Vec<String> {
        let (_, entries) = self.navigation().await;
        entries.iter().filter_map(|entry| entry["url"].as_str().map(str::to_owned)).collect()
    }

    async fn navigation(&self) -> (usize, Vec<Value>) {
        let history = self.call("Page.getNavigationHistory", json!({})).await;
        let current = history["currentIndex"].as_u64().and_then(|index| usize::try_from(index).ok()).unwrap_or_default();
        (current, history["entries"].as_array().cloned().unwrap_or_default())
    }

    /// The value of a script's expression; a promise is waited for.
    ///
    /// # Panics
    ///
    /// When the script fails.
    pub async fn evaluate(&self, expression: &str) -> Value {
        let parameters = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", parameters).await;
        let told: String = expression.chars().take(200).collect();
        assert!(answer["exceptionDetails"].is_null(), "{told}: {answer}");
        answer["result"]["value"].clone()
    }

    /// A script's expression that is a text.
    pub async fn evaluated_text(&self, expression: &str) -> String {
        self.evaluate(expression).await.as_str().unwrap_or_default().to_owned()
    }

    /// The text that a reader sees.
    pub async fn text(&self) -> String {
        self.evaluated_text("document.body.innerText").await
    }

    /// The page's heading.
    pub async fn heading(&self) -> String {
        self.evaluated_text("document.querySelector('h1')?.innerText ?? ''").await
    }

    /// Whether a CSS selector finds anything.
    pub async fn has(&self, selector: &str) -> bool {
        self.evaluate(&format!("document.querySelector({}) !== null", json!(selector))).await == true
    }

    /// An attribute of what a CSS selector finds first.
    pub async fn attribute(&self, selector: &str, name: &str) -> String {
        self.evaluated_text(&format!("document.querySelector({})?.getAttribute({}) ?? ''", json!(selector), json!(name))).await
    }

    /// Where the tab is.
    pub async fn url(&self) -> String {
        self.evaluated_text("location.href").await
    }

    /// The cookies of a URL, those hidden from scripts as well: `name`, `value`, `httpOnly`, `sameSite`, `expires`, ….
    pub async fn cookies(&self, url: &str) -> Vec<Value> {
        let answer = self.call("Network.getCookies", json!({"urls": [url]})).await;
        answer["cookies"].as_array().cloned().unwrap_or_default()
    }

    /// All cookies of the profile, whosever they are.
    pub async fn all_cookies(&self) -> Vec<Value> {
        let answer = self.pipe.call(None, "Storage.getCookies", json!({"browserContextId": self.context})).await;
        answer["cookies"].as_array().cloned().unwrap_or_default()
    }

    /// Puts a cookie into the profile.
    pub async fn plant_cookie(&self, url: &str, name: &str, value: &str) {
        self.call("Network.setCookie", json!({"url": url, "name": name, "value": value, "path": "/", "httpOnly": true})).await;
    }

    /// Takes a cookie out of the profile.
    pub async fn drop_cookie(&self, url: &str, name: &str) {
        self.call("Network.deleteCookies", json!({"url": url, "name": name})).await;
    }

    /// Writes a picture of the whole page, what has to be scrolled to included.
    pub async fn screenshot(&self, file: &Path) {
        let layout = self.call("Page.getLayoutMetrics", json!({})).await;
        let size = &layout["cssContentSize"];
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let wanted = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let answer = self.call("Page.captureScreenshot", wanted).await;
        let picture = STANDARD.decode(answer["data"].as_str().unwrap_or_default()).expect("a picture in base64");
        std::fs::write(file, picture).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    pub(super) async fn call(&self, method: &str, parameters: Value) -> Value {
        self.pipe.call(Some(&self.session), method, parameters).await
    }

    /// Waits for the page that an action leads to.
    pub async fn loading<T>(&self, action: impl Future<Output = T>) {
        const LOADED: &str = "Page.loadEventFired";
        let before = self.pipe.count(&self.session, LOADED);
        action.await;
        let loaded = tokio::time::timeout(PATIENCE, self.pipe.reached(&self.session, LOADED, before + 1)).await;
        if loaded.is_err() {
            panic!("no page followed on {}: {}", self.url().await, self.text().await);
        }
    }
}
