//! Handles Meta's deauthorize and data-deletion callbacks, and serves the deletion status page.

mod reply;

use std::{borrow::Cow, time::Duration};

use futures_util::future::try_join_all;
use lambda_http::lambda_runtime;
use shared::{
    Code, Detail, Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    lambda::{self, Function, Routes},
    platform::AccountKind,
    providers::{
        facebook::{self, PAGE},
        meta::signed_request::SignedRequest,
        whatsapp,
    },
    reply::Reply,
    request::Request,
    signing::{SecretPair, derive_key, hmac_sha256},
    store::{
        Tables,
        leave::requests::{Asked, NewRequest, PrivacyRequest},
    },
};
use uuid::Uuid;

const DEAUTHORIZE: &str = "/facebook/deauthorize";
const DELETION: &str = "/facebook/data-deletion";
const STATUS: &str = "/facebook/data-deletion/{confirmation_code}";

/// A form with one signed request is about a kilobyte; this is more than any.
const LARGEST_BODY: usize = 64 * 1024;
/// The answer is sent within a second. The keeper does what is not done by then.
const AT_ONCE: Duration = Duration::from_millis(700);
/// The purpose of the key for confirmation codes.
const CODES: &str = "messenger-link/deletion/v1";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<FacebookLifecycle>().await
}

