//! Accounts that another store holds, offered for moving one by one.

use super::link::Link;
use super::name::{ambiguous, or_else};
use crate::{facts::Offer, platform::AccountKind, texts::Words};

/// An entry in a list of offers.
pub(super) struct OfferEntry {
    pub(super) name: String,
    /// The id, if the name alone is ambiguous.
    pub(super) id: Option<String>,
    /// The text for an account of which only the number is known.
    pub(super) about: Option<&'static str>,
    pub(super) way: Link,
}

impl OfferEntry {
    /// Each of these accounts.
    pub(super) fn all(words: &Words, kind: &AccountKind, offers: &[Offer]) -> Vec<Self> {
        let unknown = words.of(kind).starting.unknown;
        let entry = |offer: &Offer| Self {
            name: or_else(offer.name.as_deref(), &offer.id),
            id: None,
            about: offer.name.is_none().then_some(unknown),
            way: Link::new(words, offer.next.clone()),
        };
        let mut entries: Vec<Self> = offers.iter().map(entry).collect();
        let shared = ambiguous(entries.iter().map(|entry| entry.name.as_str()));
        for (entry, offer) in entries.iter_mut().zip(offers) {
            entry.id = shared.contains(&entry.name).then(|| (words.id)(&offer.id));
        }
        entries
    }
}
