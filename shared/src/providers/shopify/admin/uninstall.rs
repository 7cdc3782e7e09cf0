//! Uninstalls this app from a shop at the merchant's request. Shopify then ends every token that it
//! issued for the shop.

use serde_json::{Map, Value};

use super::{Admin, Refusal, error_codes};
use crate::{calls::Call, providers::shopify::PLATFORM};

const UNINSTALL: Call = Call::to(&PLATFORM, "uninstall");
const MUTATION: &str = include_str!("../uninstall.graphql");

impl Admin<'_> {
    /// Uninstalls the app that the token belongs to.
    ///
    /// # Errors
    /// [`Refusal`]: it may still be installed.
    pub async fn uninstall(self) -> Result<(), Refusal> {
        let reply = self.ask(UNINSTALL, MUTATION).await?;
        let is_done = error_codes(&reply.errors).is_empty() && reply.data.as_ref().is_some_and(is_done);
        if is_done { Ok(()) } else { Err(reply.refusal()) }
    }
}

/// Only an answer without errors means success.
fn is_done(data: &Map<String, Value>) -> bool {
    data.get("appUninstall").and_then(|done| done.get("userErrors")?.as_array()).is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_answer_without_errors_is_a_success() {
        let done = |data: Value| data.as_object().is_some_and(is_done);
        assert!(done(json!({"appUninstall": {"userErrors": []}})));
        for other in [
            json!({}),
            json!({"appUninstall": null}),
            json!({"appUninstall": {}}),
            json!({"appUninstall": {"userErrors": null}}),
            json!({"appUninstall": {"userErrors": [{"field": null, "message": "Insufficient permissions"}]}}),
        ] {
            assert!(!done(other.clone()), "{other}");
        }
    }
}
