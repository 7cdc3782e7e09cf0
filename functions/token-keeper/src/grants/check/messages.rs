//! Messages go on arriving: what a Page or its owner changed about the subscription is put right, and noted where it can't be.

use futures_util::future::join;
use shared::{
    facts::ThreadRouting,
    providers::facebook::{
        PLATFORM,
        pages::PageId,
        routing::thread_routing,
        subscriptions::{Messaging, Subject, Unready, ensure_subscribed},
    },
    store::{
        messaging::Seen,
        records::{Kept, Page, Step},
    },
};

use super::findings::GrantCheck;

impl GrantCheck<'_> {
    /// What goes wrong here is a line in the log: it costs no token its check.
    pub(super) async fn keep_messages_arriving(&mut self) {
        let (graph, fields, outbound) = (&self.keeper.graph, &self.keeper.fields, self.outbound);
        let ours = |page: &&Page<Kept>| page.app_id == self.keeper.facebook.app_id && page.access_token.token().is_some();
        let pages: Vec<_> = self.left_of(Step::Messages).filter(ours).collect();
        if pages.is_empty() {
            return;
        }
        let heard = self.pace.keep(self.subscription.by_app(graph, outbound, fields)).await.flatten();
        let (load, heard) = (&self.subscription.load, heard.as_deref());
        let asking: Vec<_> = pages
            .iter()
            .filter_map(|page| {
                let subject = Subject { id: &page.id, token: page.access_token.token()?, tasks: &page.tasks };
                let messaging = ensure_subscribed(graph, outbound, subject, fields, heard, load);
                let (id, asked) = (page.id.clone(), join(messaging, thread_routing(graph, outbound, subject, load)));
                Some(async move { (id, asked.await) })
            })
            .collect();
        let found: Vec<(PageId, (Messaging, ThreadRouting))> = self.pace.ask(load, asking, |asked| asked, |_| false).await;
        let (all, done) = (pages.iter().map(|page| page.id.clone()).collect::<Vec<_>>(), found.iter().map(|(id, _)| id.clone()).collect());
        // What says nothing about the Page leaves what was known before.
        let seen = |(id, (messaging, thread_routing)): (PageId, (Messaging, ThreadRouting))| {
            let told = Some(messaging).filter(|messaging| !messaging.is_err_and(Unready::is_passing));
            (id, Seen { messaging: told, thread_routing })
        };
        let is_news = |(id, seen): &(PageId, Seen)| pages.iter().any(|page| page.id == *id && !page.says(seen));
        let news: Vec<(PageId, Seen)> = found.into_iter().map(seen).filter(is_news).collect();
        if let Err(error) = self.keeper.tables.note_messaging_of(&self.grant, &news).await {
            tracing::warn!(platform = PLATFORM.name, cause = error.cause, "messaging not noted");
        }
        self.has_come_to(Step::Messages, &all, &done);
    }
}
