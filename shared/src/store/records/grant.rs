//! A Facebook person's grant under an identity.

use uuid::Uuid;

use crate::{
    clock::UnixSeconds,
    encryption::KeyRing,
    error::Error,
    providers::facebook::{self, pages::PageId},
    store::table::{Row, Sealed},
};

use super::{
    AsRead, Status,
    attributes::{
        ACCESS_TOKEN, APP_ID, DEAD_SEEN_AT, DEAD_SINCE, DUE_AT, EXPIRES_AT, ISSUED_AT, KIND, LINKED_AT, PROGRESS, SCOPES, STATUS,
    },
    key::PERSONS,
    sealed::{Kept, open, place_of_facebook},
};

/// What a person's token is sealed as.
pub(in crate::store) const USER_TOKEN: &str = "user_token";

/// A person with the token of their grant: sealed as it lies there, or opened.
#[derive(Clone, Debug)]
pub struct Person<T = Option<Sealed>> {
    /// The id in this app.
    pub user_id: String,
    /// `USER` or `SYSTEM_USER`.
    pub kind: String,
    /// Whether the token works.
    pub status: Status,
    /// Since when it does not.
    pub dead_since: Option<UnixSeconds>,
    /// When the person or one of the Pages was first found dead, where too many were for that to be
    /// believed.
    pub dead_seen_at: Option<UnixSeconds>,
    /// How far a visit came that could not be finished.
    pub progress: Option<Progress>,
    /// The person's token.
    pub token: T,
    /// When it was issued.
    pub issued_at: UnixSeconds,
    /// Its end; none when it does not expire.
    pub expires_at: Option<UnixSeconds>,
    /// The permissions granted with the link.
    pub scopes: Vec<String>,
    /// The app that the grant was given to.
    pub app_id: String,
    /// When somebody has to look after it.
    pub due_at: Option<UnixSeconds>,
    /// The token as it lies there, which is the record's version.
    pub(in crate::store) sealed: Option<Sealed>,
    pub(in crate::store) as_read: AsRead,
}

/// How far a visit to a person came: one with very many Pages takes several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// With what the next visit goes on.
    pub step: Step,
    /// Behind which Page, in the order of their ids; none: with the first.
    pub after: Option<PageId>,
}

/// What a visit does with each Page, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Asks about its token.
    Tokens,
    /// Sees to its messages.
    Messages,
}

/// What the index `by_person` has for a person.
pub(in crate::store) fn mark_of(user_id: &str) -> String {
    format!("{}#{user_id}", facebook::PLATFORM.name)
}

impl Person {
    /// None for anything but a person.
    pub(in crate::store) fn read(row: &Row) -> Option<Self> {
        let sealed: Option<Sealed> = row.get(&ACCESS_TOKEN);
        Some(Self {
            user_id: row.sk()?.strip_prefix(PERSONS)?.to_owned(),
            kind: row.get_or_default(&KIND),
            status: row.get_or_default(&STATUS),
            dead_since: row.get(&DEAD_SINCE),
            dead_seen_at: row.get(&DEAD_SEEN_AT),
            progress: row.text(&PROGRESS).and_then(Progress::read),
            token: sealed.clone(),
            issued_at: row.get(&ISSUED_AT).or_else(|| row.get(&LINKED_AT)).unwrap_or_default(),
            expires_at: row.get(&EXPIRES_AT),
            scopes: row.get_or_default(&SCOPES),
            app_id: row.get_or_default(&APP_ID),
            due_at: row.get(&DUE_AT),
            sealed,
            as_read: AsRead::of(row),
        })
    }

    /// The same person with what came of opening the token.
    ///
    /// # Errors
    /// `storage_unavailable` when its key is not known here yet.
    pub(in crate::store) fn open(self, user_uuid: Uuid, keys: &KeyRing) -> Result<Person<Kept>, Error> {
        let token = open(keys, place_of_facebook(user_uuid, &self.user_id, USER_TOKEN), self.token.as_ref())?;
        Ok(Person {
            token,
            user_id: self.user_id,
            kind: self.kind,
            status: self.status,
            dead_since: self.dead_since,
            dead_seen_at: self.dead_seen_at,
            progress: self.progress,
            issued_at: self.issued_at,
            expires_at: self.expires_at,
            scopes: self.scopes,
            app_id: self.app_id,
            due_at: self.due_at,
            sealed: self.sealed,
            as_read: self.as_read,
        })
    }
}

impl Progress {
    /// As it stands on the person's record.
    pub(in crate::store) fn written(&self) -> String {
        let step = match self.step {
            Step::Tokens => "tokens",
            Step::Messages => "messages",
        };
        format!("{step}#{}", self.after.as_ref().map(PageId::as_str).unwrap_or_default())
    }

    /// What can't be read is no progress: the visit begins anew.
    fn read(text: &str) -> Option<Self> {
        let (step, after) = text.split_once('#')?;
        let step = match step {
            "tokens" => Step::Tokens,
            "messages" => Step::Messages,
            _ => return None,
        };
        Some(Self { step, after: if after.is_empty() { None } else { Some(PageId::parse(after)?) } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_read_as_it_was_written_and_anything_else_is_none() {
        for step in [Step::Tokens, Step::Messages] {
            for after in [None, PageId::parse("102")] {
                let progress = Progress { step, after };
                assert_eq!(Progress::read(&progress.written()), Some(progress));
            }
        }
        for other in ["", "tokens", "tokens#x", "else#1", "#", "tokens#1#2"] {
            assert_eq!(Progress::read(other), None, "{other}");
        }
    }
}
