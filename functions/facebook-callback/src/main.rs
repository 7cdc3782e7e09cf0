//! Ends the Facebook flow: verifies, exchanges, stores every Page under the identity, ends the
//! session, and makes the Pages' messages arrive.

mod callback;
mod messages;

use std::collections::HashMap;

use futures_util::future::{join, join3};
use lambda_http::lambda_runtime;
use serde_json::json;
use shared::{
    Code, Detail, Error,
    calls::count,
    facts::{LeftOut, NextStep},
    http,
    lambda::{self, Routes},
    linking::{Callback, Held, LeftOutEntry, LinkOutcome},
    metrics,
    platform::{AccountId, AccountKind, Companion, GrantId, GrantedAccount},
    providers::{
        facebook::{
            INSTAGRAM, PAGE, PLATFORM, needed,
            pages::{self, Pages},
        },
        meta::{
            debug_token::{self, Inspection},
            exchange,
        },
        permissions::Granted,
    },
    reply::Reply,
    request::Request,
    store::{
        flows::Claim,
        link::accounts::{AccountsLink, AccountsLinked, NewGrant},
        sessions::Session,
    },
};

use callback::FacebookCallback;

const ROUTE: &str = "/facebook/callback";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run::<FacebookCallback>().await
}

/// A valid link.
struct Linked {
    /// Whose grant it is.
    grant: GrantId,
    found: Pages,
    /// Pages for which permissions were not granted, and which ones.
    lacking: Vec<(AccountId, Vec<String>)>,
    linked: AccountsLinked,
    /// What can be connected next, in the same session.
    open: Vec<&'static AccountKind>,
}

impl Routes for FacebookCallback {
    fn route(path: &str) -> Option<&'static str> {
        (path == ROUTE).then_some(ROUTE)
    }

    async fn handle(&self, request: &Request) -> Result<Reply, Error> {
        let deadline = lambda::work_deadline();
        let callback = self.linking.verify(request)?;
        let (claim, session, way_back) = self.linking.begin(request, &callback).await?.into_parts();
        let linked = async {
            let (held, session) = session?;
            let outbound = self.http.outbound()?.asking_again_until(deadline);
            let linked = lambda::until(deadline, self.link(&outbound, &callback, &claim, &held, &session)).await?;
            Ok::<_, Error>((outbound, held, session, linked))
        };
        let (outbound, held, session, linked) = match linked.await {
            Ok(linked) => linked,
            Err(error) => return Err(self.linking.failed(&claim, way_back, error).await),
        };
        count(metrics::LINKS_FINISHED, 1);
        let Linked { grant, found, lacking, linked, open } = linked;
        let seen = self.switch_messages_on(&outbound, &session, &grant, &found, &linked, deadline).await;
        let is_over = linked.held_elsewhere.is_empty() && open.is_empty();
        let outcome = LinkOutcome {
            kind: &PAGE,
            session: &session,
            to_move: &self.linking.ways_to_move(&session, &held),
            back: self.linking.back(&session.shop),
            open: &open,
            left_out: left_out(&found, lacking),
            truncated: found.truncated,
            granted: found.found.iter().collect(),
            linked,
            seen,
            details: |page| vec![("category", json!(page.category)), ("tasks", json!(page.tasks))],
        };
        let reply = outcome.reply(request);
        Ok(if is_over { reply.with_cookie(self.linking.clear_session()) } else { reply })
    }
}

