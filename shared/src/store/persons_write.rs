//! What the keeper writes about a person and the Pages of the grant.
//!
//! It only ever changes what is still as it was read: the identity's generation, the person's sealed token, a Page's version, status and granting person are conditions of
//! each write. Pages go first and the person last, so that whatever dies in between is done again from the start.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, TransactWriteItem, Update};

use crate::{
    clock::UnixSeconds,
    error::Error,
    providers::facebook::{self, pages::PageId},
    random,
    secret::Secret,
    signing::hex,
};

use super::{
    Cancelled, Connections,
    events::{Event, EventType},
    item::{b, identity_key, n, s},
    last_part,
    leases::Lease,
    marks::mark_of,
    pages::{MessagingNote, Seen},
    persons::{Grant, GrantedPage, Progress, place},
    stores_write::incomplete,
};

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
    /// The person, or a Page, was found dead, which is not believed yet: due anew from now on, behind those that have waited.
    pub seen_dead: bool,
    /// When somebody has to look next.
    pub due: Due,
}

/// When somebody has to look next.
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
pub struct Written {
    /// Pages.
    pub pages: usize,
    /// The person.
    pub person: bool,
    /// The lease was given back with it.
    pub lease_over: bool,
    /// The identity is not the one that was read, or the lease is another's: nothing more was written.
    pub ended: bool,
}

/// What a write in a transaction is there for, so that its failed condition can be understood.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// The identity and its generation, or the lease.
    Ground,
    /// The person.
    Person,
    /// A Page, by its position.
    Page(usize),
    /// An event, which has no condition.
    Event,
}

impl Connections {
    /// Writes what of these changes still fits, and with the last of them ends the lease.
    ///
    /// # Errors
    /// `storage_unavailable`; batches before that may have been written.
    pub async fn change_grant(
        &self,
        grant: &Grant,
        pages: &[(&GrantedPage, PageChange)],
        person: Option<&PersonChange>,
        lease: Option<&Lease>,
    ) -> Result<Written, Error> {
        let mut written = Written::default();
        let (first, rest) = pages.split_at(last_part(pages.len(), BATCH));
        for batch in first.chunks(BATCH) {
            self.write_changes(grant, batch, None, None, &mut written).await?;
        }
        self.write_changes(grant, rest, person, lease, &mut written).await?;
        Ok(written)
    }

    /// Notes what was found out about the messages of Pages, as far as they are still as they were read.
    ///
    /// # Errors
    /// As [`Connections::note_messaging`].
    pub async fn note_messaging_of(&self, grant: &Grant, found: &[(PageId, Seen)]) -> Result<(), Error> {
        let note = |(id, seen): &(PageId, Seen)| {
            let page = grant.pages.iter().find(|page| page.id == *id)?;
            Some(MessagingNote { page_id: id.clone(), version: page.version, granted_by: grant.user_id.clone(), seen: *seen })
        };
        let notes: Vec<MessagingNote> = found.iter().filter_map(note).collect();
        self.note_messaging(grant.user_uuid, grant.generation, &notes).await
    }

    async fn write_changes(
        &self,
        grant: &Grant,
        pages: &[(&GrantedPage, PageChange)],
        person: Option<&PersonChange>,
        lease: Option<&Lease>,
        written: &mut Written,
    ) -> Result<(), Error> {
        let (mut pages, mut person): (Vec<_>, _) = (pages.iter().collect(), person);
        for _ in 0..TRIES {
            if written.ended || (pages.is_empty() && person.is_none()) {
                return Ok(());
            }
            let (roles, items) = self.changes(grant, &pages, person, lease)?;
            let token = hex(&random::bytes::<16>()?);
            let failed = match self.transact("dynamodb.change_grant", &token, items).await {
                Ok(()) => {
                    written.pages += pages.len();
                    written.person |= person.is_some();
                    written.lease_over |= lease.is_some();
                    return Ok(());
                }
                Err(Cancelled::Failed(error)) => return Err(error),
                Err(Cancelled::Conditions(failed)) => failed,
            };
            let failed: Vec<Role> = failed.iter().filter_map(|(index, _)| roles.get(*index).copied()).collect();
            written.ended |= failed.iter().any(|role| matches!(role, Role::Ground | Role::Event));
            if failed.iter().any(|role| matches!(role, Role::Person)) {
                person = None;
            }
            let mut position = 0;
            pages.retain(|_| {
                let changed = failed.iter().any(|role| matches!(role, Role::Page(index) if *index == position));
                position += 1;
                !changed
            });
        }
        Err(Error::storage_unavailable("change_grant: the grant keeps changing"))
    }

    fn changes(
        &self,
        grant: &Grant,
        pages: &[&(&GrantedPage, PageChange)],
        person: Option<&PersonChange>,
        lease: Option<&Lease>,
    ) -> Result<(Vec<Role>, Vec<TransactWriteItem>), Error> {
        let mut writes = vec![(Role::Ground, self.require_generation(grant)?)];
        if let Some(lease) = lease {
            writes.push((Role::Ground, lease.end(&self.sessions_table)?));
        }
        for (index, (page, change)) in pages.iter().enumerate() {
            writes.push((Role::Page(index), self.change_page(grant, page, change)?));
            if let PageChange::Dead(reason) = change {
                let event = Event {
                    event_type: EventType::ReconnectNeeded,
                    user_uuid: grant.user_uuid,
                    platform: facebook::PLATFORM.name,
                    account: page.id.as_str(),
                    reason: Some(reason),
                };
                writes.push((Role::Event, self.put_event(&event)?));
            }
        }
        if let Some(change) = person {
            writes.push((Role::Person, self.change_person(grant, change)?));
        }
        Ok(writes.into_iter().unzip())
    }

