//! Records for tests.

use uuid::Uuid;

use crate::{
    Secret, UnixSeconds,
    platform::{AccountId, GrantId},
    providers::PLATFORMS,
};

use super::{Account, AsRead, Grant, Kept, Shop, Status};

/// A store with its pair opened, issued and renewable until these times.
pub(crate) fn opened(user_uuid: Uuid, issued_at: UnixSeconds, refresh_expires_at: Option<UnixSeconds>) -> Shop<Option<Secret>> {
    Shop {
        user_uuid,
        shop: "acme.myshopify.com".to_owned(),
        shop_id: None,
        name: None,
        status: Status::Active,
        reason: None,
        dead_since: None,
        dead_seen_at: None,
        expiring_told: None,
        generation: 1,
        version: 1,
        access_token: Some(Secret::new("a")),
        access_expires_at: Some(issued_at + 3600),
        refresh_token: Some(Secret::new("r")),
        refresh_expires_at,
        issued_at,
        scopes: Vec::new(),
        app_id: "app".to_owned(),
        linked_at: issued_at,
        linked_ms: issued_at * 1000,
        checked_at: None,
        unconfirmed: false,
        uncompared: false,
        due_at: None,
        uninstalled_at: None,
        old_key: false,
        sessions: Default::default(),
        erase_what: None,
        erase_request: None,
        erase_records: None,
    }
}

/// A store with its pair sealed.
pub(crate) fn shop() -> Shop {
    opened(Uuid::nil(), 1000, None).sealed(None)
}

/// A working account with its token sealed.
pub(crate) fn account(id: &str) -> Account {
    Account {
        id: account_id(id),
        name: "A Page".to_owned(),
        status: Status::Active,
        reason: None,
        dead_since: None,
        access_token: None,
        app_id: "77".to_owned(),
        linked_at: None,
        granted_by: "7".to_owned(),
        tasks: Vec::new(),
        display: None,
        messaging_ready: true,
        messaging_reason: None,
        companion: None,
        thread_routing: None,
        expiring_told: None,
        withheld_since: None,
        companion_withheld_since: None,
        version: 1,
        is_marked: false,
        expires_at: None,
        has_token: false,
        as_read: AsRead::default(),
    }
}

/// A grant whose token does not expire, and is not included.
pub(crate) fn grant() -> Grant<Kept> {
    Grant {
        id: grant_id("7"),
        kind: "USER".to_owned(),
        status: Status::Active,
        reason: None,
        dead_since: None,
        dead_seen_at: None,
        progress: None,
        token: Kept::None,
        issued_at: 1000,
        checked_at: None,
        expires_at: None,
        scopes: Vec::new(),
        app_id: "1".to_owned(),
        due_at: None,
        failures: 0,
        as_read: AsRead::default(),
    }
}

/// The id of an account of the first kind.
pub(crate) fn account_id(id: &str) -> AccountId {
    AccountId::parse(PLATFORMS.accounts().next().unwrap(), id).unwrap()
}

/// The id of a grant of the first kind.
pub(crate) fn grant_id(id: &str) -> GrantId {
    GrantId::parse(PLATFORMS.grants().next().unwrap(), id).unwrap()
}
