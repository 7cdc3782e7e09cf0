//! What a test's world is made of, and how it starts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;

use crate::database::Database;
use crate::event_bus::{EventBus, MESSAGE_BUS};
use crate::facebook::{FacebookApp, LocalFacebook, WhatsAppApp};
use crate::gateway::Gateway;
use crate::lambda::Function;
use crate::settings::{self, OPTIONAL_SECRETS, SECRETS, Variables};
use crate::shopify::{LocalShopify, ShopifyApp};
use crate::template::Template;

use super::{HTTP, HTTPS, World};

/// What is different from the usual world.
pub struct WorldBuilder {
    origin: String,
    reachable: bool,
    profile: String,
    lazily: bool,
    instances: BTreeMap<String, usize>,
    timeouts: BTreeMap<String, Duration>,
    settings: Variables,
    /// By function, then by variable; `None` takes the variable away.
    overrides: Vec<(Option<String>, String, Option<String>)>,
    facebook: Box<dyn FnOnce(&mut FacebookApp) + Send>,
    has_whatsapp: bool,
    shopify: Box<dyn FnOnce(&mut ShopifyApp) + Send>,
}

impl WorldBuilder {
    /// Nothing is different yet.
    pub(super) fn usual() -> Self {
        Self {
            origin: HTTP.to_owned(),
            reachable: false,
            profile: crate::lambda::profile(),
            lazily: false,
            instances: BTreeMap::new(),
            timeouts: BTreeMap::new(),
            settings: settings::fresh_credentials(),
            overrides: Vec::new(),
            facebook: Box::new(|_| {}),
            has_whatsapp: false,
            shopify: Box::new(|_| {}),
        }
    }

    /// The service is on https, cookies with it; events say so, though nothing is encrypted.
    #[must_use]
    pub fn https(mut self) -> Self {
        HTTPS.clone_into(&mut self.origin);
        self
    }

    /// The service is at this origin, for who reaches it through a [`crate::front::Front`].
    #[must_use]
    pub fn at(mut self, origin: &str) -> Self {
        origin.clone_into(&mut self.origin);
        self.reachable = true;
        self
    }

    /// The functions are the binaries of this profile.
    #[must_use]
    pub fn profile(mut self, profile: &str) -> Self {
        profile.clone_into(&mut self.profile);
        self
    }

    /// Each function is started by its first event.
    #[must_use]
    pub fn lazily(mut self) -> Self {
        self.lazily = true;
        self
    }

    /// That many instances of a function, to handle as many requests at once.
    #[must_use]
    pub fn instances(mut self, function: &str, count: usize) -> Self {
        self.instances.insert(function.to_owned(), count);
        self
    }

    /// Another limit for a function's invocations than the template's.
    #[must_use]
    pub fn timeout(mut self, function: &str, timeout: Duration) -> Self {
        self.timeouts.insert(function.to_owned(), timeout);
        self
    }

    /// A variable for every function that the template gives it to; a credential is changed at the provider as well.
    #[must_use]
    pub fn setting(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A variable for every function whatever the template says, in place of the right value.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.overrides.push((None, name.to_owned(), Some(value.to_owned())));
        self
    }

    /// The same for one function.
    #[must_use]
    pub fn env_of(mut self, function: &str, name: &str, value: &str) -> Self {
        self.overrides.push((Some(function.to_owned()), name.to_owned(), Some(value.to_owned())));
        self
    }

