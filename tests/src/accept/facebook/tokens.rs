//! What Facebook says of tokens and Pages.

use serde_json::Value;

use super::beliefs::{ACCOUNTS, GRANULAR_SCOPES, INSPECTION, PAGE_TOKEN, PROOF, VERSION};
use super::{Walk, refusal};
use crate::accept::report::Seen;

impl Walk<'_> {
    pub(super) async fn look_at_tokens(&mut self, token: &str, version: &str) -> Result<(), String> {
        let inspected = self.inspect(token).await?;
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let is_ours = text(&inspected["app_id"]) == self.app.app_id;
        let has_person = text(&inspected["user_id"]).bytes().all(|byte| byte.is_ascii_digit());
        let is_valid = inspected["is_valid"] == true;
        let seen = format!("valid: {is_valid}, our app: {is_ours}, a person: {has_person}");
        self.report.note(&INSPECTION, Seen::whether(is_valid && is_ours && has_person, seen));
        self.look_at_granular_scopes(&inspected);

        let query = [("fields", "id,name,access_token,tasks"), ("limit", "100")];
        let answer = self.get("me/accounts", token, &query, None).await?;
        let served = answer.header("facebook-api-version").unwrap_or("no version").to_owned();
        self.report.note(&VERSION, Seen::whether(served == version, served));
        let wrong = self.get("me/accounts", token, &query, Some(&"0".repeat(64))).await?;
        let code = wrong.json().map_or(Value::Null, |body: Value| body["error"]["code"].clone());
        self.report.note(&PROOF, Seen::whether(answer.is_success() && code == 100, format!("{}; {}", refusal(&answer), refusal(&wrong))));
        self.look_at_pages(&answer.json().unwrap_or_default()).await
    }

    async fn inspect(&self, token: &str) -> Result<Value, String> {
        let app_token = format!("{}|{}", self.app.app_id, self.secret);
        let answer = self.get("debug_token", &app_token, &[("input_token", token)], None).await?;
        Ok(answer.json().map_or(Value::Null, |body: Value| body["data"].clone()))
    }

    fn look_at_granular_scopes(&mut self, inspected: &Value) {
        let granted = inspected["granular_scopes"].as_array().cloned().unwrap_or_default();
        let of_pages = granted.iter().filter(|granted| granted["scope"].as_str().is_some_and(|scope| scope.starts_with("pages_")));
        let targets: Vec<(&str, Option<usize>)> = of_pages
            .map(|granted| (granted["scope"].as_str().unwrap_or_default(), granted["target_ids"].as_array().map(Vec::len)))
            .collect();
        let named = |(scope, count): &(&str, Option<usize>)| match count {
            Some(count) => format!("{scope} for {count}"),
            None => format!("{scope} for all"),
        };
        let seen: Vec<String> = targets.iter().map(named).collect();
        let is_as_assumed = !targets.iter().any(|(_, count)| *count == Some(0));
        self.report.note(&GRANULAR_SCOPES, Seen::whether(is_as_assumed, format!("{} entries: {}", seen.len(), seen.join(", "))));
    }

    async fn look_at_pages(&mut self, reply: &Value) -> Result<(), String> {
        let pages = reply["data"].as_array().cloned().unwrap_or_default();
        for page in &pages {
            ["access_token", "id", "name"].iter().for_each(|name| self.report.conceal(page[*name].as_str().unwrap_or_default()));
        }
        let is_whole = |page: &Value| {
            let is_text = |name: &str| page[name].as_str().is_some_and(|text| !text.is_empty());
            is_text("id") && is_text("name") && is_text("access_token") && page["tasks"].is_array()
        };
        let whole = pages.iter().filter(|page| is_whole(page)).count();
        let seen = format!("{whole} of {} Pages so", pages.len());
        let Some(page) = pages.iter().find(|page| is_whole(page)) else {
            let seen = if pages.is_empty() { Seen::Nothing("no Page is listed".to_owned()) } else { Seen::Differs(seen) };
            self.report.note(&ACCOUNTS, seen);
            self.report.note(&PAGE_TOKEN, Seen::Nothing("there is no token of a Page".to_owned()));
            return Ok(());
        };
        self.report.note(&ACCOUNTS, Seen::whether(whole == pages.len(), seen));
        let end = self.inspect(page["access_token"].as_str().unwrap_or_default()).await?["expires_at"].as_u64();
        self.report.note(&PAGE_TOKEN, Seen::whether(end == Some(0), format!("expires_at {end:?}")));
        Ok(())
    }
}
