//! Which accounts to move here from another store: their ids, as a login names them and a state
//! carries them.

use std::fmt;

/// More than a merchant reads one by one, and as many as a state has room for.
pub const MOST: usize = 30;
/// The size of an id in bytes.
const ID_LENGTH: usize = 8;

/// Ids of accounts, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MoveList(Vec<u64>);

impl MoveList {
    /// Parses `ID[,ID…]`: up to [`MOST`] ids of 1 to 20 digits, below 2^64. None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.split(',').count() > MOST {
            return None;
        }
        let ids: Vec<u64> = text.split(',').map(id).collect::<Option<_>>()?;
        Some(Self::each_once(ids))
    }

    /// The first [`MOST`] of these. Leaves out invalid ids.
    #[must_use]
    pub fn first_of<'a>(ids: impl IntoIterator<Item = &'a str>) -> Self {
        let mut list = Self::each_once(ids.into_iter().filter_map(id));
        list.0.truncate(MOST);
        list
    }

    /// Whether it names an account.
    #[must_use]
    pub fn contains(&self, account: &str) -> bool {
        id(account).is_some_and(|id| self.0.contains(&id))
    }

    /// Whether nothing is to move.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ids in their order.
    pub fn ids(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(u64::to_string)
    }

    /// In the form a state carries: 8 bytes each, big-endian.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|id| id.to_be_bytes()).collect()
    }

    /// Parses [`MoveList::to_bytes`] of 1 to [`MOST`] ids; none for anything else.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (ids, rest) = bytes.as_chunks::<ID_LENGTH>();
        let is_list = rest.is_empty() && (1..=MOST).contains(&ids.len());
        is_list.then(|| Self(ids.iter().map(|id| u64::from_be_bytes(*id)).collect()))
    }

    fn each_once(ids: impl IntoIterator<Item = u64>) -> Self {
        let mut list = Vec::new();
        for id in ids {
            if !list.contains(&id) {
                list.push(id);
            }
        }
        Self(list)
    }
}

impl fmt::Display for MoveList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.ids().collect::<Vec<_>>().join(","))
    }
}

fn id(text: &str) -> Option<u64> {
    // `parse` alone would accept a sign.
    let is_digits = (1..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if is_digits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_digits_below_two_to_the_64_and_at_most_thirty() {
        let many = |count: usize| (1..=count).map(|id| id.to_string()).collect::<Vec<_>>().join(",");
        for text in ["0", "7", "18446744073709551615", "7,8", &many(MOST)] {
            assert_eq!(MoveList::parse(text).unwrap().to_string(), text);
        }
        for text in
            ["", ",", "7,", ",7", "7,,8", "18446744073709551616", "000000000000000000007", "+7", "-7", "7 ", "x", "7;8", &many(MOST + 1)]
        {
            assert_eq!(MoveList::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_id_is_listed_once_and_recognized_in_any_spelling() {
        let list = MoveList::parse("7,8,07,7").unwrap();
        assert_eq!(list.to_string(), "7,8");
        assert!(list.contains("7") && list.contains("008") && !list.contains("78") && !list.contains("") && !list.contains("x"));
        assert!(MoveList::parse(&vec!["7"; MOST + 1].join(",")).is_none(), "they are counted as they came");
    }

    #[test]
    fn only_the_first_thirty_are_listed() {
        let ids: Vec<String> = (0..40).map(|id| id.to_string()).collect();
        let list = MoveList::first_of(ids.iter().map(String::as_str).chain(["x"]));
        assert_eq!(list.ids().collect::<Vec<_>>(), ids[..MOST]);
        assert!(MoveList::first_of(["x", "99999999999999999999"]).is_empty());
    }

    proptest! {
        #[test]
        fn it_round_trips_and_reading_is_total(ids in prop::collection::hash_set(any::<u64>(), 1..=MOST), noise in prop::collection::vec(any::<u8>(), 0..300), text in ".*") {
            let list = MoveList(ids.into_iter().collect());
            prop_assert_eq!(MoveList::parse(&list.to_string()), Some(list.clone()));
            prop_assert_eq!(MoveList::from_bytes(&list.to_bytes()), Some(list));
            let _ = (MoveList::from_bytes(&noise), MoveList::parse(&text));
        }
    }
}
