//! Messages go on arriving: what a Page or its owner changed about the subscription is put right, and noted where it can't be.

use std::time::Duration;

use futures_util::{StreamExt as _, future::join, lock::Mutex, stream};
use shared::{
    http::Connections,
    messaging::ThreadRouting,
    providers::facebook::{
        Graph, Load, PLATFORM,
        pages::PageId,
        routing::thread_routing,
        subscriptions::{Fields, Messaging, Subject, Unready, app_fields, ensure_subscribed},
    },
    store::pages::Seen,
};
use tokio::time::{Instant, timeout_at};

use super::{CONCURRENCY, Visit};

/// All Pages of a person together; those that did not come are tried again tomorrow.
const TIMEOUT: Duration = Duration::from_secs(15);

/// What one run finds out for all its visits.
#[derive(Debug, Default)]
pub(in crate::people) struct Hearing {
    load: Load,
    /// The fields that the app as a whole listens to, once they were asked for; none when Facebook did not tell.
    by_app: Mutex<Option<Option<Vec<String>>>>,
}

impl Hearing {
    async fn by_app(&self, graph: &Graph, provider: &Connections, fields: &Fields) -> Option<Vec<String>> {
        let mut known = self.by_app.lock().await;
        if known.is_none() {
            *known = Some(app_fields(graph, provider, fields).await);
        }
        known.clone().flatten()
    }
}

impl Visit<'_> {
    /// What goes wrong here is a line in the log: it costs no token its check.
    pub(super) async fn keep_messages_arriving(&self) {
        let (graph, fields, provider) = (&self.keeper.graph, &self.keeper.fields, self.provider);
        let deadline = Instant::now() + TIMEOUT;
        let pages: Vec<_> = self.living_pages().filter(|page| page.app_id == self.keeper.facebook.app_id).collect();
        if pages.is_empty() {
            return;
        }
        let heard = self.hearing.by_app(graph, provider, fields).await;
        let asking: Vec<_> = pages
            .iter()
            .filter_map(|page| {
                let subject = Subject { id: &page.id, token: page.token.token()?, tasks: &page.tasks };
                let asked = ensure_subscribed(graph, provider, subject, fields, heard.as_deref(), &self.hearing.load);
                let id = page.id.clone();
                Some(async move { (id, timeout_at(deadline, asked).await.unwrap_or(Err(Unready::NotChecked))) })
            })
            .collect();
        let messaging = stream::iter(asking).buffered(CONCURRENCY).collect::<Vec<(PageId, Messaging)>>();
        let asking: Vec<_> = pages
            .iter()
            .filter_map(|page| {
                let subject = Subject { id: &page.id, token: page.token.token()?, tasks: &page.tasks };
                let asked = thread_routing(graph, provider, subject, &self.hearing.load);
                Some(async move { timeout_at(deadline, asked).await.unwrap_or_default() })
            })
            .collect();
        let routing = stream::iter(asking).buffered(CONCURRENCY).collect::<Vec<ThreadRouting>>();
        let (messaging, routing) = join(messaging, routing).await;
        // What says nothing about the Page leaves what was known before.
        let seen = |((id, messaging), thread_routing): ((PageId, Messaging), ThreadRouting)| {
            let told = Some(messaging).filter(|messaging| !messaging.is_err_and(Unready::is_passing));
            (id, Seen { messaging: told, thread_routing })
        };
        let is_news = |(id, seen): &(PageId, Seen)| pages.iter().any(|page| page.id == *id && !page.says(seen));
        let news: Vec<(PageId, Seen)> = messaging.into_iter().zip(routing).map(seen).filter(is_news).collect();
        if let Err(error) = self.keeper.connections.note_messaging_of(&self.grant, &news).await {
            tracing::warn!(platform = PLATFORM.name, cause = error.cause, "messaging not noted");
        }
    }
}
