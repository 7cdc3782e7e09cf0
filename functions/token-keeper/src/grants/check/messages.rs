//! Messages go on arriving: what an account or its owner changed about the subscription is put right, and noted where it can't be.

use futures_util::future::join;
use shared::{
    facts::ThreadRouting,
    providers::facebook::{
        PLATFORM,
        accounts::AccountId,
        routing::thread_routing,
        subscriptions::{Messaging, Subject, Unready, ensure_subscribed},
    },
    store::{
        messaging::Seen,
        records::{Kept, Account, Step},
    },
};

use super::findings::GrantCheck;

impl GrantCheck<'_> {
    /// What goes wrong here is a line in the log: it costs no token its check.
    pub(super) async fn keep_messages_arriving(&mut self) {
        let (graph, fields, outbound) = (&self.keeper.graph, &self.keeper.fields, self.outbound);
        let ours = |account: &&Account<Kept>| account.app_id == self.keeper.facebook.app_id && account.access_token.token().is_some();
        let accounts: Vec<_> = self.left_of(Step::Messages).filter(ours).collect();
        if accounts.is_empty() {
            return;
        }
        let heard = self.pace.keep(self.subscription.by_app(graph, outbound, fields)).await.flatten();
        let (load, heard) = (&self.subscription.load, heard.as_deref());
        let asking: Vec<_> = accounts
            .iter()
            .filter_map(|account| {
                let subject = Subject { id: &account.id, token: account.access_token.token()?, tasks: &account.tasks };
                let messaging = ensure_subscribed(graph, outbound, subject, fields, heard, load);
                let (id, asked) = (account.id.clone(), join(messaging, thread_routing(graph, outbound, subject, load)));
                Some(async move { (id, asked.await) })
            })
            .collect();
        let found: Vec<(AccountId, (Messaging, ThreadRouting))> = self.pace.ask(load, asking, |asked| asked, |_| false).await;
        let (all, done) = (accounts.iter().map(|account| account.id.clone()).collect::<Vec<_>>(), found.iter().map(|(id, _)| id.clone()).collect());
        // What says nothing about the account leaves what was known before.
        let seen = |(id, (messaging, thread_routing)): (AccountId, (Messaging, ThreadRouting))| {
            let told = Some(messaging).filter(|messaging| !messaging.is_err_and(Unready::is_passing));
            (id, Seen { messaging: told, thread_routing })
        };
        let is_news = |(id, seen): &(AccountId, Seen)| accounts.iter().any(|account| account.id == *id && !account.says(seen));
        let news: Vec<(AccountId, Seen)> = found.into_iter().map(seen).filter(is_news).collect();
        if let Err(error) = self.keeper.tables.note_messaging_of(&self.holding, &news).await {
            tracing::warn!(platform = PLATFORM.name, cause = error.cause, "messaging not noted");
        }
        self.has_come_to(Step::Messages, &all, &done);
    }
}
