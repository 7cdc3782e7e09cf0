//! An account's companion, shown beneath the account's name.

use super::name::or_else;
use crate::platform::Companion;

pub(super) struct CompanionLine {
    pub(super) label: &'static str,
    pub(super) name: String,
}

impl CompanionLine {
    pub(super) fn new(companion: &Companion) -> Self {
        Self { label: companion.id.kind().label, name: or_else(companion.name.as_deref(), companion.id.as_str()) }
    }
}