/// A signed request, and the kind of account it concerns.
type Signed = (&'static AccountKind, SignedRequest);

struct FacebookLifecycle {
    /// Our apps that Meta signs for, by the kind of account granted to them. One app may serve
    /// several.
    apps: Vec<(&'static AccountKind, SecretPair)>,
    /// The secrets from which codes are derived.
    code_secrets: SecretPair,
    /// This service's origin.
    origin: String,
    tables: Tables,
    clock: Clock,
}

impl Function for FacebookLifecycle {
    const NAME: &'static str = "facebook-lifecycle";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let whatsapp = if whatsapp::is_on(vars)? { Some((&whatsapp::PHONE, whatsapp::app_secrets(vars)?)) } else { None };
        Ok(Self {
            apps: [(&PAGE, facebook::app_secrets(vars)?)].into_iter().chain(whatsapp).collect(),
            code_secrets: shared::flow::state_secrets(vars)?,
            origin: facebook::redirect_uri(vars)?.origin().to_owned(),
            tables: Tables::from_vars(vars, clients, clock.clone())?.with_audits(vars)?,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.tables.warm_up().await;
    }
}

impl Routes for FacebookLifecycle {
    fn route(path: &str) -> Option<&'static str> {
        match path {
            DEAUTHORIZE => Some(DEAUTHORIZE),
            DELETION => Some(DELETION),
            _ => code_in(path).map(|_| STATUS),
        }
    }

    fn methods(route: &'static str) -> &'static [&'static str] {
        if route == STATUS { &["GET"] } else { &["POST"] }
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        match request.path.as_str() {
            DEAUTHORIZE => {
                self.carry_out(request, Asked::Deauthorize).await?;
                Ok(reply::deauthorized())
            }
            DELETION => {
                let taken = self.carry_out(request, Asked::Deletion).await?;
                Ok(reply::deletion(&format!("{}{DELETION}", self.origin), taken.code))
            }
            path => self.status(request, path).await,
        }
    }
}

impl FacebookLifecycle {
    /// Records a request, and then does as much of it as time allows. A request that came earlier
    /// at the other route remains what it was then: nothing in it says which of the two Facebook
    /// meant, so the removal of the app can't be replayed as a deletion request.
    ///
    /// If one app serves several platforms, this makes a request at each of them, and the first is
    /// the one reported.
    async fn carry_out(&self, request: &Request, asked: Asked) -> Result<PrivacyRequest, Error> {
        let (first, others) = self.signed(request)?;
        let first = self.record(first, asked).await?;
        let mut all = vec![first.clone()];
        for signed in others {
            all.push(self.record(signed, asked).await?);
        }
        match tokio::time::timeout(AT_ONCE, try_join_all(all.iter().map(|taken| self.tables.carry_out(taken)))).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                if error.credentials_refused {
                    lambda::doubt_secrets();
                }
                tracing::warn!(code = error.code.as_str(), cause = error.cause, "the rest is left to the keeper");
            }
            Err(_elapsed) => tracing::warn!("the rest is left to the keeper"),
        }
        Ok(first)
    }

    async fn record(&self, (kind, signed): Signed, asked: Asked) -> Result<PrivacyRequest, Error> {
        let named = named(kind, &signed.payload);
        let mut codes = self.code_secrets.all().map(|secret| code(secret.expose(), &named));
        let code = codes.next().unwrap_or_default();
        let older: Vec<Uuid> = codes.collect();
        let new = NewRequest { code, platform: kind.platform, asked, subject: signed.subject, issued_at: signed.issued_at };
        let taken = self.tables.record_request(&new, &older).await?;
        if taken.asked != asked {
            tracing::warn!(
                first = taken.asked.as_str(),
                now = asked.as_str(),
                "one signed request came at both routes; the first one counts"
            );
        }
        Ok(taken)
    }

    /// The signed request in the form, for each platform whose app it is signed for. Anything else
    /// counts as unsigned.
    fn signed(&self, request: &Request) -> Result<(Signed, Vec<Signed>), Error> {
        if request.body.len() > LARGEST_BODY {
            return Err(Error::new(Code::PayloadTooLarge, "The body is larger than any that Facebook sends."));
        }
        let form = request.form().ok();
        let text = form.as_ref().and_then(|form| form.get("signed_request")).unwrap_or_default();
        let now = self.clock.now();
        let verify = |(kind, secrets): &(&'static AccountKind, SecretPair)| Ok((*kind, SignedRequest::verify(text, kind, secrets, now)?));
        let (mut signed, mut refused) = (Vec::new(), None);
        for verified in self.apps.iter().map(verify) {
            match verified {
                Ok(verified) => signed.push(verified),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        let others = signed.split_off(signed.len().min(1));
        let first = signed.pop();
        first.map(|first| (first, others)).ok_or_else(|| refused.unwrap_or_else(|| Error::of(Code::InvalidSignature)))
    }

    async fn status(&self, request: &Request, path: &str) -> Result<Reply, Error> {
        let unknown = || Error::new(Code::NotFound, Detail::UnknownConfirmationCode);
        let code = code_in(path).and_then(parse_code).ok_or_else(unknown)?;
        let known = self.tables.privacy_request(code).await?.ok_or_else(unknown)?;
        Ok(reply::status(request, &known))
    }
}

/// The last segment of a status page's path.
fn code_in(path: &str) -> Option<&str> {
    path.strip_prefix(DELETION)?.strip_prefix('/').filter(|code| !code.is_empty() && !code.contains('/'))
}

/// A code in its only valid spelling: 32 lower-case hexadecimal digits.
fn parse_code(text: &str) -> Option<Uuid> {
    let written = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    written.then(|| Uuid::try_parse(text).ok()).flatten()
}

/// What identifies a request at a platform. At Facebook that is just the signed text, as it always
/// was.
fn named<'a>(kind: &AccountKind, payload: &'a str) -> Cow<'a, str> {
    if *kind == PAGE { payload.into() } else { format!("{payload}/{}", kind.platform.name).into() }
}

/// The code of a request: the same for each delivery, and unpredictable for others.
fn code(secret: &str, payload: &str) -> Uuid {
    let [code @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        hmac_sha256(derive_key(secret.as_bytes(), CODES).as_ref(), &[payload.as_bytes()]);
    Uuid::from_bytes(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_distinguished() {
        let route = FacebookLifecycle::route;
        assert_eq!(route("/facebook/deauthorize"), Some(DEAUTHORIZE));
        assert_eq!(route("/facebook/data-deletion"), Some(DELETION));
        assert_eq!(route("/facebook/data-deletion/abc"), Some(STATUS));
        for path in
            ["/facebook/data-deletion/", "/facebook/data-deletion/a/b", "/facebook/data-deletionx", "/facebook", "/facebook/deauthorize/"]
        {
            assert_eq!(route(path), None, "{path}");
        }
    }

    #[test]
    fn a_code_depends_on_secret_and_request_and_has_one_spelling() {
        let made = code("secret", "payload");
        assert_eq!(made, code("secret", "payload"));
        assert!(made != code("other", "payload") && made != code("secret", "another"));
        let text = made.simple().to_string();
        assert_eq!(parse_code(&text), Some(made));
        for other in
            [text.to_uppercase().replace(char::is_numeric, "A"), made.to_string(), text[1..].to_owned(), format!("{text}0"), String::new()]
        {
            assert_eq!(parse_code(&other), None, "{other}");
        }
    }
}
