//! What is to become of each Page, and what turned out to be known of it.

use std::collections::HashMap;

use uuid::Uuid;

use crate::{
    providers::facebook::pages::{Page as Granted, PageId},
    store::{records::Page, sessions::LeftBehind},
};

use super::{MANAGE, PagesLink, PagesLinked};

/// What is to become of one Page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan<'a> {
    pub(super) page: &'a Granted,
    /// Take it from this identity.
    pub(super) from: Option<Uuid>,
}

/// The Pages that the identity holds or held, by their ids.
pub(super) struct Known(HashMap<PageId, Page>);

impl<'a> Plan<'a> {
    pub(super) fn of(link: &PagesLink<'a>) -> Vec<Self> {
        link.pages.iter().map(|&page| Self { page, from: None }).collect()
    }
}

impl Known {
    pub(super) fn of(pages: Vec<Page>) -> Self {
        Self(pages.into_iter().map(|page| (page.id.clone(), page)).collect())
    }

    pub(super) fn get(&self, id: &PageId) -> Option<&Page> {
        self.0.get(id)
    }

    /// Whether a Page works through this person's grant.
    pub(super) fn has_page_of(&self, user_id: &str) -> bool {
        self.0.values().any(|page| page.works_through(user_id))
    }

    /// The version that a Page has once it is written over what is known of it.
    pub(super) fn next_version(&self, id: &PageId) -> u64 {
        self.get(id).map_or(1, |page| page.version.saturating_add(1))
    }

    /// Takes out the Pages whose present grant must stay.
    pub(super) fn keep_outranking(&self, link: &PagesLink<'_>, plans: &mut Vec<Plan<'_>>, done: &mut PagesLinked) {
        plans.retain(|plan| {
            let stays = self.get(&plan.page.id).is_some_and(|page| page.outranks(plan.page, link.person.user_id));
            if stays {
                done.linked.push(plan.page.id.clone());
                done.kept.push(plan.page.id.clone());
            }
            !stays
        });
    }

    /// Takes note of the Pages that were written.
    pub(super) fn written(&self, plans: &[Plan<'_>], done: &mut PagesLinked) {
        for Plan { page, from } in plans {
            done.linked.push(page.id.clone());
            if from.is_some() {
                done.moved.push(page.id.clone());
            }
            done.written.push((page.id.clone(), self.next_version(&page.id)));
        }
    }
}

/// A Page turned out to be held by another identity, or by none: it is moved, left, or tried again.
pub(super) fn held(link: &PagesLink<'_>, plans: &mut Vec<Plan<'_>>, done: &mut PagesLinked, id: &PageId, holder: Option<Uuid>) {
    let Some(at) = plans.iter().position(|plan| plan.page.id == *id) else { return };
    let Some(plan) = plans.get_mut(at) else { return };
    let may_move = link.moving.contains(id.as_str()) && plan.page.tasks.iter().any(|task| task == MANAGE);
    if holder.is_some() && !may_move {
        plans.remove(at);
        done.held_elsewhere.push(id.clone());
    } else {
        plan.from = holder;
    }
}

/// What the session is to keep once these Pages are linked beside what was done before. What was not
/// granted has no name here but the one that the session knows.
pub(super) fn left_behind(link: &PagesLink<'_>, done: &PagesLinked, plans: &[Plan<'_>]) -> Vec<LeftBehind> {
    if done.held_elsewhere.is_empty() {
        return Vec::new();
    }
    let held = link.pages.iter().filter(|page| done.held_elsewhere.contains(&page.id));
    let held: Vec<LeftBehind> = held.map(|page| LeftBehind::new(page.id.as_str(), &page.name)).collect();
    let linked = |id: &str| {
        let now = plans.iter().map(|plan| &plan.page.id);
        done.linked.iter().chain(now).any(|linked| linked.as_str() == id)
    };
    LeftBehind::after(held, &link.session.left_behind, linked)
}
