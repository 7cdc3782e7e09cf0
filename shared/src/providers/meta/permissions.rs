//! A token's permissions and the accounts they cover, according to `debug_token`.

use serde::Deserialize;
use serde_json::Value;

use crate::platform::CompanionId;
use crate::providers::permissions::Permissions;

use super::graph::App;
use super::id::{account, digits};

/// What Meta says about a token.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Told {
    scopes: Vec<String>,
    granular_scopes: Vec<Granular>,
}

#[derive(Deserialize)]
struct Granular {
    scope: String,
    /// If absent, it covers all accounts; if empty, none.
    target_ids: Option<Vec<Value>>,
}

impl Told {
    /// What it says about a platform's accounts: `targets` gives the kind of account that a
    /// permission's targets are. Targets of other permissions are no accounts, and an invalid id is
    /// no target.
    pub(super) fn read(self, app: &App) -> Permissions {
        let mut permissions = Permissions { scopes: self.scopes, ..Permissions::default() };
        for Granular { scope, target_ids } in self.granular_scopes {
            let Some(ids) = target_ids else { continue };
            let companion = app.companion.filter(|kind| kind.targets.contains(&scope.as_str()));
            if let Some(kind) = (app.targets)(&scope) {
                permissions.targets.push((scope, ids.into_iter().filter_map(|id| account(kind, id)).collect()));
            } else if let Some(kind) = companion {
                let companions = ids.into_iter().filter_map(|id| CompanionId::parse(kind, &digits(id)?));
                permissions.companions.push((scope, companions.collect()));
            }
        }
        permissions
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::AccountId;
    use crate::providers::{
        facebook::{self, INSTAGRAM, PAGE},
        permissions::Granted,
    };
    use serde_json::{Value, json};

    fn page(id: &str) -> AccountId {
        AccountId::parse(&PAGE, id).unwrap()
    }

    fn permissions(granular: Value) -> Permissions {
        let told: Told =
            serde_json::from_value(json!({ "scopes": ["pages_messaging", "pages_show_list", "email"], "granular_scopes": granular }))
                .unwrap();
        told.read(&facebook::tests::graph("", "hush", 0).app)
    }

    #[test]
    fn a_permission_without_targets_covers_all_pages_and_with_an_empty_list_none() {
        let page = page("1");
        let granted = |granular: Value| permissions(granular).granted("pages_messaging", &page);
        assert_eq!(granted(json!([])), Granted::Yes);
        assert_eq!(granted(json!([{ "scope": "pages_messaging" }])), Granted::Yes);
        assert_eq!(granted(json!([{ "scope": "pages_messaging", "target_ids": null }])), Granted::Yes);
        assert_eq!(granted(json!([{ "scope": "pages_messaging", "target_ids": [] }])), Granted::ForNone);
        assert_eq!(granted(json!([{ "scope": "pages_messaging", "target_ids": [{}] }])), Granted::ForNone, "what can't be read is no Page");
        assert_eq!(granted(json!([{ "scope": "pages_messaging", "target_ids": ["2", 1] }])), Granted::Yes);
        assert_eq!(granted(json!([{ "scope": "pages_messaging", "target_ids": ["2"] }])), Granted::No);
        assert_eq!(granted(json!([{ "scope": "pages_show_list", "target_ids": [] }])), Granted::Yes);
    }

    #[test]
    fn a_missing_permission_covers_no_page_regardless_of_targets() {
        let page = page("1");
        let permissions = permissions(json!([{ "scope": "pages_manage_metadata", "target_ids": ["1"] }]));
        assert_eq!(permissions.granted("pages_manage_metadata", &page), Granted::No);
        assert!(permissions.lack("pages_manage_metadata") && !permissions.lack("email"));
        assert!(!Permissions::default().lack("email"), "an answer without permissions says nothing about them");
        assert_eq!(Permissions::default().granted("pages_messaging", &page), Granted::Yes);
    }

    #[test]
    fn only_page_permissions_name_pages() {
        let permissions = permissions(json!([
            { "scope": "pages_show_list", "target_ids": ["2", "1"] },
            { "scope": "instagram_basic", "target_ids": ["7"] },
            { "scope": "pages_messaging", "target_ids": ["1", "3"] },
            { "scope": "email" },
        ]));
        assert_eq!(permissions.accounts().iter().map(AccountId::as_str).collect::<Vec<_>>(), ["2", "1", "3"]);
        assert_eq!(permissions.granted("instagram_basic", &page("1")), Granted::No, "it is not among the scopes here");
    }

    #[test]
    fn an_instagram_account_needs_both_permissions_for_itself() {
        let id = |id: &str| CompanionId::parse(&INSTAGRAM, id).unwrap();
        let allowed = |scopes: &[&str], granular: Value| {
            let told: Told = serde_json::from_value(json!({ "scopes": scopes, "granular_scopes": granular })).unwrap();
            told.read(&facebook::tests::graph("", "hush", 0).app).granted_to(&id("7"))
        };
        let both = ["instagram_basic", "instagram_manage_messages"];
        assert_eq!(allowed(&both, json!([])), Granted::Yes);
        assert_eq!(allowed(&both, json!([{ "scope": both[0] }, { "scope": both[1], "target_ids": ["8", 7] }])), Granted::Yes);
        assert_eq!(allowed(&both, json!([{ "scope": both[1], "target_ids": ["8"] }])), Granted::No);
        assert_eq!(allowed(&both, json!([{ "scope": both[0], "target_ids": [] }])), Granted::ForNone);
        assert_eq!(allowed(&both[..1], json!([{ "scope": both[0], "target_ids": [] }])), Granted::No, "the other is gone");
        assert_eq!(allowed(&[], json!([])), Granted::Yes, "an answer that lists none says nothing");
    }
}
