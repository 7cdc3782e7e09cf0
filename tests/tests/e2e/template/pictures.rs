//! The docs' pictures against the templates.

use e2e::diagram;
use e2e::template::project_dir;

#[test]
fn the_pictures_show_what_the_templates_have() {
    for (path, picture) in diagram::all() {
        let kept = std::fs::read_to_string(project_dir().join(path)).unwrap_or_default();
        // `assert_eq` would print both.
        assert!(kept == picture, "{path} is out of date: run ./dev diagram");
    }
}
