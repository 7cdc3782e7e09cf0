//! Keeps tokens alive, on a schedule: renews what would end, asks about what may have died, seals anew what an old key sealed.

mod by_hand;
mod grants;
mod jobs;
mod marks;
mod outcome;
mod reseal;
mod run;
mod stores;

use lambda_http::lambda_runtime;
use serde_json::Value;
use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    http::Http,
    lambda::{self, Function, Invoked},
    providers::{
        facebook::{self, Graph, subscriptions::Fields},
        shopify,
    },
    store::{Sessions, Tables},
};

use run::Order;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run_invoked::<TokenKeeper>().await
}

struct TokenKeeper {
    shopify: shopify::App,
    shopify_version: String,
    facebook: facebook::App,
    graph: Graph,
    fields: Fields,
    sessions: Sessions,
    tables: Tables,
    http: Http,
    clock: Clock,
}

impl Function for TokenKeeper {
    const NAME: &'static str = "token-keeper";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let clock = Clock::system();
        let facebook = facebook::App::from_vars(vars)?;
        Ok(Self {
            shopify: shopify::App::from_vars(vars)?,
            shopify_version: shopify::api_version(vars)?,
            graph: Graph::from_vars(vars, clock.clone())?,
            fields: Fields::from_vars(vars)?,
            facebook,
            sessions: Sessions::from_vars(vars, clients, clock.clone())?,
            tables: Tables::from_vars(vars, clients, clock.clone())?.with_audits(vars)?,
            http: clients.http()?,
            clock,
        })
    }

    async fn warm_up(&self) {
        self.tables.warm_up().await;
    }
}

impl Invoked for TokenKeeper {
    /// A [run](Order), or what an operator asks for in its place: `{"erase": "SHOP"}` has a store forgotten, `{"forget": "PERSON_ID"}` a person.
    async fn invoke(&self, payload: &Value, deadline: tokio::time::Instant) -> Result<Value, Error> {
        if let Some(shop) = payload.get("erase") {
            return by_hand::erase(self, shop, deadline).await;
        }
        if let Some(person) = payload.get("forget") {
            return by_hand::forget(self, person, deadline).await;
        }
        run::run(self, deadline, &Order::read(payload)?).await
    }
}
