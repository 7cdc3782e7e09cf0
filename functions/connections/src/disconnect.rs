//! Carries out a disconnect: first in the tables, in one transaction that also queues the work left
//! at the provider; then at the provider, as time allows. The keeper does the rest.

use std::time::Duration;

use futures_util::future::try_join;
use shared::{
    Error,
    facts::{Notice, Permission, Uninstalled, Unsubscribed},
    http::Outbound,
    lambda,
    platform::AccountId,
    providers::{
        grantor::{Ended, Revoker},
        shopify::{ShopDomain, admin::Admin},
    },
    renewal::{self, Live, OnDead},
    store::{
        jobs::{Revoke, Unsubscribe},
        leave::disconnect::{Acting, Attempt, account::EndedAccount},
        records::OpenShop,
        sessions::{self, Session, SessionKey},
    },
};
use tokio::time::timeout;
use uuid::Uuid;

use crate::{form::Wish, list::ConnectionList};

/// Attempts at a disconnect, each based on the current state.
const TRIES: u32 = 5;
/// The limit for all calls to a platform together.
const AT_PLATFORM: Duration = Duration::from_secs(12);
/// The limit for renewing a token in order to uninstall.
const RENEWING: Duration = Duration::from_secs(8);
/// A token that ends within this many seconds is not worth a try.
const MARGIN: u64 = 30;

impl ConnectionList {
    /// Disconnects the requested item, if it exists.
    ///
    /// # Errors
    /// `invalid_session`, `storage_unavailable`.
    pub(crate) async fn carry_out(&self, key: &SessionKey, wish: &Wish) -> Result<(), Error> {
        let session = self.session(key).await?;
        match wish {
            Wish::Account(account) => self.end_account(key, session, account).await,
            Wish::Store(shop, uninstall) if session.shop == shop.as_str() => self.end_store(key, session, shop, *uninstall).await,
            // Not this session's store: there is nothing to end, as after a second click.
            Wish::Store(..) => Ok(()),
        }
    }

    async fn end_account(&self, key: &SessionKey, mut session: Session, account: &AccountId) -> Result<(), Error> {
        for _ in 0..TRIES {
            match self.tables.disconnect_account(Acting { key, session: &session }, account).await? {
                Attempt::Done(ended) => {
                    self.end_at_platform(key, &session, account, ended).await;
                    return Ok(());
                }
                Attempt::Gone => return Ok(()),
                Attempt::Changed => session = self.session_again(key, session).await?,
            }
        }
        Err(Error::storage_unavailable("disconnect_page: the identity keeps changing").provoked(true))
    }

    async fn end_store(&self, key: &SessionKey, mut session: Session, shop: &ShopDomain, uninstall: bool) -> Result<(), Error> {
        if uninstall {
            self.renew_ending(session.user_uuid).await;
        }
        // Assume failure until the app is known to be removed.
        let notice = Notice::Store { uninstalled: if uninstall { Uninstalled::Failed } else { Uninstalled::NotAsked } };
        for _ in 0..TRIES {
            let store = self.tables.shop_to_leave(session.user_uuid).await?.ok_or_else(sessions::invalid)?;
            match self.tables.disconnect_store(Acting { key, session: &session }, &store, notice).await? {
                Attempt::Done(noted) => {
                    if uninstall && self.uninstall(shop, &store).await {
                        self.sessions.note(key, noted, Notice::Store { uninstalled: Uninstalled::Done }).await;
                    }
                    return Ok(());
                }
                Attempt::Gone => return Ok(()),
                Attempt::Changed => session = self.session_again(key, session).await?,
            }
        }
        Err(Error::storage_unavailable("disconnect_store: the store keeps changing").provoked(true))
    }

    /// The session as it is now. It is over if its identity's generation has moved on without it.
    async fn session_again(&self, key: &SessionKey, before: Session) -> Result<Session, Error> {
        let session = self.session(key).await?;
        if session.generation == before.generation {
            let listing = self.tables.listing(session.user_uuid).await?;
            if listing.is_none_or(|listing| listing.shop.generation != session.generation) {
                return Err(sessions::invalid());
            }
        }
        Ok(session)
    }

    /// Does what an account's disconnect has left to do at the platform, and puts the result into
    /// the notice.
    async fn end_at_platform(&self, key: &SessionKey, session: &Session, account: &AccountId, mut ended: EndedAccount) {
        let noted = ended.noted;
        let platform = account.kind().platform;
        if let Some(revoker) = self.revokers.iter().find(|revoker| revoker.platform() == platform) {
            match timeout(AT_PLATFORM, self.try_at(revoker.as_ref(), session, &mut ended)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(code = error.code.as_str(), cause = error.cause, "the rest is left to the keeper"),
                Err(_elapsed) => tracing::warn!("the rest is left to the keeper"),
            }
        }
        if let Notice::Account { .. } = noted.notice {
            let notice = Notice::Account { kind: account.kind(), unsubscribed: ended.unsubscribed, permission: ended.permission };
            self.sessions.note(key, noted, notice).await;
        }
    }

