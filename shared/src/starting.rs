//! Who may start a flow that adds accounts to a session's identity.
//!
//! Someone who shares a store with a person could otherwise make that person's browser adopt a
//! session of the store, start a flow from a page of their own, and collect the accounts that the
//! person manages for others. So only our own pages start a flow; a visitor from elsewhere is asked
//! first, with the store named. Moving accounts that another identity holds also requires the
//! session's token.

use std::collections::HashMap;

use crate::facts::{NextStep, Offer};
use crate::pages::{Asked, Starting};
use crate::platform::AccountKind;
use crate::request::{Query, Request, Site};
use crate::store::sessions::{LeftBehind, Session};
use crate::{Code, Detail, Error, moving::MoveList, reply::Reply};

/// What a login is asked to begin, as far as understood.
#[derive(Debug)]
pub struct Wish {
    /// The store that the page named, in lower case.
    pub shop: Option<String>,
    /// Ask again for declined permissions.
    pub rerequest: bool,
    moving: Moving,
    /// Begin only after a question, wherever the request comes from.
    asks: bool,
}

#[derive(Debug, PartialEq, Eq)]
enum Moving {
    Nothing,
    /// The form of an earlier version's links (`move=1`), which let everything move.
    WithoutIds,
    These(MoveList),
}

impl Wish {
    /// Reads the query of a login.
    ///
    /// # Errors
    /// `malformed_parameter` for a `move` that is no list of ids, or names too many.
    pub fn read(query: &Query) -> Result<Self, Error> {
        let moving = match query.get("move") {
            None => Moving::Nothing,
            Some("1") => Moving::WithoutIds,
            Some(ids) => Moving::These(MoveList::parse(ids).ok_or_else(|| Error::malformed_parameter("move"))?),
        };
        let shop = query.get("shop").map(str::to_ascii_lowercase);
        Ok(Self { shop, rerequest: query.is_on("rerequest"), moving, asks: query.is_on("confirm") })
    }

    /// Whether the flow starts, and which accounts it moves. `may_move`: the request carried the
    /// session's token for moving.
    #[must_use]
    pub fn starts(&self, site: Site, may_move: bool) -> Option<MoveList> {
        if self.asks || site == Site::Elsewhere {
            return None;
        }
        match &self.moving {
            Moving::Nothing => Some(MoveList::default()),
            Moving::These(list) if may_move => Some(list.clone()),
            Moving::WithoutIds | Moving::These(_) => None,
        }
    }

    /// Asks whether to start linking such accounts, on behalf of the session's store. Programs are
    /// refused and given the URL. A URL carries the session's token only if it moves something.
    ///
    /// # Errors
    /// `forbidden`, for programs.
    pub fn ask(&self, request: &Request, kind: &'static AccountKind, session: &Session, move_token: &str) -> Result<Reply, Error> {
        let start = || NextStep::go_on(kind, &session.shop, self.rerequest);
        let to_move = |list: &MoveList| NextStep::move_here(kind, &session.shop, self.rerequest, list, move_token);
        if !request.wants_html {
            let next = if let Moving::These(list) = &self.moving { to_move(list) } else { start() };
            return Err(Error::new(Code::Forbidden, Detail::NotStartedHere).leading_to(next).caused_by("not started here"));
        }
        let asked = match &self.moving {
            Moving::Nothing => Asked::Connect(start()),
            Moving::WithoutIds => Asked::MoveWithoutIds(start()),
            Moving::These(list) => Asked::Move(offers(list.ids(), session.left_behind_of(kind), to_move)),
        };
        Ok(Reply::page(request, &Starting { shop: session.shop.clone(), kind, asked }))
    }
}

/// The ways to move these here one by one, starting with those that the session knows by name.
#[must_use]
pub fn offers<'a>(
    ids: impl IntoIterator<Item = String>,
    known: impl IntoIterator<Item = &'a LeftBehind>,
    to_move: impl Fn(&MoveList) -> NextStep,
) -> Vec<Offer> {
    let known: HashMap<&str, &str> = known.into_iter().map(|one| (one.id.as_str(), one.name.as_str())).collect();
    let offer = |id: String| {
        let name = known.get(id.as_str()).map(|name| (*name).to_owned());
        let list = MoveList::parse(&id)?;
        Some(Offer { name, next: to_move(&list), id })
    };
    let mut offers: Vec<Offer> = ids.into_iter().filter_map(offer).collect();
    offers.sort_by_key(|offer| offer.name.is_none());
    offers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{platform::AccountId, providers::NEXT};

    fn wish(query: &str) -> Result<Wish, Code> {
        Wish::read(&Query::parse(query).unwrap()).map_err(|error| error.code)
    }

    fn starts(query: &str, site: Site, may_move: bool) -> Option<String> {
        wish(query).unwrap().starts(site, may_move).map(|list| list.to_string())
    }

    #[test]
    fn only_our_own_pages_and_silent_browsers_start_a_flow() {
        for query in ["", "shop=acme.myshopify.com", "rerequest=1", "move="] {
            assert_eq!(starts(query, Site::Own, false).as_deref(), Some(""), "{query}");
            assert_eq!(starts(query, Site::Unsaid, false).as_deref(), Some(""), "{query}");
            assert_eq!(starts(query, Site::Elsewhere, true), None, "{query}");
        }
        assert_eq!(starts("confirm=1", Site::Own, true), None);
    }

    #[test]
    fn a_move_requires_the_token_and_ids() {
        for site in [Site::Own, Site::Unsaid] {
            assert_eq!(starts("move=7,8", site, true).as_deref(), Some("7,8"));
            assert_eq!(starts("move=7,8", site, false), None);
            assert_eq!(starts("move=1", site, true), None);
        }
        assert_eq!(starts("move=7", Site::Elsewhere, true), None);
    }

    #[test]
    fn an_invalid_list_of_ids_is_malformed() {
        let many = vec!["7"; 31].join(",");
        for ids in ["x", "true", "7,", "1.5", "18446744073709551616", &many] {
            assert_eq!(wish(&format!("move={ids}")).err(), Some(Code::MalformedParameter), "{ids}");
        }
        assert!(wish(&format!("move={}", vec!["7"; 30].join(","))).is_ok());
    }

    #[test]
    fn accounts_known_by_name_come_first_each_with_its_own_way() {
        let known = [LeftBehind::new(&AccountId::parse(NEXT, "8").unwrap(), "Acme")];
        let ids = ["7", "8", "x"].map(str::to_owned);
        let offers = offers(ids, &known, |list| NextStep::move_here(NEXT, "acme.myshopify.com", false, list, "T"));
        let told: Vec<_> = offers.iter().map(|offer| (offer.name.as_deref(), offer.next.href.as_str())).collect();
        let login = format!("/{}/login", NEXT.platform.name);
        let way = |id| format!("{login}?shop=acme.myshopify.com&move={id}&csrf_token=T");
        assert_eq!(told, [(Some("Acme"), way(8).as_str()), (None, way(7).as_str())]);
    }
}
