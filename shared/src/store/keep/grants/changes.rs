//! What the keeper writes about a person and the Pages of the grant.
//!
//! It only ever changes what is still as it was read: the identity's generation, the person's
//! sealed token, a Page's version, status and granting person are conditions of each write. Pages
//! go first and the person last, so that whatever dies in between is done again from the start.

use crate::providers::facebook::pages::PageId;
use crate::store::{
    Tables,
    events::{self, EventType},
    identity::at_generation,
    leases::Lease,
    messaging::{MessagingNote, Seen},
    records::{Kept, PAGE_TOKEN, Page, Progress, Status, USER_TOKEN, attributes::*, mark_of, place_of_facebook, seal},
    table::{Key, Transaction, Write, Written, last_part},
};
use crate::{Error, Secret, UnixSeconds};

use super::Grant;

/// Two writes a Page at most, and three for the rest: below the 100 of a transaction.
const BATCH: usize = 45;
/// Tries at one batch, each without what turned out to have changed.
const TRIES: usize = 5;

/// What to write about a Page.
#[derive(Clone, Debug)]
pub enum PageChange {
    /// This is its token, sealed with the first key.
    Token(Secret),
    /// Its token is dead, for this reason. Told as an event.
    Dead(&'static str),
    /// Its token has been dead for so long that it goes.
    Forget,
    /// Facebook says of a permission that it holds for no Page, which counts once it says so again.
    Withheld,
    /// It says so no more.
    NotWithheld,
}

/// What to write about the person.
#[derive(Clone, Debug, Default)]
pub struct PersonChange {
    /// This is the token, sealed with the first key.
    pub token: Option<Secret>,
    /// The token is a new one, issued at this moment and with this end.
    pub issued: Option<(UnixSeconds, Option<UnixSeconds>)>,
    /// When access to the person's data ends.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// The token is dead, for this reason.
    pub dead: Option<&'static str>,
    /// The token has been dead for so long that it goes.
    pub forget: bool,
    /// The person, or a Page, was found dead, which is not believed yet: due from now on, behind
    /// those that have waited.
    pub seen_dead: bool,
    /// When the person is to be looked after next.
    pub due: Due,
}

/// When a person is to be looked after next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Due {
    /// As it was.
    #[default]
    Unchanged,
    /// Then: this visit is over.
    At(UnixSeconds),
    /// Then, to go on with this one.
    GoesOn(UnixSeconds, Progress),
    /// There is nothing left to look after.
    Never,
}

/// What of it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Pages.
    pub pages: usize,
    /// The person.
    pub person: bool,
    /// The lease was given back with it.
    pub lease_over: bool,
    /// The identity is not the one that was read, or the lease is another's: nothing more was
    /// written.
    pub ended: bool,
}

/// What a write in a transaction is there for, so that its failed condition can be understood.
#[derive(PartialEq)]
enum Role<'a> {
    /// The identity and its generation, or the lease.
    Frame,
    Person,
    Page(&'a PageId),
}

impl Tables {
    /// Writes what of these changes still fits, and with the last of them ends the lease.
    ///
    /// # Errors
    /// `storage_unavailable`; batches before that may have been written.
    pub async fn change_grant(
        &self,
        grant: &Grant,
        pages: &[(&Page<Kept>, PageChange)],
        person: Option<&PersonChange>,
        lease: Option<&Lease>,
    ) -> Result<Changed, Error> {
        let mut changed = Changed::default();
        let (first, rest) = pages.split_at(last_part(pages.len(), BATCH));
        let parts = first.chunks(BATCH).map(|part| (part, None, None)).chain([(rest, person, lease)]);
        for (part, mut person, lease) in parts {
            let (mut pages, mut tries): (Vec<_>, _) = (part.iter().collect(), 0);
            while !pages.is_empty() || person.is_some() {
                let mut batch = Transaction::new("dynamodb.change_grant")?;
                batch.push_as(Role::Frame, at_generation(grant.user_uuid, grant.generation));
                if let Some(lease) = lease {
                    batch.push_as(Role::Frame, lease.end());
                }
                for (page, change) in &pages {
                    batch.push_as(Role::Page(&page.id), self.change_page(grant, page, change)?);
                    if let PageChange::Dead(reason) = change {
                        let (event, now) = (EventType::ReconnectNeeded, self.clock.now());
                        batch.push(events::of_page(grant.user_uuid, &page.id, event, Some(reason), now)?);
                    }
                }
                if let Some(change) = person {
                    batch.push_as(Role::Person, self.change_person(grant, change)?);
                }
                let Written::Refused(refused) = self.database.write(batch).await? else {
                    changed.pages += pages.len();
                    changed.person |= person.is_some();
                    changed.lease_over |= lease.is_some();
                    break;
                };
                tries += 1;
                if tries == TRIES {
                    return Err(Error::storage_unavailable("change_grant: the grant keeps changing"));
                }
                if refused.has(&Role::Frame) {
                    return Ok(Changed { ended: true, ..changed });
                }
                person = person.filter(|_| !refused.has(&Role::Person));
                pages.retain(|(page, _)| !refused.has(&Role::Page(&page.id)));
            }
        }
        Ok(changed)
    }

