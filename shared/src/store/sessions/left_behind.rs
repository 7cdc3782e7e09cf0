//! What a session's flows left behind since another identity holds it: kept with its name, so that the merchant can choose what moves.
//!
//! The names are those that the person's own list at Facebook gave. They stand open, like those of linked Pages: a name is public, and sealing it would give the function that only
//! leads to Facebook the key of all tokens.

use aws_sdk_dynamodb::types::AttributeValue;

use super::super::{
    Item,
    item::{self, s},
};

/// An account that another identity holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftBehind {
    /// Its id.
    pub id: String,
    /// Its name, from outside.
    pub name: String,
}

impl LeftBehind {
    /// Sets the list in a session to `:held`.
    pub(in super::super) const UPDATE: &str = "SET held_pages = :held";
    /// The most that a session keeps, some 30 KB with long names. Facebook allows a name 75 characters.
    const MOST: usize = 250;
    const LONGEST_NAME: usize = 75;

    /// One with as much of its name as is kept.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self { id: id.to_owned(), name: name.chars().take(Self::LONGEST_NAME).collect() }
    }

    /// What a session keeps once a flow left `now` behind: that first, then what `before` it was left behind and not linked by it.
    #[must_use]
    pub fn after(now: Vec<Self>, before: &[Self], is_linked: impl Fn(&str) -> bool) -> Vec<Self> {
        let still = before.iter().filter(|one| !is_linked(&one.id) && !now.iter().any(|new| new.id == one.id)).cloned();
        let still: Vec<Self> = still.collect();
        now.into_iter().chain(still).take(Self::MOST).collect()
    }

    /// The list as an attribute.
    pub(in super::super) fn value(list: &[Self]) -> AttributeValue {
        AttributeValue::L(list.iter().map(|one| item::map([("id", s(&one.id)), ("name", s(&one.name))])).collect())
    }

    /// The list in a session; what can't be read is left out.
    pub(super) fn read(session: &Item) -> Vec<Self> {
        let list = session.get("held_pages").and_then(|value| value.as_l().ok());
        let read = |value: &AttributeValue| {
            let one = value.as_m().ok()?;
            Some(Self { id: item::text(one, "id")?.to_owned(), name: item::text(one, "name")?.to_owned() })
        };
        list.into_iter().flatten().filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(id: &str) -> LeftBehind {
        LeftBehind::new(id, &format!("Page {id}"))
    }

    #[test]
    fn the_list_is_read_as_it_was_written() {
        let list = vec![one("2"), one("1")];
        assert_eq!(LeftBehind::read(&item::item([("held_pages", LeftBehind::value(&list))])), list);
        let broken = AttributeValue::L(vec![s("x"), item::map([("id", s("3"))]), item::map([("id", s("4")), ("name", s("Four"))])]);
        assert_eq!(LeftBehind::read(&item::item([("held_pages", broken)])), [LeftBehind::new("4", "Four")]);
        assert!(LeftBehind::read(&Item::new()).is_empty() && LeftBehind::read(&item::item([("held_pages", s("x"))])).is_empty());
    }

    #[test]
    fn the_latest_come_first_and_what_is_linked_goes() {
        let before = [one("1"), one("2"), one("3")];
        assert_eq!(LeftBehind::after(vec![one("4"), one("2")], &before, |id| id == "3"), [one("4"), one("2"), one("1")]);
    }

    #[test]
    fn a_session_keeps_so_many_and_so_much_of_a_name() {
        let many: Vec<LeftBehind> = (0..LeftBehind::MOST + 9).map(|id| one(&id.to_string())).collect();
        let kept = LeftBehind::after(many.clone(), &[one("x")], |_| false);
        assert_eq!(kept, many[..LeftBehind::MOST]);
        assert_eq!(LeftBehind::new("1", &"ü".repeat(400)).name.chars().count(), LeftBehind::LONGEST_NAME);
    }
}
