//! What is not a stair yet. These lists only shrink, and this file goes with the last entry.

/// Circles, each with the modules that lie in it.
pub(crate) const KNOWN: &[&[&str]] = &[
    &[
        "shared::store",
        "shared::store::audit",
        "shared::store::deliveries",
        "shared::store::departures",
        "shared::store::departures::plan",
        "shared::store::departures::told",
        "shared::store::departures::work",
        "shared::store::disconnect",
        "shared::store::doubts",
        "shared::store::due",
        "shared::store::erase",
        "shared::store::events",
        "shared::store::flows",
        "shared::store::item",
        "shared::store::jobs",
        "shared::store::leaving",
        "shared::store::marks",
        "shared::store::pages",
        "shared::store::patience",
        "shared::store::persons",
        "shared::store::sessions",
        "shared::store::sessions::left_behind",
        "shared::store::stores",
        "shared::store::stores_write",
        "shared::store::tokens",
    ],
    &["shared::store::pages_write", "shared::store::pages_write::items"],
    &[
        "shared::store::table::attribute",
        "shared::store::table::condition",
        "shared::store::table::expressions",
        "shared::store::table::key",
        "shared::store::table::row",
    ],
    &["shared::store::table::database", "shared::store::table::write"],
];

/// Imports that contradict the map.
pub(crate) const NOT_ON_THE_MAP: &[(&str, &str)] = &[];
