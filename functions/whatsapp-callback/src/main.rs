//! Ends the WhatsApp flow: verifies, exchanges, stores every phone number under the identity, ends
//! the session, and makes the numbers' messages arrive.

mod callback;
mod messages;

use std::collections::BTreeSet;

use futures_util::future::join3;
use lambda_http::lambda_runtime;
use shared::{
    Code, Detail, Error,
    calls::count,
    facts::{LeftOut, NextStep},
    http,
    lambda::{self, Routes},
    linking::{Callback, Held, LeftOutEntry, LinkOutcome},
    metrics,
    platform::{AccountKind, CompanionId, GrantId},
    providers::{
        meta::{debug_token, exchange},
        whatsapp::{
            MESSAGING, PHONE,
            numbers::{self, Number, Numbers},
            owners,
        },
    },
    reply::Reply,
    request::Request,
    store::{
        flows::Claim,
        link::accounts::{AccountsLink, AccountsLinked, NewGrant},
        sessions::Session,
    },
};
use shared::{Secret, moving::MoveList};

use callback::{SwitchedOn, WhatsAppCallback};

const ROUTE: &str = "/whatsapp/callback";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<WhatsAppCallback>().await
}

/// A valid link.
struct Linked {
    /// Whose grant it is, and its token.
    grant: GrantId,
    token: Secret,
    found: Numbers,
    linked: AccountsLinked,
    /// What can be connected next, in the same session.
    open: Vec<&'static AccountKind>,
}

impl Routes for WhatsAppCallback {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let Some(on) = &self.0 else { return Err(Error::of(Code::NotFound)) };
        let deadline = lambda::work_deadline();
        let callback = on.linking.verify(request)?;
        let (claim, session, way_back) = on.linking.begin(request, &callback).await?.into_parts();
        let linked = async {
            let (held, session) = session?;
            let outbound = on.http.outbound()?.asking_again_until(deadline);
            let linked = lambda::until(deadline, on.link(&outbound, &callback, &claim, &held, &session)).await?;
            Ok::<_, Error>((outbound, held, session, linked))
        };
        let (outbound, held, session, linked) = match linked.await {
            Ok(linked) => linked,
            Err(error) => return Err(on.linking.failed(&claim, way_back, error).await),
        };
        count(metrics::LINKS_FINISHED, 1);
        let seen = on.switch_messages_on(&outbound, &session, &linked, deadline).await;
        let Linked { found, linked, open, .. } = linked;
        let is_over = linked.held_elsewhere.is_empty() && open.is_empty();
        let outcome = LinkOutcome {
            kind: &PHONE,
            session: &session,
            to_move: &on.linking.ways_to_move(&session, &held),
            back: on.linking.back(&session.shop),
            open: &open,
            left_out: left_out(&found),
            truncated: false,
            granted: found.found.iter().map(|number| &number.account).collect(),
            linked,
            seen,
            details: |_number| Vec::new(),
        };
        let reply = outcome.reply(request);
        Ok(if is_over { reply.with_cookie(on.linking.clear_session()) } else { reply })
    }
}

impl SwitchedOn {
    /// Makes the link, under a claim that we alone hold.
    async fn link(
        &self,
        outbound: &http::Outbound,
        callback: &Callback,
        claim: &Claim,
        held: &Held,
        session: &Session,
    ) -> Result<Linked, Error> {
        let code = callback.consent.code(&PHONE, &session.shop)?;
        let moving = &callback.purpose.moving;
        let (exchanged, known, open) = join3(
            exchange::exchange_code(&self.graph, outbound, self.app.redirect_uri.as_str(), code, None, self.clock.now()),
            self.linking.tables.load_accounts(session.user_uuid, &PHONE),
            self.linking.open(session),
        )
        .await;
        let (token, known, open) = (exchanged?.access_token, known?, open?);
        let inspection = debug_token::inspect(&self.graph, outbound, &token).await?;
        let ask_again = |error: Error| match error.code {
            Code::MissingPermission | Code::NoPhoneNumber => error.leading_to(NextStep::ask_again(&PHONE, &session.shop)),
            _ => error,
        };
        let mut found = numbers::list(&self.graph, outbound, &token, &inspection.permissions).await.map_err(ask_again)?;
        if found.found.is_empty() {
            return Err(ask_again(Error::new(Code::NoPhoneNumber, Detail::NoAccount(&PHONE))));
        }
        self.find_movable(outbound, &token, moving, &mut found.found).await;
        let link = AccountsLink {
            session,
            session_key: &held.key,
            claim,
            app_id: &self.app.app_id,
            kind: &PHONE,
            grant: NewGrant {
                id: &inspection.grant,
                kind: inspection.kind,
                access_token: &token,
                expires_at: inspection.expires_at,
                data_access_expires_at: inspection.data_access_expires_at,
                scopes: &inspection.permissions.scopes,
            },
            keeps_session: !open.is_empty(),
            accounts: found.found.iter().map(|number| &number.account).collect(),
            moving,
            not_granted: self.linking.not_granted(moving, |id| found.found.iter().any(|number| number.account.id == *id)),
        };
        let linked = self.linking.tables.link_accounts(&link, known).await?;
        if linked.linked.is_empty() {
            return Err(self.linking.held_elsewhere(session, held, &linked).await);
        }
        Ok(Linked { grant: inspection.grant, token, found, linked, open })
    }

    /// Allows numbers to move if the portfolio that granted access owns their account: one that it
    /// is merely shared with does not decide for its owner.
    async fn find_movable(&self, outbound: &http::Outbound, token: &Secret, moving: &MoveList, numbers: &mut [Number]) {
        let named = numbers.iter().filter(|number| moving.contains(number.account.id.as_str()));
        let accounts: BTreeSet<CompanionId> = named.filter_map(|number| Some(number.account.companion.as_ref()?.id.clone())).collect();
        if accounts.is_empty() {
            return;
        }
        let owned = owners::owned(&self.graph, outbound, token, accounts).await;
        for number in numbers {
            number.account.may_move = number.account.companion.as_ref().is_some_and(|companion| owned.contains(&companion.id));
        }
    }
}

/// What was not linked, except numbers that others hold.
fn left_out(found: &Numbers) -> Vec<LeftOutEntry> {
    let of_account = |id: &CompanionId, code, reason| LeftOutEntry { id: id.to_string(), called: id.kind().entry, code, reason };
    let missing = || LeftOut::MissingPermissions(vec![MESSAGING.to_owned()]);
    let without = found.without_messaging.iter().map(|id| of_account(id, "missing_permission", missing()));
    let unreadable = found.unreadable.iter().map(|id| of_account(id, "account_unreadable", LeftOut::Unreadable));
    let accounts_beyond = found.accounts_beyond.iter().map(|id| of_account(id, "too_many", LeftOut::TooMany));
    let beyond = found.beyond.iter().map(|id| LeftOutEntry::of(id, "too_many", LeftOut::TooMany));
    without.chain(unreadable).chain(accounts_beyond).chain(beyond).collect()
}
