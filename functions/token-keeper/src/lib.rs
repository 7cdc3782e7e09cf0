//! Keeps tokens alive, on a schedule: renews what would expire, checks what may have died, reseals
//! what an old key sealed.

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
    /// A [run](Order), or an operator's command in its place: `{"erase": "SHOP"}` erases a store,
    /// `{"forget": "ID"}` a grantor, at the platform given in `"platform"` or else the first;
    /// `{"sign_out": "SHOP"}` ends a store's sessions; `{"retry": RECORD}`, `{"put_off": RECORD,
    /// "days": N}` (or `"until"`) and `{"drop": RECORD}` decide about a failing record.
    async fn invoke(&self, payload: &Value, deadline: tokio::time::Instant) -> Result<Value, Error> {
        if let Some(shop) = payload.get("erase") {
            return by_hand::erase(self, shop, deadline).await;
        }
        if let Some(person) = payload.get("forget") {
            return by_hand::forget(self, person, payload.get("platform"), deadline).await;
        }
        if let Some(shop) = payload.get("sign_out") {
            return by_hand::sign_out(self, shop).await;
        }
        if let Some(record) = payload.get("retry") {
            return by_hand::retry(self, record).await;
        }
        if let Some(record) = payload.get("put_off") {
            return by_hand::put_off(self, record, payload).await;
        }
        if let Some(record) = payload.get("drop") {
            return by_hand::drop(self, record).await;
        }
        run::run(self, deadline, &Order::read(payload)?).await
    }
}
