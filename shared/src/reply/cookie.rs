//! The cookies of this service and their attributes (RFC 6265; the `__Host-` prefix of RFC 6265bis,
//! section 4.1.3.2).

use std::time::Duration;

use zeroize::Zeroizing;

use crate::request::{CookieValue, Cookies};
use crate::signing::{base64url, derive_key, from_base64url, hex, labelled_sha256};
use crate::{Error, random, texts};

/// A flow's cookies live as long as a session.
pub const MAX_AGE: Duration = Duration::from_secs(3600);
/// A chosen language is kept for a year.
const LANGUAGE_MAX_AGE: Duration = Duration::from_secs(365 * 24 * 3600);

/// Which cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// Holds the session between the two flows.
    Session,
    /// Binds a flow to the browser in which it began.
    Browser,
    /// Holds the tag of the reader's chosen language, and affects nothing else.
    Language,
}

impl Name {
    /// The name on the wire. On https the prefix keeps a sibling host from setting one.
    #[must_use]
    pub const fn as_str(self, https: bool) -> &'static str {
        match (self, https) {
            (Self::Session, true) => "__Host-session_id",
            (Self::Session, false) => "session_id",
            (Self::Browser, true) => "__Host-browser_id",
            (Self::Browser, false) => "browser_id",
            (Self::Language, true) => "__Host-language",
            (Self::Language, false) => "language",
        }
    }
}

/// A random 256-bit value, as carried by a cookie. Only its hash is ever stored or signed.
#[derive(Clone)]
pub struct Token([u8; 32]);

/// What a request has under a cookie's name.
#[derive(Debug)]
pub enum Presented {
    /// No such cookie.
    Missing,
    /// One that this service never issued in this form, or a duplicate.
    Unusable,
    /// One in the correct form.
    Token(Token),
}

impl Token {
    /// A new one.
    ///
    /// # Errors
    /// As [`random::bytes`].
    pub fn generate() -> Result<Self, Error> {
        random::bytes().map(Self)
    }

    /// The one that a request presents under `name`.
    #[must_use]
    pub fn presented(cookies: &Cookies, name: Name, https: bool) -> Presented {
        match cookies.get(name.as_str(https)) {
            CookieValue::None => Presented::Missing,
            CookieValue::Several => Presented::Unusable,
            CookieValue::One(value) => match from_base64url(value).and_then(|bytes| bytes.try_into().ok()) {
                Some(bytes) => Presented::Token(Self(bytes)),
                None => Presented::Unusable,
            },
        }
    }

    /// The hash by which we know it.
    #[must_use]
    pub fn hash(&self, name: Name) -> [u8; 32] {
        labelled_sha256(name.as_str(true), &self.0)
    }

    /// A key for one purpose that nobody has without the cookie.
    #[must_use]
    pub fn key(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        derive_key(&self.0, purpose)
    }

    /// The log's name for everything that a browser with this cookie does: a hash with a label of
    /// its own, which leads neither to the cookie nor to what is stored.
    #[must_use]
    pub fn journey(&self) -> String {
        let [a, b, c, d, e, f, g, h, ..] = labelled_sha256("messenger-link/journey/v1", &self.0);
        hex(&[a, b, c, d, e, f, g, h])
    }

    /// The `Set-Cookie` value. `Lax`, because the return from a provider is a cross-site top-level
    /// navigation.
    #[must_use]
    pub fn set(&self, name: Name, https: bool) -> String {
        set_cookie(name, &base64url(&self.0), MAX_AGE.as_secs(), https)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The `Set-Cookie` value that makes a browser delete the cookie.
#[must_use]
pub fn clear(name: Name, https: bool) -> String {
    set_cookie(name, "", 0, https)
}

/// The language in a request's cookie, if it is one of ours.
#[must_use]
pub fn language(cookies: &Cookies, https: bool) -> Option<texts::Language> {
    match cookies.get(Name::Language.as_str(https)) {
        CookieValue::One(tag) => texts::Language::tagged(tag),
        CookieValue::None | CookieValue::Several => None,
    }
}

/// The `Set-Cookie` value that keeps a chosen language.
#[must_use]
pub fn set_language(language: texts::Language, https: bool) -> String {
    set_cookie(Name::Language, language.tag(), LANGUAGE_MAX_AGE.as_secs(), https)
}

fn set_cookie(name: Name, value: &str, max_age: u64, https: bool) -> String {
    let secure = if https { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Lax{secure}", name.as_str(https))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_round_trips() {
        let token = Token::generate().unwrap();
        let set = token.set(Name::Session, true);
        assert!(set.starts_with("__Host-session_id=") && set.ends_with("; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure"));
        let cookies = Cookies::parse(std::iter::once(set.split(';').next().unwrap()));
        let Presented::Token(back) = Token::presented(&cookies, Name::Session, true) else { panic!("not read back") };
        assert_eq!(back.hash(Name::Session), token.hash(Name::Session));
        assert_ne!(back.hash(Name::Session), token.hash(Name::Browser));
        assert!(matches!(Token::presented(&cookies, Name::Session, false), Presented::Missing));
    }

    #[test]
    fn values_never_issued_are_unusable() {
        for value in ["", "x", "a\"b", &"A".repeat(44), &"A".repeat(4096)] {
            let cookies = Cookies::parse(std::iter::once(format!("session_id={value}").as_str()));
            assert!(matches!(Token::presented(&cookies, Name::Session, false), Presented::Unusable), "{value}");
        }
    }

    #[test]
    fn a_journey_is_unique_per_token_and_leads_to_nothing_stored() {
        let (token, other) = (Token([7; 32]), Token([8; 32]));
        assert_eq!(token.journey(), Token([7; 32]).journey());
        assert_ne!(token.journey(), other.journey());
        assert!(token.journey().len() == 16 && token.journey().bytes().all(|b| b.is_ascii_hexdigit()), "{}", token.journey());
        for stored in [token.hash(Name::Session), token.hash(Name::Browser), token.0] {
            assert!(!hex(&stored).contains(&token.journey()));
        }
    }

    #[test]
    fn a_chosen_language_round_trips() {
        for (language, https) in texts::Language::ALL.into_iter().flat_map(|language| [(language, false), (language, true)]) {
            let set = set_language(language, https);
            let cookies = Cookies::parse(std::iter::once(set.split(';').next().unwrap()));
            assert_eq!((super::language(&cookies, https), super::language(&cookies, !https)), (Some(language), None), "{set}");
        }
        let set = set_language(texts::Language::Portuguese, true);
        assert_eq!(set, "__Host-language=pt-BR; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure");
        for cookie in ["", "language=", "language=nl", "language=de; language=fr", "__Host-language=de"] {
            assert_eq!(language(&Cookies::parse(std::iter::once(cookie)), false), None, "{cookie}");
        }
    }

    #[test]
    fn a_token_is_redacted_in_a_log() {
        assert_eq!(format!("{:?}", Token::generate().unwrap()), "[redacted]");
    }
}
