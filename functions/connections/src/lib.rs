//! Shows a browser with a session what is linked under its identity, disconnects what its merchant
//! wants disconnected, registers accounts with a PIN, and ends the session. Visitors without a
//! session see what this service is, and Shopify's catalog what the bot can do.

mod disconnect;
mod form;
mod list;
mod pin;
mod profile;

use serde_json::json;
use shared::{
    Code, Error,
    connections::Overview,
    facts::NextStep,
    lambda::Routes,
    pages::Welcome,
    platform::AccountKind,
    reply::{
        Reply,
        cookie::{self, Name, Presented, Token},
    },
    request::Request,
    signing::csrf,
    store::{
        records::Identity,
        sessions::{self, Session, SessionKey},
    },
    texts::ENGLISH,
};

use form::Form;
pub use list::ConnectionList;

const WELCOME: &str = "/";
const LIST: &str = "/connections";
const DISCONNECT: &str = "/connections/disconnect";
const PIN: &str = "/connections/pin";
const SIGN_OUT: &str = "/connections/sign-out";
const PROFILE: &str = "/.well-known/ucp-profile.json";

impl Routes for ConnectionList {
    fn route(path: &str) -> Option<&'static str> {
        [WELCOME, LIST, DISCONNECT, PIN, SIGN_OUT, PROFILE].into_iter().find(|route| *route == path)
    }

    fn methods(route: &'static str) -> &'static [&'static str] {
        if matches!(route, DISCONNECT | PIN | SIGN_OUT) { &["POST"] } else { &["GET"] }
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        match request.path.as_str() {
            DISCONNECT => self.disconnect(request).await,
            PIN => self.pin(request).await,
            SIGN_OUT => self.sign_out(request).await,
            LIST => self.list(request).await,
            PROFILE => Ok(Reply::json_ok(&profile::document())),
            _ => Ok(welcome(request, self.offered())),
        }
    }
}

/// What this service is, and whom to ask. Reads nothing from the tables.
fn welcome(request: &Request, kinds: Vec<&'static AccountKind>) -> Reply {
    let (saying, brand) = (ENGLISH.about(&kinds), &request.brand);
    let whom_to_ask = if brand.support.is_none() { ENGLISH.welcome.ask_sender } else { "" };
    let body = json!({
        "service": "messenger-link",
        "title": saying.title,
        "detail": format!("{} {whom_to_ask}", saying.text).trim_end(),
        "name": brand.name,
        "support_url": brand.support,
        "privacy_url": brand.privacy,
    });
    Reply::ok(request, &Welcome { kinds, is_translated: request.chosen.is_some() }, &body)
}

impl ConnectionList {
    /// What can be connected.
    fn offered(&self) -> Vec<&'static AccountKind> {
        self.revokers.iter().filter_map(|revoker| revoker.platform().account).collect()
    }

    async fn list(&self, request: &Request) -> Result<Reply, Error> {
        let cookie = self.cookie(request)?;
        let (session, listing) = self.listed(&SessionKey::of(&cookie)).await?;
        let app_ids: Vec<_> = self.revokers.iter().map(|revoker| (revoker.platform(), revoker.app_id())).collect();
        let offered = self.offered();
        let view = Overview { listing: &listing, app: &self.app, app_ids: &app_ids, offered: &offered };
        let csrf_token = csrf::FORMS.token(&self.secrets, &cookie.hash(Name::Session));
        let json = view.json(&csrf_token, session.notice);
        Ok(Reply::ok(request, &view.page(Some(csrf_token), session.notice), &json))
    }

    /// Checks a form that was sent: everything that can be refused without the database.
    fn sent(&self, request: &Request) -> Result<(Form, Token), Error> {
        form::check_sender(request, self.app.redirect_uri.origin()).map_err(back)?;
        let form = Form::read(request).map_err(back)?;
        let cookie = self.cookie(request)?;
        form.check_token(&self.secrets, &cookie.hash(Name::Session)).map_err(back)?;
        Ok((form, cookie))
    }

    /// Ends the session, even an expired one. The store keeps listing its hash until the next link
    /// sweeps it out: a write there could fail because of concurrent changes to the store, and a
    /// hash without a record gives no access.
    async fn sign_out(&self, request: &Request) -> Result<Reply, Error> {
        let (_, cookie) = self.sent(request)?;
        self.sessions.delete(&SessionKey::of(&cookie)).await.map_err(back)?;
        Ok(Reply::see_other(WELCOME).with_cookie(cookie::clear(Name::Session, self.app.redirect_uri.is_secure())))
    }

    async fn disconnect(&self, request: &Request) -> Result<Reply, Error> {
        let (form, cookie) = self.sent(request)?;
        let wish = form.wish(self.tables.platforms()).map_err(back)?;
        self.carry_out(&SessionKey::of(&cookie), &wish).await.map_err(back_in_session)?;
        Ok(Reply::see_other(LIST))
    }

    async fn pin(&self, request: &Request) -> Result<Reply, Error> {
        let (form, cookie) = self.sent(request)?;
        let (account, pin) = form.pin(self.tables.platforms()).map_err(back)?;
        self.register(&SessionKey::of(&cookie), &account, &pin).await.map_err(back_in_session)?;
        Ok(Reply::see_other(LIST))
    }

    /// The session's cookie.
    fn cookie(&self, request: &Request) -> Result<Token, Error> {
        match Token::presented(&request.cookies, Name::Session, self.app.redirect_uri.is_secure()) {
            Presented::Token(token) => Ok(token),
            Presented::Unusable => Err(sessions::invalid()),
            Presented::Missing => Err(Error::of(Code::MissingSession)),
        }
    }

    /// A live session, and what is currently linked under its identity.
    async fn listed(&self, key: &SessionKey) -> Result<(Session, Identity), Error> {
        // Another tab may disconnect the store between the two reads, which moves the session to a
        // new generation.
        for _ in 0..2 {
            let session = self.session(key).await?;
            let ended = || sessions::invalid().leading_to(NextStep::store_login(&session.shop));
            let listing = self.tables.listing(session.user_uuid).await?.ok_or_else(ended)?;
            if listing.shop.generation == session.generation {
                return Ok((session, listing));
            }
        }
        Err(sessions::invalid())
    }
}

/// Without its session there is no list either.
fn back_in_session(error: Error) -> Error {
    if error.code == Code::InvalidSession { error } else { back(error) }
}

/// The forms are on the list.
fn back(error: Error) -> Error {
    error.leading_to(NextStep::connections())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_take_get_and_forms_take_post() {
        let gets = [WELCOME, LIST, PROFILE].map(|route| (route, "GET"));
        for (route, method) in gets.into_iter().chain([DISCONNECT, SIGN_OUT].map(|route| (route, "POST"))) {
            assert_eq!(ConnectionList::route(route), Some(route));
            assert_eq!(ConnectionList::methods(route), [method]);
        }
        for path in ["/connections/", "/connections/disconnect/", "/connections/sign-out/", "/connection", "", "//", "/.well-known"] {
            assert_eq!(ConnectionList::route(path), None, "{path}");
        }
    }
}
