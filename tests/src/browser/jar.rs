//! Cookies as browsers keep them (RFC 6265bis), as far as one host and its neighbours need it: name prefixes, host and
//! path match, `Secure`, `Max-Age`, `SameSite=Strict`. `Expires` is not read; the service sends `Max-Age`.

use std::time::{Duration, Instant};

/// A kept cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cookie {
    /// The name, prefix included.
    pub name: String,
    /// The value, as set.
    pub value: String,
    /// The host that set it, or what its `Domain` says.
    pub host: String,
    /// Whether it also goes to hosts below `host`: it had a `Domain`.
    pub for_subdomains: bool,
    /// Goes to this path and below.
    pub path: String,
    /// Goes over https only.
    pub secure: bool,
    /// Hidden from scripts.
    pub http_only: bool,
    /// `Strict`, `Lax` or `None`, where given.
    pub same_site: Option<String>,
    /// When it ends; `None` with the browser.
    pub expires: Option<Instant>,
}

/// All cookies of one browser.
#[derive(Debug, Clone, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    ahead: Duration,
}

impl Jar {
    /// Takes in one `Set-Cookie` value from a reply of `origin` at `path`. A cookie that breaks a rule is dropped.
    pub fn store(&mut self, origin: &str, path: &str, set_cookie: &str) {
        let now = self.now();
        let Some(cookie) = Cookie::parse(origin, path, set_cookie, now) else {
            return;
        };
        let is_same = |kept: &Cookie| (&kept.name, &kept.host, &kept.path) == (&cookie.name, &cookie.host, &cookie.path);
        // A cookie set again keeps its place among the others.
        let place = self.cookies.iter().position(is_same);
        let is_over = cookie.expires.is_some_and(|end| end <= now);
        match place {
            Some(place) if is_over => {
                self.cookies.remove(place);
            }
            Some(place) => self.cookies[place] = cookie,
            None if is_over => {}
            None => self.cookies.push(cookie),
        }
    }

