//! Disconnecting a Page: it goes, with who holds it, and with the last Page that rests on a
//! person's grant the person goes as well. What is left to do at Facebook is written down in the
//! same transaction, so that it is done even if nobody is there any more to do it at once.

use uuid::Uuid;

use crate::facts::{Notice, Permission, Unsubscribed};
use crate::providers::facebook::{ending::SYSTEM_USER, pages::PageId};
use crate::store::{
    Tables,
    events::{self, EventType},
    identity::{at_generation, everything, free_page, identities_of_person, mark_person},
    jobs::{self, Revoke, Unsubscribe},
    records::{Everything, Kept, Page, Person, Status},
    table::{Key, Transaction, Write},
};
use crate::{Error, Secret, random};

use super::{Acting, Attempt, Noted, note_in_session};

/// Who finds a job to take a grant back waits this long: by then the index by person shows what was
/// linked before, and no flow that was under way is.
const REVOKE_AFTER: u64 = 600;
/// Pages in one transaction beside what else it writes.
const BATCH: usize = 80;

/// A Page that is disconnected, and what is left to do at Facebook, each with the job that does it
/// otherwise.
#[derive(Debug)]
pub struct EndedPage {
    /// What was noted, as if nothing more could be done at once.
    pub noted: Noted,
    /// What became of the subscription, as far as it is known by now.
    pub unsubscribed: Unsubscribed,
    /// What became of the permission, as far as it is known by now.
    pub permission: Permission,
    /// The subscription to end.
    pub unsubscribe: Option<(Uuid, Unsubscribe)>,
    /// The grant to take back.
    pub revoke: Option<(Uuid, Revoke)>,
}

/// What an identity holds, as far as one Page and the grant that it rests on are concerned.
struct Found<'a> {
    page: &'a Page,
    /// The person's own item.
    person: Option<&'a Person>,
    /// Other Pages that name the same person.
    others: Vec<&'a Page>,
    /// One of them that rests on the grant, which therefore stays.
    witness: Option<&'a Page>,
}

impl<'a> Found<'a> {
    fn of(all: &'a Everything, page_id: &PageId) -> Option<Self> {
        let page = all.page(page_id.as_str())?;
        let others = all.pages.iter().filter(|other| other.is_granted_by(&page.granted_by) && other.id != page.id);
        let others: Vec<&Page> = others.collect();
        Some(Self {
            person: all.person(&page.granted_by).filter(|person| !person.user_id.is_empty()),
            witness: others.iter().copied().find(|other| other.rests()),
            others,
            page,
        })
    }
}

impl Tables {
    /// Disconnects a Page, or removes the note of one that moved away.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of its token is not known here yet.
    pub async fn disconnect_page(&self, acting: Acting<'_>, page_id: &PageId) -> Result<Attempt<EndedPage>, Error> {
        let (user_uuid, generation, now) = (acting.session.user_uuid, acting.session.generation, self.clock.now());
        let all = everything(self, user_uuid).await?;
        if all.shop.as_ref().map(|shop| shop.generation) != Some(generation) {
            return Ok(Attempt::Changed);
        }
        let Some(found) = Found::of(&all, page_id) else { return Ok(Attempt::Gone) };
        let ended = self.end_of(user_uuid, &found)?;
        let mut disconnect = Transaction::new("dynamodb.disconnect_page")?
            .and(at_generation(user_uuid, generation))
            .and(note_in_session(acting, ended.noted, now))
            .and(Write::delete(Key::page(user_uuid, page_id.as_str())).when(found.page.as_read.condition()));
        if found.page.status != Status::Moved {
            disconnect.push(free_page(page_id.as_str(), user_uuid));
            disconnect.push(events::of_page(user_uuid, page_id, EventType::Disconnected, None, now)?);
            if let Some((id, job)) = &ended.unsubscribe {
                disconnect.push(jobs::unsubscribe(self, *id, job)?);
            }
        }
        match (found.witness, found.person) {
            // Otherwise the last two Pages, disconnected at the same moment, would each leave the
            // grant to the other.
            (Some(witness), _) => {
                disconnect.push(Write::check(Key::page(user_uuid, witness.id.as_str())).when(witness.as_read.condition()));
            }
            (None, Some(person)) => {
                let Some(marks) = self.keep_findable(user_uuid, generation, &found).await? else { return Ok(Attempt::Changed) };
                let forget = Write::delete(Key::person(user_uuid, &person.user_id)).when(person.as_read.condition());
                disconnect = disconnect.and_each(marks).and(forget);
                if let Some((id, job)) = &ended.revoke {
                    disconnect.push(jobs::revoke(self, *id, job, now.saturating_add(REVOKE_AFTER))?);
                }
            }
            (None, None) => {}
        }
        Ok(Attempt::of(&self.database.write(disconnect).await?, ended))
    }

