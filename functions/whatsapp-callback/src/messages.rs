//! Lets the messages of linked numbers arrive: their accounts are subscribed to, and those numbers
//! registered that are not. The link stands by now whatever happens here: what does not work, or
//! not in time, is told, noted, and left to the keeper.

use std::collections::{BTreeMap, HashMap};

use futures_util::{StreamExt as _, future::join, stream};
use shared::{
    facts::{Messaging, Unready},
    http::Outbound,
    linking::switching_ends,
    platform::{AccountId, CompanionId},
    providers::{
        grantor::Receiver,
        load::Load,
        whatsapp::{
            numbers::{Number, NumberState},
            subscriptions,
        },
    },
    registering,
    store::{messaging::Seen, sessions::Session},
};
use tokio::time::{Instant, timeout_at};

use crate::{Linked, callback::SwitchedOn};

/// Calls at the same time.
const CONCURRENCY: usize = 32;

impl SwitchedOn {
    /// Subscribes, registers, and notes what came of it. `end` is the end of the work on the link.
    pub(crate) async fn switch_messages_on(
        &self,
        outbound: &Outbound,
        session: &Session,
        linked: &Linked,
        end: Instant,
    ) -> HashMap<AccountId, Seen> {
        let deadline = switching_ends(end);
        let numbers: Vec<&Number> = linked.found.found.iter().filter(|number| linked.linked.linked.contains(&number.account.id)).collect();
        let accounts = self.subscribed(outbound, linked, &numbers, deadline);
        let registering: Vec<_> = numbers.iter().map(|number| timeout_at(deadline, self.registered(outbound, linked, number))).collect();
        let registered = stream::iter(registering).buffered(CONCURRENCY).collect::<Vec<_>>();
        let (accounts, registered) = join(accounts, registered).await;
        let seen = |(number, registered): (&&Number, Result<Messaging, _>)| {
            let registered = registered.unwrap_or(Err(Unready::NotChecked));
            let subscribed = || {
                let waba = number.account.companion.as_ref()?;
                accounts.get(&waba.id).copied()
            };
            let messaging = registered.and_then(|()| subscribed().unwrap_or(Err(Unready::NotChecked)));
            (number.account.id.clone(), Seen { messaging: Some(messaging), thread_routing: None })
        };
        let seen: HashMap<AccountId, Seen> = numbers.iter().zip(registered).map(seen).collect();
        self.linking.note_messages(session, &linked.grant, &linked.linked, &seen, deadline).await;
        seen
    }

    /// The subscription of each account, once.
    async fn subscribed(
        &self,
        outbound: &Outbound,
        linked: &Linked,
        numbers: &[&Number],
        deadline: Instant,
    ) -> BTreeMap<CompanionId, Messaging> {
        let load = &Load::default();
        let mut accounts: Vec<&CompanionId> = numbers.iter().filter_map(|number| Some(&number.account.companion.as_ref()?.id)).collect();
        accounts.sort();
        accounts.dedup();
        let subscribing = accounts.into_iter().map(|waba| async move {
            let subscribed = subscriptions::subscribe(&self.graph, outbound, waba, &linked.token, load);
            (waba.clone(), timeout_at(deadline, subscribed).await.unwrap_or(Err(Unready::NotChecked)))
        });
        stream::iter(subscribing.collect::<Vec<_>>()).buffer_unordered(CONCURRENCY).collect().await
    }

    /// Whether a number is registered by now.
    async fn registered(&self, outbound: &Outbound, linked: &Linked, number: &Number) -> Messaging {
        let account = &number.account;
        match number.state {
            NumberState::Unregistered { .. } => {
                let companion = account.companion.as_ref().map(|companion| &companion.id);
                let receiver = Receiver { id: &account.id, companion, token: &linked.token, tasks: &account.tasks };
                registering::register(&self.linking.tables, &self.revocation, outbound, receiver, None).await
            }
            NumberState::Connected => {
                self.linking.tables.hold_pin(&account.id).await;
                Ok(())
            }
            NumberState::Refused(unready) => Err(unready),
        }
    }
}
