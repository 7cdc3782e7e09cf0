//! Ends the stub's flow: verifies, exchanges, stores every box under the identity, and ends the
//! session. The keeper makes their messages arrive.

use std::collections::HashMap;

use futures_util::future::try_join;
use lambda_http::lambda_runtime;
use serde_json::json;
use shared::{
    Code, Error,
    calls::count,
    clients::Clients,
    clock::Clock,
    config::Vars,
    lambda::{self, Function, Routes},
    linking::{Callback, Held, LinkOutcome, Linking},
    metrics,
    platform::AccountKind,
    reply::Reply,
    request::Request,
    store::{
        flows::Claim,
        link::accounts::{AccountsLink, AccountsLinked, NewGrant},
        sessions::Session,
    },
};

use crate::stub::platform::{App, BOX, Granted, Stub};

const ROUTE: &str = "/stub/callback";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<StubCallback>().await
}

/// None if the platform is off.
pub(crate) struct StubCallback(pub(crate) Option<SwitchedOn>);

/// What ending the flow requires.
pub(crate) struct SwitchedOn {
    pub(crate) app: App,
    pub(crate) stub: Stub,
    pub(crate) linking: Linking,
    pub(crate) clock: Clock,
}

/// A valid link.
struct Linked {
    granted: Granted,
    linked: AccountsLinked,
    /// What can be connected next, in the same session.
    open: Vec<&'static AccountKind>,
}

impl Function for StubCallback {
    const NAME: &'static str = "stub-callback";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let Some(app) = App::from_vars(vars)? else { return Ok(Self(None)) };
        let clock = Clock::system();
        let linking = Linking::from_vars(vars, clients, &clock, &BOX, app.redirect_uri.is_secure())?;
        Ok(Self(Some(SwitchedOn { app, stub: Stub::default(), linking, clock })))
    }

    async fn warm_up(&self) {
        if let Some(on) = &self.0 {
            on.linking.sessions.warm_up().await;
        }
    }
}

impl Routes for StubCallback {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let Some(on) = &self.0 else { return Err(Error::of(Code::NotFound)) };
        let deadline = lambda::work_deadline();
        let callback = on.linking.verify(request)?;
        // From here on the state is used, whatever happens.
        let (claim, session, way_back) = on.linking.begin(request, &callback).await?.into_parts();
        let linked = async {
            let (held, session) = session?;
            let linked = lambda::until(deadline, on.link(&callback, &claim, &held, &session)).await?;
            Ok::<_, Error>((held, session, linked))
        };
        let (held, session, Linked { granted, linked, open }) = match linked.await {
            Ok(linked) => linked,
            Err(error) => return Err(on.linking.failed(&claim, way_back, error).await),
        };
        count(metrics::LINKS_FINISHED, 1);
        let is_over = linked.held_elsewhere.is_empty() && open.is_empty();
        let outcome = LinkOutcome {
            kind: &BOX,
            session: &session,
            to_move: &on.linking.ways_to_move(&session, &held),
            back: on.linking.back(&session.shop),
            open: &open,
            left_out: Vec::new(),
            truncated: false,
            granted: granted.boxes.iter().collect(),
            linked,
            seen: HashMap::new(),
            details: |granted| vec![("tasks", json!(granted.tasks))],
        };
        let reply = outcome.reply(request);
        Ok(if is_over { reply.with_cookie(on.linking.clear_session()) } else { reply })
    }
}

impl SwitchedOn {
    /// Makes the link, under a claim that we alone hold.
    async fn link(&self, callback: &Callback, claim: &Claim, held: &Held, session: &Session) -> Result<Linked, Error> {
        let code = callback.consent.code(&BOX, &session.shop)?;
        let granted = self.stub.exchange(code, self.clock.now())?;
        let (known, open) = try_join(self.linking.tables.load_accounts(session.user_uuid, &BOX), self.linking.open(session)).await?;
        let moving = &callback.purpose.moving;
        let link = AccountsLink {
            session,
            session_key: &held.key,
            claim,
            app_id: &self.app.app_id,
            kind: &BOX,
            grant: NewGrant {
                id: &granted.giver,
                kind: "GIVER",
                access_token: &granted.token.access_token,
                expires_at: granted.token.expires_at,
                data_access_expires_at: None,
                scopes: &[],
            },
            keeps_session: !open.is_empty(),
            accounts: granted.boxes.iter().collect(),
            moving,
            not_granted: self.linking.not_granted(moving, |id| granted.boxes.iter().any(|granted| granted.id == *id)),
        };
        let linked = self.linking.tables.link_accounts(&link, known).await?;
        if linked.linked.is_empty() {
            return Err(self.linking.held_elsewhere(session, held, &linked).await);
        }
        Ok(Linked { granted, linked, open })
    }
}
