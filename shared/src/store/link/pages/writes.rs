//! The writes of a link of Pages, each with its condition.

use uuid::Uuid;

use crate::{
    error::Error,
    providers::facebook::{self, pages::Page as Granted, subscriptions::Unready},
    store::{
        Tables,
        events::{Event, EventType},
        flows::Outcome,
        identity::at_generation,
        records::{
            PAGE_TOKEN, Status, USER_TOKEN,
            attributes::{
                ACCESS_TOKEN, APP_ID, CATEGORY, DATA_ACCESS_EXPIRES_AT, DEAD_SINCE, DUE_AT, DUE_SHARD, EXPIRES_AT, GENERATION, GRANTED_BY,
                IDENTITY, ISSUED_AT, KIND, LINKED_AT, LINKED_MS, MESSAGING_READY, MESSAGING_REASON, NAME, PERSON, REASON, SCOPES, SESSIONS,
                SHOP, STATUS, TASKS, THREAD_ROUTING, VERSION,
            },
            mark_of, place_of_facebook, seal,
        },
        schedule::{Urgency, person_due_at},
        sessions::keep_left_behind,
        table::{Condition, Key, Row, Transaction, Write},
    },
};

use super::{
    Grantor, PagesLink, PagesLinked, Role,
    plan::{Known, Plan, left_behind},
};