    fn require_generation(&self, grant: &Grant) -> Result<TransactWriteItem, Error> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(grant.user_uuid)))
            .key("sk", s("store"))
            .condition_expression("generation = :generation")
            .expression_attribute_values(":generation", n(grant.generation))
            .build();
        Ok(TransactWriteItem::builder().condition_check(check.map_err(incomplete)?).build())
    }

    /// A death does not raise the version, so that a link in flight, which gives a living token, wins.
    fn change_page(&self, grant: &Grant, page: &GrantedPage, change: &PageChange) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(grant.user_uuid)))
            .key("sk", s(format!("page#{}", page.id)))
            .condition_expression("#status = :status AND granted_by = :person AND version = :version")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":status", s(page.status.as_str()))
            .expression_attribute_values(":person", s(&grant.user_id))
            .expression_attribute_values(":version", n(page.version));
        let next = n(page.version.saturating_add(1));
        let update = match change {
            PageChange::Token(token) => update
                .update_expression("SET access_token = :token, version = :next")
                .expression_attribute_values(":token", b(self.keys.seal(place(grant.user_uuid, page.id.as_str(), "page_token"), token)?))
                .expression_attribute_values(":next", next),
            PageChange::Dead(reason) => update
                .update_expression("SET #status = :dead, #reason = :reason, dead_since = :now")
                .expression_attribute_names("#reason", "reason")
                .expression_attribute_values(":dead", s("reconnect_needed"))
                .expression_attribute_values(":reason", s(*reason))
                .expression_attribute_values(":now", n(self.clock.now())),
            // The person's token may go as well, and the person's item with their leave.
            PageChange::Forget => update
                .update_expression("SET version = :next, person = :mark REMOVE access_token")
                .expression_attribute_values(":mark", s(mark_of(&grant.user_id)))
                .expression_attribute_values(":next", next),
            PageChange::Withheld => {
                update.update_expression("SET withheld_since = :now").expression_attribute_values(":now", n(self.clock.now()))
            }
            PageChange::NotWithheld => update.update_expression("REMOVE withheld_since"),
        };
        Ok(TransactWriteItem::builder().update(update.build().map_err(incomplete)?).build())
    }

    fn change_person(&self, grant: &Grant, change: &PersonChange) -> Result<TransactWriteItem, Error> {
        let mut set: Vec<(&str, AttributeValue)> = Vec::new();
        let mut remove: Vec<&str> = Vec::new();
        if let Some(token) = &change.token {
            set.push(("access_token", b(self.keys.seal(place(grant.user_uuid, &grant.user_id, "user_token"), token)?)));
        }
        if let Some((issued_at, expires_at)) = change.issued {
            set.push(("issued_at", n(issued_at)));
            match expires_at {
                Some(end) => set.push(("expires_at", n(end))),
                None => remove.push("expires_at"),
            }
        }
        set.extend(change.data_access_expires_at.map(|end| ("data_access_expires_at", n(end))));
        if let Some(reason) = change.dead {
            set.extend([("status", s("reconnect_needed")), ("reason", s(reason)), ("dead_since", n(self.clock.now()))]);
        }
        if change.forget {
            remove.push("access_token");
        }
        match &change.due {
            Due::Unchanged => {}
            Due::At(at) => {
                set.push(("due_at", n(*at)));
                remove.extend(["failures", "dead_seen_at", "progress"]);
            }
            Due::GoesOn(at, progress) => {
                set.extend([("due_at", n(*at)), ("progress", s(progress.written()))]);
                remove.extend(["failures", "dead_seen_at"]);
            }
            Due::Never => remove.extend(["due_at", "failures", "dead_seen_at", "progress"]),
        }
        if change.seen_dead {
            let now = self.clock.now();
            set.extend([("dead_seen_at", n(grant.dead_seen_at.unwrap_or(now))), ("due_at", n(now))]);
        }
        let mut update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(grant.user_uuid)))
            .key("sk", s(format!("person#{}", grant.user_id)))
            .expression_attribute_names("#is", "status")
            .expression_attribute_values(":is", s(grant.status.as_str()));
        update = match &grant.sealed {
            Some(sealed) => {
                update.condition_expression("#is = :is AND access_token = :read").expression_attribute_values(":read", b(sealed.clone()))
            }
            None => update.condition_expression("#is = :is AND attribute_not_exists(access_token)"),
        };
        let mut clauses = Vec::new();
        for (i, (name, value)) in set.into_iter().enumerate() {
            clauses.push(format!("{} #s{i} = :s{i}", if i == 0 { "SET" } else { "," }));
            update = update.expression_attribute_names(format!("#s{i}"), name).expression_attribute_values(format!(":s{i}"), value);
        }
        for (i, name) in remove.into_iter().enumerate() {
            clauses.push(format!("{} #r{i}", if i == 0 { " REMOVE" } else { "," }));
            update = update.expression_attribute_names(format!("#r{i}"), name);
        }
        let update = update.update_expression(clauses.concat()).build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }
}
