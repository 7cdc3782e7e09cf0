//! Whose pages these are, and where a merchant goes back to.

use crate::{Error, facts::Brand, legible::legible};

use super::{Vars, unusable, url};

/// More would not fit beside the steps of a page.
const LONGEST_NAME: usize = 60;
/// What the way back says of the link. It proves nothing: whoever wants to know listens for the
/// event.
const STATUS: (&str, &str) = ("status", "linked");

impl Vars {
    /// Reads `BRAND_NAME`, `SUPPORT_URL` and `PRIVACY_URL`, as far as each of them is usable, and
    /// says whether all are: also the page that tells of the mistake belongs to somebody.
    pub fn brand(&self) -> (Brand, Result<(), Error>) {
        let mut flaw = Ok(());
        let mut read = |name: &str, value: fn(&str) -> Option<String>| match self.optional(name).map(value) {
            Some(None) => {
                flaw = Err(unusable(name));
                None
            }
            value => value.flatten(),
        };
        let brand = Brand {
            name: read("BRAND_NAME", name),
            support: read("SUPPORT_URL", |text| (url::is_https(text) || url::is_mailto(text)).then(|| text.to_owned())),
            privacy: read("PRIVACY_URL", |text| url::is_https(text).then(|| text.to_owned())),
        };
        (brand, flaw)
    }

    /// Reads `RETURN_URL`, as it is linked to once accounts are linked.
    ///
    /// # Errors
    /// `misconfigured` unless it is an `https:` address without a `status` of its own.
    pub fn return_url(&self) -> Result<Option<String>, Error> {
        let name = "RETURN_URL";
        self.optional(name).map(|text| linked(text).ok_or_else(|| unusable(name))).transpose()
    }
}

/// A name that a page can show as it is: white space counts as one space each, and whatever can't
/// be seen, controls or turns the text around it is a mistake.
fn name(text: &str) -> Option<String> {
    let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_short = text.chars().count() <= LONGEST_NAME;
    (is_short && !text.chars().any(char::is_control) && legible(&spaced) == spaced).then_some(spaced)
}

