//! The words about WhatsApp and its phone numbers.

mod messages;

use crate::platform::words::{AccountWords, InEachLanguage, PlatformWords, account_words, in_each_language, sign_in_words};

/// The sign-up at WhatsApp.
pub(super) static SIGN_IN: InEachLanguage<PlatformWords> = in_each_language!(messages, sign_in);

/// Phone numbers.
pub(super) static NUMBERS: InEachLanguage<AccountWords> = in_each_language!(messages, numbers);

/// The words of a messages module.
macro_rules! sign_in {
    ($said:ident) => {
        sign_in_words!($said, {
            "whatsapp_business_messaging" => PERMISSION_MESSAGING,
            "whatsapp_business_management" => PERMISSION_MANAGEMENT,
            "whatsapp_business_manage_events" => PERMISSION_EVENTS,
        })
    };
}
use sign_in;

/// The same for numbers.
macro_rules! numbers {
    ($said:ident) => {
        account_words!(
            $said,
            [NUMBERS_STEP, NUMBERS_FULL, NUMBERS],
            Some(RegisteringWords {
                pin_required: $said::UNREADY_PIN_REQUIRED,
                account_restricted: $said::UNREADY_ACCOUNT_RESTRICTED,
                not_verified: $said::UNREADY_NOT_VERIFIED,
                not_registered: $said::UNREADY_NOT_REGISTERED,
                // The account is what is subscribed to.
                account_not_subscribed: $said::UNREADY_NOT_SUBSCRIBED,
                pin_label: $said::PIN_LABEL,
                pin_help: $said::PIN_HELP,
                pin_submit: $said::PIN_SUBMIT,
                pin_taken: $said::PIN_TAKEN,
                pin_refused: $said::PIN_REFUSED,
                pin_later: $said::PIN_LATER,
                pin_kept: $said::PIN_KEPT,
            })
        )
    };
}
use numbers;
