//! Keeps messages arriving: repairs what an account or its owner changed about the subscription,
//! and notes what can't be repaired.

use shared::{
    Secret,
    facts::Unready,
    platform::AccountId,
    providers::grantor::{Delivery, Receiver, Revoker},
    registering::register,
    store::{
        messaging::Seen,
        records::{Account, Kept, Step},
    },
};

use super::findings::GrantCheck;

impl GrantCheck<'_> {
    /// A failure here is only logged: it costs no token its check.
    pub(super) async fn keep_messages_arriving(&mut self) {
        let ours = |account: &&Account<Kept>| account.app_id == self.grantor.app_id() && account.access_token.token().is_some();
        let accounts: Vec<_> = self.left_of(Step::Messages).filter(ours).collect();
        if accounts.is_empty() {
            return;
        }
        let (check, grantor, context) = (&*self, self.grantor, self.context);
        // Without this nothing can be said about any of them.
        self.pace.keep(grantor.listen(context)).await;
        let asking: Vec<_> = accounts
            .iter()
            .filter_map(|account| {
                let token = account.access_token.token()?;
                Some(async move { (account.id.clone(), check.delivery_of(account, token).await) })
            })
            .collect();
        let found: Vec<(AccountId, Delivery)> = self.pace.ask(&context.load, asking, |asked| asked, |_| false).await;
        let (all, done) =
            (accounts.iter().map(|account| account.id.clone()).collect::<Vec<_>>(), found.iter().map(|(id, _)| id.clone()).collect());
        // A result that says nothing about the account leaves earlier notes.
        let seen = |(id, Delivery { messaging, thread_routing }): (AccountId, Delivery)| {
            let told = Some(messaging).filter(|messaging| !messaging.is_err_and(Unready::is_passing));
            (id, Seen { messaging: told, thread_routing })
        };
        let is_news = |(id, seen): &(AccountId, Seen)| accounts.iter().any(|account| account.id == *id && !account.says(seen));
        let news: Vec<(AccountId, Seen)> = found.into_iter().map(seen).filter(is_news).collect();
        if let Err(error) = self.keeper.tables.note_messaging_of(&self.holding, &news).await {
            tracing::warn!(platform = self.platform(), cause = error.cause, "messaging not noted");
        }
        self.has_come_to(Step::Messages, &all, &done);
    }

    /// Whether an account's messages arrive; registers the account if that is required.
    async fn delivery_of(&self, account: &Account<Kept>, token: &Secret) -> Delivery {
        let companion = account.companion.as_ref().map(|companion| &companion.id);
        let receiver = Receiver { id: &account.id, companion, token, tasks: &account.tasks };
        let delivery = self.grantor.ensure_delivery(self.context, receiver).await;
        // Once another PIN is required, only the merchant can provide it.
        let is_left = match delivery.messaging {
            Err(Unready::NotRegistered) => true,
            Err(Unready::PinRequired) => account.messaging() != Err(Unready::PinRequired),
            _ => false,
        };
        if !is_left || !account.id.kind().registers {
            return delivery;
        }
        let revoker: &dyn Revoker = self.grantor;
        let registered = register(&self.keeper.tables, revoker, &self.context.outbound, receiver, None).await;
        if registered.is_err() {
            return Delivery { messaging: registered, ..delivery };
        }
        self.grantor.ensure_delivery(self.context, receiver).await
    }
}
