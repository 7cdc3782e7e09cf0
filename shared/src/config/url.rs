//! The two kinds of address that configuration may hold.

use std::net::{Ipv4Addr, Ipv6Addr};

use lambda_http::http::Uri;

/// A redirect URI, kept byte for byte: providers compare it so.
#[derive(Clone, Debug)]
pub struct RedirectUri {
    text: String,
    secure: bool,
}

impl RedirectUri {
    pub(super) fn parse(text: &str, path: &str) -> Option<Self> {
        let uri = plain(text)?;
        let secure = match uri.scheme_str()? {
            "https" => true,
            "http" if is_loopback(uri.host()?) => false,
            _ => return None,
        };
        (uri.path() == path && uri.query().is_none()).then(|| Self { text: text.to_owned(), secure })
    }

    /// The URI as configured.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port: where this service is.
    #[must_use]
    pub fn origin(&self) -> &str {
        let after_scheme = self.text.find("://").map_or(0, |at| at + 3);
        let host_end = self.text.get(after_scheme..).and_then(|rest| rest.find('/'));
        host_end.and_then(|end| self.text.get(..after_scheme + end)).unwrap_or(&self.text)
    }

    /// Whether it is https: then cookies are `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

/// An `http://` address on a loopback host, without a trailing slash.
pub(super) fn loopback_endpoint(text: &str) -> Option<String> {
    let uri = plain(text)?;
    (uri.scheme_str() == Some("http") && is_loopback(uri.host()?) && uri.query().is_none()).then(|| text.trim_end_matches('/').to_owned())
}

/// An absolute URI without user information, fragment, or anything that parsers read differently.
fn plain(text: &str) -> Option<Uri> {
    if text.contains(['@', '#', '\\']) || !text.is_ascii() {
        return None;
    }
    text.parse().ok()
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host
            .strip_prefix('[')
            .and_then(|h| h.strip_suffix(']'))
            .and_then(|h| h.parse::<Ipv6Addr>().ok())
            .is_some_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_what_stands_before_the_path() {
        let origin = |uri: &str| RedirectUri::parse(uri, "/shopify/callback").map(|uri| uri.origin().to_owned());
        assert_eq!(origin("https://link.example/shopify/callback").as_deref(), Some("https://link.example"));
        assert_eq!(origin("http://localhost:9000/shopify/callback").as_deref(), Some("http://localhost:9000"));
        assert_eq!(origin("http://[::1]:9000/shopify/callback").as_deref(), Some("http://[::1]:9000"));
    }

    #[test]
    fn stand_ins_live_on_loopback_only() {
        for good in ["http://localhost:1234", "http://127.0.0.1:1", "http://127.9.9.9/x/", "http://[::1]:8000"] {
            assert!(loopback_endpoint(good).is_some(), "{good}");
        }
        for bad in [
            "https://localhost:1",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "http://evil.example/#localhost",
            "http://10.0.0.1",
            "http://[::2]",
            "http://0.0.0.0",
            "localhost:80",
            "//localhost",
            "http://localhost\\@evil.example",
            "ftp://localhost",
            "http://lоcalhost",
        ] {
            assert_eq!(loopback_endpoint(bad), None, "{bad}");
        }
    }

    #[test]
    fn redirect_uris_are_https_or_loopback_and_lead_to_their_route() {
        let parse = |text| RedirectUri::parse(text, "/shopify/callback");
        assert!(parse("https://link.example/shopify/callback").unwrap().is_secure());
        assert!(!parse("http://localhost:9000/shopify/callback").unwrap().is_secure());
        for bad in [
            "http://link.example/shopify/callback",
            "https://link.example/other/callback",
            "https://link.example/shopify/callback?x=1",
            "https://user@link.example/shopify/callback",
            "/shopify/callback",
        ] {
            assert!(parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn the_origin_ends_where_the_path_begins() {
        for origin in ["https://a.io", "https://link.example:8443", "http://[::1]:9000"] {
            assert_eq!(RedirectUri::parse(&format!("{origin}/shopify/callback"), "/shopify/callback").unwrap().origin(), origin);
        }
    }
}
