//! The permissions of a token and the Pages that they hold for, as `debug_token` tells them: read here for the link and for the checks after it.

use std::collections::HashSet;

use serde::{Deserialize, Deserializer};

use super::id::PageId;

/// What a token may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Permissions {
    scopes: Vec<String>,
    granular_scopes: Vec<Granular>,
}

/// Whether a permission holds for a Page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted {
    /// It does.
    Yes,
    /// It is gone, or holds for other Pages.
    No,
    /// It is there, and holds for no Page at all.
    ForNone,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Granular {
    scope: String,
    /// Absent: it holds for all. Empty: for none.
    #[serde(default, deserialize_with = "read_targets")]
    target_ids: Option<Vec<PageId>>,
}

impl Granular {
    /// The Pages that a permission of Pages holds for; none where it holds for all. The targets of others are no Pages.
    fn pages(&self) -> Option<&[PageId]> {
        self.target_ids.as_deref().filter(|_| self.scope.starts_with("pages_"))
    }
}

/// What is no id is no target.
fn read_targets<'de, D: Deserializer<'de>>(targets: D) -> Result<Option<Vec<PageId>>, D::Error> {
    let targets: Option<Vec<serde_json::Value>> = Deserialize::deserialize(targets)?;
    Ok(targets.map(|targets| targets.into_iter().filter_map(PageId::read).collect()))
}

impl Permissions {
    /// All of them by name.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Whether a permission is gone. An answer that lists none at all says nothing about them.
    #[must_use]
    pub fn lack(&self, scope: &str) -> bool {
        !self.scopes.is_empty() && !self.scopes.iter().any(|granted| granted == scope)
    }

    /// Whether a permission holds for a Page.
    #[must_use]
    pub fn granted(&self, scope: &str, page: &PageId) -> Granted {
        if self.lack(scope) {
            return Granted::No;
        }
        match self.granular_scopes.iter().find(|granted| granted.scope == scope).and_then(Granular::pages) {
            None => Granted::Yes,
            Some([]) => Granted::ForNone,
            Some(pages) if pages.contains(page) => Granted::Yes,
            Some(_) => Granted::No,
        }
    }

    /// The Pages that are named, each once, in the order in which Facebook names them.
    #[must_use]
    pub fn pages(&self) -> Vec<PageId> {
        let mut seen = HashSet::new();
        let named = self.granular_scopes.iter().filter_map(Granular::pages).flatten();
        named.filter(|id| seen.insert(*id)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn permissions(granular: Value) -> Permissions {
        serde_json::from_value(json!({ "scopes": ["pages_messaging", "pages_show_list", "email"], "granular_scopes": granular })).unwrap()
    }

    #[test]
    fn without_targets_a_permission_holds_for_all_pages_and_with_an_empty_list_for_none() {
        let page = PageId::parse("1").unwrap();
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
    fn a_permission_that_is_not_there_holds_for_no_page_whatever_its_targets() {
        let page = PageId::parse("1").unwrap();
        let permissions = permissions(json!([{ "scope": "pages_manage_metadata", "target_ids": ["1"] }]));
        assert_eq!(permissions.granted("pages_manage_metadata", &page), Granted::No);
        assert!(permissions.lack("pages_manage_metadata") && !permissions.lack("email"));
        assert!(!Permissions::default().lack("email"), "an answer without permissions says nothing about them");
        assert_eq!(Permissions::default().granted("pages_messaging", &page), Granted::Yes);
    }

    #[test]
    fn only_permissions_of_pages_name_pages() {
        let permissions = permissions(json!([
            { "scope": "pages_show_list", "target_ids": ["2", "1"] },
            { "scope": "instagram_basic", "target_ids": ["7"] },
            { "scope": "pages_messaging", "target_ids": ["1", "3"] },
            { "scope": "email" },
        ]));
        assert_eq!(permissions.pages().iter().map(PageId::as_str).collect::<Vec<_>>(), ["2", "1", "3"]);
        assert_eq!(permissions.granted("instagram_basic", &PageId::parse("1").unwrap()), Granted::No, "it is not among the scopes here");
    }
}