impl FacebookCallback {
    /// Makes the link, under a claim that we alone hold.
    async fn link(
        &self,
        outbound: &http::Outbound,
        callback: &Callback,
        claim: &Claim,
        held: &Held,
        session: &Session,
    ) -> Result<Linked, Error> {
        let code = callback.consent.code(&PAGE, &session.shop)?;
        let now = self.clock.now();
        let (redirect_uri, verifier) = (self.app.redirect_uri.as_str(), Some(&callback.state.code_verifier));
        let (exchanged, known, open) = join3(
            exchange::exchange_code(&self.graph, outbound, redirect_uri, code, verifier, now),
            self.linking.tables.load_accounts(session.user_uuid, &PAGE),
            self.linking.open(session),
        )
        .await;
        let (mut user, known, open) = (exchanged?, known?, open?);
        let companions: HashMap<AccountId, Option<Companion>> =
            known.iter().map(|page| (page.id.clone(), page.companion.clone())).collect();
        if user.expires_at.is_some() {
            user = exchange::extend(&self.graph, outbound, &user.access_token, now).await?;
        }
        let (inspected, found) = join(
            debug_token::inspect(&self.graph, outbound, &user.access_token),
            pages::list(&self.graph, outbound, &user.access_token, &self.app.scopes),
        )
        .await;
        let inspection = inspected?;
        self.check_permissions(&inspection.permissions.scopes, session)?;
        let mut found = found?;
        // Companions of Pages are not requested if that is known to be refused.
        let scopes: &[String] = if INSTAGRAM.is_on(&inspection.permissions.scopes) { &self.app.scopes } else { &[] };
        let granted = inspection.permissions.accounts();
        pages::fetch_missing(&self.graph, outbound, &user.access_token, scopes, &granted, &mut found).await;
        for page in &mut found.found {
            page.companion.take_if(|companion| inspection.permissions.granted_to(&companion.id) != Granted::Yes);
        }

        let lacking = self.lacking(&found, &inspection);
        let is_granted = |page: &&GrantedAccount| !lacking.iter().any(|(id, _)| *id == page.id);
        let linkable: Vec<&GrantedAccount> = found.found.iter().filter(|page| page.access_token.is_some()).filter(is_granted).collect();
        if linkable.is_empty() {
            return Err(nothing_to_link(&lacking).leading_to(NextStep::ask_again(&PAGE, &session.shop)));
        }
        let link = AccountsLink {
            session,
            session_key: &held.key,
            claim,
            app_id: &self.app.app_id,
            kind: &PAGE,
            grant: NewGrant {
                id: &inspection.grant,
                kind: inspection.kind,
                access_token: &user.access_token,
                expires_at: user.expires_at,
                data_access_expires_at: inspection.data_access_expires_at,
                scopes: &inspection.permissions.scopes,
            },
            keeps_session: !open.is_empty(),
            accounts: linkable,
            moving: &callback.purpose.moving,
            not_granted: self.linking.not_granted(&callback.purpose.moving, |id| found.mention(id)),
        };
        let linked = self.linking.tables.link_accounts(&link, known).await?;
        if linked.linked.is_empty() {
            return Err(self.linking.held_elsewhere(session, held, &linked).await);
        }
        // A Page that keeps its grant keeps its companion.
        for page in found.found.iter_mut().filter(|page| linked.kept.contains(&page.id)) {
            page.companion = companions.get(&page.id).cloned().flatten();
        }
        Ok(Linked { grant: inspection.grant, found, lacking, linked, open })
    }

    /// Pages for which some configured permissions were not granted, with these: Facebook lets
    /// people choose the Pages for each permission.
    fn lacking(&self, found: &Pages, inspection: &Inspection) -> Vec<(AccountId, Vec<String>)> {
        let usable = found.found.iter().filter(|page| page.access_token.is_some());
        let lacking = usable
            .map(|page| (&page.id, inspection.lacking(&page.id, &self.app.scopes, &self.graph.app)))
            .filter(|(_, scopes)| !scopes.is_empty());
        lacking.map(|(id, scopes)| (id.clone(), scopes.into_iter().map(str::to_owned).collect())).collect()
    }

    /// All configured permissions are required, except Instagram's: with one missing the bot could
    /// not do its work.
    fn check_permissions(&self, granted: &[String], session: &Session) -> Result<(), Error> {
        let missing: Vec<String> = needed(&self.app.scopes).filter(|scope| !granted.contains(scope)).cloned().collect();
        if missing.is_empty() {
            return Ok(());
        }
        let detail = Detail::MissingPermissions(&PLATFORM, missing);
        Err(Error::new(Code::MissingPermission, detail).leading_to(NextStep::ask_again(&PAGE, &session.shop)))
    }
}

/// The refusal when no Page is left.
fn nothing_to_link(lacking: &[(AccountId, Vec<String>)]) -> Error {
    match lacking.first() {
        Some((_, scopes)) => Error::new(Code::MissingPermission, Detail::MissingForAccounts(&PAGE, scopes.clone())),
        None => Error::new(Code::NoPage, Detail::NoAccount(&PAGE)),
    }
}

/// The Pages that were not linked, except those that others hold.
fn left_out(found: &Pages, lacking: Vec<(AccountId, Vec<String>)>) -> Vec<LeftOutEntry> {
    let of = LeftOutEntry::of;
    let without_token = found.found.iter().filter(|page| page.access_token.is_none()).map(|page| &page.id);
    let mut left_out: Vec<_> = without_token.map(|id| of(id, "insufficient_tasks", LeftOut::InsufficientTasks)).collect();
    left_out.extend(lacking.into_iter().map(|(id, scopes)| of(&id, "missing_permission", LeftOut::MissingPermissions(scopes))));
    left_out.extend(found.unreadable.iter().map(|id| of(id, "unreadable", LeftOut::Unreadable)));
    left_out.extend(found.gone.iter().map(|id| of(id, "unreadable", LeftOut::Gone)));
    left_out.extend(found.rate_limited.iter().map(|id| of(id, "rate_limited", LeftOut::RateLimited)));
    left_out
}