    /// The `Cookie` header for a navigation to `path`: longer paths first, then older cookies.
    pub fn header(&self, origin: &str, path: &str) -> Option<String> {
        let mut cookies: Vec<&Cookie> = self.sent_to(origin, path).collect();
        cookies.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = cookies.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The cookie of this name that goes to the origin's root.
    pub fn get(&self, origin: &str, name: &str) -> Option<&Cookie> {
        self.sent_to(origin, "/").find(|cookie| cookie.name == name)
    }

    /// Removes every cookie of this name.
    pub fn remove(&mut self, name: &str) {
        self.cookies.retain(|cookie| cookie.name != name);
    }

    /// Lets the cookies age.
    pub fn advance(&mut self, by: Duration) {
        self.ahead += by;
    }

    fn now(&self) -> Instant {
        Instant::now() + self.ahead
    }

    fn sent_to(&self, origin: &str, path: &str) -> impl Iterator<Item = &Cookie> {
        let (is_https, host) = scheme_and_host(origin);
        let (now, path) = (self.now(), path.to_owned());
        self.cookies.iter().filter(move |cookie| {
            let host_fits = cookie.host == host || (cookie.for_subdomains && is_below(&host, &cookie.host));
            let is_alive = cookie.expires.is_none_or(|end| end > now);
            let is_strict = cookie.same_site.as_deref().is_some_and(|site| site.eq_ignore_ascii_case("strict"));
            host_fits && is_alive && !is_strict && (is_https || !cookie.secure) && path_fits(&path, &cookie.path)
        })
    }
}

impl Cookie {
    fn parse(origin: &str, request_path: &str, set_cookie: &str, now: Instant) -> Option<Self> {
        let (is_https, host) = scheme_and_host(origin);
        let mut parts = set_cookie.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Self {
            name: name.trim().to_owned(),
            value: value.trim().to_owned(),
            host: host.clone(),
            for_subdomains: false,
            path: default_path(request_path),
            secure: false,
            http_only: false,
            same_site: None,
            expires: None,
        };
        let mut names_path = false;
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match name.to_ascii_lowercase().as_str() {
                "secure" => cookie.secure = true,
                "httponly" => cookie.http_only = true,
                "samesite" => cookie.same_site = Some(value.to_owned()),
                "path" if value.starts_with('/') => (cookie.path, names_path) = (value.to_owned(), true),
                "domain" if !value.is_empty() => {
                    cookie.host = value.trim_start_matches('.').to_lowercase();
                    cookie.for_subdomains = true;
                }
                "max-age" => {
                    let seconds: i64 = value.parse().ok()?;
                    cookie.expires = Some(now + Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
                }
                _ => {}
            }
        }
        let is_of_host = cookie.host == host || is_below(&host, &cookie.host);
        let secure_fits = is_https || !cookie.secure;
        let lower_name = cookie.name.to_ascii_lowercase();
        let prefix_fits = if lower_name.starts_with("__host-") {
            cookie.secure && !cookie.for_subdomains && names_path && cookie.path == "/"
        } else {
            cookie.secure || !lower_name.starts_with("__secure-")
        };
        (is_of_host && secure_fits && prefix_fits).then_some(cookie)
    }
}

fn scheme_and_host(origin: &str) -> (bool, String) {
    let (scheme, host) = origin.split_once("://").unwrap_or(("", origin));
    let host = host.split(['/', ':']).next().unwrap_or_default();
    (scheme == "https", host.to_lowercase())
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn default_path(request_path: &str) -> String {
    match request_path.rfind('/') {
        Some(end) if end > 0 => request_path[..end].to_owned(),
        _ => "/".to_owned(),
    }
}

fn path_fits(path: &str, cookie_path: &str) -> bool {
    let rest = path.strip_prefix(cookie_path);
    rest.is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTTPS: &str = "https://link.example.com";
    const HTTP: &str = "http://localhost:9000";

    fn jar(origin: &str, cookies: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for cookie in cookies {
            jar.store(origin, "/shopify/callback", cookie);
        }
        jar
    }

    #[test]
    fn a_host_prefix_demands_secure_root_path_and_no_domain() {
        for broken in [
            "__Host-a=1; Path=/",
            "__Host-a=1; Secure",
            "__Host-a=1; Secure; Path=/shopify",
            "__Host-a=1; Secure; Path=/; Domain=link.example.com",
            "__host-a=1; Path=/",
            "__Secure-a=1; Path=/",
        ] {
            assert_eq!(jar(HTTPS, &[broken]).header(HTTPS, "/"), None, "{broken}");
        }
        let kept = jar(HTTPS, &["__Host-a=1; Secure; HttpOnly; SameSite=Lax; Path=/; Max-Age=3600"]);
        assert_eq!(kept.header(HTTPS, "/facebook/login").as_deref(), Some("__Host-a=1"));
        assert!(kept.get(HTTPS, "__Host-a").unwrap().http_only);
    }

    #[test]
    fn secure_cookies_neither_come_from_nor_go_to_http() {
        assert_eq!(jar(HTTP, &["a=1; Secure; Path=/"]).header(HTTP, "/"), None);
        let kept = jar(HTTPS, &["a=1; Secure; Path=/", "b=2; Path=/"]);
        assert_eq!(kept.header("http://link.example.com", "/").as_deref(), Some("b=2"));
    }

    #[test]
    fn a_cookie_ends_with_its_age_and_with_max_age_zero() {
        let mut aging = jar(HTTP, &["a=1; Path=/; Max-Age=3600"]);
        aging.advance(Duration::from_secs(3599));
        assert!(aging.header(HTTP, "/").is_some());
        aging.advance(Duration::from_secs(2));
        assert_eq!(aging.header(HTTP, "/"), None);
        let cleared = jar(HTTP, &["a=1; Path=/; Max-Age=3600", "a=; Path=/; Max-Age=0"]);
        assert_eq!(cleared.header(HTTP, "/"), None);
    }

    #[test]
    fn hosts_see_their_own_cookies_and_those_of_their_domain() {
        let kept = jar(HTTPS, &["own=1; Path=/", "shared=2; Path=/; Domain=example.com", "foreign=3; Domain=other.org"]);
        assert_eq!(kept.header(HTTPS, "/").as_deref(), Some("own=1; shared=2"));
        assert_eq!(kept.header("https://evil.example.com", "/").as_deref(), Some("shared=2"));
        assert_eq!(kept.header("https://badexample.com", "/"), None);
    }

    #[test]
    fn paths_match_whole_segments_and_longer_ones_come_first() {
        let kept = jar(HTTP, &["root=1; Path=/", "deep=2; Path=/shopify", "here=3"]);
        assert_eq!(kept.header(HTTP, "/shopify/login").as_deref(), Some("deep=2; here=3; root=1"));
        assert_eq!(kept.header(HTTP, "/shopifyx").as_deref(), Some("root=1"));
    }

    #[test]
    fn strict_cookies_stay_behind_on_the_way_back_from_a_provider() {
        assert_eq!(jar(HTTP, &["a=1; Path=/; SameSite=Strict"]).header(HTTP, "/"), None);
    }

    #[test]
    fn setting_again_replaces() {
        assert_eq!(jar(HTTP, &["a=1; Path=/", "a=2; Path=/"]).header(HTTP, "/").as_deref(), Some("a=2"));
    }
}
