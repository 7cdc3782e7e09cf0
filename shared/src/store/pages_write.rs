//! Linking Pages: who holds which is decided by conditions on the Page's owner, so of two claims at once one remains.
//!
//! Up to [`BATCH`] Pages are linked in one transaction together with the person's grant, the state's outcome and the session's end. With
//! more, the earlier batches go first, each on the condition of the identity's generation, and the last one ends the flow: a crash in
//! between leaves Pages that are linked whole, and a session and a state that show the flow as unfinished; running it again heals it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use uuid::Uuid;

use crate::{
    encryption::Place,
    error::{Code, Error},
    providers::facebook::{self, pages::Page},
    random,
    signing::hex,
};

use super::{
    Cancelled, Connections,
    flows::Outcome,
    item::{self, b, identity_key, n, s},
    pages::{PageRecord, PagesLink, PagesLinked},
    sessions,
    stores_write::{due_shard, incomplete, put},
};

/// Three writes a Page at most, and four for the end of the flow: below the 100 of a transaction.
const BATCH: usize = 30;
/// Tries at one batch: each failure tells which Page is not as it was thought, and the next try takes that into account.
const TRIES: u32 = 5;
/// The keeper looks after a person's token at least daily.
const CHECK_EVERY: u64 = 24 * 3600;
/// The task that lets a person move a Page away from another identity.
const MANAGE: &str = "MANAGE";

/// What a write in a transaction is there for, so that its failed condition can be understood.
#[derive(Clone, Copy, Debug)]
enum Role<'a> {
    /// The identity, its generation and its session.
    Identity,
    /// The state.
    Flow,
    /// Who holds a Page.
    Owner(&'a Page),
    /// The Page under this identity.
    Page,
    /// The Page under its former holder.
    Former,
}

/// What is to become of one Page.
#[derive(Clone, Copy, Debug)]
struct Plan<'a> {
    page: &'a Page,
    /// Take it from this identity.
    from: Option<Uuid>,
}

impl Connections {
    /// Links the Pages and ends the flow.
    ///
    /// # Errors
    /// `held_elsewhere` when other identities hold all of them, and nothing was written; `invalid_session` when session or identity ended
    /// meanwhile; `storage_unavailable`.
    pub async fn link_pages(&self, link: &PagesLink<'_>, known: Vec<PageRecord>) -> Result<PagesLinked, Error> {
        let mut known: HashMap<String, PageRecord> = known.into_iter().map(|record| (record.id.clone(), record)).collect();
        let mut done = PagesLinked::default();
        let mut plans: Vec<Plan<'_>> = link.pages.iter().map(|&page| Plan { page, from: None }).collect();
        keep_outranking(link, &mut plans, &known, &mut done);
        let last = plans.len().saturating_sub(1) / BATCH * BATCH;
        let rest = plans.split_off(last);
        for batch in plans.chunks(BATCH) {
            self.write_batch(link, batch.to_vec(), &mut known, &mut done, false).await?;
        }
        self.write_batch(link, rest, &mut known, &mut done, true).await?;
        Ok(done)
    }

