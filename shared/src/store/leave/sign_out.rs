//! Ends all sessions of a store at once, so that every cookie becomes useless. The link stays as it
//! is, and so does a flow that has already come back from its platform.

use crate::Error;
use crate::store::{
    Tables,
    records::{Shop, attributes::*},
    table::{Key, Transaction, Write, Written},
};

/// Sessions per transaction, with the store below its limit of 100.
const BATCH: usize = 80;

/// The outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOut {
    /// This many sessions were ended, expired ones included.
    Whole(usize),
    /// The link is no longer the one that was read; this many were ended before that.
    Changed(usize),
}

impl Tables {
    /// Ends each session that a store lists. One that begins during this stays.
    ///
    /// # Errors
    /// `storage_unavailable`; ended sessions stay ended.
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
