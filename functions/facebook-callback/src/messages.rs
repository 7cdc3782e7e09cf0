//! Lets the messages of linked Pages arrive. The link stands by now whatever happens here: what does not work, or not in time, is told, noted, and left to the keeper.

use std::{collections::HashMap, time::Duration};

use futures_util::{StreamExt as _, future::join, stream};
use shared::{
    http,
    providers::facebook::{
        Load,
        pages::{Page, PageId, Pages},
        subscriptions::{self, Messaging, Subject, Unready},
    },
    store::{
        pages::{MessagingNote, PagesLinked},
        sessions::Session,
    },
};
use tokio::time::{Instant, timeout_at};

use crate::FacebookCallback;

/// Pages at the same time: 250 of them then end in time even when each call takes half a second.
const CONCURRENCY: usize = 32;
/// All of them together.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Past the end of the work on the link, which may have used up its time.
const GRACE: Duration = Duration::from_millis(1500);

impl FacebookCallback {
    /// Subscribes the Pages and notes what came of it. `end` is the end of the work on the link.
    pub(crate) async fn switch_messages_on(
        &self,
        provider: &http::Connections,
        session: &Session,
        user_id: &str,
        found: &Pages,
        linked: &PagesLinked,
        end: Instant,
    ) -> HashMap<PageId, Messaging> {
        let deadline = (Instant::now() + TIMEOUT).min(end + GRACE);
        let pages = found.found.iter().filter(|page| linked.linked.contains(&page.id));
        // Calls with a Page's token do not count on the limit that the list of Pages came by.
        let load = Load::default();
        let calls: Vec<_> = pages.clone().map(|page| timeout_at(deadline, self.on_page(provider, page, linked, &load))).collect();
        let on_pages = stream::iter(calls).buffered(CONCURRENCY).collect::<Vec<_>>();
        let in_app = timeout_at(deadline, subscriptions::app_fields(&self.graph, provider, &self.fields));
        let (on_pages, in_app) = join(on_pages, in_app).await;
        let in_app = in_app.ok().flatten();
        let ready = |on_page: Result<Messaging, _>| {
            subscriptions::heard(on_page.unwrap_or(Err(Unready::NotChecked)), &self.fields, in_app.as_deref())
        };
        let messaging: HashMap<PageId, Messaging> = pages.map(|page| page.id.clone()).zip(on_pages.into_iter().map(ready)).collect();
        self.note(session, user_id, linked, &messaging, deadline + GRACE).await;
        messaging
    }

    /// A Page that kept the token it had is only looked at, and repaired where it lacks something.
    async fn on_page(&self, provider: &http::Connections, page: &Page, linked: &PagesLinked, load: &Load) -> Messaging {
        let Some(token) = &page.access_token else { return Err(Unready::NotChecked) };
        let subject = Subject { id: &page.id, token, tasks: &page.tasks };
        if linked.kept.contains(&page.id) {
            subscriptions::ensure_on_page(&self.graph, provider, subject, &self.fields, load).await
        } else {
            subscriptions::subscribe(&self.graph, provider, subject, &self.fields, load).await
        }
    }

    /// The link has written that nothing was checked, so only what was found out is noted.
    async fn note(
        &self,
        session: &Session,
        user_id: &str,
        linked: &PagesLinked,
        messaging: &HashMap<PageId, Messaging>,
        deadline: Instant,
    ) {
        let note = |(page_id, version): &(PageId, u64)| {
            let messaging = *messaging.get(page_id)?;
            let granted_by = user_id.to_owned();
            (messaging != Err(Unready::NotChecked)).then(|| MessagingNote {
                page_id: page_id.clone(),
                version: *version,
                granted_by,
                messaging,
            })
        };
        let notes: Vec<MessagingNote> = linked.written.iter().filter_map(note).collect();
        if notes.is_empty() {
            return;
        }
        let noted = timeout_at(deadline, self.connections.note_messaging(session.user_uuid, session.generation, &notes)).await;
        let cause = match noted {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.cause.unwrap_or_else(|| error.code.as_str().to_owned()),
            Err(_elapsed) => "deadline".to_owned(),
        };
        tracing::warn!(cause, "messaging not noted");
    }
}
