//! What the app as a whole listens to.

use futures_util::lock::Mutex;
use shared::{
    http::Outbound,
    providers::facebook::{
        Graph, Load,
        subscriptions::{Fields, app_fields},
    },
};

/// What one run finds out for all its checks.
#[derive(Debug, Default)]
pub(super) struct AppSubscription {
    pub(super) load: Load,
    /// The fields that the app as a whole listens to, once they were asked for; none when Facebook did not tell.
    by_app: Mutex<Option<Option<Vec<String>>>>,
}

impl AppSubscription {
    /// The fields that the app as a whole listens to.
    pub(super) async fn by_app(&self, graph: &Graph, outbound: &Outbound, fields: &Fields) -> Option<Vec<String>> {
        let mut known = self.by_app.lock().await;
        if known.is_none() {
            *known = Some(app_fields(graph, outbound, fields).await);
        }
        known.clone().flatten()
    }
}
