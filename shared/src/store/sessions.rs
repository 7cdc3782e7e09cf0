//! Sessions: what a browser may do between the two flows. Only the hash of the cookie is stored.

mod left_behind;

pub use left_behind::LeftBehind;

use std::fmt;

use aws_sdk_dynamodb::{
    operation::update_item::UpdateItemError,
    types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure},
};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    calls::timed,
    clock::Clock,
    error::{Code, Error},
    facts::next::NextStep,
    reply::cookie::{MAX_AGE, Name, Token},
    signing::{base64url, hex},
};

use super::{
    Item, Sessions,
    disconnect::Notice,
    item::{self, n, s},
    unavailable,
};

/// Facebook flows that may begin from one session.
const MAX_ATTEMPTS: u64 = 20;

/// The key of a session: a hash, from which the cookie can't be had back, and what opens its list of what was left behind.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey {
    hash: String,
    sealing: Zeroizing<[u8; 32]>,
}

impl SessionKey {
    /// The key for a cookie.
    #[must_use]
    pub fn of(token: &Token) -> Self {
        Self { hash: base64url(&token.hash(Name::Session)), sealing: token.key(LeftBehind::PURPOSE) }
    }

    pub(super) fn partition(&self) -> String {
        partition(&self.hash)
    }

    /// The hash, as the link lists its sessions.
    pub(super) fn as_str(&self) -> &str {
        &self.hash
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SessionKey").field(&self.hash).finish()
    }
}

/// The partition of a session, of which the hash alone is known.
pub(super) fn partition(hash: &str) -> String {
    format!("session#{hash}")
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
    /// What its flows left behind since another identity holds it, the latest first.
    pub left_behind: Vec<LeftBehind>,
    attempts: u64,
    /// Its store was disconnected: it shows what is left, and begins no more flows.
    list_only: bool,
}

impl Session {
    /// The session in an item, while it lives.
    fn read(found: &Item, key: &SessionKey, clock: &Clock) -> Option<Self> {
        let live = item::number(found, "expires_at")? > clock.now();
        live.then_some(Self {
            user_uuid: item::uuid(found, "uuid")?,
            shop: item::text(found, "shop")?.to_owned(),
            generation: item::number(found, "generation")?,
            notice: Notice::read(found, clock.now_millis()),
            left_behind: LeftBehind::read(found, key),
            attempts: item::number(found, "attempts").unwrap_or_default(),
            list_only: found.contains_key("list_only"),
        })
    }

    /// Whether it is of the store that a page of ours spoke of, if one did.
    fn is_of(&self, shop: Option<&str>) -> bool {
        shop.is_none_or(|shop| shop == self.shop)
    }
}

impl Sessions {
    /// The session of a cookie, in which Pages can be linked. One that is over is none, however long DynamoDB keeps it, and so is one whose store was disconnected.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        Ok(self.load_for_list(key).await?.filter(|session| !session.list_only))
    }

    /// The same, if it is of this store; any will do where none is named.
    ///
    /// # Errors
    /// `invalid_session`, `storage_unavailable`.
    pub async fn load_of(&self, key: &SessionKey, shop: Option<&str>) -> Result<Session, Error> {
        self.load(key).await?.filter(|session| session.is_of(shop)).ok_or_else(invalid)
    }

    /// The same for the list of what is linked, for which a session is good after its store was disconnected as well.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_for_list(&self, key: &SessionKey) -> Result<Option<Session>, Error> {
        let read = self.client.get_item().table_name(&self.table).key("pk", s(key.partition())).consistent_read(true);
        let output = timed("dynamodb.session", read.send()).await.map_err(|e| unavailable("session", &e))?;
        Ok(output.item().and_then(|found| Session::read(found, key, &self.clock)))
    }

    /// Ends a session. Nothing happens when there is none.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn delete(&self, key: &SessionKey) -> Result<(), Error> {
        let delete = self.client.delete_item().table_name(&self.table).key("pk", s(key.partition()));
        timed("dynamodb.sign_out", delete.send()).await.map(drop).map_err(|e| unavailable("sign_out", &e))
    }

    /// Counts a flow that begins in a session of this store, and returns the session; both in one write. Sent again because its answer was lost, it counts once and refuses
    /// nothing.
    ///
    /// # Errors
    /// `invalid_session` as [`Sessions::load_of`]; `too_many_attempts`, which leads to the store's login; `storage_unavailable`.
    pub async fn count_attempt(&self, key: &SessionKey, shop: Option<&str>) -> Result<Session, Error> {
        // Tells a repeated try of the very same write from another flow.
        let attempt = hex(&crate::random::bytes::<8>()?);
        let condition = "expires_at > :now AND attribute_not_exists(list_only) AND attempts < :most \
             AND (attribute_not_exists(last_attempt) OR last_attempt <> :this)";
        let mut write = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(key.partition()))
            .update_expression("SET attempts = attempts + :one, last_attempt = :this")
            .condition_expression(condition)
            .expression_attribute_values(":one", n(1))
            .expression_attribute_values(":most", n(MAX_ATTEMPTS))
            .expression_attribute_values(":now", n(self.clock.now()))
            .expression_attribute_values(":this", s(&attempt))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        if let Some(shop) = shop {
            write = write.condition_expression(format!("{condition} AND shop = :shop")).expression_attribute_values(":shop", s(shop));
        }
        let read = |found: &Item| Session::read(found, key, &self.clock).filter(|session| !session.list_only && session.is_of(shop));
        match timed("dynamodb.count_attempt", write.send()).await {
            Ok(output) => output.attributes().and_then(read).ok_or_else(invalid),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                    let found = failed.item().and_then(|found| Some((found, read(found)?)));
                    let (found, session) = found.ok_or_else(invalid)?;
                    if item::text(found, "last_attempt") == Some(&attempt) {
                        Ok(session)
                    } else if session.attempts >= MAX_ATTEMPTS {
                        Err(Error::of(Code::TooManyAttempts).leading_to(NextStep::store_login(&session.shop)))
                    } else {
                        Err(invalid())
                    }
                }
                _ => Err(unavailable("count_attempt", &error)),
            },
        }
    }

    /// Keeps in the session what a flow left behind, where the flow itself wrote nothing. Without it the merchant sees numbers in place of names, so a failure is a line in the
    /// log.
    pub async fn keep_left_behind(&self, key: &SessionKey, session: &Session, left_behind: &[LeftBehind]) {
        let sealed = match LeftBehind::seal(left_behind, key) {
            Ok(sealed) => sealed,
            Err(error) => return tracing::warn!(cause = error.cause, "left behind, and not kept"),
        };
        let write = self
            .client
            .update_item()
            .table_name(&self.table)
            .key("pk", s(key.partition()))
            .update_expression(LeftBehind::UPDATE)
            .condition_expression("#uuid = :uuid")
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_values(":uuid", s(session.user_uuid.to_string()))
            .expression_attribute_values(":held", sealed);
        match timed("dynamodb.keep_left_behind", write.send()).await {
            Ok(_) => {}
            // The session has ended meanwhile.
            Err(error) if matches!(error.as_service_error(), Some(UpdateItemError::ConditionalCheckFailedException(_))) => {}
            Err(error) => tracing::warn!(cause = unavailable("keep_left_behind", &error).cause, "left behind, and not kept"),
        }
    }
}

/// The session is unknown, over, or not the one that is needed.
#[must_use]
pub fn invalid() -> Error {
    Error::of(Code::InvalidSession)
}

/// A new session as an item; it ends with its cookie.
pub(super) fn new_item(key: &SessionKey, user_uuid: Uuid, shop: &str, generation: u64, now: u64) -> Item {
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
