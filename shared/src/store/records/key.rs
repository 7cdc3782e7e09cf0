//! The key of each kind of item.

use uuid::Uuid;

use crate::{
    platform::{AccountId, CompanionId, GrantId},
    store::table::Key,
};

/// Prefix of an identity's partition.
const IDENTITIES: &str = "uuid#";
/// The sort key of an owner: the identity of a shop or an account.
pub(in crate::store) const OWNER: &str = "owner";
/// The sort key of an identity's store.
pub(in crate::store) const STORE: &str = "store";
/// Prefix of an event's sort key.
pub(in crate::store) const EVENTS: &str = "event#";
/// Prefix of the sort key of a note that says under which identity events report a request.
pub(in crate::store) const TOLD: &str = "told#";

/// The partition of the keeper's notes.
pub(in crate::store) const KEEPER: &str = "keeper";
/// Prefix of the sort key of a note on how message deliveries went.
pub(in crate::store) const RECEIVED: &str = "received#";

/// The partition of an identity.
pub(in crate::store) fn identity(user_uuid: Uuid) -> String {
    format!("{IDENTITIES}{user_uuid}")
}

/// The identity whose partition this is.
pub(in crate::store) fn identity_of(pk: &str) -> Option<Uuid> {
    pk.strip_prefix(IDENTITIES)?.parse().ok()
}

/// The partition of a privacy request.
pub(in crate::store) fn request(code: Uuid) -> String {
    format!("deletion#{}", code.simple())
}

/// Declares each kind of item's key: its table, its partition, and its place there.
macro_rules! places {
    ($($(#[$doc:meta])* $name:ident($($part:ident: $of:ty),*) = $table:ident($($at:expr),*);)*) => {
        impl Key {
            $($(#[$doc])* pub(in crate::store) fn $name($($part: $of),*) -> Self {
                Self::$table($($at),*)
            })*
        }
    };
}

places! {
    /// An item of an identity.
    under(user_uuid: Uuid, sk: &str) = in_connections(identity(user_uuid), sk);
    /// An identity's store, which makes it one.
    store(user_uuid: Uuid) = in_connections(identity(user_uuid), STORE);
    /// An account under an identity.
    account(user_uuid: Uuid, id: &AccountId) = in_connections(identity(user_uuid), id.place());
    /// A grant under an identity.
    grant(user_uuid: Uuid, id: &GrantId) = in_connections(identity(user_uuid), id.place());
    /// The doubt about an identity's store.
    doubt(user_uuid: Uuid) = in_connections(identity(user_uuid), "doubt");
    /// An event of an identity.
    event(user_uuid: Uuid, id: Uuid) = in_connections(identity(user_uuid), format!("{EVENTS}{id}"));
    /// Which identity a shop has.
    owner_of_shop(domain: &str) = in_connections(format!("shop#{domain}"), OWNER);
    /// Which identity holds an account.
    owner_of_account(id: &AccountId) = in_connections(id.place(), OWNER);
    /// An account that a companion came with: one item per account it was seen on, written and
    /// deleted with the account's own, so that none can block another.
    companion(id: &CompanionId, account: &AccountId) = in_connections(id.place(), account.place());
    /// Work left to do once a link is gone.
    job(id: Uuid, kind: &str) = in_connections(format!("job#{id}"), kind);
    /// A privacy request.
    request(code: Uuid) = in_connections(request(code), "status");
    /// Under which identity events report a request; `hash` identifies it without revealing it.
    told(code: Uuid, hash: &str) = in_connections(request(code), format!("{TOLD}{hash}"));
    /// The PIN of an account. `hash` does not name the account.
    pin(hash: &str) = in_connections(format!("pin#{hash}"), "pin");
    /// That something was erased.
    audit(id: Uuid) = in_connections(format!("audit#{id}"), "audit");
    /// A note of the keeper.
    keeper(what: &str) = in_connections(KEEPER, what);
    /// A session, known only by its hash.
    session(hash: &str) = in_sessions(format!("session#{hash}"));
    /// The used states of an account and the lease on it. `hash` does not name the account.
    flow(platform: &str, hash: &str) = in_sessions(format!("flow#{platform}#{hash}"));
    /// A provider request that has taken effect.
    delivery(hash: &str) = in_sessions(format!("delivery#{hash}"));
    /// Signed bytes that were delivered.
    body(hash: &str) = in_sessions(format!("body#{hash}"));
}
