//! What is not a stair yet. These lists only shrink, and this file goes with the last entry.

/// Circles, each with the modules that lie in it.
pub(crate) const KNOWN: &[&[&str]] = &[
    &["shared::store::audit", "shared::store::deliveries", "shared::store::tables"],
    &["shared::store::link::pages", "shared::store::link::pages::plan", "shared::store::link::pages::writes"],
    &["shared::store::link::shops", "shared::store::link::shops::writes"],
    &["shared::store::table::attribute", "shared::store::table::expression", "shared::store::table::key", "shared::store::table::row"],
    &["shared::store::table::database", "shared::store::table::write"],
    &["shared::store::sessions", "shared::store::sessions::left_behind"],
];

/// Imports that contradict the map.
pub(crate) const NOT_ON_THE_MAP: &[(&str, &str)] = &[];
