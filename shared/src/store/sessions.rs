//! Sessions: what a browser may do between the two flows. Only the hash of the cookie is stored.

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use uuid::Uuid;

use crate::{
    calls::timed,
    error::{Code, Error},
    reply::cookie::{MAX_AGE, Name, Token},
    signing::{base64url, hex},
};

use super::{
    Sessions,
    disconnect::Notice,
    item::{self, n, s},
    unavailable,
};

/// Facebook flows that may begin from one session.
const MAX_ATTEMPTS: u64 = 20;

/// The key of a session: a hash, from which the cookie can't be had back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionKey(String);

impl SessionKey {
    /// The key for a cookie.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        Self(base64url(&token.hash(Name::Session)))
    }

    pub(super) fn partition(&self) -> String {
        format!("session#{}", self.0)
    }

    /// The hash, as the link lists its sessions.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn from_hash(hash: &str) -> Self {
        Self(hash.to_owned())
    }
}

/// A live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The identity it may add to.
    pub user_uuid: Uuid,
    /// The identity's store.
    pub shop: String,
    /// The identity's generation when the session began, or when its own merchant raised it.
    pub generation: u64,
    /// What this session disconnected a moment ago.
    pub notice: Option<Notice>,
    attempts: u64,
    /// Its store was disconnected: it shows what is left, and begins no more flows.
    list_only: bool,
}

impl Sessions {
    /// The session of a cookie, in which Pages can be linked. One that is over is none, however long DynamoDB keeps it, and so is one whose store was disconnected.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        Ok(self.load_for_list(key).await?.filter(|session| !session.list_only))
    }

    /// The same for the list of what is linked, for which a session is good after its store was disconnected as well.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_for_list(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        let read = self.client.get_item().table_name(&self.table).key("pk", s(key.partition())).consistent_read(true);
        let output = timed("dynamodb.session", read.send()).await.map_err(|e| unavailable("session", &e))?;
        Ok(output.item().and_then(|found| {
            let live = item::number(found, "expires_at")? > self.clock.now();
            live.then_some(Session {
                user_uuid: item::uuid(found, "uuid")?,
                shop: item::text(found, "shop")?.to_owned(),
                generation: item::number(found, "generation")?,
                notice: Notice::read(found, self.clock.now_millis()),
                attempts: item::number(found, "attempts").unwrap_or_default(),
                list_only: found.contains_key("list_only"),
            })
        }))
    }

    /// Ends a session. Nothing happens when there is none.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn delete(&self, key: &SessionKey) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).key("pk", s(key.partition()));
        timed("dynamodb.sign_out", delete.send()).await.map(drop).map_err(|e| unavailable("sign_out", &e))
    }

    /// Counts a Facebook flow that begins. A session that has begun too many is refused on what was read, without a write.
    ///
    /// # Errors
    /// `too_many_attempts`; `invalid_session` when it ended meanwhile; `storage_unavailable`.
    pub async fn count_attempt(&self, key: &SessionKey, session: &Session) -> Result<(), Error> {
        let too_many = || Error::of(Code::TooManyAttempts);
        if session.attempts >= MAX_ATTEMPTS {
            return Err(too_many());
        }
        // Tells a repeated try of the very same write, whose first answer was lost, from another flow: it counts once.
        let attempt = hex(&crate::random::bytes::<8>()?);
        let write = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(key.partition()))
            .update_expression("SET attempts = attempts + :one, last_attempt = :this")
            .condition_expression(
                "expires_at > :now AND attempts < :most AND (attribute_not_exists(last_attempt) OR last_attempt <> :this)",
            )
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":most", n(MAX_ATTEMPTS))
            .expression_attribute_values(":now", n(self.clock.now()))
            .expression_attribute_values(":this", s(&attempt))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match timed("dynamodb.count_attempt", write.send()).await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => match failed.item() {
                    Some(found) if item::text(found, "last_attempt") == Some(&attempt) => Ok(()),
                    Some(found) if item::number(found, "attempts").is_some_and(|attempts| attempts >= MAX_ATTEMPTS) => Err(too_many()),
                    _ => Err(invalid()),
                },
                _ => Err(unavailable("count_attempt", &error)),
            },
        }
    }
}

/// The session is unknown, over, or not the one that is needed.
#[must_use]
pub fn invalid() -> Error {
    Error::of(Code::InvalidSession)
}

/// A new session as an item; it ends with its cookie.
pub(super) fn new_item(key: &SessionKey, user_uuid: Uuid, shop: &str, generation: u64, now: u64) -> super::Item {
    let expires_at: AttributeValue = n(expires_at(now));
    item::item([
        ("pk", s(key.partition())),
        ("uuid", s(user_uuid.to_string())),
        ("shop", s(shop)),
        ("generation", n(generation)),
        ("attempts", n(0)),
        ("expires_at", expires_at.clone()),
        ("ttl", expires_at),
    ])
}

/// When a session that begins now ends.
pub(super) fn expires_at(now: u64) -> u64 {
    now.saturating_add(MAX_AGE.as_secs())
}
