//! Ends all sessions of a store at once: their cookies become useless. The link stays, and so does
//! a flow that has already returned from its platform.

use crate::Error;
use crate::store::{
    Tables,
    records::{Shop, attributes::*},
    table::{Key, Transaction, Write, Written},
};

/// Sessions in one transaction, with the store below its limit of 100.
const BATCH: usize = 80;

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOut {
    /// This many sessions were ended, including expired ones.
    Whole(usize),
    /// The link has changed; this many were ended before that.
    Changed(usize),
}

impl Tables {
    /// Ends each session that a store lists. One that begins concurrently stays.
    ///
    /// # Errors
    /// `storage_unavailable`; what was ended stays ended.
    pub async fn sign_out<T>(&self, shop: &Shop<T>) -> Result<SignedOut, Error> {
        let (sessions, mut ended) = (Vec::from_iter(shop.sessions.keys()), 0);
        for batch in sessions.chunks(BATCH) {
            let store = Write::change(Key::store(shop.user_uuid)).when_is(&GENERATION, shop.generation).when_is(&STATUS, shop.status);
            let store = batch.iter().fold(store, |store, session| store.remove(&SESSIONS.entry::<u64>((*session).clone())));
            let sign_out = Transaction::<()>::new("dynamodb.sign_out_all")?.and(store);
            let sign_out = sign_out.and_each(batch.iter().map(|session| Write::delete(Key::session(session))));
            if let Written::Refused(_) = self.database.write(sign_out).await? {
                return Ok(SignedOut::Changed(ended));
            }
            ended += batch.len();
        }
        Ok(SignedOut::Whole(ended))
    }
}
