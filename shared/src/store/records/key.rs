//! The keys of each kind of item.

use uuid::Uuid;

use crate::{
    platform::{AccountId, CompanionId, GrantId},
    store::table::Key,
};

/// The prefix of an identity's partition.
const IDENTITIES: &str = "uuid#";
/// The range key of an owner item: which identity a shop or an account belongs to.
pub(in crate::store) const OWNER: &str = "owner";
/// The range key of an identity's store.
pub(in crate::store) const STORE: &str = "store";
/// The prefix of an event's range key.
pub(in crate::store) const EVENTS: &str = "event#";
/// The prefix of the range key of a note on an identity whose events mention a request.
pub(in crate::store) const TOLD: &str = "told#";

/// The partition of the keeper's notes.
pub(in crate::store) const KEEPER: &str = "keeper";
/// The prefix of the range key of a note on message deliveries.
pub(in crate::store) const RECEIVED: &str = "received#";

/// The partition of an identity.
pub(in crate::store) fn identity(user_uuid: Uuid) -> String {
    format!("{IDENTITIES}{user_uuid}")
}

/// The identity of this partition.
pub(in crate::store) fn identity_of(pk: &str) -> Option<Uuid> {
    pk.strip_prefix(IDENTITIES)?.parse().ok()
}

/// The partition of a privacy request.
pub(in crate::store) fn request(code: Uuid) -> String {
    format!("deletion#{}", code.simple())
}

/// Declares the key of each kind of item: its table, partition and range key.
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
    /// The store of an identity, which defines it.
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
    /// Which account a companion belongs to: one item per account, written and deleted with the
    /// account's own, so that they never conflict.
    companion(id: &CompanionId, account: &AccountId) = in_connections(id.place(), account.place());
    /// A call left to make once a link is gone.
    job(id: Uuid, kind: &str) = in_connections(format!("job#{id}"), kind);
    /// A privacy request.
    request(code: Uuid) = in_connections(request(code), "status");
    /// An identity whose events mention a request; `hash` identifies it without revealing it.
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
    /// A provider request that has had its effect.
    delivery(hash: &str) = in_sessions(format!("delivery#{hash}"));
    /// Signed bytes that were delivered.
    body(hash: &str) = in_sessions(format!("body#{hash}"));
}
