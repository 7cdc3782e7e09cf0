//! Disconnecting a Page: it goes, with who holds it, and with the last Page that rests on a person's grant the person goes as well. What is left to do at Facebook is written
//! down in the same transaction, so that it is done even if nobody is there any more to do it at once.

use aws_sdk_dynamodb::types::{ConditionCheck, TransactWriteItem};
use uuid::Uuid;

use crate::{
    error::Error,
    providers::facebook::{self, ending::SYSTEM_USER, pages::PageId},
    random,
    signing::hex,
};

use super::{
    super::{
        Cancelled, Connections, Item,
        departures::as_read,
        events::{Event, EventType},
        item::{self, identity_key, s},
        jobs::{Revoke, Unsubscribe},
        persons::place,
        stores_write::incomplete,
        tokens::Status,
    },
    Acting, Attempt, Noted, Notice, Permission, Unsubscribed,
};

/// Whoever finds a job to take a grant back waits this long: by then the index by person shows what was linked before, and no flow that was under way is.
const REVOKE_AFTER: u64 = 600;
/// Pages in one transaction beside what else it writes.
const BATCH: usize = 80;

/// A Page that is disconnected, and what is left to do at Facebook, each with the job that does it otherwise.
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
    page: &'a Item,
    status: Status,
    /// The person's own item.
    person: Option<&'a Item>,
    /// Other Pages that name the same person.
    others: Vec<&'a Item>,
    /// One of them that rests on the grant, which therefore stays.
    witness: Option<&'a Item>,
}

impl<'a> Found<'a> {
    fn of(everything: &'a [Item], page_id: &PageId) -> Option<Self> {
        let by_key = |sk: String| everything.iter().find(|found| item::text(found, "sk") == Some(&sk));
        let page = by_key(format!("page#{page_id}"))?;
        let granted_by = item::text(page, "granted_by").filter(|person| !person.is_empty());
        let others =
            everything.iter().filter(|other| is_granted_by(other, granted_by) && item::text(other, "sk") != item::text(page, "sk"));
        let others: Vec<&Item> = others.collect();
        Some(Self {
            status: Status::read(page),
            person: granted_by.and_then(|person| by_key(format!("person#{person}"))),
            witness: others.iter().copied().find(|other| rests(other)),
            others,
            page,
        })
    }
}

/// A Page, in whatever status, that this person's grant gave.
fn is_granted_by(found: &Item, person: Option<&str>) -> bool {
    item::text(found, "sk").is_some_and(|sk| sk.starts_with("page#")) && person.is_some() && item::text(found, "granted_by") == person
}

/// Whether a Page rests on its grant: a note that it moved away does not, nor one that lost its token.
fn rests(page: &Item) -> bool {
    Status::read(page) == Status::Active || page.contains_key("access_token")
}

impl Connections {
    /// Disconnects a Page, or removes the note of one that moved away.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of its token is not known here yet.
    pub async fn disconnect_page(&self, acting: Acting<'_>, page_id: &PageId) -> Result<Attempt<EndedPage>, Error> {
        let user_uuid = acting.session.user_uuid;
        let everything = self.everything(user_uuid).await?;
        let root = everything.iter().find(|found| item::text(found, "sk") == Some("store"));
        if root.and_then(|root| item::number(root, "generation")) != Some(acting.session.generation) {
            return Ok(Attempt::Changed);
        }
        let Some(found) = Found::of(&everything, page_id) else { return Ok(Attempt::Gone) };
        let ended = self.end_of(acting, &found, page_id)?;
        let mut writes = vec![
            self.check_generation(user_uuid, acting.session.generation)?,
            self.note_in_session(acting, ended.noted, None)?,
            self.delete_as_read(user_uuid, found.page)?,
        ];
        if found.status != Status::Moved {
            writes.push(self.delete_if_held(&format!("page#{page_id}"), user_uuid)?);
            writes.push(self.put_event(&disconnected(user_uuid, page_id))?);
            if let Some((id, job)) = &ended.unsubscribe {
                writes.push(self.put_unsubscribe_as(*id, job)?);
            }
        }
        match (found.witness, found.person) {
            // Otherwise the last two Pages, disconnected at the same moment, would each leave the grant to the other.
            (Some(witness), _) => writes.push(self.check_as_read(user_uuid, witness)?),
            (None, Some(person)) => {
                if !self.keep_findable(acting, &found, &mut writes).await? {
                    return Ok(Attempt::Changed);
                }
                writes.push(self.delete_as_read(user_uuid, person)?);
                if let Some((id, job)) = &ended.revoke {
                    writes.push(self.put_revoke(*id, job, self.clock.now().saturating_add(REVOKE_AFTER))?);
                }
            }
            (None, None) => {}
        }
        match self.transact("dynamodb.disconnect_page", &hex(&random::bytes::<16>()?), writes).await {
            Ok(()) => Ok(Attempt::Done(ended)),
            Err(Cancelled::Conditions(_)) => Ok(Attempt::Changed),
            Err(Cancelled::Failed(error)) => Err(error),
        }
    }

