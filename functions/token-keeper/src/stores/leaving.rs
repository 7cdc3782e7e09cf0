//! Stores that left: asks about doubts, and erases what was left for long enough.

use std::time::Duration;

use shared::{
    Error,
    clock::UnixSeconds,
    providers::shopify::{self, Refusal, ShopDomain, admin::Admin},
    renewal::{self, OnDead, Verdict},
    store::{
        erasing::Erased,
        leave::{
            doubts::{About, Doubt},
            uninstall::{Cause, Left},
        },
        records::{KEEP_UNINSTALLED, OpenShop, Status},
    },
};
use tokio::time::Instant;
use uuid::Uuid;

use super::asking::{DAY, Stores};
use crate::outcome::{Condemned, Outcome};

/// How much of a run one identity may take: the others are waiting.
const ERASING: Duration = Duration::from_secs(45);

/// What Shopify says about a link in doubt.
enum Said {
    /// It is valid.
    Stands,
    /// Its tokens are refused.
    Refused,
    /// Nothing conclusive yet; with what the run has to know about that.
    Nothing(Outcome),
    /// Unavailable for a longer time.
    Stopped,
}

impl Stores<'_> {
    /// Erases a store that uninstalled the app and was not linked again for thirty days, even if
    /// Shopify did not ask for it.
    pub(super) async fn look_after_uninstalled(&self, store: &OpenShop, now: UnixSeconds) -> Result<Outcome, Error> {
        let tables = &self.keeper.tables;
        if store.counts_as_redacted(now) {
            return self.erase(store, &Cause { what: "uninstalled_30_days", request: None, noted: false }).await;
        }
        let end = store.uninstalled_at.map_or(now.saturating_add(DAY), |at| at.saturating_add(KEEP_UNINSTALLED));
        tables.postpone_shop(store, end).await?;
        Ok(Outcome::default())
    }

    /// Asks Shopify about a webhook's claim, and acts on the answer.
    ///
    /// # Errors
    /// `storage_unavailable`; then the doubt is still there.
    pub(crate) async fn settle_doubt(&self, user_uuid: Uuid) -> Result<Outcome, Error> {
        let (tables, now) = (&self.keeper.tables, self.keeper.clock.now());
        let Some(doubt) = tables.load_doubt(user_uuid).await?.filter(|doubt| doubt.due_at <= now) else {
            return Ok(Outcome::default());
        };
        let Some(store) = tables.shop(user_uuid).await?.filter(|store| store.linked_at == doubt.linked_at) else {
            // The link that it was about is gone.
            tables.end_doubt(&doubt).await?;
            return Ok(Outcome::default());
        };
        match store.status {
            Status::Active | Status::ReconnectNeeded => self.ask_about(&store, &doubt, now).await,
            // Replayed bytes say nothing about a store that its merchant only disconnected here.
            Status::Uninstalled if doubt.about == About::Redact && !(doubt.is_replayed && store.is_only_disconnected()) => {
                self.act_on(&store, &doubt).await
            }
            Status::Uninstalled | Status::Erasing | Status::Moved => {
                tables.end_doubt(&doubt).await?;
                Ok(Outcome::default())
            }
        }
    }

    async fn ask_about(&self, store: &OpenShop, doubt: &Doubt, now: UnixSeconds) -> Result<Outcome, Error> {
        let tables = &self.keeper.tables;
        if store.app_id != self.keeper.shopify.api_key {
            return Ok(Outcome::of_another_app(shopify::PLATFORM.name));
        }
        let said =
            if doubt.about == About::Scopes { self.compare_scopes(store, now).await? } else { self.is_installed(store, now).await? };
        match said {
            Said::Stands => {
                tables.end_doubt(doubt).await?;
                Ok(Outcome { checked: 1, ..Outcome::default() })
            }
            // A webhook says the same, so the circuit breaker is unnecessary here.
            Said::Refused => self.act_on(store, doubt).await,
            Said::Nothing(outcome) => Ok(outcome),
            Said::Stopped => {
                tables.postpone_doubt(doubt, now.saturating_add(DAY)).await?;
                Ok(Outcome { failed: 1, ..Outcome::default() })
            }
        }
    }

    /// Whether Shopify still accepts the store's tokens. An expired one is renewed first: its
    /// refusal would say nothing about the app.
    async fn is_installed(&self, store: &OpenShop, now: UnixSeconds) -> Result<Said, Error> {
        if store.status == Status::ReconnectNeeded && (store.access_token.is_none() || store.reason.as_deref() == Some("token_refused")) {
            return Ok(Said::Refused);
        }
        if !has_ended(store, now) {
            return Ok(match self.ask(store).await {
                Ok(_) => Said::Stands,
                Err(refusal) => self.meaning(refusal),
            });
        }
        if store.status != Status::Active || store.refresh_token.is_none() {
            return Ok(Said::Refused);
        }
        self.renewed(store, now).await
    }

    async fn renewed(&self, store: &OpenShop, now: UnixSeconds) -> Result<Said, Error> {
        let app_id = &self.keeper.shopify.api_key;
        let wanted = |store: &OpenShop| store.app_id == *app_id && has_ended(store, now);
        let (_, verdict) = renewal::renew(&self.backend, store.clone(), wanted, OnDead::Report).await?;
        Ok(match verdict {
            Verdict::Renewed | Verdict::AsItIs => Said::Stands,
            Verdict::Dead(_) => Said::Refused,
            Verdict::Later(reason) => {
                tracing::warn!(reason, "pair not renewed");
                Said::Nothing(Outcome::failed())
            }
            Verdict::Stopped(_) => Said::Stopped,
            Verdict::CredentialsRefused => Said::Nothing(self.credentials_refused()),
        })
    }

    /// What the merchant took away or added. Notes the current scopes; if something needed was
    /// taken away, the store needs the merchant until it is back.
    async fn compare_scopes(&self, store: &OpenShop, now: UnixSeconds) -> Result<Said, Error> {
        if !store.may_be_renewed() {
            return Ok(Said::Stands);
        }
        if has_ended(store, now) {
            // The new pair comes with its scopes.
            return Ok(match self.renewed(store, now).await? {
                // Its need for the merchant was already reported.
                Said::Refused if store.status != Status::Active => Said::Stands,
                Said::Refused => {
                    let dead = vec![Condemned::Store(Box::new(store.clone()), "token_refused")];
                    Said::Nothing(Outcome { dead, ..Outcome::default() })
                }
                said => said,
            });
        }
        let (Some(token), Ok(shop), Ok(outbound)) = (&store.access_token, ShopDomain::parse(&store.shop), self.backend.outbound()) else {
            return Ok(Said::Stands);
        };
        let Self { keeper, .. } = self;
        let admin = Admin { app: &keeper.shopify, version: &keeper.shopify_version, outbound, shop: &shop, access_token: token };
        match admin.granted_scopes().await {
            Ok(scopes) => {
                let noted = self.keeper.tables.note_scopes(store, &scopes, &self.keeper.shopify.scopes).await?;
                // Another run wrote the record: try again with its current content.
                Ok(if noted { Said::Stands } else { Said::Nothing(Outcome::unfinished()) })
            }
            Err(refusal) => Ok(match self.meaning(refusal) {
                Said::Refused => Said::Stands,
                said => said,
            }),
        }
    }

    fn meaning(&self, refusal: Refusal) -> Said {
        match refusal {
            Refusal::Dead(_) => Said::Refused,
            Refusal::OurCredentials => Said::Nothing(self.credentials_refused()),
            Refusal::Stopped(_) => Said::Stopped,
            // Such a token is refused for its kind or its scopes, so Shopify knows it.
            Refusal::NonExpiring | Refusal::MissingScope => Said::Stands,
            Refusal::Passing(_) => Said::Nothing(Outcome::failed()),
        }
    }

    async fn act_on(&self, store: &OpenShop, doubt: &Doubt) -> Result<Outcome, Error> {
        match doubt.about {
            About::Scopes => {}
            About::Uninstalled => {
                if self.keeper.tables.uninstall_store(store, None).await? == Left::Written {
                    self.keeper.tables.end_doubt(doubt).await?;
                }
            }
            About::Redact => {
                let request = doubt.request.as_ref();
                return self.erase(store, &Cause { what: "shop/redact", request, noted: true }).await;
            }
        }
        Ok(Outcome::default())
    }

    async fn erase(&self, store: &OpenShop, cause: &Cause<'_>) -> Result<Outcome, Error> {
        match self.keeper.tables.begin_erasing(store, cause).await? {
            Left::Written => self.finish_erasing(store.user_uuid).await,
            Left::Changed | Left::Seen => Ok(Outcome::default()),
        }
    }

    /// Erases what is left of an identity, as far as time allows: the next run goes on.
    pub(super) async fn finish_erasing(&self, user_uuid: Uuid) -> Result<Outcome, Error> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let until = Instant::now() + ERASING.min(left * 7 / 8);
        Ok(match self.keeper.tables.erase(user_uuid, Some(until)).await? {
            Erased::Whole => Outcome::default(),
            Erased::Partly => Outcome::unfinished(),
        })
    }
}

fn has_ended(store: &OpenShop, now: UnixSeconds) -> bool {
    store.access_expires_at.is_some_and(|end| end <= now.saturating_add(60))
}
