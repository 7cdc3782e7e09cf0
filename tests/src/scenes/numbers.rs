//! What WhatsApp adds: another way on from the store, its numbers among what is connected, and their PINs.

use serde_json::json;
use shared::Code;

use super::{Merchant, Scene, Way, error, success};
use crate::facebook::MERCHANTS_PIN;

pub(super) const SCENES: &[Scene] = &[
    success("store-connected-two-ways", Way::Facebook),
    success("numbers-ask", Way::Facebook),
    success("numbers-connected", Way::Back),
    success("numbers-listed", Way::Facebook),
    success("number-move-asks", Way::List),
    error("no-phone-number", Code::NoPhoneNumber, Way::Facebook),
    error("number-held-elsewhere", Code::HeldElsewhere, Way::Facebook),
];

/// The way to WhatsApp's sign-up, wherever it leads from.
pub const SIGN_UP: &str = "a[href^='/whatsapp/login?']";

/// The form that asks for a number's PIN.
#[must_use]
pub fn pin_form_of(number: &str) -> String {
    format!("form[action='/connections/pin']:has(input[name=account][value=\"{number}\"])")
}

impl Merchant<'_> {
    /// Gets a number that waits for its registration; returns its id.
    #[must_use]
    pub fn gets_number(&self, display: &str) -> String {
        self.world.facebook.add_number(&self.account, display)
    }

    /// Connects the store, goes on, and is asked by WhatsApp's sign-up.
    pub async fn comes_to_sign_up(&self) {
        self.connects_store().await;
        self.tab.follow(SIGN_UP).await;
        self.logs_in().await;
    }

    /// Connects the store and all numbers.
    pub async fn connects_numbers(&self) {
        self.comes_to_sign_up().await;
        self.tab.follow("#approve").await;
        assert_eq!(self.tab.status(), 200, "{}", self.tab.text().await);
    }

    /// Chooses the own portfolio in WhatsApp's sign-up, with the keys that open no list over the page.
    pub(super) async fn chooses_portfolio(&self) {
        self.tab.evaluate("document.querySelector('#business').focus()").await;
        self.tab.press_down().await;
        let chosen = self.tab.evaluated_text("document.querySelector('#business').value").await;
        assert_eq!(chosen, self.business, "the portfolio is chosen");
    }

    /// Gives a PIN on the list.
    pub async fn gives_pin(&self, number: &str, pin: &str) {
        self.types_pin(number, pin).await;
        self.tab.follow(&format!("{} button", pin_form_of(number))).await;
    }

    /// Writes a PIN into its field on the list.
    pub async fn types_pin(&self, number: &str, pin: &str) {
        let field = format!("{} input[name=pin]", pin_form_of(number));
        self.tab.click(&field).await;
        let is_ready = format!("document.activeElement === document.querySelector({})", json!(field));
        assert_eq!(self.tab.evaluate(&is_ready).await, true, "the field takes what is typed");
        self.tab.write(pin).await;
    }

    /// One number of every sort: without a PIN, with one, not verified, and of an account that Meta has locked. Returns the one with a PIN.
    fn gets_numbers_of_every_sort(&self) -> String {
        let facebook = &self.world.facebook;
        let _ready = self.gets_number("+1 631-555-0101");
        let with_pin = self.gets_number("+1 631-555-0102");
        facebook.set_pin(&with_pin, Some(MERCHANTS_PIN));
        let unverified = self.gets_number("+1 631-555-0103");
        facebook.edit_number(&unverified, |number| "NOT_VERIFIED".clone_into(&mut number.code_verification_status));
        let locked = facebook.add_account(&self.business, "Käufer & Söhne Großhandelsgesellschaft");
        facebook.edit_account(&locked, |account| account.is_locked = true);
        let _restricted = facebook.add_number(&locked, "+49 1512 3456789");
        with_pin
    }

    /// Wants a number that another store of the same merchant holds.
    async fn finds_number_elsewhere(&self) -> String {
        let number = self.gets_number("+1 631-555-0101");
        self.with_shop(&format!("{}-before", self.shop)).connects_numbers().await;
        self.comes_to_sign_up().await;
        self.tab.follow("#approve").await;
        number
    }
}

pub(super) async fn reach(merchant: &Merchant<'_>, name: &str) {
    match name {
        "store-connected-two-ways" => merchant.connects_store().await,
        // By its address, as from another site.
        "numbers-ask" => {
            merchant.connects_store().await;
            merchant.opens(&format!("/whatsapp/login?shop={}", merchant.domain())).await;
        }
        "numbers-connected" => {
            let _with_pin = merchant.gets_numbers_of_every_sort();
            merchant.connects_numbers().await;
        }
        "numbers-listed" => {
            let with_pin = merchant.gets_numbers_of_every_sort();
            merchant.connects_numbers().await;
            merchant.launches().await;
            merchant.opens("/connections").await;
            merchant.gives_pin(&with_pin, "000000").await;
        }
        "number-move-asks" => {
            let number = merchant.finds_number_elsewhere().await;
            merchant.opens(&format!("/whatsapp/login?move={number},424242424242")).await;
        }
        "no-phone-number" => {
            merchant.comes_to_sign_up().await;
            merchant.tab.follow("#approve").await;
        }
        "number-held-elsewhere" => {
            merchant.finds_number_elsewhere().await;
        }
        _ => panic!("no scene {name}"),
    }
}
