//! Gives the bot an identity's live tokens, renewing them first if needed.

mod given_out;
mod reply;
mod request;

use lambda_http::lambda_runtime;
use serde_json::Value;
use shared::{
    Code, Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    http::Http,
    lambda::{self, Function, Invoked},
    marks::Marker,
    providers::{
        self,
        credentials::AppCredentials,
        shopify::{self, Refusal, ShopDomain, admin::Admin},
    },
    renewal::{self, Live, OnDead, Verdict},
    store::{
        Sessions, Tables,
        records::{Identity, OpenShop, Status},
    },
};

use reply::{Apps, Given};
use request::Wanted;

/// A Shopify token that is handed out lives at least another five minutes; the rest is for the way
/// to the bot, and for clock skew.
const MARGIN_SECONDS: u64 = 330;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run_invoked::<ConnectionTokens>().await
}

struct ConnectionTokens {
    shopify: shopify::App,
    shopify_version: String,
    credentials: Vec<AppCredentials>,
    marker: Marker,
    sessions: Sessions,
    tables: Tables,
    http: Http,
    clock: Clock,
}

impl Function for ConnectionTokens {
    const NAME: &'static str = "connection-tokens";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        Ok(Self {
            shopify: shopify::App::from_vars(vars)?,
            shopify_version: shopify::api_version(vars)?,
            credentials: providers::credentials(vars)?,
            marker: Marker::from_vars(vars)?,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            tables: Tables::from_vars(vars, clients, clock.clone())?,
            http: clients.http()?,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.tables.warm_up().await;
    }
}

impl Invoked for ConnectionTokens {
    async fn invoke(&self, payload: &Value, _deadline: tokio::time::Instant) -> Result<Value, Error> {
        let identity = match Wanted::read(payload, self.tables.platforms())? {
            Wanted::Account(id) => self.tables.identity_of_account(&id).await?,
            Wanted::Companion(id) => self.tables.identity_of_companion(&id).await?,
            Wanted::Shop(shop) => self.tables.identity_of_shop(shop.as_str()).await?,
            Wanted::Identity(user_uuid) => self.tables.identity(user_uuid).await?,
        };
        let not_found = || Error::new(Code::NotFound, "Nothing is linked under this id.");
        let Identity { shop, accounts, .. } = identity.ok_or_else(not_found)?;
        let given = self.live(shop).await?;
        let apps = Apps { shopify: &self.shopify, others: &self.credentials };
        let reply = reply::tokens(&given, &accounts, &apps, self.tables.platforms());
        given_out::tell(&self.marker, &reply, self.tables.platforms(), self.clock.now());
        Ok(reply)
    }
}

impl ConnectionTokens {
    /// The store with a token that lives long enough, or the reason why it has none.
    async fn live(&self, store: OpenShop) -> Result<Given, Error> {
        if store.app_id != self.shopify.api_key || store.status != Status::Active {
            return Ok(Given { store, trouble: None });
        }
        let backend = Live::new(&self.sessions, &self.tables, &self.shopify, &self.http, &self.clock);
        let renewed = if renewal::is_endless(&store) {
            let Some(refusal) = self.refusal(&backend, &store).await else { return Ok(Given { store, trouble: None }) };
            self.replaced(&backend, store.clone(), refusal).await
        } else if self.is_ending(&store) {
            let ending = |store: &OpenShop| store.app_id == self.shopify.api_key && self.is_ending(store);
            renewal::renew(&backend, store.clone(), ending, OnDead::Condemn).await
        } else {
            return Ok(Given { store, trouble: None });
        };
        let (store, verdict) = match renewed {
            Ok(renewed) => renewed,
            // The accounts have been read, and are useful without the store.
            Err(error) => {
                tracing::warn!(cause = error.cause, "not renewed");
                if error.credentials_refused {
                    lambda::doubt_secrets();
                }
                (store, Verdict::Later("storage_unavailable".to_owned()))
            }
        };
        let trouble = match verdict {
            Verdict::AsItIs | Verdict::Renewed | Verdict::Dead(_) => None,
            Verdict::Later(reason) => Some(reason),
            Verdict::Stopped(reason) => Some(reason.to_owned()),
            Verdict::CredentialsRefused => {
                lambda::credentials_refused(shopify::PLATFORM.name);
                Some("credentials_refused".to_owned())
            }
        };
        // A token that Shopify itself made too short-lived is not handed out.
        let trouble = trouble.or_else(|| self.is_ending(&store).then(|| "token_too_short".to_owned()));
        Ok(Given { store, trouble })
    }

    /// A token without an expiry may have ended anyway: its kind is no longer accepted, or an
    /// exchange whose answer was lost has used it. So we ask Shopify, and only its verdict on the
    /// token counts.
    async fn refusal(&self, backend: &Live<'_>, store: &OpenShop) -> Option<Refusal> {
        let (Some(token), Ok(shop), Ok(outbound)) = (&store.access_token, ShopDomain::parse(&store.shop), backend.outbound()) else {
            return None;
        };
        let admin = Admin { app: &self.shopify, version: &self.shopify_version, outbound, shop: &shop, access_token: token };
        admin.identify().await.err().filter(|refusal| matches!(refusal, Refusal::NonExpiring | Refusal::Dead(_)))
    }

    /// The pair that replaces it. If that exchange is refused too, the store is marked, unless the
    /// record has changed since.
    async fn replaced(&self, backend: &Live<'_>, store: OpenShop, refusal: Refusal) -> Result<(OpenShop, Verdict), Error> {
        let (store, verdict) = renewal::replace_endless(backend, store, refusal, OnDead::Condemn).await?;
        match verdict {
            Verdict::Dead(reason) if store.status == Status::Active => {
                if self.tables.condemn_shop(&store, reason, None).await? {
                    return Ok((OpenShop { status: Status::ReconnectNeeded, reason: Some(reason.to_owned()), ..store }, verdict));
                }
                Ok((store, Verdict::Later("busy".to_owned())))
            }
            verdict => Ok((store, verdict)),
        }
    }

    fn is_ending(&self, store: &OpenShop) -> bool {
        store.access_expires_at.is_some_and(|end| end < self.clock.now().saturating_add(MARGIN_SECONDS))
    }
}
