//! Draws the docs' pictures of the templates: `./dev diagram`.

use e2e::{diagram, svg};

fn main() {
    for (path, picture) in diagram::all() {
        svg::write(path, &picture);
    }
}
