//! The same on https, with the service, the store and Facebook at three hosts as in production, so that the browser itself enforces what cookies promise: `Secure`,
//! `SameSite=Lax` (RFC 6265bis, 5.8.3) and the prefix `__Host-` (4.1.3.2).

use e2e::chromium::{Chromium, Setup, Tab};
use e2e::front::{CookieChange, FACEBOOK, Visit, Web};
use e2e::gate::until;
use e2e::scenes::{self, Merchant, form_of};
use e2e::world::HTTPS;
use serde_json::{Value, json};
use shared::providers::facebook;

use crate::chromium::{executable, heading_of_store, linked};

const BROWSER: &str = "__Host-browser_id";
const SESSION: &str = "__Host-session_id";
/// Another site, and a neighbour of the service's own host.
const EVIL: &str = "https://evil.example/";
const NEIGHBOUR: &str = "https://neighbour.example.com/";

struct Stage {
    web: Web,
    browser: Chromium,
}

impl Stage {
    async fn set() -> Option<Self> {
        let executable = executable()?;
        let web = Web::start(scenes::world()).await;
        let browser = Chromium::start(&executable, web.names()).await;
        Some(Self { web, browser })
    }

    async fn tab(&self) -> Tab {
        self.browser.tab(Setup::DESKTOP).await
    }

    /// What arrived at the service itself since the last time this was asked.
    fn visits(&self) -> Vec<Visit> {
        let visits = self.web.visits().into_iter();
        visits.filter(|visit| visit.url.starts_with(HTTPS) && !visit.url.ends_with("/favicon.ico")).collect()
    }
}

fn named<'c>(cookies: &'c [Value], name: &str) -> Option<&'c Value> {
    cookies.iter().find(|cookie| cookie["name"] == name)
}

