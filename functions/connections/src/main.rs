//! Shows the browser of a session what is linked under its identity, and disconnects what its merchant wants disconnected.

mod disconnect;
mod form;

use lambda_http::lambda_runtime;
use shared::{
    Code, Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    connections::View,
    flow::state_secrets,
    http::Http,
    lambda::{self, Function, Routes},
    next::NextStep,
    providers::{facebook::Graph, shopify},
    reply::{
        Reply,
        cookie::{Name, Presented, Token},
    },
    request::Request,
    signing::{SecretPair, csrf},
    store::{
        Connections, Sessions,
        listing::Listing,
        sessions::{self, Session, SessionKey},
    },
};

use form::Form;

const LIST: &str = "/connections";
const DISCONNECT: &str = "/connections/disconnect";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<ConnectionList>().await
}

struct ConnectionList {
    app: shopify::App,
    api_version: String,
    graph: Graph,
    /// What the tokens of forms follow from.
    secrets: SecretPair,
    sessions: Sessions,
    connections: Connections,
    http: Http,
    clock: Clock,
}

impl Function for ConnectionList {
    const NAME: &'static str = "connections";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        Ok(Self {
            app: shopify::App::from_vars(vars)?,
            api_version: shopify::api_version(vars)?,
            graph: Graph::from_vars(vars, clock.clone())?,
            secrets: state_secrets(vars)?,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            connections: Connections::from_vars(vars, clients, clock.clone())?,
            http: clients.http()?,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.connections.warm_up().await;
    }
}

impl Routes for ConnectionList {
    fn route(path: &str) -> Option<&'static str> {
        [LIST, DISCONNECT].into_iter().find(|route| *route == path)
    }

    fn method(route: &'static str) -> &'static str {
        if route == DISCONNECT { "POST" } else { "GET" }
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        if request.path == DISCONNECT { self.disconnect(request).await } else { self.list(request).await }
    }
}

impl ConnectionList {
    async fn list(&self, request: &Request) -> Result<Reply, Error> {
        let cookie = self.cookie(request)?;
        let (session, listing) = self.listed(&SessionKey::of(&cookie)).await?;
        let view = View { listing: &listing, app: &self.app, facebook_app_id: Some(&self.graph.app_id) };
        let csrf_token = csrf::token(&self.secrets, &cookie.hash(Name::Session));
        let json = view.json(&csrf_token, session.notice);
        Ok(Reply::ok(request, &view.page(Some(csrf_token), session.notice), &json))
    }

    /// A form of ours that was sent: everything that can be refused without the database first.
    async fn disconnect(&self, request: &Request) -> Result<Reply, Error> {
        let back = |error: Error| error.leading_to(NextStep::connections());
        form::check_sender(request, self.app.redirect_uri.origin()).map_err(back)?;
        let form = Form::read(request).map_err(back)?;
        let cookie = self.cookie(request)?;
        form.check_token(&self.secrets, &cookie.hash(Name::Session)).map_err(back)?;
        let wish = form.wish().map_err(back)?;
        self.carry_out(&SessionKey::of(&cookie), &wish).await.map_err(|error| match error.code {
            Code::InvalidSession => error,
            _ => back(error),
        })?;
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

    /// A live session, and what is linked under its identity at that moment.
    async fn listed(&self, key: &SessionKey) -> Result<(Session, Listing), Error> {
        // Another tab may disconnect the store between the two reads, which takes the session along.
        for _ in 0..2 {
            let session = self.session(key).await?;
            let ended = || sessions::invalid().leading_to(NextStep::store_login(&session.shop));
            let listing = self.connections.listing(session.user_uuid).await?.ok_or_else(ended)?;
            if listing.generation == session.generation {
                return Ok((session, listing));
            }
        }
        Err(sessions::invalid())
    }

    async fn session(&self, key: &SessionKey) -> Result<Session, Error> {
        self.sessions.load_for_list(key).await?.ok_or_else(sessions::invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_opened_and_the_form_is_sent() {
        for (path, route, method) in [(LIST, LIST, "GET"), (DISCONNECT, DISCONNECT, "POST")] {
            assert_eq!(ConnectionList::route(path), Some(route));
            assert_eq!(ConnectionList::method(route), method);
        }
        for path in ["/connections/", "/connections/disconnect/", "/connection", "/"] {
            assert_eq!(ConnectionList::route(path), None, "{path}");
        }
    }
}
