//! A refusal: what happened, what it means, and one or two ways on that work.

use askama::Template;

use super::frame::{Frame, Step, rendered};
use super::{Page, offer::OfferEntry};
use crate::facts::{NextStep, Offer, Way};
use crate::texts::{Language, Saying};
use crate::{Code, Detail, Error, error::FirstUse, request::Request};

/// The page of a refusal.
#[derive(Debug)]
pub struct ErrorPage<'a> {
    /// What is refused.
    pub error: &'a Error,
    /// The request that is refused.
    pub request: &'a Request,
}

#[derive(Template)]
#[template(path = "error.html")]
struct View<'a> {
    frame: Frame<'a>,
    saying: &'a Saying,
    /// Not everything that is refused has failed: what was wanted may be there already.
    tone: &'static str,
    /// Permissions, with what they allow.
    permissions: Vec<(&'a str, Option<&'static str>)>,
    /// What can be moved here.
    offers: Vec<OfferEntry>,
    primary: (String, &'static str),
    secondary: Option<(String, &'static str)>,
}

impl ErrorPage<'_> {
    /// Where it leads. A route of ours where the store is known. Otherwise the same address once more where nothing of the sender's can have gone wrong, and the Shopify admin.
    /// Loading a callback again sends its code nowhere a second time: by then its state is used, and the answer says so.
    fn ways(&self) -> (NextStep, Option<NextStep>) {
        let Error { code, next, .. } = self.error;
        let passing = matches!(code, Code::StorageUnavailable | Code::Misconfigured | Code::ProviderTimeout | Code::ProviderError);
        match next {
            // What moves is chosen one by one. Besides going on one can look at what is there.
            Some(next) if next.way == Way::Move => (next.without_moving().unwrap_or_else(NextStep::connections), None),
            Some(next) if next.way == Way::ConnectPages => (next.clone(), Some(NextStep::connections())),
            Some(next) => (next.clone(), None),
            // Its forms are on the list, which a session is needed for.
            None if self.request.path.starts_with("/connections/") && !matches!(code, Code::MissingSession | Code::InvalidSession) => {
                (NextStep::connections(), None)
            }
            // Begun on this page, the same address would start what another site may have opened.
            None if passing && self.request.path == "/facebook/login" => (NextStep::facebook_confirm(), Some(NextStep::shopify_admin())),
            None if passing && self.request.method == "GET" => (NextStep::reload(), Some(NextStep::shopify_admin())),
            None => (NextStep::shopify_admin(), None),
        }
    }
}

impl Page for ErrorPage<'_> {
    fn html(&self, language: Language) -> String {
        let words = language.words();
        let Error { code, detail, .. } = self.error;
        let saying = words.saying(*code, detail);
        let names: &[String] = match detail {
            Detail::MissingPermissions(_, names) | Detail::MissingForPages(names) => names,
            _ => &[],
        };
        let offers: &[Offer] = if let Detail::HeldElsewhere(offers) = detail { offers } else { &[] };
        let (primary, secondary) = self.ways();
        let link = |next: NextStep| (next.href, (words.way)(next.way));
        let mut frame = Frame::new(words, saying.title).with_reference(&self.request.id);
        if let Some(step) = Step::of_path(&self.request.path) {
            frame = frame.at(step);
        }
        rendered(&View {
            frame,
            saying: &saying,
            tone: match detail {
                Detail::Used(_, FirstUse::Linked) => "good",
                Detail::Used(_, FirstUse::InFlight) => "wait",
                _ => "warn",
            },
            permissions: names.iter().map(|name| (name.as_str(), (words.permission)(name))).collect(),
            offers: offers.iter().map(|offer| OfferEntry::new(words, offer)).collect(),
            primary: link(primary),
            secondary: secondary.map(link),
        })
    }
}
