//! Inspects a page that a real browser shows: is it right HTML, can everybody use it, does it fit, does it keep to itself.
//!
//! Everything found is collected, so that one run tells all of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;

use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::chromium::{Device, Scheme, Tab};

const LAYOUT: &str = include_str!("inspect/layout.js");
const FOCUS: &str = include_str!("inspect/focus.js");
const VALIDATE: &str = include_str!("../page-checks/validate.mjs");

/// Everything that WCAG 2.2 asks for at levels A and AA, and axe-core's own advice. What it can't decide about contrast counts as well: a page whose contrast
/// nobody can compute is not proven.
const AXE: &str = "axe.run(document, {preload: false, resultTypes: ['violations', 'incomplete'], runOnly: {type: 'tag', values: \
    ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']}}).then((found) => \
    found.violations.concat(found.incomplete.filter((rule) => rule.id === 'color-contrast')).flatMap((rule) => \
    rule.nodes.map((node) => `axe ${rule.id}: ${node.failureSummary ?? rule.help}: ${node.html}`)))";

/// Text as browsers set it, and text of twice the size.
const USUAL: u32 = 16;
const LARGE: u32 = 32;

/// Collects what is wrong with pages.
pub struct Inspector {
    /// Where axe-core and html-validate are; without them the rest is inspected.
    tools: Option<PathBuf>,
    axe: String,
    /// Hosts that a page may be in touch with: `http://localhost:PORT`.
    hosts: Vec<String>,
    sources: Mutex<BTreeMap<String, String>>,
    problems: Mutex<Vec<String>>,
}

impl Inspector {
    /// With the tools that `E2E_PAGE_CHECKS` names, as `./dev test` does.
    ///
    /// # Panics
    ///
    /// When the folder has no axe-core.
    pub fn new<T: Into<String>>(hosts: impl IntoIterator<Item = T>) -> Self {
        let tools = std::env::var_os("E2E_PAGE_CHECKS").filter(|path| !path.is_empty()).map(PathBuf::from);
        let axe = tools.as_ref().map(|tools| tools.join("node_modules/axe-core/axe.min.js"));
        let axe = axe.map(|axe| std::fs::read_to_string(&axe).unwrap_or_else(|error| panic!("{}: {error}", axe.display())));
        let (sources, problems) = (Mutex::default(), Mutex::default());
        Self { tools, axe: axe.unwrap_or_default(), hosts: hosts.into_iter().map(Into::into).collect(), sources, problems }
    }

    /// Whether axe-core and html-validate are there.
    pub fn has_tools(&self) -> bool {
        self.tools.is_some()
    }

    /// Inspects the page in the tab, on every screen and in both schemes, and leaves it as it was.
    pub async fn inspect(&self, tab: &Tab, name: &str) {
        let shown = [Scheme::Light, Scheme::Dark].into_iter().flat_map(|scheme| [(Device::Desktop, scheme), (Device::Phone, scheme)]);
        self.inspect_as(tab, name, shown).await;
    }

    /// Inspects what depends on the words: the same for a page whose twin in another language was inspected.
    pub async fn inspect_words(&self, tab: &Tab, name: &str) {
        self.inspect_as(tab, name, [(Device::Phone, Scheme::Light)]).await;
    }

