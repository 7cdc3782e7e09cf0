//! Refusals in English.

use crate::{Code, Detail, error::FirstUse, platform::Platform, texts::Saying};

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
            "No Page to connect",
            "Facebook showed us no Page that we can connect. Please try again, choose a Page, and make sure that you may manage it.",
        ),
        Code::HeldElsewhere => (
            "The Page is connected elsewhere",
            "Another store holds every Page that you chose. If one of them belongs to this store and you manage it, you can move it here.",
        ),
        Code::TooManyAttempts => ("Too many attempts", "Facebook was opened too often from here. Please start again from your store."),
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

pub(super) fn detail(detail: &Detail) -> Option<Saying> {
    Some(match detail {
        Detail::General | Detail::Technical(_) | Detail::HeldElsewhere(_) => return None,
        Detail::BegunElsewhere(provider) => Saying::new(
            "This sign-in was not begun here",
            format!(
                "This answer from {} does not belong to a sign-in that was begun in this browser. Please start again, and stay in one browser on the way.",
                provider.label
            ),
        ),
        Detail::Used(provider, first_use) => used(provider, *first_use),
        Detail::Declined(platform) if platform.account.is_none() => Saying::new(
            "Nothing was connected",
            "Shopify reports that the connection was not approved. Nothing was stored; you can start again whenever you like.",
        ),
        Detail::Declined(_) => Saying::new(
            "Nothing was connected",
            "Facebook reports that the connection was not approved. Nothing was changed; you can try again whenever you like. \
             If you did not cancel it yourself, the app may not be open to your account yet: please ask whoever gave you the link.",
        ),
        Detail::MissingPermissions(platform, _) if platform.account.is_none() => Saying::new(
            "A permission is missing",
            "Not everything was allowed that the assistant needs to sell your products. Please start again and allow it to:",
        ),
        Detail::MissingPermissions(..) => Saying::new(
            "A permission is missing",
            "Not everything was allowed that the assistant needs for its work. Facebook asks for it again when you try once more. Please allow it to:",
        ),
        Detail::MissingForPages(_) => Saying::new(
            "A permission is missing",
            "A permission was not granted for the Pages that you chose. Please connect again and allow the assistant on these Pages as well to:",
        ),
        Detail::PagesHidden => Saying::new(
            "A permission is missing",
            "Facebook does not let us see your Pages. Please connect again and allow access to them.",
        ),
        Detail::NotStartedHere => Saying::new(
            "Please confirm this first",
            "This sign-in was not begun on a page of ours, or what it is to move was not. Nothing was started; please open the link and confirm it.",
        ),
        Detail::ProviderFailed(provider) => Saying::new(
            by_provider(provider, "Shopify made a mistake", "Facebook made a mistake"),
            format!("{} answered with an error of its own. Nothing was changed; please start again in a minute.", provider.label),
        ),
        Detail::DialogFailed(number) => Saying::new(
            "Facebook made a mistake",
            format!(
                "Facebook could not complete the sign-in{}. Nothing was changed; please try again. If it happens again, please tell whoever gave you the link.",
                number.as_ref().map(|number| format!(" (its error {number})")).unwrap_or_default()
            ),
        ),
        Detail::NoAnswer(provider) => Saying::new(
            by_provider(provider, "Shopify did not answer", "Facebook did not answer"),
            format!("{} did not answer in time. Please start again.", provider.label),
        ),
        Detail::SignInRefused(platform) if platform.account.is_none() => {
            Saying::new("Shopify refused the sign-in", "Shopify did not accept this sign-in. Please start again from your store.")
        }
        Detail::SignInRefused(_) => {
            Saying::new("Facebook refused the sign-in", "Facebook did not accept this sign-in. Please connect your Pages again.")
        }
        Detail::StoreChanged => {
            Saying::new("Your store changed meanwhile", "Your store changed while it was being connected. Please start again.")
        }
        Detail::StoreFirst => Saying::new(
            "Please start from your store",
            "Please open the app from your store first; then your Facebook Pages can be connected to it.",
        ),
        Detail::UnknownConfirmationCode => {
            Saying::new("No such request", "There is no request with this code. Codes are kept for as long as our records are.")
        }
    })
}

fn used(platform: &Platform, first_use: FirstUse) -> Saying {
    match (platform.account.is_none(), first_use) {
        (true, FirstUse::Linked) => {
            Saying::new("Your store is connected", "Your store is connected already; this page was only opened once more. You can go on.")
        }
        (false, FirstUse::Linked) => Saying::new(
            "Your Pages are connected",
            "Your Pages are connected already; this page was only opened once more. There is nothing more to do here.",
        ),
        (true, FirstUse::InFlight) => Saying::new(
            "Your store is being connected",
            "Your store is being connected at this moment. If nothing happens within a minute, please start again.",
        ),
        (false, FirstUse::InFlight) => Saying::new(
            "Your Pages are being connected",
            "Your Pages are being connected at this moment. If nothing happens within a minute, please start again.",
        ),
        (_, FirstUse::Failed) => {
            Saying::new("This sign-in was used already", "This sign-in was used before and did not succeed. Please start again.")
        }
    }
}

fn by_provider(platform: &Platform, shopify: &'static str, facebook: &'static str) -> &'static str {
    if platform.account.is_none() { shopify } else { facebook }
}
