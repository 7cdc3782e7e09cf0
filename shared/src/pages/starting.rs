//! A sign-in that did not start on one of our pages, or a move without the session's token: what it
//! would do, for which store, and how to start it from here.

use askama::Template;

use super::frame::{Frame, Step, rendered};
use super::{Page, link::Link, offer::OfferEntry};
use crate::facts::{Brand, NextStep, Offer};
use crate::platform::AccountKind;
use crate::platform::words::StartingWords;
use crate::texts::{GeneralStartingWords, Language};

/// The question whether to begin.
#[derive(Clone, Debug)]
pub struct Starting {
    /// The store's domain, checked.
    pub shop: String,
    /// The kind of accounts it is about.
    pub kind: &'static AccountKind,
    /// The question.
    pub asked: Asked,
}

/// What to begin.
#[derive(Clone, Debug)]
pub enum Asked {
    /// Connecting accounts.
    Connect(NextStep),
    /// Moving one of these.
    Move(Vec<Offer>),
    /// Moving, without knowing what.
    MoveWithoutIds(NextStep),
}

#[derive(Template)]
#[template(path = "starting.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static GeneralStartingWords,
    /// The words about these accounts.
    own: &'static StartingWords,
    lead: &'static str,
    page: &'a Starting,
    offers: Vec<OfferEntry>,
    begin: Option<Link>,
    list: Option<Link>,
}

impl Page for Starting {
    fn html(&self, language: Language, brand: &Brand) -> String {
        let words = language.words();
        let own = &words.of(self.kind).starting;
        let link = |next: &NextStep| Link::new(words, next.clone());
        let (title, lead) = match self.asked {
            Asked::Connect(_) => (own.title, words.starting.lead),
            Asked::Move(_) => (own.move_title, own.move_lead),
            Asked::MoveWithoutIds(_) => (own.without_ids_title, own.without_ids_lead),
        };
        let (offers, begin) = match &self.asked {
            Asked::Connect(next) | Asked::MoveWithoutIds(next) => (Vec::new(), Some(next)),
            Asked::Move(offers) => (OfferEntry::all(words, self.kind, offers), None),
        };
        rendered(&View {
            frame: Frame::new(words, brand, title).at(Step::Accounts, self.kind),
            words: &words.starting,
            own,
            lead,
            page: self,
            offers,
            begin: begin.map(link),
            list: begin.is_none().then(|| link(&NextStep::connections())),
        })
    }
}
