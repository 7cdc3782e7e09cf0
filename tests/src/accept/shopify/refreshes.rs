//! How a refresh token lives and dies.

use serde_json::Value;
use shared::http::Answer;

use super::beliefs::{REFRESH, REFRESH_AGAIN, REFRESH_SPENT};
use super::{Walk, refusal};
use crate::accept::report::Seen;

impl Walk<'_> {
    pub(super) async fn look_at_refreshes(&mut self, tokens: &Value) -> Result<(), String> {
        let nothing = || Seen::Nothing("there is no refresh token to try".to_owned());
        let Some(earliest) = tokens["refresh_token"].as_str() else {
            [&REFRESH, &REFRESH_AGAIN, &REFRESH_SPENT].into_iter().for_each(|belief| self.report.note(belief, nothing()));
            return Ok(());
        };
        let (first, successor) = self.refresh(earliest).await?;
        self.report.note(&REFRESH, Seen::whether(successor.as_deref().is_some_and(|token| token != earliest), refusal(&first)));

        let (again, successor_again) = self.refresh(earliest).await?;
        self.report.note(&REFRESH_AGAIN, Seen::whether(again.is_success(), refusal(&again)));

        let Some(successor) = successor_again.or(successor) else {
            self.report.note(&REFRESH_SPENT, nothing());
            return Ok(());
        };
        self.refresh(&successor).await?;
        let (spent, _) = self.refresh(earliest).await?;
        let body: Value = spent.json().unwrap_or_default();
        let is_as_assumed = spent.status == 401 && body["error"] == "invalid_request";
        self.report.note(&REFRESH_SPENT, Seen::whether(is_as_assumed, refusal(&spent)));
        Ok(())
    }

    /// The answer, and the refresh token in it.
    async fn refresh(&mut self, token: &str) -> Result<(Answer, Option<String>), String> {
        let answer = self.ask_for_tokens(&[("grant_type", "refresh_token"), ("refresh_token", token)]).await?;
        let reply: Value = answer.json().unwrap_or_default();
        self.conceal_tokens(&reply);
        Ok((answer, reply["refresh_token"].as_str().map(str::to_owned)))
    }
}
