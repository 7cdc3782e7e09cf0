//! What this service is, for whoever comes to its address without more. It knows no store, and
//! names nobody.

use askama::Template;

use super::Page;
use super::frame::{Frame, ITSELF, rendered};
use crate::platform::Platforms;
use crate::texts::{Language, Saying};

/// The page at `/`.
#[derive(Clone, Copy, Debug)]
pub struct Welcome {
    /// The platforms whose accounts it connects.
    pub platforms: Platforms,
    /// Another language was chosen just now, maybe on a page that can't be shown at its address.
    pub is_translated: bool,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct View<'a> {
    frame: Frame<'a>,
    saying: &'a Saying,
    chosen: Option<&'a Saying>,
}

impl Page for Welcome {
    fn html(&self, language: Language) -> String {
        let words = language.words();
        let saying = words.about(self.platforms);
        let chosen = self.is_translated.then_some(&words.language_chosen);
        rendered(&View { frame: Frame::new(words, saying.title).translated_at(ITSELF), saying: &saying, chosen })
    }
}
