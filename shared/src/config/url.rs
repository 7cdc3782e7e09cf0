//! The kinds of URL that configuration may contain.

use std::net::{Ipv4Addr, Ipv6Addr};

use lambda_http::http::{Uri, uri::Authority};

/// A redirect URI, kept byte for byte, because providers compare it that way.
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

    /// Scheme, host and port of this service.
    #[must_use]
    pub fn origin(&self) -> &str {
        let after_scheme = self.text.find("://").map_or(0, |at| at + 3);
        let host_end = self.text.get(after_scheme..).and_then(|rest| rest.find('/'));
        host_end.and_then(|end| self.text.get(..after_scheme + end)).unwrap_or(&self.text)
    }

    /// Whether it is https: if so, cookies are `Secure` and carry the `__Host-` prefix.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.secure
    }
}

/// An `http://` URL on a loopback host, without a trailing slash.
pub(super) fn loopback_endpoint(text: &str) -> Option<String> {
    let uri = plain(text)?;
    (uri.scheme_str() == Some("http") && is_loopback(uri.host()?) && uri.query().is_none()).then(|| text.trim_end_matches('/').to_owned())
}

/// An `https:` URL for people (RFC 3986), without user information, which could only deceive in
/// front of a host.
pub(super) fn is_https(text: &str) -> bool {
    let Some(rest) = without_scheme(text, "https://") else { return false };
    let (authority, rest) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let Ok(authority) = authority.parse::<Authority>() else { return false };
    // Anything before the host would be user information.
    let port = authority.as_str().strip_prefix(authority.host());
    let digits = |port: &&str| port.bytes().all(|byte| byte.is_ascii_digit());
    let is_port = |port: &str| port.strip_prefix(':').filter(digits).and_then(|port| port.parse::<u16>().ok()).is_some_and(|port| port > 0);
    is_host(authority.host()) && port.is_some_and(|port| port.is_empty() || is_port(port)) && is_tail(rest)
}

/// A `mailto:` URI (RFC 6068) with at least one mailbox.
pub(super) fn is_mailto(text: &str) -> bool {
    let Some(rest) = without_scheme(text, "mailto:") else { return false };
    let (mailboxes, headers) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    let is_mailbox = |text: &str| text.split_once('@').is_some_and(|(local, host)| !local.is_empty() && is_tail(local) && is_host(host));
    mailboxes.split(',').all(is_mailbox) && is_tail(headers) && !rest.contains('#')
}

fn without_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (beginning, rest) = text.split_at_checked(scheme.len())?;
    beginning.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// A host's name or IP address.
fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    address.map_or_else(|| host.len() <= 253 && host.split('.').all(is_label), |address| address.parse::<Ipv6Addr>().is_ok())
}

/// What may follow a host: path, query and one fragment, with complete escapes.
fn is_tail(text: &str) -> bool {
    let escaped = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    let are_escapes = text.split('%').skip(1).all(escaped);
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?#%".contains(&byte);
    text.bytes().all(is_sign) && are_escapes && text.matches('#').count() <= 1
}

/// An absolute URI without user information, fragment, or anything that parsers disagree about.
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
    fn the_origin_is_everything_before_the_path() {
        let origin = |uri: &str| RedirectUri::parse(uri, "/shopify/callback").map(|uri| uri.origin().to_owned());
        assert_eq!(origin("https://link.example/shopify/callback").as_deref(), Some("https://link.example"));
        assert_eq!(origin("http://localhost:9000/shopify/callback").as_deref(), Some("http://localhost:9000"));
        assert_eq!(origin("http://[::1]:9000/shopify/callback").as_deref(), Some("http://[::1]:9000"));
    }

    #[test]
    fn stand_ins_must_be_on_loopback() {
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
    fn urls_for_people_must_be_unambiguous() {
        for good in [
            "https://a.example",
            "HTTPS://A.example",
            "https://a-b.example:8443/x/@y;z=1,2?a=b&c=%2F#d/e?f",
            "https://xn--mller-kva.example/",
            "https://192.0.2.1/",
            "https://[2001:db8::1]:443/",
        ] {
            assert!(is_https(good), "{good}");
        }
        for bad in [
            "https:a.example",
            "https:///a.example",
            "https://?x",
            "https://user@a.example",
            "https://user:secret@a.example",
            "https://a.example@evil.example/",
            "https://a.example\\@evil.example",
            "https://a..example",
            "https://-a.example",
            "https://a_b.example",
            "https://a.example:",
            "https://a.example:0",
            "https://a.example:65536",
            "https://a.example:x",
            "https://[::1",
            "https://[x]/",
            "https://müller.example/",
            "https://a.example/é",
            "https://a.example/a b",
            "https://a.example/\"x\"",
            "https://a.example/<x>",
            "https://a.example/%",
            "https://a.example/%4",
            "https://a.example/%zz",
            "https://a.example/#a#b",
            "https://a.example/\n",
            "https://a.example/[x]",
            "",
        ] {
            assert!(!is_https(bad), "{bad}");
        }
    }

    #[test]
    fn redirect_uris_are_https_or_loopback_and_point_to_their_route() {
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
