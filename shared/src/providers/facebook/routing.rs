//! Whether several apps share a Page's conversations
//! (`docs/messenger-platform/conversation-routing`; what replaced the Handover Protocol).
//!
//! If they do, Facebook passes a conversation to one app at a time, including the Page's own inbox
//! and Meta's AI. The others see it as `standby`, and are refused when they answer (error 10). Only
//! the Page's admin can choose which app comes first, at [`SETTING`]; no call can.

use serde::Deserialize;

use crate::providers::{grantor::Receiver, load::Load, meta::Graph};
use crate::{facts::ThreadRouting, http::Outbound};

use super::subscriptions::asked;

/// Where the Page's admin chooses which app gets conversations first.
pub(super) const SETTING: &str = "https://www.facebook.com/settings?tab=msgr_conversation_routing";

#[derive(Deserialize)]
struct RoutingReply {
    messaging_feature_status: Option<Status>,
}

/// The answer's Instagram part does not concern a Page's own conversations.
#[derive(Deserialize)]
struct Status {
    /// Conversation Routing is on for Messenger.
    msgr_multi_app: Option<bool>,
    /// The second Handover Protocol is on, if the Page has not been moved to routing: there, too,
    /// one app owns a thread.
    hop_v2: Option<bool>,
}

/// Asks with the Page's own token. A failure says nothing and costs no other call its turn: if this
/// call hits a limit, the others find out themselves.
pub async fn thread_routing(graph: &Graph, outbound: &Outbound, page: Receiver<'_>, load: &Load) -> ThreadRouting {
    const NAME: &str = "thread_routing";
    if load.is_exhausted() {
        return None;
    }
    let request = graph.get(outbound, page.id.as_str(), page.token).query(&[("fields", "messaging_feature_status")]);
    asked(graph, NAME, request).await.ok()?.json::<RoutingReply>()?.messaging_feature_status?.is_shared()
}

impl Status {
    fn is_shared(&self) -> ThreadRouting {
        match (self.msgr_multi_app, self.hop_v2) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            // Facebook may omit the older protocol once it is gone.
            (Some(false), _) => Some(false),
            (None, _) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reply: &str) -> ThreadRouting {
        serde_json::from_str::<RoutingReply>(reply).ok()?.messaging_feature_status?.is_shared()
    }

    #[test]
    fn either_way_of_sharing_counts_and_an_absent_answer_is_unknown() {
        for (reply, shared) in [
            (r#"{"messaging_feature_status":{"hop_v2":false,"msgr_multi_app":true,"ig_multi_app":false},"id":"1"}"#, Some(true)),
            (r#"{"messaging_feature_status":{"hop_v2":true,"msgr_multi_app":false}}"#, Some(true)),
            (r#"{"messaging_feature_status":{"hop_v2":true}}"#, Some(true)),
            (r#"{"messaging_feature_status":{"hop_v2":false,"msgr_multi_app":false,"ig_multi_app":true}}"#, Some(false)),
            (r#"{"messaging_feature_status":{"msgr_multi_app":false}}"#, Some(false)),
            (r#"{"messaging_feature_status":{"hop_v2":false}}"#, None),
            (r#"{"messaging_feature_status":{}}"#, None),
            (r#"{"messaging_feature_status":{"msgr_multi_app":"true"}}"#, None),
            (r#"{"messaging_feature_status":null}"#, None),
            (r#"{"messaging_feature_status":[]}"#, None),
            (r#"{"id":"1"}"#, None),
        ] {
            assert_eq!(read(reply), shared, "{reply}");
        }
    }
}
