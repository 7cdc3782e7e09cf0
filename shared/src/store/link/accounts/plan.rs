//! What a flow intends to link, what to do with each account, and what was done.

use uuid::Uuid;

use crate::{
    Secret, UnixSeconds,
    moving::MoveList,
    platform::{AccountId, AccountKind, CompanionId, GrantId, GrantedAccount as Granted},
    store::{
        flows::Claim,
        records::{Account, attributes::*},
        sessions::{LeftBehind, Session, SessionKey},
        table::Row,
    },
};

/// The grant that gave the accounts.
#[derive(Debug)]
pub struct NewGrant<'a> {
    /// Its id.
    pub id: &'a GrantId,
    /// Its kind, in the platform's terms.
    pub kind: &'a str,
    /// The long-lived token.
    pub access_token: &'a Secret,
    /// When it expires, if it does.
    pub expires_at: Option<UnixSeconds>,
    /// When access to the grantor's data ends, if it does.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// The permissions granted.
    pub scopes: &'a [String],
}

/// What a flow writes.
#[derive(Debug)]
pub struct AccountsLink<'a> {
    /// The session that the flow ends.
    pub session: &'a Session,
    /// Its key. It ends with the flow, unless something is left behind.
    pub session_key: &'a SessionKey,
    /// The state that this flow uses.
    pub claim: &'a Claim,
    /// The app that the tokens were issued to.
    pub app_id: &'a str,
    /// What kind of accounts.
    pub kind: &'static AccountKind,
    /// The grant they rest on.
    pub grant: NewGrant<'a>,
    /// The session goes on after this flow, for accounts of another kind.
    pub keeps_session: bool,
    /// The accounts that can be linked.
    pub accounts: Vec<&'a Granted>,
    /// Accounts to move here if another identity holds them.
    pub moving: &'a MoveList,
    /// Of those, the ones that the grant does not include.
    pub not_granted: Vec<AccountId>,
}

/// The outcome for each account.
#[derive(Debug, Default)]
pub struct AccountsLinked {
    /// Held by this identity now.
    pub linked: Vec<AccountId>,
    /// Of those, the ones that another identity held before.
    pub moved: Vec<AccountId>,
    /// Of those, the ones that keep their current token because the new one allows less.
    pub kept: Vec<AccountId>,
    /// Held by another identity.
    pub held_elsewhere: Vec<AccountId>,
    /// What the session keeps of these by name, with what earlier flows left behind. Empty if it
    /// ends.
    pub left_behind: Vec<LeftBehind>,
    /// Those written just now, each with its version.
    pub written: Vec<(AccountId, u64)>,
}

/// What to do with one account.
#[derive(Clone, Debug)]
pub(super) struct Plan<'a> {
    pub(super) account: &'a Granted,
    /// Take it from this identity.
    pub(super) from: Option<Holder>,
}

/// Another identity that holds an account.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) user_uuid: Uuid,
    /// The account's companion when it was linked there.
    pub(super) companion: Option<CompanionId>,
}

impl Holder {
    /// From an account's owner item.
    pub(super) fn read(owner: &Row, id: &AccountId) -> Option<Self> {
        let companion = || CompanionId::parse(id.kind().companion?, &owner.get(&COMPANION)?);
        Some(Self { user_uuid: owner.get(&IDENTITY)?, companion: companion() })
    }
}

/// A flow in progress.
pub(super) struct Linking<'a> {
    pub(super) link: &'a AccountsLink<'a>,
    /// The accounts that the identity holds or held.
    pub(super) known: Vec<Account>,
    pub(super) done: AccountsLinked,
}

impl AccountsLinked {
    /// What a page offers to move: accounts that this flow left behind, then those of the session's
    /// earlier flows.
    #[must_use]
    pub fn offered(&self) -> Vec<String> {
        let held_now = self.held_elsewhere.iter().map(AccountId::as_str);
        let others = self.left_behind.iter().map(|one| one.id.as_str()).filter(|id| !held_now.clone().any(|held| held == *id));
        held_now.clone().chain(others).map(str::to_owned).collect()
    }
}

