//! The platforms in a run: which of them is left alone for the rest of it.

use shared::store::keep::due::{DueKey, DueRecord};

use crate::outcome::Outcome;

use super::brake::Brake;

/// Whose trouble it would be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Platform {
    Shopify,
    Facebook,
}

/// Both of them.
#[derive(Debug, Default)]
pub(super) struct Sides {
    shopify: Side,
    facebook: Side,
}

/// A platform in this run.
#[derive(Debug, Default)]
struct Side {
    brake: Brake,
    /// It is not asked any more.
    stopped: bool,
}

impl Platform {
    pub(super) const ALL: [Self; 2] = [Self::Shopify, Self::Facebook];

    pub(super) const fn of(key: &DueKey) -> Self {
        match key {
            DueKey::Shop(_) | DueKey::Doubt(_) => Self::Shopify,
            DueKey::Person(..) | DueKey::Job(..) | DueKey::Request(_) => Self::Facebook,
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Shopify => "shopify",
            Self::Facebook => "facebook",
        }
    }
}

impl Sides {
    /// Whether a record has to wait, since its platform is not asked any more. Erasing asks nobody.
    pub(super) fn leave_alone(&self, record: &DueRecord) -> bool {
        match record.key {
            DueKey::Shop(_) if record.is_urgent() => false,
            DueKey::Shop(_) | DueKey::Doubt(_) => self.shopify.stopped,
            DueKey::Person(..) | DueKey::Job(..) => self.facebook.stopped,
            DueKey::Request(_) => false,
        }
    }

    /// Counts what a wave brought of a platform, and says what holds deaths of it back.
    pub(super) fn count<'a>(&mut self, platform: Platform, outcomes: impl Iterator<Item = &'a Outcome>, brake_is_off: bool) -> &mut Brake {
        let side = match platform {
            Platform::Shopify => &mut self.shopify,
            Platform::Facebook => &mut self.facebook,
        };
        for outcome in outcomes {
            side.brake.count(outcome);
            side.stopped |= outcome.stop;
        }
        side.stopped |= side.brake.holds() && !brake_is_off;
        &mut side.brake
    }
}
