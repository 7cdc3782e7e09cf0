//! The pictures of the docs against the templates of which `./dev diagram` makes them.

use e2e::diagram;
use e2e::template::project_dir;

#[test]
fn the_pictures_show_what_the_templates_have() {
    for (path, picture) in diagram::all() {
        let kept = std::fs::read_to_string(project_dir().join(path)).unwrap_or_default();
        // Not by `assert_eq`, which would print both.
        assert!(kept == picture, "{path} is not what the templates have now: ./dev diagram draws it anew");
    }
}
