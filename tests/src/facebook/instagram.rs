//! The choice of Instagram accounts, which the dialog offers where a permission is about them.

use super::graph::State;
use crate::consent;
use crate::provider::first;

/// Says that the choice was offered: a form with every box unticked names none of them.
const OFFERED: &str = "instagram_offered";

impl State {
    /// The part of the dialog's form: every account of a Page on which this person has a role.
    pub(super) fn instagram_choice(&self, person: &str, asked: &[String]) -> String {
        if !asked.iter().any(|permission| is_of_instagram(permission)) {
            return String::new();
        }
        let pages = self.pages_of(person);
        let accounts: String = pages
            .iter()
            .filter_map(|page| {
                let (id, username) = page.instagram.as_ref()?;
                Some(consent::ticked("instagram", id, &format!("{username} (of {})", page.name)))
            })
            .collect();
        let content = if accounts.is_empty() { "<p>No Page here has one.</p>".to_owned() } else { accounts };
        consent::hidden(OFFERED, "1") + &consent::group("Instagram accounts the app may use", &content)
    }

    /// The Pages of the accounts that were unticked, with each permission that is not granted for
    /// them. A form that offered no choice leaves nothing out.
    pub(super) fn instagram_left_out(&self, person: &str, asked: &[String], form: &[(String, String)]) -> Vec<(String, String)> {
        if first(form, OFFERED).is_none() {
            return Vec::new();
        }
        let is_ticked = |id: &str| form.iter().any(|(name, value)| name == "instagram" && value == id);
        let pages = self.pages_of(person).into_iter();
        let unticked: Vec<String> =
            pages.filter(|page| page.instagram.as_ref().is_some_and(|(id, _)| !is_ticked(id))).map(|page| page.id).collect();
        let permissions = asked.iter().filter(|permission| is_of_instagram(permission));
        permissions.flat_map(|permission| unticked.iter().map(|page| (permission.clone(), page.clone()))).collect()
    }
}

fn is_of_instagram(permission: &str) -> bool {
    permission.starts_with("instagram_")
}