    /// Notes what was found out about the messages of Pages, as far as they are still as they were
    /// read.
    ///
    /// # Errors
    /// As [`Tables::note_messaging`].
    pub async fn note_messaging_of(&self, grant: &Grant, found: &[(PageId, Seen)]) -> Result<(), Error> {
        let note = |(id, seen): &(PageId, Seen)| {
            let page = grant.pages.iter().find(|page| page.id == *id)?;
            Some(MessagingNote { page_id: id.clone(), version: page.version, granted_by: page.granted_by.clone(), seen: *seen })
        };
        let notes: Vec<MessagingNote> = found.iter().filter_map(note).collect();
        self.note_messaging(grant.user_uuid, grant.generation, &notes).await
    }

    /// A death does not raise the version, so that a link in flight, which gives a living token,
    /// wins.
    fn change_page(&self, grant: &Grant, page: &Page<Kept>, change: &PageChange) -> Result<Write, Error> {
        let now = self.clock.now();
        let write = Write::change(Key::page(grant.user_uuid, page.id.as_str()))
            .when_is(&STATUS, page.status)
            .when_is(&GRANTED_BY, &page.granted_by)
            .when_is(&VERSION, page.version);
        let next = page.version.saturating_add(1);
        Ok(match change {
            PageChange::Token(token) => {
                let place = place_of_facebook(grant.user_uuid, page.id.as_str(), PAGE_TOKEN);
                write.set(&ACCESS_TOKEN, seal(&self.keys, place, token)?).set(&VERSION, next)
            }
            PageChange::Dead(reason) => write.set(&STATUS, Status::ReconnectNeeded).set(&REASON, *reason).set(&DEAD_SINCE, now),
            // The person's token may go as well, and the person's item with a privacy request.
            PageChange::Forget => write.set(&VERSION, next).set(&PERSON, mark_of(&page.granted_by)).remove(&ACCESS_TOKEN),
            PageChange::Withheld => write.set(&WITHHELD_SINCE, now),
            PageChange::NotWithheld => write.remove(&WITHHELD_SINCE),
        })
    }

    fn change_person(&self, grant: &Grant, change: &PersonChange) -> Result<Write, Error> {
        let (person, now) = (&grant.person, self.clock.now());
        let place = place_of_facebook(grant.user_uuid, &person.user_id, USER_TOKEN);
        let token = change.token.as_ref().map(|token| seal(&self.keys, place, token)).transpose()?;
        let mut write = Write::change(Key::person(grant.user_uuid, &person.user_id))
            .when_is(&STATUS, person.status)
            .when(ACCESS_TOKEN.is_still(person.as_read.0.get(&ACCESS_TOKEN)))
            .set_some(&ACCESS_TOKEN, token)
            .set_some(&DATA_ACCESS_EXPIRES_AT, change.data_access_expires_at);
        if let Some((issued_at, expires_at)) = change.issued {
            write = write.set(&ISSUED_AT, issued_at).set_or_remove(&EXPIRES_AT, expires_at);
        }
        if let Some(reason) = change.dead {
            write = write.set(&STATUS, Status::ReconnectNeeded).set(&REASON, reason).set(&DEAD_SINCE, now);
        }
        if change.forget {
            write = write.remove(&ACCESS_TOKEN);
        }
        write = match &change.due {
            Due::Unchanged => write,
            Due::At(at) => write.set(&DUE_AT, *at).remove_each(NOTES).remove(&PROGRESS),
            Due::GoesOn(at, progress) => write.set(&DUE_AT, *at).set(&PROGRESS, progress.written()).remove_each(NOTES),
            Due::Never => write.remove_each([&DUE_AT, &PROGRESS]).remove_each(NOTES),
        };
        if change.seen_dead {
            write = write.set(&DEAD_SEEN_AT, person.dead_seen_at.unwrap_or(now)).set(&DUE_AT, now);
        }
        Ok(write)
    }
}
