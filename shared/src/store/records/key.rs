//! Where each kind of item lies.

use uuid::Uuid;

use crate::store::table::Key;

/// What the partition of an identity begins with.
const IDENTITIES: &str = "uuid#";
/// The place of an owner: whom a shop or a Page leads to.
pub(in crate::store) const OWNER: &str = "owner";
/// The place of an identity's store.
pub(in crate::store) const STORE: &str = "store";
/// The place of a doubt about it.
pub(in crate::store) const DOUBT: &str = "doubt";
/// The place of a privacy request.
pub(in crate::store) const REQUEST: &str = "status";
/// What the place of a Page begins with.
pub(in crate::store) const PAGES: &str = "page#";
/// What the place of a person begins with.
pub(in crate::store) const PERSONS: &str = "person#";
/// What the place of an event begins with.
pub(in crate::store) const EVENTS: &str = "event#";
/// What the place of a note begins with that says under which identity events tell of a request.
pub(in crate::store) const TOLD: &str = "told#";

/// The partition of an identity.
pub(in crate::store) fn identity(user_uuid: Uuid) -> String {
    format!("{IDENTITIES}{user_uuid}")
}

/// The identity whose partition this is.
pub(in crate::store) fn identity_of(pk: &str) -> Option<Uuid> {
    pk.strip_prefix(IDENTITIES)?.parse().ok()
}

/// The partition of what leads from a Page.
pub(in crate::store) fn page(id: &str) -> String {
    format!("{PAGES}{id}")
}

/// The partition of a privacy request.
pub(in crate::store) fn request(code: Uuid) -> String {
    format!("deletion#{}", code.simple())
}

impl Key {
    /// An item of an identity.
    pub(in crate::store) fn under(user_uuid: Uuid, sk: &str) -> Self {
        Self::in_connections(identity(user_uuid), sk)
    }

    /// The store of an identity: what makes it one.
    pub(in crate::store) fn store(user_uuid: Uuid) -> Self {
        Self::in_connections(identity(user_uuid), STORE)
    }

    /// A Page under an identity.
    pub(in crate::store) fn page(user_uuid: Uuid, id: &str) -> Self {
        Self::in_connections(identity(user_uuid), format!("{PAGES}{id}"))
    }

    /// A person's grant under an identity.
    pub(in crate::store) fn person(user_uuid: Uuid, id: &str) -> Self {
        Self::in_connections(identity(user_uuid), format!("{PERSONS}{id}"))
    }

    /// The doubt about an identity's store.
    pub(in crate::store) fn doubt(user_uuid: Uuid) -> Self {
        Self::in_connections(identity(user_uuid), DOUBT)
    }

    /// An event of an identity.
    pub(in crate::store) fn event(user_uuid: Uuid, id: Uuid) -> Self {
        Self::in_connections(identity(user_uuid), format!("{EVENTS}{id}"))
    }

    /// Which identity a shop has.
    pub(in crate::store) fn owner_of_shop(domain: &str) -> Self {
        Self::in_connections(format!("shop#{domain}"), OWNER)
    }

    /// Which identity holds a Page.
    pub(in crate::store) fn owner_of_page(id: &str) -> Self {
        Self::in_connections(page(id), OWNER)
    }

    /// What is left to do once a link is gone.
    pub(in crate::store) fn job(id: Uuid, kind: &str) -> Self {
        Self::in_connections(format!("job#{id}"), kind)
    }

    /// A privacy request.
    pub(in crate::store) fn request(code: Uuid) -> Self {
        Self::in_connections(request(code), REQUEST)
    }

    /// Under which identity events tell of a request; `hash` names it without saying it.
    pub(in crate::store) fn told(code: Uuid, hash: &str) -> Self {
        Self::in_connections(request(code), format!("{TOLD}{hash}"))
    }

    /// That something was erased.
    pub(in crate::store) fn audit(id: Uuid) -> Self {
        Self::in_connections(format!("audit#{id}"), "audit")
    }

    /// A note of the keeper.
    pub(in crate::store) fn keeper(what: &str) -> Self {
        Self::in_connections("keeper", what)
    }

    /// A session, of which the hash alone is known.
    pub(in crate::store) fn session(hash: &str) -> Self {
        Self::in_sessions(format!("session#{hash}"))
    }

    /// The used states of an account and the lease on it. `hash` does not name the account.
    pub(in crate::store) fn flow(platform: &str, hash: &str) -> Self {
        Self::in_sessions(format!("flow#{platform}#{hash}"))
    }

    /// A request of a provider that has had its effect.
    pub(in crate::store) fn delivery(hash: &str) -> Self {
        Self::in_sessions(format!("delivery#{hash}"))
    }

    /// Signed bytes that were delivered.
    pub(in crate::store) fn body(hash: &str) -> Self {
        Self::in_sessions(format!("body#{hash}"))
    }
}
