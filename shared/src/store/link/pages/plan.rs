//! What a flow is to link, what is to become of each Page, and what did.

use uuid::Uuid;

use crate::{
    Secret, UnixSeconds,
    moving::MoveList,
    providers::facebook::pages::{Page as Granted, PageId},
    store::{
        flows::Claim,
        records::Page,
        sessions::{LeftBehind, Session, SessionKey},
    },
};

/// The task that lets a person move a Page away from another identity.
const MANAGE: &str = "MANAGE";

/// The person whose grant gave the Pages.
#[derive(Debug)]
pub struct Grantor<'a> {
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
    pub person: Grantor<'a>,
    /// The Pages that have a token.
    pub pages: Vec<&'a Granted>,
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
    /// What the session keeps of that by name, with what earlier flows left behind. Empty where
    /// this flow left nothing.
    pub left_behind: Vec<LeftBehind>,
    /// Those that were written now, each with its version.
    pub written: Vec<(PageId, u64)>,
}

/// What is to become of one Page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan<'a> {
    pub(super) page: &'a Granted,
    /// Take it from this identity.
    pub(super) from: Option<Uuid>,
}

/// A flow at work.
pub(super) struct Linking<'a> {
    pub(super) link: &'a PagesLink<'a>,
    /// The Pages that the identity holds or held.
    pub(super) known: Vec<Page>,
    pub(super) done: PagesLinked,
}

impl PagesLinked {
    /// What a page offers to move: what this flow left behind, then what the session's earlier ones
    /// did.
    #[must_use]
    pub fn offered(&self) -> Vec<String> {
        let held_now = self.held_elsewhere.iter().map(PageId::as_str);
        let others = self.left_behind.iter().map(|one| one.id.as_str()).filter(|id| !held_now.clone().any(|held| held == *id));
        held_now.clone().chain(others).map(str::to_owned).collect()
    }
}

impl Linking<'_> {
    /// What is known of a Page.
    pub(super) fn known(&self, id: &PageId) -> Option<&Page> {
        self.known.iter().find(|page| page.id == *id)
    }

    /// The version that a Page has once it is written over what is known of it.
    pub(super) fn next_version(&self, id: &PageId) -> u64 {
        self.known(id).map_or(1, |page| page.version.saturating_add(1))
    }

    /// Whether anything rests on the person's grant. Where every Page keeps another's nothing does.
    pub(super) fn uses_grant(&self, plans: &[Plan<'_>]) -> bool {
        let works_already = || self.known.iter().any(|page| page.works_through(self.link.person.user_id));
        !plans.is_empty() || self.done.linked.len() > self.done.kept.len() || works_already()
    }

    /// Takes out the Pages whose present grant must stay.
    pub(super) fn keep_outranking(&mut self, plans: &mut Vec<Plan<'_>>) {
        let stays = |plan: &mut Plan<'_>| self.known(&plan.page.id).is_some_and(|page| page.outranks(plan.page, self.link.person.user_id));
        let kept: Vec<PageId> = plans.extract_if(.., stays).map(|plan| plan.page.id.clone()).collect();
        self.done.linked.extend_from_slice(&kept);
        self.done.kept.extend(kept);
    }

    /// Takes note of the Pages that were written.
    pub(super) fn written(&mut self, plans: &[Plan<'_>]) {
        for Plan { page, from } in plans {
            self.done.linked.push(page.id.clone());
            self.done.moved.extend(from.map(|_| page.id.clone()));
            self.done.written.push((page.id.clone(), self.next_version(&page.id)));
        }
    }

    /// A Page turned out to be held by another identity, or by none: it is moved, left, or tried
    /// again.
    pub(super) fn held(&mut self, plans: &mut Vec<Plan<'_>>, id: &PageId, holder: Option<Uuid>) {
        let Some(plan) = plans.iter_mut().find(|plan| plan.page.id == *id) else { return };
        plan.from = holder;
        let may_move = self.link.moving.contains(id.as_str()) && plan.page.tasks.iter().any(|task| task == MANAGE);
        if holder.is_some() && !may_move {
            plans.retain(|plan| plan.page.id != *id);
            self.done.held_elsewhere.push(id.clone());
        }
    }

    /// What the session is to keep once these Pages are linked beside what was done before. What
    /// was not granted has no name here but the one that the session knows.
    pub(super) fn left_behind(&self, plans: &[Plan<'_>]) -> Vec<LeftBehind> {
        let PagesLinked { linked, held_elsewhere, .. } = &self.done;
        if held_elsewhere.is_empty() {
            return Vec::new();
        }
        let held = self.link.pages.iter().filter(|page| held_elsewhere.contains(&page.id));
        let held: Vec<LeftBehind> = held.map(|page| LeftBehind::new(page.id.as_str(), &page.name)).collect();
        let now = || plans.iter().map(|plan| &plan.page.id);
        LeftBehind::after(&held, &self.link.session.left_behind, |id| linked.iter().chain(now()).any(|linked| linked.as_str() == id))
    }
}
