//! Gives the bot the live tokens of an identity, refreshed first where needed.

use lambda_http::lambda_runtime;
use serde_json::Value;
use shared::{
    Error,
    clients::Clients,
    clock::Clock,
    config::Vars,
    lambda::{self, Function, Invoked},
    providers::shopify,
    store::Connections,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    lambda::run_invoked::<ConnectionTokens>().await
}

struct ConnectionTokens {
    connections: Connections,
}

impl Function for ConnectionTokens {
    const NAME: &'static str = "connection-tokens";

    fn configure(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        shopify::App::from_vars(vars)?;
        Ok(Self { connections: Connections::from_vars(vars, clients, Clock::system())? })
    }

    async fn warm_up(&self) {
        self.connections.warm_up().await;
    }
}

impl Invoked for ConnectionTokens {
    async fn invoke(&self, _payload: &Value, _deadline: tokio::time::Instant) -> Result<Value, Error> {
        Err(Error::storage_unavailable("not yet"))
    }
}