    async fn write_batch<'a>(
        &self,
        link: &PagesLink<'_>,
        mut plans: Vec<Plan<'a>>,
        known: &mut HashMap<String, PageRecord>,
        done: &mut PagesLinked,
        ends_flow: bool,
    ) -> Result<(), Error> {
        for _ in 0..TRIES {
            if plans.is_empty() && (!ends_flow || done.linked.is_empty()) {
                return if ends_flow { Err(held_elsewhere()) } else { Ok(()) };
            }
            let (roles, items) = self.batch(link, &plans, known, ends_flow)?;
            let token = hex(&random::bytes::<16>()?);
            let failed = match self.transact("dynamodb.link_pages", &token, items).await {
                Ok(()) => {
                    done.linked.extend(plans.iter().map(|plan| plan.page.id.clone()));
                    done.moved.extend(plans.iter().filter(|plan| plan.from.is_some()).map(|plan| plan.page.id.clone()));
                    return Ok(());
                }
                Err(Cancelled::Failed(error)) => return Err(error),
                Err(Cancelled::Conditions(failed)) => failed,
            };
            let mut reread = false;
            for (index, found) in failed {
                match roles.get(index) {
                    Some(Role::Owner(page)) => {
                        let holder = item::uuid(&found, "uuid").filter(|holder| *holder != link.session.user_uuid);
                        let may_move = link.moving && page.tasks.iter().any(|task| task == MANAGE);
                        if holder.is_some() && !may_move {
                            plans.retain(|plan| plan.page.id != page.id);
                            done.held_elsewhere.push(page.id.clone());
                        } else if let Some(plan) = plans.iter_mut().find(|plan| plan.page.id == page.id) {
                            plan.from = holder;
                        }
                    }
                    Some(Role::Page | Role::Former) => reread = true,
                    Some(Role::Flow) => return Err(Error::storage_unavailable("link_pages: the state is no longer ours")),
                    Some(Role::Identity) | None => return Err(sessions::invalid()),
                }
            }
            if reread {
                *known = self.load_pages(link.session.user_uuid).await?.into_iter().map(|record| (record.id.clone(), record)).collect();
                keep_outranking(link, &mut plans, known, done);
            }
        }
        Err(Error::storage_unavailable("link_pages: the Pages keep changing"))
    }

    fn batch<'a>(
        &self,
        link: &PagesLink<'_>,
        plans: &[Plan<'a>],
        known: &HashMap<String, PageRecord>,
        ends_flow: bool,
    ) -> Result<(Vec<Role<'a>>, Vec<TransactWriteItem>), Error> {
        let mut writes: Vec<(Role<'a>, TransactWriteItem)> = Vec::new();
        for plan in plans {
            let id = plan.page.id.as_str();
            writes.push((Role::Owner(plan.page), self.put_page_owner(link, plan)?));
            writes.push((Role::Page, self.put_page(link, plan.page, known.get(id))?));
            if let Some(from) = plan.from {
                writes.push((Role::Former, self.mark_moved(id, from)?));
            }
        }
        if ends_flow {
            writes.push((Role::Identity, self.end_session_of_identity(link)?));
            writes.push((Role::Identity, self.delete_session(link)?));
            writes.push((Role::Page, self.put_person(link)?));
            writes
                .push((Role::Flow, TransactWriteItem::builder().update(link.claim.update(&self.sessions_table, Outcome::Linked)?).build()));
        } else {
            writes.push((Role::Identity, self.check_identity(link)?));
        }
        Ok(writes.into_iter().unzip())
    }

    fn put_page_owner(&self, link: &PagesLink<'_>, plan: &Plan<'_>) -> Result<TransactWriteItem, Error> {
        let owner = item::item([
            ("pk", s(format!("page#{}", plan.page.id))),
            ("sk", s("owner")),
            ("uuid", s(link.session.user_uuid.to_string())),
            ("shop", s(&link.session.shop)),
        ]);
        let mine = Put::builder()
            .table_name(&self.table)
            .set_item(Some(owner))
            .expression_attribute_names("#uuid", "uuid")
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        put(match plan.from {
            None => mine
                .condition_expression("attribute_not_exists(pk) OR #uuid = :mine")
                .expression_attribute_values(":mine", s(link.session.user_uuid.to_string())),
            Some(from) => mine.condition_expression("#uuid = :from").expression_attribute_values(":from", s(from.to_string())),
        })
    }

    fn put_page(&self, link: &PagesLink<'_>, page: &Page, known: Option<&PageRecord>) -> Result<TransactWriteItem, Error> {
        let now = self.clock.now();
        let mut found = item::item([
            ("pk", s(identity_key(link.session.user_uuid))),
            ("sk", s(format!("page#{}", page.id))),
            ("name", s(&page.name)),
            ("tasks", item::list(&page.tasks)),
            ("status", s("active")),
            ("granted_by", s(link.person.user_id)),
            ("app_id", s(link.app_id)),
            ("linked_at", n(now)),
            ("version", n(known.map_or(1, |record| record.version + 1))),
        ]);
        if let Some(category) = &page.category {
            found.insert("category".to_owned(), s(category));
        }
        if let Some(token) = &page.access_token {
            let place = self.facebook_place(link, page.id.as_str(), "page_token");
            found.insert("access_token".to_owned(), b(self.keys.seal(place, token)?));
        }
        let new = Put::builder().table_name(&self.table).set_item(Some(found));
        put(match known {
            None => new.condition_expression("attribute_not_exists(pk)"),
            Some(record) => new
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", n(record.version)),
        })
    }

    /// The former holder keeps a note that the Page moved, without a word about where to, and without the token.
    fn mark_moved(&self, page_id: &str, from: Uuid) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(from)))
            .key("sk", s(format!("page#{page_id}")))
            .update_expression("SET #status = :moved, version = version + :one REMOVE access_token")
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":moved", s("moved"))
            .expression_attribute_values(":one", n(1))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    fn put_person(&self, link: &PagesLink<'_>) -> Result<TransactWriteItem, Error> {
        let (person, now) = (&link.person, self.clock.now());
        let token = self.keys.seal(self.facebook_place(link, person.user_id, "user_token"), person.access_token)?;
        let mut found = item::item([
            ("pk", s(identity_key(link.session.user_uuid))),
            ("sk", s(format!("person#{}", person.user_id))),
            ("person", s(format!("{}#{}", facebook::PLATFORM.name, person.user_id))),
            ("kind", s(person.kind)),
            ("access_token", b(token)),
            ("scopes", item::list(person.scopes)),
            ("app_id", s(link.app_id)),
            ("status", s("active")),
            ("linked_at", n(now)),
            ("due_shard", s(due_shard(link.session.user_uuid))),
            ("due_at", n(now + CHECK_EVERY)),
        ]);
        for (name, end) in [("expires_at", person.expires_at), ("data_access_expires_at", person.data_access_expires_at)] {
            if let Some(end) = end {
                found.insert(name.to_owned(), n(end));
            }
        }
        put(Put::builder().table_name(&self.table).set_item(Some(found)))
    }

    fn check_identity(&self, link: &PagesLink<'_>) -> Result<TransactWriteItem, Error> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(link.session.user_uuid)))
            .key("sk", s("store"))
            .condition_expression("generation = :generation")
            .expression_attribute_values(":generation", n(link.session.generation))
            .build();
        Ok(TransactWriteItem::builder().condition_check(check.map_err(incomplete)?).build())
    }

    fn end_session_of_identity(&self, link: &PagesLink<'_>) -> Result<TransactWriteItem, Error> {
        let update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(link.session.user_uuid)))
            .key("sk", s("store"))
            .update_expression("REMOVE sessions.#session")
            .condition_expression("generation = :generation")
            .expression_attribute_names("#session", link.session_key.as_str())
            .expression_attribute_values(":generation", n(link.session.generation))
            .build();
        Ok(TransactWriteItem::builder().update(update.map_err(incomplete)?).build())
    }

    fn delete_session(&self, link: &PagesLink<'_>) -> Result<TransactWriteItem, Error> {
        let delete = Delete::builder()
            .table_name(&self.sessions_table)
            .key("pk", s(link.session_key.partition()))
            .condition_expression("#uuid = :uuid")
            .expression_attribute_names("#uuid", "uuid")
            .expression_attribute_values(":uuid", AttributeValue::S(link.session.user_uuid.to_string()))
            .build();
        Ok(TransactWriteItem::builder().delete(delete.map_err(incomplete)?).build())
    }

    fn facebook_place<'a>(&self, link: &PagesLink<'_>, account: &'a str, attribute: &'a str) -> Place<'a> {
        Place { user_uuid: link.session.user_uuid, platform: facebook::PLATFORM.name, account, attribute }
    }
}

/// Takes out the Pages whose present grant must stay.
fn keep_outranking(link: &PagesLink<'_>, plans: &mut Vec<Plan<'_>>, known: &HashMap<String, PageRecord>, done: &mut PagesLinked) {
    plans.retain(|plan| {
        let stays = known.get(plan.page.id.as_str()).is_some_and(|record| record.outranks(plan.page, link.person.user_id));
        if stays {
            done.linked.push(plan.page.id.clone());
            done.kept.push(plan.page.id.clone());
        }
        !stays
    });
}

fn held_elsewhere() -> Error {
    Error::new(Code::HeldElsewhere, "Another store holds every Page that you chose. If you manage them, you can move them to this store.")
}
