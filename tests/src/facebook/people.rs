//! Who and what there is: people, Pages, and what people granted to the app.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// Every task a person can have on a Page; `MESSAGING` is not in all of Facebook's lists.
pub const ALL_TASKS: &[&str] = &["ADVERTISE", "ANALYZE", "CREATE_CONTENT", "MANAGE", "MESSAGING", "MODERATE"];

/// Somebody who can log in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    /// The app-scoped id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// A Facebook Page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Page {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The category.
    pub category: String,
    /// The tasks of each person with a role on it, by person id.
    pub tasks: BTreeMap<String, Vec<String>>,
    /// Whether it belongs to a business portfolio; such Pages are left out of `me/accounts`.
    pub business_owned: bool,
    /// The Instagram account that is linked to it: id and name.
    #[serde(default)]
    pub instagram: Option<(String, String)>,
}

impl Page {
    /// The tasks of a person, none without a role.
    pub(super) fn tasks_of(&self, person: &str) -> &[String] {
        self.tasks.get(person).map_or(&[], Vec::as_slice)
    }

    pub(super) fn has_any_task(&self, person: &str, tasks: &[&str]) -> bool {
        self.tasks_of(person).iter().any(|task| tasks.contains(&task.as_str()))
    }
}

/// What a person granted to the app; renewed by every dialog.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Grant {
    pub(super) granted: BTreeSet<String>,
    /// Not asked for again without `auth_type=rerequest`.
    pub(super) declined: BTreeSet<String>,
    pub(super) pages: Pages,
    /// By permission, the Pages it was not granted for.
    pub(super) left_out: BTreeMap<String, BTreeSet<String>>,
}

impl Grant {
    /// Whether a permission was granted for a Page (`granular_scopes`).
    pub(super) fn covers(&self, permission: &str, page: &str) -> bool {
        let left_out = self.left_out.get(permission).is_some_and(|pages| pages.contains(page));
        self.granted.contains(permission) && self.pages.cover(page) && !left_out
    }

    /// The Pages a permission was granted for, one by one.
    pub(super) fn targets(&self, permission: &str) -> Vec<&String> {
        let Pages::These(pages) = &self.pages else { return Vec::new() };
        pages.iter().filter(|page| self.covers(permission, page)).collect()
    }
}

/// The Pages a grant covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Pages {
    /// All there are, and those that come later: `granular_scopes` then names none.
    AllAndFuture,
    /// These, by id.
    These(BTreeSet<String>),
}

impl Default for Pages {
    fn default() -> Self {
        Self::These(BTreeSet::new())
    }
}

impl Pages {
    pub(super) fn cover(&self, page: &str) -> bool {
        match self {
            Self::AllAndFuture => true,
            Self::These(ids) => ids.contains(page),
        }
    }
}

/// How a person answers the dialog.
#[derive(Clone, Debug)]
pub struct Consent {
    /// Who is logged in, by id.
    pub person: String,
    /// The Pages chosen; without them every Page the person has a role on.
    pub pages: Option<Pages>,
    /// The permissions left ticked; without them all that are asked for.
    pub permissions: Option<Vec<String>>,
    /// Pairs of a permission and a Page it is not granted for, though others are.
    pub left_out: Vec<(String, String)>,
    /// What is wrong with the callback or the tokens.
    pub misbehaviour: Option<Misbehaviour>,
}

impl Consent {
    /// Everything that is asked for, on every Page the person has a role on.
    #[must_use]
    pub fn of(person: &str) -> Self {
        Self { person: person.to_owned(), pages: None, permissions: None, left_out: Vec::new(), misbehaviour: None }
    }

    /// Chooses these Pages.
    #[must_use]
    pub fn with_pages<T: AsRef<str>>(mut self, pages: impl IntoIterator<Item = T>) -> Self {
        self.pages = Some(Pages::These(pages.into_iter().map(|page| page.as_ref().to_owned()).collect()));
        self
    }

    /// Leaves only these permissions ticked.
    #[must_use]
    pub fn with_permissions(mut self, permissions: &[&str]) -> Self {
        self.permissions = Some(permissions.iter().map(|permission| (*permission).to_owned()).collect());
        self
    }

    /// Unticks a Page for one permission.
    #[must_use]
    pub fn leaving_out(mut self, permission: &str, page: &str) -> Self {
        self.left_out.push((permission.to_owned(), page.to_owned()));
        self
    }

    /// Lets the callback or the tokens be wrong.
    #[must_use]
    pub fn with(mut self, misbehaviour: Misbehaviour) -> Self {
        self.misbehaviour = Some(misbehaviour);
        self
    }
}

/// A callback, or what it leads to, as Facebook would not send it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// The state's last character is another one.
    TamperedState,
    /// The code is there twice.
    RepeatedParameter,
    /// A code together with an error.
    CodeAndError,
    /// Neither a code nor an error.
    Nothing,
    /// The code yields tokens that were issued to another app.
    ForeignToken,
}
