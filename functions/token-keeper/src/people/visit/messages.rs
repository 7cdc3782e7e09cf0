//! Messages go on arriving: what a Page or its owner changed about the subscription is put right, and noted where it can't be.

use std::time::Duration;

use futures_util::{StreamExt as _, lock::Mutex, stream};
use shared::{
    http::Connections,
    providers::facebook::{
        Graph, Load, PLATFORM,
        pages::PageId,
        subscriptions::{Fields, Messaging, Subject, Unready, app_fields, ensure_subscribed},
    },
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
        let found: Vec<(PageId, Messaging)> = stream::iter(asking).buffered(CONCURRENCY).collect().await;
        // What says nothing about the Page leaves what was known before.
        let news = found.into_iter().filter(|(id, messaging)| {
            let told = |unready: &Unready| unready.is_passing();
            !messaging.as_ref().is_err_and(told) && pages.iter().any(|page| page.id == *id && !page.says(messaging))
        });
        let news: Vec<(PageId, Messaging)> = news.collect();
        if let Err(error) = self.keeper.connections.note_messaging_of(&self.grant, &news).await {
            tracing::warn!(platform = PLATFORM.name, cause = error.cause, "messaging not noted");
        }
    }
}
