//! A merchant disconnects what is linked, from the browser of a live session. Each write requires that session, and that the identity is the one that it was shown.
//!
//! The session goes on: it carries what was done to the list that is shown next, and it moves with the identity's generation where a disconnect raises that.

mod notice;
mod page;

use aws_sdk_dynamodb::types::{TransactWriteItem, Update};

use crate::{calls::timed, error::Error, flow::Platform, providers::shopify, random, signing::hex};

use super::{
    Cancelled, Connections, Item, Sessions,
    events::{Event, EventType},
    flows::{Outcome, flow_key, outcome},
    item::{self, n, s},
    leaving::Leaver,
    sessions::{Session, SessionKey},
    stores_write::incomplete,
    tokens::Status,
    unavailable,
};

pub use crate::facts::notice::{Notice, Permission, Uninstalled, Unsubscribed};
pub use page::EndedPage;

/// Why the store is uninstalled, where its merchant disconnected it here.
pub const DISCONNECTED: &str = "disconnected";
/// A callback that claimed a state just before it ended may work for this long after.
const LATE: u64 = 30;

/// Whose wish it is: the browser's session, as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// Its key.
    pub key: &'a SessionKey,
    /// The session.
    pub session: &'a Session,
}

/// What became of a wish.
#[derive(Debug)]
pub enum Attempt<T> {
    /// It was carried out.
    Done(T),
    /// There is nothing of that kind under the identity, or not any more.
    Gone,
    /// Session or identity are not as they were read; to be read again.
    Changed,
}

/// A notice as it was written, so that what is found out later can take its place.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    /// What it says.
    pub notice: Notice,
    pub(super) at_ms: u64,
}

impl Connections {
    /// Disconnects the store: its tokens go at once, and with them every other session and every flow that is under way, since the generation is raised. The Pages stay and yield
    /// nothing, until the same shop is linked again or erased for having been away. The acting session stays for the list alone. A doubt stays for the keeper, as with an uninstall.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn disconnect_store(&self, acting: Acting<'_>, leaver: &Leaver, notice: Notice) -> Result<Attempt<Noted>, Error> {
        if leaver.status == Status::Uninstalled {
            return Ok(Attempt::Gone);
        }
        if leaver.generation != acting.session.generation {
            return Ok(Attempt::Changed);
        }
        let noted = Noted { notice, at_ms: self.clock.now_millis() };
        let event = Event {
            event_type: EventType::Disconnected,
            user_uuid: leaver.user_uuid,
            platform: shopify::PLATFORM.name,
            account: &leaver.shop,
            reason: None,
        };
        let mut items = self.end_link(leaver, Some(DISCONNECTED), Some(acting.key))?;
        items.push(self.put_event(&event)?);
        items.push(self.note_in_session(acting, noted, Some(leaver.generation.saturating_add(1)))?);
        match self.transact("dynamodb.disconnect_store", &hex(&random::bytes::<16>()?), items).await {
            Ok(()) => Ok(Attempt::Done(noted)),
            Err(Cancelled::Conditions(_)) => Ok(Attempt::Changed),
            Err(Cancelled::Failed(error)) => Err(error),
        }
    }

    /// Requires the acting session as it was read, and leaves the notice in it; with a new generation it moves there, and begins no more flows.
    fn note_in_session(&self, acting: Acting<'_>, noted: Noted, next_generation: Option<u64>) -> Result<TransactWriteItem, Error> {
        let mut set = "SET notice = :notice, notice_at = :notice_at".to_owned();
        let mut update = Update::builder()
            .table_name(&self.sessions_table)
            .key("pk", s(acting.key.partition()))
            .condition_expression("#uuid = :uuid AND generation = :generation AND expires_at > :now")
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_values(":uuid", s(acting.session.user_uuid.to_string()))
            .expression_attribute_values(":generation", n(acting.session.generation))
            .expression_attribute_values(":now", n(self.clock.now()));
        if let Some(next) = next_generation {
            set.push_str(", generation = :next, list_only = :true");
            update = update
                .expression_attribute_values(":next", n(next))
                .expression_attribute_values(":true", aws_sdk_dynamodb::types::AttributeValue::Bool(true));
        }
        for (name, value) in noted.notice.values(noted.at_ms) {
            update = update.expression_attribute_values(name, value);
        }
        Ok(TransactWriteItem::builder().update(update.update_expression(set).build().map_err(incomplete)?).build())
    }
}

impl Sessions {
    /// Puts what is known by now in the place of what was noted with the disconnect. Best effort: the other one says less, and nothing wrong.
    pub async fn note(&self, key: &SessionKey, noted: Noted, notice: Notice) {
        if notice == noted.notice {
            return;
        }
        let mut write = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(key.partition()))
            .update_expression("SET notice = :notice")
            // Another disconnect of this session may have said something since.
            .condition_expression("notice_at = :notice_at");
        for (name, value) in notice.values(noted.at_ms) {
            write = write.expression_attribute_values(name, value);
        }
        match timed("dynamodb.note", write.send()).await {
            Ok(_) => {}
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {}
            Err(error) => tracing::warn!(cause = unavailable("note", &error).cause, "what a disconnect did is not noted"),
        }
    }

    /// Whether a callback of this account is at work, or died at it a moment ago.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn has_flow_in_flight(&self, platform: Platform, account: &str) -> Result<bool, Error> {
        let key = flow_key(platform, account);
        let read = self.client.get_item().table_name(&self.table).key("pk", s(key)).consistent_read(true);
        let output = timed("dynamodb.flows", read.send()).await.map_err(|e| unavailable("flows", &e))?;
        Ok(output.item().is_some_and(|found| is_in_flight(found, self.clock.now())))
    }
}

fn is_in_flight(flows: &Item, now: u64) -> bool {
    flows.iter().any(|(name, claim)| {
        let end = claim.as_m().ok().and_then(|claim| item::number(claim, "exp")).unwrap_or_default();
        name.starts_with("c_") && outcome(claim) == Some(Outcome::InFlight) && now < end.saturating_add(LATE)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flow_is_in_flight_until_it_ends_or_has_surely_died() {
        let flows = |name: &str, out: &str| Item::from([(name.to_owned(), item::map([("exp", n(1000)), ("out", s(out))]))]);
        assert!(is_in_flight(&flows("c_x", "in_flight"), 900) && is_in_flight(&flows("c_x", "in_flight"), 1029));
        assert!(!is_in_flight(&flows("c_x", "in_flight"), 1030));
        assert!(!is_in_flight(&flows("c_x", "linked"), 900) && !is_in_flight(&flows("c_x", "failed"), 900));
        assert!(!is_in_flight(&flows("x", "in_flight"), 900) && !is_in_flight(&Item::new(), 0));
    }
}
