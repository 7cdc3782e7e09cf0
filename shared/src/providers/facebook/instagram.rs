//! Instagram through the Page: a professional account linked to a Page receives messages with the
//! Page's token (`docs/messenger-platform/instagram`).

use serde::Deserialize;
use serde_json::Value;

use crate::platform::{Companion, CompanionId, CompanionKind};
use crate::providers::meta;

/// An Instagram account, which follows its Page in everything.
pub static INSTAGRAM: CompanionKind = CompanionKind {
    key: "instagram",
    id: Some("instagram_id"),
    is_essential: false,
    doubt: None,
    label: "Instagram",
    entry: "instagram",
    name: Some("username"),
    scopes: &["instagram_basic", "instagram_manage_messages"],
    targets: &["instagram_basic", "instagram_manage_messages"],
    is_id: meta::is_id,
};

/// The field that asks a Page for it.
pub(super) const FIELD: &str = "instagram_business_account{id,username}";

/// A Page's answer about it.
#[derive(Deserialize)]
pub(super) struct Reply {
    id: Value,
    username: Option<String>,
}

impl Reply {
    /// None if it has no valid id.
    pub(super) fn read(self) -> Option<Companion> {
        let id = CompanionId::parse(&INSTAGRAM, &meta::digits(self.id)?)?;
        let name = self.username.map(|name| name.chars().take(255).collect());
        Some(Companion { id, name })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_account_is_read_by_its_id_even_without_a_name() {
        let read = |reply: Value| serde_json::from_value::<Reply>(reply).unwrap().read();
        let named = |id: &str, name: Option<&str>| {
            Some(Companion { id: CompanionId::parse(&INSTAGRAM, id).unwrap(), name: name.map(str::to_owned) })
        };
        assert_eq!(read(json!({ "id": "178", "username": "acme" })), named("178", Some("acme")));
        assert_eq!(read(json!({ "id": 178 })), named("178", None));
        for id in [json!("1/2"), json!(-1), json!(null), json!("")] {
            assert_eq!(read(json!({ "id": id })), None, "{id}");
        }
    }
}
