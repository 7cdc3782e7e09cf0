//! Makes the messages of linked Pages arrive, and checks which other apps get them. The link is
//! valid by now, no matter what happens here: what fails or takes too long is reported, noted, and
//! left to the keeper.

use std::{collections::HashMap, time::Duration};

use futures_util::{StreamExt as _, future::join3, stream};
use shared::{
    Secret,
    facts::{Messaging, ThreadRouting, Unready},
    http,
    platform::{AccountId, GrantId, GrantedAccount},
    providers::{
        facebook::{pages::Pages, routing::thread_routing, subscriptions},
        grantor::Receiver,
        load::Load,
    },
    store::{
        link::accounts::AccountsLinked,
        messaging::{MessagingNote, Seen},
        sessions::Session,
    },
};
use tokio::time::{Instant, timeout_at};

use crate::callback::FacebookCallback;

/// Concurrent Pages: 250 of them then finish in time even if each call takes half a second.
const CONCURRENCY: usize = 32;
/// The limit for all of them together.
const TIMEOUT: Duration = Duration::from_secs(10);
/// The limit for checking, at the same time, which apps share the messages. Nobody waits longer for
/// that: the keeper checks too.
const ROUTING_TIMEOUT: Duration = Duration::from_secs(3);
/// Beyond the deadline of the link's own work, which may have used up its time.
const GRACE: Duration = Duration::from_millis(1500);

impl FacebookCallback {
    /// Subscribes the Pages and notes the results. `end` is the deadline of the link's own work.
    pub(crate) async fn switch_messages_on(
        &self,
        outbound: &http::Outbound,
        session: &Session,
        grant: &GrantId,
        found: &Pages,
        linked: &AccountsLinked,
        end: Instant,
    ) -> HashMap<AccountId, Seen> {
        let deadline = (Instant::now() + TIMEOUT).min(end + GRACE);
        let routing_deadline = deadline.min(Instant::now() + ROUTING_TIMEOUT);
        let pages = found.found.iter().filter(|page| linked.linked.contains(&page.id));
        // Calls with a Page's token do not count towards the limit of the call that listed the
        // Pages.
        let load = Load::default();
        let calls: Vec<_> = pages.clone().map(|page| timeout_at(deadline, self.on_page(outbound, page, linked, &load))).collect();
        let on_pages = stream::iter(calls).buffered(CONCURRENCY).collect::<Vec<_>>();
        let calls: Vec<_> = pages.clone().map(|page| timeout_at(routing_deadline, self.routing_of(outbound, page, &load))).collect();
        let routing = stream::iter(calls).buffered(CONCURRENCY).collect::<Vec<_>>();
        let in_app = timeout_at(deadline, subscriptions::app_fields(&self.graph, outbound, &self.fields));
        let (on_pages, routing, in_app) = join3(on_pages, routing, in_app).await;
        let in_app = in_app.ok().flatten();
        let ready = |on_page: Result<Messaging, _>| {
            subscriptions::heard(on_page.unwrap_or(Err(Unready::NotChecked)), &self.fields, in_app.as_deref())
        };
        let seen = |(on_page, routing): (_, Result<ThreadRouting, _>)| Seen {
            messaging: Some(ready(on_page)),
            thread_routing: routing.ok().flatten(),
        };
        let seen: HashMap<AccountId, Seen> = pages.map(|page| page.id.clone()).zip(on_pages.into_iter().zip(routing).map(seen)).collect();
        self.note(session, grant, linked, &seen, deadline + GRACE).await;
        seen
    }

    async fn routing_of(&self, outbound: &http::Outbound, page: &GrantedAccount, load: &Load) -> ThreadRouting {
        let token = page.access_token.as_ref()?;
        thread_routing(&self.graph, outbound, receiver(page, token), load).await
    }

    /// A Page that kept its token is only checked, and repaired if something is missing.
    async fn on_page(&self, outbound: &http::Outbound, page: &GrantedAccount, linked: &AccountsLinked, load: &Load) -> Messaging {
        let Some(token) = &page.access_token else { return Err(Unready::NotChecked) };
        let subject = receiver(page, token);
        if linked.kept.contains(&page.id) {
            subscriptions::ensure_on_page(&self.graph, outbound, subject, &self.fields, load).await
        } else {
            subscriptions::subscribe(&self.graph, outbound, subject, &self.fields, load).await
        }
    }

    /// The link was written as unchecked, so only findings are noted.
    async fn note(&self, session: &Session, grant: &GrantId, linked: &AccountsLinked, seen: &HashMap<AccountId, Seen>, deadline: Instant) {
        let note = |(account, version): &(AccountId, u64)| {
            let seen = *seen.get(account)?;
            let seen = Seen { messaging: seen.messaging.filter(|messaging| *messaging != Err(Unready::NotChecked)), ..seen };
            (!seen.is_nothing()).then(|| MessagingNote {
                account: account.clone(),
                version: *version,
                granted_by: grant.as_str().to_owned(),
                seen,
            })
        };
        let notes: Vec<MessagingNote> = linked.written.iter().filter_map(note).collect();
        if notes.is_empty() {
            return;
        }
        let noted = timeout_at(deadline, self.linking.tables.note_messaging(session.user_uuid, session.generation, &notes)).await;
        let cause = match noted {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.cause.unwrap_or_else(|| error.code.as_str().to_owned()),
            Err(_elapsed) => "deadline".to_owned(),
        };
        tracing::warn!(cause, "messaging not noted");
    }
}

fn receiver<'a>(page: &'a GrantedAccount, token: &'a Secret) -> Receiver<'a> {
    Receiver { id: &page.id, companion: None, token, tasks: &page.tasks }
}
