//! What this service is, for whoever comes to its address without more. It knows no store, and names nobody.

use askama::Template;

use super::Page;
use super::frame::{Frame, rendered};
use crate::texts::{Language, Saying};

/// The page at `/`.
#[derive(Clone, Copy, Debug)]
pub struct Welcome;

#[derive(Template)]
#[template(path = "welcome.html")]
struct View<'a> {
    frame: Frame<'a>,
    saying: &'a Saying,
}

impl Page for Welcome {
    fn html(&self, language: Language) -> String {
        let words = language.words();
        rendered(&View { frame: Frame::new(words, words.welcome.title), saying: &words.welcome })
    }
}
