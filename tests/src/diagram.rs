//! The docs' pictures that `./dev diagram` draws from the templates.

mod alarms;
mod aws;
mod dashboard;
mod stack;
mod storage;

use crate::template::Template;

/// Each picture with its path in the project, drawn from the templates as they are now.
///
/// # Panics
///
/// When a template has something that has no place in a picture.
pub fn all() -> [(&'static str, String); 2] {
    let template = Template::load();
    let aws = aws::draw(&template, &Template::load_file("front.yaml"));
    [("docs/diagrams/aws.svg", aws), ("docs/diagrams/dashboard.svg", dashboard::draw(&template))]
}
