//! The store is connected; its accounts are next.

use askama::Template;

use super::frame::{Frame, LIST, Step, rendered};
use super::{Page, link::Link, name::or_else};
use crate::facts::{Brand, Found, NextStep};
use crate::platform::AccountKind;
use crate::texts::{Language, StoreConnectedWords};

/// How many were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// That many.
    pub number: usize,
    /// Whether there are more.
    pub more: bool,
}

/// The end of the Shopify flow.
#[derive(Clone, Debug)]
pub struct StoreConnected {
    /// The store's domain, checked.
    pub domain: String,
    /// The store's name, from outside.
    pub name: Option<String>,
    /// What was found in it, as far as readable.
    pub found: Vec<(Found, Count)>,
    /// Whether something could not be read.
    pub partial: bool,
    /// What to connect next.
    pub next: &'static AccountKind,
    /// What else can be connected.
    pub others: Vec<&'static AccountKind>,
}

#[derive(Template)]
#[template(path = "store_connected.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static StoreConnectedWords,
    page: &'a StoreConnected,
    lead: &'static str,
    name: String,
    found: Vec<(&'static str, String)>,
    next: Link,
    others: Vec<Link>,
}

impl Page for StoreConnected {
    fn html(&self, language: Language, brand: &Brand) -> String {
        let words = language.words();
        let own = &words.store_connected;
        let counted = |count: Count| if count.more { (own.or_more)(count.number) } else { language.number(count.number) };
        rendered(&View {
            frame: Frame::new(words, brand, own.title).at(Step::Accounts, self.next).translated_at(LIST),
            words: own,
            page: self,
            lead: words.of(self.next).next,
            name: or_else(self.name.as_deref(), &self.domain),
            found: self.found.iter().map(|(found, count)| ((own.kind)(*found), counted(*count))).collect(),
            next: Link::new(words, NextStep::connect(self.next, &self.domain)),
            others: self.others.iter().map(|kind| Link::new(words, NextStep::connect(kind, &self.domain))).collect(),
        })
    }
}