    /// What is to be done, and what is to be said of it until that is done.
    fn end_of(&self, acting: Acting<'_>, found: &Found<'_>, page_id: &PageId) -> Result<EndedPage, Error> {
        let user_uuid = acting.session.user_uuid;
        let app_id = |found: &Item| item::text(found, "app_id").unwrap_or_default().to_owned();
        let token = self.kept(found.page, place(user_uuid, page_id.as_str(), "page_token"))?;
        let unsubscribe = match token.token() {
            Some(token) => {
                let job = Unsubscribe { page_id: page_id.clone(), token: token.clone(), app_id: app_id(found.page) };
                Some((random::uuid()?, job))
            }
            None => None,
        };
        let unsubscribed = if unsubscribe.is_some() { Unsubscribed::Later } else { Unsubscribed::NotPossible };
        let (revoke, permission) = match found.person {
            _ if found.witness.is_some() => (None, Permission::Kept),
            // Only the list changes, and it says no more than that.
            _ if found.status == Status::Moved => (None, Permission::Kept),
            None => (None, Permission::NotPossible),
            // It is the business portfolio's.
            Some(person) if item::text(person, "kind") == Some(SYSTEM_USER) => (None, Permission::Kept),
            Some(person) => {
                let person_id = item::text(found.page, "granted_by").unwrap_or_default();
                match self.kept(person, place(user_uuid, person_id, "user_token"))?.token() {
                    None => (None, Permission::NotPossible),
                    Some(token) => {
                        let after = unsubscribe.as_ref().map(|(id, _)| *id);
                        let job = Revoke { person_id: person_id.to_owned(), token: token.clone(), app_id: app_id(person), after };
                        (Some((random::uuid()?, job)), Permission::Later)
                    }
                }
            }
        };
        let notice = if found.status == Status::Moved { Notice::Note } else { Notice::Page { unsubscribed, permission } };
        let noted = Noted { notice, at_ms: self.clock.now_millis() };
        Ok(EndedPage { noted, unsubscribed, permission, unsubscribe, revoke })
    }

    /// With the person's own item goes what the index finds the person by. So what else names the person is marked, for whoever wants to be forgotten: in `writes`, or, where
    /// that is more than one transaction takes, before. False when something is no longer as it was read.
    async fn keep_findable(&self, acting: Acting<'_>, found: &Found<'_>, writes: &mut Vec<TransactWriteItem>) -> Result<bool, Error> {
        let user_uuid = acting.session.user_uuid;
        let unmarked: Vec<&Item> = found.others.iter().copied().filter(|other| !other.contains_key("person")).collect();
        let (last, before) = unmarked.split_at(unmarked.len().min(BATCH));
        for batch in before.chunks(BATCH) {
            let mut marks = vec![self.check_generation(user_uuid, acting.session.generation)?];
            for other in batch {
                marks.push(self.mark_person(user_uuid, other)?);
            }
            match self.transact("dynamodb.keep_findable", &hex(&random::bytes::<16>()?), marks).await {
                Ok(()) => {}
                Err(Cancelled::Conditions(_)) => return Ok(false),
                Err(Cancelled::Failed(error)) => return Err(error),
            }
        }
        for other in last {
            writes.push(self.mark_person(user_uuid, other)?);
        }
        Ok(true)
    }

    fn check_as_read(&self, user_uuid: Uuid, found: &Item) -> Result<TransactWriteItem, Error> {
        let (condition, values) = as_read(found);
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(user_uuid)))
            .key("sk", s(item::text(found, "sk").unwrap_or_default()))
            .condition_expression(condition)
            .set_expression_attribute_values(Some(values))
            .build();
        Ok(TransactWriteItem::builder().condition_check(check.map_err(incomplete)?).build())
    }

    /// Whether a Page of any identity rests on a person's grant. The index shows the identities, moments late; what they hold is read strongly consistent.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn grant_is_used(&self, person_id: &str) -> Result<bool, Error> {
        for user_uuid in self.identities_of_person(person_id).await? {
            let everything = self.everything(user_uuid).await?;
            let root = everything.iter().find(|found| item::text(found, "sk") == Some("store"));
            let lives = root.is_some_and(|root| Status::read(root) != Status::Erasing);
            if lives && everything.iter().any(|found| is_granted_by(found, Some(person_id)) && rests(found)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn disconnected(user_uuid: Uuid, page_id: &PageId) -> Event<'_> {
    Event { event_type: EventType::Disconnected, user_uuid, platform: facebook::PLATFORM.name, account: page_id.as_str(), reason: None }
}

#[cfg(test)]
mod tests;
