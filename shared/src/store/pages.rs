//! What is known of an identity's Pages, and what a Facebook flow wants to make of them.

use aws_sdk_dynamodb::types::AttributeValue;
use uuid::Uuid;

use crate::{
    calls::timed,
    clock::UnixSeconds,
    error::Error,
    facts::delivery::{Messaging, ThreadRouting},
    moving::MoveList,
    providers::facebook::pages::{Page, PageId},
    secret::Secret,
};

use super::{
    Connections, Item,
    flows::Claim,
    item::{self, identity_key, s},
    sessions::{LeftBehind, Session, SessionKey},
    unavailable,
};

/// Whether several apps share a Page's conversations; absent where Facebook never told.
pub(super) const THREAD_ROUTING: &str = "thread_routing";

/// A Page that the identity holds or held.
#[derive(Clone, Debug)]
pub struct PageRecord {
    pub(super) id: String,
    pub(super) version: u64,
    active: bool,
    granted_by: String,
    tasks: Vec<String>,
    pub(super) thread_routing: ThreadRouting,
}

/// The person whose grant gave the Pages.
#[derive(Debug)]
pub struct Person<'a> {
    /// The id in this app.
    pub user_id: &'a str,
    /// `USER` or `SYSTEM_USER`.
    pub kind: &'a str,
    /// The long-lived token.
    pub access_token: &'a Secret,
    /// Its end, if it has one.
    pub expires_at: Option<UnixSeconds>,
    /// When access to the person's data ends, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// The permissions granted.
    pub scopes: &'a [String],
}

/// What a Facebook flow writes.
#[derive(Debug)]
pub struct PagesLink<'a> {
    /// The session with which the flow ends.
    pub session: &'a Session,
    /// Its key; it ends with the flow, unless something is left behind.
    pub session_key: &'a SessionKey,
    /// The state that this flow uses.
    pub claim: &'a Claim,
    /// The app that the tokens were issued to.
    pub app_id: &'a str,
    /// Whose grant it is.
    pub person: Person<'a>,
    /// The Pages that have a token.
    pub pages: Vec<&'a Page>,
    /// Pages that move here if another identity holds them.
    pub moving: &'a MoveList,
    /// Of those, the ones that the grant says nothing of.
    pub not_granted: Vec<PageId>,
}

/// What became of each Page.
#[derive(Debug, Default)]
pub struct PagesLinked {
    /// Held by this identity now.
    pub linked: Vec<PageId>,
    /// Of those, the ones that another identity held before.
    pub moved: Vec<PageId>,
    /// Of those, the ones that keep the token they had, since this one can do less.
    pub kept: Vec<PageId>,
    /// Held by another identity.
    pub held_elsewhere: Vec<PageId>,
    /// What the session keeps of that by name, with what earlier flows left behind. Empty where this flow left nothing.
    pub left_behind: Vec<LeftBehind>,
    /// Those that were written now, each with its version.
    pub written: Vec<(PageId, u64)>,
}

impl PagesLinked {
    /// What a page offers to move: what this flow left behind, then what the session's earlier ones did.
    #[must_use]
    pub fn offered(&self) -> Vec<String> {
        let mut ids: Vec<String> = self.held_elsewhere.iter().map(ToString::to_string).collect();
        for one in &self.left_behind {
            if !ids.contains(&one.id) {
                ids.push(one.id.clone());
            }
        }
        ids
    }
}

/// What was found out about a Page's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether they fire; none where that was not found out, and what was noted stays.
    pub messaging: Option<Messaging>,
    /// Whether several apps share its conversations; none as above.
    pub thread_routing: ThreadRouting,
}

impl Seen {
    /// Whether there is nothing to note.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// The same, and of which writing of the Page it is true.
#[derive(Clone, Debug)]
pub struct MessagingNote {
    /// The Page.
    pub page_id: PageId,
    /// The version of its item when its token was read.
    pub version: u64,
    /// Whose grant gave that token.
    pub granted_by: String,
    /// What there is to note.
    pub seen: Seen,
}

impl Connections {
    /// Who holds a Page, strongly consistent. A query, since who ends a flow may read no single item.
    pub(super) async fn page_holder(&self, page_id: &PageId) -> Result<Option<Uuid>, Error> {
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .consistent_read(true)
            .key_condition_expression("pk = :pk AND sk = :owner")
            .expression_attribute_values(":pk", s(format!("page#{page_id}")))
            .expression_attribute_values(":owner", s("owner"));
        let output = timed("dynamodb.page_holder", query.send()).await.map_err(|e| unavailable("page_holder", &e))?;
        Ok(output.items().first().and_then(|owner| item::uuid(owner, "uuid")))
    }

    /// The Pages of an identity, strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn load_pages(&self, user_uuid: Uuid) -> Result<Vec<PageRecord>, Error> {
        let mut pages = Vec::new();
        let mut from: Option<Item> = None;
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression("pk = :pk AND begins_with(sk, :page)")
                .expression_attribute_values(":pk", s(identity_key(user_uuid)))
                .expression_attribute_values(":page", AttributeValue::S("page#".to_owned()))
                .set_exclusive_start_key(from);
            let output = timed("dynamodb.pages", query.send()).await.map_err(|e| unavailable("pages", &e))?;
            pages.extend(output.items.unwrap_or_default().iter().filter_map(PageRecord::read));
            from = output.last_evaluated_key.filter(|key| !key.is_empty());
            if from.is_none() {
                return Ok(pages);
            }
        }
    }
}

impl PageRecord {
    pub(super) fn read(found: &Item) -> Option<Self> {
        Some(Self {
            id: item::text(found, "sk")?.strip_prefix("page#")?.to_owned(),
            version: item::number(found, "version").unwrap_or_default(),
            active: item::text(found, "status") == Some("active"),
            granted_by: item::text(found, "granted_by").unwrap_or_default().to_owned(),
            tasks: item::texts(found, "tasks"),
            thread_routing: item::flag(found, THREAD_ROUTING),
        })
    }

    /// Whether the Page works through this person's grant.
    pub(super) fn works_through(&self, user_id: &str) -> bool {
        self.active && self.granted_by == user_id
    }

    /// Whether this grant must stay: it works, is another person's, and allows something that the new one does not. (A person's own new
    /// grant always replaces their old one, whose tokens it may have ended.)
    pub(super) fn outranks(&self, page: &Page, user_id: &str) -> bool {
        self.active && self.granted_by != user_id && self.tasks.iter().any(|task| !page.tasks.contains(task))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(tasks: &[&str]) -> Page {
        Page {
            id: PageId::parse("1").unwrap(),
            name: "Page".to_owned(),
            tasks: tasks.iter().map(|&t| t.to_owned()).collect(),
            category: None,
            access_token: Some(Secret::new("t")),
        }
    }

    #[test]
    fn only_a_working_grant_of_another_person_that_can_do_more_stays() {
        let record = PageRecord {
            id: "1".into(),
            version: 1,
            active: true,
            granted_by: "7".into(),
            tasks: vec!["MANAGE".into(), "MODERATE".into()],
            thread_routing: None,
        };
        assert!(record.outranks(&page(&["MODERATE"]), "8"));
        assert!(!record.outranks(&page(&["MODERATE"]), "7"));
        assert!(!record.outranks(&page(&["MODERATE", "MANAGE", "ANALYZE"]), "8"));
        assert!(!PageRecord { active: false, ..record }.outranks(&page(&[]), "8"));
    }
}
