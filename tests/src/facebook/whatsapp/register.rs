//! Registration of numbers, and the PIN that it sets or has to know (Cloud API, registration; error
//! codes).

use serde_json::{Value, json};

use super::LocalFacebook;
use super::business::Number;
use super::nodes::MESSAGING;
use crate::facebook::error::GraphError;
use crate::facebook::graph::Facebook;
use crate::provider::{RecordedRequest, lock};

/// So many tries in so many seconds for one number.
const MOST_TRIES: usize = 10;
const WINDOW_SECONDS: i64 = 72 * 3600;
/// After so many wrong PINs none is taken for so long. That there is such a rule is documented, its
/// numbers are not.
const MOST_GUESSES: usize = 5;
const GUESSES_SECONDS: i64 = 3600;

/// A try to register a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// The number, by id.
    pub number: String,
    /// The PIN that was sent.
    pub pin: String,
    /// When, in seconds.
    pub at: i64,
    /// The error it was answered with, if any.
    pub error: Option<u32>,
}

impl LocalFacebook {
    /// Every try to register a number, in their order. What never came to the number (no token, no
    /// permission) is none.
    #[must_use]
    pub fn registrations(&self, number: &str) -> Vec<Registration> {
        let state = lock(&self.facebook.state);
        state.whatsapp.registrations.iter().filter(|registration| registration.number == number).cloned().collect()
    }

    /// Lets the merchant set a PIN in WhatsApp Manager, or switch two-step verification off.
    pub fn set_pin(&self, number: &str, pin: Option<&str>) {
        self.edit_number(number, |number| number.set_pin(pin));
    }
}

impl Number {
    pub(super) fn set_pin(&mut self, pin: Option<&str>) {
        self.pin = pin.map(str::to_owned);
        self.wrong_guesses.clear();
    }

    /// It is registered with this PIN.
    pub(super) fn connect(&mut self, pin: &str, now: i64) {
        self.set_pin(Some(pin));
        "CONNECTED".clone_into(&mut self.status);
        "CLOUD_API".clone_into(&mut self.platform_type);
        self.last_onboarded_at = Some(now);
    }

    /// Why this PIN does not register it, if it does not.
    fn refusal(&self, pin: &str, now: i64) -> Option<GraphError> {
        let error = |code, title, details| Some(GraphError::of_whatsapp(400, code, title, details));
        if let Some(code) = self.registration_error {
            return error(code, "Registration failed", "The number can't be registered now");
        }
        if self.code_verification_status != "VERIFIED" {
            return error(133_006, "Phone number re-verification needed", "Phone number needs to be verified before registering");
        }
        let own = self.pin.as_ref()?;
        let recent = self.wrong_guesses.iter().filter(|at| now - **at < GUESSES_SECONDS).count();
        if recent >= MOST_GUESSES {
            return error(133_008, "Too many two-step verification PIN guesses", "Try again later");
        }
        let is_hasty = self.wrong_guesses.last().is_some_and(|at| now - at < self.guess_pause_seconds);
        if is_hasty {
            return error(133_009, "Two-step verification PIN guessed too fast", "Try again later");
        }
        if own != pin {
            return error(133_005, "Two-step verification PIN mismatch", "The PIN does not match");
        }
        None
    }
}

impl Facebook {
    /// `POST {phone-number-id}/register`: sets the PIN where there is none, else it has to be the
    /// same.
    pub(super) fn whatsapp_register(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.whatsapp_holder(request)?;
        posted(request)?;
        let now = self.provider.now();
        let mut state = lock(&self.state);
        let mut number = state.number_for(id, &holder, MESSAGING)?;
        let account = state.account_for(&number.account, &holder, MESSAGING)?;
        let pin = request.field("pin").unwrap_or_default();
        if pin.len() != 6 || !pin.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(GraphError::of_whatsapp(400, 100, "Invalid parameter", "Param pin must be 6 digits."));
        }
        let is_recent = |tried: &&Registration| tried.number == id && now - tried.at < WINDOW_SECONDS && tried.error != Some(133_016);
        let refusal = if state.whatsapp.registrations.iter().filter(is_recent).count() >= MOST_TRIES {
            let details = "The number was registered or deregistered too often; it is blocked for 72 hours";
            Some(GraphError::of_whatsapp(400, 133_016, "Account register deregister rate limit exceeded", details))
        } else if account.is_locked {
            Some(GraphError::of_whatsapp(400, 131_031, "Account has been locked", "The account violates a policy"))
        } else {
            number.refusal(&pin, now)
        };
        let error = refusal.as_ref().map(|error| error.code);
        state.whatsapp.registrations.push(Registration { number: id.to_owned(), pin: pin.clone(), at: now, error });
        match error {
            None => {
                number.connect(&pin, now);
            }
            Some(133_005) => number.wrong_guesses.push(now),
            Some(_) => {}
        }
        state.whatsapp.lasting.numbers.insert(id.to_owned(), number);
        refusal.map_or_else(|| Ok(json!({ "success": true })), Err)
    }

    /// `POST {phone-number-id}/deregister`, which a number in the WhatsApp Business app does not
    /// take. The PIN stays.
    pub(super) fn whatsapp_deregister(&self, id: &str, request: &RecordedRequest) -> Result<Value, GraphError> {
        let holder = self.whatsapp_holder(request)?;
        let mut state = lock(&self.state);
        let mut number = state.number_for(id, &holder, MESSAGING)?;
        if number.is_on_biz_app {
            return Err(GraphError::of_whatsapp(400, 100, "Invalid parameter", "The number is in the WhatsApp Business app."));
        }
        "DISCONNECTED".clone_into(&mut number.status);
        "NOT_APPLICABLE".clone_into(&mut number.platform_type);
        state.whatsapp.lasting.numbers.insert(id.to_owned(), number);
        Ok(json!({ "success": true }))
    }
}

/// That a call is POST and for WhatsApp.
pub(super) fn posted(request: &RecordedRequest) -> Result<(), GraphError> {
    if request.method != axum::http::Method::POST {
        return Err(GraphError::new(100, "Unsupported get request."));
    }
    if request.field("messaging_product").as_deref() != Some("whatsapp") {
        let details = "The parameter messaging_product is required.";
        return Err(GraphError::of_whatsapp(400, 100, "The parameter messaging_product is required.", details));
    }
    Ok(())
}
