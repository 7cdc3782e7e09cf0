//! The general messages, which the build generates from the word files next to this one: a module
//! for each language. See the crate `ftl`.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
