//! What a local Shopify knows, for another one that goes on where it ended.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::LocalShopify;
use super::tokens::{AccessToken, RefreshToken};
use crate::provider::lock;

/// All but codes, which end within minutes, and what is in a store.
#[derive(Serialize, Deserialize)]
struct Memory {
    must_use_expiring_tokens: bool,
    /// The numeric ids of stores, by domain.
    ids: BTreeMap<String, u64>,
    access_tokens: Vec<AccessToken>,
    refresh_tokens: Vec<RefreshToken>,
}

impl LocalShopify {
    /// Stores and tokens as they are now.
    ///
    /// # Panics
    /// Never: all of it can be written.
    #[must_use]
    pub fn memory(&self) -> Value {
        let state = lock(&self.shopify.state);
        let memory = Memory {
            must_use_expiring_tokens: state.must_use_expiring_tokens,
            ids: state.shops.iter().map(|shop| (shop.domain.clone(), shop.id)).collect(),
            access_tokens: state.access_tokens.clone(),
            refresh_tokens: state.refresh_tokens.clone(),
        };
        serde_json::to_value(memory).expect("a memory is JSON")
    }

    /// Takes over what another one knew, as if it had come about so many seconds later.
    ///
    /// # Panics
    /// When that is no memory.
    pub fn remember(&self, memory: &Value, later: i64) {
        let memory = Memory::deserialize(memory).expect("what another one wrote");
        let mut state = lock(&self.shopify.state);
        state.must_use_expiring_tokens = memory.must_use_expiring_tokens;
        for (domain, id) in memory.ids {
            state.shop(&domain).id = id;
        }
        let access_tokens = memory.access_tokens.into_iter();
        state.access_tokens = access_tokens.map(|token| token.issued_later(later)).collect();
        let refresh_tokens = memory.refresh_tokens.into_iter();
        state.refresh_tokens = refresh_tokens.map(|token| token.issued_later(later)).collect();
    }
}
