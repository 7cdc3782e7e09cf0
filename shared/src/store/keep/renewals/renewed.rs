//! How a renewal changes a store's record.

use crate::clock::UnixSeconds;
use crate::providers::shopify::{missing_scopes, token::Tokens};
use crate::store::records::{MISSING_SCOPE, OpenShop, Status};
use crate::store::schedule::{LOOK_EVERY, keep_alive_at, shop_due_at};

/// A due time at least this far away is left alone, which saves an index write.
const FAR_AWAY: u64 = 12 * 3600;

/// Whether a wanted scope was there and is now gone. Scopes added to the configuration since are
/// requested at the next launch; only those taken away need the merchant. What a store had before
/// it lost scopes is not remembered: it then needs all of them again.
pub(super) fn has_lost(shop: &OpenShop, scopes: &[String], wanted_scopes: &[String]) -> bool {
    if shop.lacks_scopes() {
        return !missing_scopes(wanted_scopes, scopes).is_empty();
    }
    let lacked = missing_scopes(wanted_scopes, &shop.scopes);
    missing_scopes(wanted_scopes, scopes).iter().any(|scope| !lacked.contains(scope))
}

/// The record with its next pair.
pub(super) fn renewed(shop: &OpenShop, tokens: &Tokens, wanted_scopes: &[String], now: UnixSeconds) -> OpenShop {
    // A reply may omit scopes that did not change (RFC 6749, section 5.1).
    let scopes = if tokens.scopes.is_empty() { &shop.scopes } else { &tokens.scopes };
    let lost = has_lost(shop, scopes, wanted_scopes);
    // A pair without a refresh token keeps the current one.
    let (refresh_token, refresh_expires_at) = match &tokens.refresh_token {
        Some(refresh_token) => (Some(refresh_token.clone()), tokens.refresh_expires_at),
        None => (shop.refresh_token.clone(), shop.refresh_expires_at),
    };
    let due_at = shop_due_at(shop.user_uuid, now, keep_alive_at(tokens.expires_at.is_some(), now, refresh_expires_at));
    OpenShop {
        status: if lost { Status::ReconnectNeeded } else { Status::Active },
        reason: lost.then(|| MISSING_SCOPE.to_owned()),
        dead_since: lost.then(|| shop.dead_since.unwrap_or(now)),
        version: shop.version.saturating_add(1),
        access_token: Some(tokens.access_token.clone()),
        access_expires_at: tokens.expires_at,
        refresh_token,
        refresh_expires_at,
        issued_at: now,
        scopes: scopes.clone(),
        due_at: if lost && shop.lacks_scopes() {
            shop.due_at
        } else if lost {
            Some(now.saturating_add(LOOK_EVERY))
        } else if shop.is_unidentified() {
            // The shop's identity is checked as soon as before.
            shop.due_at.or(Some(due_at))
        } else {
            shop.due_at.filter(|due| (now.saturating_add(FAR_AWAY)..=due_at).contains(due)).or(Some(due_at))
        },
        old_key: false,
        ..shop.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;
    use crate::store::records::samples::opened;
    use uuid::Uuid;

    const NOW: UnixSeconds = 1_000_000;
    const DAY: u64 = 24 * 3600;

    fn tokens(scopes: &[&str], refresh: Option<&str>) -> Tokens {
        Tokens {
            access_token: Secret::new("a2"),
            refresh_token: refresh.map(Secret::new),
            expires_at: Some(NOW + 3600),
            refresh_expires_at: refresh.map(|_| NOW + 90 * DAY),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            scope: scopes.join(","),
        }
    }

    fn record() -> OpenShop {
        let scopes = vec!["read_products".to_owned(), "read_locations".to_owned()];
        OpenShop { scopes, ..opened(Uuid::from_u128(5), NOW - 3600, Some(NOW + 80 * DAY)) }
    }

    fn wanted(scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|&scope| scope.to_owned()).collect()
    }

    #[test]
    fn only_scopes_that_were_taken_away_need_the_merchant() {
        let wanted = wanted(&["read_products", "read_locations", "read_discounts"]);
        let status = |granted: &[&str]| renewed(&record(), &tokens(granted, Some("r2")), &wanted, NOW).status;
        assert_eq!(status(&["read_products", "read_locations"]), Status::Active);
        assert_eq!(status(&["write_products", "read_locations"]), Status::Active);
        assert_eq!(status(&[]), Status::Active);
        assert_eq!(status(&["read_products"]), Status::ReconnectNeeded);
    }

    #[test]
    fn a_store_recovers_once_it_has_all_scopes() {
        let lacking = || OpenShop {
            status: Status::ReconnectNeeded,
            reason: Some(MISSING_SCOPE.to_owned()),
            dead_since: Some(NOW - 5),
            due_at: Some(NOW + DAY),
            ..record()
        };
        let wanted = wanted(&["read_products", "read_discounts"]);
        let after = |granted: &[&str]| renewed(&lacking(), &tokens(granted, Some("r2")), &wanted, NOW);
        let still = after(&["read_products"]);
        assert_eq!((still.status, still.dead_since, still.due_at), (Status::ReconnectNeeded, Some(NOW - 5), Some(NOW + DAY)));
        assert_eq!(still.reason.as_deref(), Some(MISSING_SCOPE));
        let back = after(&["read_products", "read_discounts"]);
        assert_eq!((back.status, back.dead_since, back.reason), (Status::Active, None, None));
    }

    #[test]
    fn a_pair_without_a_refresh_token_keeps_the_current_one() {
        let renewed = renewed(&record(), &tokens(&[], None), &[], NOW);
        assert_eq!(renewed.refresh_token.unwrap().expose(), "r");
        assert_eq!((renewed.refresh_expires_at, renewed.version), (Some(NOW + 80 * DAY), 2));
    }

    #[test]
    fn a_new_pair_clears_the_notes_on_the_old_one() {
        let before = || OpenShop { dead_since: Some(NOW - 5), old_key: true, ..record() };
        let after = renewed(&before(), &tokens(&[], Some("r2")), &[], NOW);
        assert_eq!((after.status, after.dead_since, after.reason.as_deref()), (Status::Active, None, None));
        assert_eq!((after.access_token.unwrap().expose(), after.access_expires_at), ("a2", Some(NOW + 3600)));
        assert_eq!((after.refresh_token.unwrap().expose(), after.refresh_expires_at), ("r2", Some(NOW + 90 * DAY)));
        assert_eq!((after.issued_at, after.old_key), (NOW, false));
        let lost = renewed(&record(), &tokens(&["read_products"], Some("r2")), &wanted(&["read_locations"]), NOW);
        assert_eq!((lost.status, lost.dead_since, lost.reason.as_deref()), (Status::ReconnectNeeded, Some(NOW), Some(MISSING_SCOPE)));
    }

    #[test]
    fn a_distant_due_time_stays() {
        let known = || OpenShop { shop_id: Some("42".to_owned()), ..record() };
        let due = |due_at| renewed(&OpenShop { due_at, ..known() }, &tokens(&[], Some("r2")), &[], NOW).due_at.unwrap();
        assert_eq!(due(Some(NOW + 3 * DAY)), NOW + 3 * DAY);
        assert_eq!(due(Some(NOW + DAY / 2)), NOW + DAY / 2);
        for other in [None, Some(NOW + 3600), Some(NOW + DAY / 2 - 1), Some(NOW + 40 * DAY)] {
            let set = due(other);
            assert!((NOW + 6 * DAY..=NOW + 7 * DAY).contains(&set), "{set}");
        }
        // Shopify will soon be asked which shops these are.
        for unknown in [record(), OpenShop { unconfirmed: true, ..known() }, OpenShop { uncompared: true, ..known() }] {
            let record = OpenShop { due_at: Some(NOW - 60), ..unknown };
            assert_eq!(renewed(&record, &tokens(&[], Some("r2")), &[], NOW).due_at, Some(NOW - 60));
        }
    }
}
