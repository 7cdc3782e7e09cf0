//! Lets the messages of linked Pages arrive, and looks who else gets them. The link stands by now
//! whatever happens here: what does not work, or not in time, is told, noted, and left to the
//! keeper.

use std::{collections::HashMap, time::Duration};

use futures_util::{StreamExt as _, future::join3, stream};
use shared::{
    Secret,
    facts::{Messaging, ThreadRouting, Unready},
    http,
    linking::switching_ends,
    platform::{AccountId, GrantId, GrantedAccount},
    providers::{
        facebook::{pages::Pages, routing::thread_routing, subscriptions},
        grantor::Receiver,
        load::Load,
    },
    store::{link::accounts::AccountsLinked, messaging::Seen, sessions::Session},
};
use tokio::time::{Instant, timeout_at};

use crate::callback::FacebookCallback;

/// Pages at the same time: 250 of them then end in time even when each call takes half a second.
const CONCURRENCY: usize = 32;
/// Looking who else gets the messages of all of them. Nobody waits longer for it: the keeper looks
/// as well.
const ROUTING_TIMEOUT: Duration = Duration::from_secs(3);

impl FacebookCallback {
    /// Subscribes the Pages and notes what came of it. `end` is the end of the work on the link.
    pub(crate) async fn switch_messages_on(
        &self,
        outbound: &http::Outbound,
        session: &Session,
        grant: &GrantId,
        found: &Pages,
        linked: &AccountsLinked,
        end: Instant,
    ) -> HashMap<AccountId, Seen> {
        let deadline = switching_ends(end);
        let routing_deadline = deadline.min(Instant::now() + ROUTING_TIMEOUT);
        let pages = found.found.iter().filter(|page| linked.linked.contains(&page.id));
        // Calls with a Page's token do not count on the limit that the list of Pages came by.
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
        self.linking.note_messages(session, grant, linked, &seen, deadline).await;
        seen
    }

    async fn routing_of(&self, outbound: &http::Outbound, page: &GrantedAccount, load: &Load) -> ThreadRouting {
        let token = page.access_token.as_ref()?;
        thread_routing(&self.graph, outbound, receiver(page, token), load).await
    }

    /// A Page that kept the token it had is only looked at, and repaired where it lacks something.
    async fn on_page(&self, outbound: &http::Outbound, page: &GrantedAccount, linked: &AccountsLinked, load: &Load) -> Messaging {
        let Some(token) = &page.access_token else { return Err(Unready::NotChecked) };
        let subject = receiver(page, token);
        if linked.kept.contains(&page.id) {
            subscriptions::ensure_on_page(&self.graph, outbound, subject, &self.fields, load).await
        } else {
            subscriptions::subscribe(&self.graph, outbound, subject, &self.fields, load).await
        }
    }
}

fn receiver<'a>(page: &'a GrantedAccount, token: &'a Secret) -> Receiver<'a> {
    Receiver { id: &page.id, companion: None, token, tasks: &page.tasks }
}
