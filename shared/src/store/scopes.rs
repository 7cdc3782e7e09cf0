//! Scopes that changed without a login.

use crate::{error::Error, random, signing::hex};

use super::{
    Cancelled, Connections,
    due::LOOK_EVERY,
    item::{self, n, s},
    patience::NOTES,
    renewals::{MISSING_SCOPE, has_lost, reconnect_needed, write},
    tokens::{Status, StoreTokens},
};

impl Connections {
    /// Notes what a pair may do now, which the merchant can change without a login. If something was taken away that is needed, the store needs the merchant, and that is told as
    /// an event. False when the record is no longer what it was.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn note_scopes(&self, record: &StoreTokens, scopes: &[String], wanted_scopes: &[String]) -> Result<bool, Error> {
        let now = self.clock.now();
        let mut set = "SET scopes = :scopes".to_owned();
        let mut update = self
            .update_of(record)
            .condition_expression("generation = :generation AND version = :version AND #status = :active")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":active", s(Status::Active.as_str()))
            .expression_attribute_values(":scopes", item::list(scopes));
        let mut items = Vec::new();
        if has_lost(record, scopes, wanted_scopes) {
            set.push_str(&format!(", #status = :dead, reason = :reason, dead_since = :now, due_at = :due REMOVE {NOTES}"));
            update = update
                .expression_attribute_values(":dead", s(Status::ReconnectNeeded.as_str()))
                .expression_attribute_values(":reason", s(MISSING_SCOPE))
                .expression_attribute_values(":now", n(now))
                .expression_attribute_values(":due", n(now.saturating_add(LOOK_EVERY)));
            items.push(self.put_event(&reconnect_needed(record, MISSING_SCOPE))?);
        }
        items.push(write(update.update_expression(set))?);
        match self.transact("dynamodb.note_scopes", &hex(&random::bytes::<16>()?), items).await {
            Ok(()) => Ok(true),
            Err(Cancelled::Conditions(_)) => Ok(false),
            Err(Cancelled::Failed(error)) => Err(error),
        }
    }
}
