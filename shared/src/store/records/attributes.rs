//! Every attribute of both tables: name and type, each defined here and nowhere else.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::store::table::{Attribute, Named, Row, Sealed, Value};

use super::words::{About, Outcome, Status};

/// Declares the attributes, and lists those sealed with the ring's keys.
macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident: $of:ty = $text:literal;)*) => {
        $($(#[$doc])* pub(in crate::store) const $name: Attribute<$of> = Attribute::named($text);)*

        /// The attributes sealed with a key of the ring, each once.
        pub(in crate::store) fn sealed() -> Vec<Attribute<Sealed>> {
            let all = [$(($text, <$of as Value>::SEALED)),*];
            all.into_iter().filter(|(_, is_sealed)| *is_sealed).map(|(name, _)| Attribute::named(name)).collect()
        }
    };
}

attributes! {
    // Of several kinds of items.
    /// The identity that an owner names; in a session, the session's identity.
    IDENTITY: Uuid = "uuid";
    SHOP: String = "shop";
    NAME: String = "name";
    STATUS: Status = "status";
    REASON: String = "reason";
    DEAD_SINCE: u64 = "dead_since";
    GENERATION: u64 = "generation";
    VERSION: u64 = "version";
    ACCESS_TOKEN: Sealed = "access_token";
    ISSUED_AT: u64 = "issued_at";
    EXPIRES_AT: u64 = "expires_at";
    SCOPES: Vec<String> = "scopes";
    APP_ID: String = "app_id";
    LINKED_AT: u64 = "linked_at";
    /// In Unix milliseconds.
    LINKED_MS: u64 = "linked_ms";
    /// For a store or a grant: when it was last found working.
    CHECKED_AT: u64 = "checked_at";
    DUE_SHARD: String = "due_shard";
    DUE_AT: u64 = "due_at";
    FAILURES: u64 = "failures";
    DEAD_SEEN_AT: u64 = "dead_seen_at";
    /// When it was reported that this link ends soon: once per link.
    EXPIRING_TOLD: u64 = "expiring_told";
    /// How many records were affected.
    RECORDS: u64 = "records";
    /// The hash of the request.
    REQUEST: String = "request";
    /// DynamoDB's own: when an item may go.
    TTL: u64 = "ttl";

    // Of a store.
    SHOP_ID: String = "shop_id";
    SESSIONS: BTreeMap<String, u64> = "sessions";
    ACCESS_EXPIRES_AT: u64 = "access_expires_at";
    REFRESH_TOKEN: Sealed = "refresh_token";
    REFRESH_EXPIRES_AT: u64 = "refresh_expires_at";
    UNCONFIRMED: bool = "unconfirmed";
    UNCOMPARED: bool = "uncompared";
    UNINSTALLED_AT: u64 = "uninstalled_at";
    ERASE_WHAT: String = "erase_what";
    ERASE_REQUEST: String = "erase_request";
    ERASE_RECORDS: u64 = "erase_records";

    // Of an account.
    CATEGORY: String = "category";
    TASKS: Vec<String> = "tasks";
    GRANTED_BY: String = "granted_by";
    MESSAGING_READY: bool = "messaging_ready";
    MESSAGING_REASON: String = "messaging_reason";
    /// How people know it, other than by its name.
    DISPLAY: String = "display";
    /// Its companion: id and name.
    COMPANION: String = "companion";
    COMPANION_NAME: String = "companion_name";
    WITHHELD_SINCE: u64 = "withheld_since";
    COMPANION_WITHHELD_SINCE: u64 = "companion_withheld_since";
    /// Absent if the platform never said.
    THREAD_ROUTING: bool = "thread_routing";

    // Of a PIN.
    /// By name, which says whose PIN was tried: the time, in Unix milliseconds.
    TRIES: BTreeMap<String, u64> = "tries";

    // Of a grant.
    /// The key of the index `by_person`; also set on an account once the grant's own item is gone.
    GRANT_MARK: String = "person";
    KIND: String = "kind";
    DATA_ACCESS_EXPIRES_AT: u64 = "data_access_expires_at";
    PROGRESS: String = "progress";

    // Of a session.
    ATTEMPTS: u64 = "attempts";
    LAST_ATTEMPT: String = "last_attempt";
    NOTICE: String = "notice";
    NOTICE_AT: u64 = "notice_at";
    LIST_ONLY: bool = "list_only";

    // Of used states and their lease.
    LEASE_OWNER: String = "lease_owner";
    LEASE_UNTIL: u64 = "lease_until";
    FENCE: u64 = "fence";
    FAILED_AT: u64 = "failed_at";
    FAILURE: String = "failure";
    USED_BY: String = "by";
    USED_STATE_ENDS: u64 = "exp";
    OUTCOME: Outcome = "out";

    // Of an event.
    EVENT_TYPE: String = "event_type";
    EVENT_ID: String = "event_id";
    USER_UUID: Uuid = "user_uuid";
    PLATFORM: String = "platform";
    ACCOUNT: String = "account";
    HAPPENED_AT: String = "at";

    // Of a doubt.
    DOUBTED: About = "doubted";
    REPLAYED: bool = "replayed";
    JOINED: String = "joined";

    // Of a job, and of a privacy request.
    CONTENT: Sealed = "sealed";
    AFTER: Uuid = "after";
    /// `PLATFORM/WHAT`.
    ASKED: String = "asked";
    RECEIVED_MS: u64 = "received_ms";
    DONE_AT: u64 = "done_at";
    AUDITED: u64 = "audited";

    // Of an audit record, and of a delivery.
    WHAT: String = "what";
    AUDITED_AT: u64 = "at";
    ERASING: Uuid = "erasing";

    // Of the keeper's notes.
    SEALED_WITH: String = "sealed_with";
    PARTS: BTreeMap<String, u64> = "parts";
    SECOND: bool = "second";
    AGAIN_AT: u64 = "again_at";
    /// An earlier version's format for the progress of a walk.
    NEXT: Row = "next";
    SUCCEEDED: u64 = "succeeded";
    FAILED: u64 = "failed";
    BEGIN_AT: u64 = "begin_at";
    SEGMENT: u64 = "segment";
}

/// The notes on a record, kept until it is processed.
pub(in crate::store) const NOTES: [&dyn Named; 2] = [&FAILURES, &DEAD_SEEN_AT];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_attributes_are_recognized_by_type() {
        let names: Vec<String> = sealed().iter().map(|attribute| attribute.name().to_owned()).collect();
        assert_eq!(names, ["access_token", "refresh_token", "sealed"]);
    }
}
