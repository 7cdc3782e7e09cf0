//! Golden items: what stood in the tables when the binaries of an earlier version had written it,
//! and what these binaries then read in it. Whatever is at work later has to read the same, and to
//! write items of the same shape.
//!
//! A [scene](Scene) brings the tables into a state with real requests. A [recording](record) of it
//! holds the items, what the providers knew, and a list of readings, each with its outcome: the
//! reply, and what it changed in the tables. A recording is [played](play) in a world of its own,
//! whose tables hold its items as if the moment at which they were recorded were now.
//!
//! `golden write [SCENE…]` records anew what lies in `tests/golden`, with the binaries of
//! `E2E_PROFILE`.

mod change;
mod known;
mod moments;
mod play;
mod reading;
mod record;
mod scenes;
mod shape;
mod stage;
mod store;

pub use change::differences;
pub use moments::Item;
pub use play::play;
pub use reading::{Act, Read, Reading};
pub use record::{bring_about, record};
pub use scenes::{Scene, all, scene};
pub use shape::{Shapes, shapes};
pub use store::{Golden, folder};
