//! The forms on the list: who may send them, and what they ask for.

use shared::{
    Code, Error, Secret,
    platform::{AccountId, Platforms},
    providers::{shopify, shopify::ShopDomain},
    request::{Query, Request},
    signing::{SecretPair, csrf},
};

/// Our own forms are far below a kilobyte.
const LARGEST_BODY: usize = 4096;
const FORM: &str = "application/x-www-form-urlencoded";

/// What a merchant wants to disconnect.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Wish {
    /// An account.
    Account(AccountId),
    /// The store, and whether to uninstall the app too.
    Store(ShopDomain, bool),
}

/// The fields of the form.
#[derive(Debug)]
pub(crate) struct Form(Query);

/// Refuses what none of our pages send: a body of another size or type, and anything that the
/// browser says comes from elsewhere. A browser that says nothing is not refused here: the form's
/// token decides.
///
/// # Errors
/// `payload_too_large`, `malformed_parameter`, `forbidden`.
pub(crate) fn check_sender(request: &Request, own_origin: &str) -> Result<(), Error> {
    if request.body.len() > LARGEST_BODY {
        return Err(Error::new(Code::PayloadTooLarge, "The body is larger than that of our own form."));
    }
    let content_type = request.header("content-type").and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    if !content_type.eq_ignore_ascii_case(FORM) {
        return Err(Error::new(Code::MalformedParameter, "The body is not a form (application/x-www-form-urlencoded)."));
    }
    // A sandboxed frame, or a page without a referrer, sends `null`; none of ours does.
    if request.header("origin").is_some_and(|origin| origin != as_browsers_say(own_origin)) {
        return Err(forbidden("origin"));
    }
    if request.header("sec-fetch-site").is_some_and(|site| site != "same-origin") {
        return Err(forbidden("sec-fetch-site"));
    }
    Ok(())
}

/// An origin in the form in which browsers send it (RFC 6454, section 6.2): in lower case, without
/// the default port.
fn as_browsers_say(origin: &str) -> String {
    let lower = origin.to_ascii_lowercase();
    let usual = if lower.starts_with("https://") { ":443" } else { ":80" };
    lower.strip_suffix(usual).map(str::to_owned).unwrap_or(lower)
}

fn forbidden(cause: &str) -> Error {
    Error::of(Code::Forbidden).caused_by(cause)
}

impl Form {
    /// # Errors
    /// `malformed_parameter`, `repeated_parameter`.
    pub(crate) fn read(request: &Request) -> Result<Self, Error> {
        request.form().map(Self)
    }

    /// Checks that the form comes from one of our pages, in this very session.
    ///
    /// # Errors
    /// `forbidden`.
    pub(crate) fn check_token(&self, secrets: &SecretPair, session: &[u8; 32]) -> Result<(), Error> {
        let token = self.0.get("csrf_token").unwrap_or_default();
        if csrf::FORMS.verify(secrets, session, token) { Ok(()) } else { Err(forbidden("token of the form")) }
    }

    /// The account to register with a PIN, and that PIN.
    ///
    /// # Errors
    /// `malformed_parameter` for any other form: none of our pages send one.
    pub(crate) fn pin(&self, platforms: Platforms) -> Result<(AccountId, Secret), Error> {
        let [platform, account, pin] = ["platform", "account", "pin"].map(|name| self.0.get(name).unwrap_or_default());
        let kind = platforms.named(platform).and_then(|platform| platform.account).filter(|kind| kind.registers);
        let account = AccountId::parse(kind.ok_or_else(|| Error::malformed_parameter("platform"))?, account);
        let is_pin = pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit());
        match account {
            None => Err(Error::malformed_parameter("account")),
            Some(_) if !is_pin => Err(Error::malformed_parameter("pin")),
            Some(account) => Ok((account, Secret::new(pin))),
        }
    }

    /// # Errors
    /// `missing_parameter`, `malformed_parameter`.
    pub(crate) fn wish(&self, platforms: Platforms) -> Result<Wish, Error> {
        let (platform, account) = (self.0.required("platform")?, self.0.required("account")?);
        let wish = if platform == shopify::PLATFORM.name {
            ShopDomain::parse(account).ok().map(|shop| Wish::Store(shop, self.0.is_on("uninstall")))
        } else {
            let kind = platforms.named(platform).and_then(|platform| platform.account);
            AccountId::parse(kind.ok_or_else(|| Error::malformed_parameter("platform"))?, account).map(Wish::Account)
        };
        wish.ok_or_else(|| Error::malformed_parameter("account"))
    }
}

#[cfg(test)]
mod tests;
