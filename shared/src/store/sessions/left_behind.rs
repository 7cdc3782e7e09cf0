//! Accounts that a session's flows left behind because another identity holds them, kept with their
//! names, so that the merchant can choose which to move.
//!
//! The names come from the grant's own list of accounts. The list is sealed under a key derived
//! from the session's cookie, so that the table names no account of a person who is to be
//! forgotten, and reading it needs none of the token keys.

use zeroize::Zeroizing;

use crate::{
    Error,
    encryption::{open_with, seal_with},
    platform::{AccountId, AccountKind, Platforms},
    store::table::{Attribute, Row},
};

/// An account that another identity holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftBehind {
    /// Its id.
    pub id: AccountId,
    /// Its name, from outside.
    pub name: String,
}

impl LeftBehind {
    /// The purpose of the key that seals the list.
    pub(super) const PURPOSE: &str = "messenger-link/held-pages/v1";
    /// The most that a session keeps, some 10 KB with long names: each start of a flow writes the
    /// session. No platform allows names longer than 75 characters.
    const MOST: usize = 100;
    const LONGEST_NAME: usize = 75;

    /// An account with as much of its name as is kept.
    #[must_use]
    pub fn new(id: &AccountId, name: &str) -> Self {
        Self { id: id.clone(), name: name.chars().take(Self::LONGEST_NAME).collect() }
    }

    /// What a session keeps of a kind after a flow left `now` behind: that first, then those of
    /// `before` that the flow did not link.
    #[must_use]
    pub fn after<'a>(now: &'a [Self], before: impl Iterator<Item = &'a Self>, is_linked: impl Fn(&AccountId) -> bool) -> Vec<Self> {
        let still = before.filter(|one| !is_linked(&one.id) && !now.iter().any(|new| new.id == one.id));
        now.iter().chain(still).take(Self::MOST).cloned().collect()
    }

    /// The list as an attribute of the session, sealed under its cookie's key.
    ///
    /// # Errors
    /// `storage_unavailable` without randomness.
    pub(super) fn seal(list: &[Self], key: &[u8; 32]) -> Result<Vec<u8>, Error> {
        let list: Vec<(&str, &str)> = list.iter().map(|one| (one.id.as_str(), one.name.as_str())).collect();
        let list = serde_json::to_vec(&list).map_err(|_| Error::storage_unavailable("a list could not be written"))?;
        seal_with(key, &list)
    }

    /// Where a session has the list of a kind: each kind has its own, and flows of other kinds
    /// leave it alone.
    pub(super) fn attribute(kind: &AccountKind) -> Attribute<Vec<u8>> {
        Attribute::dynamic(format!("held_{}", kind.list))
    }

    /// The lists in a session; an unreadable one is empty. Most sessions have none, so their key is
    /// derived only if there is one to open.
    pub(super) fn read(session: &Row, key: impl Fn() -> Zeroizing<[u8; 32]>, platforms: Platforms) -> Vec<Self> {
        let of_kind = |kind: &'static AccountKind| {
            let opened = session.get(&Self::attribute(kind)).and_then(|sealed| open_with(&key(), &sealed));
            let list: Option<Vec<(String, String)>> = opened.and_then(|list| serde_json::from_slice(&list).ok());
            list.into_iter().flatten().filter_map(move |(id, name)| Some(Self { id: AccountId::parse(kind, &id)?, name }))
        };
        platforms.accounts().flat_map(of_kind).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::{NEXT, PLATFORMS};

    fn one(id: &str) -> LeftBehind {
        LeftBehind::new(&AccountId::parse(NEXT, id).unwrap(), &format!("Page {id}"))
    }

    #[test]
    fn the_list_survives_a_round_trip() {
        let list = vec![one("2"), one("1")];
        let held = LeftBehind::attribute(NEXT);
        assert_eq!(held.name(), "held_pages");
        let session = |list| Row::default().with(&held, list);
        let read_with = |session: &Row, key| LeftBehind::read(session, || Zeroizing::new(key), PLATFORMS);
        let read = |session: &Row| read_with(session, [1; 32]);
        let sealed = LeftBehind::seal(&list, &[1; 32]).unwrap();
        assert_eq!(read(&session(sealed.clone())), list);
        assert!(read_with(&session(sealed.clone()), [2; 32]).is_empty(), "another's");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(read(&session(changed)).is_empty(), "{at}");
            assert!(read(&session(sealed[..at].to_vec())).is_empty(), "{at}");
        }
        let text = Row::default().with(&Attribute::<String>::dynamic(held.name().to_owned()), "x");
        assert!(read(&Row::default()).is_empty() && read(&text).is_empty());
    }

    #[test]
    fn the_latest_come_first_and_linked_ones_are_dropped() {
        let before = [one("1"), one("2"), one("3")];
        assert_eq!(LeftBehind::after(&[one("4"), one("2")], before.iter(), |id| id.as_str() == "3"), [one("4"), one("2"), one("1")]);
    }

    #[test]
    fn a_session_limits_the_number_and_length_of_names() {
        let many: Vec<LeftBehind> = (0..LeftBehind::MOST + 9).map(|id| one(&id.to_string())).collect();
        let kept = LeftBehind::after(&many, [one("9999")].iter(), |_| false);
        assert_eq!(kept, many[..LeftBehind::MOST]);
        assert_eq!(LeftBehind::new(&one("1").id, &"ü".repeat(400)).name.chars().count(), LeftBehind::LONGEST_NAME);
    }
}
