//! Draws what stands in the templates for the docs: `./dev diagram`.

use e2e::{diagram, svg};

fn main() {
    for (path, picture) in diagram::all() {
        svg::write(path, &picture);
    }
}