fn is_sent(visit: &Visit, name: &str) -> bool {
    visit.cookie.as_deref().unwrap_or_default().split("; ").any(|pair| pair.split('=').next() == Some(name))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_links_a_store_and_its_pages_across_three_hosts() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab().await;
    let merchant = Merchant::of_web(&stage.web, &tab, "acme");
    merchant.comes_to_shopify().await;
    tab.follow("#approve").await;
    assert_eq!(tab.heading().await, heading_of_store());

    let cookies = tab.all_cookies().await;
    assert_eq!(cookies.len(), 2, "no other host has any: {cookies:?}");
    for name in [BROWSER, SESSION] {
        let cookie = named(&cookies, name).unwrap_or_else(|| panic!("no {name}: {cookies:?}"));
        let kept = json!({"domain": cookie["domain"], "path": cookie["path"], "secure": cookie["secure"], "httpOnly": cookie["httpOnly"], "sameSite": cookie["sameSite"]});
        // A domain with a dot in front would be shared with its subdomains.
        assert_eq!(kept, json!({"domain": "link.example.com", "path": "/", "secure": true, "httpOnly": true, "sameSite": "Lax"}), "{name}");
    }

    tab.follow("#next").await;
    merchant.logs_in().await;
    tab.follow("#approve").await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
    let (uuid, pages) = linked(&merchant);
    assert!(uuid.is_some() && pages == merchant.pages, "{uuid:?} {pages:?}");
    assert!(named(&tab.all_cookies().await, SESSION).is_none(), "the session has ended");

    let asked: Vec<String> = stage.web.visits().into_iter().map(|visit| visit.url).filter(|url| !url.ends_with("/favicon.ico")).collect();
    let authorize = format!("https://{}/admin/oauth/authorize", merchant.domain());
    let expected = [
        format!("{HTTPS}/shopify/acme/login"),
        authorize.clone(),
        // The stand-in's own form.
        format!("https://{0}/{0}/admin/oauth/authorize", merchant.domain()),
        format!("{HTTPS}/shopify/callback"),
        format!("{HTTPS}/facebook/login"),
        format!("{FACEBOOK}/v26.0/dialog/oauth"),
        format!("{FACEBOOK}/v26.0/dialog/oauth"),
        format!("{HTTPS}/facebook/callback"),
    ];
    assert_eq!(asked, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_browser_does_not_finish_the_flow() {
    let Some(stage) = Stage::set().await else { return };
    let (tab, other) = (stage.tab().await, stage.tab().await);
    let merchant = Merchant::of_web(&stage.web, &tab, "acme");
    merchant.comes_to_shopify().await;
    let url = tab.url().await;
    let target = url.strip_prefix(&format!("https://{}", merchant.domain())).expect("at the store");
    let shopify = &stage.web.world.shopify;
    let callback = shopify.approve(&format!("{}/{}{target}", shopify.url(), merchant.domain()));
    other.open(&callback).await;
    assert_eq!(other.status(), 400, "{}", other.text().await);
    assert_eq!(linked(&merchant), (None, vec![]));
    tab.open(&callback).await;
    assert_eq!(tab.status(), 200, "{}", tab.text().await);
}

/// WSTG-SESS-05, WSTG-CLNT-09, RFC 9700 section 4.16.
#[tokio::test(flavor = "multi_thread")]
async fn the_session_goes_along_with_a_link_from_another_site_and_with_nothing_else_of_it() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab().await;
    let merchant = Merchant::of_web(&stage.web, &tab, "acme");
    merchant.connects_pages().await;
    merchant.connects_store().await;
    let before = linked(&merchant);
    let list = merchant.at("/connections");
    stage.web.put(
        EVIL,
        &format!(
            "<!doctype html><title>evil</title><img src=\"{list}\"><iframe src=\"{list}\"></iframe><link rel=\"stylesheet\" href=\"{list}\">\
             <form method=\"post\" action=\"{list}/disconnect\"><input name=\"page\" value=\"{}\"><button id=\"go\">Win a prize</button></form>\
             <a href=\"{list}\" id=\"link\">My connections</a>",
            merchant.pages[0]
        ),
        &[],
    );
    drop(stage.visits());
    tab.open(EVIL).await;
    let embedded = stage.visits();
    assert_eq!(embedded.len(), 3, "{embedded:?}");
    assert!(embedded.iter().all(|visit| visit.cookie.is_none()), "{embedded:?}");
    let complaints = tab.complaints();
    assert!(complaints.iter().any(|complaint| complaint.contains("frame-ancestors")), "it is not shown in a frame: {complaints:?}");

    tab.follow("#go").await;
    let posted = stage.visits();
    assert!(posted.len() == 1 && posted[0].method == "POST" && posted[0].cookie.is_none(), "{posted:?}");
    assert_eq!(tab.status(), 403, "{}", tab.text().await);
    assert_eq!(linked(&merchant), before);

    tab.open(EVIL).await;
    drop(stage.visits());
    tab.follow("#link").await;
    let followed = stage.visits();
    assert!(followed.len() == 1 && is_sent(&followed[0], SESSION), "{followed:?}");
    assert!(tab.status() == 200 && tab.has("form").await, "{}", tab.text().await);

    // Our own form takes it along.
    merchant.disconnects(&form_of(&merchant.pages[0])).await;
    let posted = stage.visits();
    assert!(posted.len() == 2 && posted[0].method == "POST" && posted.iter().all(|visit| is_sent(visit, SESSION)), "{posted:?}");
    assert_eq!(linked(&merchant).1, [merchant.pages[1].clone()]);
}

/// The page of somebody who shares a store with the victim: each click opens a window of the service, as far as browsers let it.
fn trap(windows: &[(&str, &str)]) -> String {
    let buttons: Vec<String> = windows
        .iter()
        .map(|(id, url)| format!("<button id=\"{id}\" onclick=\"windows['{id}'] = window.open('{url}')\">Win</button>"))
        .collect();
    format!("<!doctype html><title>evil</title><script>const windows = {{}};</script>{}", buttons.join(""))
}

/// CVE-2015-9284, by windows: the session is swapped for one of the attacker's store, then a flow is opened in it.
#[tokio::test(flavor = "multi_thread")]
async fn windows_that_another_site_opens_end_on_the_question_and_out_of_its_reach() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab().await;
    let victim = Merchant::of_web(&stage.web, &tab, "victim");
    victim.connects_pages().await;
    // The victim works for the attacker's store as well, so Shopify sends them back at once.
    let shared = victim.with_shop("attacker");
    shared.connects_store().await;
    let before = linked(&victim);
    let page = &victim.pages[0];
    let windows = [
        ("swap", shared.at("/shopify/attacker/login")),
        ("plain", shared.at("/facebook/login?shop=attacker.myshopify.com")),
        ("everything", shared.at("/facebook/login?move=1")),
        ("one", shared.at(&format!("/facebook/login?move={page}"))),
    ];
    let windows = windows.each_ref().map(|(id, url)| (*id, url.as_str()));
    stage.web.put(EVIL, &trap(&windows), &[]);
    tab.open(EVIL).await;
    for (id, url) in windows {
        drop(stage.visits());
        tab.click(&format!("#{id}")).await;
        let mut visits = Vec::new();
        let end = if id == "swap" { "/shopify/callback" } else { "/facebook/login" };
        until("the window has come to its end", || {
            visits.extend(stage.visits());
            visits.iter().any(|visit| visit.url.ends_with(end))
        })
        .await;
        assert!(is_sent(&visits[0], SESSION), "the browser takes the session along: {visits:?}");
        // With the first answer of ours the window left the reach of who opened it: it counts as closed, and is sent nowhere any more.
        let closed = format!("new Promise((yes) => {{ const ask = () => windows.{id}.closed ? yes(true) : setTimeout(ask, 20); ask(); }})");
        assert_eq!(tab.evaluate(&closed).await, true, "{url}");
        assert_eq!(tab.evaluate(&format!("windows.{id}.location = 'https://evil.example/next', windows.{id}.length")).await, 0);
    }
    let asked: Vec<Visit> = stage.web.visits();
    assert!(!asked.iter().any(|visit| visit.url.starts_with(FACEBOOK) || visit.url.ends_with("/next")), "{asked:?}");
    assert_eq!((linked(&victim), linked(&shared).1), (before, vec![]));
    let sessions = victim.world.database.scan("sessions");
    assert!(sessions.iter().filter(|item| item.text("attempts").is_some()).all(|item| item.text("attempts") == Some("0")), "{sessions:?}");
}

