//! Shopify's rules for refresh tokens of one store, as documented (offline access tokens; changelog
//! of 2026-08-28).
//!
//! In one way this is stricter than documented: using a refresh token retires all that were issued
//! before it, not only its ancestors.

/// How long a used token keeps working while its successor is unused.
const AFTER_FIRST_USE: u64 = 30 * 86_400;

/// An access token and a refresh token with the same number. Times are in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) number: u32,
    pub(super) issued_at: u64,
    pub(super) access_end: u64,
    pub(super) refresh_end: u64,
}

#[derive(Debug)]
struct Issued {
    pair: Pair,
    first_used: Option<u64>,
    retired: bool,
}

#[derive(Debug)]
pub(super) struct Shopify {
    pub(super) access_life: u64,
    pub(super) refresh_life: u64,
    issued: Vec<Issued>,
}

impl Shopify {
    pub(super) const fn new(access_life: u64, refresh_life: u64) -> Self {
        Self { access_life, refresh_life, issued: Vec::new() }
    }

    fn issue(&mut self, now: u64) -> Pair {
        let number = u32::try_from(self.issued.len()).unwrap();
        let pair = Pair { number, issued_at: now, access_end: now + self.access_life, refresh_end: now + self.refresh_life };
        self.issued.push(Issued { pair, first_used: None, retired: false });
        pair
    }

    /// Exchanges a code for a pair: every earlier refresh token is retired at once.
    pub(super) fn exchange(&mut self, now: u64) -> Pair {
        self.revoke();
        self.issue(now)
    }

    /// Exchanges a refresh token for the next pair. None is the final 401.
    pub(super) fn refresh(&mut self, number: u32, now: u64) -> Option<Pair> {
        if !self.accepts(number, now) {
            return None;
        }
        let (older, token) = self.issued.split_at_mut(number as usize);
        older.iter_mut().for_each(|token| token.retired = true);
        token[0].first_used.get_or_insert(now);
        Some(self.issue(now))
    }

    /// Ends everything, as an uninstall does.
    pub(super) fn revoke(&mut self) {
        self.issued.iter_mut().for_each(|token| token.retired = true);
    }

    pub(super) fn accepts(&self, number: u32, now: u64) -> bool {
        !self.issued[number as usize].retired && !self.has_lapsed(number, now)
    }

    /// Whether it is dead of old age, which no order of calls can help.
    pub(super) fn has_lapsed(&self, number: u32, now: u64) -> bool {
        let token = &self.issued[number as usize];
        now >= token.pair.refresh_end || token.first_used.is_some_and(|at| now >= at + AFTER_FIRST_USE)
    }

    pub(super) fn is_retired(&self, number: u32) -> bool {
        self.issued[number as usize].retired
    }

    pub(super) fn was_used(&self, number: u32) -> bool {
        self.issued[number as usize].first_used.is_some()
    }

    pub(super) fn pair(&self, number: u32) -> Pair {
        self.issued[number as usize].pair
    }
}
