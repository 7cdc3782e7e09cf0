//! Where each kind of item lies.

use uuid::Uuid;

use crate::{
    platform::{AccountId, CompanionId, GrantId},
    store::table::Key,
};

/// What the partition of an identity begins with.
const IDENTITIES: &str = "uuid#";
/// The place of an owner: whom a shop or an account leads to.
pub(in crate::store) const OWNER: &str = "owner";
/// The place of an identity's store.
pub(in crate::store) const STORE: &str = "store";
/// What the place of an event begins with.
pub(in crate::store) const EVENTS: &str = "event#";
/// What the place of a note begins with that says under which identity events tell of a request.
pub(in crate::store) const TOLD: &str = "told#";

/// The partition of the keeper's notes.
pub(in crate::store) const KEEPER: &str = "keeper";
/// What the place of a note begins with that says how deliveries of messages went.
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

/// Declares where each kind of item lies: in which table, in which partition, and where in it.
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
    /// The store of an identity: what makes it one.
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
    /// On which account something hangs: one item for each account that it was seen on, written and
    /// deleted with that account's own, so that none of them can be in the way of another.
    companion(id: &CompanionId, account: &AccountId) = in_connections(id.place(), account.place());
    /// What is left to do once a link is gone.
    job(id: Uuid, kind: &str) = in_connections(format!("job#{id}"), kind);
    /// A privacy request.
    request(code: Uuid) = in_connections(request(code), "status");
    /// Under which identity events tell of a request; `hash` names it without saying it.
    told(code: Uuid, hash: &str) = in_connections(request(code), format!("{TOLD}{hash}"));
    /// The PIN of an account. `hash` does not name the account.
    pin(hash: &str) = in_connections(format!("pin#{hash}"), "pin");
    /// That something was erased.
    audit(id: Uuid) = in_connections(format!("audit#{id}"), "audit");
    /// A note of the keeper.
    keeper(what: &str) = in_connections(KEEPER, what);
    /// A session, of which the hash alone is known.
    session(hash: &str) = in_sessions(format!("session#{hash}"));
    /// The used states of an account and the lease on it. `hash` does not name the account.
    flow(platform: &str, hash: &str) = in_sessions(format!("flow#{platform}#{hash}"));
    /// A request of a provider that has had its effect.
    delivery(hash: &str) = in_sessions(format!("delivery#{hash}"));
    /// Signed bytes that were delivered.
    body(hash: &str) = in_sessions(format!("body#{hash}"));
}