/// What the victim is asked: of which store it is, and with a way that no click on the page before can hit.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_from_another_site_or_by_its_address_leads_to_the_question_and_ours_to_facebook() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab().await;
    let merchant = Merchant::of_web(&stage.web, &tab, "acme");
    merchant.connects_store().await;
    let login = merchant.at("/facebook/login?shop=acme.myshopify.com");
    let title = facebook::PAGE.words.english.starting.title;
    for site in [EVIL, NEIGHBOUR] {
        stage.web.put(site, &format!("<!doctype html><title>site</title><a id=\"go\" href=\"{login}\">Win</a>"), &[]);
        tab.open(site).await;
        tab.follow("#go").await;
        assert_eq!(tab.heading().await, title, "{site}: {}", tab.text().await);
    }
    tab.open(&login).await;
    assert_eq!(tab.heading().await, title);
    assert!(tab.text().await.contains("acme.myshopify.com"));
    // The first second begins once more, and stands still wherever this wants it.
    let again = "(() => { const next = document.querySelector('#next'); next.classList.remove('late'); next.offsetWidth; next.classList.add('late'); \
                 window.first = next.getAnimations(); return window.first.length; })()";
    assert_eq!(tab.evaluate(again).await, 1);
    let pointer = async |at: &str| {
        tab.evaluate(&format!("window.first.forEach((animation) => {{ animation.pause(); animation.currentTime = {at}; }})")).await;
        tab.evaluated_text("getComputedStyle(document.querySelector('#next')).pointerEvents").await
    };
    assert_eq!((pointer("0").await.as_str(), pointer("999").await.as_str(), pointer("1000").await.as_str()), ("none", "none", "auto"));
    // The keyboard is asked at once.
    assert_eq!(pointer("0").await, "none");
    while tab.evaluated_text("document.activeElement?.id ?? ''").await != "next" {
        tab.press_tab().await;
    }
    tab.loading(tab.press_enter()).await;
    assert!(tab.url().await.starts_with(FACEBOOK), "{}", tab.url().await);
}

/// Why each attribute is as it is: with another one, the browser gives the cookie up, or keeps it to itself when the merchant comes back.
/// WSTG-SESS-02.
#[tokio::test(flavor = "multi_thread")]
async fn with_any_attribute_changed_no_flow_ends() {
    let Some(stage) = Stage::set().await else { return };
    let changes: [(&str, CookieChange, bool); 5] = [
        ("not Secure", |cookie| cookie.replace("; Secure", ""), false),
        ("with a Domain", |cookie| format!("{cookie}; Domain=link.example.com"), false),
        ("with another Path", |cookie| cookie.replace("; Path=/", "; Path=/shopify"), false),
        ("without a Path", |cookie| cookie.replace("; Path=/", ""), false),
        ("SameSite=Strict", |cookie| cookie.replace("SameSite=Lax", "SameSite=Strict"), true),
    ];
    for (name, change, is_kept) in changes {
        stage.web.change_cookies(change);
        let tab = stage.tab().await;
        let merchant = Merchant::of_web(&stage.web, &tab, "acme");
        merchant.comes_to_shopify().await;
        assert_eq!(named(&tab.all_cookies().await, BROWSER).is_some(), is_kept, "{name}");
        drop(stage.visits());
        tab.follow("#approve").await;
        let visits = stage.visits();
        assert!(visits.len() == 1 && visits[0].cookie.is_none(), "{name}: {visits:?}");
        assert_eq!(tab.status(), 400, "{name}: {}", tab.text().await);
        assert_eq!(linked(&merchant), (None, vec![]), "{name}");
    }
    stage.web.change_cookies(str::to_owned);
    let tab = stage.tab().await;
    Merchant::of_web(&stage.web, &tab, "acme").connects_pages().await;
}