/// The address with the status in its query, and all else as it was.
fn linked(text: &str) -> Option<String> {
    let (address, fragment) = text.find('#').map_or((text, ""), |at| text.split_at(at));
    let query = address.split_once('?').map(|(_, query)| query);
    let has_status = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).any(|(name, _)| name == STATUS.0);
    let joint = match query {
        None => "?",
        Some(query) if query.is_empty() || query.ends_with('&') => "",
        Some(_) => "&",
    };
    (url::is_https(text) && !has_status).then(|| format!("{address}{joint}{}={}{fragment}", STATUS.0, STATUS.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::PLATFORMS;

    fn cause<T: std::fmt::Debug>(result: Result<T, Error>) -> String {
        result.unwrap_err().cause.unwrap()
    }

    #[test]
    fn what_is_not_there_or_empty_leaves_the_neutral_brand() {
        for vars in [Vars::from_pairs([]), Vars::from_pairs([("BRAND_NAME", ""), ("SUPPORT_URL", "  "), ("PRIVACY_URL", "")])] {
            let (brand, flaw) = vars.brand();
            assert!(flaw.is_ok() && brand == Brand::default() && vars.return_url().unwrap().is_none());
            let labels = PLATFORMS.0.iter().map(|platform| platform.label).chain(PLATFORMS.companions().map(|kind| kind.label));
            for mark in labels.chain(["Messenger", "Meta"]) {
                assert!(!brand.shown().to_lowercase().contains(&mark.to_lowercase()), "{}", brand.shown());
            }
        }
    }

    #[test]
    fn a_name_is_shown_as_it_is() {
        let longest = "é".repeat(60);
        for (given, shown) in [
            ("A", "A"),
            (" Acme & Söhne <b> ", "Acme & Söhne <b>"),
            ("Acme\u{a0}\u{2003}GmbH", "Acme GmbH"),
            ("متجر", "متجر"),
            ("👨‍👩‍👧‍👦 Family", "👨‍👩‍👧‍👦 Family"),
            (&longest, &longest),
        ] {
            let (brand, flaw) = Vars::from_pairs([("BRAND_NAME", given)]).brand();
            assert!(flaw.is_ok() && brand.shown() == shown, "{given:?}");
        }
    }

    #[test]
    fn a_name_that_is_too_long_or_not_all_to_be_seen_is_unusable() {
        let long = "x".repeat(61);
        let marks = format!("Z{}algo", "\u{301}".repeat(9));
        for given in
            ["Ac\nme", "Ac\tme", "Ac\u{0}me", "\u{1b}[31mAcme", "\u{202e}emcA", "Ac\u{200b}me", "\u{200b}", "Ac\u{3164}me", &marks, &long]
        {
            let (brand, flaw) = Vars::from_pairs([("BRAND_NAME", given), ("PRIVACY_URL", "https://a.example/p")]).brand();
            assert_eq!(cause(flaw), "BRAND_NAME has an unusable value", "{given:?}");
            assert_eq!(brand, Brand { privacy: Some("https://a.example/p".to_owned()), ..Brand::default() }, "the rest stands");
        }
    }

    #[test]
    fn help_is_a_web_page_or_a_mailbox_and_the_policy_a_web_page() {
        let of = |name: &'static str, value: &str| Vars::from_pairs([(name, value)]).brand();
        for help in [
            "https://a.example",
            "https://a.example/help?x=1#top",
            "mailto:help@a.example",
            "mailto:a@b.example,c@d.example?subject=Help%20me",
        ] {
            let (brand, flaw) = of("SUPPORT_URL", help);
            assert!(flaw.is_ok() && brand.support.as_deref() == Some(help), "{help}");
        }
        for bad in [
            "http://a.example",
            "tel:+4912345",
            "javascript:alert(1)",
            "a.example",
            "mailto:",
            "mailto:help",
            "mailto:a@b@c.example",
            "mailto:a b@c.example",
        ] {
            let (brand, flaw) = of("SUPPORT_URL", bad);
            assert_eq!((cause(flaw).as_str(), brand), ("SUPPORT_URL has an unusable value", Brand::default()), "{bad}");
        }
        assert!(of("PRIVACY_URL", "https://a.example/privacy").1.is_ok());
        for bad in ["mailto:help@a.example", "http://a.example", "//a.example", "/privacy"] {
            assert_eq!(cause(of("PRIVACY_URL", bad).1), "PRIVACY_URL has an unusable value", "{bad}");
        }
    }

    #[test]
    fn the_way_back_says_that_the_link_is_made_and_nothing_else_changes() {
        for (given, leads_to) in [
            ("https://a.example", "https://a.example?status=linked"),
            ("https://a.example/", "https://a.example/?status=linked"),
            ("https://a.example/x?", "https://a.example/x?status=linked"),
            ("https://a.example/x?a=1&b=%20", "https://a.example/x?a=1&b=%20&status=linked"),
            ("https://a.example/x?a=1&", "https://a.example/x?a=1&status=linked"),
            ("https://a.example/#/shops?status=1", "https://a.example/?status=linked#/shops?status=1"),
            ("https://a.example:8443/x?a=?#b", "https://a.example:8443/x?a=?&status=linked#b"),
            ("https://a.example/x?Status=1&mystatus=2", "https://a.example/x?Status=1&mystatus=2&status=linked"),
        ] {
            assert_eq!(Vars::from_pairs([("RETURN_URL", given)]).return_url().unwrap().as_deref(), Some(leads_to));
        }
    }

    #[test]
    fn a_way_back_with_a_status_of_its_own_or_elsewhere_than_on_the_web_is_unusable() {
        for bad in [
            "https://a.example/?status=linked",
            "https://a.example/?a=1&status",
            "https://a.example/?%73tatus=x",
            "http://a.example/",
            "mailto:a@b.example",
            "https://user@a.example/",
            "https://a.example/ x",
            "https://",
            "status",
        ] {
            assert_eq!(cause(Vars::from_pairs([("RETURN_URL", bad)]).return_url()), "RETURN_URL has an unusable value", "{bad}");
        }
    }
}
