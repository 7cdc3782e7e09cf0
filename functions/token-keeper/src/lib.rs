//! Keeps tokens alive, on a schedule: renews what would end, asks about what may have died, seals
//! anew what an old key sealed.

mod by_hand;
mod grants;
mod jobs;
mod keeper;
mod marks;
mod outcome;
mod reseal;
mod run;
mod stores;

use serde_json::Value;
use shared::{Error, lambda::Invoked};

pub use keeper::TokenKeeper;
use run::Order;

impl Invoked for TokenKeeper {
    /// A [run](Order), or what an operator asks for in its place: `{"erase": "SHOP"}` has a store
    /// forgotten, `{"forget": "ID"}` who gave a grant, at the platform that `"platform"` names or
    /// at the first.
    async fn invoke(&self, payload: &Value, deadline: tokio::time::Instant) -> Result<Value, Error> {
        if let Some(shop) = payload.get("erase") {
            return by_hand::erase(self, shop, deadline).await;
        }
        if let Some(person) = payload.get("forget") {
            return by_hand::forget(self, person, payload.get("platform"), deadline).await;
        }
        run::run(self, deadline, &Order::read(payload)?).await
    }
}
