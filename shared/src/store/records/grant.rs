//! A grant under an identity.

use uuid::Uuid;

use crate::{
    Error, UnixSeconds,
    encryption::KeyRing,
    platform::{AccountId, AccountKind, GrantId, Platforms},
    store::table::{Row, Word},
};

use super::{AsRead, Kept, Status, Step, attributes::*, open, place_of_grant};

record! {
    /// A grant with its token, sealed as stored or opened.
    Grant from (row: &Row, platforms: Platforms);
    tokens {
        /// The grant's token.
        token = row.get(&ACCESS_TOKEN),
    }
    /// The id in this app.
    pub id: GrantId = platforms.grant_at(row.sk()?)?,
    /// `USER` or `SYSTEM_USER`.
    pub kind: String = row.get_or_default(&KIND),
    /// Whether the token works.
    pub status: Status = row.get_or_default(&STATUS),
    /// Why it does not.
    pub reason: Option<String> = row.get(&REASON),
    /// Since when it does not.
    pub dead_since: Option<UnixSeconds> = row.get(&DEAD_SINCE),
    /// When the grant or one of its accounts was first found dead, if too many were for that to be
    /// believed.
    pub dead_seen_at: Option<UnixSeconds> = row.get(&DEAD_SEEN_AT),
    /// How far an unfinished visit came.
    pub progress: Option<Progress> = row.text(&PROGRESS).and_then(|text| Progress::read(text, platforms.grant_at(row.sk()?)?.kind().platform.account?)),
    /// When the token was issued.
    pub issued_at: UnixSeconds = row.get(&ISSUED_AT).or(row.get(&LINKED_AT)).unwrap_or_default(),
    /// When it was last found working, if noted.
    pub checked_at: Option<UnixSeconds> = row.get(&CHECKED_AT),
    /// Its end; none when it does not expire.
    pub expires_at: Option<UnixSeconds> = row.get(&EXPIRES_AT),
    /// The permissions granted with the link.
    pub scopes: Vec<String> = row.get_or_default(&SCOPES),
    /// The app that the grant was given to.
    pub app_id: String = row.get_or_default(&APP_ID),
    /// When it is due.
    pub due_at: Option<UnixSeconds> = row.get(&DUE_AT),
    /// How often it has failed since it last succeeded.
    pub failures: u64 = row.get_or_default(&FAILURES),
    pub(in crate::store) as_read: AsRead = AsRead::of(row),
}

/// How far a visit to a grant came: one with very many accounts takes several visits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The step that the next visit resumes.
    pub step: Step,
    /// After which account, in order of id; none: from the first.
    pub after: Option<AccountId>,
}

impl Grant {
    /// The same grant with the result of opening its token.
    ///
    /// # Errors
    /// `storage_unavailable` when its key is not known here yet.
    pub(in crate::store) fn open(self, user_uuid: Uuid, keys: &KeyRing) -> Result<Grant<Kept>, Error> {
        let token = open(keys, place_of_grant(user_uuid, &self.id), self.token.as_ref())?;
        Ok(self.with(token))
    }
}

impl Progress {
    /// As stored on the grant's record.
    pub(in crate::store) fn written(&self) -> String {
        format!("{}#{}", self.step.word(), self.after.as_ref().map(AccountId::as_str).unwrap_or_default())
    }

    /// Unreadable progress is none: the visit starts over.
    fn read(text: &str, kind: &'static AccountKind) -> Option<Self> {
        let (step, after) = text.split_once('#')?;
        Some(Self { step: Step::of(step)?, after: if after.is_empty() { None } else { Some(AccountId::parse(kind, after)?) } })
    }
}

#[cfg(test)]
mod tests;
