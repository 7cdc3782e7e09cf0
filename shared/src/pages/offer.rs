//! What another store holds, as a page offers it to be moved: one by one.

use super::name::or_else;
use crate::{facts::Offer, texts::Words};

/// An entry in a list of offers.
pub(super) struct OfferEntry {
    pub(super) name: String,
    /// What is to be said of one that only its number is known of.
    pub(super) about: Option<&'static str>,
    pub(super) way: (String, &'static str),
}

impl OfferEntry {
    pub(super) fn new(words: &'static Words, offer: &Offer) -> Self {
        Self {
            name: or_else(offer.name.as_deref(), &offer.id),
            about: offer.name.is_none().then_some(words.starting.unknown),
            way: (offer.next.href.clone(), (words.way)(offer.next.way)),
        }
    }
}