    /// Inspects what words alone can break: whether a page whose twins in other languages were inspected fits the narrowest screen,
    /// whether it is right HTML and usable.
    pub async fn inspect_translation(&self, tab: &Tab, name: &str) {
        let before = tab.setup();
        let language = before.language.tag();
        let name = format!("{name} ({language})");
        let source = tab.source().await;
        self.sources.lock().unwrap().insert(name.clone(), source);
        self.head(tab, &name, language).await;
        tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })").await;
        tab.shown_on(Device::Narrow, Scheme::Light).await;
        self.list(&name, &tab.evaluate(LAYOUT).await);
        self.axe(tab, &name).await;
        self.reach(tab, &name);
        tab.set_up(before).await;
    }

    /// Inspects a page of a stand-in, which is right HTML, usable by everybody and fits, but has pictures and one colour scheme.
    pub async fn inspect_stand_in(&self, tab: &Tab, name: &str) {
        let before = tab.setup();
        let source = tab.source().await;
        self.sources.lock().unwrap().insert(name.to_owned(), source);
        for device in [Device::Desktop, Device::Phone, Device::Narrow] {
            tab.shown_on(device, Scheme::Light).await;
            self.axe(tab, &format!("{name}, {device:?}")).await;
            let overflow = tab.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth").await;
            if overflow == true {
                self.problem(name, &format!("it is wider than {device:?}"));
            }
        }
        tab.set_up(before).await;
    }

    async fn inspect_as(&self, tab: &Tab, name: &str, shown: impl IntoIterator<Item = (Device, Scheme)>) {
        let before = tab.setup();
        let language = before.language.tag();
        let name = format!("{name} ({language})");
        let source = tab.source().await;
        self.sources.lock().unwrap().insert(name.clone(), source);
        self.head(tab, &name, language).await;
        self.focus(tab, &name).await;
        tab.evaluate("document.querySelectorAll('details:not([open])').forEach((one) => { one.open = true; one.dataset.closed = ''; })")
            .await;
        for (device, scheme) in shown {
            tab.shown_on(device, scheme).await;
            let place = format!("{name}, {device:?}, {scheme:?}");
            self.list(&place, &tab.evaluate(LAYOUT).await);
            self.axe(tab, &place).await;
        }
        for (device, size) in [(Device::Narrow, USUAL), (Device::Narrow, LARGE), (Device::Phone, LARGE), (Device::Desktop, LARGE)] {
            tab.shown_on(device, Scheme::Light).await;
            tab.set_text_size(size).await;
            self.list(&format!("{name}, {device:?}, text of {size} pixels"), &tab.evaluate(LAYOUT).await);
        }
        tab.set_text_size(USUAL).await;
        tab.set_up(before).await;
        tab.evaluate(
            "document.querySelectorAll('details[data-closed]').forEach((one) => { one.open = false; delete one.dataset.closed; })",
        )
        .await;
        self.reach(tab, &name);
    }

    /// What every page has, and what none has.
    async fn head(&self, tab: &Tab, name: &str, language: &str) {
        let page = tab
            .evaluate(
                "({lang: document.documentElement.lang, title: document.title, referrer: document.referrer, \
                 mode: document.compatMode, active: document.querySelectorAll('script,iframe,object,embed,img,link[rel=stylesheet]').length, \
                 handlers: [...document.querySelectorAll('*')].filter((one) => [...one.attributes].some((a) => a.name.startsWith('on'))).length, \
                 ids: [...document.querySelectorAll('[id]')].length - new Set([...document.querySelectorAll('[id]')].map((one) => one.id)).size, \
                 headings: document.querySelectorAll('h1').length})",
            )
            .await;
        let expect = |holds: bool, what: String| {
            if !holds {
                self.problem(name, &what);
            }
        };
        expect(page["lang"] == language, format!("the page says it is in {}", page["lang"]));
        expect(page["title"].as_str().is_some_and(|title| title.len() > 3), format!("the title is {}", page["title"]));
        expect(page["headings"] == 1, format!("there are {} headings", page["headings"]));
        expect(page["mode"] == "CSS1Compat", "the browser is in quirks mode".to_owned());
        expect(page["active"] == 0 && page["handlers"] == 0, "there is something active in the page".to_owned());
        expect(page["ids"] == 0, "an id stands twice".to_owned());
        let referrer = page["referrer"].as_str().unwrap_or_default();
        expect(!referrer.contains('?'), format!("the page was told that the reader came from {referrer}"));
        expect(tab.header("cache-control") == "no-store", "the page may be stored".to_owned());
    }

    /// Goes through the page with the keyboard alone.
    async fn focus(&self, tab: &Tab, name: &str) {
        // Whatever was clicked on before, the key begins at the top.
        tab.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')").await;
        let count = tab.evaluate(FOCUS).await["count"].as_i64().unwrap_or_default();
        for place in 0..count {
            tab.press_tab().await;
            let focus = tab.evaluate(FOCUS).await;
            if focus["place"] != place {
                self.problem(name, &format!("the key leads to {} instead of number {place}", focus["element"]));
                return;
            }
            let is_seen = focus["outline"].as_f64().is_some_and(|width| width >= 2.0)
                && focus["contrast"].as_f64().is_some_and(|contrast| contrast >= 3.0);
            if !is_seen {
                self.problem(name, &format!("the focus is hardly seen, {}, on {}", focus["ring"], focus["element"]));
            }
        }
        tab.evaluate("document.activeElement?.blur()").await;
    }

    async fn axe(&self, tab: &Tab, place: &str) {
        if self.tools.is_none() {
            return;
        }
        if tab.evaluate("typeof axe").await != "object" {
            tab.evaluate(&format!("{}; null", self.axe)).await;
        }
        self.list(place, &tab.evaluate(AXE).await);
    }

    /// Whom the tab was in touch with so far, and what the browser complained about.
    fn reach(&self, tab: &Tab, name: &str) {
        let is_known = |url: &str| {
            url.starts_with("data:") || url == "about:blank" || self.hosts.iter().any(|host| url.starts_with(&format!("{host}/")))
        };
        for url in tab.requested().iter().filter(|url| !is_known(url)) {
            self.problem(name, &format!("a request to {url}"));
        }
        // The first of the hosts is the service itself; the stand-ins have no icon, and the browser says so.
        let icons: Vec<String> = self.hosts.iter().skip(1).map(|host| format!("{host}/favicon.ico")).collect();
        for complaint in tab.complaints().iter().filter(|complaint| !icons.iter().any(|icon| complaint.contains(icon))) {
            self.problem(name, &format!("the browser complains: {complaint}"));
        }
    }

    fn list(&self, place: &str, found: &Value) {
        for problem in found.as_array().into_iter().flatten() {
            self.problem(place, problem.as_str().unwrap_or_default());
        }
    }

    fn problem(&self, place: &str, what: &str) {
        self.problems.lock().unwrap().push(format!("{place}: {what}"));
    }

    /// Validates the HTML of all pages, and ends the inspection.
    ///
    /// # Panics
    ///
    /// With everything that was found, here and before.
    pub async fn finish(self) {
        let problems = self.found().await;
        assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
    }

    /// The same for who wants to see what was found.
    pub async fn found(self) -> Vec<String> {
        if let Some(tools) = &self.tools {
            let sources = std::mem::take(&mut *self.sources.lock().unwrap());
            let found = validate(tools, &sources).await;
            self.list("HTML", &found);
        }
        let mut problems = self.problems.into_inner().unwrap();
        problems.dedup();
        problems
    }
}

async fn validate(tools: &Path, sources: &BTreeMap<String, String>) -> Value {
    let mut node = Command::new("node")
        .args(["--input-type=module", "--eval", VALIDATE])
        .current_dir(tools)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("node runs");
    let mut input = node.stdin.take().expect("a pipe");
    let pages = serde_json::to_vec(sources).expect("texts are JSON");
    input.write_all(&pages).await.expect("node reads");
    drop(input);
    let output = node.wait_with_output().await.expect("node ends");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("the validator failed ({}): {error}", output.status))
}