impl Linking<'_> {
    /// How many accounts fit, so that their writes and the four at the end of the flow stay within
    /// a transaction's limit of 100.
    pub(super) fn batch_size(&self) -> usize {
        let (link, moves) = (self.link, !self.link.moving.is_empty());
        let has_companion =
            link.accounts.iter().any(|account| account.companion.is_some()) || self.known.iter().any(|account| account.companion.is_some());
        // The owner, the account, the event; its companion and the previous one; the former
        // holder's note and event, and the companion there.
        let each = 3 + 2 * usize::from(has_companion) + 2 * usize::from(moves) + usize::from(moves && link.kind.companion.is_some());
        96 / each
    }

    /// What is known of an account.
    pub(super) fn known(&self, id: &AccountId) -> Option<&Account> {
        self.known.iter().find(|account| account.id == *id)
    }

    /// The version that an account gets when it is written over the known one.
    pub(super) fn next_version(&self, id: &AccountId) -> u64 {
        self.known(id).map_or(1, |account| account.version.saturating_add(1))
    }

    /// Whether anything rests on the grant. Nothing does if every account keeps another's.
    pub(super) fn uses_grant(&self, plans: &[Plan<'_>]) -> bool {
        let works_already = || self.known.iter().any(|account| account.works_through(self.link.grant.id));
        !plans.is_empty() || self.done.linked.len() > self.done.kept.len() || works_already()
    }

    /// Takes out the accounts whose current grant must stay.
    pub(super) fn keep_outranking(&mut self, plans: &mut Vec<Plan<'_>>) {
        let stays =
            |plan: &mut Plan<'_>| self.known(&plan.account.id).is_some_and(|account| account.outranks(plan.account, self.link.grant.id));
        let kept: Vec<AccountId> = plans.extract_if(.., stays).map(|plan| plan.account.id.clone()).collect();
        self.done.linked.extend_from_slice(&kept);
        self.done.kept.extend(kept);
    }

    /// Records the accounts that were written.
    pub(super) fn written(&mut self, plans: &[Plan<'_>]) {
        for Plan { account, from } in plans {
            self.done.linked.push(account.id.clone());
            self.done.moved.extend(from.as_ref().map(|_| account.id.clone()));
            self.done.written.push((account.id.clone(), self.next_version(&account.id)));
        }
    }

    /// An account turned out to be held by another identity, or by none: move it, leave it, or try
    /// it again.
    pub(super) fn held(&mut self, plans: &mut Vec<Plan<'_>>, id: &AccountId, holder: Option<Holder>) {
        let Some(plan) = plans.iter_mut().find(|plan| plan.account.id == *id) else { return };
        let may_move = self.link.moving.contains(id.as_str()) && plan.account.may_move;
        let stays_there = holder.is_some() && !may_move;
        plan.from = holder;
        if stays_there {
            plans.retain(|plan| plan.account.id != *id);
            self.done.held_elsewhere.push(id.clone());
        }
    }

    /// What the session keeps once these accounts are linked, in addition to what was done before.
    /// An account that was not granted has no name here but the one that the session knows.
    pub(super) fn left_behind(&self, plans: &[Plan<'_>]) -> Vec<LeftBehind> {
        let AccountsLinked { linked, held_elsewhere, .. } = &self.done;
        if held_elsewhere.is_empty() && !self.link.keeps_session {
            return Vec::new();
        }
        let held = self.link.accounts.iter().filter(|account| held_elsewhere.contains(&account.id));
        let held: Vec<LeftBehind> = held.map(|account| LeftBehind::new(&account.id, &account.told())).collect();
        let now = || plans.iter().map(|plan| &plan.account.id);
        LeftBehind::after(&held, self.link.session.left_behind_of(self.link.kind), |id| {
            linked.iter().chain(now()).any(|linked| linked == id)
        })
    }
}
