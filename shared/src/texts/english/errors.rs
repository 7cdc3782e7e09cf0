//! Refusals in English.

use crate::{
    Code,
    texts::{DetailWords, Saying},
};

pub(super) fn error(code: Code) -> Saying {
    let (title, text) = match code {
        Code::InvalidShop => (
            "That is not a Shopify store address",
            "Please use your store's permanent address, which ends in .myshopify.com. You find it in your Shopify admin under Settings, Domains.",
        ),
        Code::MissingParameter | Code::RepeatedParameter | Code::MalformedParameter => (
            "The link is not complete",
            "Something of this link was lost or changed on its way. Please start again; it takes only a minute.",
        ),
        Code::InvalidHmac => (
            "This link does not come from Shopify",
            "This link was not signed by Shopify, or was changed on its way. Please open the app from your Shopify admin.",
        ),
        Code::StaleRequest => {
            ("This link is too old", "This link from Shopify is no longer fresh. Please open the app from your Shopify admin again.")
        }
        Code::MalformedState | Code::InvalidState => (
            "This sign-in was not begun here",
            "This answer does not belong to a sign-in that was begun in this browser. Please start again, and stay in one browser on the way.",
        ),
        Code::ExpiredState => (
            "This sign-in has expired",
            "A sign-in is good for a few minutes. If yours had come to its end by then, everything is connected; otherwise please start again.",
        ),
        Code::UsedState => ("This sign-in was used already", "Each sign-in counts once. Please start again."),
        Code::MissingSession | Code::InvalidSession => {
            ("Please start from your store", "Your sign-in from the store has ended. Please start again from your store.")
        }
        Code::AccessDenied => {
            ("Nothing was connected", "The connection was not approved. Nothing was changed; you can try again whenever you like.")
        }
        Code::MissingPermission => (
            "A permission is missing",
            "Not everything was allowed that the assistant needs. Nothing was changed; please try once more and allow all of it.",
        ),
        Code::NoPage => (
            "Nothing to connect",
            "The other side showed us nothing that we can connect. Please try again, and make sure that you may manage what you choose.",
        ),
        Code::HeldElsewhere => (
            "Connected elsewhere",
            "Another store holds all that you chose. If some of it belongs to this store and you manage it, you can move it here.",
        ),
        Code::TooManyAttempts => ("Too many attempts", "This sign-in was opened too often from here. Please start again from your store."),
        Code::TokenExchangeFailed => ("The sign-in was refused", "This sign-in was not accepted. Nothing was changed; please start again."),
        Code::ProviderError => (
            "The other side made a mistake",
            "The other side answered with an error of its own. Nothing was changed; please start again in a minute.",
        ),
        Code::ProviderTimeout => ("The other side did not answer", "This took too long. Please start again."),
        Code::StorageUnavailable => {
            ("Please try again in a moment", "The service can't reach its storage right now. Please try again in a few seconds.")
        }
        Code::Misconfigured => (
            "The service is not set up correctly",
            "That is a mistake on our side, and there is nothing that you can do about it. Please try again later.",
        ),
        Code::NotFound => ("Nothing here", "There is nothing at this address. Please check the link."),
        Code::MethodNotAllowed => ("Not possible this way", "This address does not work in this way. Please start again."),
        Code::InvalidRequest => ("Not a request that is known here", "This request asks for nothing that is known here."),
        Code::InvalidSignature => ("The request is not signed", "This request is not signed by whom it claims to come from."),
        Code::PayloadTooLarge => ("Too much was sent", "This request is larger than any that is expected here."),
        Code::Forbidden => (
            "Nothing was changed",
            "For your safety, this only works from your own list of connections. Please open the list and try again there.",
        ),
    };
    Saying::new(title, text)
}

pub(super) const DETAIL: DetailWords = DetailWords {
    begun_elsewhere: |platform| {
        Saying::new(
            "This sign-in was not begun here",
            format!(
                "This answer from {platform} does not belong to a sign-in that was begun in this browser. Please start again, and stay in one browser on the way."
            ),
        )
    },
    used: Saying::fixed("This sign-in was used already", "This sign-in was used before and did not succeed. Please start again."),
    not_started_here: Saying::fixed(
        "Please confirm this first",
        "This sign-in was not begun on a page of ours, or what it is to move was not. Nothing was started; please open the link and confirm it.",
    ),
    failed: |platform| format!("{platform} answered with an error of its own. Nothing was changed; please start again in a minute."),
    dialog_failed: |platform, number| {
        let number = number.map(|number| format!(" (its error {number})")).unwrap_or_default();
        format!(
            "{platform} could not complete the sign-in{number}. Nothing was changed; please try again. If it happens again, please tell whoever gave you the link."
        )
    },
    no_answer: |platform| format!("{platform} did not answer in time. Please start again."),
    store_changed: Saying::fixed("Your store changed meanwhile", "Your store changed while it was being connected. Please start again."),
    unknown_code: Saying::fixed("No such request", "There is no request with this code. Codes are kept for as long as our records are."),
};