impl Tables {
    /// The writes of one batch. With `ends` it is the last one, which ends the flow after what was
    /// done in those before.
    pub(super) fn batch<'a>(
        &self,
        link: &PagesLink<'_>,
        plans: &[Plan<'a>],
        known: &Known,
        person: Option<&Grantor<'_>>,
        ends: Option<&PagesLinked>,
    ) -> Result<Transaction<Role<'a>>, Error> {
        let (user_uuid, now) = (link.session.user_uuid, self.clock.now());
        let mut batch = Transaction::new("dynamodb.link_pages")?;
        for plan in plans {
            let id = plan.page.id.as_str();
            batch.push_as(Role::Owner(&plan.page.id), own(link, plan));
            batch.push_as(Role::Page, self.put_page(link, plan.page, known)?);
            batch.push(event(EventType::Linked, user_uuid, id).write(now)?);
            if let Some(from) = plan.from {
                batch.push_as(Role::Page, mark_moved(id, from));
                batch.push(event(EventType::Moved, from, id).write(now)?);
            }
        }
        match ends {
            None => batch.push_as(Role::Identity, at_generation(user_uuid, link.session.generation)),
            Some(done) if done.held_elsewhere.is_empty() => {
                let session = SESSIONS.entry::<u64>(link.session_key.as_str().to_owned());
                let identity = Write::change(Key::store(user_uuid)).when_is(&GENERATION, link.session.generation);
                batch.push_as(Role::Identity, identity.remove(&session));
                batch.push_as(Role::Identity, Write::delete(link.session_key.key()).when_is(&IDENTITY, user_uuid));
            }
            // The session lives on, so that its merchant can move what was left behind.
            Some(done) => {
                let left_behind = left_behind(link, done, plans);
                batch.push_as(Role::Identity, at_generation(user_uuid, link.session.generation));
                batch.push_as(Role::Identity, keep_left_behind(link.session_key, user_uuid, &left_behind)?);
            }
        }
        if ends.is_some() {
            batch.push_as(Role::Flow, link.claim.end(Outcome::Linked));
        }
        // With each batch: a person who leaves is found by this item, also when the flow ends before
        // its end.
        if let Some(person) = person {
            batch.push_as(Role::Page, self.put_person(link, person)?);
        }
        Ok(batch)
    }

    fn put_page(&self, link: &PagesLink<'_>, page: &Granted, known: &Known) -> Result<Write, Error> {
        let (user_uuid, linked_ms) = (link.session.user_uuid, self.clock.now_millis());
        let place = place_of_facebook(user_uuid, page.id.as_str(), PAGE_TOKEN);
        let token = page.access_token.as_ref().map(|token| seal(&self.keys, place, token)).transpose()?;
        let former = known.get(&page.id);
        let row = Row::default()
            .with(&NAME, &page.name)
            .with(&TASKS, page.tasks.as_slice())
            .with(&STATUS, Status::Active)
            .with(&GRANTED_BY, link.person.user_id)
            .with(&APP_ID, link.app_id)
            .with(&LINKED_AT, linked_ms / 1000)
            .with(&LINKED_MS, linked_ms)
            // Until somebody has looked: a crash right after the link must not leave a promise.
            .with(&MESSAGING_READY, false)
            .with(&MESSAGING_REASON, Unready::NotChecked.as_str())
            .with(&VERSION, known.next_version(&page.id))
            // A setting of the Page, not of the grant: what was seen last stays until it is seen
            // again.
            .with_some(&THREAD_ROUTING, former.and_then(|former| former.thread_routing))
            .with_some(&CATEGORY, page.category.as_deref())
            .with_some(&ACCESS_TOKEN, token);
        let put = Write::put(Key::page(user_uuid, page.id.as_str()), row);
        Ok(match former {
            None => put.when_new(),
            Some(former) => put.when_is(&VERSION, former.version),
        })
    }

    fn put_person(&self, link: &PagesLink<'_>, person: &Grantor<'_>) -> Result<Write, Error> {
        let (user_uuid, linked_ms) = (link.session.user_uuid, self.clock.now_millis());
        let now = linked_ms / 1000;
        let place = place_of_facebook(user_uuid, person.user_id, USER_TOKEN);
        let row = Row::default()
            .with(&PERSON, mark_of(person.user_id))
            .with(&KIND, person.kind)
            .with(&ACCESS_TOKEN, seal(&self.keys, place, person.access_token)?)
            .with(&SCOPES, person.scopes)
            .with(&APP_ID, link.app_id)
            .with(&STATUS, Status::Active)
            .with(&LINKED_AT, now)
            .with(&LINKED_MS, linked_ms)
            .with(&DUE_SHARD, Urgency::Routine.shard_of(user_uuid))
            .with(&ISSUED_AT, now)
            .with(&DUE_AT, person_due_at(user_uuid, now, now, person.expires_at))
            .with_some(&EXPIRES_AT, person.expires_at)
            .with_some(&DATA_ACCESS_EXPIRES_AT, person.data_access_expires_at);
        Ok(Write::put(Key::person(user_uuid, person.user_id), row))
    }
}

/// This identity holds the Page, unless another one than is known does.
fn own(link: &PagesLink<'_>, plan: &Plan<'_>) -> Write {
    let user_uuid = link.session.user_uuid;
    let owner = Row::default().with(&IDENTITY, user_uuid).with(&SHOP, &link.session.shop);
    let holder = match plan.from {
        None => Condition::new_item().or(IDENTITY.is(user_uuid)),
        Some(from) => IDENTITY.is(from),
    };
    Write::put(Key::owner_of_page(plan.page.id.as_str()), owner).when(holder).returning_old()
}

/// The former holder keeps a note that the Page moved, without a word about where to, and without the
/// token.
fn mark_moved(page_id: &str, from: Uuid) -> Write {
    Write::change(Key::page(from, page_id)).when(Condition::known_item()).set(&STATUS, Status::Moved).increase(&VERSION, 1).remove_each([
        &ACCESS_TOKEN,
        &MESSAGING_READY,
        &MESSAGING_REASON,
        &THREAD_ROUTING,
        &REASON,
        &DEAD_SINCE,
    ])
}

fn event(event_type: EventType, user_uuid: Uuid, page_id: &str) -> Event<'_> {
    Event { event_type, user_uuid, platform: facebook::PLATFORM.name, account: page_id, reason: None }
}
