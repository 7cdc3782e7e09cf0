//! The messages, which the build generates from the word files next to this one.

include!(concat!(env!("OUT_DIR"), "/whatsapp.rs"));
