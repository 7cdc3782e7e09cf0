//! Each function's role in the template against what the function does: nothing missing, nothing more than it needs.
//!
//! *Nothing missing* is what every end-to-end test sees, since the local database refuses what a role does not allow. *Nothing more* is seen here: the stories
//! bring each function to every kind of call it makes.

mod invoked;
mod merchant;
mod providers;

use std::collections::BTreeSet;

use e2e::facebook::Consent;
use e2e::privileges::{Privilege, Roles, of_lambda};
use e2e::secret_store::{Answer, SecretStore};
use e2e::settings::{self, SECRETS};
use e2e::template::Template;
use e2e::world::{World, WorldBuilder};

const ACME: &str = "acme.myshopify.com";

/// A world whose functions read their secrets from the secret, as deployed ones do.
struct Play {
    world: World,
    secrets: SecretStore,
}

/// What a story begins with.
struct Linked {
    uuid: String,
    page: String,
    person: String,
}

impl Play {
    async fn begin() -> Self {
        Self::in_world(|world| world).await
    }

    /// The same with WhatsApp.
    async fn with_whatsapp() -> Self {
        Self::in_world(WorldBuilder::whatsapp).await
    }

    async fn in_world(edit: impl FnOnce(WorldBuilder) -> WorldBuilder) -> Self {
        let mut own = settings::fresh_credentials();
        own.retain(|name, _| SECRETS.contains(&name.as_str()));
        let secrets = SecretStore::start(Answer::secrets(&own)).await;
        // With Instagram, which takes the most.
        let scopes = "pages_messaging,pages_show_list,pages_manage_metadata,instagram_basic,instagram_manage_messages";
        let world = edit(secrets.world(&own).setting("FACEBOOK_SCOPES", scopes));
        Self { world: world.start().await, secrets }
    }

    /// Links a store and a Page.
    async fn link(&self, shop: &str) -> Linked {
        let browser = self.world.browser();
        let person = self.world.facebook.add_person("Jo Doe");
        let page = self.world.facebook.add_page(&person, "Acme Store");
        assert_eq!(self.world.link_shop(&browser, shop).await.status(), 200);
        assert_eq!(self.world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
        let uuid = self.world.owner(&format!("page#{page}")).expect("the Page is linked");
        let person = self.world.database.scan("connections").iter().find_map(|item| {
            let of_uuid = item.text("pk") == Some(&format!("uuid#{uuid}"));
            item.text("sk").filter(|_| of_uuid)?.strip_prefix("person#").map(str::to_owned)
        });
        Linked { uuid, page, person: person.expect("the person is stored") }
    }

    /// Demands that the function's role allows what was needed until now, and nothing else.
    #[track_caller]
    fn needed_all_that_is_allowed(&self, function: &str) {
        let mut needed: BTreeSet<Privilege> = self.world.database.needed_by(function);
        if self.secrets.was_read_by(function) {
            needed.insert(("secret".to_owned(), "secretsmanager:GetSecretValue".to_owned()));
        }
        if self.world.bus.was_called_by(function) {
            needed.insert(("bus MessageBus".to_owned(), "events:PutEvents".to_owned()));
        }
        needed.extend(of_lambda(function));
        let roles = Roles::of(&Template::load());
        let allowed = roles.allowed(function);
        let (missing, extra): (Vec<_>, Vec<_>) = (needed.difference(allowed).collect(), allowed.difference(&needed).collect());
        assert!(
            missing.is_empty() && extra.is_empty(),
            "{function}: not allowed though needed {missing:?}, allowed though not needed {extra:?}"
        );
    }
}
