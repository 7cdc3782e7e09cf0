//! The pictures of the docs that `./dev diagram` makes of the templates, and that are therefore true.

mod alarms;
mod aws;
mod dashboard;
mod kept;
mod stack;

use crate::template::Template;

/// Each with its path in the project, as the templates have it now.
///
/// # Panics
///
/// When a template holds what has no place in a picture.
pub fn all() -> [(&'static str, String); 2] {
    let template = Template::load();
    let aws = aws::draw(&template, &Template::load_file("front.yaml"));
    [("docs/diagrams/aws.svg", aws), ("docs/diagrams/dashboard.svg", dashboard::draw(&template))]
}
