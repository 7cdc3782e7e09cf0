//! A refusal: what happened, what it means, and one or two next steps that work.

use askama::Template;

use super::frame::{Frame, Step, rendered};
use super::{Page, link::Link, offer::OfferEntry};
use crate::facts::{Brand, Errand, NextStep, Way};
use crate::platform::{AccountKind, Platforms};
use crate::texts::{Language, Saying};
use crate::{Code, Detail, Error, error::FirstUse, request::Request};

/// The page for a refusal.
#[derive(Debug)]
pub struct ErrorPage<'a> {
    /// The refusal.
    pub error: &'a Error,
    /// The refused request.
    pub request: &'a Request,
    /// The platforms that have routes.
    pub platforms: Platforms,
}

#[derive(Template)]
#[template(path = "error.html")]
struct View<'a> {
    frame: Frame<'a>,
    saying: &'a Saying,
    /// Not every refusal is a failure: what was wanted may already be there.
    tone: &'static str,
    /// Permissions, with what they allow.
    permissions: Vec<(&'a str, Option<&'static str>)>,
    /// What can be moved here.
    offers: Vec<OfferEntry>,
    primary: Link,
    secondary: Option<Link>,
}

/// A route of a flow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Route {
    Login,
    Callback,
    Other,
}

impl ErrorPage<'_> {
    /// The next steps. One of our routes if the store is known. Otherwise a reload, if the request
    /// itself can't be at fault, and the Shopify admin. Reloading a callback does not send its code
    /// again: by then its state is used, and the answer says so.
    fn ways(&self) -> (NextStep, Option<NextStep>) {
        let Error { code, next, back, .. } = self.error;
        // What was wanted is there: go back, or look at it.
        if let Some(back) = back {
            return (NextStep::clone(back), next.clone());
        }
        let passing = matches!(code, Code::StorageUnavailable | Code::Misconfigured | Code::ProviderTimeout | Code::ProviderError);
        match next {
            // Accounts to move are chosen one by one. The alternative is to look at what is there.
            Some(next) if matches!(next.way, Way::Begin(_, Errand::Move)) => {
                (next.without_moving().unwrap_or_else(NextStep::connections), None)
            }
            Some(next) if matches!(next.way, Way::Begin(_, Errand::Connect)) => (next.clone(), Some(NextStep::connections())),
            Some(next) => (next.clone(), None),
            // Its forms are on the list, which requires a session.
            None if self.request.path.starts_with("/connections/") && !matches!(code, Code::MissingSession | Code::InvalidSession) => {
                (NextStep::connections(), None)
            }
            None if passing => match self.route() {
                // Started from this page, the same URL would start something that another site may
                // have opened.
                Some((Route::Login, Some(kind))) => (NextStep::confirm(kind), Some(NextStep::shopify_admin())),
                _ if self.request.method == "GET" => (NextStep::reload(), Some(NextStep::shopify_admin())),
                _ => (NextStep::shopify_admin(), None),
            },
            None => (NextStep::shopify_admin(), None),
        }
    }

    /// The route of its path, `/PLATFORM/ROUTE`, and the kind of accounts of its platform.
    fn route(&self) -> Option<(Route, Option<&'static AccountKind>)> {
        let (name, rest) = self.request.path.strip_prefix('/')?.split_once('/')?;
        let route = match rest {
            "login" => Route::Login,
            "callback" => Route::Callback,
            _ => Route::Other,
        };
        Some((route, self.platforms.named(name)?.account))
    }

    /// The step that this path belongs to, and the accounts it leads to.
    fn step(&self) -> Option<(Step, &'static AccountKind)> {
        match self.route()? {
            (Route::Login | Route::Callback, Some(kind)) => Some((Step::Accounts, kind)),
            (Route::Other, Some(_)) => None,
            (_, None) => Some((Step::Store, self.platforms.accounts().next()?)),
        }
    }
}

impl Page for ErrorPage<'_> {
    fn html(&self, language: Language, brand: &Brand) -> String {
        let words = language.words();
        let Error { code, detail, .. } = self.error;
        let saying = words.saying(*code, detail);
        let permissions = detail.missing().map_or_else(Vec::new, |(platform, names)| {
            let permission = words.of_platform(platform).permission;
            names.iter().map(|name| (name.as_str(), permission(name))).collect()
        });
        let (primary, secondary) = self.ways();
        let link = |next| Link::of_brand(words, brand, next);
        let mut frame = Frame::new(words, brand, saying.title).with_reference(self.request.reference());
        if let Some((step, kind)) = self.step() {
            frame = frame.at(step, kind);
        }
        rendered(&View {
            frame,
            saying: &saying,
            tone: match detail {
                Detail::Used(_, FirstUse::Linked) => "good",
                Detail::Used(_, FirstUse::InFlight) => "wait",
                _ => "warn",
            },
            permissions,
            offers: match detail {
                Detail::HeldElsewhere(kind, offers) => OfferEntry::all(words, kind, offers),
                _ => Vec::new(),
            },
            primary: link(primary),
            secondary: secondary.map(link),
        })
    }
}
