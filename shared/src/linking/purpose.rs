//! What a state says beside what every state says: for whom the flow is.

use uuid::Uuid;

use crate::moving::MoveList;

/// Without accounts that are to move: UUID 16 | generation 8, big-endian | 0. With them: UUID |
/// generation | 2 | their ids, 8 each.
///
/// A version before this one wrote 1 in place of 0 and let every account move; such a state counts
/// as one without. That version refuses a 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The identity that the accounts are for.
    pub user_uuid: Uuid,
    /// Its generation when the flow began: a flow does not outlive what raises it.
    pub generation: u64,
    /// Accounts that move here if another identity holds them.
    pub moving: MoveList,
}

impl Purpose {
    /// The bytes that a state carries.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let kind = if self.moving.is_empty() { 0 } else { 2 };
        [self.user_uuid.as_bytes(), self.generation.to_be_bytes().as_slice(), &[kind], &self.moving.to_bytes()].concat()
    }

    /// Reads them back; anything else is none.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (uuid, rest) = bytes.split_first_chunk::<16>()?;
        let (generation, rest) = rest.split_first_chunk::<8>()?;
        let moving = match rest {
            [0 | 1] => MoveList::default(),
            [2, ids @ ..] => MoveList::from_bytes(ids)?,
            _ => return None,
        };
        Some(Self { user_uuid: Uuid::from_bytes(*uuid), generation: u64::from_be_bytes(*generation), moving })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Secret, moving::MOST, providers::NEXT, signing::SecretPair, signing::state::State};
    use proptest::prelude::*;

    fn moving(ids: &[&str]) -> Purpose {
        Purpose { user_uuid: Uuid::from_bytes([7; 16]), generation: 3, moving: MoveList::first_of(ids.iter().copied()) }
    }

    fn bytes(rest: &[u8]) -> Vec<u8> {
        [&[7; 16], 3_u64.to_be_bytes().as_slice(), rest].concat()
    }

    #[test]
    fn a_state_without_a_move_is_written_as_ever() {
        assert_eq!(moving(&[]).to_bytes(), bytes(&[0]));
    }

    #[test]
    fn a_state_of_the_version_before_moves_nothing() {
        assert_eq!(Purpose::read(&bytes(&[1])), Some(moving(&[])));
    }

    /// That version read one byte, 0 or 1, and nothing else.
    #[test]
    fn a_state_with_a_move_is_none_for_the_version_before() {
        let written = moving(&["9"]).to_bytes();
        assert!(!matches!(&written[24..], [0 | 1]));
        assert_eq!(written, bytes(&[2, 0, 0, 0, 0, 0, 0, 0, 9]));
    }

    #[test]
    fn anything_else_is_none() {
        for rest in [&[][..], &[2], &[2, 0], &[2; 8], &[3], &[0, 0], &[1, 0, 0, 0, 0, 0, 0, 0, 9], &[2; 10]] {
            assert_eq!(Purpose::read(&bytes(rest)), None, "{rest:?}");
        }
        assert_eq!(Purpose::read(&bytes(&vec![2; 1 + 8 * (MOST + 1)])), None);
    }

    #[test]
    fn as_many_as_can_be_named_fit_into_a_state() {
        let ids: Vec<String> = (0..MOST as u64).map(|id| (u64::MAX - id).to_string()).collect();
        let extra = moving(&ids.iter().map(String::as_str).collect::<Vec<_>>()).to_bytes();
        let secrets = SecretPair { current: Secret::new("one"), previous: None };
        let state = State { issued_at: 0, nonce: [1; 16], browser: [2; 32], extra: extra.clone() };
        let text = state.sign(NEXT.platform.name, &secrets.current);
        assert_eq!(State::verify(&text, NEXT.platform.name, &secrets).unwrap().state.extra, extra);
    }

    proptest! {
        #[test]
        fn it_round_trips_and_reading_is_total(uuid in any::<[u8; 16]>(), generation in any::<u64>(), ids in prop::collection::hash_set(any::<u64>(), 0..=MOST), noise in prop::collection::vec(any::<u8>(), 0..300)) {
            let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
            let purpose = Purpose { user_uuid: Uuid::from_bytes(uuid), generation, moving: MoveList::first_of(ids.iter().map(String::as_str)) };
            prop_assert_eq!(Purpose::read(&purpose.to_bytes()), Some(purpose));
            let _ = Purpose::read(&noise);
        }
    }
}