/// WSTG-SESS-09.
#[tokio::test(flavor = "multi_thread")]
async fn a_neighbour_plants_nothing_that_counts() {
    let Some(stage) = Stage::set().await else { return };
    // Somebody else's session and browser, which live.
    let attacker = stage.tab().await;
    Merchant::of_web(&stage.web, &attacker, "attacker").connects_store().await;
    let theirs = attacker.all_cookies().await;
    let value = |name: &str| named(&theirs, name).and_then(|cookie| cookie["value"].as_str()).expect("a cookie").to_owned();
    let (session, browser) = (value(SESSION), value(BROWSER));

    let tab = stage.tab().await;
    let merchant = Merchant::of_web(&stage.web, &tab, "acme");
    let planted = [
        format!("{SESSION}={session}; Domain=example.com; Secure; Path=/"),
        format!("{BROWSER}={browser}; Domain=example.com; Secure; Path=/"),
        format!("session_id={session}; Domain=example.com; Secure; Path=/"),
        format!("browser_id={browser}; Domain=example.com; Secure; Path=/"),
        // The prefix counts in any spelling (RFC 6265bis, 5.7).
        format!("__HOST-session_id={session}; Domain=example.com; Secure; Path=/"),
        // Without a name, this reads like one when it is sent.
        format!("={SESSION}={session}; Domain=example.com; Secure; Path=/"),
    ];
    let planted: Vec<&str> = planted.iter().map(String::as_str).collect();
    stage.web.put(NEIGHBOUR, "<!doctype html><title>neighbour</title>", &planted);
    // The same by somebody on the way, who answers in the service's name while nothing is encrypted.
    stage.web.put(
        "http://link.example.com/",
        "<!doctype html><title>on the way</title>",
        &[&format!("{SESSION}={session}; Path=/"), &format!("session_id={session}; Path=/")],
    );
    // In this order: beside a cookie that is Secure, Chromium keeps none of the same name that came on http.
    tab.open("http://link.example.com/").await;
    tab.open(NEIGHBOUR).await;
    let mut kept: Vec<String> = tab
        .all_cookies()
        .await
        .iter()
        .map(|cookie| format!("{}@{}", cookie["name"].as_str().unwrap_or_default(), cookie["domain"].as_str().unwrap_or_default()))
        .collect();
    kept.sort();
    assert_eq!(kept, ["browser_id@.example.com", "session_id@.example.com", "session_id@link.example.com"]);

    drop(stage.visits());
    merchant.opens("/connections").await;
    let visits = stage.visits();
    assert!(visits.len() == 1 && is_sent(&visits[0], "session_id") && !is_sent(&visits[0], SESSION), "{visits:?}");
    assert_eq!(tab.status(), 400, "{}", tab.text().await);
    merchant.opens("/facebook/login").await;
    assert_eq!(tab.status(), 400, "{}", tab.text().await);
    merchant.connects_pages().await;
    let (uuid, pages) = linked(&merchant);
    assert!(uuid.is_some() && pages == merchant.pages, "{uuid:?} {pages:?}");
}

/// RFC 9700 section 4.13.
#[tokio::test(flavor = "multi_thread")]
async fn after_the_first_answer_nothing_is_asked_for_on_http() {
    let Some(stage) = Stage::set().await else { return };
    let tab = stage.tab().await;
    let merchant = Merchant::of_web(&stage.web, &tab, "acme");
    stage.web.put("http://link.example.com/shopify/acme/login", "<!doctype html><title>on the way</title><h1>on the way</h1>", &[]);
    tab.open("http://link.example.com/shopify/acme/login").await;
    assert_eq!(tab.heading().await, "on the way", "nothing told the browser yet");
    merchant.connects_store().await;
    drop(stage.web.visits());
    tab.open("http://link.example.com/shopify/acme/login").await;
    assert!(tab.url().await.starts_with("https://"), "{}", tab.url().await);
    let visits = stage.web.visits();
    assert!(!visits.is_empty() && visits.iter().all(|visit| visit.url.starts_with("https://")), "{visits:?}");
}
