//! A store's pair: renewed before its refresh token ends, exchanged if its kind is no longer
//! accepted, sealed with the first key.

mod asking;
mod leaving;

use shared::{
    Error,
    clock::UnixSeconds,
    providers::shopify::{self, Refusal, admin::Identity},
    renewal::{self, OnDead, Verdict},
    store::{
        keep::renewals::ANOTHER_SHOP,
        records::{OpenShop, Status},
        schedule::{KEEP_DEAD, LOOK_EVERY, SOON, keep_alive_at, shop_due_at},
    },
};
use uuid::Uuid;

use crate::outcome::{Condemned, Outcome};

use asking::DAY;
pub(crate) use asking::Stores;

impl Stores<'_> {
    /// Maintains one store, as far as due.
    ///
    /// # Errors
    /// `storage_unavailable`; nothing is half done then.
    pub(crate) async fn look_after(&self, user_uuid: Uuid) -> Result<Outcome, Error> {
        let (tables, now) = (&self.keeper.tables, self.keeper.clock.now());
        // The index may lag, and another run may have been here.
        let Some(store) = tables.shop(user_uuid).await?.filter(|store| store.due_at.is_some_and(|due| due <= now)) else {
            return Ok(Outcome::default());
        };
        match store.status {
            Status::Active => self.look_after_active(store, now).await,
            Status::Erasing => self.finish_erasing(user_uuid).await,
            Status::ReconnectNeeded => {
                let until = store.dead_since.unwrap_or(now).saturating_add(KEEP_DEAD);
                if until <= now {
                    tables.forget_dead_shop(&store).await?;
                } else {
                    // Dead pairs are resealed with the first key too, so that they do not need an
                    // older one.
                    if store.old_key {
                        tables.reseal_shop(&store).await?;
                    }
                    tables.postpone_shop(&store, until.min(now.saturating_add(LOOK_EVERY))).await?;
                }
                Ok(Outcome::default())
            }
            Status::Uninstalled => self.look_after_uninstalled(&store, now).await,
            Status::Moved => {
                tables.postpone_shop(&store, now.saturating_add(DAY)).await?;
                Ok(Outcome::default())
            }
        }
    }

    async fn look_after_active(&self, store: OpenShop, now: UnixSeconds) -> Result<Outcome, Error> {
        let api_key = &self.keeper.shopify.api_key;
        if store.app_id != *api_key {
            return Ok(Outcome::of_another_app(shopify::PLATFORM.name));
        }
        if store.old_key {
            self.keeper.tables.reseal_shop(&store).await?;
        }
        if renewal::is_endless(&store) {
            return self.check(store, now).await;
        }
        let needs_token =
            |store: &OpenShop| store.is_unidentified() && store.access_expires_at.is_some_and(|end| end < now.saturating_add(60));
        let wanted = |store: &OpenShop| store.app_id == *api_key && (store.is_fading(now) || needs_token(store));
        if wanted(&store) {
            let (store, outcome) = self.renew(store, wanted).await?;
            if outcome.refreshed == 0 || !store.is_unidentified() || store.status != Status::Active {
                return Ok(outcome);
            }
            let identified = self.identify(&store).await?;
            return Ok(Outcome { refreshed: outcome.refreshed, ..identified });
        }
        if store.is_unidentified() {
            return self.identify(&store).await;
        }
        self.postpone(&store).await?;
        Ok(Outcome::default())
    }

    async fn renew(&self, store: OpenShop, wanted: impl Fn(&OpenShop) -> bool + Sync) -> Result<(OpenShop, Outcome), Error> {
        let (store, verdict) = renewal::renew(&self.backend, store, wanted, OnDead::Report).await?;
        self.judged(store, verdict).await
    }

    async fn judged(&self, store: OpenShop, verdict: Verdict) -> Result<(OpenShop, Outcome), Error> {
        let outcome = match verdict {
            // Includes a pair with fewer scopes than before: it is stored, and the merchant is
            // needed.
            Verdict::Renewed => {
                Outcome { refreshed: 1, reconnect_needed: u64::from(store.status == Status::ReconnectNeeded), ..Outcome::default() }
            }
            Verdict::AsItIs => Outcome::default(),
            Verdict::Later(reason) => {
                tracing::warn!(reason, "pair not renewed");
                Outcome::failed()
            }
            // Frozen or locked: the next try is a day away, and the refresh token lasts for weeks.
            Verdict::Stopped(reason) => {
                tracing::warn!(reason, "pair not renewed");
                let (tables, now) = (&self.keeper.tables, self.keeper.clock.now());
                let ends_soon = store.refresh_expires_at.is_some_and(|end| end <= now.saturating_add(SOON));
                if ends_soon && store.expiring_told.is_none_or(|at| at < store.linked_at) {
                    tables.tell_expiring_shop(&store).await?;
                }
                tables.postpone_shop(&store, now.saturating_add(DAY)).await?;
                Outcome { failed: 1, ..Outcome::default() }
            }
            Verdict::CredentialsRefused => self.credentials_refused(),
            Verdict::Dead(reason) => {
                return Ok((store.clone(), Outcome { dead: vec![Condemned::Store(Box::new(store), reason)], ..Outcome::default() }));
            }
        };
        Ok((store, outcome))
    }

    /// For a non-expiring token: asks whether Shopify still accepts it and, if only its kind is
    /// refused, replaces it with a pair.
    async fn check(&self, store: OpenShop, now: UnixSeconds) -> Result<Outcome, Error> {
        match self.ask(&store).await {
            Ok(identity) => self.identified(&store, identity).await,
            Err(refusal @ (Refusal::NonExpiring | Refusal::Dead(_))) => {
                let (store, verdict) = renewal::replace_endless(&self.backend, store, refusal, OnDead::Report).await?;
                Ok(self.judged(store, verdict).await?.1)
            }
            Err(refusal) => self.refused(store, refusal, now).await,
        }
    }

    /// Finds out which shop a store is. Until that is known, no link from before an uninstall is
    /// revived, and a domain that changed hands still serves the former shop's accounts.
    async fn identify(&self, store: &OpenShop) -> Result<Outcome, Error> {
        match self.ask(store).await {
            Ok(identity) => self.identified(store, identity).await,
            Err(refusal) => self.refused(store.clone(), refusal, self.keeper.clock.now()).await,
        }
    }

    async fn identified(&self, store: &OpenShop, identity: Identity) -> Result<Outcome, Error> {
        if store.shop_id.as_ref().is_some_and(|known| *known != identity.shop_id) {
            // Only the merchant's next login can give this shop an identity of its own.
            return Ok(Outcome { dead: vec![Condemned::Store(Box::new(store.clone()), ANOTHER_SHOP)], ..Outcome::default() });
        }
        if store.is_unidentified() {
            self.keeper.tables.confirm_shop(store, &identity.shop_id, identity.name.as_deref(), self.due_at(store)).await?;
        } else {
            self.keeper.tables.postpone_checked_shop(store, self.due_at(store)).await?;
        }
        Ok(Outcome { checked: 1, ..Outcome::default() })
    }

    async fn refused(&self, store: OpenShop, refusal: Refusal, now: UnixSeconds) -> Result<Outcome, Error> {
        match refusal {
            // A pair's access token ends before its refresh token, and may end just because our
            // secret was rotated; the renewal will tell.
            Refusal::Dead(reason) if store.refresh_token.is_none() => {
                Ok(Outcome { dead: vec![Condemned::Store(Box::new(store), reason)], ..Outcome::default() })
            }
            Refusal::OurCredentials => Ok(self.credentials_refused()),
            Refusal::Stopped(_) => {
                self.keeper.tables.postpone_shop(&store, now.saturating_add(DAY)).await?;
                Ok(Outcome { failed: 1, ..Outcome::default() })
            }
            Refusal::Dead(_) | Refusal::Passing(_) | Refusal::NonExpiring | Refusal::MissingScope => Ok(Outcome::failed()),
        }
    }

    async fn postpone(&self, store: &OpenShop) -> Result<(), Error> {
        self.keeper.tables.postpone_shop(store, self.due_at(store)).await?;
        Ok(())
    }

    fn due_at(&self, store: &OpenShop) -> UnixSeconds {
        let at = keep_alive_at(store.access_expires_at.is_some(), store.issued_at, store.refresh_expires_at);
        shop_due_at(store.user_uuid, self.keeper.clock.now(), at)
    }
}
