//! What a local Facebook knows, for another one that goes on where it ended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::people::Grant;
use super::tokens::Token;
use super::whatsapp::Lasting;
use super::{LocalFacebook, Page, Person};
use crate::provider::lock;

/// All but codes, which end within minutes, and what the tests make odd.
#[derive(Serialize, Deserialize)]
struct Memory {
    people: BTreeMap<String, Person>,
    pages: BTreeMap<String, Page>,
    grants: BTreeMap<String, Grant>,
    tokens: Vec<Token>,
    killed: BTreeMap<String, Option<u32>>,
    subscriptions: BTreeMap<String, Vec<String>>,
    routing: BTreeMap<String, Option<bool>>,
    ids: u64,
    #[serde(default)]
    whatsapp: Lasting,
}

impl LocalFacebook {
    /// People, Pages, grants and tokens as they are now.
    ///
    /// # Panics
    /// Never: all of it can be written.
    #[must_use]
    pub fn memory(&self) -> Value {
        let state = lock(&self.facebook.state);
        let memory = Memory {
            people: state.people.clone(),
            pages: state.pages.clone(),
            grants: state.grants.clone(),
            tokens: state.tokens.clone(),
            killed: state.killed.clone(),
            subscriptions: state.subscriptions.clone(),
            routing: state.routing.clone(),
            ids: state.ids,
            whatsapp: state.whatsapp.lasting.clone(),
        };
        serde_json::to_value(memory).expect("a memory is JSON")
    }

    /// Takes over what another one knew, as if it had come about so many seconds later.
    ///
    /// # Panics
    /// When that is no memory.
    pub fn remember(&self, memory: &Value, later: i64) {
        let memory = Memory::deserialize(memory).expect("what another one wrote");
        let mut state = lock(&self.facebook.state);
        state.people = memory.people;
        state.pages = memory.pages;
        state.grants = memory.grants;
        state.tokens = memory.tokens.into_iter().map(|token| token.issued_later(later)).collect();
        state.killed = memory.killed;
        state.subscriptions = memory.subscriptions;
        state.routing = memory.routing;
        state.ids = memory.ids;
        state.whatsapp.lasting = memory.whatsapp.later(later);
    }
}
