//! The local Shopify and the local Facebook.

use std::io::{Error, ErrorKind};

use crate::event_bus::EventBus;
use crate::facebook::{FacebookApp, LocalFacebook, WhatsAppApp};
use crate::settings::Variables;
use crate::shopify::{LocalShopify, ShopifyApp};

use super::ports::Ports;

/// Both providers; they end when dropped.
pub(super) struct Providers {
    _shopify: LocalShopify,
    facebook: LocalFacebook,
}

impl Providers {
    /// Starts them with the apps of the settings, and with people and Pages to choose from.
    pub(super) fn start(settings: &Variables, ports: Ports) -> Result<Self, String> {
        let of = |name: &str| settings[name].as_str();
        let app = ShopifyApp {
            is_reachable: true,
            ..ShopifyApp::new(of("SHOPIFY_API_KEY"), of("SHOPIFY_API_SECRET"), of("SHOPIFY_REDIRECT_URI"))
        };
        let shopify = LocalShopify::start_on(ports.shopify, app).map_err(|error| problem("Shopify", &error))?;
        let app = FacebookApp {
            config_id: settings.get("FACEBOOK_CONFIG_ID").cloned(),
            verify_token: of("META_VERIFY_TOKEN").to_owned(),
            is_reachable: true,
            whatsapp: WhatsAppApp::of(settings),
            ..FacebookApp::new(of("FACEBOOK_APP_ID"), of("FACEBOOK_APP_SECRET"), of("FACEBOOK_REDIRECT_URI"))
        };
        let facebook = LocalFacebook::start_on(ports.facebook, app).map_err(|error| problem("Facebook", &error))?;
        facebook.populate();
        Ok(Self { _shopify: shopify, facebook })
    }

    /// Shows on a page of the local Facebook what is put on a bus.
    pub(super) fn show_bus(&self, bus: &EventBus) {
        self.facebook.show_bus(bus.journal());
    }
}

fn problem(name: &str, error: &Error) -> String {
    match error.kind() {
        ErrorKind::AddrInUse => format!("The local {name} lost its port to another program. Try again."),
        _ => format!("The local {name} does not start: {error}"),
    }
}
