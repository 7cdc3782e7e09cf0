//! The writes of a link of Pages, each with its condition.

use uuid::Uuid;

use crate::{
    Error,
    providers::facebook::{
        pages::{Page as Granted, PageId},
        subscriptions::Unready,
    },
    store::{
        Tables,
        events::{self, EventType},
        flows::Outcome,
        identity::at_generation,
        records::{PAGE_TOKEN, Status, USER_TOKEN, attributes::*, mark_of, place_of_facebook, seal},
        schedule::{Urgency, person_due_at},
        sessions::keep_left_behind,
        table::{Condition, Key, Row, Transaction, Write},
    },
};

use super::plan::{Linking, PagesLink, Plan};

/// What a write in a transaction is there for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role<'a> {
    /// The identity, its generation and its session.
    Identity,
    /// The state.
    Flow,
    /// Who holds a Page.
    Owner(&'a PageId),
    /// The Page under this identity, or under its former holder.
    Page,
}

/// The writes of one batch. The last one ends the flow after what was done in those before.
pub(super) fn batch<'a>(tables: &Tables, linking: &Linking<'a>, plans: &[Plan<'a>], ends: bool) -> Result<Transaction<Role<'a>>, Error> {
    let Linking { link, done, .. } = linking;
    let (user_uuid, generation, now) = (link.session.user_uuid, link.session.generation, tables.clock.now());
    let mut batch = Transaction::new("dynamodb.link_pages")?;
    for plan in plans {
        let id = &plan.page.id;
        batch.push_as(Role::Owner(id), own(link, plan));
        batch.push_as(Role::Page, put_page(tables, linking, plan.page)?);
        batch.push(events::of_page(user_uuid, id, EventType::Linked, None, now)?);
        if let Some(from) = plan.from {
            batch.push_as(Role::Page, mark_moved(id, from));
            batch.push(events::of_page(from, id, EventType::Moved, None, now)?);
        }
    }
    let is_over = ends && done.held_elsewhere.is_empty();
    if is_over {
        let identity = Write::change(Key::store(user_uuid)).when_is(&GENERATION, generation);
        batch.push_as(Role::Identity, identity.remove(&link.session_key.listed()));
        batch.push_as(Role::Identity, Write::delete(link.session_key.key()).when_is(&IDENTITY, user_uuid));
    } else {
        batch.push_as(Role::Identity, at_generation(user_uuid, generation));
    }
    if ends {
        batch.push_as(Role::Flow, link.claim.end(Outcome::Linked));
        // The session lives on, so that its merchant can move what was left behind.
        if !is_over {
            batch.push_as(Role::Identity, keep_left_behind(link.session_key, user_uuid, &linking.left_behind(plans))?);
        }
    }
    // With each batch: a person who leaves is found by this item, also when the flow ends before
    // its end.
    if linking.uses_grant(plans) {
        batch.push_as(Role::Page, put_person(tables, link)?);
    }
    Ok(batch)
}

fn put_page(tables: &Tables, linking: &Linking<'_>, page: &Granted) -> Result<Write, Error> {
    let (link, former, linked_ms) = (linking.link, linking.known(&page.id), tables.clock.now_millis());
    let place = place_of_facebook(link.session.user_uuid, page.id.as_str(), PAGE_TOKEN);
    let token = page.access_token.as_ref().map(|token| seal(&tables.keys, place, token)).transpose()?;
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
        .with(&VERSION, linking.next_version(&page.id))
        // A setting of the Page, not of the grant: what was seen last stays until it is seen again.
        .with_some(&THREAD_ROUTING, former.and_then(|former| former.thread_routing))
        .with_some(&CATEGORY, page.category.as_deref())
        .with_some(&ACCESS_TOKEN, token);
    let is_as_known = former.map_or_else(Condition::new_item, |former| VERSION.is(former.version));
    Ok(Write::put(Key::page(link.session.user_uuid, page.id.as_str()), row).when(is_as_known))
}

fn put_person(tables: &Tables, link: &PagesLink<'_>) -> Result<Write, Error> {
    let (user_uuid, person, linked_ms) = (link.session.user_uuid, &link.person, tables.clock.now_millis());
    let now = linked_ms / 1000;
    let place = place_of_facebook(user_uuid, person.user_id, USER_TOKEN);
    let row = Row::default()
        .with(&PERSON, mark_of(person.user_id))
        .with(&KIND, person.kind)
        .with(&ACCESS_TOKEN, seal(&tables.keys, place, person.access_token)?)
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

/// This identity holds the Page, unless another one than is known does.
fn own(link: &PagesLink<'_>, plan: &Plan<'_>) -> Write {
    let user_uuid = link.session.user_uuid;
    let owner = Row::default().with(&IDENTITY, user_uuid).with(&SHOP, &link.session.shop);
    let is_as_known = plan.from.map_or_else(|| Condition::new_item().or(IDENTITY.is(user_uuid)), |from| IDENTITY.is(from));
    Write::put(Key::owner_of_page(plan.page.id.as_str()), owner).when(is_as_known).returning_old()
}

/// The former holder keeps a note that the Page moved, without a word about where to, and without
/// the token.
fn mark_moved(page_id: &PageId, from: Uuid) -> Write {
    Write::change(Key::page(from, page_id.as_str()))
        .when(Condition::known_item())
        .set(&STATUS, Status::Moved)
        .increase(&VERSION, 1)
        .remove_each([&ACCESS_TOKEN, &MESSAGING_READY, &MESSAGING_REASON, &THREAD_ROUTING, &REASON, &DEAD_SINCE])
}