    /// What is to be done, and what is to be said of it until that is done.
    fn end_of(&self, user_uuid: Uuid, found: &Found<'_>) -> Result<EndedPage, Error> {
        let (page, unsubscribe_id, revoke_id) = (found.page, random::uuid()?, random::uuid()?);
        let job = |token: &Secret| Unsubscribe { page_id: page.id.clone(), token: token.clone(), app_id: page.app_id.clone() };
        let unsubscribe = page.token(user_uuid, &self.keys)?.token().map(|token| (unsubscribe_id, job(token)));
        let unsubscribed = if unsubscribe.is_some() { Unsubscribed::Later } else { Unsubscribed::NotPossible };
        let (revoke, permission) = match found.person {
            // Where the Page moved away only the list changes, and it says no more than that.
            _ if found.witness.is_some() || page.status == Status::Moved => (None, Permission::Kept),
            // It is the business portfolio's.
            Some(person) if person.kind == SYSTEM_USER => (None, Permission::Kept),
            Some(person) => match person.clone().open(user_uuid, &self.keys)? {
                Person { token: Kept::Open { token, .. }, user_id: person_id, app_id, .. } => {
                    let after = unsubscribe.is_some().then_some(unsubscribe_id);
                    (Some((revoke_id, Revoke { person_id, token, app_id, after })), Permission::Later)
                }
                _ => (None, Permission::NotPossible),
            },
            None => (None, Permission::NotPossible),
        };
        let notice = if page.status == Status::Moved { Notice::Note } else { Notice::Page { unsubscribed, permission } };
        let noted = Noted { notice, at_ms: self.clock.now_millis() };
        Ok(EndedPage { noted, unsubscribed, permission, unsubscribe, revoke })
    }

    /// With the person's own item goes what the index finds the person by. So what else names the
    /// person is marked, for who wants to be forgotten: with these writes, or, where that is more
    /// than one transaction takes, before. None when something is no longer as it was read.
    async fn keep_findable(&self, user_uuid: Uuid, generation: u64, found: &Found<'_>) -> Result<Option<Vec<Write>>, Error> {
        let unmarked = found.others.iter().filter(|other| !other.is_marked);
        let mut last: Vec<Write> = unmarked.map(|other| mark_person(user_uuid, other)).collect();
        let before = last.split_off(last.len().min(BATCH));
        for batch in before.chunks(BATCH) {
            let marks = Transaction::<()>::new("dynamodb.keep_findable")?.and(at_generation(user_uuid, generation));
            if !self.database.write(marks.and_each(batch.iter().cloned())).await?.is_whole() {
                return Ok(None);
            }
        }
        Ok(Some(last))
    }

    /// Whether a Page of any identity rests on a person's grant. The index shows the identities,
    /// moments late; what they hold is read strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn grant_is_used(&self, person_id: &str) -> Result<bool, Error> {
        for user_uuid in identities_of_person(self, person_id).await? {
            let all = everything(self, user_uuid).await?;
            let lives = all.shop.is_some_and(|shop| shop.status != Status::Erasing);
            if lives && all.pages.iter().any(|page| page.is_granted_by(person_id) && page.rests()) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests;