    /// No function has this variable.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.overrides.push((None, name.to_owned(), None));
        self
    }

    /// One function has not got this variable.
    #[must_use]
    pub fn without_in(mut self, function: &str, name: &str) -> Self {
        self.overrides.push((Some(function.to_owned()), name.to_owned(), None));
        self
    }

    /// Changes the app as Shopify knows it.
    #[must_use]
    pub fn shopify_app(mut self, edit: impl FnOnce(&mut ShopifyApp) + Send + 'static) -> Self {
        self.shopify = Box::new(edit);
        self
    }

    /// Changes the app as Facebook knows it.
    #[must_use]
    pub fn facebook_app(mut self, edit: impl FnOnce(&mut FacebookApp) + Send + 'static) -> Self {
        self.facebook = Box::new(edit);
        self
    }

    /// WhatsApp is switched on, under the app for Pages.
    #[must_use]
    pub fn whatsapp(mut self) -> Self {
        self.has_whatsapp = true;
        self
    }

    /// WhatsApp is switched on, and an app of its own.
    #[must_use]
    pub fn whatsapp_apart(mut self) -> Self {
        self.settings.extend(settings::whatsapp_app());
        self.whatsapp()
    }

    /// Starts everything.
    pub async fn start(self) -> World {
        let template = Template::load();
        let mut settings = settings::redirect_uris(&self.origin);
        if self.has_whatsapp {
            settings.extend(settings::whatsapp(&self.origin));
        }
        settings.extend(self.settings);
        let of = |name: &str| settings[name].as_str();

        let mut app = ShopifyApp::new(of("SHOPIFY_API_KEY"), of("SHOPIFY_API_SECRET"), of("SHOPIFY_REDIRECT_URI"));
        app.is_reachable = self.reachable;
        (self.shopify)(&mut app);
        let shopify = LocalShopify::start(app);
        let mut app = FacebookApp::new(of("FACEBOOK_APP_ID"), of("FACEBOOK_APP_SECRET"), of("FACEBOOK_REDIRECT_URI"));
        of("META_VERIFY_TOKEN").clone_into(&mut app.verify_token);
        app.is_reachable = self.reachable;
        app.whatsapp = WhatsAppApp::of(&settings);
        (self.facebook)(&mut app);
        let facebook = LocalFacebook::start(app);
        let database = Database::start().await;
        settings.extend(database.env());
        let bus = EventBus::start(&[MESSAGE_BUS]);
        settings.extend(bus.env());
        settings.extend(settings::provider_endpoints(&shopify.url(), &facebook.url()));

        let environments = template.environments().into_iter().map(|(function, wanted)| {
            let mut environment = environment(&wanted, &settings);
            for (only, name, value) in &self.overrides {
                if only.as_ref().is_some_and(|only| *only != function) {
                    continue;
                }
                match value {
                    Some(value) => environment.insert(name.clone(), value.clone()),
                    None => environment.remove(name),
                };
            }
            (function, environment.into_iter().collect::<Vec<_>>())
        });
        let routes = template.routes();
        let functions = environments.map(|(name, environment)| {
            let at_once = routes.iter().any(|route| route.function == name && !self.lazily).then_some(1);
            let count = self.instances.get(&name).copied().or(at_once);
            let timeout = self.timeouts.get(&name).copied().unwrap_or_else(|| template.timeout(&name));
            let function = Function::idle(&self.profile, &name, timeout, &environment);
            async move {
                if let Some(count) = count {
                    function.scale(count).await;
                }
                function
            }
        });
        let functions = join_all(functions).await;
        let gateway = Arc::new(Gateway::new(&self.origin, routes, functions));
        World { database, bus, shopify, facebook, gateway, settings }
    }
}

/// What the template gives a function, with this world's values, and what leads it to this world's parts. Secrets come
/// from the environment here.
fn environment(wanted: &BTreeMap<String, Value>, settings: &Variables) -> Variables {
    let mut environment = Variables::new();
    for (name, value) in wanted {
        match (settings.get(name), value) {
            (Some(value), _) => environment.insert(name.clone(), value.clone()),
            // A file of Lambda's own system.
            (None, _) if name == "SSL_CERT_FILE" => None,
            (None, Value::String(value)) => environment.insert(name.clone(), value.clone()),
            // A parameter that this world leaves at its default.
            (None, _) => None,
        };
    }
    let is_secret = |name: &str| SECRETS.contains(&name) || OPTIONAL_SECRETS.contains(&name);
    let is_local = |name: &str| is_secret(name) || name.contains("ENDPOINT_URL") || name.ends_with("_PREVIOUS");
    let local = settings.iter().filter(|(name, _)| is_local(name));
    environment.extend(local.map(|(name, value)| (name.clone(), value.clone())));
    environment
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_function_gets_what_the_template_names_and_its_secrets() {
        let wanted = [
            ("SHOPIFY_API_KEY", json!({ "Ref": "ShopifyApiKey" })),
            ("SHOPIFY_SCOPES", json!({ "Ref": "ShopifyScopes" })),
            ("MODE", json!("disabled")),
            ("SSL_CERT_FILE", json!("/etc/x")),
        ];
        let wanted = wanted.map(|(name, value)| (name.to_owned(), value)).into();
        let mut settings = settings::fresh_credentials();
        settings.extend(settings::provider_endpoints("http://a", "http://b"));
        let environment = environment(&wanted, &settings);
        let names: Vec<&str> = environment.keys().map(String::as_str).collect();
        let expected = [
            "FACEBOOK_APP_SECRET",
            "FACEBOOK_DIALOG_ENDPOINT_URL",
            "FACEBOOK_GRAPH_ENDPOINT_URL",
            "META_VERIFY_TOKEN",
            "MODE",
            "SHOPIFY_API_KEY",
            "SHOPIFY_API_SECRET",
            "SHOPIFY_ENDPOINT_URL",
            "STATE_TOKEN_SECRET",
            "TOKEN_ENCRYPTION_KEYS",
        ];
        assert_eq!(names, expected);
    }
}
