//! What a Facebook state says beside what every state says: for whom the flow is.

use uuid::Uuid;

/// Form: UUID 16 | generation 8, big-endian | 1 if Pages may move, otherwise 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose {
    /// The identity that the Pages are for.
    pub user_uuid: Uuid,
    /// Its generation when the flow began: a flow does not outlive what raises it.
    pub generation: u64,
    /// Pages that another identity holds may move.
    pub moving: bool,
}

impl Purpose {
    /// The bytes that a state carries.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        [self.user_uuid.as_bytes(), self.generation.to_be_bytes().as_slice(), &[u8::from(self.moving)]].concat()
    }

    /// Reads them back; anything else is none.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (uuid, rest) = bytes.split_first_chunk::<16>()?;
        let (generation, rest) = rest.split_first_chunk::<8>()?;
        let moving = match rest {
            [0] => false,
            [1] => true,
            _ => return None,
        };
        Some(Self { user_uuid: Uuid::from_bytes(*uuid), generation: u64::from_be_bytes(*generation), moving })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn it_round_trips_and_reading_is_total(uuid in any::<[u8; 16]>(), generation in any::<u64>(), moving in any::<bool>(), noise in prop::collection::vec(any::<u8>(), 0..40)) {
            let purpose = Purpose { user_uuid: Uuid::from_bytes(uuid), generation, moving };
            prop_assert_eq!(Purpose::read(&purpose.to_bytes()), Some(purpose));
            let _ = Purpose::read(&noise);
        }
    }
}
