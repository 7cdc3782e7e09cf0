//! Which of an identity's items go with the subject: only what rests on that grant and was linked
//! before the request.

use crate::platform::Subject;
use crate::store::records::{Account, AsRead, Everything, Grant};

use super::{Asked, PrivacyRequest};

/// What goes, as read.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// The accounts.
    pub(super) accounts: Vec<&'a Account>,
    /// The grant's own item.
    pub(super) grant: Option<&'a Grant>,
    /// Accounts that stay when that item goes, or that it left behind earlier, and that the index
    /// would not find without it.
    pub(super) unmarked: Vec<&'a Account>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(request: &PrivacyRequest, subject: &Subject, all: &'a Everything) -> Self {
        let rests_on_it = |account: &Account| match subject {
            Subject::Grant(grant) => account.is_granted_by(grant),
            // Only a person can request data deletion; an account removes its own token and nothing
            // else.
            Subject::Account(id) => request.asked == Asked::Deauthorize && account.id == *id,
            Subject::Nobody => false,
        };
        let goes = |account: &&Account| {
            request.came_after(&account.as_read) && rests_on_it(account) && (request.asked == Asked::Deletion || account.rests())
        };
        let mut plan = Self { accounts: all.accounts.iter().filter(goes).collect(), ..Self::default() };
        if let Subject::Grant(grant) = subject {
            let own = all.grant(grant);
            plan.grant = own.filter(|own| request.came_after(&own.as_read));
            if own.is_none() || plan.grant.is_some() {
                let stays = |account: &&Account| account.is_unmarked(grant) && !plan.accounts.iter().any(|going| going.id == account.id);
                plan.unmarked = all.accounts.iter().filter(stays).collect();
            }
        }
        plan
    }

    pub(super) fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.grant.is_none() && self.unmarked.is_empty()
    }
}

impl PrivacyRequest {
    /// Whether the request came after this record was linked. The platform's time is in whole
    /// seconds, so the same second counts as before. What was linked after the request was first
    /// received is spared regardless of the platform's time, so that a repeat reaches nothing new.
    fn came_after(&self, record: &AsRead) -> bool {
        let linked_at = record.linked_at.unwrap_or_default();
        let linked_ms = record.linked_ms.unwrap_or_else(|| linked_at.saturating_mul(1000));
        linked_at <= self.issued_at && linked_ms <= self.received_ms
    }
}

#[cfg(test)]
mod tests;
