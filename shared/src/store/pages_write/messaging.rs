//! Noting whether a Page's messages fire. It changes nothing about who holds the Page or with which token, so it raises no version; and it is true only of the Page as
//! it was written when somebody looked.

use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, TransactWriteItem, Update};
use uuid::Uuid;

use crate::{error::Error, random, signing::hex};

use super::super::{
    Cancelled, Connections,
    item::{identity_key, n, s},
    pages::MessagingNote,
    sessions,
    stores_write::incomplete,
};

/// With the identity itself the 100 of a transaction.
const BATCH: usize = 99;

impl Connections {
    /// Notes what was found out. A Page that has been written anew, moved or taken away since is left as it is.
    ///
    /// # Errors
    /// `invalid_session` when the identity's generation was raised meanwhile: nothing more is to be written; `storage_unavailable`.
    pub async fn note_messaging(&self, user_uuid: Uuid, generation: u64, notes: &[MessagingNote]) -> Result<(), Error> {
        let notes: Vec<&MessagingNote> = notes.iter().filter(|note| !note.seen.is_nothing()).collect();
        for batch in notes.chunks(BATCH) {
            let mut batch = batch.to_vec();
            while !batch.is_empty() {
                let mut items = vec![self.check_generation(user_uuid, generation)?];
                for note in &batch {
                    items.push(self.put_note(user_uuid, note)?);
                }
                let token = hex(&random::bytes::<16>()?);
                let failed = match self.transact("dynamodb.note_messaging", &token, items).await {
                    Ok(()) => break,
                    Err(Cancelled::Failed(error)) => return Err(error),
                    Err(Cancelled::Conditions(failed)) => failed,
                };
                if failed.iter().any(|(index, _)| *index == 0) {
                    return Err(sessions::invalid());
                }
                // The others are written without them; each try has fewer.
                let mut index = 0;
                batch.retain(|_| {
                    index += 1;
                    !failed.iter().any(|(failed, _)| *failed == index)
                });
            }
        }
        Ok(())
    }

    /// The identity is as it was when the work began.
    pub(in super::super) fn check_generation(&self, user_uuid: Uuid, generation: u64) -> Result<TransactWriteItem, Error> {
        let check = ConditionCheck::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(user_uuid)))
            .key("sk", s("store"))
            .condition_expression("generation = :generation")
            .expression_attribute_values(":generation", n(generation))
            .build();
        Ok(TransactWriteItem::builder().condition_check(check.map_err(incomplete)?).build())
    }

    fn put_note(&self, user_uuid: Uuid, note: &MessagingNote) -> Result<TransactWriteItem, Error> {
        let mut update = Update::builder()
            .table_name(&self.table)
            .key("pk", s(identity_key(user_uuid)))
            .key("sk", s(format!("page#{}", note.page_id)))
            .condition_expression("#status = :active AND version = :version AND granted_by = :person")
            .expression_attribute_names("#status", "status")
            .expression_attribute_values(":active", s("active"))
            .expression_attribute_values(":version", n(note.version))
            .expression_attribute_values(":person", s(&note.granted_by));
        let (mut set, mut remove) = (Vec::new(), "");
        if let Some(messaging) = note.seen.messaging {
            set.push("messaging_ready = :ready");
            update = update.expression_attribute_values(":ready", AttributeValue::Bool(messaging.is_ok()));
            match messaging {
                Ok(()) => remove = " REMOVE messaging_reason",
                Err(unready) => {
                    set.push("messaging_reason = :reason");
                    update = update.expression_attribute_values(":reason", s(unready.as_str()));
                }
            }
        }
        if let Some(shared) = note.seen.thread_routing {
            set.push("thread_routing = :shared");
            update = update.expression_attribute_values(":shared", AttributeValue::Bool(shared));
        }
        let update = update.update_expression(format!("SET {}{remove}", set.join(", ")));
        Ok(TransactWriteItem::builder().update(update.build().map_err(incomplete)?).build())
    }
}
