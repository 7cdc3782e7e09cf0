//! The status of a person's deletion request. Nothing on the page says who that is.

use askama::Template;

use super::Page;
use super::frame::{Frame, ITSELF, rendered};
use crate::facts::{Brand, Deletion};
use crate::platform::AccountKind;
use crate::texts::{DeletionWords, Language, Saying};

/// The status page of a request.
#[derive(Clone, Debug)]
pub struct DeletionStatus {
    /// The kind of accounts it is about.
    pub kind: &'static AccountKind,
    /// How far it is.
    pub deletion: Deletion,
    /// When it was requested (RFC 3339).
    pub requested_at: String,
    /// When it was completed (RFC 3339).
    pub deleted_at: Option<String>,
    /// How many records were deleted.
    pub records: u64,
    /// The request's confirmation code.
    pub code: String,
}

#[derive(Template)]
#[template(path = "deletion.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static DeletionWords,
    page: &'a DeletionStatus,
    saying: &'a Saying,
    tone: &'static str,
    records: String,
    requested: String,
    deleted: Option<(&'a str, String)>,
}

impl Page for DeletionStatus {
    fn html(&self, language: Language, brand: &Brand) -> String {
        let words = language.words();
        let saying = words.deletion(self.kind, self.deletion);
        rendered(&View {
            frame: Frame::new(words, brand, saying.title).translated_at(ITSELF),
            words: &words.deletion,
            records: language.number(usize::try_from(self.records).unwrap_or(usize::MAX)),
            page: self,
            saying,
            tone: if self.deletion == Deletion::InProgress { "wait" } else { "good" },
            requested: words.moment(&self.requested_at),
            deleted: self.deleted_at.as_deref().map(|at| (at, words.moment(at))),
        })
    }
}
