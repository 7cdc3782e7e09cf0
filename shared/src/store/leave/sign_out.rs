//! All sessions of a store at once: whoever holds a cookie of one can do nothing with it any more.
//! The link stays as it is, and so does a flow that has come back from its platform already.

use crate::Error;
use crate::store::{
    Tables,
    records::{Shop, attributes::*},
    table::{Key, Transaction, Write, Written},
};

/// Sessions in one transaction, with the store below its 100.
const BATCH: usize = 80;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedOut {
    /// So many sessions were ended, those included that were over.
    Whole(usize),
    /// The link is no longer the one that was read; so many were ended before that.
    Changed(usize),
}

impl Tables {
    /// Ends each session that a store lists. One that begins meanwhile stays.
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