    async fn try_at(&self, revoker: &dyn Revoker, session: &Session, ended: &mut EndedAccount) -> Result<(), Error> {
        if ended.unsubscribe.is_none() && ended.revoke.is_none() {
            return Ok(());
        }
        let outbound = self.http.outbound()?;
        if let Some((id, job)) = &ended.unsubscribe
            && job.app_id == revoker.app_id()
        {
            ended.unsubscribed = self.unsubscribe(revoker, &outbound, job).await?;
            // The account's token dies with the grant.
            if ended.unsubscribed == Unsubscribed::Later {
                return Ok(());
            }
            self.tables.end_job(*id, job.account.kind().job).await?;
        }
        if let Some((id, job)) = &ended.revoke
            && job.app_id == revoker.app_id()
            && let Some(permission) = self.revoke(revoker, &outbound, session, job).await?
        {
            ended.permission = permission;
            self.tables.end_job(*id, job.grant.kind().job).await?;
        }
        Ok(())
    }

    async fn unsubscribe(&self, revoker: &dyn Revoker, outbound: &Outbound, job: &Unsubscribe) -> Result<Unsubscribed, Error> {
        // Right before the call: another store may have taken the account, and needs its messages.
        if self.tables.is_held(job).await? {
            return Ok(Unsubscribed::Done);
        }
        Ok(match revoker.end_delivery(outbound, job.receiver()).await {
            Ended::Done => Unsubscribed::Done,
            Ended::Impossible => Unsubscribed::NotPossible,
            Ended::Later | Ended::Throttled | Ended::Refused => Unsubscribed::Later,
        })
    }

    /// None if that is left to the keeper.
    async fn revoke(
        &self,
        revoker: &dyn Revoker,
        outbound: &Outbound,
        session: &Session,
        job: &Revoke,
    ) -> Result<Option<Permission>, Error> {
        // Right before the call: everything that rests on the grant would die with it, including
        // what a flow is about to link.
        let identity = session.user_uuid.to_string();
        let in_flight = self.sessions.has_flow_in_flight(revoker.platform(), &identity);
        let (used, in_flight) = try_join(self.tables.grant_is_used(&job.grant), in_flight).await?;
        if in_flight {
            return Ok(None);
        }
        if used {
            return Ok(Some(Permission::Kept));
        }
        Ok(match revoker.revoke(outbound, &job.token).await {
            Ended::Done => Some(Permission::Revoked),
            Ended::Impossible => Some(Permission::NotPossible),
            Ended::Later | Ended::Throttled | Ended::Refused => None,
        })
    }

    /// Renews an expired token, so that the app can be uninstalled with it. Best effort.
    async fn renew_ending(&self, user_uuid: Uuid) {
        let renew = async {
            let Some(store) = self.tables.shop(user_uuid).await? else { return Ok(()) };
            let ending = |store: &OpenShop| store.app_id == self.app.api_key && self.is_ending(store.access_expires_at);
            let backend = Live::new(&self.sessions, &self.tables, &self.app, &self.http, &self.clock);
            renewal::renew(&backend, store, ending, OnDead::Report).await.map(|_| ())
        };
        match timeout(RENEWING, renew).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                if error.credentials_refused {
                    lambda::doubt_secrets();
                }
                tracing::warn!(cause = error.cause, "not renewed");
            }
            Err(_elapsed) => tracing::warn!("not renewed"),
        }
    }

    /// Removes the app from the store with the store's former token. False if it may still be
    /// installed.
    async fn uninstall(&self, shop: &ShopDomain, store: &OpenShop) -> bool {
        let usable = store.app_id == self.app.api_key && !self.is_ending(store.access_expires_at);
        let (Some(token), Ok(outbound)) = (store.access_token.as_ref().filter(|_| usable), self.http.outbound()) else { return false };
        let admin = Admin { app: &self.app, version: &self.api_version, outbound: &outbound, shop, access_token: token };
        let uninstalled = admin.uninstall().await;
        if let Err(refusal) = &uninstalled {
            tracing::warn!(?refusal, "app not uninstalled");
        }
        uninstalled.is_ok()
    }

    fn is_ending(&self, access_expires_at: Option<u64>) -> bool {
        access_expires_at.is_some_and(|end| end < self.clock.now().saturating_add(MARGIN))
    }
}
