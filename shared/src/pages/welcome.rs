//! What this service is, who runs it and whom to ask, for visitors of its bare URL. It knows no
//! store.

use askama::Template;

use super::Page;
use super::frame::{Frame, ITSELF, rendered};
use crate::facts::Brand;
use crate::platform::AccountKind;
use crate::texts::{Language, Saying, WelcomeWords};

/// The page at `/`.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// The kinds of accounts that it connects.
    pub kinds: Vec<&'static AccountKind>,
    /// Whether a language was just chosen, perhaps on a page that can't be shown again at its URL.
    pub is_translated: bool,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static WelcomeWords,
    saying: &'a Saying,
    chosen: Option<&'a Saying>,
}

impl Page for Welcome {
    fn html(&self, language: Language, brand: &Brand) -> String {
        let words = language.words();
        let saying = words.about(&self.kinds);
        rendered(&View {
            frame: Frame::new(words, brand, saying.title).translated_at(ITSELF),
            words: &words.welcome,
            saying: &saying,
            chosen: self.is_translated.then_some(&words.language_chosen),
        })
    }
}
