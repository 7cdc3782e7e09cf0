//! What came of looking after one record, and when so many turned out dead that the mistake is likely ours.

use shared::store::tokens::StoreTokens;

/// What came of one record. Deaths stand here and not yet in the table.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Credentials renewed.
    pub(crate) refreshed: u64,
    /// Credentials that the provider was asked about, and that live.
    pub(crate) checked: u64,
    /// Credentials that were renewed and marked all the same, since they may do less than before.
    pub(crate) reconnect_needed: u64,
    /// Credentials that could not be judged this time.
    pub(crate) failed: u64,
    /// Credentials that the provider called dead.
    pub(crate) dead: Vec<Condemned>,
    /// The provider is left alone for the rest of the run: it throttles us, or refuses our own credentials.
    pub(crate) stop: bool,
}

impl Outcome {
    /// One credential could not be judged.
    pub(crate) fn failed() -> Self {
        Self { failed: 1, ..Self::default() }
    }
}

/// A credential that its provider called dead.
#[derive(Debug)]
pub(crate) enum Condemned {
    /// A store's pair, and why.
    Store(Box<StoreTokens>, &'static str),
    /// A person's token or a Page's.
    Facebook(crate::people::Condemned),
}

/// Holds deaths back when too many of those looked at turned out dead: it is likelier then that our own settings are wrong, or that the provider is, than that so many
/// merchants left at once.
#[derive(Debug, Default)]
pub(crate) struct Brake {
    judged: u64,
    dead: u64,
}

impl Brake {
    /// So few deaths are believed, whatever their share.
    const FEW: u64 = 10;
    /// More than this share, in percent, is not.
    const SHARE: u64 = 20;

    /// Counts what was judged: alive and dead.
    pub(crate) fn count(&mut self, alive: u64, dead: u64) {
        self.judged += alive + dead;
        self.dead += dead;
    }

    /// Whether too many turned out dead.
    pub(crate) fn holds(&self) -> bool {
        self.dead > Self::FEW && self.dead * 100 > self.judged * Self::SHARE
    }

    /// Judged and dead, for the log.
    pub(crate) fn figures(&self) -> (u64, u64) {
        (self.judged, self.dead)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_deaths_are_believed_and_many_only_among_many() {
        let holds = |alive, dead| {
            let mut brake = Brake::default();
            brake.count(alive, dead);
            brake.holds()
        };
        assert!(!holds(0, 10) && !holds(0, 0));
        assert!(holds(0, 11) && holds(40, 11));
        assert!(!holds(44, 11) && !holds(10_000, 500));
    }
}
